//! An input of which is known what it is, before its rows are read: the place to look at the columns of a table.

use std::collections::VecDeque;
use std::fmt;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use super::input::Input;
use super::interpret::Interpreter;
use super::join::Joined;
use super::profile::{Bound, Profile, Survey};
use super::recognise::{self, recognise};
use super::rows::{Body, Content, Layout, Opened, RawRow, RowSource};
use super::{
    CellOptions, DateEvidence, DayOrders, FieldOrder, Format, IngestError, Ledger, ReadOptions, Reader, csv, held,
    json, ndjson,
};

/// How many rows a survey looks at.
const SURVEYED: usize = 8192;

/// An input of which is known what it is. No row of it was taken yet.
pub struct Opening {
    rows: Box<dyn RowSource>,
    /// Rows that a survey has looked at.
    first: VecDeque<RawRow>,
    layout: Option<Layout>,
    format: Format,
    profile: Profile,
    options: ReadOptions,
}

impl Opening {
    pub(super) fn of(input: Input, options: &ReadOptions) -> Result<Self, IngestError> {
        let options = &match &options.profile {
            Some(profile) => profile.table_layout().completing(options),
            None => options.clone(),
        };
        let format = recognise(&input, options)?;
        let mut keys = recognise::keys(format, input.head());
        let Opened { mut rows, layout } = open_rows(format, input, options)?;
        if format == Format::Parquet {
            let first = VecDeque::from(rows.batch(1)?);
            if let Some(RawRow { body: Body::Object(object), .. }) = first.front() {
                keys = object.keys().cloned().collect();
            }
            rows = Box::new(Again::of(first, rows));
        }
        let is_table = layout.is_some() || matches!(format, Format::Csv | Format::Xlsx);
        let profile = match &options.profile {
            Some(profile) if is_table => profile.clone().for_table(),
            Some(profile) => profile.clone(),
            None => Profile::recognise(layout.as_ref().map_or(&keys, |layout| &layout.names), is_table),
        };
        if profile.needs_a_table() && !is_table {
            return Err(IngestError::WrongProfile {
                name: rows.input().name().to_owned(),
                profile: profile.name().to_owned(),
                reads: "csv or xlsx",
                format: format.name(),
            });
        }
        let rows: Box<dyn RowSource> = match profile.join() {
            Some(join) if layout.is_none() => Box::new(Joined::of(rows, join.clone(), options.limits)),
            _ => rows,
        };
        Ok(Self { rows, first: VecDeque::new(), layout, format, profile, options: options.clone() })
    }

    /// What the profile makes of the columns of a table, and what the first rows look like. None for objects.
    ///
    /// # Errors
    /// Fails where the input cannot be read.
    pub fn survey(&mut self) -> Result<Option<Survey>, IngestError> {
        let Some(layout) = self.layout.clone() else { return Ok(None) };
        let mut survey = Survey::of(&self.profile, &layout.names);
        let mut cells = Some(layout.cell_reader());
        self.look_ahead()?;
        for mut row in self.first.iter().cloned() {
            if let Ok(Content::Cells(values)) = row.take_content(&mut cells, &self.options.limits) {
                survey.see(&values);
            }
        }
        Ok(Some(survey))
    }

    /// Cuts the first rows. How many does not depend on how many are read together: what they show settles how all are read.
    fn look_ahead(&mut self) -> Result<(), IngestError> {
        if self.first.is_empty() {
            self.first.extend(self.rows.batch(SURVEYED)?);
        }
        Ok(())
    }

    /// What the dates of the first rows show.
    fn evidence(&self, interpreter: &Interpreter) -> DateEvidence {
        let read =
            self.first.par_iter().map_init(|| interpreter.cell_reader(), |cells, row| interpreter.evidence(cells, row));
        read.reduce(DateEvidence::default, |mut all, one| {
            all.merge(&one);
            all
        })
    }

    /// The input, ready to be read.
    ///
    /// # Errors
    /// Fails where the columns of a table cannot be used.
    pub fn reader(mut self) -> Result<Reader, IngestError> {
        let name = self.rows.input().name().to_owned();
        let mut ledger = Ledger::of(name.clone());
        ledger.format = Some(self.format);
        ledger.profile = Some(self.profile.name().to_owned());
        ledger.profile_hash = self.profile.hash().map(str::to_owned);
        let (plan, columns) = match self.layout.take() {
            None => (self.profile.plan(), None),
            Some(Layout { names, dialect, says }) => {
                let bound = self.profile.bind(&names);
                let Bound { plan, names, warnings } =
                    bound.map_err(|reason| IngestError::BrokenHeader { name, reason })?;
                warnings.into_iter().for_each(|warning| ledger.warn(None, warning));
                ledger.layout = (!says.is_empty()).then(|| says.clone());
                (plan, Some(Layout { names, dialect, says }))
            }
        };
        let cells =
            CellOptions { orders: DayOrders::default(), blanks: plan.blanks().clone(), today: self.options.today };
        let (kind, limits) = (self.options.kind, self.options.limits);
        let mut interpreter = Interpreter { plan, columns, kind, limits, cells };
        self.look_ahead()?;
        let evidence = self.evidence(&interpreter);
        let orders = self.profile.date_order().map_or_else(|| evidence.settle(), DayOrders::fixed);
        let open = |dates: &FieldOrder| {
            (dates.order.is_none() && dates.two_readings > 0).then(|| {
                format!(
                    "no date of the first rows ({}) tells whether day or month comes first in `{}`: dates such as 01/02/1985 are \
                     left unreadable; if you know it, set `date_order` in a profile",
                    self.first.len(),
                    dates.field.path()
                )
            })
        };
        evidence.account(&orders).iter().filter_map(open).for_each(|warning| ledger.warn(None, warning));
        interpreter.cells.orders = orders;
        let rows: Box<dyn RowSource> =
            if self.first.is_empty() { self.rows } else { Box::new(Again::of(self.first, self.rows)) };
        Ok(Reader::of(rows, interpreter, ledger, self.options.chunk_rows))
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("format", &self.format).field("profile", &self.profile).finish_non_exhaustive()
    }
}

/// The rows of an input, as they are cut.
pub(super) fn open_rows(format: Format, input: Input, options: &ReadOptions) -> Result<Opened, IngestError> {
    match format {
        Format::Ndjson => Ok(ndjson::open(input, &options.limits)),
        Format::Json => Ok(json::open(input, &options.limits)),
        Format::Csv => csv::open(input, options),
        Format::Xlsx | Format::Parquet => held::open(input, format, options),
    }
}

/// Rows of which the first were looked at already.
struct Again {
    first: VecDeque<RawRow>,
    rows: Box<dyn RowSource>,
    /// Why there is no further row, not yet told.
    failed: Option<IngestError>,
}

impl Again {
    fn of(first: VecDeque<RawRow>, rows: Box<dyn RowSource>) -> Self {
        Self { first, rows, failed: None }
    }
}

impl RowSource for Again {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        let again = most.min(self.first.len());
        let mut rows: Vec<RawRow> = self.first.drain(..again).collect();
        if rows.len() < most && self.failed.is_none() {
            match self.rows.batch(most - rows.len()) {
                Ok(more) => rows.extend(more),
                Err(error) => self.failed = Some(error),
            }
        }
        // The rows before an error go first.
        match self.failed.take_if(|_| rows.is_empty()) {
            Some(error) => Err(error),
            None => Ok(rows),
        }
    }

    fn input(&self) -> &Input {
        self.rows.input()
    }

    fn warnings(&self) -> Vec<String> {
        self.rows.warnings()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    #[test]
    fn rows_that_were_looked_at_come_with_those_after_them() {
        let text = Box::new(Cursor::new(b"{}\n".repeat(5)));
        let input = Input::open("a.ndjson", text, &ReadOptions::default()).expect("memory can be read");
        let mut rows = ndjson::open(input, &ReadOptions::default().limits).rows;
        let first = VecDeque::from(rows.batch(2).expect("sound rows"));
        let mut again = Again::of(first, rows);
        let lines = |rows: Vec<RawRow>| rows.iter().map(|row| row.line).collect::<Vec<_>>();
        assert_eq!(lines(again.batch(1).expect("sound rows")), [1]);
        assert_eq!(lines(again.batch(3).expect("sound rows")), [2, 3, 4]);
        assert_eq!(lines(again.batch(3).expect("sound rows")), [5]);
        assert!(again.batch(3).expect("sound rows").is_empty());
    }
}
