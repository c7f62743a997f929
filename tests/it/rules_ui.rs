//! What an author of rules reads when something is wrong. A case is `NAME.toml`, with a list in `NAME.csv` where it needs
//! one, or a folder `NAME` that is a whole rule set; `NAME.stderr` holds what is said of it, compared exactly.
//! `ARTICLE3_BLESS=1 cargo test` writes the goldens anew.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use article3::diag::{Code, Diagnostics, Severity, Sources, Style, render, summary};
use article3::engine::{Plan, generated};
use article3::ingest::canonical;
use article3::record::Record;
use article3::rule::{Allows, RuleFiles, RuleSet, Subject, lint, mutate, run_tests};

/// How the codes begin that are about profiles of sources, which have cases of their own.
const PROFILES: &str = "A8";

/// The header of a list beside a case.
const HEADER: &str = "NAME = { version = 1, licence = \"none\", maintainer = \"nobody\", as_of = \"2024\" }\n";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/rules_ui")
}

/// Every case by name, with its files.
fn cases() -> BTreeMap<String, RuleFiles> {
    let mut cases = BTreeMap::new();
    for entry in fs::read_dir(folder()).expect("the cases are there") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let text = |path: &Path| fs::read_to_string(path).expect("a file in UTF-8");
        let mut files = RuleFiles::default();
        if path.is_dir() {
            for (file, text) in RuleFiles::read(&path).expect("the files of a case").iter() {
                files.insert(file, text);
            }
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            files.insert(format!("{name}.toml"), text(&path));
            let list = path.with_extension("csv");
            if list.exists() {
                files.insert(format!("lexicon/{name}.csv"), text(&list));
                files.insert("lexicon/lists.toml", HEADER.replace("NAME", &name));
            }
        } else {
            continue;
        }
        cases.insert(name, files);
    }
    cases
}

/// How the codes begin that are lints. Cases of other codes are not looked at by lints: they are short.
const LINTS: &str = "a9";

/// The record that patterns are too common in.
fn corpus() -> Vec<Record> {
    let record = serde_json::json!({ "charges": [{ "law": "Penal Code s. 12" }] });
    vec![canonical::record(record.as_object().expect("an object")).0]
}

/// All that is said of a case: by the check, by its tests, and by a run; of a case that is about changed rules, what its
/// tests do not notice.
fn problems(name: &str, files: &RuleFiles) -> (Diagnostics, Sources) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(files, &mut sources, &mut found);
    if let Some(rules) = rules.filter(|_| !found.has_errors()) {
        if name.starts_with(LINTS) && !name.ends_with("of-a-change") {
            let corpus = if name.starts_with("a912") { corpus() } else { vec![] };
            lint(&Subject { rules: &rules, sources: &sources, corpus: &corpus }, &mut found);
            let mut allows = Allows::read(&sources);
            allows.take(&mut found, &sources);
            found.extend(allows.problems(Code::ALL));
        }
        found.extend(run_tests(&rules, None).1.iter().map(article3::rule::Failure::diagnostic));
        found.extend(rules.nothing_counts());
        if name.starts_with("a606") || name.ends_with("of-a-change") {
            let mut allows = Allows::read(&sources);
            found.extend(mutate(&rules, &sources, None).survivors);
            allows.take(&mut found, &sources);
            found.extend(allows.problems(&[Code::MutantSurvives]));
        }
        found.extend(generated(&Plan::compile(Arc::new(rules)), None).problems);
    }
    found.sort(&sources);
    (found, sources)
}

fn said(name: &str, files: &RuleFiles) -> String {
    let (found, sources) = problems(name, files);
    format!("{}\n{}\n", render(&found, &sources, Style::Plain), summary(&found))
}

#[test]
fn every_case_reads_as_its_golden_says() {
    let mut different = vec![];
    for (name, files) in cases() {
        let golden = folder().join(format!("{name}.stderr"));
        let said = said(&name, &files);
        if std::env::var_os("ARTICLE3_BLESS").is_some() {
            fs::write(&golden, &said).expect("the golden can be written");
        }
        let wanted = fs::read_to_string(&golden).unwrap_or_default();
        if said != wanted {
            different.push(format!("--- {name}: wanted\n{wanted}\n--- {name}: said\n{said}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn every_golden_has_its_case() {
    let cases = cases();
    for entry in fs::read_dir(folder()).expect("the cases are there") {
        let path = entry.expect("an entry").path();
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        assert!(cases.contains_key(&name), "{} belongs to no case", path.display());
    }
}

#[test]
fn every_code_of_the_catalogue_has_a_case_of_its_name() {
    let mut shown: BTreeMap<Code, BTreeSet<String>> = BTreeMap::new();
    for (name, files) in cases() {
        for problem in &problems(&name, &files).0 {
            shown.entry(problem.code).or_default().insert(name.clone());
        }
    }
    let named = |code: &Code| {
        let cases = shown.get(code).into_iter().flatten();
        cases.filter(|name| name.starts_with(&code.code().to_lowercase())).count()
    };
    let missing: Vec<String> = Code::ALL
        .iter()
        .filter(|code| !code.code().starts_with(PROFILES) && named(code) == 0)
        .map(|code| format!("{code} {}", code.title()))
        .collect();
    assert!(missing.is_empty(), "no golden shows: {missing:#?}");
}

#[test]
fn a_case_named_after_a_code_shows_that_code_alone() {
    for (name, files) in cases() {
        if Code::parse(name.split('-').next().unwrap_or_default()).is_none() {
            continue;
        }
        let codes: BTreeSet<String> =
            problems(&name, &files).0.iter().map(|problem| problem.code.code().to_lowercase()).collect();
        assert_eq!(codes.iter().map(String::as_str).collect::<Vec<_>>(), [&name[..4]], "{name}");
    }
}

#[test]
fn every_problem_has_a_place_or_a_remedy_and_every_error_a_remedy() {
    for (name, files) in cases() {
        for problem in &problems(&name, &files).0 {
            let (place, remedy) = (problem.span.is_some(), problem.help.is_some());
            assert!(place || problem.code == Code::NoActiveRule, "{name}: {problem:?}");
            assert!(remedy || problem.severity() == Severity::Warning, "{name}: no remedy: {}", problem.message);
        }
    }
}

#[test]
fn ten_mistakes_in_one_file_are_all_reported_in_one_run() {
    let cases = cases();
    let (found, sources) = problems("ten-mistakes", &cases["ten-mistakes"]);
    let codes: BTreeSet<Code> = found.iter().map(|problem| problem.code).collect();
    assert_eq!((found.errors(), codes.len()), (10, 10), "{}", render(&found, &sources, Style::Plain));
    assert!(found.iter().all(|problem| problem.span.is_some()));
}

#[test]
fn two_bad_rules_and_a_syntax_error_do_not_hide_each_other() {
    let cases = cases();
    let (found, _) = problems("syntax-error-between-two-bad-rules", &cases["syntax-error-between-two-bad-rules"]);
    let codes: Vec<Code> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [Code::UnknownField, Code::TomlSyntax, Code::UnknownOperator]);
}

#[test]
fn a_name_of_a_bad_rule_is_not_called_unknown() {
    let cases = cases();
    let (found, _) = problems("a-bad-rule-is-still-known", &cases["a-bad-rule-is-still-known"]);
    let codes: Vec<Code> = found.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [Code::MissingKey]);
}
