//! Workbooks, written for the test and read back.

use super::*;
use crate::ingest::input::Input;
use crate::ingest::rows::Opened;
use crate::ingest::{DialectChoice, Format as Kind, Limits, ReadOptions, held};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

const WORKBOOK: &str =
    "<workbook xmlns:r=\"r\"><sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";

struct Seen {
    rows: Vec<(u64, Result<Vec<Json>, String>)>,
    warnings: Vec<String>,
}

fn opened(file: &[u8], options: &ReadOptions) -> Result<Opened, String> {
    let input = Input::open("a.xlsx", Box::new(Cursor::new(file.to_vec())), options).expect("memory can be read");
    held::open(input, Kind::Xlsx, options).map_err(|error| error.to_string())
}

fn seen(file: &[u8], options: &ReadOptions) -> Result<Seen, String> {
    let mut source = opened(file, options)?.rows;
    let mut rows = vec![];
    loop {
        // Batches of one row: no cut may matter.
        let batch = source.batch(1).map_err(|error| error.to_string())?;
        if batch.is_empty() {
            return Ok(Seen { rows, warnings: source.warnings() });
        }
        rows.extend(batch.into_iter().map(|row| match row.body {
            Body::Values(cells) => (row.line, Ok(cells)),
            Body::Broken(_, reason) => (row.line, Err(reason)),
            _ => (row.line, Err("another body".to_owned())),
        }));
    }
}

fn workbook(fill: impl FnOnce(&mut Workbook) -> Result<(), XlsxError>) -> Vec<u8> {
    let mut workbook = Workbook::new();
    fill(&mut workbook).and_then(|()| workbook.save_to_buffer()).expect("a workbook can be written")
}

fn texts(sheet: &mut Worksheet, row: u32, cells: &[&str]) -> Result<(), XlsxError> {
    (0..).zip(cells).try_for_each(|(column, text)| sheet.write_string(row, column, *text).map(|_| ()))
}

/// A workbook with one sheet of this XML, and further parts.
fn package(rows: &str, parts: &[(&str, &str)]) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships><Relationship Id=\"r1\" Type=\"x/relationships/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let mut archive = zip::ZipWriter::new(Cursor::new(vec![]));
    let (root, book) = (relation("officeDocument", "xl/workbook.xml"), relation("worksheet", "worksheets/sheet1.xml"));
    let whole = [
        ("_rels/.rels", root.as_str()),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", &book),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    for (name, text) in whole.iter().chain(parts) {
        archive.start_file(*name, SimpleFileOptions::default()).expect("a part");
        archive.write_all(text.as_bytes()).expect("memory can be written");
    }
    archive.finish().expect("an archive").into_inner()
}

const HEADER: &str =
    "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>record_id</v></c><c r=\"B1\" t=\"str\"><v>case_ref</v></c></row>";

fn error(file: &[u8]) -> String {
    seen(file, &ReadOptions::default()).map(|seen| seen.rows.len()).expect_err("refused")
}

#[test]
fn cells_come_with_their_types_and_rows_with_their_numbers() {
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let file = workbook(|book| {
        let sheet = book.add_worksheet();
        texts(sheet, 0, &["Leaked table"])?;
        texts(sheet, 2, &["record_id", "date_of_birth", "", "is_public"])?;
        texts(sheet, 3, &["1", "", "note"])?;
        sheet.write_with_format(3, 1, &ExcelDateTime::from_ymd(1980, 5, 2)?, &date)?.write(3, 3, true)?;
        sheet.write(6, 0, 2021)?.write(6, 1, 29_343)?;
        Ok(())
    });
    let Seen { rows, warnings } = seen(&file, &ReadOptions::default()).expect("a sound workbook");
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0], (4, Ok(vec!["1".into(), "1980-05-02".into(), "note".into(), true.into()])));
    assert_eq!(rows[1], (7, Ok(vec![2021.into(), 29_343.into(), "".into(), "".into()])));
    assert_eq!(warnings.len(), 1);
    assert!(warnings[0].starts_with("what stands above row 3 of sheet `Sheet1`, its header, is left out; if it"));
}

#[test]
fn a_header_is_the_row_that_is_named_and_none_where_the_user_says_so() {
    let file = workbook(|book| {
        let sheet = book.add_worksheet();
        texts(sheet, 0, &["1", "x"])?;
        texts(sheet, 2, &["2", "y", "z"])?;
        texts(sheet, 3, &["record_id", "kind", "sex"])
    });
    let read = |row| {
        let dialect = DialectChoice { header_row: Some(row), ..DialectChoice::default() };
        let options = ReadOptions { dialect, ..ReadOptions::default() };
        opened(&file, &options).map(|opened| {
            let names = opened.layout.map(|layout| layout.names.join(" ")).unwrap_or_default();
            (names, seen(&file, &options).expect("a sound workbook").rows.len())
        })
    };
    assert_eq!(read(0), Ok(("column_1 column_2 column_3".to_owned(), 3)));
    assert_eq!(read(1).map(|(names, _)| names), Ok("1 x".to_owned()));
    assert_eq!(read(4), Ok(("record_id kind sex".to_owned(), 0)));
    for row in [2, 9] {
        assert!(read(row).is_err_and(|said| said.contains(&format!("no row begins in line {row}"))), "{row}");
    }
    let found = opened(&file, &ReadOptions::default()).expect("a sound workbook");
    assert_eq!(found.layout.map(|layout| layout.names.join(" ")).as_deref(), Some("record_id kind sex"));
}

#[test]
fn the_first_visible_sheet_with_a_cell_is_read_and_the_others_are_named() {
    let file = workbook(|book| {
        for (name, hidden) in [("Empty", false), ("Hidden", true), ("Data", false), ("More", false)] {
            let sheet = book.add_worksheet().set_name(name)?.set_hidden(hidden);
            if name != "Empty" {
                texts(sheet, 0, &["record_id", "kind"])?;
                texts(sheet, 1, &[name, "sltd"])?;
            }
        }
        Ok(())
    });
    let read =
        |sheet: Option<&str>| seen(&file, &ReadOptions { sheet: sheet.map(str::to_owned), ..ReadOptions::default() });
    let first = read(None).expect("a sound workbook");
    assert_eq!(first.rows, [(2, Ok(vec!["Data".into(), "sltd".into()]))]);
    assert_eq!(
        first.warnings,
        ["sheet `Data` is read; left out are `Hidden` (hidden), `More`, which `--sheet NAME` reads"]
    );
    assert_eq!(read(Some("Hidden")).expect("a sheet").rows[0].1, Ok(vec!["Hidden".into(), "sltd".into()]));
    assert!(read(Some("Nowhere")).is_err_and(|reason| reason.contains("no sheet `Nowhere`; its sheets are `Empty`, ")));
}

#[test]
fn a_workbook_with_hidden_rows_only_is_not_empty() {
    let file = workbook(|book| {
        book.add_worksheet();
        texts(book.add_worksheet().set_hidden(true), 0, &["record_id", "kind"])
    });
    assert!(error(&file).contains("stands in hidden sheets: `Sheet2` (hidden); name one with `--sheet NAME`"));
    assert_eq!(
        seen(&workbook(|book| drop_ok(book.add_worksheet())), &ReadOptions::default()).map(|seen| seen.rows.len()),
        Ok(0)
    );
}

fn drop_ok(_: &mut Worksheet) -> Result<(), XlsxError> {
    Ok(())
}

#[test]
fn a_cell_beyond_the_header_or_out_of_order_costs_its_row() {
    let rows = "<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"XFD2\"><v>1</v></c></row>\
        <row r=\"3\"><c r=\"A3\"><v>2</v></c></row>\
        <row r=\"4\"><c r=\"A4\"><v>3</v></c><c r=\"A4\"><v>4</v></c></row>";
    let rows = seen(&package(&format!("{HEADER}{rows}"), &[]), &ReadOptions::default()).expect("a workbook").rows;
    assert!(
        rows[0]
            .1
            .as_ref()
            .is_err_and(|reason| reason.starts_with("cell XFD2 stands beyond the header, which ends in column B"))
    );
    assert_eq!(rows[1], (3, Ok(vec![2.into(), "".into()])));
    assert!(rows[2].1.as_ref().is_err_and(|reason| reason.starts_with("cell A4 stands twice")));
}

#[test]
fn a_cell_that_cannot_be_read_costs_the_rows_it_may_be_in() {
    let row = |number: u32, kind: &str| {
        format!("<row r=\"{number}\"><c r=\"A{number}\" t=\"{kind}\"><v>#SPILL!</v></c></row>")
    };
    let rows = format!("{HEADER}{}{}{}{}", row(2, "str"), row(3, "e"), row(4, "str"), row(5, "str"));
    let rows = seen(&package(&rows, &[]), &ReadOptions::default()).expect("a workbook").rows;
    let lines: Vec<_> = rows.iter().map(|row| (row.0, row.1.is_ok())).collect();
    assert_eq!(lines, [(2, false), (4, false), (5, true)]);
    let row = "<row r=\"2\"><c r=\"A2\" t=\"e\"><v>#SPILL!</v></c><c r=\"B2\"><v>1</v></c></row>";
    let rows = seen(&package(&format!("{HEADER}{row}"), &[]), &ReadOptions::default()).expect("a workbook").rows;
    assert!(rows.len() == 1 && rows[0].1.as_ref().is_err_and(|reason| reason.contains("#SPILL!")), "{rows:?}");
}

#[test]
fn a_sheet_as_wide_and_long_as_there_can_be_takes_no_memory() {
    let rows = "<row r=\"1048576\"><c r=\"A1048576\"><v>1</v></c></row>";
    let rows = seen(&package(&format!("{HEADER}{rows}"), &[]), &ReadOptions::default()).expect("a workbook").rows;
    assert_eq!(rows, [(1_048_576, Ok(vec![1.into(), "".into()]))]);
    for place in ["A1048577", "XFE2"] {
        let rows = format!("{HEADER}<row r=\"2\"><c r=\"{place}\"><v>1</v></c></row>");
        assert!(error(&package(&rows, &[])).contains("stands where no sheet has any"), "{place}");
    }
    let rows =
        format!("{HEADER}<row r=\"3\"><c r=\"A3\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><v>1</v></c></row>");
    assert!(error(&package(&rows, &[])).contains("row 2 stands below row 3"));
}

#[test]
fn limits_are_named() {
    let with = |limit: Limit, value: u64| ReadOptions {
        limits: Limits::default().with(limit, value),
        ..ReadOptions::default()
    };
    let row = format!("<row r=\"2\"><c r=\"A2\" t=\"str\"><v>{}</v></c></row>", "x".repeat(300));
    let file = package(&format!("{HEADER}{row}"), &[]);
    for (limit, value) in [
        (Limit::SheetCells, 2),
        (Limit::Columns, 1),
        (Limit::FieldBytes, 250),
        (Limit::HeldBytes, 100),
        (Limit::UnpackedBytes, 500),
    ] {
        let refused = seen(&file, &with(limit, value)).err().unwrap_or_default();
        assert!(refused.contains(&format!("(limit `{}`)", limit.name())), "{refused}");
    }
    let strings = format!("<sst>{}</sst>", "<si><t>x</t></si>".repeat(100));
    let held = package(HEADER, &[("xl/sharedStrings.xml", &strings)]);
    let refused = seen(&held, &with(Limit::HeldBytes, 4000)).err().unwrap_or_default();
    assert!(refused.contains("all but its sheets must be held"), "{refused}");
    let rows = seen(&file, &with(Limit::RowBytes, 200)).expect("a workbook").rows;
    assert!(rows[0].1.as_ref().is_err_and(|reason| reason.contains("(limit `row-bytes`)")));
}

#[test]
fn one_text_repeated_without_end_is_refused() {
    let strings = format!("<sst uniqueCount=\"1\"><si><t>{}</t></si></sst>", "x".repeat(100_000));
    let row = |number: u32| format!("<row r=\"{number}\"><c r=\"A{number}\" t=\"s\"><v>0</v></c></row>");
    let rows: String = (2..200).map(row).collect();
    let file = package(&format!("{HEADER}{rows}"), &[("xl/sharedStrings.xml", &strings)]);
    assert!(error(&file).contains("(limit `unpacked-ratio`)"));
}

#[test]
fn what_is_no_workbook_is_named_with_a_remedy() {
    let mut encrypted = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    assert!(
        error(&encrypted)
            .contains("of the old kind (XLS); open it in a spreadsheet program and save it as XLSX or CSV")
    );
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert!(error(&encrypted).contains("protected by a password"));
    assert!(error(b"record_id,kind\n").contains("is no workbook, whatever its name says"));
    for (name, reason) in [
        ("xl/workbook.bin", "(XLSB)"),
        ("content.xml", "(ODS)"),
        ("../../etc/passwd", "outside of the file"),
        ("xl\\..\\..\\a", "outside of the file"),
        ("C:\\a", "outside of the file"),
    ] {
        assert!(error(&package(HEADER, &[(name, "<a/>")])).contains(reason), "{name}");
    }
}

#[test]
fn a_damaged_workbook_is_an_error_and_no_crash() {
    let file = package(HEADER, &[]);
    for cut in [4, 30, file.len() / 2, file.len() - 1] {
        assert!(error(&file[..cut]).starts_with("`a.xlsx` cannot be read as XLSX: it is damaged"), "{cut}");
    }
    let open = package("<row r=\"1\"><c r=\"A1\"><v>1", &[]);
    assert!(error(&open).starts_with("`a.xlsx` cannot be read as XLSX"));
    assert!(error(&package(HEADER, &[("xl/sharedStrings.xml", "<!DOCTYPE a><sst/>")])).contains("document type"));
}
