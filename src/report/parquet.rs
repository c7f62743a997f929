//! The same table as in CSV, as a Parquet file. Row groups have a fixed number of rows, so that equal cases give equal bytes.

use std::cell::RefCell;
use std::fmt;
use std::io::{self, Write};
use std::rc::Rc;

use polars::io::parquet::write::{BatchedWriter, ParquetWriter};
use polars::prelude::{Column, DataFrame, DataType, PolarsError, Schema};

use super::CaseWriter;
use super::flat::{COLUMNS, Cell, cells};
use crate::explain::Case;

/// Rows of a row group.
const GROUP: usize = 8192;

/// Writes a Parquet file.
pub struct Parquet<W> {
    out: W,
    file: Option<BatchedWriter<Buffer>>,
    buffer: Buffer,
    rows: Vec<[Cell; COLUMNS.len()]>,
}

/// What polars has written and `out` has not got yet. Polars does not say why a write failed, so it is not let near one.
#[derive(Clone, Default)]
pub(super) struct Buffer(Rc<RefCell<Vec<u8>>>);

impl Buffer {
    /// What is in it, which is then empty.
    pub(super) fn take(&self) -> Vec<u8> {
        self.0.take()
    }
}

impl Write for Buffer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<W: Write> Parquet<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        Self { out, file: None, buffer: Buffer::default(), rows: vec![] }
    }

    fn write_group(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        if let Some(file) = self.file.as_mut().filter(|_| !rows.is_empty()) {
            frame(&rows).and_then(|frame| file.write_batch(&frame)).map_err(io::Error::other)?;
        }
        self.pass_on()
    }

    fn pass_on(&mut self) -> io::Result<()> {
        self.out.write_all(&self.buffer.take())
    }
}

impl<W: Write> CaseWriter for Parquet<W> {
    fn begin(&mut self) -> io::Result<()> {
        let columns = COLUMNS.iter().map(|name| ((*name).into(), column_type(name)));
        let writer = ParquetWriter::new(self.buffer.clone()).set_parallel(false);
        self.file = Some(writer.batched(&Schema::from_iter(columns)).map_err(io::Error::other)?);
        self.pass_on()
    }

    fn case(&mut self, case: &Case) -> io::Result<()> {
        self.rows.push(cells(case));
        if self.rows.len() < GROUP { Ok(()) } else { self.write_group() }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write_group()?;
        if let Some(file) = self.file.take() {
            file.finish().map_err(io::Error::other)?;
        }
        self.pass_on()?;
        self.out.flush()
    }
}

impl<W> fmt::Debug for Parquet<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Parquet").field("rows", &self.rows.len()).finish_non_exhaustive()
    }
}

fn column_type(name: &str) -> DataType {
    match name {
        "score_bits" | "low_bits" | "high_bits" => DataType::Float64,
        "settled" => DataType::Boolean,
        "rank" | "line" => DataType::UInt64,
        _ => DataType::String,
    }
}

fn frame(rows: &[[Cell; COLUMNS.len()]]) -> Result<DataFrame, PolarsError> {
    let columns = COLUMNS.iter().enumerate().map(|(at, name)| column(name, rows.iter().map(|row| &row[at])));
    DataFrame::new(rows.len(), columns.collect())
}

fn column<'a>(name: &str, cells: impl Iterator<Item = &'a Cell>) -> Column {
    match column_type(name) {
        DataType::Float64 => {
            let bits = |cell: &Cell| if let Cell::Bits(bits) = cell { Some(bits.0 as f64 / 1000.0) } else { None };
            Column::new(name.into(), cells.map(bits).collect::<Vec<_>>())
        }
        DataType::Boolean => {
            let flag = |cell: &Cell| if let Cell::Flag(flag) = cell { Some(*flag) } else { None };
            Column::new(name.into(), cells.map(flag).collect::<Vec<_>>())
        }
        DataType::UInt64 => {
            let number = |cell: &Cell| if let Cell::Number(number) = cell { Some(*number) } else { None };
            Column::new(name.into(), cells.map(number).collect::<Vec<_>>())
        }
        _ => {
            let text = |cell: &'a Cell| if let Cell::Text(text) = cell { Some(text.as_str()) } else { None };
            Column::new(name.into(), cells.map(text).collect::<Vec<_>>())
        }
    }
}
