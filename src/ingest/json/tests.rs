//! JSON files as they are cut into rows.

use super::*;
use crate::ingest::ReadOptions;
use std::io::Cursor;

fn opened(text: &[u8], limits: &Limits) -> Box<dyn RowSource> {
    let input = Input::open("a.json", Box::new(Cursor::new(text.to_vec())), &ReadOptions::default())
        .expect("memory can be read");
    open(input, limits).rows
}

fn rows(text: &str) -> Vec<(u64, u64, String)> {
    let rows = opened(text.as_bytes(), &Limits::default()).batch(100).expect("sound JSON");
    rows.into_iter().map(|row| (row.line, row.column, String::from_utf8_lossy(&row.bytes).into_owned())).collect()
}

/// How many rows come before the fault, and what it is.
fn error(text: &str) -> (usize, String) {
    let mut rows = opened(text.as_bytes(), &Limits::default());
    let before = rows.batch(100).map_or(0, |rows| rows.len());
    (before, rows.batch(100).err().map(|error| error.to_string()).unwrap_or_default())
}

#[test]
fn each_object_of_a_list_is_a_row_with_its_place() {
    assert_eq!(
        rows("[\n{\"я\":1}, {\"b\":\n2},\n 3]"),
        [(2, 1, "{\"я\":1}".into()), (2, 10, "{\"b\":\n2}".into()), (4, 2, "3".into())]
    );
    assert_eq!(rows("\u{feff} {}\n"), [(1, 2, "{}".into())]);
    assert_eq!(rows("[ ]"), []);
}

#[test]
fn a_page_stands_for_its_notices() {
    let page = r#"{"total":2,"_embedded":{"notices":[{"a":1},{"a":2}]},"_links":{"self":[]}}"#;
    assert_eq!(rows(page), [(1, 36, "{\"a\":1}".to_owned()), (1, 44, "{\"a\":2}".to_owned())]);
    assert_eq!(rows(&format!("[{page},\n{page}, {{}}]")).len(), 5);
    assert_eq!(rows(r#"{"_embedded":{"notices":[]}}"#), []);
    assert_eq!(rows(r#"{"text":"\"notices\""}"#).len(), 1);
}

#[test]
fn a_page_that_is_not_sound_around_its_notices_is_a_fault() {
    let (before, said) = error(r#"{"total":,"_embedded":{"notices":[{"a":1}]}}"#);
    assert_eq!(before, 1);
    assert!(said.contains("at line 1, column 1; row 1 was read"), "{said}");
    assert!(error(r#"{"_embedded":{"notices":[{}],"notices":[]}}"#).1.contains("two lists of notices"));
    assert!(error(r#"{"_embedded":{"notices":[{}]"#).1.contains("ends inside a page of notices"));
}

#[test]
fn an_item_that_is_not_sound_costs_itself_only() {
    assert_eq!(rows("[{\"a\":},{'b':1},nul,{\"c\":\"\n\"},{}]").len(), 5);
}

#[test]
fn a_fault_between_items_is_told_after_the_rows_before_it() {
    let remedy = "fetch or write the file again";
    for (text, rows, want) in [
        (
            "[{},\n{}",
            2,
            "the file ends where a comma or the end of the list is expected at line 2, column 3; rows 1 to 2 were read",
        ),
        ("[{},]", 1, "a comma is followed by the end of the list at line 1, column 5; row 1 was read"),
        (
            "[{} {}]",
            1,
            "`{` stands where a comma or the end of the list is expected at line 1, column 5; row 1 was read",
        ),
        ("[,{}]", 0, "`,` stands where a value is expected at line 1, column 2; no row was read"),
        ("[{}] x", 1, "more text follows the end at line 1, column 6; row 1 was read"),
        ("[{\"a\":[}]", 0, "a bracket closes what another kind of bracket opened at line 1, column 8; no row was read"),
        ("[{},{\"a\":\n", 1, "the file ends inside the value that begins at line 1, column 5; row 1 was read"),
        (" \n", 0, "the file is empty at line 2, column 1; no row was read"),
        ("<html>", 0, "it looks like XML or HTML at line 1, column 1; no row was read"),
    ] {
        let want = format!("`a.json` cannot be read: not valid JSON: {want}; {remedy}");
        assert_eq!(error(text), (rows, want), "{text}");
    }
    assert!(error("{}\n{}").1.ends_with("and read it with `--input-format ndjson`"));
}

#[test]
fn an_item_over_a_limit_is_rejected_and_the_next_one_is_read() {
    let text = format!("[{{\"a\":\"{}\"}},[[[1]]],{{}}]", "x".repeat(50_000));
    let limits = Limits::default().with(Limit::RowBytes, 40_000).with(Limit::Depth, 2);
    let rows = opened(text.as_bytes(), &limits).batch(100).expect("sound JSON");
    let reasons = rows.iter().map(|row| match &row.body {
        Body::Broken(_, reason) => reason.split(';').next().unwrap_or_default(),
        _ => "",
    });
    let want = [
        "the object is longer than 40000 bytes (limit `row-bytes`)",
        "the JSON is nested deeper than 2 (limit `depth`)",
        "",
    ];
    assert_eq!(reasons.collect::<Vec<_>>(), want);
    assert_eq!(rows[0].bytes.len(), SHOWN);
}
