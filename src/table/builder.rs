//! Records to columns. The only place that knows how a field is laid out in the frame.

use std::collections::BTreeMap;

use polars::prelude::{ArrowDataType, DataFrame, PlSmallStr, PolarsError, Series};
use polars_arrow::array::{Array, BooleanArray, ListArray, PrimitiveArray, Utf8ViewArray};
use polars_arrow::datatypes::Field as ArrowField;
use polars_arrow::offset::OffsetsBuffer;

use super::{NoticeTable, Origin};
use crate::record::{Cell, Field, Leaf, Missing, Record, State, Type, Value};

/// Collects records into a [`NoticeTable`].
#[derive(Debug, Default)]
pub struct TableBuilder {
    columns: BTreeMap<Field, Draft>,
    raw: BTreeMap<(u32, Field, u32), String>,
    origins: Vec<Origin>,
}

#[derive(Debug)]
enum Store {
    Text(Vec<String>),
    Term(Vec<u8>),
    Country(Vec<u32>),
    Date(Vec<i32>, Vec<i32>),
    Flag(Vec<bool>),
    Number(Vec<i64>),
    Object(usize),
}

#[derive(Debug)]
struct Draft {
    states: Vec<u8>,
    ends: Option<Vec<i64>>,
    cell_states: Vec<u8>,
    store: Store,
}

impl Draft {
    fn new(field: Field) -> Self {
        let store = match field.ty() {
            Type::Text => Store::Text(Vec::new()),
            Type::Term(_) => Store::Term(Vec::new()),
            Type::Country => Store::Country(Vec::new()),
            Type::Date => Store::Date(Vec::new(), Vec::new()),
            Type::Flag => Store::Flag(Vec::new()),
            Type::Number => Store::Number(Vec::new()),
            Type::Object => Store::Object(0),
        };
        Self { states: Vec::new(), ends: field.is_many().then(|| vec![0]), cell_states: Vec::new(), store }
    }

    fn not_carried_until(&mut self, rows: usize) {
        while self.states.len() < rows {
            self.states.push(State::NotCarried as u8);
            match &mut self.ends {
                Some(ends) => ends.push(ends.last().copied().unwrap_or(0)),
                None => self.push_cell(&Err(Missing::NotCarried)),
            }
        }
    }

    fn push(&mut self, leaf: &Leaf) {
        self.states.push(leaf.state() as u8);
        for cell in leaf.cells() {
            self.push_cell(cell);
        }
        if let Some(ends) = &mut self.ends {
            ends.push(i64::try_from(self.cell_states.len()).unwrap_or(i64::MAX));
        }
    }

    fn push_cell(&mut self, cell: &Cell) {
        self.cell_states.push(cell.as_ref().map_or_else(Missing::state, |_| State::Value) as u8);
        let value = cell.as_ref().ok();
        match &mut self.store {
            Store::Text(all) => all.push(match value {
                Some(Value::Text(text)) => text.clone(),
                _ => String::new(),
            }),
            Store::Term(all) => all.push(match value {
                Some(Value::Term(term)) => *term,
                _ => u8::MAX,
            }),
            Store::Country(all) => all.push(match value {
                Some(Value::Country(country)) => country.packed(),
                _ => 0,
            }),
            Store::Date(first, last) => {
                let date = match value {
                    Some(Value::Date(date)) => (date.first, date.last),
                    _ => (0, 0),
                };
                first.push(date.0);
                last.push(date.1);
            }
            Store::Flag(all) => all.push(matches!(value, Some(Value::Flag(true)))),
            Store::Number(all) => all.push(match value {
                Some(Value::Number(number)) => *number,
                _ => 0,
            }),
            Store::Object(count) => *count += 1,
        }
    }

    fn into_series(self, field: Field) -> Result<Vec<Series>, PolarsError> {
        let path = field.path();
        let mut parts: Vec<(String, Box<dyn Array>)> = vec![];
        match self.store {
            Store::Text(all) => parts.push((path.to_owned(), Box::new(Utf8ViewArray::from_slice_values(&all)))),
            Store::Term(all) => parts.push((path.to_owned(), Box::new(PrimitiveArray::from_vec(all)))),
            Store::Country(all) => parts.push((path.to_owned(), Box::new(PrimitiveArray::from_vec(all)))),
            Store::Number(all) => parts.push((path.to_owned(), Box::new(PrimitiveArray::from_vec(all)))),
            Store::Flag(all) => parts.push((path.to_owned(), Box::new(BooleanArray::from_slice(&all)))),
            Store::Object(_) => {}
            Store::Date(first, last) => {
                for (name, days) in [(path.to_owned(), first), (format!("{path}>"), last)] {
                    parts.push((name, Box::new(PrimitiveArray::new(ArrowDataType::Date32, days.into(), None))));
                }
            }
        }
        if self.ends.is_some() {
            parts.push((format!("{path}##"), Box::new(PrimitiveArray::from_vec(self.cell_states))));
        }
        let offsets = match self.ends {
            Some(ends) => Some(OffsetsBuffer::try_from(ends)?),
            None => None,
        };
        let mut series = vec![Series::try_from((
            PlSmallStr::from_string(format!("{path}#")),
            Box::new(PrimitiveArray::from_vec(self.states)) as Box<dyn Array>,
        ))?];
        for (name, array) in parts {
            let array: Box<dyn Array> = match &offsets {
                None => array,
                Some(offsets) => {
                    let inner = ArrowField::new(PlSmallStr::from_static("item"), array.dtype().clone(), true);
                    Box::new(ListArray::try_new(
                        ArrowDataType::LargeList(Box::new(inner)),
                        offsets.clone(),
                        array,
                        None,
                    )?)
                }
            };
            series.push(Series::try_from((PlSmallStr::from_string(name), array))?);
        }
        Ok(series)
    }
}

impl TableBuilder {
    /// Number of records so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.origins.len()
    }

    /// Whether there is no record yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Adds a record.
    pub fn push(&mut self, record: &Record, origin: Origin) {
        let row = self.origins.len();
        for (field, leaf) in record.leaves() {
            let draft = self.columns.entry(field).or_insert_with(|| Draft::new(field));
            draft.not_carried_until(row);
            draft.push(leaf);
            self.keep_raw(row, field, leaf);
        }
        self.origins.push(origin);
    }

    fn keep_raw(&mut self, row: usize, field: Field, leaf: &Leaf) {
        let Ok(row) = u32::try_from(row) else { return };
        let whole = match leaf {
            Leaf::Many(Err(Missing::Invalid(raw))) => Some((0, raw)),
            _ => None,
        };
        let cells = leaf.cells().iter().enumerate().filter_map(|(position, cell)| match cell {
            Err(Missing::Invalid(raw)) => Some((u32::try_from(position).ok()?, raw)),
            _ => None,
        });
        for (position, raw) in cells.chain(whole) {
            self.raw.insert((row, field, position), raw.clone());
        }
    }

    /// The table of all records so far; the builder starts anew.
    ///
    /// # Errors
    /// Fails only where polars refuses a column, which a sound builder never causes.
    pub fn finish(&mut self) -> Result<NoticeTable, PolarsError> {
        let origins = std::mem::take(&mut self.origins);
        let raw = std::mem::take(&mut self.raw);
        let mut columns = vec![];
        for (field, mut draft) in std::mem::take(&mut self.columns) {
            draft.not_carried_until(origins.len());
            columns.extend(draft.into_series(field)?.into_iter().map(Into::into));
        }
        let frame = DataFrame::new(origins.len(), columns)?;
        Ok(NoticeTable { frame, raw, origins })
    }
}
