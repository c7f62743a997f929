//! A rule author's mistakes, and a hostile author's tricks, end as diagnostics: never as a panic, never as a run without end,
//! never as a rule that means something else in silence.

use std::fmt::Write as _;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use article3::diag::{Code, Diagnostics, Sources, Style, render};
use article3::engine::{Plan, evaluate};
use article3::ingest::canonical;
use article3::rule::{RuleFiles, RuleSet, judge, run_tests};
use article3::table::{Origin, TableBuilder};
use serde_json::json;

use crate::badinput::say;

/// The longest that one set of files may keep its author waiting.
const PATIENCE: Duration = Duration::from_secs(1);

/// Seconds this thread has computed, where the system tells; other work on the machine does not count.
fn clock() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    let counted = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = counted.and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanos.map_or_else(|| START.get_or_init(Instant::now).elapsed(), Duration::from_nanos)
}

/// Checks files, and runs what is sound over a record. Returns what was said.
fn survive(what: &str, files: &RuleFiles) -> Diagnostics {
    let began = clock();
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let lived = catch_unwind(AssertUnwindSafe(|| {
        let rules = RuleSet::check(files, &mut sources, &mut found);
        found.sort(&sources);
        let shown = render(&found, &sources, Style::Plain);
        assert_eq!(shown.is_empty(), found.is_empty());
        if let Some(rules) = rules.filter(|_| !found.has_errors()) {
            run(rules);
        }
    }));
    assert!(lived.is_ok(), "{what}: the check did not survive");
    let took = clock().saturating_sub(began);
    assert!(took < PATIENCE, "{what}: took {took:?}");
    found
}

fn run(rules: RuleSet) {
    drop(run_tests(&rules, None));
    let plan = Plan::compile(Arc::new(rules));
    let object = json!({
        "record_id": "n-1", "kind": "diffusion", "requesting_country": "XA", "requested_at": "2020-02-28",
        "charges": [{ "text": "Public calls for change, aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!" }],
        "facts_summary": "He spoke at a rally.", "nationalities": ["XB", "XC"],
    });
    let record = canonical::record(object.as_object().expect("an object")).0;
    let mut table = TableBuilder::default();
    table.push(&record, Origin::default());
    let table = table.finish().expect("a table");
    let found = evaluate(&plan, &table.columns());
    let judged = judge(plan.rules(), &record);
    for at in 0..plan.rules().rules.len() {
        assert_eq!(judged.verdicts[at], found.verdict(at, 0), "{}", plan.rules().rules[at].id);
    }
}

/// Choices that are the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("fits") % sides.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

/// Everything that a file of the language is made of, and some that it is not.
const PIECES: &[&str] = &[
    "contains",
    "near",
    "re",
    "words",
    "before",
    "after",
    "within",
    "known",
    "blank",
    "match",
    "count",
    "quantifier",
    "is",
    "neq",
    "gte",
    "lt",
    "field",
    "assume",
    "list",
    "all",
    "word",
    "cased",
    "flags",
    "condition",
    "not",
    "and",
    "or",
    "1 of *",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "=",
    ",",
    "\"",
    "'",
    "\"\"\"",
    "#",
    ".",
    "\n",
    "\\",
    "\\u0000",
    "\u{feff}",
    "\u{202e}",
    "0",
    "-1",
    "9223372036854775807",
    "1e999",
    "nan",
    "true",
    "1979-05-27T07:32:00Z",
    "\"180d\"",
    "\"2020-13-45\"",
    "\"XA\"",
    "\"facts_summary\"",
    "\"charges.text\"",
    "\"charges\"",
    "[[rule]]",
    "[rule.scope]",
    "[rule.detection]",
    "[[rule.test]]",
    "{ field = \"requested_at\" }",
    "{ list = \"lexicon/none\" }",
    "[]",
    "{}",
    "\"\"",
    "\"(\"",
    "'(?=a)'",
    "'a{99999}'",
    "é",
];

/// One mistake, as hands and editors make them.
fn spoil(text: &str, dice: &mut Dice) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return dice.pick(PIECES).to_owned();
    }
    let line = dice.roll(lines.len());
    let other = dice.roll(lines.len());
    match dice.roll(12) {
        0 => drop(lines.remove(line)),
        1 => lines.swap(line, other),
        2 => lines.insert(other, lines[line].clone()),
        3 => lines.truncate(line),
        4 => lines.insert(line, dice.pick(PIECES).to_owned()),
        5 => lines[line] = lines[line].replacen('"', "", 1),
        6 => lines[line] = lines[line].replacen('=', dice.pick(&["", ":", "==", "= =", "= ["]), 1),
        kind => {
            let words: Vec<&str> = lines[line].split_inclusive([' ', '"', ',', '.']).collect();
            let at = dice.roll(words.len());
            let word = words.get(at).copied().unwrap_or_default();
            let changed = match kind {
                7 => String::new(),
                8 => dice.pick(PIECES).to_owned(),
                9 => word.chars().rev().collect(),
                10 => word.repeat(2),
                _ => word.char_indices().filter(|(at, _)| *at != 1).map(|(_, c)| c).collect(),
            };
            lines[line] = words.iter().enumerate().map(|(n, old)| if n == at { &changed } else { *old }).collect();
        }
    }
    lines.join("\n")
}

/// Small sets to spoil, each of them sound: a file of the language's own description with its lists, its tables and its ways
/// to compare names, and the shipped numbers.
fn sound_sets() -> Vec<(String, RuleFiles)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/language");
    let all = RuleFiles::read(&folder).expect("the rule files");
    let (lists, rules): (Vec<_>, Vec<_>) = all.iter().partition(|(name, _)| name.contains('/'));
    let numbers = RuleFiles::shipped().get("ruleset.toml").expect("the shipped numbers").to_owned();
    let set = |(name, text): (&str, &str)| {
        let mut files = RuleFiles::default();
        files.insert(name, text);
        files.insert("ruleset.toml", numbers.as_str());
        lists.iter().for_each(|(name, text)| files.insert(*name, *text));
        (name.to_owned(), files)
    };
    rules.into_iter().map(set).collect()
}

#[test]
fn hundreds_of_spoilt_rule_files_end_as_diagnostics_or_as_rules() {
    let sets = sound_sets();
    for (name, files) in &sets {
        let found = survive(name, files);
        assert!(!found.has_errors(), "{name}: {:?}", found.iter().map(|problem| &problem.message).collect::<Vec<_>>());
    }
    let mut dice = Dice(3);
    let (mut spoilt, mut refused) = (0, 0);
    while spoilt < 600 {
        let (name, mut files) = sets[dice.roll(sets.len())].clone();
        // Mostly the rules, at times the numbers or a list.
        let target = match dice.roll(8) {
            0 => "ruleset.toml".to_owned(),
            1 | 2 => {
                let beside: Vec<&str> = files.iter().map(|(name, _)| name).filter(|name| name.contains('/')).collect();
                dice.pick(&beside).to_owned()
            }
            _ => name.clone(),
        };
        let mut text = files.get(&target).expect("a file").to_owned();
        for _ in 0..=dice.roll(3) {
            text = spoil(&text, &mut dice);
        }
        files.insert(target.as_str(), text);
        let found = survive(&format!("number {spoilt}, {name}, {target} spoilt"), &files);
        spoilt += 1;
        refused += usize::from(found.has_errors());
    }
    // Some changes are none: two lines swapped, a test or a comment less.
    assert!(refused * 3 > spoilt, "only {refused} of {spoilt} spoilt files were noticed");
}

fn rule(detection: &str) -> String {
    format!(
        "[[rule]]\nid = \"x\"\nrevision = 1\ntitle = \"x\"\nstatus = \"test\"\nkind = \"concept\"\nbasis = [{{ cite = \"x\" }}]\n{detection}\n"
    )
}

fn alone(text: impl Into<String>) -> RuleFiles {
    let mut files = RuleFiles::default();
    files.insert("x.toml", text);
    files
}

#[test]
fn patterns_of_adversarial_size_end_as_diagnostics_in_a_second() {
    let on_text = |operator: &str| rule(&format!("detection.a.facts_summary = {{ {operator} }}"));
    let mut said = String::new();
    for (name, operator, refused) in [
        ("counted twice", "re = '(a{1000}){1000}'".to_owned(), true),
        ("counted three times", "re = '((a{100}){100}){100}'".to_owned(), true),
        ("letters of every script counted", "re = '\\pL{5000}'".to_owned(), true),
        ("nested groups", format!("re = '{}a{}'", "(".repeat(50_000), ")".repeat(50_000)), true),
        ("nested classes", format!("re = '{}a{}'", "[".repeat(20_000), "]".repeat(20_000)), true),
        ("many alternatives", format!("re = '{}'", "word|".repeat(60_000) + "end"), false),
        ("a long literal", format!("re = '{}'", "a".repeat(2_000_000)), true),
        ("many stars", format!("re = '{}'", "a*".repeat(200_000)), true),
        ("a backtracker's end", "re = '^(a+)+$'".to_owned(), false),
        ("look-around", "re = '(?=a)b'".to_owned(), true),
        ("back-references", "re = '(a)\\1'".to_owned(), true),
        ("flags beyond number", format!("re = 'a', flags = '{}'", "i".repeat(100_000)), false),
        ("a phrase of a million letters", format!("contains = \"{}\"", "ab".repeat(500_000)), false),
        (
            "many phrases",
            format!(
                "contains = [{}]",
                (0..5_000).fold(String::new(), |mut all, n| {
                    let _ = write!(all, "\"phrase {n}\", ");
                    all
                })
            ),
            false,
        ),
        ("the same phrase", format!("contains = [{}]", "\"a\", ".repeat(20_000)), false),
        ("words within for ever", "near = { a = 'a', b = 'a', within = 9223372036854775807 }".to_owned(), false),
        ("words below zero", "words = { lt = -9223372036854775808 }".to_owned(), false),
        ("deep tables", format!("contains = {}1{}", "{ a = ".repeat(5_000), " }".repeat(5_000)), true),
        ("deep lists", format!("contains = {}{}", "[".repeat(20_000), "]".repeat(20_000)), true),
    ] {
        let found = survive(name, &alone(on_text(&operator)));
        let _ = writeln!(said, "{name}: {:?}", found.iter().map(|problem| problem.code).collect::<Vec<_>>());
        assert!(found.has_errors() || !refused, "{name} was let through\n{said}");
    }
}

#[test]
fn conditions_and_names_of_adversarial_size_end_as_diagnostics_in_a_second() {
    let with = |condition: &str| {
        rule(&format!("[rule.detection]\ncondition = \"{condition}\"\na.is_public = true\nb.has_photo = true"))
    };
    for (name, text, refused) in [
        ("many brackets", with(&"(".repeat(200_000)), true),
        ("many nots", with(&"not ".repeat(200_000)), true),
        ("many parts", with(&("a and b or ".repeat(5_000) + "a")), false),
        ("many members", with(&format!("1 of [{}]", "a, b, ".repeat(5_000))), false),
        ("stars", with(&format!("1 of {}", "*a".repeat(50_000))), true),
        ("a count beyond number", with("99999999999999999999 of *"), true),
        ("a long name", with(&"a".repeat(1_000_000)), true),
        (
            "a long id",
            rule("detection.a.is_public = true").replace("\"x\"", &format!("\"{}\"", "x".repeat(1_000_000))),
            false,
        ),
        ("a deep key", format!("{}a = 1", "a.".repeat(20_000)), true),
        ("a deep header", format!("[{}a]", "a.".repeat(20_000)), true),
        (
            "many keys",
            (0..10_000).fold(String::new(), |mut all, n| {
                let _ = writeln!(all, "k{n} = {n}");
                all
            }),
            true,
        ),
        ("many rules", rule("detection.a.is_public = true").repeat(300), true),
        ("no end of line", "a".repeat(1_000_000), true),
        ("quotes", "\"".repeat(200_000), true),
        ("marks without width", "\u{200b}\u{202e}".repeat(50_000), true),
        ("nothing but NUL", "\0".repeat(100_000), true),
    ] {
        let found = survive(name, &alone(text));
        assert!(found.has_errors() || !refused, "{name} was let through");
    }
}

/// So many rules, each of which builds on the next.
fn chain(rules: usize, last: &str) -> String {
    let one = |n: usize| {
        let condition = format!("[rule.composite]\ncondition = \"r{}\"", n + 1);
        rule(&condition).replace("id = \"x\"", &format!("id = \"r{n}\""))
    };
    (1..rules).map(one).collect::<String>() + &rule(last).replace("id = \"x\"", &format!("id = \"r{rules}\""))
}

#[test]
fn a_long_chain_of_rules_is_read_and_a_long_circle_is_found() {
    let found = survive("a chain", &alone(chain(500, "detection.a.is_public = true")));
    assert!(found.is_empty());
    let found = survive("a circle", &alone(chain(500, "composite.condition = \"r1\"")));
    assert_eq!(found.iter().map(|problem| problem.code).collect::<Vec<_>>(), [Code::RuleCycle]);
}

#[test]
fn lists_of_adversarial_size_end_as_diagnostics_in_a_second() {
    const HEAD: &str = "entry,lang,script,mode,country,note,source,valid_from,valid_to\n";
    let row = |entry: &str, mode: &str| format!("{entry},en,Latn,{mode},,,test,,\n");
    let uses = rule("detection.a.facts_summary = { contains = { list = \"lexicon/x\" } }");
    for (name, rows) in [
        ("many entries", (0..10_000).map(|n| row(&format!("entry {n}"), "stem")).collect::<String>()),
        ("one entry many times", row("entry", "literal").repeat(5_000)),
        ("a long entry", row(&"long ".repeat(100_000), "literal")),
        ("a long line without an end", "a".repeat(1_000_000)),
        ("a quote that is not closed", format!("\"{}", row("entry", "literal").repeat(10_000))),
        ("large expressions", row("(a{500}){500}", "regex").repeat(50)),
        ("commas", ",".repeat(1_000_000)),
        ("marks without width", row(&"\u{200b}".repeat(100_000), "literal")),
    ] {
        let mut files = alone(uses.as_str());
        files.insert("lexicon/x.csv", format!("{HEAD}{rows}"));
        survive(name, &files);
    }
}

/// The collection of TOML files that toml-test keeps, where it is at hand: what is TOML 1.1 is read, the rest is refused.
#[test]
fn what_is_no_toml_is_said_to_be_none_and_what_is_toml_is_read() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/badinput/toml-test/tests");
    let Ok(names) = fs::read_to_string(root.join("files-toml-1.1.0")) else {
        say("hostile_rules: there is no folder ../shared/badinput; the files of toml-test do not run");
        return;
    };
    let (mut read, mut wrong) = ([0, 0], vec![]);
    for name in names.lines().filter(|name| name.ends_with(".toml")) {
        let valid = name.starts_with("valid/");
        let path = root.join(name);
        let files = RuleFiles::read(&path).expect("a file");
        let found = survive(name, &files);
        let syntax = found.iter().any(|problem| matches!(problem.code, Code::TomlSyntax | Code::NotUtf8));
        if syntax == valid {
            wrong.push((name, found.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()));
        }
        assert!(!found.is_empty(), "{name} is taken for a rule file");
        read[usize::from(valid)] += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(read[0] > 300 && read[1] > 150, "{read:?}");
}
