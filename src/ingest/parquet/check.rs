//! What a Parquet file says of itself, against the limits and against itself: before anything is unpacked by it.
//!
//! In go the footer and the headers of pages, out comes nothing or what is wrong. A size that is true is no danger, for the
//! limits bound it; these checks find the sizes that cannot be true, and those that a few bytes can claim.

use std::collections::BTreeSet;
use std::fmt;
use std::io::{Cursor, Read, Seek, SeekFrom};

use polars_arrow::datatypes::{ArrowDataType, Field};
use polars_parquet::read::{ColumnChunkMetadata, FileMetadata, RowGroupMetadata};
use polars_parquet_format::PageHeader;
use polars_parquet_format::thrift::protocol::TCompactInputProtocol;

use super::super::held::Held;
use super::super::{Limit, Limits};

/// What a value takes at least once it is unpacked, however little the file needs for it.
const VALUE: u64 = 16;
/// A file may unpack to as much as this whatever its own length.
const ALWAYS_UNPACKED: u64 = 10 * 1024 * 1024;
/// Digits of a number of 128 bits.
const MOST_DIGITS: usize = 38;

/// What a library says of a damaged file, without the part that says which library.
pub(super) fn damaged(said: impl fmt::Display) -> String {
    let said = said.to_string();
    let said = said.strip_prefix("parquet: ").unwrap_or(&said);
    format!("it is damaged ({})", said.strip_prefix("File out of specification: ").unwrap_or(said))
}

/// How long a column of a row group is in memory.
pub(super) fn size(column: &ColumnChunkMetadata) -> u64 {
    let values = number(column.num_values()).saturating_mul(VALUE);
    number(column.uncompressed_size()).max(values)
}

/// A number that must not be negative.
fn number(signed: i64) -> u64 {
    u64::try_from(signed).unwrap_or(u64::MAX)
}

fn count(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

/// The file ends as a Parquet file does, and its table of contents can be held in memory.
pub(super) fn tail(file: &mut Held, length: u64, limits: &Limits) -> Result<(), String> {
    let mut tail = [0; 8];
    let at = length.checked_sub(count(tail.len())).ok_or("it is shorter than any Parquet file")?;
    let read = file.seek(SeekFrom::Start(at)).and_then(|_| file.read_exact(&mut tail));
    read.map_err(|error| error.to_string())?;
    let [a, b, c, d, magic @ ..] = tail;
    match &magic {
        b"PAR1" => {}
        b"PARE" => return Err("it is encrypted".to_owned()),
        _ => return Err("it does not end as a Parquet file does; it is none, or was cut off".to_owned()),
    }
    if u64::from(u32::from_le_bytes([a, b, c, d])) > limits.get(Limit::HeldBytes) {
        return Err(limits.over(Limit::HeldBytes, "its table of contents is longer"));
    }
    Ok(())
}

/// Columns have names of their own and types that can be written as JSON.
pub(super) fn columns(metadata: &FileMetadata, fields: &[Field], limits: &Limits) -> Result<(), String> {
    if fields.is_empty() && metadata.num_rows > 0 {
        return Err("it has rows and no columns".to_owned());
    }
    let flat = metadata.schema().columns().len().max(fields.len());
    if flat > limits.size(Limit::Columns) {
        return Err(limits.over(Limit::Columns, format_args!("it has {flat} columns, which is more")));
    }
    twice(metadata.schema().fields().iter().map(|field| field.name()))?;
    fields.iter().try_for_each(|field| {
        let deepest = limits.size(Limit::Depth);
        readable(&field.dtype, deepest, limits).map_err(|reason| format!("column `{}`: {reason}", field.name))
    })
}

fn twice(names: impl Iterator<Item: Ord + fmt::Display + Copy>) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            return Err(format!("`{name}` stands twice; leave one out"));
        }
    }
    Ok(())
}

fn readable(dtype: &ArrowDataType, depth: usize, limits: &Limits) -> Result<(), String> {
    use ArrowDataType as Type;
    let Some(depth) = depth.checked_sub(1) else {
        return Err(limits.over(Limit::Depth, "its type is nested deeper"));
    };
    match dtype {
        Type::Null | Type::Boolean | Type::Int8 | Type::Int16 | Type::Int32 | Type::Int64 => Ok(()),
        Type::UInt8 | Type::UInt16 | Type::UInt32 | Type::UInt64 | Type::Float32 | Type::Float64 => Ok(()),
        Type::Date32 | Type::Time32(_) | Type::Time64(_) | Type::Timestamp(_, _) => Ok(()),
        Type::Decimal(_, scale) if *scale <= MOST_DIGITS => Ok(()),
        Type::Utf8View | Type::BinaryView | Type::FixedSizeBinary(_) => Ok(()),
        Type::LargeList(item) | Type::Map(item, _) => readable(&item.dtype, depth, limits),
        Type::Struct(fields) => {
            twice(fields.iter().map(|field| field.name.as_str()))?;
            fields.iter().try_for_each(|field| readable(&field.dtype, depth, limits))
        }
        other => Err(format!("its type is not supported ({other:?}); leave it out, or write it as text")),
    }
}

/// Row groups make up the file, lie within it, and are not a great many times longer than it.
pub(super) fn sizes(metadata: &FileMetadata, length: u64, limits: &Limits) -> Result<(), String> {
    let rows = metadata.row_groups.iter().map(RowGroupMetadata::num_rows).fold(0, usize::saturating_add);
    // Fewer are no loss: some programs left this number at zero.
    if metadata.num_rows > rows {
        return Err(format!("it says that it has {} rows, and its row groups have {rows}", metadata.num_rows));
    }
    let columns = || metadata.row_groups.iter().flat_map(RowGroupMetadata::parquet_columns);
    if columns().any(|column| column.byte_range().end > length) {
        return Err("it lacks bytes that its table of contents names; it may have been cut off".to_owned());
    }
    let unpacked = |column: &ColumnChunkMetadata| number(column.uncompressed_size()).max(number(column.num_values()));
    let unpacked = columns().map(unpacked).fold(0, u64::saturating_add);
    if unpacked > most_unpacked(length, limits) { Err(too_much_unpacked(limits)) } else { Ok(()) }
}

/// How much a file of this length may unpack to.
pub(super) fn most_unpacked(length: u64, limits: &Limits) -> u64 {
    length.saturating_mul(limits.get(Limit::UnpackedRatio)).max(ALWAYS_UNPACKED)
}

pub(super) fn too_much_unpacked(limits: &Limits) -> String {
    limits.over(Limit::UnpackedRatio, "unpacked, it is more times longer")
}

/// A row group fits into memory, and has as many values as rows.
pub(super) fn group(at: usize, group: &RowGroupMetadata, fields: &[Field], limits: &Limits) -> Result<(), String> {
    let columns = group.parquet_columns();
    let packed = |column: &ColumnChunkMetadata| number(column.compressed_size());
    let unpacked = |column: &ColumnChunkMetadata| number(column.uncompressed_size());
    let sum = |size: &dyn Fn(&ColumnChunkMetadata) -> u64| columns.iter().map(size).fold(0, u64::saturating_add);
    // The values of a flat column are read some rows at a time, those of one row of a nested one are not.
    let nested = |column: &ColumnChunkMetadata| if is_nested(column) { size(column) } else { 0 };
    if sum(&packed).max(sum(&unpacked)).max(sum(&nested)) > limits.get(Limit::GroupBytes) {
        return Err(limits.over(Limit::GroupBytes, format_args!("row group {} is longer", at + 1)));
    }
    for column in columns {
        let (values, rows) = (number(column.num_values()), count(group.num_rows()));
        if values < rows || (values > rows && !is_nested(column)) {
            let path = column.descriptor().path_in_schema.join(".");
            return Err(format!("column `{path}` has {values} values where row group {} has {rows} rows", at + 1));
        }
    }
    match fields.iter().find(|field| group.columns_under_root_iter(&field.name).is_none()) {
        Some(field) => Err(format!("row group {} lacks column `{}`", at + 1, field.name)),
        None => Ok(()),
    }
}

fn is_nested(column: &ColumnChunkMetadata) -> bool {
    column.descriptor().descriptor.max_rep_level > 0
}

/// Every page of a column, as its header has it.
pub(super) fn pages(column: &ColumnChunkMetadata, packed: &[u8], limits: &Limits) -> Result<(), String> {
    let longest = limits.get(Limit::PageBytes);
    let (mut values, mut unpacked) = (0_u64, 0_u64);
    let mut bytes = Cursor::new(packed);
    while values < number(column.num_values()) {
        let mut header = TCompactInputProtocol::new(&mut bytes, packed.len());
        let header =
            PageHeader::read_from_in_protocol(&mut header).map_err(|error| damaged(format_args!("a page: {error}")))?;
        let (size, entries) = (number(header.uncompressed_page_size.into()), entries(&header));
        unpacked = unpacked.saturating_add(size);
        if size.max(number(header.compressed_page_size.into())) > longest {
            return Err(limits.over(Limit::PageBytes, "a page is longer"));
        }
        if unpacked > limits.get(Limit::GroupBytes) {
            return Err(limits.over(Limit::GroupBytes, "its pages together are longer"));
        }
        match entries {
            Entries::Dictionary(entries) if entries > size => {
                return Err(format!("a dictionary of {size} bytes cannot have {entries} entries"));
            }
            Entries::Data(entries) => values = values.saturating_add(entries),
            Entries::Dictionary(_) => {}
        }
        if values > number(column.num_values()) {
            return Err("its pages have more values than it has".to_owned());
        }
        let end = bytes.position().saturating_add(number(header.compressed_page_size.into()));
        if end > count(packed.len()) {
            return Err("a page is longer than the column".to_owned());
        }
        bytes.set_position(end);
    }
    Ok(())
}

/// How many entries a page has.
enum Entries {
    Dictionary(u64),
    Data(u64),
}

fn entries(header: &PageHeader) -> Entries {
    let first = header.data_page_header.as_ref().map(|header| header.num_values);
    let second = header.data_page_header_v2.as_ref().map(|header| header.num_values);
    match header.dictionary_page_header.as_ref() {
        Some(dictionary) => Entries::Dictionary(number(dictionary.num_values.into())),
        None => Entries::Data(number(first.or(second).unwrap_or(0).into())),
    }
}
