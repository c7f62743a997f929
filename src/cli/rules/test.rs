//! `rules test`: runs the tests that stand in rule files, and asks whether they notice a change of the rules.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::exit::{Done, Exit, Failure};
use crate::cli::read::check;
use crate::cli::{Io, no_such_rule};
use crate::diag::{Code, Diagnostics, render, summary};
use crate::engine::{Plan, generated};
use crate::report::count;
use crate::rule::{Allows, Failure as Failed, fits, mutate, run_tests};

/// What `rules test` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct TestArgs {
    /// Folder or file with rules.
    path: PathBuf,
    /// Only the tests of this rule; `*` stands for anything.
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Change each rule in one place at a time and list the changes that none of its tests notices.
    #[arg(long)]
    mutate: bool,
}

pub(super) fn run(args: &TestArgs, io: &mut Io<'_>) -> Done {
    let checked = check(Some(&args.path))?;
    let style = io.out.style();
    if checked.found.has_errors() {
        let text = render(&checked.found, &checked.sources, io.err.style());
        io.say(&text);
        io.say("\n");
        let problems = summary(&checked.found);
        return Err(Failure::usage(format!("the rules have {problems}; no test was run")));
    }
    let Some(rules) = checked.rules else { return Err(Failure::usage("there is no rule set")) };
    let only = args.rule.as_deref();
    if let Some(id) = only.filter(|only| !rules.rules.iter().any(|rule| fits(only, &rule.id))) {
        return Err(no_such_rule(id, &rules));
    }
    let (tests, failures) = run_tests(&rules, only);
    let mut found: Diagnostics = failures.iter().map(Failed::diagnostic).collect();
    let mut last = vec![format!("{}, {} failed", counted(tests, "test"), found.errors())];
    if found.warnings() > 0 {
        last.push(format!("{} known to fail", found.warnings()));
    }
    let rules = Arc::new(rules);
    let generated = generated(&Plan::compile(Arc::clone(&rules)), only);
    found.extend(generated.problems);
    last.push(counted(generated.checks, "generated check"));
    if generated.exempt > 0 {
        last.push(format!("{} left out, where a rule asks whether there is a value or assumes it", generated.exempt));
    }
    let mut exit = if found.has_errors() { Exit::Found } else { Exit::Done };
    if args.mutate && !found.has_errors() {
        let mutation = mutate(&rules, &checked.sources, only);
        let mut allows = Allows::read(&checked.sources);
        let mut survivors = mutation.survivors;
        let allowed = allows.take(&mut survivors, &checked.sources).len();
        let left = survivors.iter().len();
        // Of the rules that were not looked at nothing is known.
        let judged: &[Code] = if only.is_none() { &[Code::MutantSurvives] } else { &[] };
        survivors.extend(allows.problems(judged));
        if !survivors.is_empty() {
            exit = Exit::Found;
        }
        found.extend(survivors);
        last.push(format!(
            "{}, {left} of them noticed by no test, {allowed} more allowed with a reason",
            counted(mutation.mutants, "change")
        ));
    }
    found.sort(&checked.sources);
    let text = render(&found, &checked.sources, style);
    let gap = if text.is_empty() { "" } else { "\n" };
    writeln!(io.out.to, "{text}{gap}{}", last.join("; "))?;
    Ok(exit)
}

fn counted(number: usize, word: &str) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX), word)
}
