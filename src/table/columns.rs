//! The frame's columns as plain slices, and one row of them as a [`Row`].

use polars::prelude::{Column as PolarsColumn, Series};
use polars_arrow::array::{BooleanArray, ListArray, PrimitiveArray, Utf8ViewArray};

use super::NoticeTable;
use crate::record::{CellRef, Country, Field, Leaf, Missing, PartialDate, Record, Row, State, Type, Value};

/// The values of a column, one a cell. Where the cell's state is not [`State::Value`] the value means nothing.
#[derive(Debug, Clone, Copy)]
pub enum Values<'a> {
    /// Text.
    Text(&'a Utf8ViewArray),
    /// Positions in the field's vocabulary.
    Term(&'a [u8]),
    /// Packed country codes.
    Country(&'a [u32]),
    /// First and last possible day.
    Date(&'a [i32], &'a [i32]),
    /// Flags.
    Flag(&'a BooleanArray),
    /// Numbers.
    Number(&'a [i64]),
    /// Objects have no value of their own.
    Object,
}

/// One field of every row.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// The state of the field, one a row.
    pub states: &'a [u8],
    /// For a list: where each row's cells begin and the last ends; `None` for a field with one cell a row.
    pub offsets: Option<&'a [i64]>,
    /// The state of each cell.
    pub cell_states: &'a [u8],
    /// The value of each cell.
    pub values: Values<'a>,
}

impl<'a> Column<'a> {
    /// How many cells there are in all rows together.
    #[must_use]
    pub fn cell_count(&self) -> usize {
        self.cell_states.len()
    }

    /// Where the cells of a row are among all cells.
    #[must_use]
    pub fn cells(&self, row: usize) -> std::ops::Range<usize> {
        let at = |position: usize| {
            let end = self.offsets.and_then(|offsets| offsets.get(position)).copied();
            end.and_then(|end| usize::try_from(end).ok()).unwrap_or(0)
        };
        match self.offsets {
            Some(_) => at(row)..at(row + 1),
            None => row..row + 1,
        }
    }

    /// One cell, by its position among all cells.
    ///
    /// # Errors
    /// The state of a cell that has no value.
    pub fn cell(&self, at: usize) -> CellRef<'a> {
        let state = self.cell_states.get(at).map_or(State::NotCarried, |state| State::from_number(*state));
        if state != State::Value {
            return Err(state);
        }
        let value = match self.values {
            Values::Text(all) => Value::Text(all.value(at)),
            Values::Term(all) => Value::Term(all[at]),
            Values::Country(all) => Value::Country(Country::from_packed(all[at])),
            Values::Date(first, last) => Value::Date(PartialDate { first: first[at], last: last[at] }),
            Values::Flag(all) => Value::Flag(all.value(at)),
            Values::Number(all) => Value::Number(all[at]),
            Values::Object => Value::Object,
        };
        Ok(value)
    }

    /// The state of the field in a row.
    #[must_use]
    pub fn state(&self, row: usize) -> State {
        self.states.get(row).map_or(State::NotCarried, |state| State::from_number(*state))
    }
}

/// Every column of a table. A field that no row carries has none.
#[derive(Debug)]
pub struct Columns<'a> {
    table: &'a NoticeTable,
    columns: Vec<Option<Column<'a>>>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(table: &'a NoticeTable) -> Self {
        Self { table, columns: Field::all().map(|field| read(table, field)).collect() }
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.table.len()
    }

    /// The column of a field, if any row carries it.
    #[must_use]
    pub fn get(&self, field: Field) -> Option<&Column<'a>> {
        self.columns.get(field.index()).and_then(Option::as_ref)
    }

    /// The fields that some row carries.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        Field::all().filter(|field| self.get(*field).is_some())
    }

    /// One row as a record of its own.
    #[must_use]
    pub fn record(&self, row: usize) -> Record {
        let view = self.row(row);
        let mut record = Record::default();
        for field in self.fields() {
            let missing = |state, raw: Option<&str>| match state {
                State::Withheld => Missing::Withheld,
                State::Invalid => Missing::Invalid(raw.unwrap_or_default().to_owned()),
                State::NotCarried => Missing::NotCarried,
                State::Blank | State::Value => Missing::Blank,
            };
            let cell = |position| match view.cell(field, position) {
                Ok(value) => Ok(value.owned()),
                Err(state) => Err(missing(state, view.raw(field, position))),
            };
            let leaf = match (field.is_many(), view.len(field)) {
                (false, _) => Leaf::One(cell(0)),
                (true, 0) => Leaf::Many(Err(missing(view.state(field), view.raw(field, 0)))),
                (true, len) => Leaf::Many(Ok((0..len).map(cell).collect())),
            };
            record.set(field, leaf);
        }
        record
    }

    /// One row.
    #[must_use]
    pub fn row(&self, row: usize) -> TableRow<'_> {
        TableRow { columns: self, row }
    }
}

fn values<T: 'static>(series: &Series, listed: bool) -> Option<(&T, Option<&[i64]>)> {
    let chunk = series.chunks().first()?;
    if listed {
        let list = chunk.as_any().downcast_ref::<ListArray<i64>>()?;
        Some((list.values().as_any().downcast_ref::<T>()?, Some(list.offsets().as_slice())))
    } else {
        Some((chunk.as_any().downcast_ref::<T>()?, None))
    }
}

fn read(table: &NoticeTable, field: Field) -> Option<Column<'_>> {
    let many = field.is_many();
    let find = |mark: &str| {
        // A column that is asked for by name and not there costs a message that lists all others.
        let at = table.frame.get_column_index(&format!("{}{mark}", field.path()))?;
        // A frame of one row keeps its columns as scalars until someone asks for the series.
        table.frame.columns().get(at).map(PolarsColumn::as_materialized_series)
    };
    let states = values::<PrimitiveArray<u8>>(find("#")?, false)?.0.values().as_slice();
    let (cell_states, offsets) = if many {
        let (cells, offsets) = values::<PrimitiveArray<u8>>(find("##")?, true)?;
        (cells.values().as_slice(), offsets)
    } else {
        (states, None)
    };
    let values = match field.ty() {
        Type::Text => Values::Text(values::<Utf8ViewArray>(find("")?, many)?.0),
        Type::Term(_) => Values::Term(values::<PrimitiveArray<u8>>(find("")?, many)?.0.values().as_slice()),
        Type::Country => Values::Country(values::<PrimitiveArray<u32>>(find("")?, many)?.0.values().as_slice()),
        Type::Date => Values::Date(
            values::<PrimitiveArray<i32>>(find("")?, many)?.0.values().as_slice(),
            values::<PrimitiveArray<i32>>(find(">")?, many)?.0.values().as_slice(),
        ),
        Type::Flag => Values::Flag(values::<BooleanArray>(find("")?, many)?.0),
        Type::Number => Values::Number(values::<PrimitiveArray<i64>>(find("")?, many)?.0.values().as_slice()),
        Type::Object => Values::Object,
    };
    Some(Column { states, offsets, cell_states, values })
}

/// One row of a table.
#[derive(Debug, Clone, Copy)]
pub struct TableRow<'a> {
    columns: &'a Columns<'a>,
    row: usize,
}

impl Row for TableRow<'_> {
    fn state(&self, field: Field) -> State {
        self.columns.get(field).map_or(State::NotCarried, |column| column.state(self.row))
    }

    fn len(&self, field: Field) -> usize {
        self.columns.get(field).map_or(usize::from(!field.is_many()), |column| column.cells(self.row).len())
    }

    fn cell(&self, field: Field, position: usize) -> CellRef<'_> {
        let Some(column) = self.columns.get(field) else { return Err(State::NotCarried) };
        let cells = column.cells(self.row);
        if position < cells.len() { column.cell(cells.start + position) } else { Err(column.state(self.row)) }
    }

    fn raw(&self, field: Field, position: usize) -> Option<&str> {
        self.columns.table.raw_text(self.row, field, position)
    }
}
