//! A rule set made ready to run: all phrases of all rules over one text column in one automaton.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::operator::Operator;
use crate::record::Field;
use crate::rule::{Clause, RuleSet};
use crate::text::{Matcher, Phrase};

/// A rule set ready to run.
#[derive(Debug)]
pub struct Plan {
    pub(super) rules: Arc<RuleSet>,
    pub(super) texts: Vec<TextPlan>,
}

/// All that rules look for in one text column.
#[derive(Debug)]
pub(super) struct TextPlan {
    pub(super) field: Field,
    pub(super) matcher: Matcher,
    /// For each phrase of the matcher, the tests that look for it, as positions in `tests`, and in which of their groups,
    /// as a bit.
    pub(super) owners: Vec<Vec<(u32, u8)>>,
    /// For each test, the bits of all its groups.
    pub(super) groups: Vec<u8>,
    /// The tests on this column that look for phrases, by the address of their operator.
    pub(super) tests: Vec<Arc<dyn Operator>>,
}

impl TextPlan {
    /// The position of an operator among the tests of this column.
    pub(super) fn position(&self, operator: &Arc<dyn Operator>) -> Option<usize> {
        self.tests.iter().position(|test| Arc::ptr_eq(test, operator))
    }
}

impl Plan {
    /// Compiles a checked rule set. This cannot fail: everything was checked.
    #[must_use]
    pub fn compile(rules: Arc<RuleSet>) -> Self {
        let mut by_field: BTreeMap<Field, Vec<Arc<dyn Operator>>> = BTreeMap::new();
        for clause in &rules.clauses {
            if let Clause::Cells { tests, .. } = clause {
                for (field, test) in tests.iter().filter(|(_, test)| test.phrases().is_some()) {
                    by_field.entry(*field).or_default().push(Arc::clone(test));
                }
            }
        }
        let texts = by_field.into_iter().map(|(field, tests)| text_plan(field, tests)).collect();
        Self { rules, texts }
    }

    /// A plan that looks for no phrases.
    pub(super) fn bare(rules: Arc<RuleSet>) -> Self {
        Self { rules, texts: vec![] }
    }

    /// The rules it was compiled from.
    #[must_use]
    pub fn rules(&self) -> &Arc<RuleSet> {
        &self.rules
    }

    pub(super) fn text(&self, field: Field) -> Option<&TextPlan> {
        self.texts.iter().find(|text| text.field == field)
    }
}

fn text_plan(field: Field, tests: Vec<Arc<dyn Operator>>) -> TextPlan {
    let mut phrases: Vec<Phrase> = vec![];
    let mut owners: Vec<Vec<(u32, u8)>> = vec![];
    let mut groups: Vec<u8> = vec![];
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for (at, test) in tests.iter().enumerate() {
        let mut all = 0;
        for (group, members) in test.phrases().unwrap_or_default().into_iter().enumerate() {
            let bit = 1_u8 << group;
            all |= bit;
            for phrase in members {
                let position = *known.entry(format!("{phrase:?}")).or_insert_with(|| {
                    phrases.push(phrase.clone());
                    owners.push(vec![]);
                    phrases.len() - 1
                });
                if let Ok(at) = u32::try_from(at) {
                    owners[position].push((at, bit));
                }
            }
        }
        groups.push(all);
    }
    for owners in &mut owners {
        owners.dedup();
    }
    TextPlan { field, matcher: Matcher::new(phrases), owners, groups, tests }
}
