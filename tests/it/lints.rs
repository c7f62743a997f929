//! Lints: each finds its own example and not the correction, fixes keep every verdict, the shipped rules are clean, and no
//! rule set takes long to look at.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use article3::cli::Exit;
use article3::diag::{Code, Diagnostics, Sources, Style, apply_fixes, render};
use article3::ingest::canonical;
use article3::record::Record;
use article3::rule::{Allows, Example, LINTS, RuleFiles, RuleSet, Sample, Subject, is_checked, lint};
use serde_json::{Value, json};

use crate::cli::Desk;

fn corpus() -> Vec<Record> {
    let record = json!({ "charges": [{ "law": "Penal Code s. 12" }] });
    vec![canonical::record(record.as_object().expect("an object")).0]
}

/// What lints find in a sound rule set, and its texts.
fn linted(files: &RuleFiles, corpus: &[Record]) -> (Diagnostics, Sources) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(files, &mut sources, &mut found).expect("a profile");
    assert!(!found.has_errors(), "{}", render(&found, &sources, Style::Plain));
    lint(&Subject { rules: &rules, sources: &sources, corpus }, &mut found);
    found.sort(&sources);
    (found, sources)
}

fn codes(files: &RuleFiles) -> Vec<Code> {
    linted(files, &corpus()).0.iter().map(|problem| problem.code).collect()
}

#[test]
fn every_example_of_a_code_shows_it_and_the_correction_does_not() {
    let mut examples = 0;
    for (code, example) in Code::ALL.iter().filter_map(|code| Some((*code, Example::of(*code)?))) {
        let shown = |sample: &Sample| checked(&sample.files()).contains(&code);
        assert!(shown(&example.bad), "{code} is not found");
        assert!(!shown(&example.good), "{code} is found");
        examples += 1;
    }
    assert!(examples > LINTS.len() + 50, "{examples} examples");
}

/// The codes that a check of a rule set, sound or not, reports.
fn checked(files: &RuleFiles) -> Vec<Code> {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(files, &mut sources, &mut found);
    if let Some(rules) = rules.filter(|_| !found.has_errors()) {
        lint(&Subject { rules: &rules, sources: &sources, corpus: &corpus() }, &mut found);
        let mut allows = Allows::read(&sources);
        allows.take(&mut found, &sources);
        found.extend(allows.problems(Code::ALL));
    }
    found.iter().map(|problem| problem.code).collect()
}

#[test]
fn every_code_of_a_lint_has_one_lint_in_the_order_of_the_codes() {
    let of_lints: Vec<Code> = LINTS.iter().map(|one| one.code).collect();
    let in_catalogue =
        |code: &Code| code.code().starts_with("A9") && !matches!(code, Code::BadAllow | Code::UnusedAllow);
    assert_eq!(of_lints, Code::ALL.iter().copied().filter(in_catalogue).collect::<Vec<_>>());
}

#[test]
fn the_shipped_rules_have_no_problem_that_their_authors_do_not_allow() {
    let (mut found, sources) = linted(&RuleFiles::shipped(), &[]);
    let mut allows = Allows::read(&sources);
    allows.take(&mut found, &sources);
    let judged: Vec<Code> = Code::ALL.iter().copied().filter(|code| is_checked(*code, &[])).collect();
    found.extend(allows.problems(&judged));
    assert!(found.is_empty(), "{}", render(&found, &sources, Style::Plain));
}

#[test]
fn what_is_fixed_is_not_found_again_and_nothing_else_changes() {
    for one in LINTS {
        let mut files = Example::of(one.code).expect("an example").bad.files();
        let (found, sources) = linted(&files, &corpus());
        let fixed = apply_fixes(&found, &sources);
        for text in &fixed {
            let name = sources.name(text.source).trim_start_matches("rules/").to_owned();
            assert!(text.text.len() < files.get(&name).expect("the file").len(), "{}", one.code);
            files.insert(name, text.text.clone());
        }
        let (found, sources) = linted(&files, &corpus());
        assert!(apply_fixes(&found, &sources).is_empty(), "{} is fixed twice", one.code);
        let fixable = matches!(one.code, Code::EntryContained);
        assert_eq!(fixable, !fixed.is_empty(), "{}", one.code);
    }
}

/// A rule set of one rule below the usual head.
fn rule(text: &str) -> RuleFiles {
    Sample { rules: text.to_owned(), list: None, header: None }.files()
}

fn has(text: &str, code: Code) -> bool {
    codes(&rule(text)).contains(&code)
}

#[test]
fn a_missing_value_is_part_of_the_truth_table() {
    let two = |condition: &str, a: &str, b: &str| {
        format!("[rule.detection]\ncondition = \"{condition}\"\n[rule.detection.a]\n{a}\n[rule.detection.b]\n{b}\n")
    };
    let (known, equal) = ("sex = { known = true }", "sex = \"female\"");
    // With the question whether there is a value, unknown becomes no: it is not idle.
    assert!(!has(&two("a and b", known, equal), Code::NoEffect));
    assert!(!has(&two("a or b", known, equal), Code::NoEffect));
    assert!(has(&two("a and b", known, "sex = { blank = false, known = true }"), Code::NoEffect));
    assert!(has(&two("a and b", "sex = { known = false }", equal), Code::NeverYes));
    assert!(has(&two("a and b", "sex = { blank = true }", equal), Code::NeverYes));
    // Of a silent record `b or not b` is unknown, so it is not idle; but nothing makes it fail.
    assert!(!has(&two("a and (b or not b)", "has_photo = true", equal), Code::NoEffect));
    assert!(has(&two("a or b or not b", "has_photo = true", equal), Code::NeverNo));
}

#[test]
fn clauses_on_one_field_know_each_other() {
    let and = |a: &str, b: &str| {
        format!("[rule.detection]\ncondition = \"a and b\"\n[rule.detection.a]\n{a}\n[rule.detection.b]\n{b}\n")
    };
    for (a, b) in [
        ("status = \"pending\"", "status = [\"refused\", \"deleted\"]"),
        ("status = \"pending\"", "status = { neq = \"pending\" }"),
        ("max_penalty_months = { lt = 12 }", "max_penalty_months = { gte = 24 }"),
        ("requested_at = { before = \"2020\" }", "requested_at = { after = \"2020-03\" }"),
        ("requesting_country = \"XA\"", "requesting_country = [\"XB\", \"XC\"]"),
        ("source = \"One\"", "source = \"two\""),
        ("charges = { count = { gte = 3 } }", "charges = { count = 1 }"),
        ("roles = \"lawyer\"", "roles = { is = [\"lawyer\", \"judge\"], quantifier = \"none\" }"),
        ("nationalities = { is = \"XA\", quantifier = \"all\" }", "nationalities = \"XB\""),
    ] {
        assert!(has(&and(a, b), Code::NeverYes), "{a} and {b}");
    }
    for (a, b) in [
        ("roles = \"lawyer\"", "roles = \"judge\""),
        ("status = \"pending\"", "document_status = \"stolen\""),
        ("facts_summary = { contains = \"weapon\" }", "facts_summary = { contains = \"firearm\" }"),
        ("requested_at = { gte = \"2020\" }", "requested_at = { lte = \"2020\" }"),
        ("charges = { count = { gte = 3 } }", "charges = { count = { lt = 5 } }"),
        ("roles = \"lawyer\"", "roles = { is = \"lawyer\", quantifier = \"all\" }"),
    ] {
        assert!(!has(&and(a, b), Code::NeverYes), "{a} and {b}");
    }
    assert!(has(&and("status = \"pending\"", "status = [\"pending\", \"refused\"]"), Code::NoEffect));
    assert!(has(&and("roles = \"lawyer\"", "roles = [\"lawyer\", \"judge\"]"), Code::NoEffect));
    assert!(has(&and("max_penalty_months = { gte = 24 }", "max_penalty_months = { gt = 12 }"), Code::NoEffect));
}

#[test]
fn an_entry_with_a_law_or_a_country_of_its_own_is_kept() {
    let list = |rows: &str| {
        let mut files = rule("[rule.detection.a]\nfacts_summary = { contains = { list = \"lexicon/a\" } }\n");
        let head = "entry,lang,script,mode,country,note,source,valid_from,valid_to";
        files.insert("lexicon/a.csv", format!("{head}\n{rows}"));
        codes(&files).contains(&Code::EntryContained)
    };
    assert!(list("call,en,Latn,stem,,,Law (invented),,\npublic call,en,Latn,stem,,,Law (invented),,\n"));
    assert!(list("call,en,Latn,stem,,,Law (invented),,\npublic call,en,Latn,stem,XA,,Law (invented),2001,\n"));
    assert!(!list("call,en,Latn,stem,,,Law (invented),,\npublic call,en,Latn,stem,,,Act (invented),,\n"));
    assert!(!list("call,en,Latn,stem,,,Law (invented),,\npublic call,fr,Latn,stem,,,Law (invented),,\n"));
    assert!(!list("call,en,Latn,stem,XA,,Law (invented),,\npublic call,en,Latn,stem,,,Law (invented),,\n"));
    assert!(!list("call,en,Latn,literal,,,Law (invented),,\npublic call,en,Latn,stem,,,Law (invented),,\n"));
    assert!(!list("call,en,Latn,stem,,,Law (invented),2001,\npublic call,en,Latn,stem,,,Law (invented),,\n"));
}

#[test]
fn a_longer_text_is_kept_where_it_can_decide() {
    let looked_for =
        |how: &str| has(&format!("[rule.detection.a]\n\"charges.law\" = {{ {how} }}\n"), Code::EntryContained);
    assert!(looked_for("contains = [\"penal\", \"Penal code\"]"));
    assert!(looked_for("contains = [\"penal\", \"penal code\"], word = true"));
    assert!(!looked_for("contains = [\"penal\", \"penalty\"], word = true"));
    // Of three that are the same after folding, one stays.
    let three = rule("[rule.detection.a]\n\"charges.law\" = { contains = [\"penal\", \"Penal\", \"pénal\"] }\n");
    assert_eq!(codes(&three).iter().filter(|code| **code == Code::EntryContained).count(), 2);
    assert!(!looked_for("contains = [\"penal\", \"penal code\"], all = true"));
    assert!(!looked_for("contains = [\"penal\", \"Penal code\"], cased = true"));
    assert!(!looked_for("startswith = [\"penal\", \"the penal code\"]"));
    assert!(!looked_for("near = { a = [\"penal\", \"penal code\"], b = \"article\", within = 2 }"));
}

/// Looks at a rule set and says how long it took, in this build, which is not a fast one.
fn time(files: &RuleFiles) -> Duration {
    let start = Instant::now();
    let (found, _) = linted(files, &[]);
    drop(found);
    start.elapsed()
}

#[test]
fn no_rule_set_takes_long() {
    let names: Vec<String> = (0..5_000).map(|at| format!("s{at}")).collect();
    let mut wide = format!("[rule.detection]\ncondition = \"{}\"\n", names.join(" or "));
    let mut counted = "[rule.detection]\ncondition = \"500 of s*\"\n".to_owned();
    for at in 0..5_000 {
        let _ = write!(wide, "[rule.detection.s{at}]\nmax_penalty_months = {at}\n");
        if at < 1_000 {
            let _ = write!(counted, "[rule.detection.s{at}]\nfacts_summary = {{ contains = \"word{at}\" }}\n");
        }
    }
    let mut long = rule("[rule.detection.a]\nfacts_summary = { contains = { list = \"lexicon/a\" } }\n");
    let rows: String = (0..10_000).map(|at| format!("a{at} b,en,Latn,stem,,,Law (invented),,\n")).collect();
    long.insert("lexicon/a.csv", format!("entry,lang,script,mode,country,note,source,valid_from,valid_to\n{rows}"));
    for (what, files) in [("wide", rule(&wide)), ("counted", rule(&counted)), ("long", long)] {
        let took = time(&files);
        assert!(took < Duration::from_secs(5), "{what} took {took:?}");
    }
}

const IDLE: &str = "\
[rule.detection.law]
\"charges.law\" = { contains = [
  \"firearm\", # the short one stays
  \"automatic firearm\",
] }
";

/// A folder with a rule set in which one text can be taken out.
fn idle() -> Desk {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("mine")).expect("a folder");
    desk.write("mine/a.toml", rule(IDLE).get("rules.toml").expect("the rule"));
    desk
}

#[test]
fn a_fix_says_what_it_did_and_keeps_comments_and_a_second_one_does_nothing() {
    let desk = idle();
    let before = desk.read("mine/a.toml");
    let (out, err) = desk.expect(Exit::Done, &["rules", "check", "mine", "--fix"]);
    assert_eq!(err, "mine/a.toml: took out `automatic firearm`, which `firearm` finds\n");
    assert!(!out.contains("A910"), "{out}");
    let after = desk.read("mine/a.toml");
    assert_eq!(after, before.replace("\n  \"automatic firearm\",", ""));
    assert_eq!(desk.expect(Exit::Done, &["rules", "check", "mine", "--fix"]), (out, String::new()));
    assert_eq!(desk.read("mine/a.toml"), after);
}

#[test]
fn warnings_fail_a_strict_check_alone_and_an_allowed_one_does_not() {
    let desk = idle();
    desk.expect(Exit::Done, &["rules", "check", "mine"]);
    let (out, _) = desk.expect(Exit::Found, &["rules", "check", "mine", "--strict"]);
    assert!(out.contains("warning[A910]") && out.contains("warning[A918]"), "{out}");
    let allowed = desk.read("mine/a.toml");
    let allowed = allowed.replace("firearm\",\n] }", "firearm\", # allow: A910 (as the law has it)\n] }");
    let allowed = allowed.replace("form.example\"", "form.example\" # allow: A918 (tested elsewhere)");
    desk.write("mine/a.toml", &allowed);
    let (out, _) = desk.expect(Exit::Done, &["rules", "check", "mine", "--strict"]);
    assert_eq!(out, "no problems: 1 file, 1 sound rule, 0 lists\n");
}

#[test]
fn programs_read_the_same_problems_as_people() {
    let desk = idle();
    let (lines, _) = desk.expect(Exit::Done, &["rules", "check", "mine", "--format", "json"]);
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let (log, _) = desk.expect(Exit::Done, &["rules", "check", "mine", "--format", "sarif"]);
    let log: Value = serde_json::from_str(&log).expect("JSON");
    let results = log["runs"][0]["results"].as_array().expect("results");
    let of_lines: Vec<(&Value, &Value)> = lines.iter().map(|line| (&line["code"], &line["line"])).collect();
    let region = |result: &'_ Value| result["locations"][0]["physicalLocation"]["region"]["startLine"].clone();
    let starts: Vec<Value> = results.iter().map(region).collect();
    let of_log: Vec<(&Value, &Value)> = results.iter().map(|result| &result["ruleId"]).zip(&starts).collect();
    assert_eq!((of_lines.len(), of_lines), (2, of_log));
    assert!(lines.iter().any(|line| line["fixable"] == true && line["code"] == "A910"));
}

#[test]
fn what_is_common_in_a_corpus_is_told_only_with_one() {
    let desk = Desk::new();
    std::fs::create_dir(desk.path("mine")).expect("a folder");
    let text = "[rule.detection.law]\n\"charges.law\" = { contains = \"penal\" }\n";
    desk.write("mine/a.toml", rule(text).get("rules.toml").expect("the rule"));
    let record = json!({ "record_id": "a", "kind": "red_notice", "charges": [{ "law": "Penal Code s. 12" }] });
    desk.write("corpus.ndjson", &format!("{record}\n"));
    let (out, _) = desk.expect(Exit::Done, &["rules", "check", "mine"]);
    assert!(!out.contains("A912"), "{out}");
    let (out, _) = desk.expect(Exit::Done, &["rules", "check", "mine", "--corpus", "corpus.ndjson"]);
    assert!(out.contains("warning[A912]: `penal` occurs in 1 of 1 records"), "{out}");
}

#[test]
fn every_code_is_explained_and_every_lint_with_an_example() {
    let desk = Desk::new();
    for one in LINTS {
        let (out, _) = desk.expect(Exit::Done, &["rules", "check", "--explain", one.code.code()]);
        assert!(out.starts_with(&format!("{}, warning: {}\n", one.code, one.code.title())), "{out}");
        assert!(out.contains("\nbefore:\n") && out.contains("\nafter:\n"), "{out}");
    }
    let (_, err) = desk.expect(Exit::Usage, &["rules", "check", "--explain", "A9O4"]);
    assert!(err.contains("there is no code `A9O4`"), "{err}");
}
