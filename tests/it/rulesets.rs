//! Rule sets that build on others, stand side by side and are cut down for one run.

use std::collections::BTreeSet;

use article3::cli::Exit;
use article3::rule::{RuleFiles, RuleSet};
use serde_json::Value as Json;

use crate::cli::Desk;
use crate::given;

/// A rule set that lays something over `rules/`, in which `position.refused` weighs 1.35.
fn over(more: &str) -> String {
    format!("name = \"strict\"\nversion = \"2\"\nlanguage = \"notice-rules/1\"\n{more}\n")
}

const WEAKER: &str = "extends = [\"ruleset.toml\"]\n[profile.caps]\na = 1.0\n[[override]]\nid = \"position.refused\"\n\
    weight = \"weak\"\nreason = \"the courts there refuse often\"\n";

/// A folder with two rule sets: the one of every desk, and a strict one over it.
fn two() -> Desk {
    let desk = Desk::new();
    desk.write("rules/strict.ruleset.toml", &over(WEAKER));
    desk
}

const BOTH: [&str; 8] = ["scan", "notices.ndjson", "--rules", "rules", "--ruleset", "default", "--ruleset", "strict"];

fn both<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&BOTH[..], more].concat()
}

fn json(text: &str) -> Json {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn two_rule_sets_judge_one_reading_and_their_rows_can_be_told_apart() {
    let desk = two();
    let (out, err) = desk.expect(Exit::Done, &both(&["--format", "jsonl", "--all"]));
    let rows: Vec<Json> = out.lines().map(json).collect();
    let of = |set: &str| rows.iter().filter(|row| row["ruleset"] == set).collect::<Vec<_>>();
    let (first, second) = (of("default"), of("strict"));
    assert_eq!((rows.len(), first.len(), second.len()), (80, 40, 40));
    let bits = |row: &Json| row["targeting"]["score_bits"].as_f64();
    assert!(bits(first[0]) > bits(second[0]), "{} {}", first[0]["targeting"], second[0]["targeting"]);
    assert_eq!(err.matches("40 rows = 40 accepted").count(), 1, "the input is read once: {err}");
    assert!(err.contains("rule set   default") && err.contains("rule set   strict"), "{err}");
    assert!(err.contains("(strict 2, on article3 0.3.0)") && err.contains("of 1 rule"), "{err}");
}

#[test]
fn every_format_names_the_rule_set_of_a_row() {
    let desk = two();
    let (csv, _) = desk.expect(Exit::Done, &both(&["--format", "csv"]));
    let lines: Vec<&str> = csv.lines().collect();
    assert!(lines[0].ends_with(",line,suppressed,ruleset,links"), "{}", lines[0]);
    assert_eq!(csv.matches("record_id,").count(), 1, "one header");
    let sets: BTreeSet<&str> = lines[1..].iter().filter_map(|line| line.rsplit(',').nth(1)).collect();
    assert_eq!(sets, BTreeSet::from(["default", "strict"]));
    let (cards, _) = desk.expect(Exit::Done, &both(&["--cards", "1"]));
    assert!(cards.starts_with("By the rule set default\n"), "{cards}");
    assert!(cards.contains("\nBy the rule set strict\n"), "{cards}");
    let (one, _) = desk.expect(Exit::Done, &["scan", "notices.ndjson", "--rules", "rules", "--format", "jsonl"]);
    assert!(!one.contains("ruleset"), "a row of the only rule set does not name it");
}

#[test]
fn a_folder_holds_a_run_of_each_rule_set_and_all_are_verified_together() {
    let desk = two();
    desk.expect(Exit::Done, &both(&["--out", "out", "--threads", "2", "--chunk-rows", "7"]));
    let (strict, index) = (desk.read("out/strict/cases.jsonl"), desk.read("out/run.json"));
    assert!(strict.lines().all(|line| json(line)["ruleset"] == "strict"));
    assert_eq!(json(&desk.read("out/strict/run.json"))["options"]["ruleset"], "strict");
    desk.expect(Exit::Done, &["verify", "out"]);
    desk.expect(Exit::Done, &["verify", "out/strict"]);
    desk.expect(Exit::Done, &both(&["--out", "out", "--threads", "1", "--chunk-rows", "1"]));
    assert_eq!(desk.read("out/run.json"), index);
    desk.expect(Exit::Done, &["scan", "notices.ndjson", "--rules", "rules", "--ruleset", "strict", "--out", "alone"]);
    assert_eq!(desk.read("alone/cases.jsonl"), strict, "side by side is as alone");
    desk.write("out/strict/run.json", &desk.read("out/strict/run.json").replace("\"strict\"", "\"strict\" "));
    let (out, _) = desk.expect(Exit::Unverified, &["verify", "out"]);
    assert!(out.contains("strict/run.json` is not the one that was written"), "{out}");
    desk.expect(Exit::Done, &["scan", "notices.ndjson", "--rules", "rules", "--out", "out"]);
    assert!(!desk.path("out/strict/cases.jsonl").exists(), "nothing is left of the earlier run");
    desk.expect(Exit::Done, &["verify", "out"]);
}

#[test]
fn verify_names_the_number_and_the_override_that_changed() {
    let desk = two();
    desk.expect(Exit::Done, &both(&["--out", "out"]));
    let edited = |from: &str, to: &str| desk.write("rules/strict.ruleset.toml", &over(&WEAKER.replace(from, to)));
    let says = |line: &str| {
        let (out, _) = desk.expect(Exit::Unverified, &["verify", "out"]);
        assert!(out.lines().any(|said| said == line), "{out}");
    };
    edited("a = 1.0", "a = 1.5");
    says("strict: The profile's `caps.a` was 1.0 and is 1.5.");
    edited("weight = \"weak\"", "weight = 0.75");
    says("strict: The rule `position.refused` is different.");
    says(
        "strict: The override of `position.refused` was weight weak instead of 1.35 bits, by strict (the courts there refuse \
         often) and is weight 0.75 bits instead of 1.35 bits, by strict (the courts there refuse often).",
    );
    edited("", "");
    let base = desk.read("rules/ruleset.toml");
    desk.write("rules/ruleset.toml", &base.replace("version  = \"0.3.0\"", "version  = \"0.3.1\""));
    says("strict: The version of the base `article3` was 0.3.0 and is 0.3.1.");
    desk.write("rules/ruleset.toml", &base.replace("statuses = [\"stable\", \"test\"]", "statuses = [\"test\"]"));
    says("default: The profile's `statuses` was stable, test and is test.");
    desk.write("rules/ruleset.toml", &format!("# a remark\n{base}"));
    says("default: The rule files changed, but no rule's meaning, no list, no number and no override.");
}

#[test]
fn an_override_is_listed_shown_and_part_of_the_hash_of_its_rule() {
    let desk = two();
    let strict = ["--rules", "rules", "--ruleset", "strict"];
    let (out, _) = desk.expect(Exit::Done, &[&["rules", "list"], &strict[..]].concat());
    assert_eq!(out.matches("test (overridden)").count(), 1, "{out}");
    let (out, _) = desk.expect(Exit::Done, &[&["rules", "list", "--json"], &strict[..]].concat());
    let listed = json(&out);
    let rule = listed.as_array().expect("a list").iter().find(|rule| rule["id"] == "position.refused").expect("a rule");
    assert_eq!((&rule["bits"], &rule["overridden"][0]["by"]), (&Json::from(0.5), &Json::from("strict")));
    let (out, _) = desk.expect(Exit::Done, &[&["rules", "show", "position.refused"], &strict[..]].concat());
    assert!(
        out.contains("by strict: weight weak instead of 1.35 bits. Reason: the courts there refuse often"),
        "{out}"
    );
    desk.expect(Exit::Done, &both(&["--out", "out"]));
    let hash = |set: &str| {
        let run = json(&desk.read(&format!("out/{set}/run.json")));
        ["position.refused", "charge.expression"].map(|id| run["rule_set"]["rules"][id]["hash"].clone())
    };
    let ([was, same], [is, still]) = (hash("default"), hash("strict"));
    assert!(was != is && same == still);
}

#[test]
fn a_rule_that_is_turned_off_is_judged_and_counts_for_nothing() {
    let desk = Desk::new();
    let off = "extends = [\"ruleset.toml\"]\n[[override]]\nid = \"position.*\"\noff = true\nreason = \"not here\"\n";
    desk.write("rules/strict.ruleset.toml", &over(off));
    let (out, _) = desk.expect(Exit::Done, &both(&["--format", "jsonl", "--all"]));
    let found = |set: &str| {
        let row = out.lines().map(json).find(|row| row["ruleset"] == set).expect("a row");
        row["findings"].to_string().contains("position.refused")
    };
    assert!(found("default") && !found("strict"));
    let explain = ["explain", "notices.ndjson", "--rules", "rules", "--id", "n-000", "--rule", "position.refused"];
    let (out, _) = desk.expect(Exit::Done, &[&explain[..], &["--ruleset", "strict"]].concat());
    assert!(out.contains("yes") && out.contains("off"), "{out}");
}

#[test]
fn a_selection_on_the_command_line_is_recorded_and_repeated() {
    let desk = Desk::new();
    let active = |more: &[&str]| {
        let scan = ["scan", "notices.ndjson", "--rules", "rules", "--out", "out"];
        desk.expect(Exit::Done, &[&scan[..], more].concat());
        desk.expect(Exit::Done, &["verify", "out"]);
        let run = json(&desk.read("out/run.json"));
        (run["rule_set"]["active"].as_u64().unwrap_or_default(), run["options"].clone())
    };
    assert_eq!(active(&[]).0, 6);
    let (some, options) = active(&["--rule", "charge.*", "--rule", "position.refused"]);
    assert_eq!((some, &options["rule"]), (2, &serde_json::json!(["charge.*", "position.refused"])));
    let (some, options) = active(&["--skip", "f*"]);
    assert_eq!((some, &options["skip"]), (4, &serde_json::json!(["f*"])));
    let (some, options) = active(&["--status", "test,experimental"]);
    assert_eq!((some, &options["status"]), (6, &serde_json::json!(["test", "experimental"])));
    desk.write("out/run.json", &desk.read("out/run.json").replace("\"experimental\"", "\"stable\""));
    let (out, _) = desk.expect(Exit::Unverified, &["verify", "out"]);
    assert!(out.contains("The profile's `statuses` was test, experimental and is test, stable."), "{out}");
}

#[test]
fn a_selection_that_means_nothing_is_a_mistake_of_the_user() {
    let desk = two();
    let refused = |more: &[&str]| {
        let (out, err) = desk.expect(Exit::Usage, &[&["scan", "notices.ndjson", "--rules", "rules"], more].concat());
        assert_eq!(out, "");
        err
    };
    assert!(refused(&["--skip", "charge.expresion"]).contains("did you mean `charge.expression`?"));
    assert!(refused(&["--rule", "chrage.*"]).contains("no rule `chrage.*`; did you mean `charge.*`?"));
    assert!(refused(&["--status", "stabel"]).contains("stable"));
    assert!(refused(&["--ruleset", "strikt"]).contains("no rule set `strikt`; did you mean `strict`?"));
    assert!(refused(&["--ruleset", "national"]).contains("no rule set `national`; known: `default`, `strict`"));
    assert!(refused(&["--ruleset", "strict", "--ruleset", "strict"]).contains("named twice"));
    assert!(refused(&["--skip", "*"]).contains("every rule that could count is turned off or left out"));
    assert!(refused(&["--status", "deprecated"]).contains("no rule is active"));
    std::fs::rename(desk.path("rules/ruleset.toml"), desk.path("rules/wide.ruleset.toml")).expect("the file is there");
    desk.write("rules/strict.ruleset.toml", &over(&WEAKER.replace("ruleset.toml", "wide.ruleset.toml")));
    assert!(refused(&[]).contains("choose with `--ruleset`: `strict`, `wide`"));
    desk.expect(Exit::Done, &["scan", "notices.ndjson", "--rules", "rules", "--ruleset", "wide"]);
}

#[test]
fn every_rule_set_of_a_folder_is_checked_or_the_one_that_is_named() {
    let desk = two();
    let (out, _) = desk.expect(Exit::Done, &["rules", "check", "rules"]);
    assert_eq!(out.matches("A712").count(), 1, "what is wrong in two rule sets is said once: {out}");
    assert!(out.contains("warning[A914]"), "every rule set is looked at, and only the strict one has this cap: {out}");
    assert!(out.contains("; this is so in the rule set `strict`"), "{out}");
    desk.write("rules/broken.ruleset.toml", &over("extends = [\"nowhere\"]"));
    let (out, _) = desk.expect(Exit::Found, &["rules", "check", "rules"]);
    assert!(out.contains("error[A704]"), "{out}");
    assert_eq!(out.matches("; this is so in the rule set `broken`").count(), 1, "{out}");
    desk.expect(Exit::Done, &["rules", "check", "rules", "--ruleset", "strict"]);
    desk.expect(Exit::Done, &["rules", "check", "rules/strict.ruleset.toml"]);
    desk.expect(Exit::Done, &["rules", "test", "rules", "--ruleset", "strict"]);
    desk.expect(Exit::Usage, &["rules", "test", "rules", "--ruleset", "broken"]);
    desk.expect(Exit::Done, &["scan", "notices.ndjson", "--rules", "rules/strict.ruleset.toml", "--out", "out"]);
    assert_eq!(json(&desk.read("out/run.json"))["rule_set"]["name"], "strict");
}

#[test]
fn the_pack_inside_the_program_can_be_extended() {
    let desk = Desk::new();
    std::fs::create_dir_all(desk.path("own")).expect("a folder");
    desk.write("own/ruleset.toml", &over("extends = [\"shipped\"]"));
    desk.write("own/own.toml", &desk.read("rules/rules.toml").replace("lexicon/expression", "lexicon/speech-acts"));
    let (out, _) = desk.expect(Exit::Found, &["rules", "check", "own"]);
    assert!(out.contains("error[A707]") && out.contains(" (shipped):"), "{out}");
    let (shipped, _) = desk.expect(Exit::Done, &["rules", "list"]);
    let twice: Vec<&str> =
        out.lines().filter_map(|line| line.trim_start().strip_prefix("= note: in rule `")?.strip_suffix('`')).collect();
    assert!(!twice.is_empty(), "{out}");
    let replaced = twice.iter().map(|id| format!("[[override]]\nid = \"{id}\"\noff = true\nreason = \"my own\"\n"));
    desk.write("own/ruleset.toml", &over(&format!("extends = [\"shipped\"]\n{}", replaced.collect::<String>())));
    let (out, _) = desk.expect(Exit::Done, &["rules", "list", "--rules", "own"]);
    assert_eq!(out.lines().count(), shipped.lines().count() + 6 - twice.len());
    let (out, _) = desk.expect(Exit::Done, &["rules", "show", twice[0], "--rules", "own"]);
    assert!(out.contains("by strict: replaces the rule of this id in the base. Reason: my own"), "{out}");
}

/// The rules that a folder on disk gives, without a mistake.
fn sound(desk: &Desk, folder: &str) -> RuleSet {
    given::sound(&RuleFiles::read(&desk.path(folder)).expect("the rules can be read")).0
}

#[test]
fn a_base_beside_the_folder_gives_its_rules_lists_and_numbers_and_single_keys_are_given_anew() {
    let desk = Desk::new();
    for folder in ["law/own", "law/more"] {
        std::fs::create_dir_all(desk.path(folder)).expect("a folder");
    }
    desk.write(
        "law/more/ruleset.toml",
        &over("extends = [\"../../rules\"]\nstatuses = [\"stable\"]\n[profile.bands]\nreview = 2.5"),
    );
    desk.write("law/own/ruleset.toml", &over("extends = [\"../more\", \"../../rules\"]\n[profile.flag]\nfactors = 3"));
    let (base, own) = (sound(&desk, "rules"), sound(&desk, "law/own"));
    assert_eq!(own.rules.len(), base.rules.len(), "a base that is named twice is read once");
    assert!(own.list_hashes.contains_key("lexicon/expression"));
    let bases: Vec<&str> = own.bases.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(bases, ["article3", "strict"]);
    let (was, is) = (&base.profile, &own.profile);
    assert_eq!((is.flag_factors, is.flag_at, &is.flag_one_of), (3, was.flag_at, &was.flag_one_of));
    assert_eq!(is.bands, [was.bands[0], 2500, was.bands[2]]);
    assert_eq!((&is.caps, &is.strengths), (&was.caps, &was.strengths));
    assert_eq!(is.statuses.len(), 1, "the statuses are those of the last that names any");
    assert_eq!(
        own.nothing_counts().and_then(|problem| problem.help),
        Some("by `statuses` only rules of status stable count".to_owned())
    );
}

#[test]
fn the_rule_set_of_the_reference_is_sound() {
    let reference = include_str!("../../rules/README.md");
    let mut blocks = reference.split("```toml\n").skip(1).filter_map(|block| block.split("```").next());
    let example = blocks.find(|block| block.contains("[[override]]")).expect("an example");
    let mut files = RuleFiles::default();
    files.insert("ruleset.toml", example);
    let (rules, _) = given::flawless(&files);
    let overridden = rules.rules.iter().filter(|rule| !rule.overridden.is_empty()).count();
    assert!(overridden > 2, "{overridden}");
}
