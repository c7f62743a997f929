//! Tests that stand in rule files: what each of their keys means, and what changing a rule shows of them.

use std::sync::Arc;

use article3::diag::{Code, Diagnostics, Sources, Style, render};
use article3::engine::{Plan, Truths, by_records, by_tests, generated};
use article3::rule::{Failure, RuleFiles, RuleSet, mutate, run_tests};
use article3::table::{Origin, TableBuilder};

use crate::given::sound;

const RULES: &str = r#"
[[rule]]
id = "charge.speech"
revision = 1
title = "A charge of speech"
status = "test"
kind = "context"
factor = "a"
strength = "strong"
requires = "2 of gate.*"
basis = [{ cite = "RPD art. 34(3)(a)" }]
explain = { message = "The charge is about speech." }
scope = { kind = ["red_notice", "diffusion"] }
[rule.detection]
condition = "speech and not harm"
[rule.detection.speech]
"charges.text" = { contains = "speech" }
[rule.detection.harm]
"harm.deaths" = { gte = 1 }
"#;

fn gate(name: &str) -> String {
    format!(
        "[[rule]]\nid = \"gate.{name}\"\nrevision = 1\ntitle = \"t\"\nstatus = \"test\"\nkind = \"gate\"\nground = \"rpd\"\n\
         basis = [{{ cite = \"x\" }}]\nexplain = {{ message = \"m\" }}\ndetection = {{ a = {{ purpose = {{ blank = true }} }} }}\n"
    )
}

fn checked(tests: &str) -> (RuleSet, Sources) {
    let mut files = RuleFiles::default();
    files.insert("rules.toml", format!("{RULES}{tests}\n{}{}{}", gate("one"), gate("two"), gate("three")));
    sound(&files)
}

/// How many tests ran, and those that did not come out as expected, with the reason.
fn ran(tests: &str) -> (usize, Vec<(String, String)>) {
    let (run, failures) = run_tests(&checked(tests).0, None);
    let failed = |failure: Failure| (failure.test, failure.message);
    (run, failures.into_iter().map(failed).collect())
}

fn failed(test: &str, message: &str) -> (String, String) {
    (test.to_owned(), message.to_owned())
}

#[test]
fn each_case_is_laid_over_what_is_given() {
    let cases = r#"
        [[rule.test]]
        name = "speech"
        given = { kind = "red_notice", charges = [{ text = "a speech", law = "s. 1" }], harm = { deaths = 0, injured = 0 } }
        cases = [
          ["name",         "charges.text", "harm.deaths", "kind",      "not_carried",   "expect"],
          ["as it is",     "a speech",     0,             "diffusion", [],              "yes"],
          ["a theft",      "a theft",      0,             "diffusion", [],              "no"],
          ["deaths",       "a speech",     3,             "diffusion", [],              "no"],
          ["a passport",   "a speech",     0,             "sltd",      [],              "not_applicable"],
          ["not carried",  "a speech",     0,             "diffusion", ["harm.deaths"], "unknown"],
          ["wrong",        "a speech",     0,             "diffusion", [],              "no"],
        ]"#;
    assert_eq!(ran(cases), (6, vec![failed("speech: wrong", "expected no, got yes")]));
}

#[test]
fn each_record_of_a_table_has_its_own_verdict() {
    let table = r#"
        [[rule.test]]
        name = "speech"
        given = { kind = "red_notice", charges = [{ text = "a speech" }] }
        table = [
          { record_id = "r-1", harm = { deaths = 0 } },
          { record_id = "r-2", harm = { deaths = 1 } },
          { record_id = "r-3" },
        ]
        expect_by_id = { r-1 = "yes", r-2 = "yes" }
        expect = "unknown""#;
    assert_eq!(ran(table), (3, vec![failed("speech: r-2", "expected yes, got no")]));
}

#[test]
fn results_are_set_by_pattern_and_an_id_goes_before_a_pattern() {
    let counts = |results: &str, counts: &str| {
        format!(
            "[[rule.test]]\nname = \"t\"\nresults = {{ {results} }}\nexpect = \"yes\"\ncounts = {counts:?}\n\
             given = {{ kind = \"red_notice\", charges = [{{ text = \"a speech\" }}], harm = {{ deaths = 0 }} }}\n"
        )
    };
    for (results, wanted) in [
        ("\"gate.*\" = \"yes\"", "yes"),
        ("\"gate.*\" = \"no\"", "no"),
        ("\"gate.*\" = \"no\", \"gate.one\" = \"yes\", \"gate.t*\" = \"yes\"", "yes"),
        ("\"gate.one\" = \"no\", \"gate.*\" = \"yes\"", "yes"),
        ("\"gate.one\" = \"no\", \"gate.two\" = \"no\", \"gate.*\" = \"yes\"", "no"),
        ("\"gate.one\" = \"unknown\", \"gate.*\" = \"unknown\"", "unknown"),
    ] {
        assert_eq!(ran(&counts(results, wanted)), (1, vec![]), "{results}");
        let other = if wanted == "yes" { "no" } else { "yes" };
        assert_eq!(ran(&counts(results, other)).1.len(), 1, "{results}");
    }
}

#[test]
fn evidence_may_be_of_one_field_and_exact() {
    let evidence = |evidence: &str| {
        let test = format!(
            "[[rule.test]]\nname = \"t\"\nexpect = \"yes\"\n{evidence}\n\
             given = {{ kind = \"red_notice\", charges = [{{ text = \"a speech\" }}], harm = {{ deaths = 0 }} }}\n"
        );
        ran(&test).1.is_empty()
    };
    assert!(evidence("evidence = [\"SPEECH\"]"));
    assert!(evidence("evidence = [\"speech\"]\nexact = true"));
    assert!(evidence("evidence = { \"charges.text\" = \"speech\" }\nexact = true"));
    assert!(evidence("evidence = []"), "nothing is asked for");
    assert!(!evidence("evidence = []\nexact = true"), "something matched");
    assert!(!evidence("evidence = [\"spee\"]\nexact = true"), "a part is not the whole");
    assert!(!evidence("evidence = { facts_summary = \"speech\" }"), "it stands in another field");
    assert!(!evidence("evidence = { facts_summary = [] }\nexact = true"), "another field has evidence too");
}

#[test]
fn a_test_that_is_known_to_fail_does_not_hide_that_it_passes() {
    let todo = |expect: &str| {
        let test = format!(
            "[[rule.test]]\nname = \"t\"\ngiven = {{ kind = \"sltd\" }}\nexpect = {expect:?}\ntodo = \"later\"\n"
        );
        run_tests(&checked(&test).0, None).1.into_iter().map(|failure| failure.code).collect::<Vec<_>>()
    };
    assert_eq!(todo("yes"), [Code::KnownFailure]);
    assert_eq!(todo("not_applicable"), [Code::TodoPasses]);
}

/// What no test notices of the rule about speech.
fn unnoticed(tests: &str) -> Vec<String> {
    let (rules, sources) = checked(tests);
    let mutation = mutate(&rules, &sources, Some("charge.*"));
    assert!(mutation.mutants > 15, "{}", mutation.mutants);
    let what = |message: &str| message.trim_start_matches("no test notices when ").to_owned();
    mutation.survivors.iter().map(|problem| what(&problem.message)).collect()
}

#[test]
fn a_change_that_a_test_notices_is_not_listed_and_every_other_one_is() {
    let all = r#"
        [[rule.test]]
        name = "all"
        given = { kind = "red_notice", charges = [{ text = "a speech" }, { text = "a theft" }], harm = { deaths = 0 } }
        cases = [
          ["kind",       "harm.deaths", "results",                                   "expect",         "counts"],
          ["red_notice", 0,             { "gate.*" = "yes", "gate.one" = "no" },     "yes",            "yes"],
          ["diffusion",  0,             { "gate.*" = "no", "gate.one" = "yes" },     "yes",            "no"],
          ["red_notice", 1,             { "gate.*" = "no" },                         "no",             "no"],
          ["red_notice", 2,             { "gate.*" = "no" },                         "no",             "no"],
          ["sltd",       0,             { "gate.*" = "yes" },                        "not_applicable", "no"],
        ]
        [[rule.test]]
        name = "a theft"
        given = { kind = "red_notice", charges = [{ text = "a theft" }], harm = { deaths = 0 } }
        expect = "no""#;
    assert_eq!(unnoticed(all), Vec::<String>::new());
    let without_an_edge = all.replace(
        r#"["red_notice", 1,             { "gate.*" = "no" },                         "no",             "no"],"#,
        "",
    );
    assert_eq!(unnoticed(&without_an_edge), ["`gt` stands for `gte`"]);
    let one_charge = all.replace(", { text = \"a theft\" }", "");
    assert_eq!(unnoticed(&one_charge), ["every element must fit instead of one"]);
    let no_passport = all.replace(
        r#"["sltd",       0,             { "gate.*" = "yes" },                        "not_applicable", "no"],"#,
        "",
    );
    assert_eq!(unnoticed(&no_passport), ["the scope is taken out"]);
    let known = "\n[[rule.test]]\nname = \"t\"\ngiven = { kind = \"sltd\" }\nexpect = \"yes\"\ntodo = \"later\"\n";
    assert_eq!(
        unnoticed(&format!("{no_passport}{known}")),
        ["the scope is taken out"],
        "a known failure notices nothing"
    );
}

const THREE: &str = r#"
    [[rule.test]]
    name = "three"
    given = { kind = "red_notice", charges = [{ text = "a speech" }, { text = "a theft" }] }
    cases = [
      ["kind",       "harm.deaths", "not_carried",   "expect"],
      ["red_notice", 0,             [],              "yes"],
      ["diffusion",  0,             ["harm.deaths"], "unknown"],
      ["sltd",       0,             [],              "not_applicable"],
    ]"#;

#[test]
fn checks_are_generated_for_every_field_that_a_rule_reads() {
    let (rules, _) = checked(THREE);
    let generated = generated(&Plan::compile(Arc::new(rules)), Some("charge.speech"));
    assert!(generated.problems.is_empty());
    // Three ways to take away kind, charges, their text and, in two records, the deaths; one other order of the charges;
    // and three records in three orders of the table. The group `gate.*` asks about a state, but only for its own rules.
    let taken_away = 3 * (3 + 3 + 3) + 2 * 3;
    assert_eq!((generated.checks, generated.exempt), (taken_away + 3 + 3 * 3, 0));
}

#[test]
fn a_rule_that_asks_about_a_state_is_exempt_for_that_field_alone() {
    let test = "test = [{ name = \"t\", given = { kind = \"red_notice\", purpose = \"\" }, expect = \"yes\" }]\n";
    let gate = gate("four").replace("detection", &format!("{test}scope = {{ kind = \"red_notice\" }}\ndetection"));
    let (rules, _) = checked(&gate);
    let generated = generated(&Plan::compile(Arc::new(rules)), Some("gate.four"));
    assert!(generated.problems.is_empty());
    // Three ways to take away the kind, and one order of one record; the purpose is what is asked about.
    assert_eq!((generated.checks, generated.exempt), (3 + 1, 3));
}

#[test]
fn what_tests_reach_is_what_their_records_reach() {
    let (rules, _) = checked(THREE);
    let rules = Arc::new(rules);
    let tests = by_tests(&rules);
    let mut builder = TableBuilder::default();
    for test in rules.rules.iter().flat_map(|rule| &rule.tests) {
        builder.push(&test.given, Origin::default());
    }
    let records = by_records(&Plan::compile(Arc::clone(&rules)), &builder.finish().expect("a table"));
    // The other rules have no tests, so that only records reach their predicates.
    let of_speech = |leaves: &[Truths]| -> Vec<Truths> {
        let own = rules.leaves().iter().zip(leaves).filter(|(leaf, _)| &*leaf.rule == "charge.speech");
        own.map(|(_, truths)| *truths).collect()
    };
    let said = |yes, no, unknown| Truths { yes, no, unknown };
    // Scope, speech and harm, in the order in which they stand.
    assert_eq!(of_speech(&tests.leaves), [said(2, 1, 0), said(2, 0, 0), said(0, 1, 1)]);
    assert_eq!(of_speech(&records.leaves), of_speech(&tests.leaves));
    assert_eq!((records.fields, records.records), (tests.fields, 3));
}

#[test]
fn the_cases_of_the_reference_pass_on_its_example() {
    let reference = include_str!("../../rules/README.md");
    let block = |start: &str| {
        let at = reference.find(start).expect("the reference has such a block");
        reference[at..].split_once("\n").and_then(|(_, rest)| rest.split_once("```")).expect("a block").0
    };
    let mut files = RuleFiles::default();
    let cases = block("```toml\n[[rule.test]]\n");
    files.insert("example.toml", format!("{}\n{cases}", block("```toml\n")));
    files.insert("lexicon/public-speech.csv", block("```csv\n"));
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(&files, &mut sources, &mut found).expect("a profile");
    let (run, failures) = run_tests(&rules, None);
    found.extend(failures.iter().map(Failure::diagnostic));
    assert_eq!((run, render(&found, &sources, Style::Plain)), (4 + 3, String::new()));
}
