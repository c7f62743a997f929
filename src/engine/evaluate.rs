//! The fast reading of a rule set on a chunk of records: every clause once, as bitmaps over rows; every distinct text of a
//! column folded and searched once, for all rules together. The few rows that a suppression is about are given to the slow
//! reading.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;

use super::assess::Verdicts;
use super::company::Company;
use super::plan::{Plan, TextPlan};
use crate::operator::{Bounds, Distinct, Mask, Operator, Others, Truth, mask};
use crate::record::{Field, State};
use crate::rule::{Clause, Condition, Expr, Lapse, Quantifier, Verdict, judge, judge_among};
use crate::table::{Column, Columns, Values};
use crate::text::Prose;

/// The verdicts of every rule on every row of a chunk.
#[derive(Debug)]
pub struct ChunkVerdicts {
    /// For each clause of the rule set its truth.
    clauses: Vec<Mask>,
    /// For each rule its scope, where it has one, and its body.
    masks: Vec<(Option<Mask>, Mask)>,
    /// The rows that some suppression is about.
    reviewed: BTreeMap<usize, Reviewed>,
}

/// A row that some suppression is about, as the slow reading has it.
#[derive(Debug)]
struct Reviewed {
    verdicts: Verdicts,
    lapses: Vec<FoundLapse>,
}

/// A suppression that does not reach a verdict of a row it is about.
#[derive(Debug)]
pub struct FoundLapse {
    /// The suppression.
    pub filter: usize,
    /// The rule whose yes it does not reach.
    pub rule: usize,
    /// Why.
    pub why: Lapse,
    /// What the verdict rests on.
    pub evidence_hash: String,
}

impl ChunkVerdicts {
    /// The verdict of a rule on a row.
    #[must_use]
    pub fn verdict(&self, rule: usize, row: usize) -> Verdict {
        if let Some(reviewed) = self.reviewed.get(&row) {
            return reviewed.verdicts.verdicts[rule];
        }
        let (scope, body) = &self.masks[rule];
        Verdict::of(scope.as_ref().map_or(Truth::Yes, |scope| scope.get(row)), body.get(row))
    }

    /// Whether a row is in the scope of a rule, or may be.
    #[must_use]
    pub fn applies(&self, rule: usize, row: usize) -> bool {
        self.masks[rule].0.as_ref().is_none_or(|scope| scope.get(row) != Truth::No)
    }

    /// The truth of a clause of the rule set on a row.
    #[must_use]
    pub fn clause(&self, clause: usize, row: usize) -> Truth {
        self.clauses[clause].get(row)
    }

    /// Whether the rule is unknown on the row for a reason the source could have removed.
    #[must_use]
    pub fn is_open(&self, rule: usize, row: usize) -> bool {
        if let Some(reviewed) = self.reviewed.get(&row) {
            return reviewed.verdicts.open[rule];
        }
        let (scope, body) = &self.masks[rule];
        self.verdict(rule, row) == Verdict::Unknown
            && (body.is_open(row) || scope.as_ref().is_some_and(|scope| scope.is_open(row)))
    }

    /// The suppressions that do not reach a verdict of a row they are about.
    #[must_use]
    pub fn lapses(&self, row: usize) -> &[FoundLapse] {
        self.reviewed.get(&row).map_or(&[], |reviewed| &reviewed.lapses)
    }
}

/// The records beside those of a chunk, and the position of its first record among them.
pub type Beside<'a> = (&'a Arc<Company>, usize);

/// Reads a chunk with every rule, each record by itself: what others beside it say is unknown.
#[must_use]
pub fn evaluate(plan: &Plan, columns: &Columns<'_>) -> ChunkVerdicts {
    evaluate_beside(plan, columns, None)
}

/// Reads a chunk with every rule, among other records.
#[must_use]
pub fn evaluate_beside(plan: &Plan, columns: &Columns<'_>, beside: Option<Beside<'_>>) -> ChunkVerdicts {
    let rows = columns.rows();
    let mut texts = Texts { found: HashMap::new() };
    let mut clause = |clause: &Clause| match (clause, beside) {
        (Clause::Across(across), Some((company, start))) => company.answer(across, start..start + rows),
        _ => clause_mask(plan, clause, columns, &mut texts),
    };
    let clauses: Vec<Mask> = plan.rules.clauses.iter().map(&mut clause).collect();
    let empty = || (None, Mask::all(0, Truth::No));
    let mut masks: Vec<(Option<Mask>, Mask)> = plan.rules.rules.iter().map(|_| empty()).collect();
    let mut verdicts: Vec<Mask> = plan.rules.rules.iter().map(|_| Mask::all(rows, Truth::No)).collect();
    for at in &plan.rules.order {
        let rule = &plan.rules.rules[*at];
        let scope = rule.scope.as_ref().map(|scope| expr_mask(scope, &clauses, &verdicts, rows));
        let body = expr_mask(&rule.body, &clauses, &verdicts, rows);
        verdicts[*at] = body.clone();
        if let Some(scope) = &scope {
            verdicts[*at].and(scope);
        }
        masks[*at] = (scope, body);
    }
    let others = |row: usize| beside.map(|(company, start)| company.seen_from(start + row));
    let reviewed =
        reviewed_rows(plan, &masks, rows).map(|row| (row, review(plan, columns, (row, others(row))))).collect();
    ChunkVerdicts { clauses, masks, reviewed }
}

/// The rows that some suppression is about. What it changes there is read slowly: it depends on places, which masks do not
/// hold, and other rules build on it.
fn reviewed_rows(plan: &Plan, masks: &[(Option<Mask>, Mask)], rows: usize) -> impl Iterator<Item = usize> {
    let filters = plan.rules.rules.iter().zip(masks).filter(|(rule, _)| rule.filter.is_some());
    let scopes: Vec<&Mask> = filters.filter_map(|(_, (scope, _))| scope.as_ref()).collect();
    (0..rows).filter(move |row| scopes.iter().any(|scope| scope.get(*row) == Truth::Yes))
}

fn review(plan: &Plan, columns: &Columns<'_>, (row, others): (usize, Option<Arc<dyn Others>>)) -> Reviewed {
    let view = columns.row(row);
    let judgement = match others {
        Some(others) => judge_among(&plan.rules, &view, others),
        None => judge(&plan.rules, &view),
    };
    let mut lapses = vec![];
    for rule in 0..plan.rules.rules.len() {
        for (filter, why) in judgement.lapses(rule) {
            lapses.push(FoundLapse { filter, rule, why, evidence_hash: judgement.evidence_hash(rule) });
        }
    }
    let open = (0..plan.rules.rules.len()).map(|rule| judgement.is_open(rule)).collect();
    Reviewed { verdicts: Verdicts { open, verdicts: judgement.verdicts }, lapses }
}

/// What a condition on other records is of each row of some tables, where all is open that asks about the record that is
/// judged.
pub(super) fn part_masks(plan: &Plan, (part, expr): (&Condition, Option<&Expr>), tables: &[Columns<'_>]) -> Vec<Mask> {
    let of_table = |columns: &Columns<'_>| {
        let rows = columns.rows();
        let Some(expr) = expr else { return Mask::all(rows, Truth::Yes) };
        let mut texts = Texts { found: HashMap::new() };
        let clause = |clause: &Clause| match Condition::reads_this(clause) {
            true => Mask::all(rows, Truth::Unknown),
            false => clause_mask(plan, clause, columns, &mut texts),
        };
        let clauses: Vec<Mask> = part.clauses().iter().map(clause).collect();
        expr_mask(expr, &clauses, &[], rows)
    };
    tables.par_iter().map(of_table).collect()
}

fn expr_mask(expr: &Expr, clauses: &[Mask], rules: &[Mask], rows: usize) -> Mask {
    let of = |part: &Expr| expr_mask(part, clauses, rules, rows);
    match expr {
        Expr::Clause(at) => clauses[*at].clone(),
        Expr::Rule(at) => rules[*at].clone(),
        Expr::Named(_, inner) => of(inner),
        Expr::Not(inner) => {
            let mut mask = of(inner);
            mask.negate();
            mask
        }
        Expr::AssumeNo(inner) => {
            let mut mask = of(inner);
            mask.assume_no();
            mask
        }
        Expr::All(parts) => {
            let mut all = Mask::all(rows, Truth::Yes);
            parts.iter().for_each(|part| all.and(&of(part)));
            all
        }
        Expr::Any(parts) => {
            let mut any = Mask::all(rows, Truth::No);
            parts.iter().for_each(|part| any.or(&of(part)));
            any
        }
        Expr::AtLeast(wanted, parts) => Mask::at_least(rows, *wanted, &parts.iter().map(of).collect::<Vec<_>>()),
    }
}

/// The text columns of a chunk that were searched already.
struct Texts<'a> {
    found: HashMap<Field, Searched<'a>>,
}

/// A text column: its distinct texts, and for each test which of them hold one of its phrases.
struct Searched<'a> {
    of_cell: Vec<u32>,
    texts: Vec<&'a str>,
    prose: Vec<Prose>,
    hits: Vec<Vec<bool>>,
}

impl<'a> Texts<'a> {
    fn of(&mut self, plan: &Plan, field: Field, columns: &Columns<'a>) -> Option<&Searched<'a>> {
        let column = columns.get(field)?;
        let Values::Text(values) = column.values else { return None };
        Some(self.found.entry(field).or_insert_with(|| {
            let mut texts: Vec<&'a str> = vec![];
            let mut known: HashMap<&'a str, u32> = HashMap::new();
            let mut of_cell = vec![0; column.cell_count()];
            for (at, place) in of_cell.iter_mut().enumerate() {
                if column.cell_states[at] == State::Value as u8 {
                    *place = *known.entry(values.value(at)).or_insert_with(|| {
                        texts.push(values.value(at));
                        u32::try_from(texts.len() - 1).unwrap_or(u32::MAX)
                    });
                }
            }
            let (prose, hits) = plan.text(field).map(|text_plan| search(text_plan, &texts)).unwrap_or_default();
            Searched { of_cell, texts, prose, hits }
        }))
    }
}

/// Folds and searches each text once. For each test: in which texts all its groups of phrases have a member.
fn search(plan: &TextPlan, texts: &[&str]) -> (Vec<Prose>, Vec<Vec<bool>>) {
    let mut hits = vec![vec![false; texts.len()]; plan.tests.len()];
    let found = vec![Cell::new(0_u8); plan.tests.len()];
    let prose: Vec<Prose> = texts.iter().map(|text| Prose::new(text)).collect();
    for (at, text) in prose.iter().enumerate() {
        found.iter().for_each(|found| found.set(0));
        let open =
            |phrase: usize| plan.owners[phrase].iter().any(|(owner, group)| found[*owner as usize].get() & group == 0);
        plan.matcher.hits_of(text.folded().as_str(), open, |phrase, _| {
            for (owner, group) in &plan.owners[phrase] {
                let found = &found[*owner as usize];
                found.set(found.get() | group);
            }
        });
        for (test, found) in found.iter().enumerate() {
            hits[test][at] = found.get() == plan.groups[test];
        }
    }
    (prose, hits)
}

/// The truth of a clause for every row.
fn clause_mask<'a>(plan: &Plan, clause: &Clause, columns: &Columns<'a>, texts: &mut Texts<'a>) -> Mask {
    match clause {
        Clause::Across(_) => Mask::all(columns.rows(), Truth::Unknown),
        Clause::Count { over, bounds } => count_mask(*over, bounds, columns),
        Clause::Cells { over, quantifier, tests } => {
            let missing = |state: State| {
                let truth = tests.iter().map(|(_, test)| test.holds_missing(state)).min().unwrap_or(Truth::Unknown);
                (if *quantifier == Quantifier::None { !truth } else { truth }, state != State::NotCarried)
            };
            let Some(list) = columns.get(*over) else {
                return Mask::all(columns.rows(), missing(State::NotCarried).0);
            };
            let mut cells = Mask::all(list.cell_count(), Truth::Yes);
            for (field, test) in tests {
                cells.and(&cell_mask(plan, (*over, *field), test, columns, texts));
            }
            let mut rows = Mask::all(columns.rows(), Truth::Unknown);
            for row in 0..columns.rows() {
                let range = list.cells(row);
                let (truth, open) =
                    if range.is_empty() { missing(list.state(row)) } else { quantified(*quantifier, &cells, range) };
                rows.set(row, truth, open);
            }
            rows
        }
    }
}

fn count_mask(over: Field, bounds: &Bounds, columns: &Columns<'_>) -> Mask {
    let mut rows = Mask::all(columns.rows(), Truth::Unknown);
    let Some(column) = columns.get(over) else { return rows };
    for row in 0..columns.rows() {
        let state = column.state(row);
        let truth = match state {
            State::Value => {
                let len = i64::try_from(column.cells(row).len()).unwrap_or(i64::MAX);
                bounds.hold(len, len)
            }
            _ => Truth::Unknown,
        };
        rows.set(row, truth, state != State::NotCarried);
    }
    rows
}

/// The truth of one test for every cell of the field that is counted through.
fn cell_mask<'a>(
    plan: &Plan,
    (over, field): (Field, Field),
    test: &Arc<dyn Operator>,
    columns: &Columns<'a>,
    texts: &mut Texts<'a>,
) -> Mask {
    let cells = columns.get(over).map_or(0, Column::cell_count);
    let Some(column) = columns.get(field) else { return Mask::all(cells, test.holds_missing(State::NotCarried)) };
    let position = plan.text(field).and_then(|text| text.position(test));
    let distinct = texts.of(plan, field, columns).map(|searched| Distinct {
        of_cell: &searched.of_cell,
        texts: &searched.texts,
        prose: &searched.prose,
        hit: position.map(|at| searched.hits[at].as_slice()),
    });
    let own = mask(test.as_ref(), field, columns, distinct.as_ref());
    if field == over {
        return own;
    }
    // A field of the objects of a list has a cell for each object, in rows where it is carried at all.
    let mut aligned = Mask::all(cells, Truth::Unknown);
    for row in 0..columns.rows() {
        let objects = columns.get(over).map_or(0..0, |list| list.cells(row));
        let values = column.cells(row);
        for (position, at) in objects.enumerate() {
            if position < values.len() {
                let from = values.start + position;
                aligned.set(at, own.get(from), own.is_open(from));
            } else {
                let state = column.state(row);
                aligned.set(at, test.holds_missing(state), state != State::NotCarried);
            }
        }
    }
    aligned
}

fn quantified(quantifier: Quantifier, cells: &Mask, range: std::ops::Range<usize>) -> (Truth, bool) {
    let mut truths = range.clone().map(|at| cells.get(at));
    let truth = match quantifier {
        Quantifier::Any => truths.by_ref().max(),
        Quantifier::All => truths.by_ref().min(),
        Quantifier::None => truths.by_ref().max().map(|truth| !truth),
    };
    let open = range.into_iter().any(|at| cells.get(at) == Truth::Unknown && cells.is_open(at));
    (truth.unwrap_or(Truth::Unknown), open)
}
