//! Tables as they are cut into rows.

use super::*;
use std::io::Cursor;

type Rows = Vec<(u64, Result<Vec<String>, String>)>;

fn open_text(text: &str, dialect: DialectChoice) -> Result<Opened, IngestError> {
    let input = Input::open("a.csv", Box::new(Cursor::new(text.as_bytes().to_vec())), &ReadOptions::default())
        .expect("memory can be read");
    open(input, &ReadOptions { dialect, ..ReadOptions::default() })
}

fn error(text: &str) -> String {
    open_text(text, DialectChoice::default()).err().map(|error| error.to_string()).unwrap_or_default()
}

fn rows(text: &str) -> Rows {
    rows_of(open_text(text, DialectChoice::default()).expect("a sound header"))
}

fn rows_of(mut opened: Opened) -> Rows {
    let mut cells = CellReader::new(opened.layout.map(|layout| layout.dialect).unwrap_or_default());
    let mut read = |row: RawRow| match row.body {
        Body::Broken(_, reason) => (row.line, Err(reason)),
        _ => {
            let cells = cells.read(&row.bytes).map(|cells| cells.iter().map(str::to_owned).collect());
            (row.line, cells.map_err(|fault| fault.reason))
        }
    };
    opened.rows.batch(2000).expect("memory can be read").into_iter().map(&mut read).collect()
}

fn good(line: u64, cells: &[&str]) -> (u64, Result<Vec<String>, String>) {
    (line, Ok(cells.iter().map(|cell| (*cell).to_owned()).collect()))
}

#[test]
fn a_quoted_cell_over_several_lines_keeps_its_text_and_the_line_numbers() {
    let text = "record_id,charges.text\r\n1,\"a \"\"b\"\"\r\nc, d\"\r\n\r\n2,e\"f\n3,";
    assert_eq!(rows(text), [good(2, &["1", "a \"b\"\r\nc, d"]), good(5, &["2", "e\"f"]), good(6, &["3", ""])]);
}

#[test]
fn rows_of_empty_cells_are_no_records_and_are_counted() {
    let mut opened =
        open_text("record_id,kind\n1,\n,\n\"\" , \n2,x\n", DialectChoice::default()).expect("a sound header");
    let lines: Vec<u64> = opened.rows.batch(10).expect("memory can be read").iter().map(|row| row.line).collect();
    assert_eq!(lines, [2, 5]);
    assert_eq!(opened.rows.warnings(), ["rows with empty cells only, which are no records: 2"]);
}

#[test]
fn a_row_with_too_few_or_too_many_cells_is_rejected() {
    let rows = rows("record_id,kind\n1\n2,sltd,x\n3,sltd\n");
    assert!(rows[0].1.as_ref().is_err_and(|reason| reason.starts_with("1 cell where the header has 2")));
    assert!(rows[1].1.as_ref().is_err_and(|reason| reason.starts_with("3 cells where the header has 2")));
    assert_eq!(rows[2], good(4, &["3", "sltd"]));
}

#[test]
fn a_missing_quote_costs_one_row_and_not_the_rest() {
    let after: Vec<u64> = rows("record_id,charges.text\n1,\"open\n2,\"x\"\n3,y\n")
        .iter()
        .filter(|row| row.1.is_ok())
        .map(|row| row.0)
        .collect();
    assert_eq!(after, [3, 4]);
    let after = rows("record_id,charges.text\n1,\"open\n2,x\n");
    assert!(after[0].1.as_ref().is_err_and(|reason| reason.contains("never closed")));
    assert_eq!(after[1], good(3, &["2", "x"]));
}

#[test]
fn a_quote_is_not_sought_to_the_end_of_the_file() {
    let rows = rows(&format!("record_id,charges.text\n1,\"open\n{}", "2,x\n".repeat(1500)));
    assert_eq!(rows.len(), 1501);
    let broken: Vec<_> = rows.iter().filter_map(|row| row.1.as_ref().err()).collect();
    assert_eq!(broken.len(), 1);
    assert!(broken[0].contains("(limit `cell-lines`)"), "{}", broken[0]);
}

#[test]
fn a_quoted_cell_over_many_lines_is_read_and_warned_of() {
    let text = format!("record_id,charges.text\n1,\"{}\"\n2,a \"b\" c\n3,d\n", "x\n".repeat(56));
    let mut opened = open_text(&text, DialectChoice::default()).expect("a sound header");
    let warnings: Vec<Option<String>> =
        opened.rows.batch(10).expect("memory can be read").into_iter().map(|row| row.warning).collect();
    let said = warnings[0].as_deref().unwrap_or_default();
    assert_eq!(said, "a quoted cell goes over 57 lines; check that no quote is missing: it may have swallowed rows");
    assert!(warnings[1].as_ref().is_some_and(|said| said.starts_with("a quote stands inside a cell")));
    assert_eq!(warnings[2], None);
}

#[test]
fn a_cell_that_is_too_long_costs_only_its_row() {
    let text = format!("record_id,sex\n1,{}\n2,x\n", "x".repeat(11));
    let input = Input::open("a.csv", Box::new(Cursor::new(text.into_bytes())), &ReadOptions::default())
        .expect("memory can be read");
    let limits = Limits::default().with(Limit::FieldBytes, 10);
    let rows = rows_of(open(input, &ReadOptions { limits, ..ReadOptions::default() }).expect("a sound header"));
    assert!(rows[0].1.as_ref().is_err_and(|reason| reason.contains("(limit `field-bytes`)")), "{rows:?}");
    assert_eq!(rows[1], good(3, &["2", "x"]));
}

#[test]
fn a_header_of_nothing_but_delimiters_is_refused() {
    let error = error(&",".repeat(1 << 20));
    assert!(error.contains("it has 1048577 columns, more than 4096 (limit `columns`)"), "{error}");
}

#[test]
fn titles_above_a_header_are_left_out_and_named() {
    let text = "Export of 2024-01-01,,\n\nrecord_id,kind,sex\n1,sltd,\n";
    let opened = open_text(text, DialectChoice::default()).expect("a sound header");
    let said = opened.rows.warnings();
    assert_eq!(said.len(), 1);
    assert!(said[0].starts_with("line 1 stands above the header in line 3 and is no row (`Export of 2024-01-01"));
    assert_eq!(rows_of(opened), [good(4, &["1", "sltd", ""])]);
}

#[test]
fn a_line_that_names_the_delimiter_is_followed() {
    let opened = open_text("sep=|\r\nrecord_id|sex\r\n1|a,b;c\r\n", DialectChoice::default()).expect("sound");
    assert_eq!(opened.rows.warnings(), [""; 0]);
    assert_eq!(rows_of(opened), [good(3, &["1", "a,b;c"])]);
}

#[test]
fn a_table_without_a_header_is_read_when_the_user_says_so() {
    let said = error("1,2021-01-01\n2,2021-01-02\n");
    assert!(said.contains("line 1 looks like a row of data") && said.contains("`--header-row 0`"), "{said}");
    let none = DialectChoice { header_row: Some(0), ..DialectChoice::default() };
    let opened = open_text("1,x\n2,y\n", none).expect("no header is wanted");
    assert_eq!(opened.layout.as_ref().map(|layout| layout.names.join(" ")).as_deref(), Some("column_1 column_2"));
    assert_eq!(rows_of(opened), [good(1, &["1", "x"]), good(2, &["2", "y"])]);
    let third = DialectChoice { header_row: Some(2), ..DialectChoice::default() };
    assert_eq!(rows_of(open_text("1,x\n2,y\n3,z\n", third).expect("a header")), [good(3, &["3", "z"])]);
    let beyond = DialectChoice { header_row: Some(9), ..DialectChoice::default() };
    let said = open_text("1,x\n", beyond).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(said.contains("no row begins in line 9"), "{said}");
}

#[test]
fn a_blank_line_is_a_row_only_in_a_table_of_one_column() {
    assert_eq!(rows("record_id\n\n1\n"), [good(2, &[""]), good(3, &["1"])]);
    assert_eq!(rows("record_id\tsex\n\n\t\n1\tx"), [good(4, &["1", "x"])]);
    assert!(error("").contains("the file is empty"));
}

#[test]
fn lines_may_end_in_a_lone_carriage_return() {
    assert_eq!(rows("record_id,sex\r1,\"a\rb\"\r2,c\r"), [good(2, &["1", "a\rb"]), good(4, &["2", "c"])]);
}
