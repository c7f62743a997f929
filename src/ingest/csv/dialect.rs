//! How a table is laid out: its dialect and its header line, as the user says or as its beginning shows.
//!
//! Every dialect is tried on the beginning. The one counts most under which most rows have one width, the first row has it too,
//! and cells of the header are names that are known. A file of one column shows no delimiter and stays one column.

use super::cells::{CellReader, Dialect, Walk};
use super::is_blank;
use crate::ingest::header::{self, Row};
use crate::ingest::lines::without_line_end;

/// What may stand between two cells, the likeliest first.
const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const QUOTE: u8 = b'"';
const OTHER_QUOTE: u8 = b'\'';
const ESCAPE: u8 = b'\\';
/// A last line without an end may be cut off in a beginning that is as long as this.
const MAY_BE_CUT: usize = 16 * 1024;
/// A quoted cell over more lines than this is none, for the beginning.
const MOST_LINES: usize = 200;

/// What the user says of the layout of a table. What is left out is found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DialectChoice {
    /// What stands between two cells.
    pub delimiter: Option<u8>,
    /// What stands around cells; none inside if nothing does.
    pub quote: Option<Option<u8>>,
    /// The line of the header, counted from 1; 0 if there is none.
    pub header_row: Option<u64>,
}

/// How a table is laid out, as far as its beginning shows it.
#[derive(Debug)]
pub(in crate::ingest) struct Found {
    pub(in crate::ingest) dialect: Dialect,
    /// The line of the header; none if the user says that there is none, else why none can be found.
    pub(in crate::ingest) header: Result<Option<u64>, String>,
    /// The names in the header, as far as the beginning shows them.
    pub(in crate::ingest) names: Vec<String>,
    /// How many cells most rows have.
    pub(super) width: usize,
    /// How many rows have so many cells, of how many.
    fitting: (usize, usize),
    /// The line in which a spreadsheet has put down the delimiter, as in `sep=;`.
    pub(super) said_in_line: Option<u64>,
}

impl Found {
    /// What the beginning of a table shows.
    pub(in crate::ingest) fn of(head: &[u8], choice: &DialectChoice) -> Self {
        let lines = lines(head);
        let first = lines.iter().find(|(_, line)| !line.trim_ascii().is_empty());
        let said = first.and_then(|(at, line)| Some((*at, said_delimiter(line)?)));
        let rest = match said {
            Some((line, _)) => lines.iter().position(|(at, _)| *at == line).map_or(0, |at| at + 1),
            None => 0,
        };
        let mut choice = *choice;
        choice.delimiter = choice.delimiter.or(said.map(|(_, delimiter)| delimiter));
        let (dialect, sample) = best(lines.get(rest..).unwrap_or_default(), &choice);
        let first = lines.iter().skip(rest).find(|(_, line)| !is_blank(line, dialect)).map(|(at, _)| *at);
        let found = match choice.header_row {
            Some(0) => Ok(None),
            Some(line) => Ok(Some(line)),
            None => header::find(&sample.rows, sample.width, first).map(Some),
        };
        let row = found.as_ref().ok().and_then(|line| sample.rows.iter().find(|row| Some(row.line) == *line));
        Self {
            dialect,
            names: row.map(|row| row.cells.iter().map(|cell| cell.trim().to_owned()).collect()).unwrap_or_default(),
            header: found,
            width: sample.width,
            fitting: (sample.fitting, sample.rows.len() + sample.broken),
            said_in_line: said.map(|(line, _)| line),
        }
    }

    /// The layout and what shows it, in words.
    pub(super) fn says(&self) -> String {
        let Dialect { delimiter, quote, escape } = self.dialect;
        let quote = quote.map_or("no quotes".to_owned(), |quote| format!("quote `{}`", char::from(quote)));
        let escape = if escape.is_some() { ", a backslash before a quote inside a cell" } else { "" };
        let header = match self.header {
            Ok(Some(line)) => format!("header in line {line}"),
            _ => "no header".to_owned(),
        };
        let (fitting, of) = self.fitting;
        let delimiter = name(delimiter);
        format!(
            "delimiter {delimiter}, {quote}{escape}, {header}; {fitting} of the first {of} rows have {}",
            header::cells(self.width)
        )
    }
}

/// The delimiter that a line like `sep=;` says.
fn said_delimiter(line: &[u8]) -> Option<u8> {
    let text = without_line_end(line);
    let text = text.strip_prefix(b"\"").and_then(|text| text.strip_suffix(b"\"")).unwrap_or(text);
    match text {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] if !delimiter.is_ascii_alphanumeric() => {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// A delimiter as people call it.
fn name(delimiter: u8) -> String {
    if delimiter == b'\t' { "tab".to_owned() } else { format!("`{}`", char::from(delimiter)) }
}

/// What ends the lines of a table: in files of old Macintosh programs a lone carriage return.
pub(super) fn line_end(head: &[u8]) -> u8 {
    if !head.contains(&b'\n') && head.contains(&b'\r') { b'\r' } else { b'\n' }
}

/// The lines of the beginning with their numbers, line ends included; a last one that may be cut off is left out.
fn lines(head: &[u8]) -> Vec<(u64, &[u8])> {
    let end = line_end(head);
    let mut lines: Vec<_> = (1..).zip(head.split_inclusive(|byte| *byte == end)).collect();
    if head.len() >= MAY_BE_CUT && lines.len() > 1 && head.last() != Some(&end) {
        lines.pop();
    }
    lines
}

/// The dialect that explains the beginning best.
fn best(lines: &[(u64, &[u8])], choice: &DialectChoice) -> (Dialect, Sample) {
    let mut best: Option<(usize, Dialect, Sample)> = None;
    for dialect in candidates(lines, choice) {
        let sample = Sample::of(lines, dialect);
        // A quote that may as well be an apostrophe must stand around a cell.
        let shown = dialect.quote != Some(OTHER_QUOTE) || sample.quoted > 0 || choice.quote.is_some();
        let score = sample.score();
        if best.as_ref().is_none_or(|(most, ..)| shown && score > *most) {
            best = Some((score, dialect, sample));
        }
    }
    best.map_or_else(|| (Dialect::default(), Sample::default()), |(_, dialect, sample)| (dialect, sample))
}

/// The dialects that may be, the likeliest first.
fn candidates(lines: &[(u64, &[u8])], choice: &DialectChoice) -> Vec<Dialect> {
    let holds = |pair: &[u8]| lines.iter().any(|(_, line)| line.windows(pair.len()).any(|some| some == pair));
    let delimiters = choice.delimiter.map_or(DELIMITERS.to_vec(), |delimiter| vec![delimiter]);
    let quotes = match choice.quote {
        Some(quote) => vec![quote],
        None if holds(&[OTHER_QUOTE]) => vec![Some(QUOTE), Some(OTHER_QUOTE)],
        None => vec![Some(QUOTE)],
    };
    let mut all = vec![];
    for delimiter in delimiters {
        for quote in quotes.iter().copied() {
            all.push(Dialect { delimiter, quote, escape: None });
            if quote.is_some_and(|quote| holds(&[ESCAPE, quote])) {
                all.push(Dialect { delimiter, quote, escape: Some(ESCAPE) });
            }
        }
    }
    all
}

/// The rows of the beginning under one dialect.
#[derive(Default)]
struct Sample {
    rows: Vec<Row>,
    /// Lines that are no record.
    broken: usize,
    /// Cells in quotes.
    quoted: usize,
    /// How many cells most rows have.
    width: usize,
    /// Rows that have so many and no cell in other quotes.
    fitting: usize,
}

impl Sample {
    fn of(lines: &[(u64, &[u8])], dialect: Dialect) -> Self {
        let mut sample = Self { width: 1, ..Self::default() };
        let mut reader = CellReader::new(dialect);
        let mut at = 0;
        while let Some((number, line)) = lines.get(at) {
            if is_blank(line, dialect) {
                at += 1;
                continue;
            }
            let mut walk = Walk::new(dialect);
            let length = record_length(&lines[at..], &mut walk);
            let record = lines[at..at + length.unwrap_or(0)].iter().map(|(_, line)| *line).collect::<Vec<_>>().concat();
            // The encoding is looked at when the row is read.
            match reader.read(String::from_utf8_lossy(without_line_end(&record)).as_bytes()) {
                Ok(cells) if length.is_some() => {
                    sample.rows.push(Row { line: *number, cells: cells.iter().map(str::to_owned).collect() });
                    sample.quoted += walk.quoted;
                }
                _ => sample.broken += 1,
            }
            at += length.unwrap_or(1);
        }
        sample.measure(dialect);
        sample
    }

    fn measure(&mut self, dialect: Dialect) {
        self.width = header::width(&self.rows);
        let other = if dialect.quote == Some(OTHER_QUOTE) { '"' } else { '\'' };
        let is_odd = |cell: &String| cell.len() > 1 && cell.starts_with(other) && cell.ends_with(other);
        let fits = |row: &&Row| row.cells.len() == self.width && !row.cells.iter().any(is_odd);
        self.fitting = self.rows.iter().filter(fits).count();
    }

    /// How well the dialect explains the rows.
    fn score(&self) -> usize {
        // A line that the delimiter does not part says nothing for it.
        let parted = |row: &&Row| row.cells.len() >= self.width.min(2);
        let sought = self.rows.iter().take(header::SOUGHT).filter(parted);
        let known = sought.map(Row::known).max().unwrap_or(0);
        let fit = 1000 * self.fitting / (self.rows.len() + self.broken).max(1);
        let names = 500 * known.min(4);
        if self.width == 1 {
            return fit / 2 + names;
        }
        let first_fits = self.rows.first().is_some_and(|row| row.cells.len() == self.width);
        fit + 500 * usize::from(first_fits) + names + self.width.min(20)
    }
}

/// How many lines the record at the beginning has, if it is one.
fn record_length(lines: &[(u64, &[u8])], walk: &mut Walk) -> Option<usize> {
    for (at, (_, line)) in lines.iter().take(MOST_LINES).enumerate() {
        walk.line(without_line_end(line)).ok()?;
        if !walk.is_open() {
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Found {
        Found::of(text.as_bytes(), &DialectChoice::default())
    }

    /// Delimiter, quote and escape as three characters, a blank for none.
    fn marks(text: &str) -> String {
        let Dialect { delimiter, quote, escape } = found(text).dialect;
        [delimiter, quote.unwrap_or(b' '), escape.unwrap_or(b' ')].map(char::from).iter().collect()
    }

    #[test]
    fn the_beginning_shows_the_dialect() {
        for (text, want) in [
            ("a,b\n", ",\" "),
            ("a;b", ";\" "),
            ("a\tb\n1\t2", "\t\" "),
            ("a|b\n1|2\n", "|\" "),
            ("\"a,b,c\";d\n", ";\" "),
            ("a;b;c\n1,5;2,5;3,5\n1,5;2;3\n", ";\" "),
            ("record_id,kind\n1,a;b;c\n2,d;e;f\n3,g;h;i\n", ",\" "),
            ("a,b\n'x,y','z'\n'1,2,3','4'\n", ",' "),
            ("a,b\n1,O'Neil\n2,'Abd al-Rahman\n3,'x'\n", ",\" "),
            ("a,b\n1,\"say \\\"x, y\\\"\"\n2,\"z\"\n", ",\"\\"),
            ("a,b\n1,\"C:\\\"\n2,\"D:\\\"\n", ",\" "),
            ("a,b\n1,\"never closed\n2,x\n3,y\n", ",\" "),
            ("record_id\na;b\nc;d\ne;f\n", ",\" "),
            ("", ",\" "),
        ] {
            assert_eq!(marks(text), want, "{text}");
        }
    }

    #[test]
    fn what_the_user_says_counts_before_what_is_seen() {
        let choice = DialectChoice { delimiter: Some(b':'), quote: Some(None), header_row: Some(2) };
        let found = Found::of(b"sep=;\na:\"b\n", &choice);
        assert_eq!(found.dialect, Dialect { delimiter: b':', quote: None, escape: None });
        assert_eq!((found.header, found.names), (Ok(Some(2)), vec!["a".to_owned(), "\"b".to_owned()]));
    }

    #[test]
    fn the_layout_is_told_with_what_shows_it() {
        assert_eq!(
            found("Register\n\na;b;c\n1;2;3\n4;5;6\n").says(),
            "delimiter `;`, quote `\"`, header in line 3; 3 of the first 4 rows have 3 cells"
        );
        assert!(found("a\tb\n1\t2").says().starts_with("delimiter tab, "));
    }

    #[test]
    fn the_header_is_found() {
        for (text, line) in [
            ("a,b\n1,2\n", 1),
            ("Export,,\n2024-01-01,,\na,b,c\n1,2,3\n", 3),
            ("a,b\n1,2,\n3,4,\n", 1),
            (",a,b\n0,x,y\n", 1),
            ("1,2\n3,4\nrecord_id,kind\n5,sltd\n", 3),
            ("x\n1\n", 1),
        ] {
            assert_eq!(found(text).header, Ok(Some(line)), "{text}");
        }
        assert!(found("1,x\n2,y\n").header.is_err());
    }

    #[test]
    fn a_beginning_of_any_bytes_is_looked_at_in_time() {
        let worst = ["\"\n", "\"\"\n", "'", "\\\"", ",", "\n", "\r", "a\"b\n"];
        for text in worst.map(|text| text.repeat(65_536 / text.len())) {
            let _ = found(&text);
        }
    }
}
