//! Each limit, by a file that is over it, and files that would fill the memory of a reader that holds them.

use super::super::case::Case;
use super::super::make::{gzip, line, lines, parquet, repeated, row, workbook, workbook_with, zstd};
use super::{MIB, case};

pub(super) fn cases() -> Vec<Case> {
    [limits(), large()].into_iter().flatten().collect()
}

/// Each limit, by a file that is over it.
fn limits() -> Vec<Case> {
    let long = |bytes: usize| line(&format!("\"facts_summary\":\"{}\"", "x".repeat(bytes)));
    let deep = |depth: usize| line(&format!("\"x\":{}{}", "[".repeat(depth), "]".repeat(depth)));
    let many = |count: usize| line(&format!("\"charges\":[{}]", vec!["{\"text\":\"a\"}"; count].join(",")));
    let table = "record_id,kind,facts_summary\n1,sltd,\n";
    vec![
        case("a line over row-bytes costs one row")
            .file("a.ndjson", long(17 * MIB) + &line(""))
            .rows(1, 1)
            .says("row-bytes"),
        case("row-bytes can be lowered")
            .file("a.ndjson", long(2000) + &line(""))
            .run("inspect FILE --limit row-bytes=1KiB")
            .rows(1, 1),
        case("row-bytes can be raised")
            .file("a.ndjson", long(7 * MIB) + &line(""))
            .run("inspect FILE --limit row-bytes=64MiB")
            .rows(2, 0),
        case("a row of a table over row-bytes")
            .file("a.csv", format!("{table}2,sltd,{}\n3,sltd,\n", "x".repeat(17 * MIB)))
            .rows(2, 1)
            .says("row-bytes"),
        case("an object over row-bytes")
            .file("a.json", format!("[{},{}]", long(17 * MIB), line("")))
            .says("row-bytes")
            .exits(&[0, 3, 4]),
        case("a text over field-bytes").file("a.ndjson", long(9 * MIB) + &line("")).rows(1, 1).says("field-bytes"),
        case("a cell over field-bytes")
            .file("a.csv", format!("{table}2,sltd,{}\n", "x".repeat(9 * MIB)))
            .rows(1, 1)
            .says("field-bytes"),
        case("more columns than a table has")
            .file("a.csv", format!("kind{}\nsltd\n", ",x".repeat(5000)))
            .exits(&[4])
            .says("limit `columns`"),
        case("columns can be raised")
            .file("a.csv", format!("kind{}\nsltd{}\n", ",x".repeat(5000), ",".repeat(5000)))
            .run("inspect FILE --limit columns=6000"),
        case("a cell over too many lines")
            .file("a.csv", format!("{table}2,sltd,\"{}\n3,sltd,\n", "x\n".repeat(600)))
            .says("cell-lines"),
        case("nested deeper than depth").file("a.ndjson", deep(65) + &line("")).rows(1, 1).says("limit `depth`"),
        case("nested as deep as depth allows").file("a.ndjson", deep(40)).rows(1, 0),
        case("a file nested deeper than depth").file("a.json", format!("[{}]", deep(100))).says("limit `depth`"),
        case("more values than row-values").file("a.ndjson", many(100_001) + &line("")).rows(1, 1).says("row-values"),
        case("more cells than sheet-cells")
            .file("a.xlsx", workbook(&(row(1, &["record_id", "kind"]) + &row(2, &["1", "sltd"]))))
            .run("inspect FILE --limit sheet-cells=3")
            .exits(&[4])
            .says("sheet-cells"),
        case("longer than unpacked-bytes")
            .file("a.ndjson.gz", gzip(lines(2000)))
            .run("inspect FILE --limit unpacked-bytes=10KiB")
            .exits(&[4])
            .says("unpacked-bytes"),
        case("packed more than unpacked-ratio, with gzip")
            .file("a.ndjson.gz", gzip(vec![b' '; 32 * MIB]))
            .exits(&[4])
            .says("unpacked-ratio"),
        case("packed more than unpacked-ratio, with zstd")
            .file("a.csv.zst", zstd(vec![b'a'; 32 * MIB]))
            .exits(&[4])
            .says("unpacked-ratio"),
        case("a page over page-bytes")
            .file("a.parquet", parquet(5000))
            .run("inspect FILE --limit page-bytes=100")
            .exits(&[4])
            .says("page-bytes"),
        case("a row group over group-bytes")
            .file("a.parquet", parquet(5000))
            .run("inspect FILE --limit group-bytes=100")
            .exits(&[4])
            .says("group-bytes"),
        case("a workbook over held-bytes")
            .file("a.xlsx", workbook(&row(1, &["kind"])))
            .run("inspect FILE --limit held-bytes=100")
            .exits(&[4])
            .says("held-bytes"),
        case("less memory than reading takes")
            .file("a.parquet", parquet(5000))
            .run("inspect FILE --limit memory-bytes=1MiB")
            .exits(&[4])
            .says("memory-bytes"),
        case("a limit that is not there")
            .file("a.ndjson", line(""))
            .run("inspect FILE --limit row-byte=1")
            .exits(&[2])
            .says("did you mean `row-bytes`"),
        case("a limit without a value")
            .file("a.ndjson", line(""))
            .run("inspect FILE --limit columns")
            .exits(&[2])
            .says("NAME=VALUE"),
        case("a limit that is no number")
            .file("a.ndjson", line(""))
            .run("inspect FILE --limit columns=many")
            .exits(&[2])
            .says("no value for `columns`"),
    ]
}

/// Files that would fill the memory of a reader that holds them.
fn large() -> Vec<Case> {
    vec![
        case("64 MiB of commas").written("a.csv", |out| repeated(out, &[b','; MIB], 64)),
        case("rows of 64 MiB of commas")
            .written("a.csv", |out| {
                out.write_all(b"record_id,kind\n1,sltd\n")?;
                repeated(out, &[b','; MIB], 64)?;
                out.write_all(b"\n2,sltd\n")
            })
            .rows(2, 1),
        case("a quoted cell of 64 MiB")
            .written("a.csv", |out| {
                out.write_all(b"record_id,kind\n1,\"")?;
                repeated(out, &[b'x'; MIB], 64)?;
                out.write_all(b"\n2,sltd\n")
            })
            .rows(1, 1),
        case("a quoted cell of many lines that does not end").written("a.csv", |out| {
            out.write_all(b"record_id,kind\n1,\"")?;
            repeated(out, b"2,sltd\n", 100_000)
        }),
        case("a row of a million cells")
            .written("a.csv", |out| {
                out.write_all(b"record_id,kind\n1,sltd\n2")?;
                repeated(out, b",x", 1_000_000)?;
                out.write_all(b"\n3,sltd\n")
            })
            .rows(2, 1),
        case("a header of a million columns")
            .written("a.csv", |out| {
                repeated(out, b"kind,", 1_000_000)?;
                out.write_all(b"x\n")
            })
            .exits(&[4])
            .says("columns"),
        case("a million opening brackets").written("a.json", |out| repeated(out, b"[", 1_000_000)).exits(&[4]),
        case("a million brackets, opened and closed")
            .written("a.json", |out| {
                repeated(out, b"[", 1_000_000)?;
                repeated(out, b"]", 1_000_000)
            })
            .rows(0, 1),
        case("a million opening braces in a line")
            .written("a.ndjson", |out| {
                repeated(out, b"{\"a\":", 1_000_000)?;
                out.write_all(b"\n")?;
                out.write_all(line("").as_bytes())
            })
            .rows(1, 1),
        case("a number of a million digits").written("a.json", |out| {
            out.write_all(b"[{\"kind\":\"sltd\",\"max_penalty_months\":")?;
            repeated(out, b"9", 1_000_000)?;
            out.write_all(b"}]")
        }),
        case("a line of a million charges").written("a.ndjson", |out| {
            out.write_all(b"{\"kind\":\"red_notice\",\"charges\":[{}")?;
            repeated(out, b",{}", 5 << 20)?;
            out.write_all(b"]}\n")
        }),
        case("a line of a million countries").written("a.ndjson", |out| {
            out.write_all(b"{\"kind\":\"red_notice\",\"nationalities\":[\"XA\"")?;
            repeated(out, b",\"XA\"", 3_000_000)?;
            out.write_all(b"]}\n")
        }),
        case("a line of 300,000 keys").written("a.ndjson", |out| {
            out.write_all(b"{\"kind\":\"red_notice\"")?;
            (0..300_000).try_for_each(|key| write!(out, ",\"k{key}\":1"))?;
            out.write_all(b"}\n")
        }),
        case("64 MiB without a line end").written("a.ndjson", |out| repeated(out, &[b'x'; MIB], 64)),
        case("8 MiB of line ends").written("a.ndjson", |out| repeated(out, &[b'\n'; MIB], 8)).rows(0, 0),
        case("64 MiB of zeros as a table").written("a.csv", |out| repeated(out, &[0; MIB], 64)),
        case("300,000 bad rows").written("a.ndjson", |out| repeated(out, b"{\n", 300_000)).rows(0, 300_000),
        case("a gzip file of 1 GiB")
            .written("a.ndjson.gz", |out| repeated(out, &gzip(vec![b' '; 16 * MIB]), 64))
            .exits(&[4])
            .says("unpacked-ratio"),
        case("a workbook of 64 MiB").file("a.xlsx", workbook(&row(1, &[&"A".repeat(64 * MIB)]))).exits(&[4]),
        case("a workbook with two cells far apart").file(
            "a.xlsx",
            workbook(
                "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>",
            ),
        ),
        case("a workbook of half a million rows").written("a.xlsx", |out| {
            let rows: String =
                (1..=500_000).map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\"><v>1</v></c></row>")).collect();
            out.write_all(&workbook(&rows))
        }),
        case("a workbook whose entities grow").file("a.xlsx", workbook_with(&entities(), "")),
    ]
}

/// Each entity holds ten of the one before.
fn entities() -> String {
    let grown: String =
        (1..10).map(|at| format!("<!ENTITY e{at} \"{}\">", format!("&e{};", at - 1).repeat(10))).collect();
    format!(
        "<!DOCTYPE x [<!ENTITY e0 \"A\">{grown}]><worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>&e9;</t></is></c></row></sheetData></worksheet>"
    )
}
