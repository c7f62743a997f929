//! CSV: rows of cells under a header line. The quoting rules are those of RFC 4180.
//!
//! Records are cut out line by line before the `csv` crate reads their cells. That bounds what one record may take, keeps its
//! own bytes, and shows a missing quote: where a quoted cell does not end properly only its first line is rejected, and
//! reading goes on with the next line instead of swallowing the rows below.

use std::io::{self, Cursor, Read};

use super::input::{Input, Line, Lines, column, without_line_end};
use super::ndjson::overlong;
use super::rows::{Body, Layout, Opened, RawRow, RowSource, gather};
use super::strict::{Fault, utf8};
use super::{IngestError, Limit};

/// A quoted cell over more lines than this is a missing quote.
const MOST_LINES: usize = 500;
/// More columns are no table.
const MOST_COLUMNS: usize = 4096;
/// What may stand between two cells.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];

struct Csv {
    lines: Lines,
    delimiter: u8,
    width: usize,
}

/// Opens a table and reads its header line.
pub(super) fn open(input: Input) -> Result<Opened, IngestError> {
    let mut source = Csv { lines: Lines::of(input), delimiter: delimiter(&[]), width: 0 };
    let name = source.lines.input.name().to_owned();
    source.delimiter = delimiter(header_line(source.lines.input.head()));
    let Some(row) = source.next(None).map_err(|error| IngestError::io(&name, error))? else {
        return Ok(Opened::of(source));
    };
    if let Err(fault) = utf8(&row.bytes) {
        return Err(IngestError::NotUtf8 { name, line: row.line + fault.line - 1 });
    }
    let broken = |reason| IngestError::BrokenHeader { name: name.clone(), reason };
    if let Body::Broken(_, reason) = row.body {
        return Err(broken(reason));
    }
    if row.bytes.trim_ascii().contains(&b'\r') {
        return Err(broken("its lines end in a bare carriage return; save it with other line ends".to_owned()));
    }
    let mut reader = CellReader::new(source.delimiter);
    let cells = reader.read(&row.bytes).map_err(|fault| broken(fault.reason))?;
    if cells.len() > MOST_COLUMNS {
        let reason =
            format!("it has {} columns, and at most {MOST_COLUMNS} are read; check the delimiter", cells.len());
        return Err(broken(reason));
    }
    let names: Vec<String> = cells.iter().map(str::to_owned).collect();
    source.width = names.len();
    let layout = Layout { names, delimiter: source.delimiter };
    Ok(Opened { rows: Box::new(source), layout: Some(layout) })
}

/// The first line that is not blank.
pub(super) fn header_line(head: &[u8]) -> &[u8] {
    head.split(|byte| *byte == b'\n')
        .map(without_line_end)
        .find(|line| !line.trim_ascii().is_empty())
        .unwrap_or_default()
}

/// The delimiter that stands most often outside quotes.
pub(super) fn delimiter(header: &[u8]) -> u8 {
    let count = |delimiter: u8| {
        let (mut quoted, mut count) = (false, 0_usize);
        for byte in header {
            quoted ^= *byte == b'"';
            count += usize::from(!quoted && *byte == delimiter);
        }
        count
    };
    DELIMITERS.into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(DELIMITERS[0])
}

/// Reads the cells of records. Made once for many: building the `csv` crate's automaton costs more than reading a record.
pub(super) struct CellReader {
    reader: csv::Reader<Feed>,
    delimiter: u8,
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
    pub(super) fn new(delimiter: u8) -> Self {
        let mut reader = csv::ReaderBuilder::new();
        reader.delimiter(delimiter).has_headers(false).flexible(true);
        // A lone carriage return is no line end: the record ends where its bytes end.
        reader.terminator(csv::Terminator::Any(b'\n'));
        Self { reader: reader.from_reader(Feed::default()), delimiter, cells: csv::StringRecord::new() }
    }

    /// The cells of one record, given without its line end.
    pub(super) fn read(&mut self, record: &[u8]) -> Result<&csv::StringRecord, Fault> {
        let feed = &mut self.reader.get_mut().0;
        feed.set_position(0);
        feed.get_mut().clear();
        feed.get_mut().extend_from_slice(record);
        feed.get_mut().push(b'\n');
        match self.reader.read_record(&mut self.cells) {
            Ok(true) if !self.reader.is_done() => Ok(&self.cells),
            outcome => {
                *self = Self::new(self.delimiter);
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
    QuoteEnd,
}

/// How a record goes on after one more line.
struct Shape {
    place: Place,
    cells: usize,
}

impl Shape {
    /// Walks over one line; fails at the byte after a quote that ends inside a cell.
    fn line(&mut self, line: &[u8], delimiter: u8) -> Result<(), usize> {
        for (at, byte) in line.iter().enumerate() {
            self.place = match (self.place, *byte) {
                (Place::Quoted, b'"') => Place::QuoteEnd,
                (Place::Quoted, _) | (Place::CellStart | Place::QuoteEnd, b'"') => Place::Quoted,
                (_, byte) if byte == delimiter => {
                    self.cells += 1;
                    Place::CellStart
                }
                (Place::QuoteEnd, b' ') => Place::QuoteEnd,
                (Place::QuoteEnd, _) => return Err(at),
                _ => Place::Bare,
            };
        }
        Ok(())
    }
}

impl Csv {
    /// The next record. A width that is known must be met.
    fn next(&mut self, width: Option<usize>) -> io::Result<Option<RawRow>> {
        let mut lines: Vec<Line> = vec![];
        let mut shape = Shape { place: Place::CellStart, cells: 1 };
        let mut size = 0;
        loop {
            let Some(line) = self.lines.next()? else {
                let missing = || {
                    (None, "a quote is opened and never closed; close it, or double each quote that is meant".into())
                };
                return Ok((!lines.is_empty()).then(|| self.reject(lines, missing())));
            };
            if line.cut && lines.is_empty() {
                return Ok(Some(overlong(line, self.lines.input.limits())));
            }
            let text = without_line_end(&line.bytes);
            if lines.is_empty() && text.trim_ascii().is_empty() {
                continue;
            }
            let walked = if line.cut { Ok(()) } else { shape.line(text, self.delimiter) };
            let end = text.len();
            let stray = walked.err().map(|at| column(text, at));
            size += line.bytes.len();
            let too_long =
                line.cut || size > self.lines.input.limits().size(Limit::RowBytes) || lines.len() >= MOST_LINES;
            lines.push(line);
            if let Some(column) = stray {
                let column = (lines.len() == 1).then_some(column);
                return Ok(Some(
                    self.reject(
                        lines,
                        (column, "text follows a closing quote; double each quote that is meant".into()),
                    ),
                ));
            }
            if shape.place == Place::Quoted && too_long {
                let reason = format!("a quoted cell does not end within {MOST_LINES} lines or 16 MiB; close the quote");
                return Ok(Some(self.reject(lines, (None, reason))));
            }
            if shape.place != Place::Quoted {
                return Ok(Some(self.record(lines, end, (shape.cells, width))));
            }
        }
    }

    fn record(&mut self, mut lines: Vec<Line>, end_of_last: usize, (cells, width): (usize, Option<usize>)) -> RawRow {
        if let Some(width) = width.filter(|width| *width != cells) {
            let reason = format!(
                "{cells} cells where the header has {width}; quote cells that hold the delimiter or a line break"
            );
            return self.reject(lines, (None, reason));
        }
        let line = lines[0].number;
        if let Some(last) = lines.last_mut() {
            last.bytes.truncate(end_of_last);
        }
        let bytes = match lines.len() {
            1 => lines.swap_remove(0).bytes,
            _ => lines.into_iter().flat_map(|line| line.bytes).collect(),
        };
        RawRow::of(line, bytes, Body::Cells)
    }

    /// Rejects the first line of a record. The others are read anew: they may be records of their own.
    fn reject(&mut self, mut lines: Vec<Line>, (column, reason): (Option<u64>, String)) -> RawRow {
        let rest = lines.split_off(1);
        self.lines.put_back(rest);
        let Line { number, mut bytes, .. } = lines.swap_remove(0);
        bytes.truncate(without_line_end(&bytes).len());
        RawRow::of(number, bytes, Body::Broken(column, reason))
    }
}

impl RowSource for Csv {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        let width = Some(self.width);
        gather(most, || self.next(width).map_err(|error| IngestError::io(self.lines.input.name(), error)))
    }

    fn input(&self) -> &Input {
        &self.lines.input
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ReadOptions;
    use std::io::Cursor;

    fn rows(text: &str) -> Vec<(u64, Result<Vec<String>, String>)> {
        let input = Input::open("test", Box::new(Cursor::new(text.as_bytes().to_vec())), &ReadOptions::default())
            .expect("memory can be read");
        let mut opened = open(input).expect("a sound header");
        let delimiter = opened.layout.map_or(b',', |layout| layout.delimiter);
        let read = |row: RawRow| match row.body {
            Body::Broken(_, reason) => (row.line, Err(reason)),
            _ => (
                row.line,
                CellReader::new(delimiter)
                    .read(&row.bytes)
                    .map(|cells| cells.iter().map(str::to_owned).collect())
                    .map_err(|fault| fault.reason),
            ),
        };
        opened.rows.batch(1000).expect("memory can be read").into_iter().map(read).collect()
    }

    fn good(line: u64, cells: &[&str]) -> (u64, Result<Vec<String>, String>) {
        (line, Ok(cells.iter().map(|cell| (*cell).to_owned()).collect()))
    }

    #[test]
    fn a_quoted_cell_over_several_lines_keeps_its_text_and_the_line_numbers() {
        let text = "record_id,charges.text\r\n1,\"a \"\"b\"\"\r\nc, d\"\r\n\r\n2,e\"f\n3,";
        assert_eq!(rows(text), [good(2, &["1", "a \"b\"\r\nc, d"]), good(5, &["2", "e\"f"]), good(6, &["3", ""])]);
    }

    #[test]
    fn a_row_with_too_few_or_too_many_cells_is_rejected() {
        let rows = rows("record_id,kind\n1\n2,sltd,x\n3,sltd\n");
        assert!(rows[0].1.as_ref().is_err_and(|reason| reason.starts_with("1 cells where the header has 2")));
        assert!(rows[1].1.as_ref().is_err_and(|reason| reason.starts_with("3 cells where the header has 2")));
        assert_eq!(rows[2], good(4, &["3", "sltd"]));
    }

    #[test]
    fn a_missing_quote_costs_one_row_and_not_the_rest() {
        let after: Vec<u64> = rows("record_id,charges.text\n1,\"open\n2,\"x\"\n3,y\n")
            .iter()
            .filter(|row| row.1.is_ok())
            .map(|row| row.0)
            .collect();
        assert_eq!(after, [3, 4]);
        let after = rows("record_id,charges.text\n1,\"open\n2,x\n");
        assert!(after[0].1.as_ref().is_err_and(|reason| reason.contains("never closed")));
        assert_eq!(after[1], good(3, &["2", "x"]));
    }

    #[test]
    fn a_quote_is_not_sought_to_the_end_of_the_file() {
        let rows = rows(&format!("record_id,charges.text\n1,\"open\n{}", "2,x\n".repeat(3 * MOST_LINES)));
        assert_eq!(rows.len(), 1000);
        assert_eq!(rows.iter().filter(|row| row.1.is_err()).count(), 1);
    }

    #[test]
    fn a_header_of_nothing_but_delimiters_is_refused() {
        let input = Input::open("a.csv", Box::new(Cursor::new(vec![b','; 1 << 20])), &ReadOptions::default())
            .expect("memory can be read");
        let error = open(input).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("it has 1048577 columns, and at most 4096 are read"), "{error}");
    }

    #[test]
    fn the_delimiter_is_told_from_the_header_line() {
        for (header, want) in [("a,b", b','), ("a;b", b';'), ("a\tb", b'\t'), ("\"a,b,c\";d", b';'), ("a", b',')] {
            assert_eq!(delimiter(header.as_bytes()), want, "{header}");
        }
    }
}
