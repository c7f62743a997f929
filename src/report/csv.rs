//! Comma-separated values, safe to open in a spreadsheet and to print: a text that a spreadsheet would run as a formula gets a
//! leading apostrophe, and what acts unseen is shown as its code. Line ends and tabs inside a text stay.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::CaseWriter;
use super::flat::{COLUMNS, Cell, cells};
use super::formula::starts_formula;
use super::jsonl::acts;
use crate::explain::Case;

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
            Cell::Text(text) if self.raw => text,
            Cell::Text(text) => safe(&text),
            Cell::Nothing => String::new(),
            Cell::Bits(bits) => bits.to_string(),
            Cell::Flag(flag) => flag.to_string(),
            Cell::Number(number) => number.to_string(),
        }
    }
}

/// A text that does nothing where it is opened: neither a formula of a spreadsheet nor an order to a terminal.
#[must_use]
pub fn safe(text: &str) -> String {
    let shown = inert(text);
    if starts_formula(text) { format!("'{shown}") } else { shown.into_owned() }
}

/// What acts on a terminal or ends a line as its code. A carriage return is kept only as a part of a line end.
fn inert(text: &str) -> Cow<'_, str> {
    if !text.contains(|c: char| acts(c) && c != '\n' && c != '\t') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len() + 16);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\n' | '\t' => out.push(c),
            '\r' if chars.peek() == Some(&'\n') => out.push(c),
            // Writing to a String cannot fail.
            _ if acts(c) => drop(write!(out, "\\u{{{:x}}}", u32::from(c))),
            _ => out.push(c),
        }
    }
    out.into()
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

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    #[test]
    fn a_text_that_a_spreadsheet_would_run_is_marked_unless_asked_otherwise() {
        let safe = Csv::new(io::sink());
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\n=1", " =1", "\"=1+1\"", "＝1"] {
            assert_eq!(safe.shown(text(formula)), format!("'{formula}"));
            assert_eq!(Csv::raw(io::sink()).shown(text(formula)), formula);
        }
        for other in ["n-1", "'=1", "a,=1+1", "a\r\n=1+1"] {
            assert_eq!(safe.shown(text(other)), other);
        }
        assert_eq!(safe.shown(Cell::Bits(crate::report::Bits(-2000))), "-2.0");
    }

    #[test]
    fn a_control_character_acts_on_no_terminal() {
        let safe = Csv::new(io::sink());
        assert_eq!(
            safe.shown(text("a\u{1b}[2J\u{9b}1m\u{7f}\0\rb\r\nc\td")),
            r"a\u{1b}[2J\u{9b}1m\u{7f}\u{0}\u{d}b".to_owned() + "\r\nc\td"
        );
        assert_eq!(safe.shown(text("\r=1")), r"'\u{d}=1");
        assert_eq!(safe.shown(text("a\u{2028}b\u{202e}c")), r"a\u{2028}b\u{202e}c");
        assert_eq!(safe.shown(text("می\u{200c}خواهم\u{200f}")), "می\u{200c}خواهم\u{200f}");
        assert_eq!(Csv::raw(io::sink()).shown(text("\u{1b}")), "\u{1b}");
    }
}
