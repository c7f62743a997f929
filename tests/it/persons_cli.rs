//! `persons` as it is run: what is read as one person says why, and no record is lost.

use article3::cli::Exit;

use crate::cli::Desk;

const ORDINARY: &str = r#"{"record_id":"a1","kind":"red_notice","family_name":"Veskarin","forenames":"Oren Tal","date_of_birth":"1970-02-03"}
{"record_id":"a2","kind":"diffusion","family_name":"VESKARIN","forenames":"Oren Tal","date_of_birth":"1970-02-03"}
{"record_id":"a3","kind":"red_notice","family_name":"Molusate","forenames":"Rina Dove","date_of_birth":"1950-05-05"}
{"record_id":"a4","kind":"red_notice","family_name":"Dovetal"}
"#;

fn persons(records: &str, more: &[&str]) -> String {
    let desk = Desk::new();
    desk.write("records.ndjson", records);
    desk.expect(Exit::Done, &[&["persons", "records.ndjson", "--quiet"], more].concat()).0
}

#[test]
fn records_that_say_the_same_of_a_person_are_linked_with_a_reason() {
    let text = persons(ORDINARY, &[]);
    assert!(text.contains("a1 2 records read as one person"), "{text}");
    assert!(
        text.contains("linked a1 and a2,") && text.contains("name equal (Veskarin, Oren Tal and VESKARIN, Oren Tal)"),
        "{text}"
    );
    assert!(text.contains("is a reason to look"), "{text}");
}

#[test]
fn two_persons_whose_records_share_an_id_keep_all_their_records() {
    let shared = ORDINARY.replace("\"a3\"", "\"a1\"") + &ORDINARY.lines().nth(2).expect("a line").replace("a3", "a5");
    let csv = persons(&shared, &["--format", "csv"]);
    assert_eq!(csv, "record_id,person\na1,a2\na1,a5\na2,a2\na4,\na5,a5\n");
    let json = persons(&shared, &["--format", "jsonl"]);
    assert_eq!(json.lines().count(), 2, "{json}");
}

#[test]
fn a_record_that_says_too_little_is_told_so() {
    let text = persons(ORDINARY, &["--id", "a4"]);
    assert!(text.contains("a4 says too little to tell whose it is"), "{text}");
}

#[test]
fn json_holds_the_terms_and_ids_of_the_record() {
    let json = persons(&ORDINARY.replace("\"a1\"", "\"a\\u202e\""), &["--format", "jsonl"]);
    let person: serde_json::Value = serde_json::from_str(&json).expect("an object");
    assert_eq!(person["records"][1]["kind"], "red_notice");
    let ids: Vec<&str> = (0..2).filter_map(|at| person["records"][at]["record_id"].as_str()).collect();
    assert_eq!(
        ids,
        [person["links"][0]["a"].as_str().expect("an id"), person["links"][0]["b"].as_str().expect("an id")]
    );
}

#[test]
fn an_unknown_id_is_a_mistake_of_the_user() {
    let desk = Desk::new();
    desk.write("records.ndjson", ORDINARY);
    desk.expect(Exit::Usage, &["persons", "records.ndjson", "--id", "a9"]);
}
