//! A JSON file: a list of objects, one object, or pages of INTERPOL's API with a list of notices each. It is read as a
//! stream: each item is cut out by its brackets and quotes and is a row, whose inside is looked at later.
//!
//! An item that is not sound costs itself only. A fault between items ends the reading: what follows cannot be trusted. The
//! rows before it are delivered, and the error says which they are.

mod cut;

use std::io::{self, BufRead as _};

use cut::{Place, Step, Walk};

use super::error::rows_read;
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

pub(super) fn open(input: Input, limits: &Limits) -> Opened {
    Opened::of(Document {
        input,
        limits: *limits,
        at: Place::START,
        next: Next::Start,
        list: false,
        page: None,
        rows: 0,
        fault: None,
    })
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
        let remedy = if fault.objects {
            "write one object a line, as `jq -c .` does, and read it with `--input-format ndjson`"
        } else {
            "fetch or write the file again"
        };
        IngestError::BrokenJson {
            name: self.input.name().to_owned(),
            line: fault.place.line,
            column: fault.place.column,
            reason: fault.reason.clone(),
            remedy: format!("{}; {remedy}", rows_read(self.rows)),
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
mod tests;
