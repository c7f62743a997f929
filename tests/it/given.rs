//! What tests begin with: rule sets in which nothing is wrong, records as they are read, and what is made of them.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use article3::diag::{Diagnostics, Sources, Style, render};
use article3::engine::{Assessment, Company, Keep, Plan, ScanOptions, Scanner, Verdicts, assess};
use article3::explain::{Case, case};
use article3::ingest::{ReadOptions, read_from};
use article3::report::CaseWriter;
use article3::rule::{Judgement, RuleFiles, RuleSet};
use article3::table::NoticeTable;

/// A rule set of which the check says nothing, and its texts.
pub(crate) fn flawless(files: &RuleFiles) -> (RuleSet, Sources) {
    checked(files, Diagnostics::is_empty)
}

/// A rule set without a mistake, and its texts. It may have warnings.
pub(crate) fn sound(files: &RuleFiles) -> (RuleSet, Sources) {
    checked(files, |found| !found.has_errors())
}

fn checked(files: &RuleFiles, fits: fn(&Diagnostics) -> bool) -> (RuleSet, Sources) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(files, &mut sources, &mut found);
    found.sort(&sources);
    assert!(fits(&found), "{}", render(&found, &sources, Style::Plain));
    (rules.expect("a profile"), sources)
}

/// The rule set inside the program.
pub(crate) fn shipped() -> RuleSet {
    flawless(&RuleFiles::shipped()).0
}

/// Rules of one's own, with the numbers and the linkage of the rule set inside the program.
pub(crate) fn own(rules: &str) -> RuleFiles {
    let shipped = RuleFiles::shipped();
    let mut files = RuleFiles::default();
    for name in ["ruleset.toml", "persons/standard.toml"] {
        files.insert(name, shipped.get(name).expect("a shipped file"));
    }
    files.insert("rules.toml", rules);
    files
}

/// Writes the files of a rule set to a folder.
pub(crate) fn write(files: &RuleFiles, folder: &Path) {
    for (name, text) in files.iter() {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// The file that records are read from.
pub(crate) const FILE: &str = "notices.jsonl";

/// Records from lines of JSON, as the program reads them.
pub(crate) fn tables(lines: &str) -> Vec<NoticeTable> {
    let input = Box::new(Cursor::new(lines.as_bytes().to_vec()));
    let reader = read_from(FILE, input, &ReadOptions::default()).expect("the records can be read");
    reader.map(|chunk| chunk.expect("the records can be read").table).collect()
}

/// The case of each record, judged among all of them.
pub(crate) fn cases(rules: RuleSet, lines: &str) -> Vec<Case> {
    let plan = Plan::compile(Arc::new(rules));
    let tables = tables(lines);
    let company = plan.rules().across().next().is_some().then(|| Company::of(plan.rules(), &tables));
    let company = company.transpose().expect("the records can be compared").map(Arc::new);
    let mut scanner = Scanner::new(&plan, ScanOptions { keep: Keep::All }).beside(company);
    scanner.add(0, tables).expect("the records can be judged");
    let told = scanner.finish().chunks.into_iter().flat_map(|chunk| {
        let of_row = |(row, judged)| {
            let origin = chunk.table.origin(row).expect("a row");
            case(&chunk.table.record(row), judged, plan.rules(), FILE, origin)
        };
        chunk.judged.iter().enumerate().map(of_row).collect::<Vec<_>>()
    });
    told.collect()
}

/// Writes one case.
pub(crate) fn write_case(case: &Case, mut writer: impl CaseWriter) {
    writer.begin().expect("memory can be written");
    writer.case(case).expect("memory can be written");
    writer.finish().expect("memory can be written");
}

/// Score and outcome of a record that was judged.
pub(crate) fn assessed(rules: &RuleSet, judged: &Judgement<'_>) -> Assessment {
    let open = (0..rules.rules.len()).map(|at| judged.is_open(at)).collect();
    assess(rules, &Verdicts { verdicts: judged.verdicts.clone(), open })
}
