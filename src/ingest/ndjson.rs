//! NDJSON: one JSON object a line. Blank lines are no rows.

use super::input::Input;
use super::lines::{Line, Lines, without_line_end};
use super::rows::{Body, Opened, RawRow, RowSource, gather};
use super::{IngestError, Limit, Limits};

struct Ndjson {
    lines: Lines,
    limits: Limits,
}

pub(super) fn open(input: Input, limits: &Limits) -> Opened {
    Opened::of(Ndjson { lines: Lines::of(input), limits: *limits })
}

/// A line that is too long to be a row.
pub(super) fn overlong(line: Line, limits: &Limits) -> RawRow {
    let reason = limits.over(Limit::RowBytes, "the line is longer") + ", or check that the rows end in line breaks";
    RawRow::of(line.number, line.bytes, Body::Broken(None, reason))
}

impl RowSource for Ndjson {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        gather(most, || {
            loop {
                let line = self.lines.next();
                match line.map_err(|error| IngestError::io(self.lines.input.name(), error))? {
                    None => return Ok(None),
                    Some(line) if line.cut => return Ok(Some(overlong(line, &self.limits))),
                    Some(line) => {
                        let mut bytes = line.bytes;
                        bytes.truncate(without_line_end(&bytes).len());
                        if !bytes.trim_ascii().is_empty() {
                            return Ok(Some(RawRow::of(line.number, bytes, Body::Json)));
                        }
                    }
                }
            }
        })
    }

    fn input(&self) -> &Input {
        &self.lines.input
    }
}
