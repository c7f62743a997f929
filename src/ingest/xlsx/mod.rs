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

use super::held::{Cutter, Heading, Held};
use super::isolate::Request;
use super::limits::Limit;
use super::rows::{Body, RawRow};
use super::{IngestError, UNTRUSTED, header};
use sheet::{Part, Row, Sheet, letters, place};

/// Batches that wait to be taken.
const WAITING: usize = 2;

struct Xlsx {
    name: String,
    parts: Receiver<Result<Part, String>>,
    /// Rows that have come and are not taken yet.
    rows: std::vec::IntoIter<Row>,
    ended: bool,
    heading: Option<Heading>,
    warnings: Vec<String>,
}

/// Opens a workbook and reads the header of its sheet.
pub(super) fn open(request: &Request, mut held: Held) -> Result<Box<dyn Cutter>, IngestError> {
    let file = held.whole(&request.name, &request.limits)?;
    let (to, parts) = sync_channel(WAITING);
    let name = request.name.clone();
    let mut source = Xlsx { name, parts, rows: vec![].into_iter(), ended: false, heading: None, warnings: vec![] };
    if file.is_empty() {
        return Err(source.failed("the file is empty".to_owned()));
    }
    let found = check::check(&file, &request.limits).map_err(|reason| source.failed(reason))?;
    if found.merged > 0 {
        let merged = found.merged;
        source
            .warnings
            .push(format!("the workbook has {merged} merged regions; a merged value stands in its first cell only"));
    }
    let (named, limits) = (request.sheet.clone(), request.limits);
    let thread = std::thread::Builder::new()
        .name(UNTRUSTED.to_owned())
        .spawn(move || sheet::read(file, named.as_deref(), &limits, &to));
    thread.map_err(|error| IngestError::io(&request.name, error))?;
    source.heading = source.header(request)?;
    Ok(Box::new(source))
}

impl Xlsx {
    fn failed(&self, reason: String) -> IngestError {
        IngestError::Xlsx { name: self.name.clone(), reason }
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

    fn header(&mut self, request: &Request) -> Result<Option<Heading>, IngestError> {
        let Some(Part::Sheet(sheet)) = self.receive()? else { return Ok(None) };
        if !sheet.others.is_empty() {
            self.warnings.push(left_out(&sheet));
        }
        let mut top = self.top(request.header_row)?;
        if top.is_empty() {
            return Ok(None);
        }
        let name = self.name.clone();
        let broken = |place: &str, reason: String| {
            let reason = format!("{place} of sheet `{}`: {reason}{}", sheet.name, other_sheets(&sheet));
            IngestError::BrokenHeader { name: name.clone(), reason }
        };
        let found = header_row(&top, request.header_row).map_err(|reason| broken("the header", reason))?;
        let (names, says) = match found {
            None => (header::unnamed(top.iter().map(Row::width).max().unwrap_or(0)), "no header".to_owned()),
            Some(at) => {
                let row = top.remove(at);
                let place = format!("row {}", row.number);
                if at > 0 {
                    self.warnings.push(format!(
                        "what stands above {place} of sheet `{}`, its header, is left out; if it holds a record, name the \
                         header with `--header-row`",
                        sheet.name
                    ));
                }
                top.drain(..at);
                // Below a name that could not be read stands a column without a name, which nobody takes for another.
                if let Some(fault) = &row.fault {
                    return Err(broken(&place, fault.clone()));
                }
                (names(&row), format!("header in {place}"))
            }
        };
        if names.len() > request.limits.size(Limit::Columns) {
            return Err(broken("the header", request.limits.over(Limit::Columns, "it has more columns")));
        }
        self.rows = top.into_iter().chain(std::mem::take(&mut self.rows)).collect::<Vec<_>>().into_iter();
        Ok(Some(Heading { names, says: format!("sheet `{}`, {says}", sheet.name) }))
    }

    /// The first rows: as many as the header is sought in, or up to the one that is named.
    fn top(&mut self, named: Option<u64>) -> Result<Vec<Row>, IngestError> {
        let named = named.filter(|named| *named > 0);
        let mut top: Vec<Row> = vec![];
        while named.is_some() || top.len() < header::SOUGHT {
            let Some(row) = self.next_row()? else { break };
            let is_last = named.is_some_and(|named| u64::from(row.number) >= named);
            top.push(row);
            if is_last {
                break;
            }
        }
        Ok(top)
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

    fn width(&self) -> usize {
        self.heading.as_ref().map_or(0, |heading| heading.names.len())
    }

    fn raw(&self, row: Row) -> RawRow {
        let Row { number, cells, fault, doubt, .. } = row;
        let mut fault = fault.or(doubt);
        let mut values = vec![Json::from(""); self.width()];
        let mut beyond = vec![];
        for (column, value) in cells {
            match usize::try_from(column).ok().and_then(|column| values.get_mut(column)) {
                Some(cell) => *cell = value,
                None => beyond.push((column, value)),
            }
        }
        if let Some((column, _)) = beyond.first() {
            let last = u32::try_from(self.width()).unwrap_or(u32::MAX).saturating_sub(1);
            let (cell, last) = (place(*column, number), letters(last));
            fault.get_or_insert(format!(
                "cell {cell} stands beyond the header, which ends in column {last}; name its column or empty the cell"
            ));
        }
        // There are no bytes of its own; these are for showing it.
        let shown: Json = values.iter().cloned().chain(beyond.into_iter().map(|(_, value)| value)).collect();
        let body = fault.map_or(Body::Values(values), |fault| Body::Broken(None, fault));
        RawRow::of(number.into(), shown.to_string().into_bytes(), body)
    }
}

impl Cutter for Xlsx {
    fn heading(&self) -> Option<&Heading> {
        self.heading.as_ref()
    }

    fn next(&mut self) -> Result<Option<RawRow>, IngestError> {
        Ok(self.next_row()?.map(|row| self.raw(row)))
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }
}

/// Which of the first rows is the header; none if the user says that there is none.
fn header_row(top: &[Row], named: Option<u64>) -> Result<Option<usize>, String> {
    match named {
        Some(0) => Ok(None),
        Some(line) => {
            let at = top.iter().position(|row| u64::from(row.number) == line);
            at.map(Some).ok_or_else(|| header::not_there(line))
        }
        None => {
            let rows: Vec<_> = top
                .iter()
                .map(|row| header::Row { line: row.number.into(), cells: dense(row, |_| String::new()) })
                .collect();
            let line = header::find(&rows, header::width(&rows), rows.first().map(|row| row.line))?;
            // A row with a cell that cannot be read may be the header as well.
            Ok(top.iter().position(|row| row.fault.is_some() || u64::from(row.number) == line))
        }
    }
}

/// The names of the columns. One without a name goes by its letters.
fn names(header: &Row) -> Vec<String> {
    dense(header, |column| format!("(column {})", letters(column)))
}

/// The cells of a row as texts, with something in place of those that are empty.
fn dense(row: &Row, empty: impl Fn(u32) -> String) -> Vec<String> {
    let mut cells = row.cells.iter().peekable();
    let width = u32::try_from(row.width()).unwrap_or(u32::MAX);
    let text = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let cell = |column| match cells.next_if(|(at, _)| *at == column) {
        Some((_, value)) => text(value),
        None => empty(column),
    };
    (0..width).map(cell).collect()
}

fn left_out(sheet: &Sheet) -> String {
    let (name, others) = (&sheet.name, sheet.others.join(", "));
    format!("sheet `{name}` is read; left out are {others}, which `--sheet NAME` reads")
}

fn other_sheets(sheet: &Sheet) -> String {
    if sheet.others.is_empty() { String::new() } else { format!("; {}", left_out(sheet)) }
}

#[cfg(test)]
mod tests;
