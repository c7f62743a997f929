//! CSV: rows of cells under a header line, in the dialect that the beginning shows or the user names.
//!
//! Records are cut out line by line before the `csv` crate reads their cells. That bounds what one record may take, keeps its
//! own bytes, and shows a missing quote: where a quoted cell does not end properly only its first line is rejected, and
//! reading goes on with the next line instead of swallowing the rows below. Blank lines are no rows, except in a table of one
//! column, where they are empty cells.

mod cells;
mod dialect;

use std::io;

use super::input::{Input, column};
use super::lines::{Line, Lines, without_line_end};
use super::ndjson::overlong;
use super::rows::{Body, Layout, Opened, RawRow, RowSource, gather};
use super::strict::utf8;
use super::{IngestError, Limit, Limits, ReadOptions, header};
use cells::Walk;
pub(super) use cells::{CellReader, Dialect};
pub use dialect::DialectChoice;
pub(super) use dialect::Found;

/// A quoted cell over more lines than this is read, but it may be that a quote is missing.
const MANY_LINES: usize = 20;
/// How much of the lines above a header is shown, in characters.
const SHOWN_ABOVE: usize = 80;

struct Csv {
    lines: Lines,
    dialect: Dialect,
    limits: Limits,
    /// How many cells a row has; none before that is known.
    width: Option<usize>,
    /// What is said at the end.
    warnings: Vec<String>,
    /// Rows of empty cells that were passed over.
    empty: u64,
}

/// Opens a table and reads its header line.
pub(super) fn open(input: Input, options: &ReadOptions) -> Result<Opened, IngestError> {
    let name = input.name().to_owned();
    let broken = |reason| IngestError::BrokenHeader { name: name.clone(), reason };
    let unreadable = |error| IngestError::io(&name, error);
    let found = Found::of(input.head(), &options.dialect);
    let mut lines = Lines::of(input);
    lines.end_with(dialect::line_end(lines.input.head()));
    let limits = options.limits;
    let mut source = Csv { lines, dialect: found.dialect, limits, width: None, warnings: vec![], empty: 0 };
    let names = match found.header.clone().map_err(broken)? {
        Some(line) => {
            source.skip_to(line, found.said_in_line).map_err(unreadable)?;
            let row = source.next().map_err(unreadable)?.filter(|row| row.line == line);
            let row = row.ok_or_else(|| broken(header::not_there(line)))?;
            source.names(&row, broken)?
        }
        None => {
            source.skip_to(found.said_in_line.map_or(1, |line| line + 1), found.said_in_line).map_err(unreadable)?;
            header::unnamed(found.width)
        }
    };
    if names.len() > limits.size(Limit::Columns) {
        let many = limits.over(Limit::Columns, format!("it has {} columns, more", names.len()));
        return Err(broken(format!("{many}, or check the delimiter")));
    }
    source.width = Some(names.len());
    let layout = Layout { names, dialect: found.dialect, says: found.says() };
    Ok(Opened { rows: Box::new(source), layout: Some(layout) })
}

/// Whether a line is no row: there is nothing in it, not even a delimiter.
fn is_blank(line: &[u8], dialect: Dialect) -> bool {
    line.iter().all(|byte| byte.is_ascii_whitespace() && *byte != dialect.delimiter)
}

/// What a line makes of a record.
enum Step {
    /// The record goes on.
    Open,
    /// The record ends.
    Whole,
    /// There is no record: the column, if any, and the reason.
    Broken(Option<u64>, String),
}

impl Csv {
    /// Leaves out the lines above another one, and says so. Only the line that names the delimiter is not worth a word.
    fn skip_to(&mut self, first: u64, said_in_line: Option<u64>) -> io::Result<()> {
        let mut texts: Vec<(u64, String)> = vec![];
        while let Some(line) = self.lines.next()? {
            if line.number >= first {
                self.lines.put_back(vec![line]);
                break;
            }
            if Some(line.number) != said_in_line && !line.bytes.trim_ascii().is_empty() {
                texts.push((line.number, String::from_utf8_lossy(&line.bytes).trim().to_owned()));
            }
        }
        if let (Some((from, text)), Some((to, _))) = (texts.first(), texts.last()) {
            let which = if from == to { format!("line {from} stands") } else { format!("lines {from} to {to} stand") };
            let shown: String = text.chars().take(SHOWN_ABOVE).collect();
            self.warnings.push(format!(
                "{which} above the header in line {first} and is no row (`{shown}`); if it is one, name the header with `--header-row`"
            ));
        }
        Ok(())
    }

    /// The names in the header line.
    fn names(&self, row: &RawRow, broken: impl Fn(String) -> IngestError) -> Result<Vec<String>, IngestError> {
        if let Err(fault) = utf8(&row.bytes) {
            let line = row.line + fault.line - 1;
            return Err(IngestError::NotUtf8 { name: self.lines.input.name().to_owned(), line });
        }
        if let Body::Broken(_, reason) = &row.body {
            return Err(broken(reason.clone()));
        }
        let mut reader = CellReader::new(self.dialect);
        let cells = reader.read(&row.bytes).map_err(|fault| broken(fault.reason))?;
        Ok(cells.iter().map(str::to_owned).collect())
    }

    /// The next record. A width that is known must be met.
    fn next(&mut self) -> io::Result<Option<RawRow>> {
        let mut lines: Vec<Line> = vec![];
        let mut walk = Walk::new(self.dialect);
        loop {
            let Some(line) = self.lines.next()? else {
                let reason = "a quote is opened and never closed; close it, or double each quote that is meant";
                return Ok((!lines.is_empty()).then(|| self.reject(lines, None, reason.to_owned())));
            };
            if lines.is_empty() {
                if line.cut {
                    return Ok(Some(overlong(line, &self.limits)));
                }
                if self.width != Some(1) && is_blank(&line.bytes, self.dialect) {
                    continue;
                }
            }
            lines.push(line);
            match self.step(&lines, &mut walk) {
                Step::Open => {}
                Step::Whole if self.holds_nothing(&lines) => {
                    self.empty += 1;
                    lines.clear();
                    walk = Walk::new(self.dialect);
                }
                Step::Whole => return Ok(Some(self.record(lines, &walk))),
                Step::Broken(column, reason) => return Ok(Some(self.reject(lines, column, reason))),
            }
        }
    }

    /// Whether a row below the header has empty cells only, as spreadsheets leave them at the end of a table. It holds no record.
    fn holds_nothing(&self, lines: &[Line]) -> bool {
        let Dialect { delimiter, quote, .. } = self.dialect;
        let says_nothing = |byte: &u8| *byte == delimiter || Some(*byte) == quote || byte.is_ascii_whitespace();
        self.width.is_some_and(|width| width > 1) && lines.iter().all(|line| line.bytes.iter().all(says_nothing))
    }

    /// Walks over the last of some lines.
    fn step(&self, lines: &[Line], walk: &mut Walk) -> Step {
        let Some(line) = lines.last() else { return Step::Open };
        let too_long = || self.limits.over(Limit::RowBytes, "a quote is not closed, and the row is longer");
        if line.cut {
            return Step::Broken(None, too_long());
        }
        let text = without_line_end(&line.bytes);
        if let Err(at) = walk.line(text) {
            let column = (lines.len() == 1).then(|| column(text, at));
            return Step::Broken(column, "text follows a closing quote; double each quote that is meant".to_owned());
        }
        if !walk.is_open() {
            return Step::Whole;
        }
        if lines.len() >= self.limits.size(Limit::CellLines) {
            return Step::Broken(
                None,
                self.limits.over(Limit::CellLines, "a quote is not closed, and its cell has more lines"),
            );
        }
        let size: usize = lines.iter().map(|line| line.bytes.len()).sum();
        if size > self.limits.size(Limit::RowBytes) {
            return Step::Broken(None, too_long());
        }
        Step::Open
    }

    fn record(&mut self, mut lines: Vec<Line>, walk: &Walk) -> RawRow {
        if let Some(width) = self.width.filter(|width| *width != walk.cells) {
            let reason = format!(
                "{} where the header has {width}; quote cells that hold the delimiter or a line break",
                header::cells(walk.cells)
            );
            return self.reject(lines, None, reason);
        }
        let line = lines[0].number;
        if let Some(last) = lines.last_mut() {
            last.bytes.truncate(without_line_end(&last.bytes).len());
        }
        let bytes = match lines.len() {
            1 => lines.swap_remove(0).bytes,
            _ => lines.into_iter().flat_map(|line| line.bytes).collect(),
        };
        if bytes.len() > self.limits.size(Limit::FieldBytes) && self.has_long_cell(&bytes) {
            let reason = self.limits.over(Limit::FieldBytes, "a cell is longer");
            return RawRow::of(line, bytes, Body::Broken(None, reason));
        }
        let rows = self.rows_inside(&bytes);
        RawRow { warning: doubt(walk, rows), ..RawRow::of(line, bytes, Body::Cells) }
    }

    /// How many lines of a record but the first have as many delimiters as a row of the table.
    fn rows_inside(&self, record: &[u8]) -> usize {
        let Some(width) = self.width.filter(|width| *width > 1) else { return 0 };
        let is_row = |line: &&[u8]| line.iter().filter(|byte| **byte == self.dialect.delimiter).count() + 1 == width;
        record.split(|byte| *byte == b'\n').skip(1).filter(is_row).count()
    }

    fn has_long_cell(&self, record: &[u8]) -> bool {
        let most = self.limits.size(Limit::FieldBytes);
        CellReader::new(self.dialect).read(record).is_ok_and(|cells| cells.iter().any(|cell| cell.len() > most))
    }

    /// Rejects the first line of a record. The others are read anew: they may be records of their own.
    fn reject(&mut self, mut lines: Vec<Line>, column: Option<u64>, reason: String) -> RawRow {
        let rest = lines.split_off(1);
        self.lines.put_back(rest);
        let Line { number, mut bytes, .. } = lines.swap_remove(0);
        bytes.truncate(without_line_end(&bytes).len());
        RawRow::of(number, bytes, Body::Broken(column, reason))
    }
}

/// Why a record may not be what it seems.
fn doubt(walk: &Walk, rows: usize) -> Option<String> {
    if rows > 0 {
        return Some(format!(
            "a quoted cell goes over several lines, and {rows} of them look like rows; check that no quote is missing"
        ));
    }
    if walk.longest > MANY_LINES {
        return Some(format!(
            "a quoted cell goes over {} lines; check that no quote is missing: it may have swallowed rows",
            walk.longest
        ));
    }
    walk.bare_quote.then(|| "a quote stands inside a cell that is not quoted; it is read as it stands".to_owned())
}

impl RowSource for Csv {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        gather(most, || self.next().map_err(|error| IngestError::io(self.lines.input.name(), error)))
    }

    fn input(&self) -> &Input {
        &self.lines.input
    }

    fn warnings(&self) -> Vec<String> {
        let empty =
            (self.empty > 0).then(|| format!("rows with empty cells only, which are no records: {}", self.empty));
        self.warnings.iter().cloned().chain(empty).collect()
    }
}

#[cfg(test)]
mod tests;
