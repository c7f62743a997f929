//! Files read by a process of their own: the same rows, and an end to whatever that process does.

use std::fs;
use std::io::Cursor;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use article3::ingest::{self, Ledger, Limit, Limits, ReadOptions, Source, canonical};
use article3::record::Record;
use article3::report::CanonicalParquet;
use article3::table::{Origin, TableBuilder};
use serde_json::json;
use tempfile::TempDir;

fn program() -> PathBuf {
    assert_cmd::cargo::cargo_bin!("article3").to_owned()
}

/// A Parquet file with this many records.
fn parquet(rows: u32) -> Vec<u8> {
    let mut builder = TableBuilder::default();
    for row in 0..rows {
        let object = json!({"record_id": row.to_string(), "kind": "sltd", "sex": "?", "other_names": ["a", "ж\n"]});
        builder.push(&canonical::record(object.as_object().expect("an object")).0, Origin::default());
    }
    let mut bytes = vec![];
    let mut file = CanonicalParquet::new(&mut bytes).expect("memory can be written");
    file.write(&builder.finish().expect("a table")).expect("memory can be written");
    file.finish().expect("memory can be written");
    bytes
}

fn options(program: Option<&Path>) -> ReadOptions {
    ReadOptions { isolate: program.map(Path::to_owned), chunk_rows: 100, ..ReadOptions::default() }
}

/// The records and the account, or what is wrong with the file.
fn rows(reader: Result<ingest::Reader, ingest::IngestError>) -> Result<(Vec<Record>, Ledger), String> {
    let mut reader = reader.map_err(|error| error.to_string())?;
    let mut records = vec![];
    for chunk in reader.by_ref() {
        let table = chunk.map_err(|error| error.to_string())?.table;
        let columns = table.columns();
        records.extend((0..columns.rows()).map(|row| columns.record(row)));
    }
    let ledger = reader.ledger().clone();
    Ok((records, ledger))
}

struct Desk(TempDir);

impl Desk {
    fn new() -> Self {
        Self(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).expect("a file");
        path
    }

    /// A program that does what a broken decoder may do, instead of reading.
    fn program(&self, script: &str) -> PathBuf {
        let path = self.file("program", format!("#!/bin/sh\n{script}\n").as_bytes());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700)).expect("a program");
        path
    }

    /// What is said of a file that this script reads.
    fn said(&self, script: &str, limits: Limits) -> String {
        let file = self.file("a.parquet", &parquet(3));
        let options = ReadOptions { limits, ..options(Some(&self.program(script))) };
        rows(ingest::read(&Source::Path(file), &options)).expect_err("the program is no reader")
    }
}

#[test]
fn another_process_reads_the_same_rows() {
    let desk = Desk::new();
    let bytes = parquet(300);
    let file = Source::Path(desk.file("a.parquet", &bytes));
    let here = rows(ingest::read(&file, &options(None))).expect("a sound file");
    assert_eq!(here.0.len(), 300);
    assert_eq!(rows(ingest::read(&file, &options(Some(&program())))).expect("a sound file"), here);
    let piped = || Box::new(Cursor::new(bytes.clone()));
    let from_pipe = rows(ingest::read_from(&here.1.file, piped(), &options(Some(&program()))));
    assert_eq!(from_pipe.expect("a sound file"), here);
    let short = Limits::default().with(Limit::HeldBytes, 1000);
    for program in [None, Some(program())] {
        let options = ReadOptions { limits: short, ..options(program.as_deref()) };
        let said = rows(ingest::read_from("a.parquet", piped(), &options)).expect_err("over the limit");
        assert!(said.starts_with("`a.parquet` cannot be read: ") && said.contains("(limit `held-bytes`)"), "{said}");
    }
}

#[test]
fn a_damaged_file_is_refused_in_the_same_words() {
    let desk = Desk::new();
    let mut bytes = parquet(3);
    bytes.truncate(bytes.len() - 1);
    let file = Source::Path(desk.file("a.parquet", &bytes));
    let here = rows(ingest::read(&file, &options(None))).expect_err("cut off");
    assert!(here.contains("cannot be read as Parquet: it does not end as a Parquet file does"), "{here}");
    assert_eq!(rows(ingest::read(&file, &options(Some(&program())))).expect_err("cut off"), here);
}

#[test]
fn too_little_memory_is_named_as_what_it_is() {
    let desk = Desk::new();
    let long = "x".repeat(7 << 20);
    let object = json!({"kind": "sltd", "facts_summary": long});
    let mut builder = TableBuilder::default();
    builder.push(&canonical::record(object.as_object().expect("an object")).0, Origin::default());
    let mut bytes = vec![];
    let mut file = CanonicalParquet::new(&mut bytes).expect("memory can be written");
    file.write(&builder.finish().expect("a table")).expect("memory can be written");
    file.finish().expect("memory can be written");
    let path = desk.file("a.parquet", &bytes);
    let limits = Limits::default().with(Limit::MemoryBytes, 40 << 20);
    let options = ReadOptions { limits, ..options(Some(&program())) };
    let said = rows(ingest::read(&Source::Path(path), &options)).expect_err("too little memory");
    assert!(said.contains("(limit `memory-bytes`)"), "{said}");
}

#[test]
fn a_process_that_never_ends_is_ended() {
    let start = Instant::now();
    let said = Desk::new().said("while :; do :; done", Limits::default().with(Limit::Seconds, 1));
    assert!(said.contains("(limit `seconds`)") && said.ends_with("; no row was read"), "{said}");
    assert!(start.elapsed() < Duration::from_secs(30));
}

#[test]
fn a_process_that_breaks_off_is_noticed_and_the_rows_before_are_counted() {
    let row = r#"echo '{"row":{"line":1,"column":1,"body":{"object":{"kind":"sltd"}}}}'"#;
    let said = |script: &str| Desk::new().said(script, Limits::default());
    let broken = said(&format!("{row}\nkill -11 $$"));
    assert!(broken.contains("breaks its decoder") && broken.ends_with("; row 1 was read"), "{broken}");
    let killed = said(&format!("{row}\n{row}\nprintf '{{\"row\"'\nkill -6 $$"));
    assert!(killed.contains("(limit `memory-bytes`)") && killed.ends_with("; rows 1 to 2 were read"), "{killed}");
    let told = said(&format!("{row}\necho '{{\"error\":\"`a.parquet` is damaged in row 2\"}}'"));
    assert_eq!(told, "`a.parquet` is damaged in row 2", "what the reader says of the file is not lost after a row");
    for script in
        ["echo nonsense", "echo '{\"end\":2}'", "exit 0", "echo '{\"names\":[\"kind\"]}'; echo '{\"names\":[]}'"]
    {
        assert!(said(script).contains("could not be read safely"), "{script}: {}", said(script));
    }
    let row_too_long = Desk::new().said(
        "printf '{\"row\":'; while :; do printf '%01000d' 0; done",
        Limits::default().with(Limit::RowBytes, 1000),
    );
    assert!(row_too_long.contains("(limit `row-bytes`)"), "{row_too_long}");
}
