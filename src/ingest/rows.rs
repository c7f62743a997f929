//! Rows as a format hands them over: cut out of the input, not yet understood. Cutting is done in order, reading in parallel.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::csv::{CellReader, Dialect};
use super::input::Input;
use super::strict::{self, Fault};
use super::{IngestError, Limits, Reject};

/// A batch ends early when its rows are this long together, in bytes.
pub(super) const LARGEST_BATCH: usize = 32 * 1024 * 1024;

/// One row of the input.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RawRow {
    /// Line at which the row starts, or the row number.
    pub(super) line: u64,
    /// Column at which the row starts, counted from 1.
    pub(super) column: u64,
    /// The bytes as they stand in the input, without the line end.
    pub(super) bytes: Vec<u8>,
    pub(super) body: Body,
    /// What whoever reads the account should know of this row, although it could be read.
    pub(super) warning: Option<String>,
}

impl RawRow {
    /// A row that starts at the beginning of a line.
    pub(super) fn of(line: u64, bytes: Vec<u8>, body: Body) -> Self {
        Self { line, column: 1, bytes, body, warning: None }
    }

    /// A row that was cut without bytes of its own has those of its body written as JSON.
    pub(super) fn showing_itself(mut self) -> Self {
        if self.bytes.is_empty() {
            let text = match &self.body {
                Body::Object(object) => serde_json::to_vec(object),
                Body::Values(cells) => serde_json::to_vec(cells),
                Body::Json | Body::Cells | Body::Broken(..) => Ok(vec![]),
            };
            self.bytes = text.unwrap_or_default();
        }
        self
    }

    /// Takes out what the row says, before any profile; or why it says nothing. The bytes stay, to show it. The cells of a
    /// table are read with `cells`.
    pub(super) fn take_content(&mut self, cells: &mut Option<CellReader>, limits: &Limits) -> Result<Content, Reject> {
        let at = |fault: Fault| {
            let column = if fault.line == 1 { self.column - 1 + fault.column } else { fault.column };
            Reject::of(self.line + fault.line - 1, Some(column), fault.reason, &self.bytes)
        };
        match std::mem::replace(&mut self.body, Body::Json) {
            Body::Json => strict::object(&self.bytes, limits).map(Content::Object).map_err(at),
            Body::Object(object) => Ok(Content::Object(object)),
            Body::Values(values) => Ok(Content::Cells(values)),
            Body::Cells => match cells.as_mut().map(|cells| cells.read(&self.bytes)) {
                Some(Ok(cells)) => Ok(Content::Cells(cells.iter().map(Json::from).collect())),
                Some(Err(fault)) => Err(at(fault)),
                None => Ok(Content::Cells(vec![])),
            },
            Body::Broken(column, reason) => Err(Reject::of(self.line, column, reason, &self.bytes)),
        }
    }
}

/// What a row says.
pub(super) enum Content {
    Object(Map<String, Json>),
    /// The cells of a table, in the order of its columns.
    Cells(Vec<Json>),
}

/// What the bytes of a row are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Body {
    /// A JSON object.
    Json,
    /// The cells of a table.
    Cells,
    /// An object that is there already; the bytes only show it.
    Object(Map<String, Json>),
    /// The cells of a table that are there already; the bytes only show them.
    Values(Vec<Json>),
    /// No row: the column, if any, and the reason.
    Broken(Option<u64>, String),
}

/// An input cut into rows.
pub(super) trait RowSource: Send {
    /// The next rows, at most this many; none at the end. Rows before an error are handed on first, and after it nothing is
    /// asked for.
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError>;
    /// The input, for its account.
    fn input(&self) -> &Input;
    /// What whoever reads the account should know of the input as a whole; asked for when the rows have ended.
    fn warnings(&self) -> Vec<String> {
        vec![]
    }
}

/// An opened input and what its rows are read with.
pub(super) struct Opened {
    pub(super) rows: Box<dyn RowSource>,
    /// The columns, for a table.
    pub(super) layout: Option<Layout>,
}

/// How the rows of a table are laid out.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    /// The names of its columns, as they stand in the header line.
    pub(super) names: Vec<String>,
    /// How cells are told apart, where the rows come as text.
    pub(super) dialect: Dialect,
    /// How the table is laid out and what shows it, in words; empty where there is nothing to say.
    pub(super) says: String,
}

impl Layout {
    /// What the cells of the rows are read with.
    pub(super) fn cell_reader(&self) -> CellReader {
        CellReader::new(self.dialect)
    }
}

impl Opened {
    pub(super) fn of(rows: impl RowSource + 'static) -> Self {
        Self { rows: Box::new(rows), layout: None }
    }
}

/// Takes rows until there are enough or no more. Those before an error are handed on; it comes again.
pub(super) fn gather(
    most: usize,
    mut next: impl FnMut() -> Result<Option<RawRow>, IngestError>,
) -> Result<Vec<RawRow>, IngestError> {
    let (mut rows, mut bytes) = (vec![], 0);
    while rows.len() < most && bytes < LARGEST_BATCH {
        match next() {
            Ok(Some(row)) => {
                bytes += row.bytes.len();
                rows.push(row);
            }
            Err(error) if rows.is_empty() => return Err(error),
            Ok(None) | Err(_) => break,
        }
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_before_an_error_are_handed_on_and_it_comes_again() {
        let mut left = 3;
        let mut next = || {
            if left == 0 {
                return Err(IngestError::NotFound { name: "a".to_owned() });
            }
            left -= 1;
            Ok(Some(RawRow::of(1, vec![], Body::Json)))
        };
        assert!(gather(2, &mut next).is_ok_and(|rows| rows.len() == 2));
        assert!(gather(2, &mut next).is_ok_and(|rows| rows.len() == 1));
        assert!(gather(2, &mut next).is_err());
    }
}
