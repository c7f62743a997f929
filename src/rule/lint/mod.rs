//! Lints: what is no mistake in a rule set, and yet hardly meant.
//!
//! In go a rule set without errors and its texts, out come warnings, each with a place and a remedy. One table, [`LINTS`],
//! holds them all; for each there is an example ([`super::Example`]) that it finds, and the same put right. A lint never changes a
//! verdict, never guesses, and stays quiet where looking would take too long. Every limit it goes by stands in the profile.

mod complete;
mod condition;
mod diagram;
mod lists;
mod message;
mod pattern;
mod questions;
mod script;
mod silence;
mod table;
mod twins;
mod weight;

use super::spec::RuleSpec;
use super::{Kind, Rule, RuleSet};
use crate::diag::{Code, Diagnostics, Node, Sources, Table};
use crate::record::{Field, Record};

/// One lint.
#[derive(Debug)]
pub struct Lint {
    /// What it reports.
    pub code: Code,
    find: fn(&Subject<'_>, &mut Diagnostics),
}

/// Every lint, by code.
pub static LINTS: &[Lint] = &[
    lists::NO_HEADER,
    condition::NEVER_YES,
    condition::NEVER_NO,
    condition::NO_EFFECT,
    condition::SCOPE_NEVER,
    lists::UNUSED_LIST,
    lists::UNUSED_CONCEPT,
    lists::CONTAINED,
    pattern::SHORT,
    pattern::COMMON,
    twins::TWINS,
    weight::ABOVE_CAP,
    silence::SILENCE,
    script::ONE_SCRIPT,
    complete::UNVERIFIED,
    complete::UNTESTED,
    complete::NO_FALSE_POSITIVES,
    message::UNREAD,
];

/// What lints look at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Rules without errors.
    pub rules: &'a RuleSet,
    /// The texts they were read from.
    pub sources: &'a Sources,
    /// Records among which no pattern should be common. Empty where there are none.
    pub corpus: &'a [Record],
}

/// Reports what every lint finds.
pub fn lint(subject: &Subject<'_>, found: &mut Diagnostics) {
    LINTS.iter().for_each(|lint| (lint.find)(subject, found));
}

/// The codes that only another command reports, which `rules check` cannot say are absent.
const OF_TESTS: std::ops::RangeInclusive<Code> = Code::BadTest..=Code::GeneratedCheck;

/// Whether a check with this corpus would report the code, so that its absence means something.
#[must_use]
pub fn is_checked(code: Code, corpus: &[Record]) -> bool {
    !OF_TESTS.contains(&code) && (code != Code::PatternCommon || !corpus.is_empty())
}

impl<'a> Subject<'a> {
    /// Every rule, as written and as checked. Suppressions are of records and not of law; lints have nothing to say of them.
    fn each(&self) -> impl Iterator<Item = (&'a RuleSpec, &'a Rule)> + use<'a> {
        let rules = self.rules;
        let both = |spec: &'a RuleSpec| Some((spec, &rules.rules[rules.position(&spec.id)?]));
        rules.written.specs.iter().filter_map(both).filter(|(_, rule)| rule.kind != Kind::Filter)
    }
}

/// An operator in a rule as written.
#[derive(Debug, Clone, Copy)]
struct Use<'a> {
    rule: &'a RuleSpec,
    field: Field,
    /// The operator; of `near` its side.
    key: &'a str,
    value: &'a Node,
    /// The table in which its options are.
    beside: &'a Table,
}

impl Use<'_> {
    fn option(&self, name: &str) -> bool {
        matches!(self.beside.get(name).map(|node| &node.tree), Some(crate::diag::Tree::Flag(true)))
    }
}

/// The operators with options in every rule.
fn uses<'a>(subject: &Subject<'a>) -> Vec<Use<'a>> {
    let mut all = vec![];
    for (spec, _) in subject.each() {
        spec.tables().for_each(|table| in_table(spec, None, table, &mut all));
    }
    all
}

fn in_table<'a>(rule: &'a RuleSpec, list: Option<Field>, table: &'a Table, all: &mut Vec<Use<'a>>) {
    for (key, node) in table.iter() {
        let path = list.map_or_else(|| key.text.clone(), |list| format!("{}.{}", list.path(), key.text));
        let (Some(field), Some(beside)) = (Field::named(&path), node.table()) else { continue };
        for (key, value) in beside.iter() {
            match (key.text.as_str(), value.table()) {
                ("match", Some(inner)) => in_table(rule, Some(field), inner, all),
                ("near", Some(sides)) => {
                    let side = |key: &'a str| Some(Use { rule, field, key, value: sides.get(key)?, beside });
                    all.extend(["a", "b"].into_iter().filter_map(side));
                }
                (key, _) => all.push(Use { rule, field, key, value, beside }),
            }
        }
    }
}
