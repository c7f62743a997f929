//! What the clauses of a rule have to do with each other: clauses about one field as questions with answers in common.
//!
//! A field of one cell is one question, answered by its value or by why there is none; values that every clause treats
//! alike are one answer. A list is asked how long it is and, for each kind of cell, whether it has one. What looks at the
//! wording of a text, or at another field, is a question of its own, asked where there is a value. So every record is
//! some answers; not all answers need be a record, and then something may be missed but nothing wrong is said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::diagram::{Bounded, Diagram, Diagrams, TooLarge};
use crate::operator::{Here, Operator, Reading, Truth};
use crate::record::{Country, Field, PartialDate, Record, State, Type, Value};
use crate::rule::selection::{TestId, identities};
use crate::rule::{Clause, Quantifier};

/// The most values of one field that are told apart.
const MOST_VALUES: usize = 400;

type Tests = [(Field, Arc<dyn Operator>)];

/// A cell as the clauses on its field may find it.
#[derive(Debug, Clone)]
enum Found {
    Value(Value),
    Missing(State),
}

/// The states of a cell without a value.
fn missing() -> impl Iterator<Item = State> {
    State::ALL.into_iter().filter(|state| *state != State::Value)
}

/// The diagram of each of some clauses.
pub(super) fn clauses(
    clauses: &BTreeMap<usize, &Clause>,
    diagrams: &mut Diagrams,
) -> Bounded<BTreeMap<usize, Diagram>> {
    let mut by_field: BTreeMap<Field, Vec<(usize, &Clause)>> = BTreeMap::new();
    let mut all = BTreeMap::new();
    for (at, clause) in clauses {
        match clause.over() {
            Some(field) => by_field.entry(field).or_default().push((*at, clause)),
            // What other records say is a question of its own.
            None => {
                let question = diagrams.question()?;
                let answers = [Truth::No, Truth::Unknown, Truth::Yes].map(Diagram::of).to_vec();
                all.insert(*at, diagrams.ask(question, answers));
            }
        }
    }
    for (field, clauses) in by_field {
        let cells = cells(field, &clauses)?;
        let found = if field.is_many() {
            list(&cells, &clauses, diagrams)?
        } else {
            single((field, &cells), &clauses, diagrams)?
        };
        all.extend(found);
    }
    Ok(all)
}

/// Whether tests look only at where the value of this field stands among others.
fn is_placed(field: Field, tests: &Tests) -> bool {
    tests.iter().all(|(of, test)| *of == field && test.turns().is_some())
}

/// The tests of a clause that are asked together: of one cell each by itself, of a list all on the same cell.
fn together(clause: &Clause) -> Vec<&Tests> {
    match clause {
        Clause::Cells { over, tests, .. } if over.is_many() => vec![tests],
        Clause::Cells { tests, .. } => tests.iter().map(std::slice::from_ref).collect(),
        Clause::Count { .. } | Clause::Across(_) => vec![],
    }
}

/// Cells that some clause treats differently from the others, with at least one value.
fn cells(field: Field, clauses: &[(usize, &Clause)]) -> Bounded<Vec<Found>> {
    let placed: Vec<&Tests> =
        clauses.iter().flat_map(|(_, clause)| together(clause)).filter(|tests| is_placed(field, tests)).collect();
    let turns: Vec<Value> =
        placed.iter().flat_map(|tests| tests.iter()).flat_map(|(_, test)| test.turns().unwrap_or_default()).collect();
    let values = values(field.ty(), &turns);
    if values.len() > MOST_VALUES {
        return Err(TooLarge);
    }
    let mut seen = BTreeSet::new();
    let values = values.into_iter().map(Found::Value);
    let mut alike = |found: &Found| seen.insert((matches!(found, Found::Value(_)), treated(field, &placed, found)));
    Ok(values.chain(missing().map(Found::Missing)).filter(|found| alike(found)).collect())
}

fn treated(field: Field, placed: &[&Tests], found: &Found) -> Vec<Truth> {
    placed.iter().map(|tests| truth(field, tests, found)).collect()
}

/// The truth of tests that are placed, by the slow reading.
fn truth(field: Field, tests: &Tests, found: &Found) -> Truth {
    let nothing = Record::default();
    let reading = Reading::new(&nothing, &[]);
    let here = Here { reading: &reading, field, position: 0 };
    let one = |(_, test): &(Field, Arc<dyn Operator>)| match found {
        Found::Value(value) => test.holds(value.borrowed(), &here),
        Found::Missing(state) => test.holds_missing(*state),
    };
    tests.iter().map(one).min().unwrap_or(Truth::Unknown)
}

/// Values of a type such that every other value lies with one of them between the same turns.
fn values(ty: Type, turns: &[Value]) -> Vec<Value> {
    match ty {
        Type::Term(vocabulary) => {
            (0..vocabulary.terms.len()).filter_map(|at| u8::try_from(at).ok()).map(Value::Term).collect()
        }
        Type::Flag => vec![Value::Flag(false), Value::Flag(true)],
        Type::Object => vec![Value::Object],
        Type::Number => {
            let numbers =
                turns.iter().filter_map(|value| if let Value::Number(number) = value { Some(*number) } else { None });
            around(numbers).into_iter().map(Value::Number).collect()
        }
        Type::Date => {
            let edges = turns.iter().filter_map(|value| if let Value::Date(date) = value { Some(*date) } else { None });
            let days = around(edges.flat_map(|date| [i64::from(date.first), i64::from(date.last)]));
            let days: Vec<i32> = days.into_iter().filter_map(|day| i32::try_from(day).ok()).collect();
            let from = |(at, first): (usize, &i32)| days[at..].iter().map(|last| (*first, *last)).collect::<Vec<_>>();
            // A date that may be several days is an answer too.
            let spans = days.iter().enumerate().take(MOST_VALUES).flat_map(from);
            spans.map(|(first, last)| Value::Date(PartialDate { first, last })).take(MOST_VALUES + 1).collect()
        }
        Type::Country => {
            let other = Value::Country(Country::from_packed(0));
            turns.iter().cloned().chain([other]).collect()
        }
        Type::Text => {
            let longest = turns.iter().map(|value| if let Value::Text(text) = value { text.as_str() } else { "" });
            let other = format!("{}x", longest.collect::<String>());
            turns.iter().cloned().chain([Value::Text(other)]).take(MOST_VALUES + 1).collect()
        }
    }
}

/// Numbers, and those next to them.
fn around(numbers: impl Iterator<Item = i64>) -> BTreeSet<i64> {
    let near = numbers.flat_map(|number| [number.saturating_sub(1), number, number.saturating_add(1)]);
    let near: BTreeSet<i64> = near.collect();
    if near.is_empty() { BTreeSet::from([0]) } else { near }
}

/// Questions of their own, each once: whether tests hold of any cell or of all.
#[derive(Default)]
struct Own {
    known: BTreeMap<(bool, Vec<TestId>), Diagram>,
}

impl Own {
    fn ask(&mut self, all: bool, tests: &Tests, diagrams: &mut Diagrams) -> Bounded {
        let what = (all, identities(tests));
        if let Some(known) = self.known.get(&what) {
            return Ok(*known);
        }
        let question = diagrams.question()?;
        let answers = [Truth::No, Truth::Unknown, Truth::Yes].map(Diagram::of).to_vec();
        let diagram = diagrams.ask(question, answers);
        self.known.insert(what, diagram);
        Ok(diagram)
    }
}

/// Clauses on a field of one cell.
fn single(
    (field, cells): (Field, &[Found]),
    clauses: &[(usize, &Clause)],
    diagrams: &mut Diagrams,
) -> Bounded<Vec<(usize, Diagram)>> {
    let question = diagrams.question()?;
    let mut own = Own::default();
    let mut all = vec![];
    for (at, clause) in clauses {
        let mut diagram = Diagram::of(Truth::Yes);
        for tests in together(clause) {
            let placed = is_placed(field, tests);
            let wording = if placed { None } else { Some(own.ask(false, tests, diagrams)?) };
            let answer = |found: &Found| match (found, wording) {
                (Found::Value(_), Some(wording)) => wording,
                _ => Diagram::of(truth(field, tests, found)),
            };
            let answers = cells.iter().map(answer).collect();
            let one = diagrams.ask(question, answers);
            diagram = diagrams.and(diagram, one)?;
        }
        all.push((*at, diagram));
    }
    Ok(all)
}

/// Clauses on a list: its state and length, and which kinds of cells it has.
fn list(cells: &[Found], clauses: &[(usize, &Clause)], diagrams: &mut Diagrams) -> Bounded<Vec<(usize, Diagram)>> {
    let question = diagrams.question()?;
    let lengths: Vec<i64> = around(clauses.iter().flat_map(|(_, clause)| match clause {
        Clause::Count { bounds, .. } => bounds.edges(),
        Clause::Cells { .. } | Clause::Across(_) => vec![],
    }))
    .into_iter()
    .chain([1])
    .filter(|length| *length > 0)
    .collect::<BTreeSet<i64>>()
    .into_iter()
    .collect();
    if lengths.len() > MOST_VALUES {
        return Err(TooLarge);
    }
    let mut own = Own::default();
    let mut has: Vec<Diagram> = vec![];
    let mut all = vec![];
    for (at, clause) in clauses {
        let diagram = match clause {
            Clause::Across(_) => Diagram::of(Truth::Unknown),
            Clause::Count { bounds, .. } => {
                let counted = lengths.iter().map(|length| Diagram::of(bounds.hold(*length, *length)));
                let answers = counted.chain(missing().map(|_| Diagram::of(Truth::Unknown))).collect();
                diagrams.ask(question, answers)
            }
            Clause::Cells { over, quantifier, tests } => {
                let filled = if is_placed(*over, tests) {
                    if has.is_empty() {
                        for _ in cells {
                            let question = diagrams.question()?;
                            has.push(diagrams.ask(question, vec![Diagram::of(Truth::No), Diagram::of(Truth::Yes)]));
                        }
                    }
                    over_cells(*quantifier, &treated_each(*over, tests, cells), &has, diagrams)?
                } else {
                    // That none holds is that not one does.
                    let all = *quantifier == Quantifier::All;
                    own.ask(all, tests, diagrams)?
                };
                let empty = |state| {
                    let each = tests.iter().map(|(_, test)| test.holds_missing(state)).min();
                    each.unwrap_or(Truth::Unknown)
                };
                let answers = lengths.iter().map(|_| filled).chain(missing().map(|state| Diagram::of(empty(state))));
                let diagram = diagrams.ask(question, answers.collect());
                if *quantifier == Quantifier::None { diagrams.not(diagram)? } else { diagram }
            }
        };
        all.push((*at, diagram));
    }
    Ok(all)
}

fn treated_each(over: Field, tests: &Tests, cells: &[Found]) -> Vec<Truth> {
    cells.iter().map(|found| truth(over, tests, found)).collect()
}

/// Any or all of the cells, of which kinds there are.
fn over_cells(quantifier: Quantifier, truths: &[Truth], has: &[Diagram], diagrams: &mut Diagrams) -> Bounded {
    let all = quantifier == Quantifier::All;
    let mut diagram = Diagram::of(Truth::of(all));
    for (truth, has) in truths.iter().zip(has).rev() {
        let truth = Diagram::of(*truth);
        diagram = if all {
            let lacks = diagrams.not(*has)?;
            let one = diagrams.or(lacks, truth)?;
            diagrams.and(one, diagram)?
        } else {
            let one = diagrams.and(*has, truth)?;
            diagrams.or(one, diagram)?
        };
    }
    Ok(diagram)
}
