//! Many records as one polars frame with a checked schema.
//!
//! For each field that any of the rows carries, the frame holds its values under the field's path and the state of each row
//! under `path#`; a list also has the state of each of its cells under `path##`, a date its last possible day under `path>`.
//! A field without columns was carried by no row. Terms are stored by position in their vocabulary, countries as packed
//! codes. Unreadable text and the place each row came from stand beside the frame.
//!
//! The schema is made by [`TableBuilder`] and nowhere else, so [`NoticeTable::columns`] reads it without checking again.

mod builder;
mod columns;

use std::collections::{BTreeMap, BTreeSet};

use polars::prelude::{DataFrame, IdxCa, IdxSize, PlSmallStr, PolarsError};

pub use builder::TableBuilder;
pub use columns::{Column, Columns, TableRow, Values};

use crate::record::{Field, Record};

/// Where a row came from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Line of the input at which the record starts, counted from 1; for formats without lines the row number.
    pub line: u64,
    /// SHA-256 of the record's bytes as they stood in the input, where the format has such bytes.
    pub sha256: Option<[u8; 32]>,
}

/// A chunk of records.
#[derive(Debug, Clone)]
pub struct NoticeTable {
    frame: DataFrame,
    raw: BTreeMap<(u32, Field, u32), String>,
    origins: Vec<Origin>,
}

impl NoticeTable {
    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// The frame itself, for those who want to go on with polars.
    #[must_use]
    pub fn frame(&self) -> &DataFrame {
        &self.frame
    }

    /// Where a row came from.
    #[must_use]
    pub fn origin(&self, row: usize) -> Option<&Origin> {
        self.origins.get(row)
    }

    /// The columns as plain slices, ready to be read cell by cell.
    #[must_use]
    pub fn columns(&self) -> Columns<'_> {
        Columns::of(self)
    }

    pub(super) fn raw_text(&self, row: usize, field: Field, position: usize) -> Option<&str> {
        let key = (u32::try_from(row).ok()?, field, u32::try_from(position).ok()?);
        self.raw.get(&key).map(String::as_str)
    }

    /// One row as a record of its own. For many rows, take the columns once and use [`Columns::record`].
    #[must_use]
    pub fn record(&self, row: usize) -> Record {
        self.columns().record(row)
    }

    /// A table of some of the fields, without the places that rows came from. The columns are shared, not copied.
    ///
    /// # Errors
    /// Never: the columns of a table are equally long.
    pub fn project(&self, fields: &BTreeSet<Field>) -> Result<Self, PolarsError> {
        let column = |name: String| self.frame.column(&name).ok().cloned();
        let marks = |field: &Field| ["", "#", "##", ">"].map(|mark| format!("{}{mark}", field.path()));
        let columns = fields.iter().flat_map(marks).filter_map(column).collect();
        let frame = DataFrame::new(self.len(), columns)?;
        let raw = self.raw.iter().filter(|((_, field, _), _)| fields.contains(field));
        let raw = raw.map(|(key, text)| (*key, text.clone())).collect();
        Ok(Self { frame, raw, origins: vec![Origin::default(); self.len()] })
    }

    /// A table of some of the rows, in the given order.
    ///
    /// # Errors
    /// Fails where a row number is past the end.
    pub fn select(&self, rows: &[usize]) -> Result<Self, PolarsError> {
        let positions: Vec<IdxSize> = rows.iter().filter_map(|row| IdxSize::try_from(*row).ok()).collect();
        let frame = if self.frame.width() == 0 {
            self.frame.clone()
        } else {
            self.frame.take(&IdxCa::from_vec(PlSmallStr::EMPTY, positions))?
        };
        let mut raw = BTreeMap::new();
        let mut origins = Vec::with_capacity(rows.len());
        for (to, from) in rows.iter().enumerate() {
            let (Ok(from_key), Ok(to_key)) = (u32::try_from(*from), u32::try_from(to)) else { continue };
            origins.push(self.origins.get(*from).cloned().unwrap_or_default());
            let next = (from_key.saturating_add(1), Field::RECORD_ID, 0);
            for ((_, field, position), text) in self.raw.range((from_key, Field::RECORD_ID, 0)..next) {
                raw.insert((to_key, *field, *position), text.clone());
            }
        }
        Ok(Self { frame, raw, origins })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Leaf, Missing, PartialDate, Value};

    fn sample() -> Vec<Record> {
        let field = |path: &str| Field::named(path).expect("the catalogue has the field");
        let mut first = Record::default();
        first.set(Field::RECORD_ID, Leaf::One(Ok(Value::Text("a".into()))));
        first.set(field("date_of_birth"), Leaf::One(Ok(Value::Date(PartialDate::parse("1980").expect("a date")))));
        first.set(
            field("nationalities"),
            Leaf::Many(Ok(vec![
                Ok(Value::Country(crate::record::Country::parse("XA").expect("a country"))),
                Err(Missing::Invalid("Ruritania".into())),
            ])),
        );
        first.set(field("charges"), Leaf::Many(Ok(vec![Ok(Value::Object)])));
        first.set(field("charges.text"), Leaf::Many(Ok(vec![Ok(Value::Text("Robbery".into()))])));
        first.derive();
        let mut second = Record::default();
        second.set(Field::RECORD_ID, Leaf::One(Ok(Value::Text("b".into()))));
        second.set(field("sex"), Leaf::One(Err(Missing::Invalid("Z".into()))));
        second.set(field("charges"), Leaf::Many(Err(Missing::Blank)));
        second.set(field("is_public"), Leaf::One(Ok(Value::Flag(true))));
        vec![first, second, Record::default()]
    }

    #[test]
    fn a_record_comes_back_from_the_table_as_it_went_in() {
        let records = sample();
        let mut builder = TableBuilder::default();
        for record in &records {
            builder.push(record, Origin::default());
        }
        let table = builder.finish().expect("the builder makes sound columns");
        for (row, record) in records.iter().enumerate() {
            assert_eq!(&table.record(row), record, "row {row}");
        }
        let swapped = table.select(&[1, 0]).expect("both rows are there");
        assert_eq!(swapped.record(0), records[1]);
        assert_eq!(swapped.record(1), records[0]);
    }
}
