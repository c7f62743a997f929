//! What a person and a program are told of a record that rests on others: the links, and the timeline of one person.

use article3::explain::Case;
use article3::report::full::write_full;
use article3::report::{Cards, Csv, JsonLines, Paint, View};

use crate::given::{cases, own, sound, write_case};

const RULES: &str = r#"
[[rule]]
id = "again.after-deletion"
revision = 1
title = "The same requester asks again after a deletion"
status = "test"
kind = "indicator"
factor = "f"
strength = "strong"
basis = [{ cite = "RPD art. 34(3)(f)", verified = true }]
[rule.detection]
condition = "prior"
[rule.related.prior]
on = ["person", "requesting_country"]
where = { status = "deleted", status_ground = "art3", status_at = { before = { field = "this.requested_at" } } }
[rule.explain]
message = "{prior.record_id} of the same requester was deleted on {prior.status_at}, before this request."
"#;

/// Three records of one person: a notice that was deleted, a passport, and the diffusion that followed.
const RECORDS: [&str; 3] = [
    r#"{"record_id":"n-1","kind":"red_notice","requesting_country":"XA","purpose":"prosecution","family_name":"Sample","forenames":"Karim Tarik","date_of_birth":"1980-02-01","nationalities":["XA"],"requested_at":"2019-03-02","status":"deleted","status_ground":"art3","status_at":"2020-06-11","decisions":[{"body":"ccf","subject":"notice","outcome":"not_compliant","ground":"political","about":"this_person","at":"2020-06"},{"body":"court","country":"XB","subject":"extradition","outcome":"granted","about":"co_accused","at":"2020-01-01"}]}"#,
    r#"{"record_id":"n-3","kind":"sltd","requesting_country":"XA","document_status":"stolen","family_name":"SAMPLE","forenames":"Tarik Karim","date_of_birth":"1980-02-01","nationalities":["XA"],"published_at":"2020","status":"active","decisions":[{"body":"ccf","subject":"notice","outcome":"not_compliant","ground":"political","at":"2020-06"}]}"#,
    r#"{"record_id":"n-7","kind":"diffusion","requesting_country":"XA","family_name":"Sample","forenames":"Kareem Tarik","date_of_birth":"1980-02","nationalities":["XA"],"requested_at":"2020-09-30","status":"pending","protections":[{"kind":"refugee","status":"confirmed","granting_country":"XB","feared_country":"XA","at":"2019-05"}],"events":[{"kind":"party_ban","country":"XA","at":"2018-11"}]}"#,
];

/// The record with this id, judged beside all others.
fn told(records: &[&str], id: &str) -> Case {
    told_by(RULES, records, id)
}

fn told_by(rules: &str, records: &[&str], id: &str) -> Case {
    let at = records.iter().position(|record| record.contains(&format!("\"{id}\""))).expect("a record with the id");
    cases(sound(&own(rules)).0, &records.join("\n")).swap_remove(at)
}

fn view(width: usize) -> View {
    View { paint: Paint { colour: false }, width, more: 0 }
}

fn card(case: &Case, width: usize) -> String {
    let mut text = vec![];
    write_case(case, Cards::new(&mut text, view(width)));
    String::from_utf8(text).expect("UTF-8")
}

fn json(case: &Case) -> serde_json::Value {
    let mut line = vec![];
    write_case(case, JsonLines::new(&mut line));
    serde_json::from_slice(&line).expect("JSON")
}

fn full(case: &Case, width: usize) -> String {
    let mut text = vec![];
    write_full(&mut text, case, view(width)).expect("memory can be written");
    String::from_utf8(text).expect("UTF-8")
}

#[test]
fn links_in_json_have_this_shape() {
    let json = json(&told(&RECORDS, "n-7"));
    insta::assert_snapshot!(json["findings"][0]["links"], @r#"
[{"record_id":"n-1","as":["prior"],"why":["read as one person: name equal (Sample, Kareem Tarik and Sample, Karim Tarik), birth date compatible (1980-02 and 1980-02-01), nationality equal (XA)","requesting country XA","status deleted","status ground Article 3","status at 2020-06-11"]}]
"#);
    insta::assert_snapshot!(json["links"], @r#"
[{"record_id":"n-1","as":["prior"],"why":["read as one person: name equal (Sample, Kareem Tarik and Sample, Karim Tarik), birth date compatible (1980-02 and 1980-02-01), nationality equal (XA)","requesting country XA","status deleted","status ground Article 3","status at 2020-06-11"]}]
"#);
    assert!(json.get("links_more").is_none());
}

/// The same question asked twice, of the person and of the requester, and of the person alone.
const TWICE: &str = r#"
[[rule]]
id = "again.after-deletion"
revision = 1
title = "The same requester asks again after a deletion"
status = "test"
kind = "indicator"
factor = "f"
strength = "strong"
basis = [{ cite = "RPD art. 34(3)(f)", verified = true }]
[rule.detection]
condition = "prior and earlier"
[rule.related.prior]
on = ["person", "requesting_country"]
where = { status = "deleted", requesting_country = "XA" }
[rule.related.earlier]
on = ["person"]
where = { status_at = { before = { field = "this.requested_at" } } }
[rule.explain]
message = "{prior.count} deleted, {earlier.count} earlier: {prior.record_id}, {earlier.status_at}."
"#;

#[test]
fn a_record_that_two_joins_find_is_named_once_with_both_names() {
    let case = told_by(TWICE, &RECORDS, "n-7");
    let person = "read as one person: name equal (Sample, Kareem Tarik and Sample, Karim Tarik), \
                  birth date compatible (1980-02 and 1980-02-01), nationality equal (XA)";
    let wanted = serde_json::json!([{
        "record_id": "n-1",
        "as": ["earlier", "prior"],
        "why": [person, "status at 2020-06-11", "requesting country XA", "status deleted"],
    }]);
    let json = json(&case);
    assert_eq!((&json["findings"][0]["links"], &json["links"]), (&wanted, &wanted));
    assert_eq!(case.findings[0].message, "1 deleted, 1 earlier: n-1, 2020-06-11.");
    for text in [card(&case, 200), full(&case, 200)] {
        assert_eq!((text.matches("record n-1").count(), text.matches("[earlier, prior]").count()), (1, 1), "{text}");
    }
}

#[test]
fn a_ground_is_told_in_words_and_quoted_as_it_was_entered() {
    let rules = RULES.replace(
        "condition = \"prior\"",
        "condition = \"prior or own\"\n[rule.detection.own]\nstatus_ground = \"art3\"",
    );
    let told = |message: &str, id| {
        let (before, _) = rules.split_once("message = ").expect("a message");
        told_by(&format!("{before}message = \"{message}\""), &RECORDS, id)
    };
    let joined = told("It was deleted under {prior.status_ground}.", "n-7");
    assert_eq!(joined.findings[0].message, "It was deleted under Article 3.");
    assert!(!card(&joined, 200).contains("art3") && !full(&joined, 200).contains("art3"));
    let own = told("It was deleted under {status_ground}.", "n-1");
    assert_eq!(own.findings[0].message, "It was deleted under Article 3.");
    assert_eq!(json(&own)["findings"][0]["evidence"][0]["value"], "art3");
}

#[test]
fn a_timeline_in_json_has_this_shape() {
    let json = json(&told(&RECORDS, "n-7"));
    let moments: Vec<String> = json["timeline"].as_array().expect("moments").iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(moments.join("\n"), @r#"
{"at":"2018-11","record_id":"n-7","what":"event","text":"ban of a party in XA"}
{"at":"2019-03-02","record_id":"n-1","what":"request","by":"XA","text":"red notice for prosecution"}
{"at":"2019-05","record_id":"n-7","what":"protection","by":"XB","text":"refugee status confirmed"}
{"at":"2020","record_id":"n-3","what":"request","by":"XA","text":"travel document entered as stolen"}
{"at":"2020-06","record_id":"n-1","also":["n-3"],"what":"decision","text":"Commission on the notice: not compliant, political character"}
{"at":"2020-06-11","record_id":"n-1","what":"status","text":"deleted after a decision of the Commission, Article 3"}
{"at":"2020-09-30","record_id":"n-7","what":"request","by":"XA","text":"diffusion"}
{"record_id":"n-3","what":"status","text":"in force"}
{"record_id":"n-7","what":"status","text":"not decided"}
"#);
    assert!(json.get("timeline_more").is_none());
}

#[test]
fn a_timeline_is_the_same_whatever_the_order_of_the_input() {
    let [a, b, c] = RECORDS;
    let want = told(&RECORDS, "n-7").timeline;
    for records in [[a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
        assert_eq!(told(&records, "n-7").timeline, want);
    }
}

#[test]
fn a_date_that_is_not_whole_stands_at_its_first_day_as_it_is_written() {
    let dated = [("2019-05-01", "a"), ("2019", "b"), ("2019-05", "c"), ("2019-01-01", "d"), ("2018 or 2019", "e")];
    let record = |(at, id): (&str, &str)| {
        let who =
            r#""family_name":"Sample","forenames":"Karim Tarik","date_of_birth":"1980-02-01","nationalities":["XA"]"#;
        format!(r#"{{"record_id":"{id}","kind":"message",{who},"requested_at":"{at}"}}"#)
    };
    let records = dated.map(record);
    let case = told(&records.each_ref().map(String::as_str), "a");
    let moments = case.timeline.moments.iter();
    let dates: Vec<String> = moments.map(|moment| moment.at.expect("a date").to_string()).collect();
    assert_eq!(dates, ["2018-01-01..2019-12-31", "2019-01-01", "2019", "2019-05-01", "2019-05"]);
}

#[test]
fn a_narrow_terminal_shows_the_same_words() {
    let case = told(&RECORDS, "n-7");
    let words = |width| card(&case, width).split_whitespace().collect::<Vec<_>>().join(" ");
    for width in [60, 80, 100] {
        assert_eq!(words(width), words(200));
        assert!(card(&case, width).lines().all(|line| line.chars().count() <= width));
    }
}

#[test]
fn an_id_that_turns_the_direction_of_text_is_shown_as_its_code() {
    let turned = RECORDS.map(|record| record.replace("\"n-1\"", "\"سجل\u{202e}1\"").replace("\"Sample\"", "\"تجربة\""));
    let records: Vec<&str> = turned.iter().map(String::as_str).collect();
    let case = told(&records, "n-7");
    for text in [card(&case, 80), full(&case, 80)] {
        assert!(text.contains("تجربة") && text.contains("سجل") && text.contains(r"\u{202e}"), "{text}");
        assert!(!text.contains('\u{202e}'), "{text}");
    }
}

#[test]
fn a_record_by_itself_has_a_timeline_in_full_only() {
    let case = told(&RECORDS[..1], "n-1");
    assert!(!card(&case, 80).contains("| 2019"));
    insta::assert_snapshot!(full(&case, 80), @r#"
n-1 · red notice · Sample, Karim Tarik · requested by XA
no indicator · targeting score 0.0 bits (clear)
notices.jsonl, line 1

Timeline of the record
  | 2019-03-02  XA  red notice for prosecution
  | 2020-06         Commission on the notice: not compliant, political character
  | 2020-06-11      deleted after a decision of the Commission, Article 3
"#);
}

#[test]
fn a_table_has_the_ids_of_linked_records_in_one_column() {
    let mut table = vec![];
    write_case(&told(&RECORDS, "n-7"), Csv::new(&mut table));
    let mut lines = csv::Reader::from_reader(table.as_slice());
    let at = lines.headers().expect("a heading").iter().position(|name| name == "links").expect("the column");
    let row = lines.records().next().expect("a row").expect("sound CSV");
    assert_eq!(row.get(at), Some("n-1"));
}

#[test]
fn many_linked_records_are_counted_where_they_are_not_named() {
    let prior = |at: usize| RECORDS[0].replace("\"n-1\"", &format!("\"n-1{at:03}\""));
    let many: Vec<String> = (0..120).map(prior).chain([RECORDS[2].to_owned()]).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let case = told(&many, "n-7");
    let json = json(&case);
    for place in [&json["findings"][0], &json] {
        assert_eq!(place["links"].as_array().map(Vec::len), Some(100));
        assert_eq!(place["links_more"], 20);
    }
    assert_eq!(json["timeline_more"], 21);
    assert_eq!(case.timeline.records, 100);
    let card = card(&case, 80);
    assert_eq!(card.matches("& record n-1").count(), 5, "{card}");
    assert!(card.contains("and 115 more records"), "{card}");
    assert!(card.contains("and 21 more records read as this person"), "{card}");
    assert!(full(&case, 80).contains("and 20 more records"));
}

#[test]
fn a_card_names_what_a_case_rests_on() {
    insta::assert_snapshot!(card(&told(&RECORDS, "n-7"), 80), @r#"
  1 no indicator · targeting score 2.0 bits (monitor)
    n-7 · diffusion · Sample, Kareem Tarik · requested by XA
    + n-1 of the same requester was deleted on 2020-06-11, before this request.
      [again.after-deletion]
    & record n-1 · read as one person: name equal (Sample, Kareem Tarik and
      Sample, Karim Tarik), birth date compatible (1980-02 and 1980-02-01),
      nationality equal (XA); requesting country XA; status deleted; status
      ground Article 3; status at 2020-06-11 [prior]
    | Timeline of 3 records that are read as one person
    | 2019-03-02  XA  red notice for prosecution (n-1)
    | 2019-05     XB  refugee status confirmed (this record)
    | 2020        XA  travel document entered as stolen (n-3)
    | 2020-06         Commission on the notice: not compliant, political
                      character (n-1, n-3)
    | 2020-06-11      deleted after a decision of the Commission, Article 3
                      (n-1)
    | 2020-09-30  XA  diffusion (this record)
    | no date         in force (n-3)
    | no date         not decided (this record)
        and 1 earlier moment (`article3 explain` shows all)

A flag is a reason to look, not a finding about a person.
"#);
}

#[test]
fn the_full_explanation_names_what_a_finding_rests_on() {
    insta::assert_snapshot!(full(&told(&RECORDS, "n-7"), 80), @r#"
n-7 · diffusion · Sample, Kareem Tarik · requested by XA
no indicator · targeting score 2.0 bits (monitor)
notices.jsonl, line 3

Score by factor of RPD art. 34(3), in bits
  neutrality (f): 2.0 · for: again.after-deletion

What was found
  + n-1 of the same requester was deleted on 2020-06-11, before this request.
    [again.after-deletion]
      The same requester asks again after a deletion · 2.0 bits · RPD art.
      34(3)(f)
      evidence hash 4f0fd19493ca9950
      record n-1 · read as one person: name equal (Sample, Kareem Tarik and
      Sample, Karim Tarik), birth date compatible (1980-02 and 1980-02-01),
      nationality equal (XA); requesting country XA; status deleted; status
      ground Article 3; status at 2020-06-11 [prior]

Timeline of 3 records that are read as one person
  | 2018-11         ban of a party in XA (this record)
  | 2019-03-02  XA  red notice for prosecution (n-1)
  | 2019-05     XB  refugee status confirmed (this record)
  | 2020        XA  travel document entered as stolen (n-3)
  | 2020-06         Commission on the notice: not compliant, political character
                    (n-1, n-3)
  | 2020-06-11      deleted after a decision of the Commission, Article 3 (n-1)
  | 2020-09-30  XA  diffusion (this record)
  | no date         in force (n-3)
  | no date         not decided (this record)
"#);
}

/// Rules on the records of one requester: a burst, copied texts, and how many were refused.
const GROUPS: [(&str, &str); 3] = [
    ("group.burst", "time = \"requested_at\"\ntimespan = \"30d\""),
    ("group.copies", "similar = { field = \"facts_summary\", gte = 80 }"),
    ("group.refused", "where = { status = \"refused\" }\nshare = { gte = 1 }"),
];

/// A rule on three records or more of one requester.
fn of_group((id, more): (&str, &str)) -> String {
    format!(
        r#"
[[rule]]
id = "{id}"
revision = 1
title = "Three records of one requester belong together"
status = "test"
kind = "indicator"
factor = "f"
strength = "weak"
basis = [{{ cite = "RPD art. 34(3)(f)", verified = true }}]
[rule.correlation]
type = "event_count"
group_by = ["requesting_country"]
condition = {{ gte = 3 }}
{more}
[rule.explain]
message = "Other records of this requester belong to it ({{group.count}})."
"#
    )
}

#[test]
fn what_a_late_record_of_a_large_group_rests_on_is_named() {
    let record = |id: String, day: &str, status: &str, facts: &str| {
        format!(
            r#"{{"record_id":"{id}","kind":"diffusion","requesting_country":"XA","requested_at":"{day}","status":"{status}","facts_summary":"{facts}"}}"#
        )
    };
    let before = |at: usize| {
        let word = |place: usize| char::from(b'a' + u8::try_from(at / 26_usize.pow(place as u32) % 26).unwrap_or(0));
        let facts: String = (0..8).map(|turn| format!("{}{}{turn} ", word(0), word(1))).collect();
        let day = format!("{}-{:02}-01", 1960 + at / 12, at % 12 + 1);
        record(format!("a-{at:03}"), &day, "expired", &facts)
    };
    let facts = "He kept the rent of three mills in Town 1 for himself.";
    let late = |at: usize| record(format!("z-{at}"), &format!("2024-05-0{at}"), "refused", facts);
    let records: Vec<String> = (0..250).map(before).chain((1..=3).map(late)).collect();
    let records: Vec<&str> = records.iter().map(String::as_str).collect();
    let case = told_by(&GROUPS.map(of_group).concat(), &records, "z-3");
    for (rule, _) in GROUPS {
        let found = case.findings.iter().find(|finding| finding.rule == rule).expect("the rule speaks");
        let named: Vec<&str> = found.links.iter().map(|link| link.record_id.as_str()).collect();
        assert_eq!(named, ["z-1", "z-2"], "{rule}");
    }
}
