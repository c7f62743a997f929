//! The same table as in CSV, as a Parquet file. Row groups have a fixed number of rows, so that equal cases give equal bytes.

use std::fmt;
use std::io::{self, Write};

use polars::io::parquet::write::{BatchedWriter, ParquetWriter};
use polars::prelude::{Column, DataFrame, DataType, PolarsError, Schema};

use super::CaseWriter;
use super::flat::{COLUMNS, Cell, cells};
use crate::explain::Case;

/// Rows of a row group.
const GROUP: usize = 8192;

/// Writes a Parquet file.
pub struct Parquet<W: Write> {
    out: Option<W>,
    file: Option<BatchedWriter<W>>,
    rows: Vec<[Cell; COLUMNS.len()]>,
}

impl<W: Write> Parquet<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        Self { out: Some(out), file: None, rows: vec![] }
    }

    fn write_group(&mut self) -> io::Result<()> {
        let rows = std::mem::take(&mut self.rows);
        match &mut self.file {
            Some(file) if !rows.is_empty() => file.write_batch(&frame(&rows).map_err(failed)?).map_err(failed),
            _ => Ok(()),
        }
    }
}

impl<W: Write> CaseWriter for Parquet<W> {
    fn begin(&mut self) -> io::Result<()> {
        let Some(out) = self.out.take() else { return Ok(()) };
        let columns = COLUMNS.iter().map(|name| ((*name).into(), column_type(name)));
        let writer = ParquetWriter::new(out).set_parallel(false);
        self.file = Some(writer.batched(&Schema::from_iter(columns)).map_err(failed)?);
        Ok(())
    }

    fn case(&mut self, case: &Case) -> io::Result<()> {
        self.rows.push(cells(case));
        if self.rows.len() < GROUP { Ok(()) } else { self.write_group() }
    }

    fn finish(&mut self) -> io::Result<()> {
        self.write_group()?;
        match self.file.take() {
            Some(file) => file.finish().map(|_| ()).map_err(failed),
            None => Ok(()),
        }
    }
}

impl<W: Write> fmt::Debug for Parquet<W> {
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

/// A failed write keeps its kind, so that a closed pipe is known as one.
fn failed(error: PolarsError) -> io::Error {
    match error {
        PolarsError::IO { error, .. } => io::Error::new(error.kind(), error.to_string()),
        other => io::Error::other(other.to_string()),
    }
}
