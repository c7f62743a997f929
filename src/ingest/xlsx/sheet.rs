//! One sheet of a workbook, row by row, by calamine's cells reader.
//!
//! The reader borrows from the workbook, so both live in a thread of their own, which hands rows over a channel of bounded
//! length. What comes is what stands in the file: rows with their numbers, cells with their columns. A cell that cannot be
//! read costs its row, a file that cannot be read on costs the rest and says so.

use std::io::Cursor;
use std::sync::mpsc::SyncSender;

use calamine::{DataRef, Reader as _, SheetType, SheetVisible, XlsxError};
use serde_json::Value as Json;

use super::value::{Epoch, INEXACT, json};
use crate::ingest::limits::{Limit, Limits};

/// Rows are handed over when there are so many or their cells have so many bytes.
const BATCH: (usize, usize) = (1024, 1024 * 1024);
/// Rows and columns of a sheet.
const SHEET: (u32, u32) = (1_048_576, 16_384);
/// The length that all texts together may come to, however short the file is.
const SMALL: u64 = 10 * 1024 * 1024;
/// What a cell takes beside its text.
const CELL: usize = 32;

type Workbook = calamine::Xlsx<Cursor<Vec<u8>>>;
pub(super) type Channel = SyncSender<Result<Part, String>>;

/// What comes over the channel, in this order. After an error nothing comes.
pub(super) enum Part {
    Sheet(Sheet),
    Rows(Vec<Row>),
    End(End),
}

/// The sheet that is read.
#[derive(Debug)]
pub(super) struct Sheet {
    /// Empty if no sheet has a cell.
    pub(super) name: String,
    /// The other sheets that have one, in words.
    pub(super) others: Vec<String>,
}

/// What was seen of the whole sheet.
pub(super) struct End {
    /// Numbers too large to be exact.
    pub(super) inexact: u64,
}

/// A row with a cell that holds something.
pub(super) struct Row {
    /// Counted from 1.
    pub(super) number: u32,
    /// Columns, counted from 0, and what stands there.
    pub(super) cells: Vec<(u32, Json)>,
    /// Why the row cannot be used.
    pub(super) fault: Option<String>,
    /// Why a cell could not be read that may have been in this row.
    pub(super) doubt: Option<String>,
    size: usize,
}

/// Why reading stops.
enum Stop {
    Fault(String),
    NobodyListens,
}

impl From<String> for Stop {
    fn from(reason: String) -> Self {
        Self::Fault(reason)
    }
}

/// Reads a sheet, the first that has a cell unless one is named, until it ends or nobody listens any more.
pub(super) fn read(file: Vec<u8>, named: Option<&str>, limits: &Limits, to: &Channel) {
    if let Err(Stop::Fault(reason)) = read_sheet(file, named, limits, to) {
        let _ = to.send(Err(reason));
    }
}

fn read_sheet(file: Vec<u8>, named: Option<&str>, limits: &Limits, to: &Channel) -> Result<(), Stop> {
    let most_text = u64::try_from(file.len()).unwrap_or(u64::MAX);
    let most_text = most_text.saturating_mul(limits.get(Limit::UnpackedRatio)).max(SMALL);
    let mut workbook = Workbook::new(Cursor::new(file)).map_err(|error| damaged(&error))?;
    let sheet = choose(&mut workbook, named)?;
    let name = sheet.name.clone();
    let epoch = if workbook.has_1904_epoch() { Epoch::Y1904 } else { Epoch::Y1900 };
    let mut rows =
        Rows { limits, to, epoch, most_text, batch: vec![], row: None, doubt: None, count: Count::default() };
    rows.send(Part::Sheet(sheet))?;
    if !name.is_empty() {
        let mut cells = workbook.worksheet_cells_reader(&name).map_err(|error| damaged(&error))?;
        loop {
            match cells.next_cell() {
                Ok(Some(cell)) => rows.cell(cell.get_position(), cell.get_value())?,
                Ok(None) => break,
                Err(error) if ends_reading(&error) => return Err(damaged(&error).into()),
                Err(error) => rows.unreadable(&error),
            }
        }
    }
    rows.end()
}

/// The sheet to read. One that is not named is the first that a person sees and that has a cell.
fn choose(workbook: &mut Workbook, named: Option<&str>) -> Result<Sheet, String> {
    let sheets = workbook.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    let sheets: Vec<_> = sheets.map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible)).collect();
    let shown = |(name, visible): &(String, bool)| format!("`{name}`{}", if *visible { "" } else { " (hidden)" });
    let listed = |sheets: &[(String, bool)]| sheets.iter().map(shown).collect::<Vec<_>>().join(", ");
    let filled: Vec<_> = sheets.iter().filter(|(name, _)| has_cell(workbook, name)).cloned().collect();
    let name = match named {
        Some(name) if sheets.iter().any(|(known, _)| known == name) => name,
        Some(name) => {
            return Err(format!(
                "it has no sheet `{name}`; its sheets are {}: name one with `--sheet NAME`",
                listed(&sheets)
            ));
        }
        None => match filled.iter().find(|(_, visible)| *visible) {
            Some((name, _)) => name,
            None if filled.is_empty() => "",
            None => {
                let hidden = listed(&filled);
                return Err(format!(
                    "all that it holds stands in hidden sheets: {hidden}; name one with `--sheet NAME`"
                ));
            }
        },
    };
    let others = filled.iter().filter(|(other, _)| other != name).map(shown).collect();
    Ok(Sheet { name: name.to_owned(), others })
}

/// Whether a sheet has a cell that holds something. One that cannot be read may have.
fn has_cell(workbook: &mut Workbook, name: &str) -> bool {
    let Ok(mut cells) = workbook.worksheet_cells_reader(name) else { return true };
    loop {
        match cells.next_cell() {
            Ok(Some(cell)) if is_blank(cell.get_value()) => {}
            Ok(None) => return false,
            Ok(Some(_)) | Err(_) => return true,
        }
    }
}

fn is_blank(value: &DataRef<'_>) -> bool {
    match value {
        DataRef::Empty => true,
        DataRef::String(text) => text.trim().is_empty(),
        DataRef::SharedString(text) => text.trim().is_empty(),
        _ => false,
    }
}

/// Whether nothing can be read behind an error. All others concern one cell.
fn ends_reading(error: &XlsxError) -> bool {
    matches!(
        error,
        XlsxError::Xml(_) | XlsxError::XmlEof(_) | XlsxError::Io(_) | XlsxError::Zip(_) | XlsxError::Encoding(_)
    )
}

fn damaged(error: &XlsxError) -> String {
    format!("it is damaged ({error}); open it in a spreadsheet program and save it again")
}

/// Puts cells into rows and hands them over.
struct Rows<'a> {
    limits: &'a Limits,
    to: &'a Channel,
    epoch: Epoch,
    most_text: u64,
    batch: Vec<Row>,
    row: Option<Row>,
    /// Why a cell could not be read that may belong to the next row.
    doubt: Option<String>,
    count: Count,
}

#[derive(Default)]
struct Count {
    cells: u64,
    text: u64,
    inexact: u64,
    /// Of the batch.
    batched: usize,
}

impl Rows<'_> {
    fn cell(&mut self, (row, column): (u32, u32), value: &DataRef<'_>) -> Result<(), Stop> {
        self.count.cells += 1;
        if self.count.cells > self.limits.get(Limit::SheetCells) {
            return Err(self.limits.over(Limit::SheetCells, "the sheet has more cells").into());
        }
        if row >= SHEET.0 || column >= SHEET.1 {
            let reason = "a cell stands where no sheet has any; open it in a spreadsheet program and save it again";
            return Err(Stop::Fault(reason.to_owned()));
        }
        if is_blank(value) {
            return Ok(());
        }
        self.enter(row + 1)?;
        self.count.inexact += u64::from(matches!(value, DataRef::Float(number) if number.abs() >= INEXACT));
        let value = json(value, self.epoch);
        let text = value.as_str().map_or(0, str::len);
        self.count.text += u64::try_from(text).unwrap_or(u64::MAX);
        if self.count.text > self.most_text {
            let reason = "by repeating its texts the sheet grows by a larger factor when unpacked";
            return Err(self.limits.over(Limit::UnpackedRatio, reason).into());
        }
        if let Some(row) = &mut self.row {
            row.push(column, value, self.limits);
        }
        Ok(())
    }

    /// Makes the row of this number the one that cells are put into.
    fn enter(&mut self, number: u32) -> Result<(), Stop> {
        let before = self.row.as_ref().map_or(0, |row| row.number);
        if number < before {
            let reason =
                format!("row {number} stands below row {before}; open it in a spreadsheet program and save it again");
            return Err(reason.into());
        }
        if number > before {
            self.leave()?;
            self.row = Some(Row { number, cells: vec![], fault: None, doubt: self.doubt.take(), size: 0 });
        }
        self.doubt = None;
        Ok(())
    }

    /// Takes note of a cell that cannot be read. Its place is not known: it is in the row of the cell before or after it.
    fn unreadable(&mut self, error: &XlsxError) {
        let reason = format!("a cell of this row, or of one beside it, cannot be read: {error}");
        if let Some(row) = &mut self.row {
            row.doubt.get_or_insert_with(|| reason.clone());
        }
        self.doubt = Some(reason);
    }

    fn leave(&mut self) -> Result<(), Stop> {
        let Some(row) = self.row.take() else { return Ok(()) };
        self.count.batched += row.size;
        self.batch.push(row);
        if self.batch.len() < BATCH.0 && self.count.batched < BATCH.1 {
            return Ok(());
        }
        self.count.batched = 0;
        let rows = std::mem::take(&mut self.batch);
        self.send(Part::Rows(rows))
    }

    fn end(mut self) -> Result<(), Stop> {
        self.leave()?;
        let rows = std::mem::take(&mut self.batch);
        self.send(Part::Rows(rows))?;
        self.send(Part::End(End { inexact: self.count.inexact }))
    }

    fn send(&self, part: Part) -> Result<(), Stop> {
        self.to.send(Ok(part)).map_err(|_nobody| Stop::NobodyListens)
    }
}

impl Row {
    /// How many columns it reaches over.
    pub(super) fn width(&self) -> usize {
        self.cells.last().and_then(|(last, _)| usize::try_from(*last).ok()).map_or(0, |last| last + 1)
    }

    fn push(&mut self, column: u32, value: Json, limits: &Limits) {
        let text = value.as_str().map_or(0, str::len);
        self.size += text + CELL;
        let number = self.number;
        let fault = if text > limits.size(Limit::FieldBytes) {
            Some(limits.over(Limit::FieldBytes, format_args!("cell {} is longer", place(column, number))))
        } else if self.size > limits.size(Limit::RowBytes) {
            Some(limits.over(Limit::RowBytes, "the row is longer"))
        } else if self.cells.last().is_some_and(|(last, _)| *last >= column) {
            Some(format!("cell {} stands twice or behind a later one", place(column, number)))
        } else {
            None
        };
        match fault {
            None => self.cells.push((column, value)),
            Some(fault) => drop(self.fault.get_or_insert(fault)),
        }
    }
}

/// A cell as a person finds it: `B7` for column 1 of row 7.
pub(super) fn place(column: u32, row: u32) -> String {
    format!("{}{row}", letters(column))
}

/// The letters of a column.
pub(super) fn letters(column: u32) -> String {
    let mut letters = vec![];
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + u8::try_from(rest % 26).unwrap_or(0)));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_the_letters_of_a_spreadsheet() {
        assert_eq!([0, 25, 26, 701, 702, 16_383].map(letters), ["A", "Z", "AA", "ZZ", "AAA", "XFD"]);
        assert_eq!(place(1, 7), "B7");
    }
}
