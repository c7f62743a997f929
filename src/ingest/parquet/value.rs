//! Cells of Parquet columns as JSON. Nothing is shifted, rounded or guessed: a date and time is the text of the clock it
//! was written from, a decimal keeps its digits, and bytes that are no text are shown as such.

use chrono::{DateTime, NaiveTime};
use polars_arrow::array::{
    Array, BinaryViewArray, BooleanArray, FixedSizeBinaryArray, ListArray, MapArray, PrimitiveArray, StructArray,
    Utf8ViewArray,
};
use polars_arrow::datatypes::{ArrowDataType, TimeUnit};
use polars_arrow::types::NativeType;
use serde_json::{Map, Value as Json};

use super::super::{Limit, Limits};

const SECONDS_A_DAY: i64 = 24 * 60 * 60;
const NANOS: i64 = 1_000_000_000;
/// What stands for bytes that are no text.
const BYTES: &str = "(bytes)";

/// The cells of a column, to be taken in order.
pub(super) struct Cells {
    name: String,
    arrays: Vec<Box<dyn Array>>,
    array: usize,
    at: usize,
}

/// A row is over this limit, and what is longer in it.
pub(super) struct Over(pub(super) Limit, pub(super) &'static str);

/// What a row may still take.
pub(super) struct Left {
    values: usize,
    bytes: usize,
    field: usize,
}

impl Left {
    pub(super) fn of(limits: &Limits) -> Self {
        let size = |limit| limits.size(limit);
        Self { values: size(Limit::RowValues), bytes: size(Limit::RowBytes), field: size(Limit::FieldBytes) }
    }

    /// How many bytes the row has taken.
    pub(super) fn taken(&self, limits: &Limits) -> usize {
        limits.size(Limit::RowBytes) - self.bytes
    }

    fn take_value(&mut self) -> Result<(), Over> {
        self.values = self.values.checked_sub(1).ok_or(Over(Limit::RowValues, "the row has more values"))?;
        self.take_bytes(1)
    }

    fn take_bytes(&mut self, bytes: usize) -> Result<(), Over> {
        self.bytes = self.bytes.checked_sub(bytes).ok_or(Over(Limit::RowBytes, "the row is longer"))?;
        Ok(())
    }

    fn take_text(&mut self, text: &str) -> Result<Json, Over> {
        if text.len() > self.field {
            return Err(Over(Limit::FieldBytes, "a text is longer"));
        }
        self.take_bytes(text.len())?;
        Ok(text.into())
    }
}

impl Cells {
    pub(super) fn of(name: String, arrays: Vec<Box<dyn Array>>) -> Self {
        Self { name, arrays, array: 0, at: 0 }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The next cell, unless the row has become too long for it.
    pub(super) fn next(&mut self, left: &mut Left) -> Result<Result<Json, Over>, String> {
        while self.arrays.get(self.array).is_some_and(|array| self.at >= array.len()) {
            (self.array, self.at) = (self.array + 1, 0);
        }
        let array =
            self.arrays.get(self.array).ok_or_else(|| format!("column `{}` ends before the rows", self.name))?;
        self.at += 1;
        let cell = left.take_bytes(self.name.len()).and_then(|()| json(array.as_ref(), self.at - 1, left));
        Ok(cell)
    }
}

fn json(array: &dyn Array, at: usize, left: &mut Left) -> Result<Json, Over> {
    left.take_value()?;
    if array.is_null(at) {
        return Ok(Json::Null);
    }
    if let Some(texts) = array.as_any().downcast_ref::<Utf8ViewArray>() {
        return left.take_text(texts.value(at));
    }
    if let Some(bytes) = array.as_any().downcast_ref::<BinaryViewArray>() {
        return left.take_text(str::from_utf8(bytes.value(at)).unwrap_or(BYTES));
    }
    if let Some(bytes) = array.as_any().downcast_ref::<FixedSizeBinaryArray>() {
        return left.take_text(&fixed(bytes.value(at)));
    }
    if let Some(lists) = array.as_any().downcast_ref::<ListArray<i64>>() {
        return items(lists.value(at).as_ref(), left);
    }
    if let Some(maps) = array.as_any().downcast_ref::<MapArray>() {
        return items(maps.value(at).as_ref(), left);
    }
    if let Some(structs) = array.as_any().downcast_ref::<StructArray>() {
        let mut object = Map::new();
        for (field, values) in structs.fields().iter().zip(structs.values()) {
            left.take_bytes(field.name.len())?;
            object.insert(field.name.to_string(), json(values.as_ref(), at, left)?);
        }
        return Ok(Json::Object(object));
    }
    Ok(scalar(array, at).unwrap_or(Json::Null))
}

fn items(array: &dyn Array, left: &mut Left) -> Result<Json, Over> {
    (0..array.len()).map(|at| json(array, at, left)).collect()
}

/// Bytes of a fixed number are an identifier or a hash more often than text: what is no text must still be told apart.
fn fixed(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) if !text.contains(char::is_control) => text.to_owned(),
        _ => crate::text::hex(bytes),
    }
}

/// A cell that holds no other cells. None for a type that was not let through.
fn scalar(array: &dyn Array, at: usize) -> Option<Json> {
    use ArrowDataType as Type;
    let json = match array.dtype() {
        Type::Boolean => array.as_any().downcast_ref::<BooleanArray>()?.value(at).into(),
        Type::Int8 => number::<i8>(array, at)?.into(),
        Type::Int16 => number::<i16>(array, at)?.into(),
        Type::Int32 => number::<i32>(array, at)?.into(),
        Type::Int64 => number::<i64>(array, at)?.into(),
        Type::UInt8 => number::<u8>(array, at)?.into(),
        Type::UInt16 => number::<u16>(array, at)?.into(),
        Type::UInt32 => number::<u32>(array, at)?.into(),
        Type::UInt64 => number::<u64>(array, at)?.into(),
        // Its shortest digits, not those that appear when it is made wider.
        Type::Float32 => float(number::<f32>(array, at)?.to_string().parse().ok()?),
        Type::Float64 => float(number::<f64>(array, at)?),
        Type::Date32 => date(number::<i32>(array, at)?),
        Type::Time32(unit) => time(number::<i32>(array, at)?.into(), *unit),
        Type::Time64(unit) => time(number::<i64>(array, at)?, *unit),
        Type::Timestamp(unit, zone) => timestamp(number::<i64>(array, at)?, *unit, zone.is_some()),
        Type::Decimal(_, scale) => decimal(number::<i128>(array, at)?, *scale).into(),
        _ => return None,
    };
    Some(json)
}

fn number<T: NativeType>(array: &dyn Array, at: usize) -> Option<T> {
    array.as_any().downcast_ref::<PrimitiveArray<T>>().map(|numbers| numbers.value(at))
}

/// What JSON has no number for stays text.
fn float(number: f64) -> Json {
    if number.is_finite() { number.into() } else { number.to_string().into() }
}

fn date(days: i32) -> Json {
    match DateTime::from_timestamp(i64::from(days) * SECONDS_A_DAY, 0) {
        Some(day) => day.format("%Y-%m-%d").to_string().into(),
        None => format!("{days} days since 1970").into(),
    }
}

/// How many of a unit make a second.
fn a_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::Second => 1,
        TimeUnit::Millisecond => 1000,
        TimeUnit::Microsecond => 1_000_000,
        TimeUnit::Nanosecond => NANOS,
    }
}

/// Whole seconds and the nanoseconds after them.
fn seconds(count: i64, unit: TimeUnit) -> (i64, u32) {
    let rest = count.rem_euclid(a_second(unit)) * (NANOS / a_second(unit));
    (count.div_euclid(a_second(unit)), u32::try_from(rest).unwrap_or(0))
}

fn time(count: i64, unit: TimeUnit) -> Json {
    let (seconds, nanos) = seconds(count, unit);
    let time =
        u32::try_from(seconds).ok().and_then(|seconds| NaiveTime::from_num_seconds_from_midnight_opt(seconds, nanos));
    match time {
        Some(time) => time.format("%H:%M:%S%.f").to_string().into(),
        None => format!("{count} of {} a second since midnight", a_second(unit)).into(),
    }
}

/// The clock it was written from; `Z` where the file says that this is UTC.
fn timestamp(count: i64, unit: TimeUnit, utc: bool) -> Json {
    let (seconds, nanos) = seconds(count, unit);
    match DateTime::from_timestamp(seconds, nanos) {
        Some(time) => format!("{}{}", time.format("%Y-%m-%dT%H:%M:%S%.f"), if utc { "Z" } else { "" }).into(),
        None => format!("{count} of {} a second since 1970", a_second(unit)).into(),
    }
}

pub(super) fn decimal(units: i128, scale: usize) -> String {
    let digits = format!("{:0>width$}", units.unsigned_abs(), width = scale + 1);
    let sign = if units < 0 { "-" } else { "" };
    let (whole, rest) = digits.split_at(digits.len() - scale);
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}
