//! A workbook: the same table as in CSV, for whoever looks at it in a spreadsheet program. Every text is a text there, never a
//! formula and never a link; the header stays in sight. It holds no clock, so that equal cases give equal bytes.
//!
//! A sheet ends at 1,048,576 rows, and a further one goes on. A cell holds 32,767 characters: a longer text is cut, ends in a
//! mark, and the last sheet says how many there are. The rows are held until the end.

use std::fmt;
use std::io::{self, Write};

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::flat::{COLUMNS, Cell, cells};
use super::formula::starts_formula;
use super::{CaseWriter, NOTE, count};
use crate::explain::Case;

/// Rows of a sheet, the header among them.
const MOST_ROWS: u32 = 1_048_576;
/// What a cell holds, in units of UTF-16 as spreadsheets count.
const LONGEST_TEXT: usize = 32_767;
const CUT: &str = " … (cut)";

/// Writes an XLSX file.
pub struct Xlsx<W> {
    out: W,
    full: Vec<Worksheet>,
    sheet: Worksheet,
    /// The next row of the sheet.
    row: u32,
    cut: u64,
    looks: Looks,
}

struct Looks {
    header: Format,
    /// Text that stays text when it is edited.
    quoted: Format,
}

impl<W: Write> Xlsx<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        let looks = Looks { header: Format::new().set_bold(), quoted: Format::new().set_quote_prefix() };
        Self { out, full: vec![], sheet: Worksheet::new(), row: 0, cut: 0, looks }
    }

    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        let name = if self.full.is_empty() { "cases".to_owned() } else { format!("cases {}", self.full.len() + 1) };
        self.sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, name) in (0..).zip(COLUMNS) {
            self.sheet.set_column_width(column, width(name))?;
            self.sheet.write_string_with_format(0, column, name, &self.looks.header)?;
        }
        self.row = 1;
        Ok(())
    }

    fn write(&mut self, cells: &[Cell]) -> Result<(), XlsxError> {
        if self.row == MOST_ROWS {
            self.full.push(std::mem::take(&mut self.sheet));
            self.begin_sheet()?;
        }
        for (column, cell) in (0..).zip(cells) {
            match cell {
                Cell::Nothing => {}
                Cell::Text(text) => self.text(column, text)?,
                Cell::Bits(bits) => drop(self.sheet.write_number(self.row, column, bits.0 as f64 / 1000.0)?),
                Cell::Flag(flag) => drop(self.sheet.write_boolean(self.row, column, *flag)?),
                Cell::Number(number) => drop(self.sheet.write_number(self.row, column, *number as f64)?),
            }
        }
        self.row += 1;
        Ok(())
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        let fitting = fitting(text);
        self.cut += u64::from(fitting.len() < text.len());
        let shown = if fitting.len() < text.len() { format!("{fitting}{CUT}") } else { text.to_owned() };
        if starts_formula(text) {
            self.sheet.write_string_with_format(self.row, column, shown, &self.looks.quoted)?;
        } else {
            self.sheet.write_string(self.row, column, shown)?;
        }
        Ok(())
    }

    fn file(&mut self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        // A file that knew when it was made would differ each time.
        let made = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
        workbook.set_properties(&made);
        let note = note(self.cut)?;
        for sheet in self.full.drain(..).chain([std::mem::take(&mut self.sheet), note]) {
            workbook.push_worksheet(sheet);
        }
        workbook.save_to_buffer()
    }
}

impl<W: Write> CaseWriter for Xlsx<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.begin_sheet().map_err(io::Error::other)
    }

    fn case(&mut self, case: &Case) -> io::Result<()> {
        self.write(&cells(case)).map_err(io::Error::other)
    }

    fn finish(&mut self) -> io::Result<()> {
        let file = self.file().map_err(io::Error::other)?;
        self.out.write_all(&file)?;
        self.out.flush()
    }
}

impl<W> fmt::Debug for Xlsx<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Xlsx").field("row", &self.row).field("cut", &self.cut).finish_non_exhaustive()
    }
}

/// The sheet that says what the others are.
fn note(cut: u64) -> Result<Worksheet, XlsxError> {
    let mut sheet = Worksheet::new();
    sheet.set_name("note")?.write_string(0, 0, NOTE)?;
    if cut > 0 {
        let cut = count(cut, "text");
        let text = format!("Longer than a cell can hold and cut: {cut}. The formats jsonl and csv have them whole.");
        sheet.write_string(1, 0, text)?;
    }
    Ok(sheet)
}

/// As much of a text as a cell holds, with room for the mark if that is not all.
fn fitting(text: &str) -> &str {
    if text.len() <= LONGEST_TEXT || text.encode_utf16().count() <= LONGEST_TEXT {
        return text;
    }
    let room = LONGEST_TEXT - CUT.encode_utf16().count();
    let mut used = 0;
    let end = text.char_indices().find(|(_, c)| {
        used += c.len_utf16();
        used > room
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// How wide a column is, in characters.
fn width(column: &str) -> f64 {
    match column {
        "reasons" | "mitigating" | "questions" | "suppressed" => 60.0,
        "record_id" | "kind" | "outcome" | "grounds" | "missing" | "file" => 22.0,
        _ => 12.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Data, Reader as _};
    use std::io::Cursor;

    fn written(rows: &[Vec<Cell>]) -> Vec<u8> {
        let mut file = vec![];
        let mut writer = Xlsx::new(&mut file);
        writer.begin().expect("a header");
        rows.iter().for_each(|row| writer.write(row).expect("a row"));
        writer.finish().expect("a file");
        file
    }

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn read(file: Vec<u8>, sheet: &str) -> Vec<Vec<Data>> {
        let mut workbook = calamine::Xlsx::new(Cursor::new(file)).expect("a workbook");
        assert!(workbook.worksheet_formula(sheet).expect("the sheet").is_empty());
        workbook.worksheet_range(sheet).expect("the sheet").rows().map(<[Data]>::to_vec).collect()
    }

    #[test]
    fn a_text_is_a_text_and_a_number_a_number() {
        let hostile = ["=1+1", "http://a.example", "a\u{1b}\0\u{9b}b", "_x0041_", "a\r\n=1", "007", ""];
        let mut row: Vec<Cell> = hostile.map(text).to_vec();
        row.extend([Cell::Bits(crate::report::Bits(-2500)), Cell::Flag(true), Cell::Number(7), Cell::Nothing]);
        let rows = read(written(&[row]), "cases");
        assert_eq!(rows[0][0], Data::String("record_id".into()));
        for (cell, want) in rows[1].iter().zip(hostile).filter(|(_, want)| !want.is_empty()) {
            assert_eq!(*cell, Data::String(want.into()));
        }
        assert_eq!(rows[1][7..10], [Data::Float(-2.5), Data::Bool(true), Data::Float(7.0)]);
    }

    #[test]
    fn equal_cases_give_equal_bytes() {
        let rows = [vec![text("a"), Cell::Number(1)], vec![text("=b")]];
        assert_eq!(written(&rows), written(&rows));
        let file = written(&rows);
        let mut archive = zip::ZipArchive::new(Cursor::new(file)).expect("a zip archive");
        let core = io::read_to_string(archive.by_name("docProps/core.xml").expect("properties")).expect("text");
        assert!(core.contains("2000-01-01T00:00:00Z"), "{core}");
    }

    #[test]
    fn a_text_too_long_for_a_cell_is_cut_and_counted() {
        let exact = "x".repeat(LONGEST_TEXT);
        let rows = [vec![text(&exact)], vec![text(&"寻".repeat(40_000))], vec![text(&"😀".repeat(20_000))]];
        let file = written(&rows);
        let cells = read(file.clone(), "cases");
        assert_eq!(cells[1][0], Data::String(exact));
        for row in &cells[2..] {
            let text = row[0].to_string();
            assert!(text.ends_with(CUT) && text.encode_utf16().count() <= LONGEST_TEXT);
        }
        let note = read(file, "note");
        assert_eq!(note[0][0], Data::String(NOTE.into()));
        assert!(note[1][0].to_string().contains("cut: 2 texts"), "{note:?}");
    }
}
