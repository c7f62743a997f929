//! Tests that stand in the rule files: a small record, and what a rule must say of it.
//!
//! In go the `[[rule.test]]` tables of a rule, out come [`RuleTest`]s, one for each case, and [`run_tests`] says which of
//! them come out otherwise, and which part of the rule is why. What is written wrongly is reported at its place and never
//! run. A test sees the verdicts of its own rule alone.

mod difference;
mod expand;
mod fixture;
mod keys;
mod run;

use std::collections::BTreeMap;

use super::spec::RuleSpec;
use super::{Kind, Status, Verdict};
use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::operator::Truth;
use crate::record::{Field, Record};

pub(super) use run::outcome;
pub use run::run_tests;

/// A test of a rule: one record and what is expected of it.
#[derive(Debug, Clone)]
pub struct RuleTest {
    /// What it is about.
    pub name: String,
    /// Where it stands.
    pub span: Span,
    /// The record.
    pub given: Record,
    /// The records beside it.
    pub others: Vec<Record>,
    results: BTreeMap<String, Verdict>,
    /// The verdict it expects.
    pub expect: Verdict,
    counts: Option<Truth>,
    missing: Option<Vec<Field>>,
    evidence: Evidence,
    /// Why it is known to fail.
    todo: Option<String>,
}

/// The texts that must be among those that matched.
#[derive(Debug, Clone, Default)]
struct Evidence {
    /// In any field.
    anywhere: Vec<String>,
    /// In one field.
    of: BTreeMap<Field, Vec<String>>,
    /// Whether nothing else may match.
    exact: bool,
}

impl RuleTest {
    /// Whether its author says that the rule cannot do this. Such a test shows nothing of the rule.
    #[must_use]
    pub fn is_known_to_fail(&self) -> bool {
        self.todo.is_some()
    }
}

/// A test that did not come out as expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What it is: a failure, a failure that is known, or a test that was known to fail and passes.
    pub code: Code,
    /// The rule.
    pub rule: String,
    /// The test.
    pub test: String,
    /// Where the test stands.
    pub span: Span,
    /// What was different.
    pub message: String,
    /// The parts of the rule that are why, line by line.
    pub notes: Vec<String>,
}

impl Failure {
    /// The failure as a problem of the file that the test stands in.
    #[must_use]
    pub fn diagnostic(&self) -> Diagnostic {
        let (verb, help) = match self.code {
            Code::KnownFailure => ("fails, as is known", "when the rule can do it, take `todo` out"),
            Code::TodoPasses => ("passes", "take `todo` out, so that it stays so"),
            _ => ("fails", "correct the rule, or the test"),
        };
        let message = format!("test `{}` {verb}: {}", self.test, self.message);
        let problem = Diagnostic::new(self.code, message).at(self.span).help(help).rule(&self.rule);
        self.notes.iter().fold(problem, Diagnostic::note)
    }
}

/// Reads the tests of a rule as written.
pub(super) fn read(spec: &RuleSpec, all: &[RuleSpec], found: &mut Diagnostics) -> Vec<RuleTest> {
    let mut sound = true;
    let mut tests = vec![];
    for (table, span) in &spec.tests {
        let mut problems = Diagnostics::new();
        for (table, span) in expand::expand(table, *span, &spec.id, &mut problems) {
            tests.extend(keys::test(&table, span, (spec, all), &mut problems));
        }
        sound &= !problems.has_errors();
        // What all cases of a test have in common is wrong once.
        let mut said: Vec<Diagnostic> = vec![];
        for problem in problems {
            if !said.contains(&problem) {
                said.push(problem);
            }
        }
        found.extend(said);
    }
    if spec.status == Status::Stable && spec.kind != Kind::Filter && sound {
        lacking(spec, &tests, found);
    }
    tests
}

/// Reports the verdicts that a stable rule has no test for.
fn lacking(spec: &RuleSpec, tests: &[RuleTest], found: &mut Diagnostics) {
    let has = |verdict: &Verdict| tests.iter().any(|test| test.expect == *verdict && !test.is_known_to_fail());
    let wanted = [Verdict::Yes, Verdict::No, Verdict::Unknown].into_iter();
    let lacking: Vec<&str> = wanted.filter(|verdict| !has(verdict)).map(Verdict::word).collect();
    if !lacking.is_empty() {
        let message = format!("a stable rule has tests for yes, no and unknown; missing: {}", lacking.join(", "));
        let problem = Diagnostic::new(Code::MissingTests, message).at(spec.id_span).rule(&spec.id);
        found.push(problem.help("add them, or lower `status` to `test`"));
    }
}
