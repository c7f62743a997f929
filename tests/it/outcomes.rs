//! From verdicts to score and outcome, on rule sets of a few rules: exact numbers, and each row of the table of outcomes.

use std::collections::{BTreeMap, BTreeSet};

use article3::engine::{Assessment, Outcome, Verdicts, assess};
use article3::explain::changes;
use article3::record::Record;
use article3::rule::{Band, Factor, Ground, Kind, RuleFiles, RuleSet, Verdict, judge};

use crate::given::sound;

const PROFILE: &str = r#"
name     = "test"
version  = "1"
language = "notice-rules/1"
statuses = ["test"]
[profile]
prior_bits = 0.25
damping    = 0.35
[profile.strength]
[profile.caps]
a    = 4.0
b    = 1.5
g    = 1.5
[profile.bands]
monitor  = 0.5
review   = 3.0
priority = 5.0
[profile.flag]
score_bits = 3.0
factors    = 2
one_of     = ["a", "d", "e"]
one_of_bits = 0.0
[profile.partial]
rule    = "separable"
grounds = ["art3"]
[profile.queue]
first = []
"#;

/// A rule: id, kind, factor or ground, bits, and what it requires.
type Line = (&'static str, &'static str, &'static str, &'static str, &'static str);

fn rule((id, kind, of, bits, requires): &Line, body: &str) -> String {
    let of = match *kind {
        "indicator" | "mitigator" | "context" => format!("factor = \"{of}\"\nbits = {bits}\n"),
        "gate" | "gap" => format!("ground = \"{of}\"\n"),
        _ => String::new(),
    };
    let requires = if requires.is_empty() { String::new() } else { format!("requires = \"{requires}\"\n") };
    format!(
        "[[rule]]\nid = \"{id}\"\nrevision = 1\ntitle = \"t\"\nstatus = \"test\"\nkind = \"{kind}\"\n{of}{requires}\
         basis = [{{ cite = \"x\" }}]\nexplain = {{ message = \"m\", ask = \"a\" }}\n{body}\n"
    )
}

fn check(toml: &str) -> RuleSet {
    let mut files = RuleFiles::default();
    files.insert("ruleset.toml", PROFILE);
    files.insert("rules.toml", toml);
    // Few of these rule sets have the rule that a partial outcome asks for, and a warning says so.
    sound(&files).0
}

fn rules(lines: &[Line]) -> RuleSet {
    let one = |line| rule(line, "detection.it.is_public = true");
    check(&lines.iter().map(one).collect::<String>())
}

/// Verdicts by id, in words; `open` is unknown for a reason the source could have removed. What is not named says no.
fn verdicts(rules: &RuleSet, said: &[(&str, &str)]) -> Verdicts {
    let said: BTreeMap<&str, &str> = said.iter().copied().collect();
    assert!(said.keys().all(|id| rules.position(id).is_some()), "{said:?}");
    let word = |id: &str| said.get(id).copied().unwrap_or("no");
    let verdict = |word: &str| match word {
        "yes" => Verdict::Yes,
        "no" => Verdict::No,
        "not_applicable" => Verdict::NotApplicable,
        _ => Verdict::Unknown,
    };
    Verdicts {
        verdicts: rules.rules.iter().map(|rule| verdict(word(&rule.id))).collect(),
        open: rules.rules.iter().map(|rule| word(&rule.id) == "open").collect(),
    }
}

fn of(rules: &RuleSet, said: &[(&str, &str)]) -> Assessment {
    assess(rules, &verdicts(rules, said))
}

/// Score, low and high, without the prior of 250.
fn score(rules: &RuleSet, said: &[(&str, &str)]) -> (i64, i64, i64) {
    let assessment = of(rules, said);
    (assessment.total - 250, assessment.low - 250, assessment.high - 250)
}

const A1: Line = ("a.one", "indicator", "a", "3.0", "");
const A2: Line = ("a.two", "indicator", "a", "2.0", "");
const A3: Line = ("a.three", "indicator", "a", "1.0", "");
const AM: Line = ("a.against", "mitigator", "a", "2.0", "");
const B1: Line = ("b.one", "indicator", "b", "1.0", "");
const C1: Line = ("c.one", "indicator", "c", "3.0", "");
const D1: Line = ("d.one", "indicator", "d", "1.0", "");
const E1: Line = ("e.one", "indicator", "e", "1.0", "");
const F1: Line = ("f.one", "indicator", "f", "3.0", "");
const G1: Line = ("g.one", "context", "g", "1.0", "1 of factor:a");

#[test]
fn nothing_said_is_the_prior() {
    let rules = rules(&[A1, AM]);
    let assessment = of(&rules, &[]);
    assert_eq!((assessment.total, assessment.low, assessment.high), (250, 250, 250));
    assert_eq!((assessment.outcome, assessment.band, assessment.settled), (Outcome::NoIndicator, Band::Clear, true));
}

#[test]
fn further_rules_of_one_factor_count_less_the_heaviest_first() {
    let rules = rules(&[A1, A2, A3]);
    assert_eq!(score(&rules, &[("a.one", "yes")]).0, 3000);
    assert_eq!(score(&rules, &[("a.two", "yes"), ("a.one", "yes")]).0, 3000 + 700);
    assert_eq!(score(&rules, &[("a.three", "yes"), ("a.two", "yes"), ("a.one", "yes")]).0, 3000 + 700 + 122);
    assert_eq!(score(&rules, &[("a.three", "yes"), ("a.two", "yes")]).0, 2000 + 350);
}

#[test]
fn rules_of_different_factors_do_not_damp_each_other() {
    let rules = rules(&[A2, D1, E1]);
    assert_eq!(score(&rules, &[("a.two", "yes"), ("d.one", "yes"), ("e.one", "yes")]).0, 4000);
}

#[test]
fn a_cap_cuts_what_one_factor_adds_and_what_its_mitigators_take() {
    let lines = [A1, ("a.four", "indicator", "a", "3.0", ""), ("b.two", "mitigator", "b", "5.0", ""), B1];
    let rules = rules(&lines);
    let cut = of(&rules, &[("a.one", "yes"), ("a.four", "yes")]);
    assert_eq!(cut.total - 250, 4000, "3000 + 1050 is above 4000");
    let capped: Vec<Factor> = cut.factors.iter().filter(|factor| factor.capped).map(|factor| factor.factor).collect();
    assert_eq!(capped, [Factor::A]);
    assert_eq!(score(&rules, &[("b.two", "yes"), ("b.one", "yes")]).0, 1000 - 1500);
}

#[test]
fn a_mitigator_takes_away_in_its_own_factor_and_is_damped_apart() {
    let lines = [A1, AM, ("a.against-too", "mitigator", "a", "1.0", ""), D1];
    let rules = rules(&lines);
    assert_eq!(score(&rules, &[("a.one", "yes"), ("a.against", "yes")]).0, 3000 - 2000);
    assert_eq!(score(&rules, &[("a.one", "yes"), ("a.against", "yes"), ("a.against-too", "yes")]).0, 3000 - 2350);
    let below = of(&rules, &[("a.against", "yes"), ("d.one", "yes")]);
    assert_eq!(below.total - 250, 1000 - 2000, "a factor can be negative");
}

#[test]
fn an_unknown_indicator_raises_the_most_and_an_unknown_mitigator_lowers_the_least() {
    let rules = rules(&[A1, A2, AM]);
    assert_eq!(score(&rules, &[("a.two", "unknown")]), (0, 0, 2000));
    assert_eq!(score(&rules, &[("a.one", "unknown"), ("a.two", "yes")]), (2000, 2000, 3700), "sorted by size");
    assert_eq!(score(&rules, &[("a.one", "yes"), ("a.against", "open")]), (3000, 1000, 3000));
    assert_eq!(score(&rules, &[("a.one", "unknown"), ("a.against", "unknown")]), (0, -2000, 3000));
    assert_eq!(score(&rules, &[("a.one", "not_applicable"), ("a.against", "not_applicable")]), (0, 0, 0));
}

#[test]
fn context_counts_only_where_what_it_requires_holds() {
    let rules = rules(&[A2, G1]);
    assert_eq!(score(&rules, &[("g.one", "yes")]), (0, 0, 0));
    assert_eq!(score(&rules, &[("g.one", "yes"), ("a.two", "yes")]), (3000, 3000, 3000));
    assert_eq!(score(&rules, &[("g.one", "yes"), ("a.two", "unknown")]), (0, 0, 3000));
    assert_eq!(score(&rules, &[("g.one", "unknown"), ("a.two", "yes")]), (2000, 2000, 3000));
    assert_eq!(score(&rules, &[("g.one", "unknown"), ("a.two", "not_applicable")]), (0, 0, 0));
}

#[test]
fn a_rule_that_is_not_active_counts_for_nothing() {
    let toml = rule(&A1, "detection.it.is_public = true").replace("status = \"test\"", "status = \"experimental\"")
        + &rule(&("gate", "gate", "rpd", "", ""), "detection.it.is_public = true")
            .replace("status = \"test\"", "status = \"deprecated\"")
        + &rule(&D1, "detection.it.is_public = true");
    let rules = check(&toml);
    let assessment = of(&rules, &[("a.one", "yes"), ("gate", "yes")]);
    assert_eq!((assessment.total, assessment.outcome), (250, Outcome::NoIndicator));
}

#[test]
fn a_gate_is_non_compliant_on_its_ground_and_adds_no_bits() {
    let lines = [
        ("gate.refugee", "gate", "refugee_policy", "", ""),
        ("gate.rpd", "gate", "rpd", "", ""),
        ("gate.rpd-too", "gate", "rpd", "", ""),
        A1,
    ];
    let rules = rules(&lines);
    let assessment = of(&rules, &[("gate.rpd", "yes"), ("gate.rpd-too", "yes"), ("gate.refugee", "yes")]);
    assert_eq!(assessment.outcome, Outcome::LikelyNonCompliant);
    assert_eq!(assessment.grounds, [Ground::RefugeePolicy, Ground::Rpd]);
    assert_eq!(assessment.total, 250);
}

#[test]
fn a_score_flags_with_two_factors_one_of_them_a_d_or_e() {
    let rules = rules(&[A2, B1, C1, D1, E1, F1]);
    for (said, flags) in [
        (vec!["a.two", "b.one"], true),
        (vec!["c.one", "d.one"], true),
        (vec!["f.one", "e.one"], true),
        (vec!["c.one", "f.one"], false), // neither a, d nor e
        (vec!["c.one", "b.one"], false),
        (vec!["a.two"], false),          // one factor, below the score
        (vec!["d.one", "e.one"], false), // 2250 is below 3000
    ] {
        let yes: Vec<(&str, &str)> = said.iter().map(|id| (*id, "yes")).collect();
        let assessment = of(&rules, &yes);
        assert_eq!(assessment.outcome == Outcome::LikelyNonCompliant, flags, "{said:?}");
        assert_eq!(assessment.grounds == [Ground::Art3], flags, "{said:?}");
        assert!(flags || assessment.outcome == Outcome::NoIndicator, "{said:?}");
    }
}

#[test]
fn a_weak_sign_in_a_d_or_e_opens_no_door_where_the_profile_asks_for_more() {
    let lines = [
        ("a.weak", "indicator", "a", "0.5", ""),
        ("b.x", "indicator", "b", "1.5", ""),
        ("f.x", "indicator", "f", "2.0", ""),
    ];
    let all = [("a.weak", "yes"), ("b.x", "yes"), ("f.x", "yes")];
    let mut rules = rules(&lines);
    assert_eq!(of(&rules, &all).outcome, Outcome::LikelyNonCompliant);
    rules.profile.flag_one_of_bits = 1000;
    assert_eq!(of(&rules, &all).outcome, Outcome::NoIndicator);
}

#[test]
fn one_factor_never_flags_however_heavy() {
    let rules = rules(&[A1, A2, A3, ("d.against", "mitigator", "d", "1.0", ""), D1]);
    let all_of_a = [("a.one", "yes"), ("a.two", "yes"), ("a.three", "yes")];
    assert_eq!(of(&rules, &all_of_a).outcome, Outcome::NoIndicator);
    let balanced = [all_of_a.as_slice(), &[("d.one", "yes"), ("d.against", "yes")]].concat();
    assert_eq!(of(&rules, &balanced).outcome, Outcome::NoIndicator, "a factor in balance adds nothing");
}

#[test]
fn the_score_needs_to_be_reached_exactly() {
    let rules = rules(&[("a.x", "indicator", "a", "1.75", ""), D1, ("e.x", "indicator", "e", "0.999", "")]);
    assert_eq!(of(&rules, &[("a.x", "yes"), ("d.one", "yes")]).total, 3000);
    assert_eq!(of(&rules, &[("a.x", "yes"), ("d.one", "yes")]).outcome, Outcome::LikelyNonCompliant);
    assert_eq!(of(&rules, &[("a.x", "yes"), ("e.x", "yes")]).total, 2999);
    assert_eq!(of(&rules, &[("a.x", "yes"), ("e.x", "yes")]).outcome, Outcome::NoIndicator);
}

#[test]
fn context_alone_never_flags_whatever_it_requires() {
    let lines = [
        ("a.context", "context", "a", "3.0", "fact"),
        ("g.context", "context", "g", "1.5", "not d.one"),
        ("fact", "concept", "", "", ""),
        D1,
    ];
    let rules = rules(&lines);
    let said = [("a.context", "yes"), ("g.context", "yes"), ("fact", "yes")];
    let assessment = of(&rules, &said);
    assert!(assessment.total > 3000, "{}", assessment.total);
    assert_eq!((assessment.outcome, assessment.grounds), (Outcome::NoIndicator, vec![]));
}

#[test]
fn partial_is_for_article_3_alone_and_only_with_separable_charges() {
    let lines = [
        A2,
        D1,
        ("separable", "concept", "", "", ""),
        ("gate.art3", "gate", "art3", "", ""),
        ("gate.art2", "gate", "art2", "", ""),
    ];
    let rules = rules(&lines);
    let outcome = |said: &[(&str, &str)]| of(&rules, said).outcome;
    assert_eq!(outcome(&[("a.two", "yes"), ("d.one", "yes"), ("separable", "yes")]), Outcome::Partial);
    assert_eq!(outcome(&[("gate.art3", "yes"), ("separable", "yes")]), Outcome::Partial);
    assert_eq!(outcome(&[("gate.art3", "yes"), ("separable", "unknown")]), Outcome::LikelyNonCompliant);
    assert_eq!(outcome(&[("gate.art3", "yes")]), Outcome::LikelyNonCompliant);
    assert_eq!(outcome(&[("gate.art2", "yes"), ("separable", "yes")]), Outcome::LikelyNonCompliant);
    let both = [("gate.art2", "yes"), ("gate.art3", "yes"), ("separable", "yes")];
    assert_eq!(outcome(&both), Outcome::LikelyNonCompliant, "article 2 taints the whole case");
    assert_eq!(outcome(&[("separable", "yes")]), Outcome::NoIndicator);
}

#[test]
fn information_is_needed_for_a_gap_and_for_a_gate_that_the_source_left_open() {
    let rules = rules(&[("gap", "gap", "rpd", "", ""), ("gate", "gate", "rpd", "", ""), A2]);
    let outcome = |said: &[(&str, &str)]| of(&rules, said).outcome;
    assert_eq!(outcome(&[("gap", "yes")]), Outcome::NeedsInformation);
    assert_eq!(outcome(&[("gate", "open")]), Outcome::NeedsInformation);
    assert_eq!(outcome(&[("gate", "unknown")]), Outcome::NoIndicator, "the source never carries the field");
    assert_eq!(outcome(&[("gap", "unknown")]), Outcome::NoIndicator);
    assert_eq!(outcome(&[("gap", "open")]), Outcome::NoIndicator);
    assert_eq!(outcome(&[("gap", "yes"), ("gate", "yes")]), Outcome::LikelyNonCompliant);
}

#[test]
fn information_is_needed_where_an_indicator_holds_and_what_is_unknown_could_flag() {
    let rules = rules(&[A2, D1, B1, F1, G1]);
    let outcome = |said: &[(&str, &str)]| of(&rules, said).outcome;
    assert_eq!(outcome(&[("a.two", "yes"), ("d.one", "unknown")]), Outcome::NeedsInformation);
    assert_eq!(outcome(&[("a.two", "unknown"), ("d.one", "unknown")]), Outcome::NoIndicator, "nothing holds yet");
    assert_eq!(outcome(&[("b.one", "yes"), ("f.one", "unknown")]), Outcome::NoIndicator, "it could not flag");
    assert_eq!(outcome(&[("a.two", "yes")]), Outcome::NoIndicator, "nothing is unknown");
    assert_eq!(outcome(&[("a.two", "yes"), ("g.one", "unknown")]), Outcome::NeedsInformation);
    assert_eq!(outcome(&[("g.one", "yes"), ("a.two", "unknown")]), Outcome::NoIndicator, "context is no indicator");
}

#[test]
fn a_score_is_settled_where_no_threshold_lies_between_least_and_most() {
    let rules =
        rules(&[A1, A2, AM, ("b.small", "indicator", "b", "0.2", ""), ("b.edge", "indicator", "b", "0.25", "")]);
    let settled = |said: &[(&str, &str)]| of(&rules, said).settled;
    assert!(settled(&[]));
    assert!(settled(&[("b.small", "unknown")]), "450 is below 500");
    assert!(!settled(&[("b.edge", "unknown")]), "500 is the edge of the first band");
    assert!(!settled(&[("a.one", "yes"), ("a.against", "unknown")]), "1250 to 3250 crosses 3000");
    assert!(settled(&[("a.one", "yes"), ("a.two", "unknown")]), "3250 to 3950");
}

#[test]
fn a_band_begins_at_its_edge() {
    let rules = rules(&[
        ("a.x", "indicator", "a", "0.25", ""),
        ("c.x", "indicator", "c", "2.5", ""),
        ("d.x", "indicator", "d", "2.0", ""),
    ]);
    let band = |said: &[(&str, &str)]| of(&rules, said).band;
    assert_eq!(band(&[]), Band::Clear);
    assert_eq!(band(&[("a.x", "yes")]), Band::Monitor);
    assert_eq!(band(&[("c.x", "yes")]), Band::Monitor, "2750");
    assert_eq!(band(&[("a.x", "yes"), ("c.x", "yes")]), Band::Review, "3000");
    assert_eq!(band(&[("a.x", "yes"), ("c.x", "yes"), ("d.x", "yes")]), Band::Priority, "5000");
}

/// The score never leaves its interval, whatever becomes of what is unknown.
#[test]
fn every_completion_lies_within_the_interval() {
    let rules = rules(&[A1, A2, AM, B1, D1, G1]);
    let ids: Vec<&str> = rules.rules.iter().map(|rule| rule.id.as_ref()).collect();
    for number in 0..3_usize.pow(6) {
        let digit = |at: usize| number / 3_usize.pow(u32::try_from(at).expect("small")) % 3;
        let said: Vec<(&str, &str)> = (0..6).map(|at| (ids[at], ["no", "unknown", "yes"][digit(at)])).collect();
        let (total, low, high) = score(&rules, &said);
        assert!(low <= total && total <= high, "{said:?}");
        let unknown: Vec<usize> = (0..6).filter(|at| digit(*at) == 1).collect();
        for choice in 0..1_usize << unknown.len() {
            let mut complete = said.clone();
            for (bit, at) in unknown.iter().enumerate() {
                complete[*at].1 = if choice >> bit & 1 == 1 { "yes" } else { "no" };
            }
            let (total, ..) = score(&rules, &complete);
            assert!(low <= total && total <= high, "{said:?} {complete:?}: {low} <= {total} <= {high}");
        }
    }
}

/// Rules over a record that says a little: `a.one` builds on a concept, `gate` on the concept and on `a.one`'s field.
fn worked() -> RuleSet {
    let toml = [
        rule(&("fact", "concept", "", "", ""), "detection.it.is_public = true"),
        rule(&A2, "[rule.detection]\ncondition = \"fact and photo\"\nphoto.has_photo = true"),
        rule(&D1, "detection.it.personal_gain = true"),
        rule(&E1, "detection.it.minor_at_event = true"),
        rule(&("a.against", "mitigator", "a", "1.0", ""), "detection.it.tried_in_absentia = true"),
    ];
    check(&toml.concat())
}

fn record(fields: &[(&str, bool)]) -> Record {
    let object = fields.iter().map(|(field, value)| ((*field).to_owned(), serde_json::Value::Bool(*value))).collect();
    article3::ingest::canonical::record(&object).0
}

/// All sets of flips of one size that change the outcome, by trying every set from scratch: a concept that is turned turns
/// what builds on it, unless that is turned itself.
fn brute(rules: &RuleSet, record: &Record, size: usize) -> BTreeSet<Vec<(usize, Verdict)>> {
    let judgement = judge(rules, record);
    let now = judgement.verdicts.clone();
    let open: Vec<bool> = (0..now.len()).map(|at| judgement.is_open(at)).collect();
    let outcome = |verdicts: Vec<Verdict>| assess(rules, &Verdicts { verdicts, open: open.clone() }).outcome;
    let (fact, one) = (rules.position("fact").expect("a rule"), rules.position("a.two").expect("a rule"));
    let photo = Verdict::of(article3::operator::Truth::Yes, judgement_of_photo(record));
    let options: Vec<(usize, Verdict)> = (0..now.len())
        .flat_map(|at| [Verdict::Yes, Verdict::No].map(|verdict| (at, verdict)))
        .filter(|(at, verdict)| now[*at] == Verdict::Unknown || now[*at] == Verdict::Yes && *verdict == Verdict::No)
        .filter(|(at, _)| now[*at] != Verdict::Unknown || open[*at] || rules.rules[*at].kind != Kind::Gate)
        .collect();
    let mut found = BTreeSet::new();
    for choice in 0..1_usize << options.len() {
        let flips: Vec<_> = (0..options.len()).filter(|bit| choice >> bit & 1 == 1).map(|bit| options[bit]).collect();
        let distinct: BTreeSet<usize> = flips.iter().map(|(at, _)| *at).collect();
        if flips.len() != size || distinct.len() != size {
            continue;
        }
        let mut verdicts = now.clone();
        flips.iter().for_each(|(at, verdict)| verdicts[*at] = *verdict);
        if distinct.contains(&fact) && !distinct.contains(&one) {
            verdicts[one] = if verdicts[fact] == Verdict::Yes { photo } else { Verdict::No };
        }
        if outcome(verdicts) != outcome(now.clone()) {
            found.insert(flips);
        }
    }
    found
}

fn judgement_of_photo(record: &Record) -> article3::operator::Truth {
    use article3::operator::Truth;
    use article3::record::{Field, Row as _, Value};
    match record.cell(Field::named("has_photo").expect("a field"), 0) {
        Ok(Value::Flag(flag)) => Truth::of(flag),
        _ => Truth::Unknown,
    }
}

#[test]
fn what_would_change_the_outcome_is_every_smallest_set_and_nothing_else() {
    let rules = worked();
    let fields = ["is_public", "has_photo", "personal_gain", "minor_at_event", "tried_in_absentia"];
    let mut told = 0;
    for number in 0..3_usize.pow(5) {
        let said: Vec<(&str, bool)> = fields
            .iter()
            .enumerate()
            .filter_map(|(at, field)| match number / 3_usize.pow(u32::try_from(at).expect("small")) % 3 {
                0 => None,
                1 => Some((*field, false)),
                _ => Some((*field, true)),
            })
            .collect();
        let record = record(&said);
        let mut judgement = judge(&rules, &record);
        let given = Verdicts {
            verdicts: judgement.verdicts.clone(),
            open: (0..rules.rules.len()).map(|at| judgement.is_open(at)).collect(),
        };
        let now = assess(&rules, &given);
        let found = changes(&mut judgement, &given, &now);
        let sizes: BTreeSet<usize> = found.iter().map(|change| change.flips.len()).collect();
        assert!(sizes.len() <= 1, "{said:?}: {found:?}");
        assert!(found.iter().all(|change| change.to != now.outcome));
        let size = sizes.first().copied().unwrap_or(4);
        for smaller in 1..size.min(4) {
            assert_eq!(brute(&rules, &record, smaller), BTreeSet::new(), "{said:?}");
        }
        if size <= 3 {
            let exact = brute(&rules, &record, size);
            let sets: BTreeSet<Vec<(usize, Verdict)>> = found
                .iter()
                .map(|change| {
                    let mut flips = change.flips.clone();
                    flips.sort_by_key(|(at, verdict)| (*at, *verdict));
                    flips
                })
                .collect();
            assert_eq!(sets.len(), found.len(), "{said:?}: one set twice");
            assert!(sets.is_subset(&exact), "{said:?}: {sets:?} in {exact:?}");
            assert_eq!(found.len(), exact.len().min(5), "{said:?}: {exact:?}");
            told += found.len();
        }
    }
    assert!(told > 200, "{told}");
}
