//! Workbooks and Parquet files, sound and damaged, and noise under every name.

use polars::prelude::{IntoColumn, NamedFrom, Series};

use super::super::case::Case;
use super::super::make::{noise, parquet, parquet_of, row, workbook, workbook_with, zip};
use super::{SCAN, case};

pub(super) fn cases() -> Vec<Case> {
    [workbooks(), columns(), damaged()].into_iter().flatten().collect()
}

/// Workbooks, and what is taken for one.
fn workbooks() -> Vec<Case> {
    let header = row(1, &["record_id", "kind", "date_of_birth"]);
    let serial = format!(
        "{header}<row r=\"2\"><c r=\"A2\"><v>1</v></c><c r=\"B2\" t=\"inlineStr\"><is><t>sltd</t></is></c><c r=\"C2\"><v>29342</v></c></row>"
    );
    let sound = workbook(&(header.clone() + &row(2, &["1", "sltd", "1980-05-02"])));
    let without = |part: &str| {
        let parts: Vec<(&str, Vec<u8>)> = [("[Content_Types].xml", "<Types/>"), ("xl/workbook.xml", "<workbook/>")]
            .into_iter()
            .filter(|(name, _)| *name != part)
            .map(|(name, text)| (name, text.into()))
            .collect();
        zip(&parts)
    };
    vec![
        case("a workbook").file("a.xlsx", sound.clone()).exits(&[0]).rows(1, 0).says("1980-05-02"),
        case("a workbook under another name").file("a.dat", sound.clone()).exits(&[0]).rows(1, 0),
        case("a number is no date").file("a.xlsx", workbook(&serial)).rows(1, 0).says("date_of_birth: invalid"),
        case("a workbook that breaks off").file("a.xlsx", sound[..sound.len() / 2].to_vec()).exits(&[4]),
        case("a workbook without a sheet").file("a.xlsx", workbook("")).exits(&[0, 4]),
        case("a workbook without its index").file("a.xlsx", without("xl/workbook.xml")).exits(&[4]),
        case("a workbook that is no XML")
            .file("a.xlsx", workbook_with("<worksheet><sheetData><row", ""))
            .exits(&[0, 4]),
        case("a cell beyond the last column")
            .file("a.xlsx", workbook("<row r=\"1\"><c r=\"ZZZZZZ1\"><v>1</v></c></row>")),
        case("a cell without a place").file("a.xlsx", workbook("<row><c><v>1</v></c></row>")),
        case("a text that is not in the list of texts")
            .file("a.xlsx", workbook("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>99</v></c></row>")),
        case("dates that count from 1904")
            .file("a.xlsx", workbook_with("<worksheet><sheetData/></worksheet>", "<workbookPr date1904=\"1\"/>")),
        case("an old workbook")
            .file("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old")
            .exits(&[4])
            .says("save")
            .says("csv"),
        case("an archive that is no workbook").file("a.xlsx", zip(&[("readme.txt", b"x".to_vec())])).exits(&[4]),
    ]
}

/// Parquet files.
fn columns() -> Vec<Case> {
    let sound = parquet(200);
    let numbers = |count: i64| Series::new("kind".into(), (0..count).collect::<Vec<_>>()).into_column();
    let mut cases = vec![
        case("a Parquet file").file("a.parquet", sound.clone()).exits(&[0]).rows(200, 0),
        case("a Parquet file without rows").file("a.parquet", parquet(0)).exits(&[0]).rows(0, 0),
        case("numbers where words are expected")
            .file("a.parquet", parquet_of(vec![numbers(3)]))
            .run(SCAN)
            .exits(&[3])
            .rows(0, 3),
        case("the magic number and no more").file("a.parquet", b"PAR1PAR1").exits(&[4]),
        case("a footer that is longer than the file")
            .file("a.parquet", [b"PAR1", &[0xff; 8][..], b"\xff\xff\xff\x7fPAR1"].concat())
            .exits(&[4]),
    ];
    for at in (0..sound.len()).step_by(sound.len() / 40 + 1) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x55;
        cases.push(case(&format!("a Parquet file with a wrong byte at {at}")).file("a.parquet", bytes));
        cases.push(case(&format!("a Parquet file that ends at {at}")).file("a.parquet", &sound[..at]).exits(&[0, 4]));
    }
    cases
}

/// Noise and foreign files under every name.
fn damaged() -> Vec<Case> {
    const NAMES: [&str; 8] =
        ["a.csv", "a.json", "a.ndjson", "a.parquet", "a.xlsx", "a.ndjson.gz", "a.csv.zst", "a.unknown"];
    let foreign: [(&str, Vec<u8>); 6] = [
        ("noise", noise(7, 5000)),
        ("a PDF", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n".to_vec()),
        ("zeros", vec![0; 5000]),
        ("0xff", vec![0xff; 5000]),
        ("one line end", b"\n".to_vec()),
        ("one quote", b"\"".to_vec()),
    ];
    let of =
        |name: &'static str| foreign.clone().map(|(what, bytes)| case(&format!("{what} as {name}")).file(name, bytes));
    NAMES.into_iter().flat_map(of).collect()
}
