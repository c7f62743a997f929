//! Tables and JSON texts with every way to be untidy, ambiguous or wrong.

use super::super::case::Case;
use super::super::make::{line, lines, parquet};
use super::{SCAN, case};

pub(super) fn cases() -> Vec<Case> {
    [tables(), values(), documents(), duplicates(), options()].into_iter().flatten().collect()
}

/// Tables with every way to be untidy.
fn tables() -> Vec<Case> {
    const HEAD: &str = "record_id,kind,facts_summary\n";
    let table = |name: &str, rows: &str| case(name).file("a.csv", format!("{HEAD}{rows}")).run(SCAN);
    let as_is = |name: &str, bytes: &[u8]| case(name).file("a.csv", bytes);
    vec![
        table("a missing quote costs one row", "1,sltd,\"open\n2,sltd,\"x\"\n3,sltd,y\n")
            .rows(2, 1)
            .exits(&[3])
            .says("line 2"),
        table("a quote that is never closed", "1,sltd,\"open\n2,sltd,x\n3,sltd,y\n")
            .rows(2, 1)
            .exits(&[3])
            .says("line 2"),
        table("text after a closing quote", "1,sltd,\"a\"b\n2,sltd,x\n").rows(1, 1).exits(&[3]).says("line 2"),
        table("too few cells", "1,sltd\n2,sltd,x\n").rows(1, 1).exits(&[3]).says("line 2"),
        table("too many cells", "1,sltd,x,y\n2,sltd,x\n").rows(1, 1).exits(&[3]).says("line 2"),
        table(
            "a quoted cell over many lines is warned about",
            &format!("1,sltd,\"{}\"\n2,sltd,x\n", "x\n".repeat(150)),
        )
        .rows(2, 0)
        .says("warning"),
        table("quotes, commas and line breaks in cells", "1,sltd,\"a, \"\"b\"\"\r\nc\"\n").rows(1, 0).exits(&[0]),
        as_is("semicolons", b"record_id;kind\n1;sltd\n").rows(1, 0),
        as_is("tabs", b"record_id\tkind\n1\tsltd\n").rows(1, 0),
        as_is("pipes", b"record_id|kind\n1|sltd\n").rows(1, 0),
        as_is("a line that names the separator", b"sep=;\nrecord_id;kind\n1;sltd\n").rows(1, 0),
        as_is("lines of text above the header", b"Exported list\n\nrecord_id,kind,sex\n1,sltd,\n2,sltd,\n").rows(2, 0),
        as_is("bare carriage returns", b"record_id,kind\r1,sltd\r2,sltd\r").exits(&[0, 4]),
        as_is("mixed line ends", b"record_id,kind\r\n1,sltd\n2,sltd\r\n").rows(2, 0),
        as_is("zeros between the letters", b"record_id,kind\n1\0,sltd\n2,sltd\n"),
        as_is("a mark before the header", b"\xef\xbb\xbfrecord_id,kind\n1,sltd\n").rows(1, 0),
        as_is("a header and no more", b"record_id,kind\n").rows(0, 0),
        as_is("a header without a line end", b"record_id,kind").rows(0, 0),
        as_is("a column that stands twice", b"record_id,kind,kind\n1,sltd,message\n").exits(&[0, 4]).says("kind"),
        as_is("a column without a name", b"record_id,,kind\n1,x,sltd\n").rows(1, 0),
        as_is("blank lines between rows", b"record_id,kind\n\n1,sltd\n \n\n2,sltd\n").rows(2, 0),
        as_is("no rows but delimiters", b"record_id,kind\n,\n,\n").exits(&[0]),
        as_is("columns that nobody knows", b"colour,shape\nred,round\n").exits(&[0, 4]),
    ]
}

/// Values that mean two things or none.
fn values() -> Vec<Case> {
    let dates = |name: &str, values: &[&str], shown: &str| {
        let rows: String = values.iter().enumerate().map(|(at, value)| format!("{at},sltd,{value}\n")).collect();
        let case =
            case(name).file("a.csv", format!("record_id,kind,date_of_birth\n{rows}")).rows(values.len() as u64, 0);
        let shown = shown.to_owned();
        case.must(move |seen| {
            let seen = seen.shown("date_of_birth").concat();
            if seen == shown { Ok(()) } else { Err(format!("shows {seen} and not {shown}")) }
        })
    };
    vec![
        dates("a column settles that the day comes first", &["01/02/1985", "13/05/1985", "31/12/1985"], "1985-02-01"),
        dates("a column settles that the month comes first", &["01/02/1985", "05/13/1985", "12/31/1985"], "1985-01-02"),
        dates("a column that settles nothing", &["01/02/1985", "03/04/1985"], "invalid"),
        dates("a column that contradicts itself", &["01/02/1985", "13/05/1985", "05/13/1985"], "invalid"),
        dates("two digits are no year", &["01.02.85"], "invalid"),
        dates("a day that is not in the calendar", &["1985-02-30"], "invalid"),
        dates("a year alone", &["1980/00/00"], "1980"),
        dates("the hour and zone shift no day", &["1980-05-02T23:30:00-12:00"], "1980-05-02"),
        case("a code that is no country")
            .file("a.ndjson", line("\"nationalities\":[\"ZZ\"]"))
            .says("nationalities[0]: invalid"),
        case("control characters in a name")
            .file("a.ndjson", line("\"family_name\":\"\\u001b[2J\\u009b\\u202e\""))
            .says("\\u{1b}[2j"),
        case("a word where yes or no is expected")
            .file("a.ndjson", line("\"is_public\":\"maybe\""))
            .says("is_public: invalid"),
        case("a number that is none")
            .file("a.ndjson", line("\"max_penalty_months\":\"ten\""))
            .says("max_penalty_months: invalid"),
        case("a record without a kind")
            .file("a.ndjson", "{\"record_id\":\"1\"}\n")
            .run(SCAN)
            .exits(&[3])
            .rows(0, 1)
            .says("--kind red_notice"),
        case("sanctions inside a cell")
            .file("a.csv", OPENSANCTIONS)
            .exits(&[0])
            .rows(2, 0)
            .says("opensanctions")
            .says("XA"),
    ]
}

/// Cells that are tables of their own, with and without the prefix. The countries of a person are not the issuer.
const OPENSANCTIONS: &str = concat!(
    "id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,dataset,first_seen,last_seen,last_change\n",
    "interpol-red-1,Person,Doe Made-up,,1980-05-02,xb,,,\"Red Notice - XA - \"\"Robbery; armed\"\"\",,,,INTERPOL Red Notices,2024-01-01,2024-01-02,2024-01-02\n",
    "interpol-red-2,Person,Roe Made-up,,1981,xb,,,\"XA - Fraud;XC - Theft\",,,,INTERPOL Red Notices,2024-01-01,2024-01-02,2024-01-02\n",
);

/// JSON texts with every way to be wrong.
fn documents() -> Vec<Case> {
    let text =
        |name: &str, text: &str| case(name).file("a.json", text).run("scan FILE --rules RULES --kind red_notice");
    vec![
        text("a key that stands twice", "[{\"kind\":\"sltd\",\"kind\":\"message\"}]")
            .exits(&[3])
            .says("stands twice")
            .says("line 1"),
        text("a comma too many", "[{},]").exits(&[4]).says("line 1, column 5"),
        text("single quotes", "[{'a':1}]").exits(&[3]).says("line 1, column 3"),
        text("a file that breaks off", "[{\"kind\":\"sltd\"},\n{\"kind\":").exits(&[4]).says("line 2"),
        text("a word that is no number", "[{\"a\":NaN}]").exits(&[3]).says("line 1, column 7"),
        text("a page without notices", "{\"total\":0,\"_embedded\":{\"notices\":[]}}").exits(&[0]).rows(0, 0),
        text("an object without a known key", "{\"error\":\"forbidden\"}")
            .run("scan FILE --rules RULES")
            .exits(&[3, 4]),
        text("a page of a web server", "<html>403</html>").exits(&[4]),
        text("one object a line", "{}\n{}\n").exits(&[0]).rows(2, 0),
        text("objects one after another", "{}{}").exits(&[4]).says("ndjson"),
        text("a list of no objects", "[1,\"a\",null,[],{}]").exits(&[3]).rows(1, 4),
        text("half of a surrogate pair", "[{\"source\":\"\\ud800\"}]").exits(&[3, 4]).says("line 1"),
        text("a zero in a text", "[{\"source\":\"a\\u0000b\"}]").exits(&[0]).rows(1, 0),
        text("a mark before the text", "\u{feff}[{}]").exits(&[0]).rows(1, 0),
        text("nothing", "").exits(&[4]),
        case("an empty list").file("a.json", "[]").exits(&[0]).rows(0, 0),
        case("nothing in lines").file("a.ndjson", "").exits(&[0]).rows(0, 0),
        case("nothing but a mark").file("a.csv", "\u{feff}").exits(&[0, 4]),
        case("a list where a text is expected")
            .file("a.ndjson", line("\"family_name\":[\"a\",\"b\"]"))
            .says("family_name"),
    ]
}

/// Records that come again.
fn duplicates() -> Vec<Case> {
    let same = line("\"record_id\":\"1\"");
    let other = line("\"record_id\":\"1\",\"sex\":\"male\"");
    vec![
        case("the same record again is counted and kept once")
            .file("a.ndjson", same.repeat(3) + &line("\"record_id\":\"2\""))
            .run(SCAN)
            .rows(2, 0)
            .duplicates(2),
        case("another record of the same id is kept and said")
            .file("a.ndjson", same.clone() + &other)
            .run(SCAN)
            .rows(2, 0)
            .duplicates(0)
            .says("line 2: `1` has the id of line 1 and says something else"),
        case("the same row of a table again")
            .file("a.csv", "record_id,kind\n1,sltd\n1,sltd\n")
            .run(SCAN)
            .rows(1, 0)
            .duplicates(1),
    ]
}

/// What is done about bad rows, and what becomes of good ones.
fn options() -> Vec<Case> {
    let half = format!("{}{{\n{}{{\n", line("\"record_id\":\"1\""), line("\"record_id\":\"2\""));
    let with = |name: &str, options: &str| case(name).file("a.ndjson", half.as_str()).run(&format!("{SCAN} {options}"));
    vec![
        with("bad rows are said and the rest is read", "").exits(&[3]).rows(2, 2).says("line 2").says("line 4"),
        with("as many bad rows as allowed", "--max-rejects 2").exits(&[0]).rows(2, 2),
        with("bad rows are skipped", "--on-reject skip").rows(2, 2),
        with("the first bad row stops the run", "--on-reject stop").exits(&[3]).says("line 2"),
        with("a wrong word for what to do", "--on-reject perhaps").exits(&[2]).says("stop"),
        case("bad rows do not go into the converted file")
            .file("a.ndjson", half.as_str())
            .run("convert FILE --output out.ndjson")
            .exits(&[3])
            .rows(2, 2)
            .says("line 2"),
        case("a converted table")
            .file("a.csv", "record_id,kind\n1,sltd\n")
            .run("convert FILE --output out.parquet")
            .exits(&[0])
            .rows(1, 0),
        case("a profile that does not fit")
            .file("a.parquet", parquet(2))
            .run("inspect FILE --profile interpol-api")
            .exits(&[3])
            .says("no key of an INTERPOL notice is here"),
        case("a format that does not fit")
            .file("a.ndjson", lines(3))
            .run("inspect FILE --input-format parquet")
            .exits(&[4]),
    ]
}
