//! A JSON file: a list of objects, one object, or pages of INTERPOL's API with a list of notices each. It is read as a
//! stream: each item is cut out by its brackets and quotes and is a row, whose inside is looked at later.
//!
//! An item that is not sound costs itself only. A fault between items ends the reading: what follows cannot be trusted. The
//! rows before it are delivered, and the error says which they are.

mod cut;

use std::io::{self, BufRead as _};

use cut::{Place, Step, Walk};

use super::input::Input;
use super::rows::{Body, Opened, RawRow, RowSource, gather};
use super::{IngestError, Limit, Limits, strict};

/// How much of an item that is too long is kept, to show it.
const SHOWN: usize = 4096;

struct Document {
    input: Input,
    limits: Limits,
    at: Place,
    next: Next,
    /// Whether the file is a list.
    list: bool,
    /// The page whose notices are read at the moment.
    page: Option<Part>,
    /// How many rows were read.
    rows: u64,
    /// Why nothing more can be read.
    fault: Option<Fault>,
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    /// The first value.
    Start,
    /// The first item of a list, or its end.
    First,
    /// A further item.
    Item,
    /// A comma, or the end of a list.
    Comma,
    /// Nothing but blanks.
    End,
}

/// A value that is being cut out.
struct Part {
    walk: Walk,
    start: Place,
    bytes: Vec<u8>,
    /// Whether it is longer than a row may be, so that only its beginning is kept.
    cut: bool,
}

/// A fault between items.
struct Fault {
    place: Place,
    reason: String,
    /// Whether one object follows another.
    objects: bool,
}

/// Why a row cannot be cut out.
enum Stop {
    Io(io::Error),
    Fault(Fault),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

pub(super) fn open(input: Input, limits: &Limits) -> Result<Opened, IngestError> {
    Ok(Opened::of(Document {
        input,
        limits: *limits,
        at: Place::START,
        next: Next::Start,
        list: false,
        page: None,
        rows: 0,
        fault: None,
    }))
}

impl Document {
    /// The next row.
    fn row(&mut self) -> Result<Option<RawRow>, Stop> {
        loop {
            let byte = self.token()?;
            match (self.next, byte) {
                (Next::Start, None) => return Err(self.fault("the file is empty")),
                (Next::Start, Some(b'<')) => return Err(self.fault("it looks like XML or HTML")),
                (Next::Start, Some(b'[')) => {
                    self.pass(1);
                    (self.list, self.next) = (true, Next::First);
                }
                (Next::First | Next::Comma, Some(b']')) => self.end_list()?,
                (Next::Comma, Some(b',')) => {
                    self.pass(1);
                    self.next = Next::Item;
                }
                (Next::End, None) => return Ok(None),
                (Next::Start | Next::First | Next::Item, Some(byte)) if !b",:]}".contains(&byte) => {
                    let part = Part { walk: Walk::new(), start: self.at, bytes: vec![], cut: false };
                    if let Some(row) = self.part(part)? {
                        return Ok(Some(row));
                    }
                }
                (next, byte) => return Err(self.unexpected(next, byte)),
            }
        }
    }

    /// The next byte that is no blank; none at the end.
    fn token(&mut self) -> io::Result<Option<u8>> {
        loop {
            let ahead = self.input.ahead()?;
            let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let found = ahead.iter().position(|byte| !blank(byte));
            let token = found.and_then(|at| ahead.get(at).copied());
            let blanks = found.unwrap_or(ahead.len());
            let at_end = ahead.is_empty();
            self.pass(blanks);
            if token.is_some() || at_end {
                return Ok(token);
            }
        }
    }

    /// Goes past some bytes that are at hand.
    fn pass(&mut self, count: usize) {
        if let Ok(ahead) = self.input.ahead() {
            self.at = self.at.after(&ahead[..count.min(ahead.len())]);
        }
        self.input.consume(count);
    }

    /// Cuts out a value or the rest of it. A page is no row; its notices are.
    fn part(&mut self, mut part: Part) -> Result<Option<RawRow>, Stop> {
        match self.cut(&mut part)? {
            Step::Last | Step::Past => {}
            Step::Page if self.page.is_none() && !part.cut => {
                (self.page, self.next) = (Some(part), Next::First);
                return Ok(None);
            }
            Step::Wrong => return Err(self.fault("a bracket closes what another kind of bracket opened")),
            Step::More | Step::Page => {
                let reason = "not valid JSON: the file ends inside the value that begins".to_owned();
                return Err(Stop::Fault(Fault { place: part.start, reason, objects: false }));
            }
        }
        self.next = if self.list || self.page.is_some() { Next::Comma } else { Next::End };
        Ok(Some(self.row_of(part)))
    }

    fn row_of(&self, part: Part) -> RawRow {
        let Part { walk, start: Place { line, column }, bytes, cut } = part;
        let body = if cut {
            Body::Broken(Some(column), self.limits.over(Limit::RowBytes, "the object is longer"))
        } else if walk.deepest > self.limits.get(Limit::Depth) {
            Body::Broken(Some(column), self.limits.over(Limit::Depth, "the JSON is nested deeper"))
        } else {
            Body::Json
        };
        RawRow { column, ..RawRow::of(line, bytes, body) }
    }

    /// Takes the bytes of a value up to its end, or to where a page's list begins.
    fn cut(&mut self, part: &mut Part) -> io::Result<Step> {
        let most = self.limits.size(Limit::RowBytes);
        let in_page = self.page.is_some();
        loop {
            let ahead = self.input.ahead()?;
            if ahead.is_empty() {
                return Ok(if part.walk.is_scalar() { Step::Past } else { Step::More });
            }
            let (mut count, mut end) = (ahead.len(), Step::More);
            for (at, byte) in ahead.iter().enumerate() {
                let step = part.walk.take(*byte);
                if step == Step::More || (step == Step::Page && (in_page || part.cut)) {
                    continue;
                }
                count = if matches!(step, Step::Past | Step::Wrong) { at } else { at + 1 };
                end = step;
                break;
            }
            let bytes = &ahead[..count];
            part.cut |= part.bytes.len() + bytes.len() > most;
            if part.cut {
                let room = SHOWN.saturating_sub(part.bytes.len()).min(bytes.len());
                part.bytes.extend_from_slice(&bytes[..room]);
                part.bytes.truncate(SHOWN);
                part.bytes.shrink_to_fit();
            } else {
                part.bytes.extend_from_slice(bytes);
            }
            self.at = self.at.after(bytes);
            self.input.consume(count);
            if end != Step::More {
                return Ok(end);
            }
        }
    }

    /// Ends a list: the file's, or that of a page, whose rest follows.
    fn end_list(&mut self) -> Result<(), Stop> {
        let Some(mut page) = self.page.take() else {
            self.pass(1);
            self.next = Next::End;
            return Ok(());
        };
        match self.cut(&mut page)? {
            Step::Last => {}
            Step::Wrong => return Err(self.fault("a bracket closes what another kind of bracket opened")),
            Step::Page => return Err(self.fault("a page has two lists of notices")),
            Step::More | Step::Past => return Err(self.fault("the file ends inside a page of notices")),
        }
        if page.cut {
            return Err(
                self.fault(&self.limits.over(Limit::RowBytes, "what stands around the notices of a page is longer"))
            );
        }
        // What stands around the notices must be sound too: else it may be that they were never a list of notices.
        if let Err(fault) = strict::value(&page.bytes, &self.limits) {
            return Err(Stop::Fault(Fault { place: page.start, reason: fault.reason, objects: false }));
        }
        self.next = if self.list { Next::Comma } else { Next::End };
        Ok(())
    }

    fn fault(&self, reason: &str) -> Stop {
        Stop::Fault(Fault { place: self.at, reason: format!("not valid JSON: {reason}"), objects: false })
    }

    fn unexpected(&self, next: Next, byte: Option<u8>) -> Stop {
        let seen = match byte {
            None => "the file ends".to_owned(),
            Some(byte) if byte.is_ascii_graphic() => format!("`{}` stands", char::from(byte)),
            Some(_) => "something else stands".to_owned(),
        };
        let wanted = match next {
            Next::Item if byte == Some(b']') => "a comma is followed by the end of the list".to_owned(),
            Next::Start | Next::First | Next::Item => format!("{seen} where a value is expected"),
            Next::Comma => format!("{seen} where a comma or the end of the list is expected"),
            Next::End => "more text follows the end".to_owned(),
        };
        let objects = next == Next::End && !self.list && byte == Some(b'{');
        Stop::Fault(Fault { place: self.at, reason: format!("not valid JSON: {wanted}"), objects })
    }

    fn error(&self, fault: &Fault) -> IngestError {
        let read = match self.rows {
            0 => "no row was read",
            1 => "row 1 was read",
            rows => &format!("rows 1 to {rows} were read"),
        };
        let remedy = if fault.objects {
            "if it holds one object a line, read it with `--input-format ndjson`"
        } else {
            "fetch or write the file again"
        };
        IngestError::BrokenJson {
            name: self.input.name().to_owned(),
            line: fault.place.line,
            column: fault.place.column,
            reason: fault.reason.clone(),
            remedy: format!("{read}; {remedy}"),
        }
    }
}

impl RowSource for Document {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        let rows = gather(most, || match &self.fault {
            Some(_) => Ok(None),
            None => self.row().or_else(|stop| match stop {
                Stop::Io(error) => Err(IngestError::io(self.input.name(), error)),
                // The rows before it are handed over first.
                Stop::Fault(fault) => {
                    self.fault = Some(fault);
                    Ok(None)
                }
            }),
        })?;
        self.rows += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        match &self.fault {
            Some(fault) if rows.is_empty() => Err(self.error(fault)),
            _ => Ok(rows),
        }
    }

    fn input(&self) -> &Input {
        &self.input
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ReadOptions;
    use std::io::Cursor;

    fn opened(text: &[u8], limits: &Limits) -> Box<dyn RowSource> {
        let input = Input::open("a.json", Box::new(Cursor::new(text.to_vec())), &ReadOptions::default())
            .expect("memory can be read");
        open(input, limits).expect("the file can be read").rows
    }

    fn rows(text: &str) -> Vec<(u64, u64, String)> {
        let rows = opened(text.as_bytes(), &Limits::default()).batch(100).expect("sound JSON");
        rows.into_iter().map(|row| (row.line, row.column, String::from_utf8_lossy(&row.bytes).into_owned())).collect()
    }

    /// How many rows come before the fault, and what it is.
    fn error(text: &str) -> (usize, String) {
        let mut rows = opened(text.as_bytes(), &Limits::default());
        let before = rows.batch(100).map_or(0, |rows| rows.len());
        (before, rows.batch(100).err().map(|error| error.to_string()).unwrap_or_default())
    }

    #[test]
    fn each_object_of_a_list_is_a_row_with_its_place() {
        assert_eq!(
            rows("[\n{\"я\":1}, {\"b\":\n2},\n 3]"),
            [(2, 1, "{\"я\":1}".into()), (2, 10, "{\"b\":\n2}".into()), (4, 2, "3".into())]
        );
        assert_eq!(rows("\u{feff} {}\n"), [(1, 2, "{}".into())]);
        assert_eq!(rows("[ ]"), []);
    }

    #[test]
    fn a_page_stands_for_its_notices() {
        let page = r#"{"total":2,"_embedded":{"notices":[{"a":1},{"a":2}]},"_links":{"self":[]}}"#;
        assert_eq!(rows(page), [(1, 36, "{\"a\":1}".to_owned()), (1, 44, "{\"a\":2}".to_owned())]);
        assert_eq!(rows(&format!("[{page},\n{page}, {{}}]")).len(), 5);
        assert_eq!(rows(r#"{"_embedded":{"notices":[]}}"#), []);
        assert_eq!(rows(r#"{"text":"\"notices\""}"#).len(), 1);
    }

    #[test]
    fn a_page_that_is_not_sound_around_its_notices_is_a_fault() {
        let (before, said) = error(r#"{"total":,"_embedded":{"notices":[{"a":1}]}}"#);
        assert_eq!(before, 1);
        assert!(said.contains("at line 1, column 1; row 1 was read"), "{said}");
        assert!(error(r#"{"_embedded":{"notices":[{}],"notices":[]}}"#).1.contains("two lists of notices"));
        assert!(error(r#"{"_embedded":{"notices":[{}]"#).1.contains("ends inside a page of notices"));
    }

    #[test]
    fn an_item_that_is_not_sound_costs_itself_only() {
        assert_eq!(rows("[{\"a\":},{'b':1},nul,{\"c\":\"\n\"},{}]").len(), 5);
    }

    #[test]
    fn a_fault_between_items_is_told_after_the_rows_before_it() {
        let remedy = "fetch or write the file again";
        for (text, rows, want) in [
            (
                "[{},\n{}",
                2,
                "the file ends where a comma or the end of the list is expected at line 2, column 3; rows 1 to 2 were read",
            ),
            ("[{},]", 1, "a comma is followed by the end of the list at line 1, column 5; row 1 was read"),
            (
                "[{} {}]",
                1,
                "`{` stands where a comma or the end of the list is expected at line 1, column 5; row 1 was read",
            ),
            ("[,{}]", 0, "`,` stands where a value is expected at line 1, column 2; no row was read"),
            ("[{}] x", 1, "more text follows the end at line 1, column 6; row 1 was read"),
            (
                "[{\"a\":[}]",
                0,
                "a bracket closes what another kind of bracket opened at line 1, column 8; no row was read",
            ),
            ("[{},{\"a\":\n", 1, "the file ends inside the value that begins at line 1, column 5; row 1 was read"),
            (" \n", 0, "the file is empty at line 2, column 1; no row was read"),
            ("<html>", 0, "it looks like XML or HTML at line 1, column 1; no row was read"),
        ] {
            let want = format!("`a.json` cannot be read: not valid JSON: {want}; {remedy}");
            assert_eq!(error(text), (rows, want), "{text}");
        }
        assert!(error("{}\n{}").1.ends_with("read it with `--input-format ndjson`"));
    }

    #[test]
    fn an_item_over_a_limit_is_rejected_and_the_next_one_is_read() {
        let text = format!("[{{\"a\":\"{}\"}},[[[1]]],{{}}]", "x".repeat(50_000));
        let limits = Limits::default().with(Limit::RowBytes, 40_000).with(Limit::Depth, 2);
        let rows = opened(text.as_bytes(), &limits).batch(100).expect("sound JSON");
        let reasons = rows.iter().map(|row| match &row.body {
            Body::Broken(_, reason) => reason.split(';').next().unwrap_or_default(),
            _ => "",
        });
        let want = [
            "the object is longer than 40000 bytes (limit `row-bytes`)",
            "the JSON is nested deeper than 2 (limit `depth`)",
            "",
        ];
        assert_eq!(reasons.collect::<Vec<_>>(), want);
        assert_eq!(rows[0].bytes.len(), SHOWN);
    }
}
