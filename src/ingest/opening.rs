//! An input of which is known what it is, before its rows are read: the place to look at the columns of a table.

use std::collections::VecDeque;
use std::fmt;

use serde_json::Value as Json;

use super::csv::CellReader;
use super::input::Input;
use super::interpret::Interpreter;
use super::join::Joined;
use super::profile::{Bound, Profile, Survey};
use super::recognise::{self, recognise};
use super::rows::{Body, Layout, Opened, RawRow, RowSource};
use super::{Format, IngestError, Ledger, ReadOptions, Reader, csv, json, ndjson, parquet};

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
        let format = recognise(&input, options)?;
        let keys = recognise::keys(format, input.head());
        let Opened { rows, layout } = match format {
            Format::Ndjson => ndjson::open(input),
            Format::Json => json::open(input)?,
            Format::Csv => csv::open(input)?,
            Format::Parquet => parquet::open(input)?,
        };
        let is_table = layout.is_some() || format == Format::Csv;
        let profile = match &options.profile {
            Some(profile) if is_table => profile.clone().for_table(),
            Some(profile) => profile.clone(),
            None => Profile::recognise(layout.as_ref().map_or(&keys, |layout| &layout.names), is_table),
        };
        if profile.needs_a_table() && !is_table {
            return Err(IngestError::WrongProfile {
                name: rows.input().name().to_owned(),
                profile: profile.name().to_owned(),
                reads: "csv",
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
        let Some(layout) = &self.layout else { return Ok(None) };
        let mut survey = Survey::of(&self.profile, &layout.names);
        let first = self.rows.batch(SURVEYED)?;
        let mut cells = CellReader::new(layout.delimiter);
        for row in &first {
            match &row.body {
                Body::Values(values) => survey.see(values),
                Body::Cells => {
                    if let Ok(read) = cells.read(&row.bytes) {
                        survey.see(&read.iter().map(Json::from).collect::<Vec<_>>());
                    }
                }
                _ => {}
            }
        }
        self.first.extend(first);
        Ok(Some(survey))
    }

    /// The input, ready to be read.
    ///
    /// # Errors
    /// Fails where the columns of a table cannot be used.
    pub fn reader(self) -> Result<Reader, IngestError> {
        let name = self.rows.input().name().to_owned();
        let mut ledger = Ledger::of(name.clone());
        ledger.format = Some(self.format);
        ledger.profile = Some(self.profile.name().to_owned());
        ledger.profile_hash = self.profile.hash().map(str::to_owned);
        let (plan, columns) = match self.layout {
            None => (self.profile.plan(), None),
            Some(Layout { names, delimiter }) => {
                let bound = self.profile.bind(&names);
                let Bound { plan, names, warnings } =
                    bound.map_err(|reason| IngestError::BrokenHeader { name, reason })?;
                warnings.into_iter().for_each(|warning| ledger.warn(None, warning));
                (plan, Some(Layout { names, delimiter }))
            }
        };
        let interpreter = Interpreter { plan, columns, kind: self.options.kind };
        let rows: Box<dyn RowSource> =
            if self.first.is_empty() { self.rows } else { Box::new(Again { first: self.first, rows: self.rows }) };
        Ok(Reader::of(rows, interpreter, ledger, self.options.chunk_rows))
    }
}

impl fmt::Debug for Opening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opening").field("format", &self.format).field("profile", &self.profile).finish_non_exhaustive()
    }
}

/// Rows of which the first were looked at already.
struct Again {
    first: VecDeque<RawRow>,
    rows: Box<dyn RowSource>,
}

impl RowSource for Again {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        if self.first.is_empty() {
            return self.rows.batch(most);
        }
        let most = most.min(self.first.len());
        Ok(self.first.drain(..most).collect())
    }

    fn input(&self) -> &Input {
        self.rows.input()
    }

    fn warnings(&self) -> Vec<String> {
        self.rows.warnings()
    }
}
