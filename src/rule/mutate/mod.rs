//! Are the tests of a rule good enough? Every rule is changed in one place at a time, and its own tests are run on what
//! comes out. A change that no test notices is a part of the rule that no test is about.
//!
//! In goes a sound rule set whose tests pass, out comes a warning for every change that goes unnoticed, at the place that
//! was changed. Tests of rules that build on the changed one do not count. A changed rule that is no sound rule any more,
//! or asks the same as the rule itself, is not counted. Lists are not changed.

mod across;
mod change;
mod condition;
mod selection;

use std::collections::BTreeSet;

use rayon::prelude::*;

use change::{Change, Edit};

use super::check::Checker;
use super::condition::{Group, fits, parse};
use super::resolve::{content_of, place_in};
use super::scenario::outcome;
use super::spec::{Body, RuleSpec};
use super::{Rule, RuleSet, Status};
use crate::diag::{Code, Diagnostic, Diagnostics, Node, Sources, Span, Tree};

/// What came of changing rules.
#[derive(Debug, Default)]
pub struct Mutation {
    /// How many changed rules were tried.
    pub mutants: usize,
    /// A warning for each that no test notices, in the order of the rules.
    pub survivors: Diagnostics,
}

/// Changes every rule whose id fits the pattern, and runs its tests on each changed rule.
#[must_use]
pub fn mutate(rules: &RuleSet, sources: &Sources, only: Option<&str>) -> Mutation {
    let specs = &rules.written.specs;
    // A set with rules left out counts them differently than its files do.
    if specs.len() != rules.rules.len() {
        return Mutation::default();
    }
    let chosen = (0..specs.len()).filter(|at| only.is_none_or(|only| fits(only, &specs[*at].id)));
    let each: Vec<Mutation> =
        chosen.collect::<Vec<_>>().into_par_iter().map(|at| Bench { rules, sources, at }.run()).collect();
    each.into_iter().fold(Mutation::default(), |mut all, one| {
        all.mutants += one.mutants;
        all.survivors.extend(one.survivors);
        all
    })
}

/// One rule and what it is changed with.
struct Bench<'a> {
    rules: &'a RuleSet,
    sources: &'a Sources,
    at: usize,
}

impl Bench<'_> {
    fn run(&self) -> Mutation {
        let mut clauses = self.rules.written.clauses.clone();
        let spec = &self.rules.written.specs[self.at];
        let mut seen = BTreeSet::from([meaning(&self.rules.rules[self.at])]);
        let mut mutants: Vec<(Change<RuleSpec>, Rule)> = vec![];
        for change in self.changes(spec) {
            clauses.opposite = change.opposite;
            let mut found = Diagnostics::new();
            let rule = self.checker(&mut found).rule(&change.to, &mut clauses);
            let sound = rule.filter(|rule| !found.has_errors() && seen.insert(meaning(rule)));
            mutants.extend(sound.map(|rule| (change, rule)));
        }
        let tests = self.rules.rules[self.at].tests.iter().filter(|test| !test.is_known_to_fail());
        let mut alive: Vec<&(Change<RuleSpec>, Rule)> = mutants.iter().collect();
        for test in tests {
            let mut judgement = test.judge(self.rules, self.at, &test.given).with_clauses(&clauses.all);
            alive.retain(|(_, rule)| {
                judgement.put(self.at, rule);
                outcome(&mut judgement, self.at, test).is_none()
            });
        }
        let survivors = alive.into_iter().map(|(change, _)| self.survivor(change)).collect();
        Mutation { mutants: mutants.len(), survivors }
    }

    fn checker<'b>(&'b self, found: &'b mut Diagnostics) -> Checker<'b> {
        let written = &self.rules.written;
        let (lists, specs) = (&written.lists, &written.specs);
        Checker { profile: &self.rules.profile, lists, specs, sources: self.sources, found }
    }

    /// Every change of the rule.
    fn changes(&self, spec: &RuleSpec) -> Vec<Change<RuleSpec>> {
        // The tests are read already, and a rule without tests is no stable one.
        let spec = &RuleSpec { status: Status::Test, tests: vec![], ..spec.clone() };
        let mut changes = vec![];
        if let Some((table, span)) = &spec.scope {
            let put = |scope| RuleSpec { scope, ..spec.clone() };
            if table.iter().count() == 1 {
                changes.push(Change::new(put(None), *span, Edit::Scope, "the scope is taken out".to_owned()));
            }
            let inner = selection::fields(table).into_iter();
            changes.extend(inner.map(|change| change.map(|table| put(Some((table, *span))))));
        }
        match &spec.body {
            // A suppression is of records that somebody has looked at; there is nothing to vary.
            Body::Filter(_) => return vec![],
            Body::Composite { condition } => {
                let put = |condition| RuleSpec { body: Body::Composite { condition }, ..spec.clone() };
                changes.extend(self.of_condition(spec, condition, None, put));
            }
            Body::Correlation { table, span } => {
                let put = |table| RuleSpec { body: Body::Correlation { table, span: *span }, ..spec.clone() };
                changes.extend(across::correlation(table).into_iter().map(|change| change.map(put)));
            }
            Body::Detection { condition, selections, related } => {
                changes.extend(of_selections(spec, selections));
                changes.extend(of_joins(spec, related));
                let put = |condition| {
                    let (selections, related) = (selections.clone(), related.clone());
                    let body = Body::Detection { condition: Some(condition), selections, related };
                    RuleSpec { body, ..spec.clone() }
                };
                let names: Vec<&str> = selections.iter().chain(related).map(|(name, ..)| name.as_str()).collect();
                let inner =
                    condition.iter().flat_map(|condition| self.of_condition(spec, condition, Some(&names), put));
                changes.extend(inner);
            }
        }
        if let Some(requires) = &spec.requires {
            let put = |requires| RuleSpec { requires: Some(requires), ..spec.clone() };
            changes.extend(self.of_condition(spec, requires, None, put));
        }
        changes
    }

    /// The changes of a condition, over selections where there are any, else over rules.
    fn of_condition(
        &self,
        spec: &RuleSpec,
        written: &(String, Span),
        selections: Option<&[&str]>,
        put: impl Fn((String, Span)) -> RuleSpec,
    ) -> Vec<Change<RuleSpec>> {
        let Ok(condition) = parse(&written.0) else { return vec![] };
        let members = |group: &Group| match (group, selections) {
            (Group::Names(names), _) => names.len(),
            (Group::Glob(glob), Some(names)) => names.iter().filter(|name| fits(glob, name)).count(),
            _ => self.checker(&mut Diagnostics::new()).rules_of(spec, group).len(),
        };
        let content = content_of(self.sources, written);
        let change = |changed: condition::Changed| {
            let to = put((condition::write(&changed.to), written.1));
            Change::new(to, place_in(content, written.1, &changed.at), changed.edit, changed.what)
        };
        condition::changes(&condition, &members).into_iter().map(change).collect()
    }

    /// What is said of a change that no test notices. Inside a string over several lines no comment can stand, so that
    /// the place is where the string begins, and the exact one is shown beside it.
    fn survivor(&self, change: &Change<RuleSpec>) -> Diagnostic {
        let spec = &self.rules.written.specs[self.at];
        let message = format!("no test notices when {}", change.what);
        let line = |span: Span| self.sources.line_column(&span).0;
        let holds = |(_, span): &&(String, Span)| span.start <= change.at.start && change.at.end <= span.end;
        let requires = spec.requires.as_ref().filter(holds);
        let problem = Diagnostic::new(Code::MutantSurvives, message).rule(&spec.id);
        let problem = match requires.or_else(|| condition_of(spec).filter(holds)) {
            Some((_, string)) if line(*string) != line(change.at) => {
                problem.at(Span { end: string.start + 3, ..*string }).also(change.at, "this was changed")
            }
            _ => problem.at(change.at),
        };
        let key = if requires.is_some() { " with `counts`," } else { "" };
        let remedy = change.edit.remedy();
        problem.help(format!("add a test{key} {remedy}; if there can be none, say why: `# allow: A606 (reason)`"))
    }
}

fn condition_of(spec: &RuleSpec) -> Option<&(String, Span)> {
    match &spec.body {
        Body::Correlation { .. } | Body::Filter(_) => None,
        Body::Composite { condition } => Some(condition),
        Body::Detection { condition, .. } => condition.as_ref(),
    }
}

/// Changes of the selections of a detection, each as a whole and inside.
fn of_selections(spec: &RuleSpec, selections: &[(String, Span, Node)]) -> Vec<Change<RuleSpec>> {
    let mut changes = vec![];
    let put = |changed| {
        let mut spec = spec.clone();
        if let Body::Detection { selections, .. } = &mut spec.body {
            *selections = changed;
        }
        spec
    };
    for (place, (name, span, node)) in selections.iter().enumerate() {
        // A selection that the condition names is missed there; one of a group only falls out of the group.
        let mut rest = selections.to_vec();
        rest.remove(place);
        changes.push(Change::new(put(rest), *span, Edit::OutOfOr, format!("selection `{name}` is taken out")));
        let inner = selection::selection(node).into_iter();
        changes.extend(inner.map(|change| {
            change.map(|node| {
                let mut all = selections.to_vec();
                all[place].2 = node;
                put(all)
            })
        }));
    }
    changes
}

/// Changes of the joins of a detection.
fn of_joins(spec: &RuleSpec, related: &[(String, Span, Node)]) -> Vec<Change<RuleSpec>> {
    let mut changes = vec![];
    for (place, (_, _, node)) in related.iter().enumerate() {
        let Some(table) = node.table() else { continue };
        let put = |table| {
            let mut spec = spec.clone();
            if let Body::Detection { related, .. } = &mut spec.body {
                related[place].2 = change::at(node, Tree::Table(table));
            }
            spec
        };
        changes.extend(across::related(table).into_iter().map(|change| change.map(put)));
    }
    changes
}

/// What a rule asks, as a text that is the same for two rules only if they ask the same.
fn meaning(rule: &Rule) -> String {
    format!("{:?} {:?} {:?}", rule.scope, rule.body, rule.requires)
}
