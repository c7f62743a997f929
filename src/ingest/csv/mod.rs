//! CSV: rows of cells under a header line, in the dialect that the beginning shows or the user names.
//!
//! Records are cut out line by line before the `csv` crate reads their cells. That bounds what one record may take, keeps its
//! own bytes, and shows a missing quote: where a quoted cell does not end properly only its first line is rejected, and
//! reading goes on with the next line instead of swallowing the rows below. Blank lines are no rows, except in a table of one
//! column, where they are empty cells.

mod cells;
mod dialect;

use std::io;

use super::input::{Input, Line, Lines, column, without_line_end};
use super::ndjson::overlong;
use super::rows::{Body, Layout, Opened, RawRow, RowSource, gather};
use super::strict::utf8;
use super::{IngestError, Limit, Limits, ReadOptions, header};
use cells::Walk;
pub(super) use cells::{CellReader, Dialect};
pub use dialect::DialectChoice;
pub(super) use dialect::Plan;

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
    let plan = Plan::of(input.head(), &options.dialect);
    let mut lines = Lines::of(input);
    lines.end_with(dialect::line_end(lines.input.head()));
    let limits = options.limits;
    let mut source = Csv { lines, dialect: plan.dialect, limits, width: None, warnings: vec![], empty: 0 };
    let names = match plan.header.clone().map_err(broken)? {
        Some(line) => {
            source.skip_to(line, plan.said_in_line).map_err(unreadable)?;
            let row = source.next().map_err(unreadable)?.filter(|row| row.line == line);
            let row = row.ok_or_else(|| broken(header::not_there(line)))?;
            source.names(&row, broken)?
        }
        None => {
            source.skip_to(plan.said_in_line.map_or(1, |line| line + 1), plan.said_in_line).map_err(unreadable)?;
            header::unnamed(plan.width)
        }
    };
    if names.len() > limits.size(Limit::Columns) {
        let many = limits.over(Limit::Columns, format!("it has {} columns, more", names.len()));
        return Err(broken(format!("{many}, or check the delimiter")));
    }
    source.width = Some(names.len());
    let layout = Layout { names, dialect: plan.dialect, says: plan.says() };
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
                "{} cells where the header has {width}; quote cells that hold the delimiter or a line break",
                walk.cells
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
        RawRow { warning: doubt(walk), ..RawRow::of(line, bytes, Body::Cells) }
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
fn doubt(walk: &Walk) -> Option<String> {
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
mod tests {
    use super::*;
    use std::io::Cursor;

    type Rows = Vec<(u64, Result<Vec<String>, String>)>;

    fn open_text(text: &str, dialect: DialectChoice) -> Result<Opened, IngestError> {
        let input = Input::open("a.csv", Box::new(Cursor::new(text.as_bytes().to_vec())), &ReadOptions::default())
            .expect("memory can be read");
        open(input, &ReadOptions { dialect, ..ReadOptions::default() })
    }

    fn error(text: &str) -> String {
        open_text(text, DialectChoice::default()).err().map(|error| error.to_string()).unwrap_or_default()
    }

    fn rows(text: &str) -> Rows {
        rows_of(open_text(text, DialectChoice::default()).expect("a sound header"))
    }

    fn rows_of(mut opened: Opened) -> Rows {
        let mut cells = CellReader::new(opened.layout.map(|layout| layout.dialect).unwrap_or_default());
        let mut read = |row: RawRow| match row.body {
            Body::Broken(_, reason) => (row.line, Err(reason)),
            _ => {
                let cells = cells.read(&row.bytes).map(|cells| cells.iter().map(str::to_owned).collect());
                (row.line, cells.map_err(|fault| fault.reason))
            }
        };
        opened.rows.batch(2000).expect("memory can be read").into_iter().map(&mut read).collect()
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
    fn rows_of_empty_cells_are_no_records_and_are_counted() {
        let mut opened =
            open_text("record_id,kind\n1,\n,\n\"\" , \n2,x\n", DialectChoice::default()).expect("a sound header");
        let lines: Vec<u64> = opened.rows.batch(10).expect("memory can be read").iter().map(|row| row.line).collect();
        assert_eq!(lines, [2, 5]);
        assert_eq!(opened.rows.warnings(), ["rows with empty cells only, which are no records: 2"]);
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
        let rows = rows(&format!("record_id,charges.text\n1,\"open\n{}", "2,x\n".repeat(1500)));
        assert_eq!(rows.len(), 1501);
        let broken: Vec<_> = rows.iter().filter_map(|row| row.1.as_ref().err()).collect();
        assert_eq!(broken.len(), 1);
        assert!(broken[0].contains("(limit `cell-lines`)"), "{}", broken[0]);
    }

    #[test]
    fn a_quoted_cell_over_many_lines_is_read_and_warned_of() {
        let text = format!("record_id,charges.text\n1,\"{}\"\n2,a \"b\" c\n3,d\n", "x\n".repeat(56));
        let mut opened = open_text(&text, DialectChoice::default()).expect("a sound header");
        let warnings: Vec<Option<String>> =
            opened.rows.batch(10).expect("memory can be read").into_iter().map(|row| row.warning).collect();
        let said = warnings[0].as_deref().unwrap_or_default();
        assert_eq!(
            said,
            "a quoted cell goes over 57 lines; check that no quote is missing: it may have swallowed rows"
        );
        assert!(warnings[1].as_ref().is_some_and(|said| said.starts_with("a quote stands inside a cell")));
        assert_eq!(warnings[2], None);
    }

    #[test]
    fn a_cell_that_is_too_long_costs_only_its_row() {
        let text = format!("record_id,sex\n1,{}\n2,x\n", "x".repeat(11));
        let input = Input::open("a.csv", Box::new(Cursor::new(text.into_bytes())), &ReadOptions::default())
            .expect("memory can be read");
        let limits = Limits::default().with(Limit::FieldBytes, 10);
        let rows = rows_of(open(input, &ReadOptions { limits, ..ReadOptions::default() }).expect("a sound header"));
        assert!(rows[0].1.as_ref().is_err_and(|reason| reason.contains("(limit `field-bytes`)")), "{rows:?}");
        assert_eq!(rows[1], good(3, &["2", "x"]));
    }

    #[test]
    fn a_header_of_nothing_but_delimiters_is_refused() {
        let error = error(&",".repeat(1 << 20));
        assert!(error.contains("it has 1048577 columns, more than 4096 (limit `columns`)"), "{error}");
    }

    #[test]
    fn titles_above_a_header_are_left_out_and_named() {
        let text = "Export of 2024-01-01,,\n\nrecord_id,kind,sex\n1,sltd,\n";
        let opened = open_text(text, DialectChoice::default()).expect("a sound header");
        let said = opened.rows.warnings();
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("line 1 stands above the header in line 3 and is no row (`Export of 2024-01-01"));
        assert_eq!(rows_of(opened), [good(4, &["1", "sltd", ""])]);
    }

    #[test]
    fn a_line_that_names_the_delimiter_is_followed() {
        let opened = open_text("sep=|\r\nrecord_id|sex\r\n1|a,b;c\r\n", DialectChoice::default()).expect("sound");
        assert_eq!(opened.rows.warnings(), [""; 0]);
        assert_eq!(rows_of(opened), [good(3, &["1", "a,b;c"])]);
    }

    #[test]
    fn a_table_without_a_header_is_read_when_the_user_says_so() {
        let said = error("1,2021-01-01\n2,2021-01-02\n");
        assert!(said.contains("line 1 looks like a row of data") && said.contains("`--header-row 0`"), "{said}");
        let none = DialectChoice { header_row: Some(0), ..DialectChoice::default() };
        let opened = open_text("1,x\n2,y\n", none).expect("no header is wanted");
        assert_eq!(opened.layout.as_ref().map(|layout| layout.names.join(" ")).as_deref(), Some("column_1 column_2"));
        assert_eq!(rows_of(opened), [good(1, &["1", "x"]), good(2, &["2", "y"])]);
        let third = DialectChoice { header_row: Some(2), ..DialectChoice::default() };
        assert_eq!(rows_of(open_text("1,x\n2,y\n3,z\n", third).expect("a header")), [good(3, &["3", "z"])]);
        let beyond = DialectChoice { header_row: Some(9), ..DialectChoice::default() };
        let said = open_text("1,x\n", beyond).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(said.contains("no row begins in line 9"), "{said}");
    }

    #[test]
    fn a_blank_line_is_a_row_only_in_a_table_of_one_column() {
        assert_eq!(rows("record_id\n\n1\n"), [good(2, &[""]), good(3, &["1"])]);
        assert_eq!(rows("record_id\tsex\n\n\t\n1\tx"), [good(4, &["1", "x"])]);
        assert!(error("").contains("the file is empty"));
    }

    #[test]
    fn lines_may_end_in_a_lone_carriage_return() {
        assert_eq!(rows("record_id,sex\r1,\"a\rb\"\r2,c\r"), [good(2, &["1", "a\rb"]), good(4, &["2", "c"])]);
    }
}
