//! Which parts of the rules were reached: what each predicate said, which entries of lists took part in what held, which
//! fields had a value.
//!
//! In go the tests of the rules, or chunks of records, out comes [`Reached`]; two are added by [`Reached::and`], in any
//! order. A predicate counts where its rule applies to the record. Of records the verdicts are those of the column
//! reading; only where a text matched is the record read again, for its words.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::evaluate::evaluate;
use super::plan::Plan;
use crate::operator::{Reading, Truth};
use crate::record::{Field, Record, State};
use crate::rule::{Clause, Expr, Leaf, RuleSet, Verdict};
use crate::table::NoticeTable;

/// How often a predicate said what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Truths {
    /// It held.
    pub yes: u64,
    /// It did not hold.
    pub no: u64,
    /// A missing value kept it open.
    pub unknown: u64,
}

impl Truths {
    fn add(&mut self, truth: Truth) {
        *match truth {
            Truth::Yes => &mut self.yes,
            Truth::No => &mut self.no,
            Truth::Unknown => &mut self.unknown,
        } += 1;
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { yes: self.yes + other.yes, no: self.no + other.no, unknown: self.unknown + other.unknown }
    }
}

/// What was reached.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// How many records were read.
    pub records: u64,
    /// What each predicate of [`RuleSet::leaves`] said.
    pub leaves: Vec<Truths>,
    /// List and entry of those that took part in what held. Two entries of a list with one text are one.
    pub entries: BTreeSet<(String, String)>,
    /// The fields that had a value.
    pub fields: BTreeSet<Field>,
}

impl Reached {
    /// Nothing yet.
    #[must_use]
    pub fn nothing(rules: &RuleSet) -> Self {
        let leaves = vec![Truths::default(); rules.leaves().len()];
        Self { records: 0, leaves, entries: BTreeSet::new(), fields: BTreeSet::new() }
    }

    /// Both together.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.records += other.records;
        self.leaves.iter_mut().zip(other.leaves).for_each(|(own, other)| *own = own.and(other));
        self.entries.extend(other.entries);
        self.fields.extend(other.fields);
        self
    }

    /// Adds the fields that have a value in a record, and the entries that the clauses found in it.
    fn record(&mut self, rules: &RuleSet, record: &Record, clauses: impl Iterator<Item = usize>) {
        self.records += 1;
        let valued = |(field, leaf): (Field, &crate::record::Leaf)| (leaf.state() == State::Value).then_some(field);
        self.fields.extend(record.leaves().filter_map(valued));
        let reading = Reading::new(record, rules.text_fields());
        for clause in clauses {
            let found = rules.clauses[clause].places(&reading).into_iter().filter_map(|place| place.found);
            self.entries.extend(found.filter_map(|found| Some((found.list?.to_string(), found.entry))));
        }
    }
}

/// A predicate with what is looked up once: the position of its rule, and whether it stands in the scope.
struct Asked<'a> {
    leaf: &'a Leaf,
    rule: usize,
    of_scope: bool,
}

fn asked(rules: &RuleSet) -> Vec<Option<Asked<'_>>> {
    let leaves = rules.leaves().iter();
    leaves
        .map(|leaf| Some(Asked { leaf, rule: rules.position(&leaf.rule)?, of_scope: rules.is_of_scope(leaf) }))
        .collect()
}

/// What the tests of the rules reach: each the predicates of its own rule, and entries of all rules it builds on.
#[must_use]
pub fn by_tests(rules: &RuleSet) -> Reached {
    let asked = asked(rules);
    let of_rule = |at: usize| {
        let mut reached = Reached::nothing(rules);
        let needs = rules.needs(at);
        for test in &rules.rules[at].tests {
            let judgement = test.judge(rules, at, &test.given);
            let applies = judgement.verdict(at) != Verdict::NotApplicable;
            for (tally, asked) in reached.leaves.iter_mut().zip(&asked) {
                if let Some(asked) = asked.as_ref().filter(|asked| asked.rule == at && (applies || asked.of_scope)) {
                    tally.add(judgement.truth(&asked.leaf.expr));
                }
            }
            let near = asked.iter().flatten().filter(|asked| needs.contains(&asked.rule));
            let held = clauses(near).into_iter().filter(|clause| judgement.truth(&Expr::Clause(*clause)) == Truth::Yes);
            reached.record(rules, &test.given, held);
        }
        reached
    };
    (0..rules.rules.len()).into_par_iter().map(of_rule).reduce(|| Reached::nothing(rules), Reached::and)
}

/// What a chunk of records reaches.
#[must_use]
pub fn by_records(plan: &Plan, table: &NoticeTable) -> Reached {
    let rules = plan.rules();
    let asked = asked(rules);
    let columns = table.columns();
    let found = evaluate(plan, &columns);
    let mut reached = Reached::nothing(rules);
    for (tally, asked) in reached.leaves.iter_mut().zip(&asked) {
        let Some(asked) = asked else { continue };
        let of_leaf = clauses([asked].into_iter());
        for row in (0..columns.rows()).filter(|row| asked.of_scope || found.applies(asked.rule, *row)) {
            tally.add(Truth::all(of_leaf.iter().map(|clause| found.clause(*clause, row))));
        }
    }
    let in_text: Vec<usize> =
        clauses(asked.iter().flatten()).into_iter().filter(|at| is_of_text(&rules.clauses[*at])).collect();
    for row in 0..columns.rows() {
        let held = in_text.iter().copied().filter(|clause| found.clause(*clause, row) == Truth::Yes);
        reached.record(rules, &columns.record(row), held);
    }
    reached
}

/// The clauses of some predicates, each once.
fn clauses<'a>(asked: impl Iterator<Item = &'a Asked<'a>>) -> BTreeSet<usize> {
    let mut all = BTreeSet::new();
    for asked in asked {
        asked.leaf.expr.walk(&mut |part| {
            if let Expr::Clause(at) = part {
                all.insert(*at);
            }
        });
    }
    all
}

fn is_of_text(clause: &Clause) -> bool {
    matches!(clause, Clause::Cells { tests, .. } if tests.iter().any(|(_, test)| test.phrases().is_some()))
}
