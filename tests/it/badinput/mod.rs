//! Bad input: whatever a file holds, the program ends in one of the ways it documents, says what is wrong and where, accounts
//! for every row, and stays within 10 seconds and 512 MiB.
//!
//! The cases of [`own`] are made here and always run. The others come from public corpora of hostile files, which are not part
//! of this repository: they run where a folder `../shared/badinput` is beside it. How many cases of each suite ran and held is
//! printed. To add a case, add a few lines to a file of [`own`].

mod case;
mod hazards;
mod json;
mod make;
mod other;
mod own;
mod run;
mod strings;
mod tables;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use case::Case;

use crate::wire::write_rules;

/// How many cases of a suite ran, and how many held.
#[derive(Default)]
struct Tally {
    cases: usize,
    held: usize,
}

#[test]
fn whatever_a_file_holds_the_program_ends_as_documented_and_accounts_for_it() {
    let mut cases = own::cases();
    match corpora() {
        Some(folder) => cases.extend(
            [json::cases(&folder), tables::cases(&folder), other::cases(&folder), strings::cases(&folder)]
                .into_iter()
                .chain([hazards::cases(&folder)])
                .flatten(),
        ),
        None => say("badinput: there is no folder ../shared/badinput; only our own cases run"),
    }
    let (tallies, failures) = run_all(&cases);
    for (suite, Tally { cases, held }) in &tallies {
        say(&format!("badinput: {suite} {cases} cases, {held} held"));
    }
    assert!(failures.is_empty(), "{} runs do not hold\n{}", failures.len(), failures.join("\n"));
}

fn corpora() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/badinput");
    folder.canonicalize().ok().filter(|folder| folder.is_dir())
}

/// Runs the cases on every core.
fn run_all(cases: &[Case]) -> (BTreeMap<&'static str, Tally>, Vec<String>) {
    let desk = tempfile::tempdir().expect("a folder");
    let rules = desk.path().join("rules");
    write_rules(&rules);
    let (next, done) = (AtomicUsize::new(0), Mutex::new((BTreeMap::<_, Tally>::new(), vec![])));
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let failure = failure(case, &rules);
                    let mut done = done.lock().expect("no worker fails");
                    let tally = done.0.entry(case.suite).or_default();
                    tally.cases += case.covers;
                    tally.held += if failure.is_none() { case.covers } else { 0 };
                    done.1.extend(failure);
                }
            });
        }
    });
    let (tallies, mut failures) = done.into_inner().expect("no worker fails");
    failures.sort();
    (tallies, failures)
}

fn failure(case: &Case, rules: &Path) -> Option<String> {
    let folder = tempfile::tempdir().expect("a folder");
    let arguments = case.prepare(folder.path(), rules).expect("the files of a case can be written");
    let seen = run::run(folder.path(), &arguments).expect("the program can be run");
    let wrong = case.judge(&seen);
    (!wrong.is_empty()).then(|| case.report(&seen, &wrong))
}

/// Says something in the log of the tests, also where they pass and their output is not shown.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{text}");
}

/// Every file below a folder, in order. Texts about the corpus are none of its cases.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut entries: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for path in entries {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(files(&path));
        } else if !name.starts_with('.') && !["README", "LICENSE"].iter().any(|start| name.starts_with(start)) {
            found.push(path);
        }
    }
    found
}

/// The name of a file, for reports.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
