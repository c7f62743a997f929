//! Files of comma-separated values: what is read is what the corpus expects; what is broken is said.

use std::path::Path;

use serde_json::Value;

use super::case::Case;
use super::run::Seen;
use super::{files, name};

/// Broken files whose fault shows in the file itself. Of the others one has a quote inside a bare cell, which is taken as it
/// stands, and two are wrong only for a reader who expects another header.
const FAULTY: [&str; 4] = [
    "bad-header-less-fields.csv",
    "bad-header-more-fields.csv",
    "bad-missing-quote.csv",
    "bad-quotes-with-unescaped-quote.csv",
];

/// The column of csv-spectrum's `location_coordinates.csv` in which the table is not what the corpus itself expects of it.
const DISPUTED: &str = "Contact Phone Number";

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let spectrum = files(&folder.join("csv-spectrum/csvs")).into_iter().map(|path| {
        let expected = expected(&path, "../json");
        rows(Case::new("csv-spectrum", name(&path)).at(&path).run("inspect FILE --rows"), expected)
    });
    let test_data = files(&folder.join("csv-test-data/csv")).into_iter().map(|path| test_data(&path));
    let duckdb = files(&folder.join("duckdb-csv/data"))
        .into_iter()
        .flat_map(|path| table(["duckdb-csv", "duckdb-csv rows"], &path));
    let arrow = files(&folder.join("arrow-testing/data/csv"))
        .into_iter()
        .flat_map(|path| table(["arrow csv", "arrow csv rows"], &path));
    spectrum.chain(test_data).chain(duckdb).chain(arrow).collect()
}

fn test_data(path: &Path) -> Case {
    let name = name(path);
    let case = Case::new("csv-test-data", &name).at(path);
    match name.as_str() {
        _ if FAULTY.contains(&name.as_str()) => case.run("inspect FILE --rows").says("line 2"),
        _ if name.starts_with("bad-") => case,
        _ if name.starts_with("header-") => rows(case.run("inspect FILE --rows"), expected(path, "../json")),
        _ => rows(case.run("inspect FILE --header-row 0 --rows"), expected(path, "../json")),
    }
}

/// A file of an unknown dialect, read as records and as mere rows. The format is named only where the name does not tell it.
fn table(suites: [&'static str; 2], path: &Path) -> [Case; 2] {
    let known = path.extension().is_some_and(|extension| ["csv", "gz", "zst"].iter().any(|known| extension == *known));
    let format = if known { "" } else { "--input-format csv" };
    let case = |suite, run: &str| Case::new(suite, name(path)).at(path).run(&format!("inspect FILE {format} {run}"));
    [case(suites[0], ""), case(suites[1], "--rows")]
}

fn expected(csv: &Path, folder: &str) -> Value {
    let folder = csv.parent().unwrap_or(csv).join(folder);
    let json = folder.join(csv.with_extension("json").file_name().unwrap_or_default());
    let text = std::fs::read_to_string(&json).expect("the corpus holds what it expects");
    let mut expected: Value = serde_json::from_str(&text).expect("the corpus expects JSON");
    if expected.is_object() {
        expected = Value::Array(vec![expected]);
    }
    without(&mut expected, DISPUTED);
    expected
}

fn without(rows: &mut Value, column: &str) {
    rows.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut).for_each(|row| {
        row.shift_remove(column);
    });
}

fn rows(case: Case, expected: Value) -> Case {
    case.exits(&[0]).must(move |seen| {
        let mut read = printed(seen);
        without(&mut read, DISPUTED);
        if read == expected { Ok(()) } else { Err(format!("reads {read} where {expected} is expected")) }
    })
}

/// The rows that were printed, one JSON value a line.
fn printed(seen: &Seen) -> Value {
    seen.out.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok()).collect()
}
