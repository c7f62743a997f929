//! One record read by one rule, step by step, in plain words: for `article3 explain`.

use crate::operator::{Found, Truth};
use crate::rule::{Expr, Judgement};

/// One step of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// How deep it stands.
    pub depth: usize,
    /// The question, in plain words.
    pub asks: String,
    /// The answer.
    pub truth: Truth,
    /// For an open question, what is missing; for a text that was found, the words; for one read by sentences, why its
    /// matches count or do not.
    pub because: Vec<String>,
}

/// The steps of a rule's scope and body; of a filter's scope and what it suppresses.
#[must_use]
pub fn trace(judgement: &Judgement<'_>, rule: usize) -> Vec<Step> {
    let (at, rules) = (rule, &judgement.rules().rules);
    let rule = &rules[at];
    let mut steps = vec![];
    for expr in rule.scope.iter().chain(rule.filter.is_none().then_some(&rule.body)) {
        step(judgement, expr, 0, &mut steps);
    }
    for suppressed in rule.filter.iter().flat_map(|filter| &filter.suppresses) {
        steps.push(Step {
            depth: 0,
            asks: format!("the rule {} says yes for the reasons that were looked at", rules[*suppressed].id),
            truth: Truth::of(judgement.is_suppressed_by(*suppressed, at)),
            because: vec![],
        });
    }
    steps
}

fn step(judgement: &Judgement<'_>, expr: &Expr, depth: usize, into: &mut Vec<Step>) {
    let truth = judgement.truth(expr);
    let mut push = |asks: String, because: Vec<String>| into.push(Step { depth, asks, truth, because });
    match expr {
        Expr::Clause(at) => {
            let clause = judgement.clause(*at);
            let mut because: Vec<String> = match truth {
                Truth::Unknown => clause
                    .reasons(judgement.reading())
                    .into_iter()
                    .map(|reason| format!("`{}` is {}", reason.field.path(), state_in_words(reason.state)))
                    .chain(clause.silent(judgement.reading()))
                    .collect(),
                Truth::Yes => matched(judgement, expr),
                Truth::No => vec![],
            };
            because.extend(clause.remarks(judgement.reading()));
            push(clause.describe(), because);
        }
        Expr::Rule(at) => push(format!("the rule {} holds", judgement.rules().rules[*at].id), vec![]),
        Expr::Named(name, inner) => {
            push(format!("{name}:"), vec![]);
            step(judgement, inner, depth + 1, into);
        }
        Expr::Not(inner) => {
            push("it is not so that".to_owned(), vec![]);
            step(judgement, inner, depth + 1, into);
        }
        Expr::AssumeNo(inner) => {
            push("as far as the record says".to_owned(), vec![]);
            step(judgement, inner, depth + 1, into);
        }
        Expr::All(parts) | Expr::Any(parts) | Expr::AtLeast(_, parts) => {
            push(
                match expr {
                    Expr::All(_) => "all of these hold".to_owned(),
                    Expr::AtLeast(wanted, _) => format!("at least {wanted} of these hold"),
                    _ => "at least one of these holds".to_owned(),
                },
                vec![],
            );
            parts.iter().for_each(|part| step(judgement, part, depth + 1, into));
        }
    }
}

/// What made a clause hold: the words that were found, and the rows of tables.
fn matched(judgement: &Judgement<'_>, expr: &Expr) -> Vec<String> {
    let rows = judgement.places(expr).into_iter().filter_map(|place| place.found.filter(Found::is_row));
    let rows = rows.map(|found| format!("{}: {}", found.list.as_deref().unwrap_or_default(), found.entry));
    judgement.matched_texts(expr).into_iter().map(|text| format!("“{text}”")).chain(rows).collect()
}

/// A state in plain words.
#[must_use]
pub fn state_in_words(state: crate::record::State) -> &'static str {
    match state {
        crate::record::State::Value => "there, but not precise enough to tell",
        crate::record::State::Blank => "left empty",
        crate::record::State::Withheld => "withheld",
        crate::record::State::Invalid => "unreadable",
        crate::record::State::NotCarried => "not carried by this source",
    }
}
