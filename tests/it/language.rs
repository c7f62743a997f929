//! What the rule language means, told by small rules with tests of their own: one file for each operator or feature. The
//! expectations come from the description of the language, not from the code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use article3::diag::{Diagnostics, Sources, Style, render};
use article3::operator::{OPTIONS, operator_keys};
use article3::record::{Field, Leaf, Missing, Record};
use article3::rule::{RuleFiles, RuleSet, Verdict, judge, run_tests};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/language")
}

fn checked(files: &RuleFiles) -> (RuleSet, Sources) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(files, &mut sources, &mut found);
    found.sort(&sources);
    assert!(found.is_empty(), "{}", render(&found, &sources, Style::Plain));
    (rules.expect("a profile"), sources)
}

#[test]
fn the_language_means_what_its_description_says() {
    let (rules, sources) = checked(&RuleFiles::read(&folder()).expect("the rule files"));
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
    let (rules, _) = checked(&RuleFiles::read(&folder()).expect("the rule files"));
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
    ] {
        assert_eq!(says(id, field), (Verdict::Unknown, Some("invalid")), "{id}");
    }
    assert_eq!(says("known.yes", "facts_summary").0, Verdict::No);
    assert_eq!(says("known.no", "facts_summary").0, Verdict::Yes);
    assert_eq!(says("blank.yes", "warrant_ref").0, Verdict::No);
    assert_eq!(says("blank.no", "warrant_ref").0, Verdict::Yes);
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
    let (rules, sources) = checked(&files);
    let (run, failures) = run_tests(&rules, None);
    let shown: Diagnostics = failures.iter().map(article3::rule::Failure::diagnostic).collect();
    assert!(run >= 4 && failures.is_empty(), "{}", render(&shown, &sources, Style::Plain));
}
