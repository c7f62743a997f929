//! Tests run: the slow reading of a test's record, set against what the test expects.

use std::collections::BTreeMap;

use super::difference::difference;
use super::{Evidence, Failure, RuleTest};
use crate::diag::Code;
use crate::record::{Field, Record, Value};
use crate::rule::{Circle, Judgement, RuleSet, Verdict, fits};
use crate::text::fold;

/// Runs the tests of every rule, or of those whose id fits a pattern in which `*` stands for anything. Also returns how
/// many ran.
#[must_use]
pub fn run_tests(rules: &RuleSet, only: Option<&str>) -> (usize, Vec<Failure>) {
    let mut run = 0;
    let mut failures = vec![];
    for (at, rule) in rules.rules.iter().enumerate() {
        if only.is_some_and(|only| !fits(only, &rule.id)) {
            continue;
        }
        run += rule.tests.len();
        failures.extend(rule.tests.iter().filter_map(|test| failure(rules, at, test)));
    }
    (run, failures)
}

fn failure(rules: &RuleSet, at: usize, test: &RuleTest) -> Option<Failure> {
    let mut judgement = test.judge(rules, at, &test.given);
    let different = outcome(&mut judgement, at, test);
    let (code, message, notes) = match (different, &test.todo) {
        (None, None) => return None,
        (None, Some(todo)) => (Code::TodoPasses, format!("it was known to fail, because {todo}"), vec![]),
        (Some(message), Some(todo)) => (Code::KnownFailure, format!("{message}; {todo}"), vec![]),
        (Some(message), None) => (Code::TestFailed, message, difference(&judgement, at, test.expect)),
    };
    let rule = rules.rules[at].id.to_string();
    Some(Failure { code, rule, test: test.name.clone(), span: test.span, message, notes })
}

impl RuleTest {
    /// A record as a rule of the test, and those it builds on, judge it beside the verdicts that the test sets.
    #[must_use]
    pub fn judge<'a>(&self, rules: &'a RuleSet, at: usize, record: &'a Record) -> Judgement<'a> {
        let mut judgement = Judgement::given(rules, record, vec![Verdict::No; rules.rules.len()]);
        if !self.others.is_empty() || rules.compares_records(at) {
            let records = std::iter::once(record).chain(&self.others).cloned().collect();
            judgement = judgement.among(Circle::of(rules, records).seen_from(0));
        }
        let set: BTreeMap<usize, Verdict> =
            self.results.iter().filter_map(|(id, result)| Some((rules.position(id)?, *result))).collect();
        for need in rules.needs(at) {
            judgement.verdicts[need] = set.get(&need).copied().unwrap_or_else(|| judgement.verdict(need));
        }
        judgement
    }
}

/// What is different from what a test expects of a rule, if anything is.
pub(in crate::rule) fn outcome(judgement: &mut Judgement<'_>, at: usize, test: &RuleTest) -> Option<String> {
    let verdict = judgement.verdict(at);
    judgement.verdicts[at] = verdict;
    if verdict != test.expect {
        return Some(format!("expected {}, got {}", test.expect.word(), verdict.word()));
    }
    if let Some(wanted) = test.counts {
        let counts = judgement.counts(at);
        if counts != wanted {
            return Some(format!("expected that its bits count: {}, got {}", wanted.name(), counts.name()));
        }
    }
    if let Some(wanted) = &test.missing {
        let pivotal: Vec<&str> = judgement.pivotal(at).into_iter().map(|reason| reason.field.path()).collect();
        let lacking: Vec<&str> =
            wanted.iter().map(|field| field.path()).filter(|path| !pivotal.contains(path)).collect();
        if !lacking.is_empty() {
            let (lacking, pivotal) = (lacking.join(", "), pivotal.join(", "));
            return Some(format!("expected {lacking} among the missing values, got {pivotal}"));
        }
    }
    test.evidence.differs(&matched(judgement, at))
}

/// The words that matched, by the field they stand in.
fn matched(judgement: &Judgement<'_>, at: usize) -> BTreeMap<Field, Vec<String>> {
    let mut matched: BTreeMap<Field, Vec<String>> = BTreeMap::new();
    for place in judgement.places(&judgement.rule(at).body) {
        if let (Ok(Value::Text(text)), Some(found)) =
            (judgement.reading().row().cell(place.field, place.position), &place.found)
        {
            matched.entry(place.field).or_default().extend(text.get(found.span()).map(str::to_owned));
        }
    }
    matched
}

impl Evidence {
    /// What is different from the evidence that is expected.
    fn differs(&self, matched: &BTreeMap<Field, Vec<String>>) -> Option<String> {
        let all: Vec<String> = matched.values().flatten().cloned().collect();
        if let Some(said) = compared("", &self.anywhere, &all, self.exact && self.of.is_empty()) {
            return Some(said);
        }
        for (field, wanted) in &self.of {
            let got = matched.get(field).map(Vec::as_slice).unwrap_or_default();
            let place = format!(" in `{}`", field.path());
            if let Some(said) = compared(&place, wanted, got, self.exact) {
                return Some(said);
            }
        }
        let unnamed = matched.iter().find(|(field, _)| !self.of.contains_key(field));
        let (field, texts) = unnamed.filter(|_| self.exact && !self.of.is_empty())?;
        Some(format!("expected no evidence in `{}`, got {texts:?}", field.path()))
    }
}

/// Whether texts that are wanted are among those that matched, and, where it is exact, nothing else.
fn compared(place: &str, wanted: &[String], got: &[String], exact: bool) -> Option<String> {
    let (wanted_folded, got_folded): (Vec<_>, Vec<_>) =
        (wanted.iter().map(|text| fold(text)).collect(), got.iter().map(|text| fold(text)).collect());
    let lacking: Vec<&String> = wanted
        .iter()
        .zip(&wanted_folded)
        .filter(|(_, wanted)| {
            !got_folded.iter().any(|got| if exact { got == *wanted } else { got.contains(&***wanted) })
        })
        .map(|(text, _)| text)
        .collect();
    if !lacking.is_empty() {
        return Some(format!("expected the evidence {lacking:?}{place}, got {got:?}"));
    }
    let more: Vec<&String> =
        got.iter().zip(&got_folded).filter(|(_, got)| !wanted_folded.contains(got)).map(|(text, _)| text).collect();
    (exact && !more.is_empty()).then(|| format!("expected no evidence but {wanted:?}{place}, got {more:?} besides"))
}
