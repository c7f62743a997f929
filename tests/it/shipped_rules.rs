//! The rule pack inside the program: it is sound, its tests pass, every rule is complete, and what the law says never
//! suffices alone does not flag.

use std::collections::BTreeSet;

use article3::diag::Code;
use article3::engine::{Assessment, Outcome};
use article3::ingest::canonical;
use article3::rule::{Expr, Kind, RuleSet, Verdict, judge, run_tests};
use serde_json::{Value, json};

use crate::given::{self, shipped};

fn assessed(rules: &RuleSet, record: &Value) -> Assessment {
    let (record, unknown) = canonical::record(record.as_object().expect("an object"));
    assert!(unknown.is_empty(), "{unknown:?}");
    given::assessed(rules, &judge(rules, &record))
}

#[test]
fn the_shipped_rules_are_sound_and_their_tests_pass() {
    let rules = shipped();
    let (run, failures) = run_tests(&rules, None);
    assert!(run > 0);
    let shown: Vec<String> = failures
        .iter()
        .filter(|failure| failure.code != Code::KnownFailure)
        .map(|failure| format!("{} “{}”: {}", failure.rule, failure.test, failure.message))
        .collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

#[test]
fn every_rule_names_its_law_its_false_positives_and_its_tests() {
    let rules = shipped();
    let effective = rules.rules.iter().filter(|rule| rule.active && rule.kind != Kind::Concept).count();
    assert!(effective >= 60, "{effective} rules with an effect");
    for rule in &rules.rules {
        let id = &rule.id;
        assert!(!rule.basis.is_empty(), "{id} names no law");
        assert!(!rule.false_positives.is_empty(), "{id} names no false positive");
        assert!(rule.kind == Kind::Concept || !rule.message.parts.is_empty(), "{id} has no message");
        let expected: BTreeSet<Verdict> = rule.tests.iter().map(|test| test.expect).collect();
        for verdict in [Verdict::Yes, Verdict::No, Verdict::Unknown] {
            let possible = verdict != Verdict::Unknown || can_be_unknown(&rule.body);
            assert!(!possible || expected.contains(&verdict), "{id} has no test for {}", verdict.word());
        }
    }
}

/// Whether a missing value can keep an expression undecided; `assume = "no"` decides it.
fn can_be_unknown(expr: &Expr) -> bool {
    match expr {
        Expr::Clause(_) | Expr::Rule(_) => true,
        Expr::AssumeNo(_) => false,
        _ => expr.children().iter().any(can_be_unknown),
    }
}

/// A complete form of an ordinary theft, with more fields on top.
pub(crate) fn theft(more: &Value) -> Value {
    let mut record = json!({
        "record_id": "t-1", "kind": "red_notice", "status": "pending", "requesting_country": "XA", "requested_at": "2023-05-02",
        "family_name": "Sample", "forenames": "Person", "date_of_birth": "1981-04-05", "sex": "male", "nationalities": ["XA"],
        "has_photo": true, "has_description": true, "person_status": "charged", "roles": ["private_person"],
        "charges": [{ "text": "Theft", "law": "Penal Code s. 12", "max_penalty_months": 60 }], "facts_language": "en",
        "facts_summary": "On 3 March 2022 in Town 1 the person broke into a shop at night and took goods worth 30,000, which he sold.",
        "offence_from": "2022-03-03", "offence_to": "2022-03-03", "offence_country": "XA", "offence_place": "Town 1",
        "purpose": "prosecution", "max_penalty_months": 60, "warrant_ref": "W-1", "warrant_issued_at": "2022-06-01",
        "warrant_authority": "court", "extradition_assured": true, "source": "synthetic"
    });
    for (key, value) in more.as_object().into_iter().flatten() {
        record[key] = value.clone();
    }
    record
}

#[test]
fn an_ordinary_crime_is_no_indicator() {
    let rules = shipped();
    assert_eq!(assessed(&rules, &theft(&json!({}))).outcome, Outcome::NoIndicator);
}

/// RoP paras 26-33, chapters 3.1, 3.10 and 3.11; CCF-2018-2, CCF-2019-5.
#[test]
fn what_never_suffices_alone_does_not_flag_one_by_one_or_together() {
    let rules = shipped();
    let never = [
        json!({ "roles": ["politician", "opposition", "former_official"] }),
        json!({ "roles": ["religious_minority", "ethnic_minority", "religious_leader"] }),
        json!({ "roles": ["journalist", "activist", "human_rights_defender", "lawyer"] }),
        json!({ "tried_in_absentia": true, "retrial_guaranteed": true }),
        json!({ "warrant_authority": "military_court" }),
        json!({ "decisions": [{ "body": "court", "country": "XB", "subject": "extradition", "outcome": "refused", "ground": "procedural" }] }),
        json!({ "decisions": [{ "body": "court", "country": "XB", "subject": "extradition", "outcome": "refused" }] }),
        json!({ "events": [{ "kind": "emergency_rule", "country": "XA", "at": "2021-01-01" }, { "kind": "coup_attempt", "country": "XA", "at": "2022-02-20" }] }),
        json!({ "protections": [{ "kind": "asylum", "status": "pending", "granting_country": "XB", "feared_country": "XA" }] }),
    ];
    let mut together = json!({});
    for facts in &never {
        let outcome = assessed(&rules, &theft(facts)).outcome;
        assert!(!matches!(outcome, Outcome::LikelyNonCompliant | Outcome::Partial), "{facts} alone gives {outcome:?}");
        for (key, value) in facts.as_object().into_iter().flatten() {
            match (together[key].as_array_mut(), value.as_array()) {
                (Some(all), Some(more)) => all.extend(more.iter().cloned()),
                _ => together[key] = value.clone(),
            }
        }
    }
    let outcome = assessed(&rules, &theft(&together)).outcome;
    assert!(!matches!(outcome, Outcome::LikelyNonCompliant | Outcome::Partial), "together they give {outcome:?}");
}

#[test]
fn the_requesting_country_changes_nothing_by_itself() {
    let rules = shipped();
    let first = assessed(&rules, &theft(&json!({})));
    for country in ["XB", "RU", "CN", "TR", "US", "FR", "AE", "BY"] {
        let same = json!({ "requesting_country": country, "nationalities": [country], "offence_country": country });
        assert_eq!(assessed(&rules, &theft(&same)), first, "{country}");
    }
}

/// The catalogue of heuristics, by letters and number: those with a published vignette and the formal gates.
const FIRST_PACK: &[(&str, &[u8])] = &[
    ("NAT", &[1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 22, 23, 24]),
    ("FAC", &[2, 3, 4, 5, 6, 8, 12, 13, 14, 15, 22]),
    ("STA", &[1, 2, 3, 4, 7, 16, 17]),
    ("SRC", &[2, 7, 10]),
    ("POS", &[1, 4, 6, 9, 11]),
    ("ILW", &[10, 12]),
    ("NEU", &[1, 2, 3, 4, 5, 6]),
    ("CTX", &[2, 3, 5, 6, 9, 10]),
    ("RPD", &[1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 14, 15, 18, 19, 20, 22, 23, 25, 26, 27]),
    ("CIR", &[7]),
    ("MIT", &[1, 2, 6, 7, 8, 9, 10, 11, 12, 13, 16, 18]),
];

/// Those with a decision of the Commission, an instrument or a documented case.
const SECOND_PACK: &[(&str, &[u8])] = &[
    ("FAC", &[1, 7, 9, 11, 16, 17, 19, 20, 21]),
    ("SRC", &[1, 3, 4, 5, 6, 9]),
    ("POS", &[2, 3, 7, 8, 10]),
    ("ILW", &[1, 3, 4, 5, 7, 8, 9, 11]),
    ("RPD", &[10, 13, 16, 17, 21, 24]),
    ("CIR", &[1, 2, 3, 4, 5, 6, 10]),
    ("MIT", &[3, 4, 5, 14, 15, 17]),
    ("NAT", &[9, 25, 26, 27, 28, 29]),
    ("STA", &[5, 6, 8, 9, 10, 13, 14, 15, 18]),
    ("CTX", &[1, 7, 8, 11]),
];

/// Those that rest on inference or memory.
const INFERENCE: &[(&str, &[u8])] = &[
    ("NAT", &[21, 30]),
    ("FAC", &[10, 18]),
    ("STA", &[11, 12]),
    ("SRC", &[8]),
    ("POS", &[5]),
    ("ILW", &[2, 6, 13, 14]),
    ("CTX", &[4]),
    ("CIR", &[8, 9, 11, 12]),
];

#[test]
fn every_heuristic_of_the_catalogue_is_a_rule_and_those_that_rest_on_inference_do_not_count() {
    let rules = shipped();
    let names = |pack: &[(&str, &[u8])]| -> Vec<String> {
        pack.iter().flat_map(|(group, numbers)| numbers.iter().map(move |at| format!("{group}-{at:02}"))).collect()
    };
    let carriers = |name: &String| rules.rules.iter().filter(|rule| rule.tags.contains(name)).collect::<Vec<_>>();
    let (first, second, inference) = (names(FIRST_PACK), names(SECOND_PACK), names(INFERENCE));
    assert_eq!((first.len(), second.len(), inference.len()), (96, 66, 17));
    let sound = first.iter().chain(&second);
    let missing: Vec<&String> = sound.clone().chain(&inference).filter(|name| carriers(name).is_empty()).collect();
    assert!(missing.is_empty(), "no rule for {missing:?}");
    for name in &inference {
        for rule in carriers(name) {
            let rests_on_more = rule.tags.iter().any(|tag| sound.clone().any(|sound| sound == tag));
            assert!(rests_on_more || !rule.active, "{} rests on {name} alone, and counts", rule.id);
        }
    }
}
