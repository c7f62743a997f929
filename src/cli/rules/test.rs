//! `rules test`: runs the tests that stand in rule files, and asks whether they notice a change of the rules.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;

use crate::cli::exit::{Done, Exit};
use crate::cli::rulesets::check;
use crate::cli::{Io, no_such_rule};
use crate::diag::{Code, Diagnostics, Sources, render};
use crate::engine::{Plan, generated};
use crate::report::count;
use crate::rule::{Allows, Failure as Failed, Mutation, RuleSet, fits, mutate, run_tests};

/// What `rules test` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct TestArgs {
    /// Folder or file with rules.
    path: PathBuf,
    /// The rule set of the folder. Left out, the one in ruleset.toml.
    #[arg(long, value_name = "NAME")]
    ruleset: Option<String>,
    /// Only the tests of this rule; `*` stands for anything.
    #[arg(long, value_name = "ID")]
    rule: Option<String>,
    /// Change each rule in one place at a time and list the changes that none of its tests notices.
    #[arg(long)]
    mutate: bool,
}

pub(super) fn run(args: &TestArgs, io: &mut Io<'_>) -> Done {
    let mut checked = check(Some(&args.path), args.ruleset.as_deref())?;
    let style = io.out.style();
    let rules = checked.sound("no test was run", io)?;
    let only = args.rule.as_deref();
    if let Some(id) = only.filter(|only| !rules.rules.iter().any(|rule| fits(only, &rule.id))) {
        return Err(no_such_rule(id, &rules));
    }
    let mut said = Said::default();
    let sound = said.tests(&Arc::new(rules), &checked.sources, args);
    said.found.sort(&checked.sources);
    let text = render(&said.found, &checked.sources, style);
    let gap = if text.is_empty() { "" } else { "\n" };
    writeln!(io.out.to, "{text}{gap}{}", said.last.join("; "))?;
    Ok(if sound { Exit::Done } else { Exit::Found })
}

/// What is said of the tests: problems, and the parts of the last line.
#[derive(Default)]
struct Said {
    found: Diagnostics,
    last: Vec<String>,
}

impl Said {
    /// Runs what was asked for. Returns whether all is well; changed rules are tried only where all tests pass.
    fn tests(&mut self, rules: &Arc<RuleSet>, sources: &Sources, args: &TestArgs) -> bool {
        let only = args.rule.as_deref();
        let (tests, failures) = run_tests(rules, only);
        self.found.extend(failures.iter().map(Failed::diagnostic));
        self.last.push(format!("{}, {} failed", counted(tests, "test"), self.found.errors()));
        if self.found.warnings() > 0 {
            self.last.push(format!("{} known to fail", self.found.warnings()));
        }
        let generated = generated(&Plan::compile(Arc::clone(rules)), only);
        self.found.extend(generated.problems);
        self.last.push(counted(generated.checks, "generated check"));
        if generated.exempt > 0 {
            let exempt = generated.exempt;
            self.last.push(format!("{exempt} left out, where a rule asks whether there is a value or assumes it"));
        }
        !self.found.has_errors() && (!args.mutate || self.changes(rules, sources, only))
    }

    /// Changes the rules. Returns whether every change was noticed or is allowed.
    fn changes(&mut self, rules: &RuleSet, sources: &Sources, only: Option<&str>) -> bool {
        let Mutation { mutants, mut survivors } = mutate(rules, sources, only);
        let mut allows = Allows::read(sources);
        let allowed = allows.take(&mut survivors, sources).len();
        let (changes, left) = (counted(mutants, "change"), survivors.iter().len());
        // Of the rules that were not looked at nothing is known.
        survivors.extend(allows.problems(if only.is_none() { &[Code::MutantSurvives] } else { &[] }));
        self.last.push(format!("{changes}, {left} of them noticed by no test, {allowed} more allowed with a reason"));
        let sound = survivors.is_empty();
        self.found.extend(survivors);
        sound
    }
}

fn counted(number: usize, word: &str) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX), word)
}
