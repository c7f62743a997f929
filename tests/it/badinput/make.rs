//! Makes the bytes of cases: packed, in other encodings, workbooks written part by part, Parquet files.

use std::io::{self, Write};

use encoding_rs::Encoding;
use flate2::write::{DeflateEncoder, GzEncoder};
use flate2::{Compression, Crc};
use polars::prelude::{Column, DataFrame, IntoColumn, NamedFrom, ParquetWriter, Series};

/// A sound record with these members, as one line of JSON.
pub(super) fn line(members: &str) -> String {
    format!(
        "{{\"kind\":\"red_notice\",\"requesting_country\":\"XA\",\"warrant_ref\":\"w\"{}{members}}}\n",
        comma(members)
    )
}

fn comma(members: &str) -> &'static str {
    if members.is_empty() { "" } else { "," }
}

/// So many sound records, each with an id of its own.
pub(super) fn lines(count: usize) -> String {
    (0..count).map(|row| line(&format!("\"record_id\":\"n-{row}\""))).collect()
}

pub(super) fn gzip(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    let mut out = GzEncoder::new(vec![], Compression::best());
    out.write_all(bytes.as_ref()).and_then(|()| out.finish()).expect("memory can be written")
}

pub(super) fn zstd(bytes: impl AsRef<[u8]>) -> Vec<u8> {
    zstd::encode_all(bytes.as_ref(), 3).expect("memory can be written")
}

/// A text in another encoding, by the name of the encoding.
pub(super) fn encoded(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
        label => {
            let encoding = Encoding::for_label(label.as_bytes()).expect("an encoding");
            let (bytes, _, lost) = encoding.encode(text);
            assert!(!lost, "{text} cannot be written as {label}");
            bytes.into_owned()
        }
    }
}

/// Writes the same block again and again.
pub(super) fn repeated(out: &mut dyn Write, block: &[u8], times: usize) -> io::Result<()> {
    (0..times).try_for_each(|_| out.write_all(block))
}

/// Bytes that look like nothing, the same for the same seed.
pub(super) fn noise(mut seed: u64, length: usize) -> Vec<u8> {
    let mut next = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed.to_le_bytes()[3]
    };
    (0..length).map(|_| next()).collect()
}

/// A zip archive with these parts.
pub(super) fn zip(parts: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let (mut out, mut index) = (vec![], vec![]);
    for (name, content) in parts {
        let mut packed = DeflateEncoder::new(vec![], Compression::best());
        let packed = packed.write_all(content).and_then(|()| packed.finish()).expect("memory can be written");
        let mut crc = Crc::new();
        crc.update(content);
        let size = |bytes: usize| u32::try_from(bytes).expect("a small part").to_le_bytes();
        let name_length = u16::try_from(name.len()).expect("a short name").to_le_bytes();
        // Version 2.0, no flags, deflated, no time; then what the local entry and the index both hold.
        let common = [
            &[20, 0, 0, 0, 8, 0, 0, 0, 0, 0][..],
            &crc.sum().to_le_bytes(),
            &size(packed.len()),
            &size(content.len()),
            &name_length,
            &[0, 0],
        ]
        .concat();
        let at = size(out.len());
        out.extend([b"PK\x03\x04", &common[..], name.as_bytes(), &packed].concat());
        index.extend([b"PK\x01\x02\x14\x00", &common[..], &[0; 10], &at, name.as_bytes()].concat());
    }
    let count = u16::try_from(parts.len()).expect("few parts").to_le_bytes();
    let (size, at) = (index.len(), out.len());
    let number = |bytes: usize| u32::try_from(bytes).expect("a small archive").to_le_bytes();
    let end = [b"PK\x05\x06\0\0\0\0", &count[..], &count, &number(size), &number(at), &[0, 0]].concat();
    [out, index, end].concat()
}

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

/// A workbook with one sheet, given as the XML between `<sheetData>` and its end.
pub(super) fn workbook(rows: &str) -> Vec<u8> {
    workbook_with(&format!("<worksheet xmlns=\"{MAIN}\"><sheetData>{rows}</sheetData></worksheet>"), "")
}

/// A workbook with one sheet as it is given, and with properties of the workbook.
pub(super) fn workbook_with(sheet: &str, properties: &str) -> Vec<u8> {
    let relation = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r1\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let types = format!(
        "<Types xmlns=\"{PACKAGE}/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>"
    );
    let book = format!(
        "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{OFFICE}\">{properties}<sheets><sheet name=\"s\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
    );
    zip(&[
        ("[Content_Types].xml", types.into()),
        ("_rels/.rels", relation("officeDocument", "xl/workbook.xml").into()),
        ("xl/workbook.xml", book.into()),
        ("xl/_rels/workbook.xml.rels", relation("worksheet", "worksheets/sheet1.xml").into()),
        ("xl/worksheets/sheet1.xml", sheet.into()),
    ])
}

/// A row of a sheet, with its number and texts.
pub(super) fn row(number: u32, texts: &[&str]) -> String {
    let cell = |(at, text): (usize, &&str)| {
        let column = char::from(b'A' + u8::try_from(at).expect("few columns"));
        format!("<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
    };
    format!("<row r=\"{number}\">{}</row>", texts.iter().enumerate().map(cell).collect::<String>())
}

/// A Parquet file of sound records.
pub(super) fn parquet(rows: usize) -> Vec<u8> {
    let ids: Vec<String> = (0..rows).map(|row| format!("n-{row}")).collect();
    parquet_of(vec![
        Series::new("record_id".into(), ids).into_column(),
        Series::new("kind".into(), vec!["red_notice"; rows]).into_column(),
        Series::new("facts_summary".into(), vec!["An article in a newspaper."; rows]).into_column(),
    ])
}

/// A Parquet file of these columns, which are equally long.
pub(super) fn parquet_of(columns: Vec<Column>) -> Vec<u8> {
    let rows = columns.first().map_or(0, Column::len);
    let mut frame = DataFrame::new(rows, columns).expect("columns of one length");
    let mut bytes = vec![];
    ParquetWriter::new(&mut bytes).finish(&mut frame).expect("memory can be written");
    bytes
}
