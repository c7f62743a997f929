//! Comma-separated values, safe to open in a spreadsheet: a text that a spreadsheet would run as a formula gets a leading
//! apostrophe.

use std::io::{self, Write};

use super::CaseWriter;
use super::flat::{COLUMNS, Cell, cells};
use crate::explain::Case;

/// What a formula can begin with.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes one line a case under a header line.
#[derive(Debug)]
pub struct Csv<W: Write> {
    out: csv::Writer<W>,
    raw: bool,
}

impl<W: Write> Csv<W> {
    /// A writer that marks what a spreadsheet would run.
    pub fn new(out: W) -> Self {
        Self { out: csv::Writer::from_writer(out), raw: false }
    }

    /// A writer that leaves every text as it is, for programs that read it back.
    pub fn raw(out: W) -> Self {
        Self { raw: true, ..Self::new(out) }
    }

    fn shown(&self, cell: Cell) -> String {
        match cell {
            Cell::Text(text) if !self.raw && text.starts_with(FORMULA) => format!("'{text}"),
            Cell::Text(text) => text,
            Cell::Nothing => String::new(),
            Cell::Bits(bits) => bits.to_string(),
            Cell::Flag(flag) => flag.to_string(),
            Cell::Number(number) => number.to_string(),
        }
    }
}

impl<W: Write> CaseWriter for Csv<W> {
    fn begin(&mut self) -> io::Result<()> {
        self.out.write_record(COLUMNS).map_err(failed)
    }

    fn case(&mut self, case: &Case) -> io::Result<()> {
        let row = cells(case).map(|cell| self.shown(cell));
        self.out.write_record(row).map_err(failed)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A failed write keeps its kind, so that a closed pipe is known as one.
fn failed(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_a_spreadsheet_would_run_is_marked_unless_asked_otherwise() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let safe = Csv::new(io::sink());
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"] {
            assert_eq!(safe.shown(text(formula)), format!("'{formula}"));
            assert_eq!(Csv::raw(io::sink()).shown(text(formula)), formula);
        }
        assert_eq!(safe.shown(text("n-1")), "n-1");
        assert_eq!(safe.shown(Cell::Bits(crate::report::Bits(-2000))), "-2.0");
    }
}
