//! `rules test`: runs the tests that stand in rule files.

use std::path::PathBuf;

use clap::Args;

use crate::cli::exit::{Done, Exit, Failure};
use crate::cli::rulesets::{check, check_set};
use crate::cli::{Io, no_such_rule};
use crate::diag::{Diagnostics, render, summary};
use crate::report::count;
use crate::rule::{Failure as Failed, run_tests};

/// What `rules test` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct TestArgs {
    /// Folder or file with rules.
    path: PathBuf,
    /// The rule set of the folder. Left out, the one in ruleset.toml.
    #[arg(long, value_name = "NAME")]
    ruleset: Option<String>,
    /// Only the tests of this rule.
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
}

pub(super) fn run(args: &TestArgs, io: &mut Io<'_>) -> Done {
    let checked = match &args.ruleset {
        Some(name) => check_set(&args.path, name)?,
        None => check(Some(&args.path))?,
    };
    let style = io.out.style();
    if checked.found.has_errors() {
        let text = render(&checked.found, &checked.sources, io.err.style());
        io.say(&text);
        io.say("\n");
        let problems = summary(&checked.found);
        return Err(Failure::usage(format!("the rules have {problems}; no test was run")));
    }
    let Some(rules) = checked.rules else { return Err(Failure::usage("there is no rule set")) };
    if let Some(id) = args.rule.as_deref().filter(|id| rules.position(id).is_none()) {
        return Err(no_such_rule(id, &rules));
    }
    let (tests, failures) = run_tests(&rules, args.rule.as_deref());
    let mut found: Diagnostics = failures.iter().map(Failed::diagnostic).collect();
    found.sort(&checked.sources);
    let text = render(&found, &checked.sources, style);
    let gap = if text.is_empty() { "" } else { "\n" };
    let tests = count(u64::try_from(tests).unwrap_or(u64::MAX), "test");
    writeln!(io.out.to, "{text}{gap}{tests}, {} failed", failures.len())?;
    Ok(if failures.is_empty() { Exit::Done } else { Exit::Found })
}
