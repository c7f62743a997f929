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
