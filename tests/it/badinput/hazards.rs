//! Hand-written hazards of notices: each says what must come out. How that shows depends on its class.

use std::path::Path;

use article3::record::PartialDate;
use serde::Deserialize;
use serde_json::{Value, json};

use super::case::Case;
use super::run::Seen;
use super::strings::{no_control, no_formula};

#[derive(Deserialize)]
struct Hazard {
    id: String,
    cls: String,
    value: String,
    must: String,
}

impl Hazard {
    /// What must come out, and of what, as in `same_as:…`.
    fn must(&self) -> (&str, &str) {
        self.must.split_once(':').unwrap_or((&self.must, ""))
    }

    fn case(&self) -> Case {
        let value: String = self.value.chars().take(30).collect();
        Case::new("hazards", format!("{} {} {value:?} must {}", self.id, self.cls, self.must))
    }

    /// A record with the value in one field, inspected.
    fn in_field(&self, field: &str) -> Case {
        self.case().file("a.ndjson", record(field, &Value::from(self.value.as_str()))).rows(1, 0)
    }

    /// A record with the value in one field, judged by the usual rules and written in one form.
    fn scanned(&self, field: &str, form: &str) -> Case {
        self.in_field(field).run(&format!("scan FILE --rules RULES --all --format {form}"))
    }
}

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let text = std::fs::read_to_string(folder.join("handmade/hazards.jsonl")).unwrap_or_default();
    let hazards = text.lines().map(|line| serde_json::from_str::<Hazard>(line).expect("a hazard"));
    hazards.map(|hazard| of_class(&hazard)).collect()
}

fn of_class(hazard: &Hazard) -> Case {
    match hazard.cls.as_str() {
        "date" => date(hazard),
        "country" => country(hazard),
        "unicode" => unicode(hazard),
        "formula" => formula(hazard),
        "markup" | "terminal" => hazard.scanned("family_name", "table").must(|seen| no_control(&seen.out)),
        "log" => hazard.scanned("record_id", "csv").must(one_row),
        "path" => hazard.scanned("record_id", "jsonl --out out").must(|seen| {
            let left = seen.left.iter().all(|name| ["a.ndjson", "out"].contains(&name.as_str()));
            is(left, || format!("leaves {:?}", seen.left))
        }),
        "regex" => pattern(hazard),
        _ => document(hazard),
    }
}

fn record(field: &str, value: &Value) -> String {
    let mut record = json!({"kind": "red_notice", "requesting_country": "XA", "warrant_ref": "w"});
    record[field] = value.clone();
    format!("{record}\n")
}

fn is(ok: bool, wrong: impl FnOnce() -> String) -> Result<(), String> {
    if ok { Ok(()) } else { Err(wrong()) }
}

/// The field is in one of these states.
fn state(case: Case, field: &'static str, states: &'static [&'static str]) -> Case {
    case.must(move |seen| is(states.contains(&seen.state(field)), || format!("{field} is {}", seen.state(field))))
}

fn shows(case: Case, field: &'static str, value: impl Into<String>) -> Case {
    let value = value.into();
    case.must(move |seen| {
        let shown = seen.shown(field);
        is(shown == [value.as_str()], || format!("{field} is shown as {shown:?} and not as {value:?}"))
    })
}

/// One cell of a table, so that the column settles nothing.
fn date(hazard: &Hazard) -> Case {
    const FIELD: &str = "date_of_birth";
    let case = hazard.case().file("a.csv", table(FIELD, &hazard.value)).rows(1, 0);
    match hazard.must() {
        ("ambiguous" | "invalid" | "multi", _) => state(case, FIELD, &["unreadable"]),
        ("missing", _) => state(case, FIELD, &["empty", "unreadable"]),
        ("warn", _) => case.must(|seen| {
            let noticed = seen.state(FIELD) == "unreadable" || seen.said().contains("warning");
            is(noticed, || "nothing is said of it".to_owned())
        }),
        // How wide `about` is nobody says: anything but one single day or year will do.
        ("partial", about) if about.starts_with('~') => {
            case.must(|seen| is(seen.shown(FIELD) != ["1980"], || "the doubt is lost".to_owned()))
        }
        ("partial", span) => shows(case, FIELD, interval(span)),
        (day, _) => shows(case, FIELD, day),
    }
}

fn interval(span: &str) -> String {
    match span.split_once("..") {
        Some((first, last)) => {
            let day = |text: &str| PartialDate::parse(text).expect("a date");
            PartialDate { first: day(first).first, last: day(last).last }.to_string()
        }
        None => span.to_owned(),
    }
}

fn table(field: &str, value: &str) -> Vec<u8> {
    let mut table = csv::Writer::from_writer(vec![]);
    let mut row = |cells: [&str; 3]| table.write_record(cells).expect("memory can be written");
    row(["record_id", "kind", field]);
    row(["1", "red_notice", value]);
    table.into_inner().expect("memory can be written")
}

fn country(hazard: &Hazard) -> Case {
    const FIELD: &str = "nationalities";
    let case = hazard.case().file("a.csv", table(FIELD, &hazard.value)).rows(1, 0);
    match hazard.must() {
        ("missing", _) => state(case, FIELD, &["empty"]),
        // From XA to XZ codes are free, and stand for made-up countries.
        ("unknown", _) if hazard.value.starts_with('X') => case,
        ("unknown" | "flag", _) => case.must(|seen| {
            is([["invalid"], ["blank"]].iter().any(|state| seen.shown(FIELD) == state), || shown(seen, FIELD))
        }),
        // INTERPOL's own code goes before the one in use elsewhere.
        ("XK", _) => {
            case.must(|seen| is([["XK"], ["UNK"]].iter().any(|code| seen.shown(FIELD) == code), || shown(seen, FIELD)))
        }
        // A state that is gone is named as such, or not understood; it is never taken for one of today's.
        ("historic" | "special", _) => case,
        ("multi", _) => case.must(|seen| is(seen.shown(FIELD).len() == 2, || shown(seen, FIELD))),
        (code, _) => shows(case, FIELD, code),
    }
}

fn shown(seen: &Seen, field: &str) -> String {
    format!("{field} is shown as {:?}", seen.shown(field))
}

/// A rule that looks for the plain spelling finds the value, or what would act unseen is shown by its code.
fn unicode(hazard: &Hazard) -> Case {
    const FIELD: &str = "family_name";
    let value = hazard.value.as_str();
    match hazard.must() {
        ("same_as" | "match_nfkc" | "match_strip" | "match_fold", plain) => found(hazard, plain),
        ("flag", "mixed-script") => {
            let plain = value.replace('а', "a").replace('Α', "A");
            found(hazard, &plain)
        }
        ("flag" | "one_line_output", _) => hazard.in_field(FIELD).must(|seen| no_control(&seen.out)).must(|seen| {
            let lines = seen.shown(FIELD).len();
            is(lines == 1 && !seen.out.contains(['\u{2028}', '\u{2029}', '\u{85}']), || "breaks the line".to_owned())
        }),
        ("missing", _) => state(hazard.in_field(FIELD), FIELD, &["empty"]),
        _ => state(hazard.in_field(FIELD), FIELD, &["value"]),
    }
}

/// A rule with one phrase, and a record with the value in a charge.
fn found(hazard: &Hazard, phrase: &str) -> Case {
    let case = hazard.case().file("a.ndjson", record("charges", &json!([{"text": hazard.value}])));
    let case = rule(case, &format!("{{ contains = [{}] }}", Value::from(phrase)));
    case.run("scan FILE --rules rules --all --format jsonl").exits(&[0]).says("\"rule\":\"charge.found\"")
}

/// One rule about the text of charges.
fn rule(case: Case, operator: &str) -> Case {
    let text = format!(
        r#"[[rule]]
id = "charge.found"
revision = 1
title = "The charge holds the phrase"
status = "test"
kind = "indicator"
factor = "a"
strength = "strong"
basis = [{{ cite = "RPD art. 34(3)(a)", verified = true }}]
[rule.detection]
condition = "found"
[rule.detection.found]
"charges.text" = {operator}
[rule.explain]
message = "The phrase is there."
ask = "Which act is meant?"
"#
    );
    let profile = article3::rule::RuleFiles::shipped().get("ruleset.toml").expect("the shipped profile").to_owned();
    case.file("rules/rules.toml", text).file("rules/ruleset.toml", profile)
}

fn pattern(hazard: &Hazard) -> Case {
    let case =
        rule(hazard.case().at(Path::new("rules")), &format!("{{ re = {} }}", Value::from(hazard.value.as_str())));
    let case = case.run("rules check rules");
    let case = match hazard.must() {
        ("linear", _) => {
            let charge = json!([{"text": "a".repeat(100_000)}]);
            case.file("a.ndjson", record("charges", &charge))
                .run("scan a.ndjson --rules rules --all --format jsonl")
                .exits(&[0])
        }
        ("ok", _) => case.exits(&[0]),
        ("refuse_or_ok_bounded", _) => case.exits(&[0, 1]),
        ("lint", _) => case.exits(&[0, 1]).says("rules.toml:13"),
        ("refuse_with_hint", _) => case.exits(&[1]).says("help:"),
        _ => case.exits(&[1]).says("rules.toml:13"),
    };
    case.must(|seen| is(seen.took.as_secs() < 2, || format!("takes {:?}", seen.took)))
}

fn formula(hazard: &Hazard) -> Case {
    hazard.scanned("record_id", "csv").must(no_formula).must(one_row)
}

/// One record is one row, whatever stands in it.
fn one_row(seen: &Seen) -> Result<(), String> {
    let rows = csv::ReaderBuilder::new().from_reader(seen.out.as_bytes()).records().filter(Result::is_ok).count();
    is(rows == 1, || format!("is written as {rows} rows"))
}

/// A JSON text as a file of its own.
fn document(hazard: &Hazard) -> Case {
    let case = hazard
        .case()
        .file("a.json", hazard.value.as_str())
        .run("scan FILE --rules RULES --kind red_notice --max-rejects 0");
    let looked = |case: Case| case.run("inspect FILE --kind red_notice").exits(&[0]);
    let of_the_api = |case: Case| case.run("inspect FILE --profile interpol-api").exits(&[0, 3]);
    match hazard.must() {
        ("duplicate_key_reported", _) => case.exits(&[3]).says("stands twice"),
        ("reject" | "reject_with_position" | "depth_limit", _) => case.exits(&[3, 4]).says("line 1").says("column "),
        ("warn_or_reject" | "reject_or_replace_reported" | "no_precision_loss_for_ids", _) => {
            case.exits(&[3, 4]).says("line 1")
        }
        ("ok" | "ok_strip_bom" | "escape", _) => case.exits(&[0, 3]).never_says("not valid json"),
        ("scalar_to_list", _) => shows(looked(case), "nationalities", "FR"),
        ("missing", _) => state(looked(case), "nationalities", &["empty", "unreadable"]),
        ("type_error_reported" | "warn_type", _) => of_the_api(case).must(|seen| {
            is(seen.out.contains("invalid") || seen.said().contains("1 rejected"), || {
                "nothing is said of it".to_owned()
            })
        }),
        ("ndjson_hint", _) => case.exits(&[4]).says("ndjson"),
        ("ndjson", _) => looked(case).rows(2, 0),
        ("empty_page_ok", _) => looked(case).rows(0, 0),
        _ => case.run("scan FILE --rules RULES").exits(&[3, 4]),
    }
}
