//! One record of a table: where it ends, and its cells. What stands between cells and around them is the [`Dialect`].

use std::io::{self, Cursor, Read};

use crate::ingest::strict::{Fault, utf8};

/// How cells are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) struct Dialect {
    /// What stands between two cells.
    pub(in crate::ingest) delimiter: u8,
    /// What stands around a cell that holds the delimiter or a line break.
    pub(in crate::ingest) quote: Option<u8>,
    /// What makes a quote inside a quoted cell a part of its text; doubling the quote always does.
    pub(in crate::ingest) escape: Option<u8>,
}

impl Default for Dialect {
    fn default() -> Self {
        Self { delimiter: b',', quote: Some(b'"'), escape: None }
    }
}

/// Reads the cells of records. Made once for many: building the `csv` crate's automaton costs more than reading a record.
pub(in crate::ingest) struct CellReader {
    reader: csv::Reader<Feed>,
    dialect: Dialect,
    cells: csv::StringRecord,
}

/// The bytes of one record at a time, with a line end.
#[derive(Default)]
struct Feed(Cursor<Vec<u8>>);

impl Read for Feed {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl CellReader {
    pub(in crate::ingest) fn new(dialect: Dialect) -> Self {
        let mut reader = csv::ReaderBuilder::new();
        reader.delimiter(dialect.delimiter).escape(dialect.escape).has_headers(false).flexible(true);
        reader.quoting(dialect.quote.is_some()).quote(dialect.quote.unwrap_or(b'"'));
        // A lone carriage return is no line end: the record ends where its bytes end.
        reader.terminator(csv::Terminator::Any(b'\n'));
        Self { reader: reader.from_reader(Feed::default()), dialect, cells: csv::StringRecord::new() }
    }

    /// The cells of one record, given without its line end.
    pub(in crate::ingest) fn read(&mut self, record: &[u8]) -> Result<&csv::StringRecord, Fault> {
        if record.is_empty() {
            // The `csv` crate takes an empty line for no record; here it is one with an empty cell.
            self.cells.clear();
            self.cells.push_field("");
            return Ok(&self.cells);
        }
        let feed = &mut self.reader.get_mut().0;
        feed.set_position(0);
        feed.get_mut().clear();
        feed.get_mut().extend_from_slice(record);
        feed.get_mut().push(b'\n');
        match self.reader.read_record(&mut self.cells) {
            Ok(true) if !self.reader.is_done() => Ok(&self.cells),
            outcome => {
                *self = Self::new(self.dialect);
                let reason = outcome.map_or_else(|error| error.to_string(), |_| "a quote is not closed".to_owned());
                Err(utf8(record).err().unwrap_or(Fault { line: 1, column: 1, reason }))
            }
        }
    }
}

/// Where the end of a line finds the record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    CellStart,
    Bare,
    Quoted,
    Escaped,
    QuoteEnd,
    AfterQuote,
}

/// A walk over the lines of one record, which tells where it ends without reading its cells.
pub(super) struct Walk {
    dialect: Dialect,
    place: Place,
    /// Cells so far.
    pub(super) cells: usize,
    /// Cells in quotes so far.
    pub(super) quoted: usize,
    /// Lines that the quoted cell goes over which is open or was the last to be.
    run: usize,
    /// The most lines that a quoted cell went over.
    pub(super) longest: usize,
    /// Whether a quote stands inside a cell that is not quoted.
    pub(super) bare_quote: bool,
}

impl Walk {
    pub(super) fn new(dialect: Dialect) -> Self {
        Self { dialect, place: Place::CellStart, cells: 1, quoted: 0, run: 0, longest: 0, bare_quote: false }
    }

    /// Whether the record goes on in the next line.
    pub(super) fn is_open(&self) -> bool {
        matches!(self.place, Place::Quoted | Place::Escaped)
    }

    /// Walks over one line, given without its end; fails at the byte after a quote that ends inside a cell.
    pub(super) fn line(&mut self, line: &[u8]) -> Result<(), usize> {
        self.run += 1;
        let Dialect { delimiter, quote, escape } = self.dialect;
        for (at, byte) in line.iter().copied().enumerate() {
            let (is_quote, is_escape) = (Some(byte) == quote, Some(byte) == escape);
            self.place = match self.place {
                Place::Quoted if is_escape => Place::Escaped,
                Place::Quoted if is_quote => self.close(),
                Place::Quoted | Place::Escaped => Place::Quoted,
                Place::QuoteEnd if is_quote => Place::Quoted,
                Place::CellStart if is_quote => self.open(),
                _ if byte == delimiter => {
                    self.cells += 1;
                    Place::CellStart
                }
                Place::QuoteEnd | Place::AfterQuote if byte == b' ' => Place::AfterQuote,
                Place::QuoteEnd | Place::AfterQuote => return Err(at),
                Place::CellStart | Place::Bare => {
                    self.bare_quote |= is_quote;
                    Place::Bare
                }
            };
        }
        if self.place == Place::Escaped {
            self.place = Place::Quoted;
        }
        Ok(())
    }

    fn open(&mut self) -> Place {
        self.quoted += 1;
        self.run = 1;
        Place::Quoted
    }

    fn close(&mut self) -> Place {
        self.longest = self.longest.max(self.run);
        Place::QuoteEnd
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(dialect: Dialect, record: &str) -> Option<Vec<String>> {
        let mut walk = Walk::new(dialect);
        walk.line(record.as_bytes()).ok().filter(|()| !walk.is_open())?;
        let mut reader = CellReader::new(dialect);
        let cells: Vec<String> = reader.read(record.as_bytes()).ok()?.iter().map(str::to_owned).collect();
        assert_eq!(cells.len(), walk.cells, "{record}");
        Some(cells)
    }

    #[test]
    fn the_walk_and_the_cells_agree() {
        let plain = Dialect::default();
        let escaping = Dialect { escape: Some(b'\\'), ..plain };
        let single = Dialect { quote: Some(b'\''), delimiter: b';', escape: None };
        let bare = Dialect { quote: None, ..plain };
        for (dialect, record, want) in [
            (plain, r#"a,"b,""c""" ,d"e"#, Some(vec!["a", "b,\"c\" ", "d\"e"])),
            (plain, "", Some(vec![""])),
            (plain, r#""a" "b,c""#, None),
            (plain, r#""a"b"#, None),
            (plain, r#""a,b"#, None),
            (escaping, r#""a \"b\", c","d""#, Some(vec!["a \"b\", c", "d"])),
            (escaping, r#""a\""#, None),
            (single, r#"'a;b';"c""#, Some(vec!["a;b", "\"c\""])),
            (bare, r#""a,b""#, Some(vec!["\"a", "b\""])),
        ] {
            let want = want.map(|cells| cells.into_iter().map(str::to_owned).collect());
            assert_eq!(cells(dialect, record), want, "{record}");
        }
    }

    #[test]
    fn the_lines_of_the_longest_cell_are_counted_and_not_those_of_the_record() {
        let mut walk = Walk::new(Dialect::default());
        for line in ["a,\"b", "b", "b\",\"c", "c\""] {
            walk.line(line.as_bytes()).expect("sound quotes");
        }
        assert_eq!((walk.is_open(), walk.longest, walk.quoted), (false, 3, 2));
    }
}
