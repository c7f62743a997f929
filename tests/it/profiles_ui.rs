//! What an author of a source profile reads when something is wrong: `NAME.toml` and, compared exactly, `NAME.stderr`.
//! `ARTICLE3_BLESS=1 cargo test` writes the goldens anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use article3::diag::{Code, Diagnostics, Severity, Sources, Style, render, summary};
use article3::ingest::Profile;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/profiles_ui")
}

fn cases() -> Vec<PathBuf> {
    let entries = fs::read_dir(folder()).expect("the cases are there");
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    cases.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    cases.sort();
    cases
}

/// All that is wrong with a profile.
fn problems(path: &Path) -> (Diagnostics, Sources) {
    let text = fs::read_to_string(path).expect("a file in UTF-8");
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let source = sources.add(path.file_name().expect("a name").to_string_lossy(), text.as_str());
    let profile = Profile::parse(source, &text, &mut found);
    assert_eq!(profile.is_some(), !found.has_errors(), "{}", path.display());
    found.sort(&sources);
    (found, sources)
}

#[test]
fn every_case_reads_as_its_golden_says() {
    let mut different = vec![];
    for path in cases() {
        let (found, sources) = problems(&path);
        let said = format!("{}\n{}\n", render(&found, &sources, Style::Plain), summary(&found));
        let golden = path.with_extension("stderr");
        if std::env::var_os("ARTICLE3_BLESS").is_some() {
            fs::write(&golden, &said).expect("the golden can be written");
        }
        let wanted = fs::read_to_string(&golden).unwrap_or_default();
        if said != wanted {
            different.push(format!("--- {}: wanted\n{wanted}\n--- said\n{said}", path.display()));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn every_code_about_profiles_has_a_case_of_its_name_that_shows_it_alone() {
    let mut shown = BTreeSet::new();
    for path in cases() {
        let name = path.file_stem().expect("a name").to_string_lossy().to_uppercase();
        let codes: BTreeSet<Code> = problems(&path).0.iter().map(|problem| problem.code).collect();
        if let Some(code) = Code::parse(name.split('-').next().unwrap_or_default()) {
            assert_eq!(codes, [code].into(), "{name}");
            shown.insert(code);
        }
    }
    let all: BTreeSet<Code> = Code::ALL.iter().copied().filter(|code| code.code().starts_with("A8")).collect();
    assert!(all.is_subset(&shown), "{all:?}");
}

#[test]
fn every_problem_has_a_place_and_every_error_a_remedy() {
    for path in cases() {
        for problem in &problems(&path).0 {
            assert!(problem.span.is_some(), "{problem:?}");
            assert!(problem.help.is_some() || problem.severity() == Severity::Warning, "{problem:?}");
        }
    }
}
