//! Records as a Parquet file of the canonical form, to be read again as they are.
//!
//! The file has a column for every field, so that its schema is known before the first record: texts, words of
//! vocabularies, countries and dates as text in their written form, lists as lists, lists of objects as lists of structs,
//! `organisation` and the like as structs. What a typed column cannot hold stands in `value_states`, see
//! [`crate::ingest::canonical::states`]. Each table becomes a row group.

use std::fmt;
use std::io::{self, Write};

use polars::io::parquet::write::{BatchedWriter, ParquetWriter};
use polars::prelude::{ArrowDataType, Column, DataFrame, PlSmallStr, PolarsResult, Series};
use polars_arrow::array::{Array, BooleanArray, ListArray, PrimitiveArray, StructArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::Field as ArrowField;
use polars_arrow::offset::Offsets;

use super::parquet::Buffer;
use crate::ingest::canonical::states::{CellState, VALUE_STATES, states_of};
use crate::record::{Field, Row, State, Type, Value};
use crate::table::{Columns, NoticeTable, TableBuilder, TableRow};

/// Writes tables of records to a Parquet file.
pub struct CanonicalParquet<W> {
    out: W,
    file: BatchedWriter<Buffer>,
    buffer: Buffer,
}

impl<W: Write> CanonicalParquet<W> {
    /// A writer to `out`.
    ///
    /// # Errors
    /// Fails where `out` cannot be written to.
    pub fn new(out: W) -> io::Result<Self> {
        let buffer = Buffer::default();
        let empty = TableBuilder::default().finish().and_then(|table| frame(&table.columns()));
        let schema = empty.map_err(io::Error::other)?.schema().clone();
        let writer = ParquetWriter::new(buffer.clone()).set_parallel(false);
        let file = writer.batched(&schema).map_err(io::Error::other)?;
        let mut new = Self { out, file, buffer };
        new.pass_on()?;
        Ok(new)
    }

    /// Adds records.
    ///
    /// # Errors
    /// Fails where the file cannot be written to.
    pub fn write(&mut self, table: &NoticeTable) -> io::Result<()> {
        if !table.is_empty() {
            let frame = frame(&table.columns());
            frame.and_then(|frame| self.file.write_batch(&frame)).map_err(io::Error::other)?;
        }
        self.pass_on()
    }

    /// Ends the file.
    ///
    /// # Errors
    /// Fails where the file cannot be written to.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.finish().map_err(io::Error::other)?;
        self.pass_on()?;
        self.out.flush()
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer.take())
    }
}

impl<W> fmt::Debug for CanonicalParquet<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CanonicalParquet").finish_non_exhaustive()
    }
}

/// Arrays that make a struct, with their keys.
type Parts<'a> = Vec<(&'a str, Box<dyn Array>)>;

fn frame(columns: &Columns<'_>) -> PolarsResult<DataFrame> {
    let rows: Vec<TableRow<'_>> = (0..columns.rows()).map(|row| columns.row(row)).collect();
    let mut all = vec![];
    let mut groups: Vec<(&str, Parts<'_>)> = vec![];
    for field in Field::all().filter(|field| field.spec().list.is_none() && !field.spec().derived) {
        let array = array(field, &rows)?;
        match field.path().split_once('.') {
            None => all.push(column(field.path(), array)?),
            Some((group, key)) => match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, parts)) => parts.push((key, array)),
                None => groups.push((group, vec![(key, array)])),
            },
        }
    }
    for (group, parts) in groups {
        all.push(column(group, structs(parts, rows.len(), None)?)?);
    }
    all.push(column(VALUE_STATES, states(&rows)?)?);
    DataFrame::new(rows.len(), all)
}

fn column(name: &str, array: Box<dyn Array>) -> PolarsResult<Column> {
    Series::try_from((PlSmallStr::from_str(name), array)).map(Column::from)
}

/// A field of every row.
fn array(field: Field, rows: &[TableRow<'_>]) -> PolarsResult<Box<dyn Array>> {
    if !field.is_many() {
        return Ok(cells(field, rows.iter().map(|row| (row, 0))));
    }
    let items = || rows.iter().flat_map(|row| (0..row.len(field)).map(move |at| (row, at)));
    let values = if field.ty() == Type::Object {
        let below = field.children().filter(|child| !child.spec().derived);
        let parts = below.map(|child| (child.key(), cells(child, items()))).collect();
        let there: Bitmap = items().map(|(row, at)| row.cell(field, at).is_ok()).collect();
        structs(parts, there.len(), Some(there))?
    } else {
        cells(field, items())
    };
    let there = rows.iter().map(|row| row.state(field) == State::Value).collect();
    lists(values, rows.iter().map(|row| row.len(field)), Some(there))
}

/// The values of some cells, in the order of the cells.
fn cells<'a>(field: Field, cells: impl Iterator<Item = (&'a TableRow<'a>, usize)>) -> Box<dyn Array> {
    let values = cells.map(|(row, at)| row.cell(field, at).ok());
    match field.ty() {
        Type::Flag => {
            let flag = |value| if let Some(Value::Flag(flag)) = value { Some(flag) } else { None };
            Box::new(BooleanArray::from(values.map(flag).collect::<Vec<_>>()))
        }
        Type::Number => {
            let number = |value| if let Some(Value::Number(number)) = value { Some(number) } else { None };
            Box::new(PrimitiveArray::<i64>::from(values.map(number).collect::<Vec<_>>()))
        }
        _ => {
            let texts: Vec<Option<String>> =
                values.map(|value| value.and_then(|value| written(field, value))).collect();
            Box::new(Utf8ViewArray::from_slice(&texts))
        }
    }
}

fn written(field: Field, value: Value<&str>) -> Option<String> {
    match (value, field.ty()) {
        (Value::Text(text), _) => Some(text.to_owned()),
        (Value::Term(term), Type::Term(vocabulary)) => Some(vocabulary.word(term).to_owned()),
        (Value::Country(country), _) => Some(country.code().to_owned()),
        (Value::Date(date), _) => Some(date.to_string()),
        _ => None,
    }
}

fn states(rows: &[TableRow<'_>]) -> PolarsResult<Box<dyn Array>> {
    let all: Vec<Vec<CellState>> = rows.iter().map(states_of).collect();
    let flat = || all.iter().flatten();
    let texts = |texts: Vec<Option<&str>>| -> Box<dyn Array> { Box::new(Utf8ViewArray::from_slice(texts)) };
    let parts = vec![
        ("path", texts(flat().map(|state| Some(&*state.path)).collect())),
        ("state", texts(flat().map(|state| Some(&*state.state)).collect())),
        ("raw", texts(flat().map(|state| state.raw.as_deref()).collect())),
    ];
    lists(structs(parts, flat().count(), None)?, all.iter().map(Vec::len), None)
}

fn structs(parts: Parts<'_>, length: usize, there: Option<Bitmap>) -> PolarsResult<Box<dyn Array>> {
    let field = |(key, array): &(&str, Box<dyn Array>)| ArrowField::new((*key).into(), array.dtype().clone(), true);
    let dtype = ArrowDataType::Struct(parts.iter().map(field).collect());
    let arrays = parts.into_iter().map(|(_, array)| array).collect();
    Ok(Box::new(StructArray::try_new(dtype, length, arrays, there)?))
}

fn lists(
    values: Box<dyn Array>,
    lengths: impl Iterator<Item = usize>,
    there: Option<Bitmap>,
) -> PolarsResult<Box<dyn Array>> {
    let dtype = ListArray::<i64>::default_datatype(values.dtype().clone());
    let offsets = Offsets::<i64>::try_from_lengths(lengths)?;
    Ok(Box::new(ListArray::try_new(dtype, offsets.into(), values, there)?))
}
