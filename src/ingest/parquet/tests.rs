use std::io::Cursor;

use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, IntoSeries, ListChunked, NamedFrom, ParquetWriter, PolarsResult, Series,
    StructChunked, TimeUnit,
};
use serde_json::{Value as Json, json};

use super::*;

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
    write(vec![
        Series::new("record_id".into(), ["1", "2"]).into_column(),
        Series::new("kind".into(), [Some("sltd"), None]).into_column(),
        born.into_column(),
        countries.into_series().with_name("nationalities".into()).into_column(),
        charges()?,
    ])
}

fn write(columns: Vec<Column>) -> PolarsResult<Vec<u8>> {
    let mut bytes = vec![];
    let mut frame = DataFrame::new_infer_height(columns)?;
    ParquetWriter::new(&mut bytes).with_row_group_size(Some(1000)).finish(&mut frame)?;
    Ok(bytes)
}

fn read(bytes: Vec<u8>, limits: &Limits) -> Result<Vec<RawRow>, IngestError> {
    let mut table = open("a.parquet", Held::Memory(Cursor::new(bytes)), limits)?;
    std::iter::from_fn(|| table.next().transpose()).collect()
}

fn objects(bytes: Vec<u8>) -> Vec<Json> {
    let rows = read(bytes, &Limits::default()).expect("a sound file");
    let object = |row: RawRow| if let Body::Object(object) = row.body { Json::Object(object) } else { Json::Null };
    rows.into_iter().map(object).collect()
}

fn refused(bytes: Vec<u8>, limits: Limits) -> String {
    read(bytes, &limits).map(|_| ()).expect_err("over a limit").to_string()
}

#[test]
fn the_names_of_the_columns_tell_the_profile() {
    let column = |name: &str, text: &str| Series::new(name.into(), [text]).into_column();
    let bytes = write(vec![column("entity_id", "1"), column("name", "SUR"), column("forename", "FORE")]);
    let input = Box::new(Cursor::new(bytes.expect("polars can write it")));
    let mut reader =
        crate::ingest::read_from("a.parquet", input, &crate::ingest::ReadOptions::default()).expect("sound");
    assert!(reader.by_ref().all(|chunk| chunk.is_ok_and(|chunk| chunk.rejects.is_empty())));
    let ledger = reader.ledger();
    assert_eq!((ledger.profile_name(), ledger.read, ledger.accepted), ("interpol-api", 1, 1));
}

#[test]
fn lists_structs_and_dates_become_the_canonical_object() {
    assert_eq!(
        objects(file().expect("polars can write it")),
        [
            json!({
                "record_id": "1", "kind": "sltd", "date_of_birth": "1980-01-01", "nationalities": ["XA", "XB"],
                "charges": [{"text": "Fraud", "max_penalty_months": 12}, {"text": "Theft\r\n", "max_penalty_months": null}],
            }),
            json!({"record_id": "2", "kind": null, "date_of_birth": null, "nationalities": null, "charges": null}),
        ]
    );
}

#[test]
fn every_type_is_plain_json_and_nothing_is_shifted() {
    let column = |name: &str, dtype: DataType, number: i64| {
        Series::new(name.into(), [number]).cast(&dtype).map(IntoColumn::into_column).expect("polars can cast it")
    };
    let time = |unit| DataType::Datetime(unit, None);
    let rows = objects(
        write(vec![
            column("i8", DataType::Int8, -8),
            column("u16", DataType::UInt16, 65_535),
            column("u64", DataType::UInt64, i64::MAX),
            column("ms", time(TimeUnit::Milliseconds), -1),
            column("us", time(TimeUnit::Microseconds), 1_709_251_199_000_000),
            column("far", time(TimeUnit::Milliseconds), i64::MAX),
            column("clock", DataType::Time, 3_723_000_000_000),
            Series::new("f32".into(), [0.1_f32]).into_column(),
            Series::new("nan".into(), [f64::NAN]).into_column(),
            Series::new("bytes".into(), [b"\xff".as_slice()]).into_column(),
            Series::new("text".into(), ["x"]).cast(&DataType::Binary).expect("text is bytes").into_column(),
        ])
        .expect("polars can write it"),
    );
    let wanted = json!({
        "i8": -8, "u16": 65535, "u64": i64::MAX, "ms": "1969-12-31T23:59:59.999", "us": "2024-02-29T23:59:59",
        "far": format!("{} of 1000 a second since 1970", i64::MAX), "clock": "01:02:03", "f32": 0.1, "nan": "NaN",
        "bytes": "(bytes)", "text": "x",
    });
    assert_eq!(rows, [wanted]);
}

#[test]
fn row_groups_and_slices_come_in_order() {
    let numbers: Vec<i64> = (0..2500).collect();
    let rows = objects(write(vec![Series::new("n".into(), &numbers).into_column()]).expect("polars can write it"));
    assert_eq!(rows, numbers.iter().map(|number| json!({"n": number})).collect::<Vec<_>>());
}

#[test]
fn a_damaged_file_is_an_error_and_no_crash() {
    let whole = file().expect("polars can write it");
    for cut in [1, 4, 20, whole.len() / 2, whole.len() - 1] {
        let error = refused(whole[..cut].to_vec(), Limits::default());
        assert!(error.starts_with("`a.parquet` cannot be read as Parquet: it "), "{error}");
    }
    for at in (0..whole.len()).step_by(5) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x5a;
        if let Ok(rows) = read(bytes, &Limits::default()) {
            assert!(rows.len() <= 2, "byte {at} makes rows");
        }
    }
    let mut encrypted = whole.clone();
    encrypted.splice(whole.len() - 1.., *b"E");
    assert!(refused(encrypted, Limits::default()).contains("it is encrypted"));
}

#[test]
fn each_limit_is_named_by_the_error_it_causes() {
    let long = "x".repeat(100_000);
    let many = Series::new("n".into(), (0..2000_i64).collect::<Vec<_>>());
    let text = write(vec![Series::new("t".into(), [&*long; 3]).into_column()]).expect("polars can write it");
    let flat = write(vec![many.clone().into_column()]).expect("polars can write it");
    let list = many.implode().expect("a list").with_name("l".into()).into_series().into_column();
    let list = write(vec![list]).expect("polars can write it");
    let whole = |bytes: &[u8], limit, value| refused(bytes.to_vec(), Limits::default().with(limit, value));
    for (bytes, limit, value) in [
        (&text, Limit::PageBytes, 50_000),
        (&text, Limit::GroupBytes, 50_000),
        (&flat, Limit::Columns, 0),
        (&list, Limit::Depth, 1),
        (&flat, Limit::HeldBytes, 10),
    ] {
        let error = whole(bytes, limit, value);
        assert!(error.contains(&format!("(limit `{}`)", limit.name())), "{error}");
    }
    for (bytes, limit, value) in
        [(&text, Limit::FieldBytes, 50_000), (&text, Limit::RowBytes, 50_000), (&list, Limit::RowValues, 1000)]
    {
        let rows = read(bytes.clone(), &Limits::default().with(limit, value)).expect("only rows are over the limit");
        let named = |row: &RawRow| match &row.body {
            Body::Broken(_, reason) => reason.contains(&format!("(limit `{}`)", limit.name())),
            _ => false,
        };
        assert!(rows.iter().all(named), "{limit:?}");
    }
}

#[test]
fn a_row_over_a_limit_costs_only_itself() {
    let long = "x".repeat(1000);
    let texts = ["a", &long, "b"];
    let bytes = write(vec![Series::new("t".into(), texts).into_column()]).expect("polars can write it");
    let rows = read(bytes, &Limits::default().with(Limit::FieldBytes, 100)).expect("a sound file");
    let broken: Vec<bool> = rows.iter().map(|row| matches!(row.body, Body::Broken(..))).collect();
    assert_eq!(broken, [false, true, false]);
    assert_eq!(rows.iter().map(|row| row.line).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_few_bytes_cannot_stand_for_endless_text() {
    let long = "x".repeat(1_000_000);
    let bytes = write(vec![Series::new("t".into(), vec![&*long; 30]).into_column()]).expect("polars can write it");
    assert!(bytes.len() < 100_000, "{}", bytes.len());
    let error = refused(bytes, Limits::default());
    assert!(error.contains("(limit `unpacked-ratio`)") && error.contains("; rows 1 to "), "{error}");
}

#[test]
fn decimals_keep_their_digits() {
    for (units, scale, wanted) in
        [(12_345, 2, "123.45"), (-5, 2, "-0.05"), (0, 3, "0.000"), (i128::MAX, 0, &*i128::MAX.to_string())]
    {
        assert_eq!(value::decimal(units, scale), wanted);
    }
}
