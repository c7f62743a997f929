//! XLSX: the rows of one sheet under a header row.
//!
//! A file is checked before any library opens it ([`check`]), and its sheet is read cell by cell ([`sheet`]): what the file says
//! about its own size is never believed. The sheet is the first visible one that has a cell, or the one that is named; the others
//! are named in a warning. The table is as wide as its header: a row with a cell beyond it is rejected, for nobody could say
//! what that cell means. Formulas are not computed: what counts is the value that was saved with them.

mod check;
mod markup;
mod sheet;
mod value;

use std::sync::mpsc::{Receiver, sync_channel};

use serde_json::Value as Json;

use super::header::Header;
use super::input::Input;
use super::limits::{Limit, Limits};
use super::rows::{Body, Opened, RawRow, RowSource, gather};
use super::{IngestError, Profile, ReadOptions};
use sheet::{Part, Row, Sheet, letters, place};

/// The header is sought in so many rows.
const TOP: usize = 30;
/// Batches that wait to be taken.
const WAITING: usize = 2;

struct Xlsx {
    input: Input,
    parts: Receiver<Result<Part, String>>,
    /// Rows that have come and are not taken yet.
    rows: std::vec::IntoIter<Row>,
    ended: bool,
    width: usize,
    warnings: Vec<String>,
}

/// Opens a workbook and reads the header of its sheet.
pub(super) fn open(mut input: Input, profile: Profile, options: &ReadOptions) -> Result<Opened, IngestError> {
    let file = input.held(&options.limits)?;
    let (to, parts) = sync_channel(WAITING);
    let mut source = Xlsx { input, parts, rows: vec![].into_iter(), ended: file.is_empty(), width: 0, warnings: vec![] };
    if source.ended {
        return Ok(Opened::of(source));
    }
    let found = check::check(&file, &options.limits).map_err(|reason| source.failed(reason))?;
    if found.merged > 0 {
        let merged = found.merged;
        source.warnings.push(format!("the workbook has {merged} merged regions; a merged value stands in its first cell only"));
    }
    let (named, limits) = (options.sheet.clone(), options.limits);
    let thread = std::thread::Builder::new().spawn(move || sheet::read(file, named.as_deref(), &limits, &to));
    thread.map_err(|error| IngestError::io(source.input.name(), error))?;
    let header = source.header(profile, &options.limits)?;
    Ok(Opened { rows: Box::new(source), header })
}

impl Xlsx {
    fn failed(&self, reason: String) -> IngestError {
        IngestError::Xlsx { name: self.input.name().to_owned(), reason }
    }

    /// What the thread sends next; none at the end.
    fn receive(&mut self) -> Result<Option<Part>, IngestError> {
        if self.ended {
            return Ok(None);
        }
        let part = match self.parts.recv() {
            Ok(part) => part.map_err(|reason| self.failed(reason)),
            // The thread is gone without a word: something in it panicked.
            Err(_) => Err(self.failed("it is damaged; open it in a spreadsheet program and save it again".to_owned())),
        };
        self.ended = matches!(part, Err(_) | Ok(Part::End(_)));
        part.map(Some)
    }

    fn header(&mut self, profile: Profile, limits: &Limits) -> Result<Option<Header>, IngestError> {
        let Some(Part::Sheet(sheet)) = self.receive()? else { return Ok(None) };
        if !sheet.others.is_empty() {
            self.warnings.push(left_out(&sheet));
        }
        let mut top = vec![];
        while top.len() < TOP {
            let Some(row) = self.next_row()? else { break };
            top.push(row);
        }
        let mut rest = top.split_off(header_row(&top));
        if rest.is_empty() {
            return Ok(None);
        }
        let row = rest.remove(0);
        if !top.is_empty() {
            let (name, number) = (&sheet.name, row.number);
            self.warnings.push(format!("what stands above row {number} of sheet `{name}`, its header, is left out"));
        }
        self.rows = rest.into_iter().chain(std::mem::take(&mut self.rows)).collect::<Vec<_>>().into_iter();
        let broken = |reason: String| {
            let reason = format!("row {} of sheet `{}`: {reason}{}", row.number, sheet.name, other_sheets(&sheet));
            IngestError::BrokenHeader { name: self.input.name().to_owned(), reason }
        };
        if let Some(fault) = &row.fault {
            return Err(broken(fault.clone()));
        }
        let names = names(&row);
        if names.len() > limits.size(Limit::Columns) {
            return Err(broken(limits.over(Limit::Columns, "it has more columns")));
        }
        let header = match profile {
            Profile::InterpolApi => Header::of_keys(names, b','),
            Profile::Canonical | Profile::Table => Header::of_fields(&names, b',').map_err(broken)?,
        };
        self.width = header.width();
        Ok(Some(header))
    }

    fn next_row(&mut self) -> Result<Option<Row>, IngestError> {
        loop {
            if let Some(row) = self.rows.next() {
                return Ok(Some(row));
            }
            match self.receive()? {
                Some(Part::Rows(rows)) => self.rows = rows.into_iter(),
                Some(Part::End(end)) if end.inexact > 0 => self.warnings.push(format!(
                    "{} numbers are so large that the spreadsheet has rounded them; keep long ids as text",
                    end.inexact
                )),
                Some(_) => {}
                None => return Ok(None),
            }
        }
    }

    fn raw(&self, row: Row) -> RawRow {
        let Row { number, cells, mut fault, .. } = row;
        let mut values = vec![Json::from(""); self.width];
        let mut beyond = vec![];
        for (column, value) in cells {
            match usize::try_from(column).ok().and_then(|column| values.get_mut(column)) {
                Some(cell) => *cell = value,
                None => beyond.push((column, value)),
            }
        }
        if let Some((column, _)) = beyond.first() {
            let last = u32::try_from(self.width).unwrap_or(u32::MAX).saturating_sub(1);
            let (cell, last) = (place(*column, number), letters(last));
            fault.get_or_insert(format!(
                "cell {cell} stands beyond the header, which ends in column {last}; name its column or empty the cell"
            ));
        }
        // There are no bytes of its own; these are for showing it.
        let shown: Json = values.iter().cloned().chain(beyond.into_iter().map(|(_, value)| value)).collect();
        let body = fault.map_or(Body::Values(values), |fault| Body::Broken(None, fault));
        RawRow { line: number.into(), column: 1, bytes: shown.to_string().into_bytes(), body }
    }
}

impl RowSource for Xlsx {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        gather(most, || Ok(self.next_row()?.map(|row| self.raw(row))))
    }

    fn input(&self) -> &Input {
        &self.input
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }
}

/// Which of the first rows is the header: the first with two cells, for a title has one.
fn header_row(top: &[Row]) -> usize {
    top.iter().position(|row| row.cells.len() > 1 || row.fault.is_some()).unwrap_or(0)
}

/// The names of the columns. One without a name goes by its letters.
fn names(header: &Row) -> Vec<String> {
    let width = header.cells.last().map_or(0, |(last, _)| last + 1);
    let mut names: Vec<String> = (0..width).map(|column| format!("(column {})", letters(column))).collect();
    for (column, value) in &header.cells {
        if let Some(name) = usize::try_from(*column).ok().and_then(|column| names.get_mut(column)) {
            *name = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        }
    }
    names
}

fn left_out(sheet: &Sheet) -> String {
    let (name, others) = (&sheet.name, sheet.others.join(", "));
    format!("sheet `{name}` is read; left out are {others}, which `--sheet NAME` reads")
}

fn other_sheets(sheet: &Sheet) -> String {
    if sheet.others.is_empty() { String::new() } else { format!("; {}", left_out(sheet)) }
}
