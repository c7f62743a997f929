//! Parquet, row group by row group. A list is a list, a list of objects a list of structs, a map a list of pairs.
//!
//! A row group is read in slices, and of these one column after the other, so that no more is in memory than one packed
//! column and the cells of one slice, however long the file is. What the file says of its own sizes is held against the
//! limits and against itself before anything is unpacked ([`check`]); types are those of the file's own schema, without the
//! notes that other programs leave beside it. A decoder that panics is an error; one that takes all memory or never ends is
//! what [`super::isolate`] is for.

mod check;
mod value;

use std::io::{Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars_arrow::datatypes::{Field, TimeUnit};
use polars_parquet::read::schema::{SchemaInferenceOptions, parquet_to_arrow_schema_with_options};
use polars_parquet::read::{
    BasicDecompressor, ColumnChunkMetadata, FileMetadata, Filter, PageReader, RowGroupMetadata, column_iter_to_arrays,
    read_metadata,
};
use serde_json::Map;

use self::value::{Cells, Left, Over};
use super::canonical::states::leave_out;
use super::error::rows_read;
use super::held::{Cutter, Held};
use super::rows::{Body, RawRow};
use super::{IngestError, Limit, Limits};

/// About how much of a row group is unpacked at a time, in bytes.
const SLICE: u64 = 32 * 1024 * 1024;
/// The most rows of a slice: a view or a number takes space even where the file needs none for it.
const SLICE_ROWS: usize = 64 * 1024;
/// A row may always be as long as this: a dictionary keeps a file of rows that are alike small.
const ROW: u64 = 4096;
/// How much of a row that is over a limit is shown, in characters.
const SHOWN: usize = 1000;

/// The rows of a Parquet file.
struct Table {
    name: String,
    file: Held,
    limits: Limits,
    metadata: FileMetadata,
    fields: Vec<Field>,
    /// The row group that is being read, and how many of its rows are unpacked or done.
    group: usize,
    begun: usize,
    /// The columns of the slice, and how many rows are left in it.
    slice: Vec<Cells>,
    left: usize,
    row: u64,
    /// How much more than [`ROW`] the rows may take together.
    unpacked: u64,
}

/// Opens a file. An empty one has no rows.
pub(super) fn open(name: &str, mut file: Held, limits: &Limits) -> Result<Box<dyn Cutter>, IngestError> {
    let length = file.len().map_err(|error| IngestError::io(name, error))?;
    if length == 0 {
        return Err(failed(name, "the file is empty".to_owned()));
    }
    let (metadata, fields) = sound(|| footer(&mut file, length, limits)).map_err(|reason| failed(name, reason))?;
    let unpacked = check::most_unpacked(length, limits);
    let (name, limits, slice) = (name.to_owned(), *limits, vec![]);
    Ok(Box::new(Table { name, file, limits, metadata, fields, group: 0, begun: 0, slice, left: 0, row: 0, unpacked }))
}

fn failed(name: &str, reason: String) -> IngestError {
    IngestError::Parquet { name: name.to_owned(), reason }
}

/// Runs what polars does to a file. On some damaged files it panics instead of returning an error; what it was making is
/// dropped then, so nothing half-made is seen again.
fn sound<T>(read: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(read))
        .unwrap_or_else(|_| Err("it is damaged, laid out in a way that is not supported, or takes more memory than there is for reading it (limit `memory-bytes`)".to_owned()))
}

/// What the end of the file says is in it, checked.
fn footer(file: &mut Held, length: u64, limits: &Limits) -> Result<(FileMetadata, Vec<Field>), String> {
    check::tail(file, length, limits)?;
    let metadata = read_metadata(file).map_err(check::damaged)?;
    // A time in 96 bits overflows finer units: some would come out as others in silence.
    let options = SchemaInferenceOptions { int96_coerce_to_timeunit: TimeUnit::Millisecond };
    let schema = parquet_to_arrow_schema_with_options(metadata.schema().fields(), &Some(options));
    let fields: Vec<Field> = schema.iter_values().cloned().collect();
    check::columns(&metadata, &fields, limits)?;
    check::sizes(&metadata, length, limits)?;
    Ok((metadata, fields))
}

impl Table {
    /// Unpacks the next slice, if there is one.
    fn advance(&mut self) -> Result<(), String> {
        while let Some(group) = self.metadata.row_groups.get(self.group) {
            if self.begun == 0 {
                check::group(self.group, group, &self.fields, &self.limits)?;
            }
            if self.begun < group.num_rows() {
                let end = group.num_rows().min(self.begun + slice_rows(group));
                let cells = |field| cells(&mut self.file, group, field, self.begun..end, &self.limits);
                self.slice = self.fields.iter().map(cells).collect::<Result<_, _>>()?;
                (self.left, self.begun) = (end - self.begun, end);
                return Ok(());
            }
            (self.group, self.begun) = (self.group + 1, 0);
        }
        Ok(())
    }

    /// The next row of the slice.
    fn cut(&mut self) -> Result<RawRow, String> {
        let mut left = Left::of(&self.limits);
        let (mut object, mut over) = (Map::new(), None);
        for column in &mut self.slice {
            match column.next(&mut left)? {
                Ok(json) => drop(object.insert(column.name().to_owned(), json)),
                Err(limit) => over = over.or(Some((column.name().to_owned(), limit))),
            }
        }
        let length = u64::try_from(left.taken(&self.limits)).unwrap_or(u64::MAX);
        let unpacked = self.unpacked.checked_sub(length.saturating_sub(ROW));
        self.unpacked = unpacked.ok_or_else(|| check::too_much_unpacked(&self.limits))?;
        self.left -= 1;
        self.row += 1;
        let (bytes, body) = match over {
            None => {
                leave_out(&mut object);
                (vec![], Body::Object(object))
            }
            Some((column, Over(limit, what))) => {
                let reason = self.limits.over(limit, format_args!("column `{column}`: {what}"));
                let shown: String = serde_json::Value::Object(object).to_string().chars().take(SHOWN).collect();
                (shown.into_bytes(), Body::Broken(None, reason))
            }
        };
        Ok(RawRow::of(self.row, bytes, body))
    }
}

impl Cutter for Table {
    fn next(&mut self) -> Result<Option<RawRow>, IngestError> {
        let row = sound(|| {
            if self.left == 0 {
                self.slice.clear();
                self.advance()?;
            }
            if self.left == 0 { Ok(None) } else { self.cut().map(Some) }
        });
        row.map_err(|reason| {
            let read = if self.row > 0 { format!("; {}", rows_read(self.row)) } else { String::new() };
            failed(&self.name, reason + &read)
        })
    }
}

/// How many rows of a group make a slice.
fn slice_rows(group: &RowGroupMetadata) -> usize {
    let size = group.parquet_columns().iter().map(check::size).fold(0_u64, u64::saturating_add);
    let slices = usize::try_from(size / SLICE + 1).unwrap_or(usize::MAX);
    group.num_rows().div_ceil(slices).clamp(1, SLICE_ROWS)
}

/// Some rows of a column.
fn cells(
    file: &mut Held,
    group: &RowGroupMetadata,
    field: &Field,
    rows: std::ops::Range<usize>,
    limits: &Limits,
) -> Result<Cells, String> {
    let of_column = |reason: String| format!("column `{}`: {reason}", field.name);
    let parts: Vec<&ColumnChunkMetadata> =
        group.columns_under_root_iter(&field.name).map(Iterator::collect).unwrap_or_default();
    let (mut pages, mut types) = (vec![], vec![]);
    for part in parts {
        let packed = packed(file, part).map_err(of_column)?;
        check::pages(part, &packed, limits).map_err(of_column)?;
        let reader = PageReader::new(Cursor::new(packed.into()), part, vec![], limits.size(Limit::PageBytes));
        pages.push(BasicDecompressor::new(reader, vec![]));
        types.push(&part.descriptor().descriptor.primitive_type);
    }
    let count = rows.len();
    let filter = Some(Filter::new_ranged(rows.start, rows.end));
    let arrays = column_iter_to_arrays(pages, types, field.clone(), filter);
    let (arrays, _) = arrays.map_err(|error| of_column(check::damaged(error)))?;
    let found: usize = arrays.iter().map(|array| array.len()).sum();
    if found != count {
        return Err(of_column(format!("{found} values stand where {count} rows are to be")));
    }
    Ok(Cells::of(field.name.to_string(), arrays))
}

/// The bytes of a column in a row group, as they lie in the file. Their place was checked.
fn packed(file: &mut Held, column: &ColumnChunkMetadata) -> Result<Vec<u8>, String> {
    let place = column.byte_range();
    let mut bytes = vec![0; usize::try_from(place.end - place.start).unwrap_or(usize::MAX)];
    let read = file.seek(SeekFrom::Start(place.start)).and_then(|_| file.read_exact(&mut bytes));
    read.map(|()| bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
