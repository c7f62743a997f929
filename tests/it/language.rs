//! What the rule language means, told by small rules with tests of their own: one file for each operator or feature. The
//! expectations come from the description of the language, not from the code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use article3::diag::{Diagnostics, Style, render};
use article3::engine::Outcome;
use article3::explain::trace;
use article3::ingest::canonical;
use article3::operator::{OPTIONS, operator_keys};
use article3::record::{Field, Leaf, Missing, Record, State};
use article3::rule::{Ground, Kind, Place, RuleFiles, Status, Verdict, judge, run_tests};
use article3::text::LEXICON_COLUMNS;
use serde_json::json;

use crate::given::flawless;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/language")
}

#[test]
fn the_language_means_what_its_description_says() {
    let (rules, sources) = flawless(&RuleFiles::read(&folder()).expect("the rule files"));
    let (run, failures) = run_tests(&rules, None);
    let shown: Diagnostics = failures.iter().map(article3::rule::Failure::diagnostic).collect();
    assert!(failures.is_empty(), "{}", render(&shown, &sources, Style::Plain));
    assert!(run > 400, "only {run} cases");
}

/// Every key of every table of the rule files, tests aside.
fn keys_used() -> BTreeSet<String> {
    fn walk(value: &toml::Value, into: &mut BTreeSet<String>) {
        match value {
            toml::Value::Table(table) => {
                for (key, value) in table.iter().filter(|(key, _)| *key != "test") {
                    into.insert(key.clone());
                    walk(value, into);
                }
            }
            toml::Value::Array(values) => values.iter().for_each(|value| walk(value, into)),
            _ => {}
        }
    }
    let mut keys = BTreeSet::new();
    for (name, text) in RuleFiles::read(&folder()).expect("the rule files").iter() {
        if name.ends_with(".toml") {
            walk(&toml::Value::Table(toml::from_str(text).expect("TOML")), &mut keys);
        }
    }
    keys
}

#[test]
fn every_operator_and_option_has_a_rule_that_uses_it() {
    let used = keys_used();
    let all = operator_keys().chain(OPTIONS.iter().copied()).chain(["quantifier", "match", "count", "assume", "list"]);
    let missing: Vec<&str> = all.filter(|key| !used.contains(*key)).collect();
    assert!(missing.is_empty(), "no rule uses {missing:?}");
}

/// An unreadable value is unknown to every operator but `known` and `blank`, in whatever field it stands.
#[test]
fn an_unreadable_value_decides_nothing() {
    let (rules, _) = flawless(&RuleFiles::read(&folder()).expect("the rule files"));
    let says = |id: &str, field: &str| {
        let field = Field::named(field).expect("a field");
        let mut record = Record::default();
        let invalid = || Missing::Invalid("?".to_owned());
        record
            .set(field, if field.is_many() { Leaf::Many(Ok(vec![Err(invalid())])) } else { Leaf::One(Err(invalid())) });
        let at = rules.position(id).expect("a rule");
        let judgement = judge(&rules, &record);
        (judgement.verdicts[at], judgement.pivotal(at).first().map(|reason| reason.state.name()))
    };
    for (id, field) in [
        ("is.word", "kind"),
        ("is.list-any", "nationalities"),
        ("neq.list", "nationalities"),
        ("contains.text", "facts_summary"),
        ("near.words", "facts_summary"),
        ("re.plain", "warrant_ref"),
        ("words.fewer", "facts_summary"),
        ("lt.number", "sentence_months"),
        ("gte.day", "requested_at"),
        ("before.day", "status_at"),
        ("month.exact", "requested_at"),
        ("all.list", "nationalities"),
        ("none.list", "nationalities"),
        ("list.text", "offence_place"),
        ("list.always", "requesting_country"),
        ("lookup.below", "requesting_country"),
    ] {
        assert_eq!(says(id, field), (Verdict::Unknown, Some("invalid")), "{id}");
    }
    assert_eq!(says("known.yes", "facts_summary").0, Verdict::No);
    assert_eq!(says("known.no", "facts_summary").0, Verdict::Yes);
    assert_eq!(says("blank.yes", "warrant_ref").0, Verdict::No);
    assert_eq!(says("blank.no", "warrant_ref").0, Verdict::Yes);
}

/// What decided whether a match counts is among the steps that `article3 explain` shows.
#[test]
fn a_reading_by_sentences_says_which_word_decided() {
    let (rules, _) = flawless(&RuleFiles::read(&folder()).expect("the rule files"));
    let because = |id: &str, text: &str| {
        let record = json!({ "facts_summary": text });
        let (record, _) = canonical::record(record.as_object().expect("an object"));
        let steps = trace(&judge(&rules, &record), rules.position(id).expect("a rule"));
        steps.into_iter().flat_map(|step| step.because).collect::<Vec<_>>().join("; ")
    };
    assert_eq!(because("negated.left-out", "No weapons."), "“weapon” is negated by “No”");
    assert_eq!(because("negated.left-out", "A weapon."), "“weapon”; “weapon” is not negated");
    assert_eq!(because("reported.left-out", "She wrote about a bomb."), "“bomb” is only told of (“wrote about”)");
    assert_eq!(because("reported.left-out", "A bomb."), "“bomb”; “bomb” is not only told of");
    assert_eq!(
        because("subject.person", "The group ran. Threw it."),
        "“Threw” is said of others, as the sentence before it is"
    );
    assert_eq!(because("subject.person", "His brother threw it."), "“threw” is said of others (“His brother”)");
    assert_eq!(
        because("subject.person", "Shots were fired."),
        "`facts_summary` is there, but not precise enough to tell; \
         “Shot” is said of nobody by name (“were fired”); “fire” is said of nobody by name (“were fired”)"
    );
    assert_eq!(
        because("subject.person", "Threw it."),
        "“Threw”; “Threw” is said of the person, whom a text is about before it names others"
    );
}

/// A test in a rule file says which fields are among those that decide; here they are all of them, and no more.
#[test]
fn the_fields_that_decide_are_named_and_no_others() {
    let (rules, _) = flawless(&RuleFiles::read(&folder()).expect("the rule files"));
    let decide = |id: &str, record: serde_json::Value| {
        let (record, _) = canonical::record(record.as_object().expect("an object"));
        let judgement = judge(&rules, &record);
        let reasons = judgement.pivotal(rules.position(id).expect("a rule"));
        reasons.iter().map(|reason| format!("{} {}", reason.field.path(), reason.state.name())).collect::<Vec<_>>()
    };
    assert_eq!(
        decide("pivotal.only", json!({"is_public": true, "personal_gain": ""})),
        ["has_photo not_carried", "personal_gain blank"]
    );
    assert_eq!(decide("pivotal.only", json!({"is_public": false, "personal_gain": ""})), ["personal_gain blank"]);
    assert_eq!(decide("pivotal.only", json!({"personal_gain": true})), Vec::<String>::new());
    assert_eq!(decide("match.same-element", json!({})), ["decisions not_carried"]);
    assert_eq!(
        decide("match.same-element", json!({"decisions": [{"subject": "extradition", "ground": "political"}]})),
        ["decisions.outcome not_carried"]
    );
    assert_eq!(
        decide("after.field", json!({"status_at": "2022-06-01", "requested_at": "2022"})),
        ["requested_at value"],
        "the date that is not precise enough"
    );
    assert_eq!(
        decide("lex.country", json!({"charges": [{"law": "art. 293"}], "facts_summary": ""})),
        ["requesting_country not_carried"]
    );
    assert_eq!(decide("lookup.below", json!({"requesting_country": "XA"})), ["requested_at not_carried"]);
    assert_eq!(
        decide("lookup.below", json!({"requesting_country": "XB", "requested_at": "2015"})),
        ["requested_at value"],
        "a year in which the table has a row and a gap"
    );
    assert_eq!(decide("lookup.below", json!({"requested_at": "2015-05-05"})), ["requesting_country not_carried"]);
    assert_eq!(decide("list.element", json!({"events": [{"country": "XA", "at": ""}]})), ["events.at blank"]);
}

/// Where a table says nothing of a value, no value of the record could decide: none is named, and the table is.
#[test]
fn a_silent_table_is_named_and_no_field() {
    let (rules, _) = flawless(&RuleFiles::read(&folder()).expect("the rule files"));
    let silent = |id: &str, record: serde_json::Value| {
        let (record, _) = canonical::record(record.as_object().expect("an object"));
        let judgement = judge(&rules, &record);
        let at = rules.position(id).expect("a rule");
        assert_eq!((judgement.verdicts[at], judgement.pivotal(at)), (Verdict::Unknown, vec![]), "{id} {record:?}");
        assert!(!judgement.is_open(at), "{id}");
        judgement.silent(at)
    };
    let on = |country: &str, day: &str| json!({"requesting_country": country, "requested_at": day});
    assert_eq!(silent("lookup.below", on("XA", "2009-12-31")), ["context/courts says nothing of XA as of 2009-12-31"]);
    assert_eq!(silent("lookup.below", on("XB", "2015-09")), ["context/courts says nothing of XB as of 2015-09"]);
    assert_eq!(silent("lookup.below", on("XC", "2015-05-05")), ["context/courts says nothing of XC as of 2015-05-05"]);
    assert_eq!(silent("lookup.below", json!({"requesting_country": "XD"})), ["context/courts says nothing of XD"]);
    assert_eq!(
        silent("lookup.any", json!({"nationalities": ["XA", "XD"], "requested_at": "2018-05-05"})),
        ["context/courts says nothing of XD as of 2018-05-05"]
    );
}

#[test]
fn evidence_of_a_table_is_its_value_its_time_and_its_source() {
    let (rules, _) = flawless(&RuleFiles::read(&folder()).expect("the rule files"));
    let says = |id: &str, day: &str| {
        let record = json!({"requesting_country": "XA", "requested_at": day});
        let (record, _) = canonical::record(record.as_object().expect("an object"));
        let judgement = judge(&rules, &record);
        let places = judgement.places(&rules.rules[rules.position(id).expect("a rule")].body);
        let found = |place: Place| place.found.map(|found| (found.list.unwrap_or_default().to_string(), found.entry));
        places.into_iter().filter_map(found).collect::<Vec<_>>()
    };
    let row = |list: &str, entry: &str| (list.to_owned(), entry.to_owned());
    assert_eq!(
        says("lookup.below", "2014"),
        [row("context/courts", "-1.5 (rank 180, band lowest, open false), valid 2010-01-01 to 2014-12-31; made up")]
    );
    assert_eq!(
        says("lookup.column", "2016-12-31"),
        [row("context/courts", "170 (value -1.25, band low, open false), valid 2015-01-01 to 2016-12-31; made up")]
    );
    assert_eq!(
        says("lookup.flag", "2018-01-01"),
        [row("context/courts", "true (value 0.5, rank 60, band high), valid from 2017-01-01; a later edition")]
    );
    assert_eq!(
        says("list.table", "2015"),
        [row("context/members", "value full, valid 2010-03-01 to 2019-12-31; made up")]
    );
    assert_eq!(says("list.always", "2015"), [row("context/party", "since 1966, valid at all times; made up")]);
}

#[test]
fn the_example_of_the_reference_is_sound_and_its_tests_pass() {
    let reference = include_str!("../../rules/README.md");
    let block = |language: &str| {
        let (_, rest) = reference.split_once(&format!("```{language}\n")).expect("an example");
        rest.split_once("```").expect("its end").0
    };
    let mut files = RuleFiles::default();
    files.insert("example.toml", block("toml"));
    files.insert("lexicon/public-speech.csv", block("csv"));
    let suppression = reference.split("```").find(|block| block.contains("kind     = \"filter\"")).expect("an example");
    let test = "[[rule.test]]\nname = \"the tender\"\nexpect = \"yes\"\n[rule.test.given]\nrecord_id = \"n-2041\"\n\
                kind = \"red_notice\"\nrequesting_country = \"XA\"\ncharges = [{ text = \"Fraud by a public call for tenders\" }]\n\
                facts_summary = \"He kept the deposits.\"\n";
    files.insert("reviewed.toml", format!("{}{test}", suppression.trim_start_matches("text\n")));
    let (_, headers) = reference.split_once("`lexicon/lists.toml`:\n\n```toml\n").expect("the example of a header");
    files.insert("lexicon/lists.toml", headers.split_once("```").expect("its end").0);
    let (rules, sources) = flawless(&files);
    let (run, failures) = run_tests(&rules, None);
    let shown: Diagnostics = failures.iter().map(article3::rule::Failure::diagnostic).collect();
    assert!(run == 5 && failures.is_empty(), "{}", render(&shown, &sources, Style::Plain));
}

#[test]
fn the_reference_names_every_word_of_the_language() {
    let reference = include_str!("../../rules/README.md");
    let named = |word: &str| reference.contains(&format!("`{word}`")) || reference.contains(&format!("`{word} ="));
    let words = operator_keys()
        .chain(OPTIONS.iter().copied())
        .chain(["quantifier", "match", "count", "assume"])
        .chain(Kind::ALL.iter().map(|kind| kind.word()))
        .chain(Status::ALL.iter().map(|status| status.word()))
        .chain(Ground::ALL.iter().map(|ground| ground.word()))
        .chain(State::ALL.iter().map(|state| state.name()))
        .chain(Outcome::ALL.iter().map(|outcome| outcome.word()))
        .chain(Verdict::ALL.iter().map(|verdict| verdict.word()))
        .chain(LEXICON_COLUMNS);
    let missing: Vec<&str> = words.filter(|word| !named(word)).collect();
    assert!(missing.is_empty(), "the reference does not name {missing:?}");
}

#[test]
fn only_the_entries_that_occur_say_what_is_missing() {
    let mut files = RuleFiles::default();
    files.insert(
        "rules.toml",
        "[[rule]]\nid = \"facts.word\"\nrevision = 1\ntitle = \"A word\"\nstatus = \"test\"\nkind = \"concept\"\n\
         basis = [{ cite = \"none\" }]\n[rule.detection.word]\nfacts_summary = { contains = { list = \"lexicon/words\" } }\n",
    );
    let head = "entry,lang,script,mode,country,note,source,valid_from,valid_to";
    let rows = "abroad,en,Latn,literal,XA,,test,,\nlater,en,Latn,literal,,,test,2020,\n";
    files.insert("lexicon/words.csv", format!("{head}\n{rows}"));
    let (rules, _) = flawless(&files);
    let reasons = |text: &str| {
        let (record, _) = canonical::record(json!({ "facts_summary": text }).as_object().expect("an object"));
        let judgement = judge(&rules, &record);
        assert_eq!(judgement.verdict(0), Verdict::Unknown);
        judgement.pivotal(0).into_iter().map(|reason| reason.field.path()).collect::<Vec<_>>()
    };
    assert_eq!(reasons("He left later."), ["requested_at"]);
    assert_eq!(reasons("He lived abroad."), ["requesting_country"]);
    assert_eq!(reasons("Later he lived abroad."), ["requesting_country", "requested_at"]);
}
