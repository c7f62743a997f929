//! Reading as it is seen on the command line: many inputs, duplicates, rejected rows, conversion.

use article3::cli::Exit;

use crate::cli::Desk;

const ONE: &str = r#"{"record_id":"1","kind":"red_notice","charges":[{"text":"Robbery"}]}"#;
const OTHER: &str = r#"{"record_id":"1","kind":"red_notice","charges":[{"text":"Murder"}]}"#;

#[test]
fn a_record_that_stands_many_times_is_judged_once_and_counted() {
    let desk = Desk::new();
    desk.write("a.ndjson", &format!("{ONE}\n{ONE}\n{OTHER}\n{ONE}\n"));
    let (out, err) = desk.expect(Exit::Done, &["scan", "a.ndjson", "--rules", "rules", "--all", "--format", "jsonl"]);
    assert_eq!(out.lines().count(), 2);
    assert!(err.contains("4 rows = 2 accepted + 0 rejected + 2 duplicates"), "{err}");
    assert!(err.contains("1 row with the id of an earlier row and other content; both are kept"), "{err}");
    assert!(err.contains("line 3: `1` has the id of line 1 and says something else"), "{err}");
}

#[test]
fn a_record_of_an_earlier_file_is_a_duplicate_and_a_conflict_names_that_file() {
    let desk = Desk::new();
    desk.write("a.ndjson", &format!("{ONE}\n"));
    desk.write("b.ndjson", &format!("{ONE}\n{OTHER}\n"));
    let (_, err) = desk.expect(Exit::Done, &["scan", "a.ndjson", "b.ndjson", "--rules", "rules"]);
    assert!(
        err.contains("1 row = 1 accepted") && err.contains("2 rows = 1 accepted + 0 rejected + 1 duplicate"),
        "{err}"
    );
    assert!(err.contains("`1` has the id of line 1 of `a.ndjson` and says something else"), "{err}");
}

#[test]
fn an_input_that_cannot_be_read_keeps_no_other_from_being_judged() {
    let desk = Desk::new();
    desk.write("a.ndjson", &format!("{ONE}\n"));
    desk.write("b.parquet", "not Parquet at all");
    let args = ["scan", "b.parquet", "a.ndjson", "--rules", "rules", "--all", "--out", "out"];
    let (_, err) = desk.expect(Exit::Input, &args);
    assert!(
        err.contains("1 row = 1 accepted") && err.contains("error: `b.parquet` cannot be read as Parquet"),
        "{err}"
    );
    let run = std::fs::read_to_string(desk.path("out/run.json")).expect("a record of the run");
    assert!(run.contains("\"failure\": \"`b.parquet` cannot be read as Parquet"), "{run}");
    let cases = std::fs::read_to_string(desk.path("out/cases.jsonl")).expect("cases");
    assert_eq!(cases.lines().count(), 1);
    desk.expect(Exit::Done, &["verify", "out/run.json"]);
}

#[test]
fn reading_stops_at_a_row_that_cannot_be_read_if_asked_to() {
    let desk = Desk::new();
    desk.write("a.ndjson", &format!("{ONE}\n{{\n{OTHER}\n"));
    let (_, err) = desk.expect(Exit::Rejected, &["scan", "a.ndjson", "--rules", "rules", "--on-reject", "stop"]);
    assert!(err.contains("a.ndjson, line 2, column 1: not valid JSON"), "{err}");
    assert!(err.contains("stopped there, as `--on-reject stop` asks"), "{err}");
    for command in ["convert", "inspect"] {
        let (out, err) = desk.expect(Exit::Rejected, &[command, "a.ndjson"]);
        assert!(!out.is_empty() && err.contains("1 row could not be read"), "{command} {out} {err}");
        desk.expect(Exit::Done, &[command, "a.ndjson", "--max-rejects", "1"]);
    }
}

#[test]
fn converted_records_are_judged_as_the_original_ones() {
    let desk = Desk::new();
    desk.write(
        "a.csv",
        "record_id,kind,sex,charges.text,date_of_birth\n1,red_notice,?,Robbery,1980\n2,red_notice,male,,01/02/1980\n,sltd,,x,\n,sltd,,x,\n",
    );
    let (lines, err) = desk.expect(Exit::Done, &["convert", "a.csv"]);
    assert!(err.contains("4 rows = 4 accepted + 0 rejected + 0 duplicates"), "{err}");
    desk.write("b.ndjson", &lines);
    let cases = |name: &str| {
        let args = ["scan", name, "--rules", "rules", "--all", "--format", "jsonl"];
        let (out, _) = desk.expect(Exit::Done, &args);
        out.lines().map(|line| line.split(",\"locator\"").next().unwrap_or_default().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(cases("a.csv"), cases("b.ndjson"));
    let (again, _) = desk.expect(Exit::Done, &["convert", "b.ndjson"]);
    assert_eq!(lines, again);
}

#[test]
fn what_is_converted_can_go_to_a_file_but_not_over_its_input() {
    let desk = Desk::new();
    desk.write("a.ndjson", &format!("{ONE}\n"));
    let (_, err) = desk.expect(Exit::Usage, &["convert", "a.ndjson", "-o", "a.ndjson"]);
    assert!(err.contains("would replace the input `a.ndjson`"), "{err}");
    let (out, _) = desk.expect(Exit::Done, &["convert", "a.ndjson", "-o", "b.ndjson", "--quiet"]);
    assert!(out.is_empty());
    assert_eq!(std::fs::read_to_string(desk.path("b.ndjson")).expect("a file"), format!("{ONE}\n"));
    let (_, err) = desk.expect(Exit::Output, &["convert", "a.ndjson", "-o", "no/such/folder/b.ndjson"]);
    assert!(err.contains("cannot write `no/such/folder/b.ndjson`"), "{err}");
}

#[test]
fn a_folder_is_read_whole_and_what_is_left_out_is_named() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("in")).expect("a folder");
    desk.write("in/a.ndjson", &format!("{ONE}\n"));
    desk.write("in/notes.txt", "not for reading");
    let (out, err) = desk.expect(Exit::Done, &["convert", "in"]);
    assert_eq!(out.lines().count(), 1);
    assert!(
        err.contains("left out: in/notes.txt; it is a link, cannot be looked into, or has a name that tells no format"),
        "{err}"
    );
    let (_, err) = desk.expect(Exit::Input, &["convert", "*.csv"]);
    assert!(err.contains("no file matches `*.csv`"), "{err}");
}

#[test]
fn rows_before_the_damage_of_a_packed_file_are_judged_and_the_damage_is_said() {
    let desk = Desk::new();
    let rows: String = (0..50_000_u32)
        .map(|row| format!("{{\"record_id\":\"{}\",\"kind\":\"sltd\"}}\n", row.wrapping_mul(2_654_435_761)))
        .collect();
    let mut packed = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
    std::io::Write::write_all(&mut packed, rows.as_bytes()).expect("memory can be written");
    let packed = packed.finish().expect("memory can be written");
    std::fs::write(desk.path("a.ndjson.gz"), &packed).expect("a file");
    let (out, _) = desk.expect(Exit::Done, &["convert", "a.ndjson.gz"]);
    assert_eq!(out.lines().count(), 50_000);
    let half = packed.len() / 2;
    std::fs::write(desk.path("a.ndjson.gz"), &packed[..half]).expect("a file");
    let (out, err) = desk.expect(Exit::Input, &["convert", "a.ndjson.gz"]);
    assert!(out.lines().count() > 10_000, "{}", out.lines().count());
    assert!(err.contains(&format!("the gzip data is cut off after {half} bytes; fetch the file again")), "{err}");
}

#[test]
fn the_encoding_is_said_where_it_is_not_plain() {
    let desk = Desk::new();
    let text = encoding_rs::WINDOWS_1251.encode("{\"record_id\":\"1\",\"kind\":\"sltd\",\"issuing_note\":\"имя\"}\n").0;
    std::fs::write(desk.path("a.ndjson"), &text).expect("a file");
    let (_, err) = desk.expect(Exit::Rejected, &["convert", "a.ndjson"]);
    assert!(err.contains("if the whole input is in another encoding, name it with `--encoding`"), "{err}");
    let (_, err) = desk.expect(Exit::Done, &["convert", "a.ndjson", "--encoding", "windows-1251"]);
    assert!(err.contains("windows-1251 (as given)"), "{err}");
    let (_, err) = desk.expect(Exit::Usage, &["convert", "a.ndjson", "--encoding", "klingon"]);
    assert!(err.contains("there is no encoding `klingon`"), "{err}");
}

#[test]
fn a_row_of_which_nothing_is_known_is_no_record() {
    let desk = Desk::new();
    desk.write("wrapped.json", r#"{"data":[{"record_id":"1","kind":"sltd"},{"record_id":"2","kind":"sltd"}]}"#);
    let (out, err) = desk.expect(Exit::Rejected, &["convert", "wrapped.json", "--kind", "red_notice"]);
    assert!(out.is_empty() && err.contains("nothing in this row is known (`data`); if it wraps the records"), "{err}");
}

#[test]
fn a_quote_that_swallows_rows_is_warned_about() {
    let desk = Desk::new();
    desk.write("a.csv", "record_id,kind,charges.text\n1,sltd,\"open\n2,sltd,x\n3,sltd,\"\n4,sltd,y\n");
    let (_, err) = desk.expect(Exit::Done, &["convert", "a.csv"]);
    assert!(err.contains("line 2: a quoted cell goes over several lines, and 2 of them look like rows"), "{err}");
}

#[test]
fn what_is_converted_takes_the_place_of_a_file_only_when_it_is_whole() {
    let desk = Desk::new();
    desk.write("old.ndjson", "keep");
    desk.write("a.ndjson", &format!("{ONE}\n{{\n"));
    desk.expect(Exit::Input, &["convert", "none.csv", "-o", "old.ndjson"]);
    desk.expect(Exit::Rejected, &["convert", "a.ndjson", "-o", "old.ndjson", "--on-reject", "stop"]);
    assert_eq!(desk.read("old.ndjson"), "keep");
    desk.expect(Exit::Rejected, &["convert", "a.ndjson", "-o", "old.ndjson"]);
    assert_eq!(desk.read("old.ndjson"), format!("{ONE}\n"));
    assert!(!desk.path("old.ndjson.part").exists());
}

#[test]
fn an_empty_file_of_columns_is_damaged_and_one_without_rows_is_named() {
    let desk = Desk::new();
    for name in ["a.parquet", "a.xlsx"] {
        desk.write(name, "");
        let (_, err) = desk.expect(Exit::Input, &["convert", name]);
        assert!(err.contains("the file is empty"), "{err}");
    }
    desk.write("a.csv", "record_id,kind\n");
    let (_, err) = desk.expect(Exit::Done, &["convert", "a.csv"]);
    assert!(err.contains("there is no row in it"), "{err}");
}
