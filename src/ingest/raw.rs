//! Rows as they are cut, before any profile makes records of them: to see what is in a file, and what is not read of it.

use std::collections::HashSet;
use std::fmt;

use serde_json::Value as Json;

use super::csv::CellReader;
use super::input::Input;
use super::opening::open_rows;
use super::recognise::recognise;
use super::rows::{Content, Layout, Opened, RawRow, RowSource};
use super::{IngestError, Limits, ReadOptions, Reject, Source};

/// How many rows are cut at a time.
const TOGETHER: usize = 64;

/// One row.
#[derive(Debug)]
pub struct Row {
    /// Line at which it starts, or its number.
    pub line: u64,
    /// The row: an object by the names of the columns, a list where there are none; or why it cannot be read.
    pub content: Result<Json, Reject>,
    /// What may be wrong although it can be read.
    pub warning: Option<String>,
}

/// The rows of an input, in order. After an error there is none.
pub struct RawRows {
    rows: Option<Box<dyn RowSource>>,
    batch: std::vec::IntoIter<RawRow>,
    cells: Option<CellReader>,
    /// The key of each column; none where the columns have no names.
    keys: Option<Vec<String>>,
    limits: Limits,
    layout: Option<String>,
    warnings: Vec<String>,
}

/// Opens an input for its rows.
///
/// # Errors
/// As [`super::read`], only that no column has to be known.
pub fn raw_rows(source: &Source, options: &ReadOptions) -> Result<RawRows, IngestError> {
    let input = Input::of(source, options)?;
    let format = recognise(&input, options)?;
    let Opened { rows, layout } = open_rows(format, input, options)?;
    let named = options.dialect.header_row != Some(0);
    let cells = layout.as_ref().map(Layout::cell_reader);
    let keys = layout.as_ref().filter(|_| named).map(|layout| keys(&layout.names));
    let layout = layout.map(|Layout { says, .. }| says).filter(|says| !says.is_empty());
    let batch = vec![].into_iter();
    Ok(RawRows { rows: Some(rows), batch, cells, keys, limits: options.limits, layout, warnings: vec![] })
}

impl RawRows {
    /// How the cells of a table are told apart and where its header is, in words.
    #[must_use]
    pub fn layout(&self) -> Option<&str> {
        self.layout.as_deref()
    }

    /// What may be wrong with the input as a whole; complete when there is no further row.
    #[must_use]
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    fn content(&mut self, mut row: RawRow) -> Row {
        let content = row.take_content(&mut self.cells, &self.limits).map(|content| match (content, &self.keys) {
            (Content::Object(object), _) => Json::Object(object),
            (Content::Cells(values), Some(keys)) => Json::Object(keys.iter().cloned().zip(values).collect()),
            (Content::Cells(values), None) => Json::Array(values),
        });
        Row { line: row.line, content, warning: row.warning }
    }

    fn row(&mut self) -> Result<Option<RawRow>, IngestError> {
        if let Some(row) = self.batch.next() {
            return Ok(Some(row));
        }
        let Some(source) = &mut self.rows else { return Ok(None) };
        self.batch = source.batch(TOGETHER)?.into_iter();
        let row = self.batch.next();
        if row.is_none() {
            self.warnings = source.warnings();
            self.rows = None;
        }
        Ok(row)
    }
}

impl Iterator for RawRows {
    type Item = Result<Row, IngestError>;

    fn next(&mut self) -> Option<Self::Item> {
        match self.row() {
            Ok(row) => row.map(|row| Ok(self.content(row))),
            Err(error) => {
                self.rows = None;
                Some(Err(error))
            }
        }
    }
}

impl fmt::Debug for RawRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawRows").field("layout", &self.layout).field("keys", &self.keys).finish_non_exhaustive()
    }
}

/// A key for each column: its name, or its number where it has none, with a number where the name stood before.
fn keys(names: &[String]) -> Vec<String> {
    let mut known: HashSet<String> = HashSet::new();
    let key = |(at, name): (usize, &String)| {
        let own = if name.is_empty() { format!("column_{}", at + 1) } else { name.clone() };
        let others = (2..).map(|number| format!("{own}_{number}"));
        let key = std::iter::once(own.clone()).chain(others).find(|key| !known.contains(key)).unwrap_or(own);
        known.insert(key.clone());
        key
    };
    names.iter().enumerate().map(key).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_a_key_of_its_own() {
        let names = ["a", "", "a", "a_2", "a", "column_2"].map(str::to_owned);
        assert_eq!(keys(&names), ["a", "column_2", "a_2", "a_2_2", "a_3", "column_2_2"]);
    }
}
