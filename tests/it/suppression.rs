//! Reviewed suppressions: what they reach, what ends them, and that none is silent.

use article3::cli::Exit;
use article3::diag::{Diagnostics, Sources};
use article3::ingest::canonical;
use article3::record::{PartialDate, Record};
use article3::rule::{RuleFiles, RuleSet, Verdict, judge};
use serde_json::{Value, json};

use crate::cli::Desk;
use crate::given::flawless;

const RULES: &str = r#"
[[rule]]
id = "facts.weapon"
revision = 1
title = "A weapon is described"
status = "test"
kind = "concept"
basis = [{ cite = "RoP 3.6" }]
[rule.detection.weapon]
facts_summary = { contains = ["firearm", "pistol"] }

[[rule]]
id = "charge.speech"
revision = 1
title = "A charge of speech"
status = "test"
kind = "indicator"
factor = "a"
strength = "strong"
basis = [{ cite = "RPD art. 34(3)(a)" }]
explain = { message = "The charge is about speech." }
[rule.detection]
condition = "speech and not facts.weapon"
[rule.detection.speech]
"charges.text" = { contains = { list = "lexicon/speech" } }

[[rule]]
id = "position.refused"
revision = 1
title = "Extradition was refused"
status = "test"
kind = "indicator"
factor = "d"
bits = 1.0
basis = [{ cite = "RPD art. 34(3)(d)" }]
explain = { message = "Extradition was refused." }
[rule.detection.refused]
decisions = { match = { subject = "extradition", outcome = "refused" } }

[[rule]]
id = "form.no-facts"
revision = 1
title = "No facts"
status = "test"
kind = "gap"
ground = "rpd"
basis = [{ cite = "RPD art. 83" }]
explain = { message = "There are no facts.", ask = "What did the person do?" }
[rule.detection.none]
facts_summary = { blank = true }

[[rule]]
id = "pattern.both"
revision = 1
title = "Speech and a refusal"
status = "test"
kind = "gate"
ground = "purpose"
basis = [{ cite = "RPD art. 10" }]
explain = { message = "Both." }
[rule.composite]
condition = "charge.speech and position.refused"
"#;

const LIST: &str = "entry,lang,script,mode,country,note,source,valid_from,valid_to\n\
    public call,en,Latn,stem,,,test,,\n\
    insult,en,Latn,stem,,,test,,\n";

fn files(rules: &str, list: &str) -> RuleFiles {
    let mut files = RuleFiles::default();
    files.insert("rules.toml", rules);
    files.insert("lexicon/speech.csv", list);
    files
}

fn check(files: &RuleFiles) -> RuleSet {
    flawless(files).0
}

fn record() -> Value {
    json!({
        "record_id": "n-1",
        "kind": "red_notice",
        "charges": [{"text": "A public call for tenders, by fraud"}],
        "facts_summary": "He took the deposits.",
        "decisions": [{"body": "court", "subject": "extradition", "outcome": "refused"}],
    })
}

/// The record with one field changed.
fn with(field: &str, value: Value) -> Value {
    let mut record = record();
    record[field] = value;
    record
}

fn read(record: &Value) -> Record {
    canonical::record(record.as_object().expect("an object")).0
}

fn hash_by(rules: &RuleSet, rule: &str, given: &Value) -> String {
    let record = read(given);
    judge(rules, &record).evidence_hash(rules.position(rule).expect("a rule"))
}

fn hash(rule: &str, record: &Value) -> String {
    hash_by(&check(&files(RULES, LIST)), rule, record)
}

/// A suppression of some rules in some records.
fn filter(id: &str, records: &Value, rules: &Value, evidence: &Value) -> String {
    format!(
        "\n[[rule]]\nid = \"{id}\"\nrevision = 1\ntitle = \"A call for tenders\"\nstatus = \"stable\"\nkind = \"filter\"\n\
         scope = {{ record_id = {records} }}\n[rule.filter]\nsuppresses = {rules}\nevidence = {evidence}\n\
         reason = \"business, not speech\"\nreviewer = \"A. B.\"\nreviewed = \"2026-01-01\"\nexpires = \"2026-12-31\"\n"
    )
}

fn of_speech(record: &Value) -> String {
    filter("reviewed.n-1", &json!("n-1"), &json!("charge.speech"), &json!(hash("charge.speech", record)))
}

/// What a rule says of a record on a day.
fn says(rules: &str, day: Option<&str>, rule: &str, given: &Value) -> Verdict {
    let mut rules = check(&files(rules, LIST));
    rules.today = day.map(|day| PartialDate::parse(day).expect("a day"));
    let record = read(given);
    judge(&rules, &record).verdicts[rules.position(rule).expect("a rule")]
}

#[test]
fn the_evidence_hash_changes_with_every_value_that_the_rule_reads() {
    let was = hash("charge.speech", &record());
    for (what, changed) in [
        ("the match", with("charges", json!([{"text": "A public calling for tenders, by fraud"}]))),
        ("the text around it", with("charges", json!([{"text": "A public call for tenders, by force"}]))),
        ("its place", with("charges", json!([{"text": "Fraud"}, {"text": "A public call for tenders, by fraud"}]))),
        ("a text that must not match", with("facts_summary", json!("He took the deposit."))),
        ("a value that goes", with("facts_summary", json!(""))),
        ("a value that is not carried", with("facts_summary", Value::Null)),
    ] {
        assert_ne!(hash("charge.speech", &changed), was, "{what}");
    }
    let was = hash("position.refused", &record());
    let other = json!([{"body": "court", "subject": "extradition", "outcome": "refused"},
        {"body": "court", "subject": "extradition", "outcome": "granted"}]);
    assert_ne!(hash("position.refused", &with("decisions", other)), was, "a later decision");
    let none = |how| hash("position.refused", &with("decisions", how));
    assert_ne!(none(json!([])), none(json!({"withheld": true})), "how a list is missing");
    assert_ne!(
        hash("form.no-facts", &with("facts_summary", json!(""))),
        hash("form.no-facts", &with("facts_summary", json!({"withheld": true}))),
        "how a value is missing"
    );
}

#[test]
fn the_evidence_hash_changes_with_the_rule_what_it_builds_on_and_the_entry() {
    let was = hash("charge.speech", &record());
    for (what, rules, list) in [
        ("the rule", RULES.replace("speech and not facts.weapon", "not facts.weapon and speech"), LIST.to_owned()),
        ("a concept", RULES.replace("\"firearm\", ", ""), LIST.to_owned()),
        ("the entry", RULES.to_owned(), LIST.replace("public call,", "public call for,")),
    ] {
        assert_ne!(hash_by(&check(&files(&rules, &list)), "charge.speech", &record()), was, "{what}");
    }
}

#[test]
fn the_evidence_hash_changes_with_nothing_else() {
    let was = hash("charge.speech", &record());
    assert_eq!(was.len(), 16);
    for (field, value) in [("record_id", json!("n-2")), ("status", json!("active")), ("decisions", json!([]))] {
        assert_eq!(hash("charge.speech", &with(field, value)), was, "{field}");
    }
    let reworded =
        format!("# Reviewed.\n{}", RULES.replace("revision = 1\ntitle = \"No facts\"", "revision = 2\ntitle = \"x\""));
    for (rules, list) in [(RULES, LIST.replace("insult", "slander")), (&reworded, LIST.to_owned())] {
        assert_eq!(hash_by(&check(&files(rules, &list)), "charge.speech", &record()), was);
    }
    let more = RULES.replace("facts.weapon", "aaa.weapon");
    assert_eq!(
        hash_by(&check(&files(&more, LIST)), "position.refused", &record()),
        hash("position.refused", &record()),
        "the places of rules in the set"
    );
}

#[test]
fn a_suppression_holds_from_its_review_to_its_last_day() {
    let rules = format!("{RULES}{}", of_speech(&record()));
    for (day, verdict) in [
        (Some("2025-12-31"), Verdict::Yes),
        (Some("2026-01-01"), Verdict::Suppressed),
        (Some("2026-12-31"), Verdict::Suppressed),
        (Some("2027-01-01"), Verdict::Yes),
        (None, Verdict::Suppressed),
    ] {
        assert_eq!(says(&rules, day, "charge.speech", &record()), verdict, "{day:?}");
        let own = if verdict == Verdict::Suppressed { Verdict::Yes } else { Verdict::No };
        assert_eq!(says(&rules, day, "reviewed.n-1", &record()), own, "{day:?}");
    }
}

#[test]
fn a_suppression_reaches_its_records_and_no_others() {
    let rules = format!("{RULES}{}", of_speech(&record()));
    for (id, verdict, own) in [
        (json!("n-1"), Verdict::Suppressed, Verdict::Yes),
        (json!("n-2"), Verdict::Yes, Verdict::NotApplicable),
        (Value::Null, Verdict::Yes, Verdict::No),
    ] {
        let mut record = read(&with("record_id", id.clone()));
        if id.is_null() {
            let none = article3::record::Leaf::One(Err(article3::record::Missing::NotCarried));
            record.set(article3::record::Field::RECORD_ID, none);
        }
        let rules = check(&files(&rules, LIST));
        let judged = judge(&rules, &record);
        let verdict_of = |rule| judged.verdicts[rules.position(rule).expect("a rule")];
        assert_eq!((verdict_of("charge.speech"), verdict_of("reviewed.n-1")), (verdict, own), "{id}");
    }
    let evidence = json!([hash("charge.speech", &record()), hash("position.refused", &record())]);
    let both =
        filter("reviewed.both", &json!(["n-1", "n-2"]), &json!(["charge.speech", "position.refused"]), &evidence);
    for id in ["n-1", "n-2"] {
        for rule in ["charge.speech", "position.refused"] {
            let rules = format!("{RULES}{both}");
            assert_eq!(says(&rules, None, rule, &with("record_id", json!(id))), Verdict::Suppressed, "{id} {rule}");
        }
    }
}

#[test]
fn what_is_suppressed_counts_as_a_no_for_rules_that_build_on_it() {
    assert_eq!(says(RULES, None, "pattern.both", &record()), Verdict::Yes);
    let rules = format!("{RULES}{}", of_speech(&record()));
    assert_eq!(says(&rules, None, "pattern.both", &record()), Verdict::No);
    let armed = with("facts_summary", json!("He sold a water pistol."));
    assert_eq!(says(RULES, None, "charge.speech", &armed), Verdict::No);
    let toy = filter("reviewed.toy", &json!("n-1"), &json!("facts.weapon"), &json!(hash("facts.weapon", &armed)));
    assert_eq!(says(&format!("{RULES}{toy}"), None, "charge.speech", &armed), Verdict::Yes, "no weapon, as was found");
}

#[test]
fn a_suppression_of_what_rests_on_other_evidence_lapses() {
    let rules = format!("{RULES}{}", of_speech(&with("facts_summary", json!("He took nothing."))));
    assert_eq!(says(&rules, None, "charge.speech", &record()), Verdict::Yes);
    let set = check(&files(&rules, LIST));
    let record = read(&record());
    let judged = judge(&set, &record);
    let at = set.position("charge.speech").expect("a rule");
    let lapses: Vec<_> =
        judged.lapses(at).into_iter().map(|(filter, why)| (&*set.rules[filter].id, why.word())).collect();
    assert_eq!(lapses, [("reviewed.n-1", "evidence_changed")]);
}

#[test]
fn a_bad_rule_in_the_set_moves_no_suppression_to_another_rule() {
    let bad = "\n[[rule]]\nid = \"a.bad\"\nrevision = 1\ntitle = \"t\"\nstatus = \"test\"\nkind = \"concept\"\n\
               basis = [{ cite = \"x\" }]\n[rule.detection.it]\nno_such_field = true\n";
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let files = files(&format!("{RULES}{}{bad}", of_speech(&record())), LIST);
    let rules = RuleSet::check(&files, &mut sources, &mut found).expect("the sound rules");
    assert_eq!((found.errors(), rules.position("a.bad")), (1, None));
    let record = read(&record());
    let judged = judge(&rules, &record);
    let suppressed = (0..rules.rules.len()).filter(|at| judged.verdicts[*at] == Verdict::Suppressed);
    assert_eq!(suppressed.map(|at| &*rules.rules[at].id).collect::<Vec<_>>(), ["charge.speech"]);
}

#[test]
fn a_rule_set_of_suppressions_alone_counts_nothing() {
    let off = format!("{}{}", RULES.replace("status = \"test\"", "status = \"experimental\""), of_speech(&record()));
    let problem = check(&files(&off, LIST)).nothing_counts().expect("nothing counts");
    assert!(problem.message.contains("no rule is active"), "{}", problem.message);
}

/// A folder with the records, the rules, and a suppression of the speech in `n-1`.
fn desk() -> Desk {
    let desk = Desk::new();
    std::fs::remove_dir_all(desk.path("rules")).expect("other rules");
    std::fs::create_dir_all(desk.path("rules/lexicon")).expect("a folder");
    desk.write("rules/ruleset.toml", RuleFiles::shipped().get("ruleset.toml").expect("the profile"));
    desk.write("rules/rules.toml", RULES);
    desk.write("rules/lexicon/speech.csv", LIST);
    desk.write("rules/reviewed.toml", of_speech(&record()).trim_start());
    let others =
        (2..30).map(|number| format!("{{\"record_id\":\"n-{number}\",\"kind\":\"sltd\"}}\n")).collect::<String>();
    desk.write("notices.ndjson", &format!("{}\n{others}", record()));
    desk
}

fn scan<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["scan", "notices.ndjson", "--rules", "rules"], more].concat()
}

fn case(line: &str) -> Value {
    serde_json::from_str(line).expect("JSON")
}

#[test]
fn a_suppressed_finding_is_shown_with_who_why_and_until_when() {
    let desk = desk();
    let (out, err) = desk.expect(Exit::Done, &scan(&["--format", "jsonl", "--today", "2026-06-01"]));
    assert_eq!(out.lines().count(), 1, "a record of which a verdict is suppressed stays among the cases: {out}");
    let case = case(&out);
    assert_eq!((&case["outcome"], &case["targeting"]["score_bits"]), (&json!("no_indicator"), &json!(1.0)));
    let verdicts: Vec<_> =
        case["findings"].as_array().expect("findings").iter().map(|f| (&f["rule"], &f["verdict"])).collect();
    assert_eq!(
        verdicts,
        [(&json!("position.refused"), &json!("yes")), (&json!("charge.speech"), &json!("suppressed"))]
    );
    assert_eq!(
        case["findings"][1]["suppressed"],
        json!({"by": "reviewed.n-1", "reason": "business, not speech", "reviewer": "A. B.", "reviewed": "2026-01-01",
            "expires": "2026-12-31"})
    );
    assert_eq!(case["findings"][1]["evidence_hash"], json!(hash("charge.speech", &record())));
    assert_eq!(case["would_change"][0], json!({"to": "likely_non_compliant", "if": [["charge.speech", "yes"]]}));
    assert!(err.contains("suppressed 1 verdict after a review; none of them counts\n"), "{err}");
    for args in
        [scan(&[]), scan(&["--format", "csv"]), vec!["explain", "notices.ndjson", "--rules", "rules", "--id", "n-1"]]
    {
        let (out, _) = desk.expect(Exit::Done, &[&args[..], &["--today", "2026-06-01"]].concat());
        for said in ["charge.speech", "A. B.", "business, not speech"] {
            assert!(out.contains(said), "{said}: {out}");
        }
    }
}

#[test]
fn a_lapsed_suppression_is_told_with_its_reason_and_what_to_write() {
    let desk = desk();
    for (day, said) in
        [("2027-01-01", "it expired on 2026-12-31"), ("2025-12-31", "it does not begin before 2026-01-01")]
    {
        let (out, err) = desk.expect(Exit::Done, &scan(&["--today", day]));
        assert!(
            err.contains(&format!("lapsed     `reviewed.n-1` does not suppress `charge.speech` in n-1: {said};")),
            "{err}"
        );
        assert!(out.contains(&format!("a suppression does not hold: {said} [reviewed.n-1]")), "{out}");
    }
    let changed = with("facts_summary", json!("He took the deposits and called for a strike."));
    let (was, is) = (hash("charge.speech", &record()), hash("charge.speech", &changed));
    desk.write("notices.ndjson", &format!("{changed}\n{changed}\n").replacen("strike", "walk", 1));
    let (_, err) = desk.expect(Exit::Done, &scan(&["--today", "2026-06-01"]));
    assert!(err.contains("in n-1 and 1 more record: the evidence changed"), "{err}");
    desk.write("notices.ndjson", &format!("{changed}\n"));
    let (out, err) = desk.expect(Exit::Done, &scan(&["--format", "jsonl", "--today", "2026-06-01"]));
    assert!(err.contains(&format!("the evidence changed (it was {was})")), "{err}");
    assert!(err.contains(&format!("write `evidence = \"{is}\"`")), "{err}");
    let finding =
        case(&out)["findings"].as_array().expect("findings").iter().find(|f| f["rule"] == "charge.speech").cloned();
    assert_eq!(finding.expect("a finding")["lapsed"], json!([{"by": "reviewed.n-1", "why": "evidence_changed"}]));
}

#[test]
fn a_run_records_its_day_its_suppressions_and_its_lapses_and_is_repeated_on_that_day() {
    let desk = desk();
    let run = |day: &'static str| {
        desk.expect(Exit::Done, &scan(&["--out", "out", "--today", day, "--chunk-rows", "3", "--threads", "2"]));
        case(&desk.read("out/run.json"))
    };
    let inside = run("2026-06-01");
    assert_eq!(inside["options"]["input"]["today"], json!("2026-06-01"));
    assert_eq!((&inside["tallies"]["charge.speech"]["suppressed"], &inside["lapsed"]), (&json!(1), &Value::Null));
    assert_eq!(inside["tallies"]["reviewed.n-1"]["yes"], json!(1));
    desk.expect(Exit::Done, &["verify", "out"]);
    let outside = run("2027-01-01");
    assert_eq!(outside["tallies"]["charge.speech"]["suppressed"], json!(0));
    assert_eq!(outside["lapsed"][0]["why"], json!("expired"));
    assert_ne!(outside["outputs"], inside["outputs"]);
    desk.expect(Exit::Done, &["verify", "out"]);
    desk.expect(Exit::Done, &scan(&["--out", "out"]));
    assert!(case(&desk.read("out/run.json"))["options"]["input"]["today"].is_string(), "the day of this computer");
}

#[test]
fn a_suppression_is_shown_in_words() {
    let desk = desk();
    let (out, _) = desk.expect(Exit::Done, &["rules", "show", "reviewed.n-1", "--rules", "rules"]);
    for said in
        ["It suppresses\n", "A charge of speech [charge.speech]", "business, not speech (A. B., from 2026-01-01"]
    {
        assert!(out.contains(said), "{said}: {out}");
    }
}
