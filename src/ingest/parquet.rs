//! Parquet with the canonical schema: a list is a list, a list of objects a list of structs. Read whole, by polars.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{AnyValue, DataFrame, ParquetReader, PolarsResult, SerReader};
use serde_json::{Map, Value as Json};

use super::IngestError;
use super::input::Input;
use super::rows::{Body, Opened, RawRow, RowSource, gather};
use crate::record::PartialDate;

struct Parquet {
    input: Input,
    frame: DataFrame,
    row: usize,
}

pub(super) fn open(mut input: Input) -> Result<Opened, IngestError> {
    let bytes = input.rest().map_err(|error| IngestError::io(input.name(), error))?;
    let frame = if bytes.is_empty() { DataFrame::empty() } else { frame(input.name(), bytes)? };
    Ok(Opened::of(Parquet { input, frame, row: 0 }))
}

fn frame(name: &str, bytes: Vec<u8>) -> Result<DataFrame, IngestError> {
    sound(name, || ParquetReader::new(Cursor::new(bytes)).finish())
}

/// Runs polars on what a file holds. On some damaged files polars panics instead of returning an error; its frame is
/// dropped then, so nothing half-made is seen again.
fn sound<T>(name: &str, read: impl FnOnce() -> PolarsResult<T>) -> Result<T, IngestError> {
    let failed = |reason: String| IngestError::Parquet { name: name.to_owned(), reason };
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(Ok(read)) => Ok(read),
        Ok(Err(error)) => Err(failed(error.to_string())),
        Err(_) => Err(failed("the file is damaged, or has a type of column that is not supported".to_owned())),
    }
}

impl RowSource for Parquet {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        let Self { input, frame, row } = self;
        gather(most, || {
            if *row >= frame.height() {
                return Ok(None);
            }
            let object = sound(input.name(), || object(frame, *row))?;
            *row += 1;
            // There are no bytes of its own; these are for showing it should it be rejected.
            let bytes = Json::Object(object.clone()).to_string().into_bytes();
            let line = u64::try_from(*row).unwrap_or(u64::MAX);
            Ok(Some(RawRow::of(line, bytes, Body::Object(object))))
        })
    }

    fn input(&self) -> &Input {
        &self.input
    }
}

fn object(frame: &DataFrame, row: usize) -> PolarsResult<Map<String, Json>> {
    let cell = |column: &polars::prelude::Column| Ok((column.name().to_string(), json(&column.get(row)?)));
    frame.columns().iter().map(cell).collect()
}

fn json(value: &AnyValue<'_>) -> Json {
    match value {
        AnyValue::Null => Json::Null,
        AnyValue::Boolean(flag) => (*flag).into(),
        AnyValue::String(text) => (*text).into(),
        AnyValue::StringOwned(text) => text.as_str().into(),
        AnyValue::Float32(number) => (*number).into(),
        AnyValue::Float64(number) => (*number).into(),
        AnyValue::Date(day) => PartialDate { first: *day, last: *day }.to_string().into(),
        AnyValue::List(items) => items.iter().map(|item| json(&item)).collect(),
        AnyValue::Struct(_, _, fields) => {
            let names = fields.iter().map(|field| field.name().to_string());
            Json::Object(names.zip(value._iter_struct_av()).map(|(name, item)| (name, json(&item))).collect())
        }
        AnyValue::StructOwned(owned) => {
            let names = owned.1.iter().map(|field| field.name().to_string());
            Json::Object(names.zip(&owned.0).map(|(name, item)| (name, json(item))).collect())
        }
        AnyValue::Binary(_) | AnyValue::BinaryOwned(_) => "(bytes)".into(),
        other => other.extract::<i64>().map_or_else(|| other.to_string().into(), Json::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ReadOptions;
    use polars::prelude::{
        Column, DataType, IntoColumn, IntoSeries, ListChunked, NamedFrom, ParquetWriter, Series, StructChunked,
    };

    fn charges() -> PolarsResult<Column> {
        let text = Series::new("text".into(), ["Fraud", "Theft\r\n"]);
        let months = Series::new("max_penalty_months".into(), [Some(12_i64), None]);
        let objects = StructChunked::from_series("item".into(), 2, [&text, &months].into_iter())?.into_series();
        let lists: ListChunked = [Some(objects), None].into_iter().collect();
        Ok(lists.into_series().with_name("charges".into()).into_column())
    }

    fn file() -> PolarsResult<Vec<u8>> {
        let born = Series::new("date_of_birth".into(), [Some(3652_i32), None]).cast(&DataType::Date)?;
        let countries: ListChunked = [Some(Series::new("".into(), ["XA", "XB"])), None].into_iter().collect();
        let columns = vec![
            Series::new("record_id".into(), ["1", "2"]).into_column(),
            Series::new("kind".into(), [Some("sltd"), None]).into_column(),
            born.into_column(),
            countries.into_series().with_name("nationalities".into()).into_column(),
            charges()?,
        ];
        let mut bytes = vec![];
        ParquetWriter::new(&mut bytes).finish(&mut DataFrame::new(2, columns)?)?;
        Ok(bytes)
    }

    fn rows(bytes: Vec<u8>) -> Result<Vec<Json>, IngestError> {
        let input = Input::open("a.parquet", Box::new(Cursor::new(bytes)), &ReadOptions::default())
            .expect("memory can be read");
        let rows = open(input)?.rows.batch(10)?;
        Ok(rows
            .into_iter()
            .map(|row| if let Body::Object(object) = row.body { Json::Object(object) } else { Json::Null })
            .collect())
    }

    #[test]
    fn lists_structs_and_dates_become_the_canonical_object() {
        let rows = rows(file().expect("polars can write it")).expect("a sound file");
        assert_eq!(
            rows,
            [
                serde_json::json!({
                    "record_id": "1", "kind": "sltd", "date_of_birth": "1980-01-01", "nationalities": ["XA", "XB"],
                    "charges": [{"text": "Fraud", "max_penalty_months": 12}, {"text": "Theft\r\n", "max_penalty_months": null}],
                }),
                serde_json::json!({"record_id": "2", "kind": null, "date_of_birth": null, "nationalities": null, "charges": null}),
            ]
        );
    }

    #[test]
    fn a_damaged_file_is_an_error_and_no_crash() {
        let whole = file().expect("polars can write it");
        for cut in [4, 20, whole.len() / 2, whole.len() - 1] {
            let error = rows(whole[..cut].to_vec()).expect_err("damaged").to_string();
            assert!(error.starts_with("`a.parquet` cannot be read as Parquet: "), "{error}");
        }
    }
}
