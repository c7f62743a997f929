//! Conditions that can never hold, can never fail, or have a part that changes nothing: by the truth table over what the
//! rule asks, missing values included.

use rayon::prelude::*;

use super::diagram::{Bounded, Diagram, TooLarge};
use super::table::{Around, Join, Table};
use super::{Lint, Subject};
use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::operator::Truth;
use crate::rule::spec::{Body, RuleSpec};
use crate::rule::{Expr, Rule};

pub(super) const NEVER_YES: Lint =
    Lint { code: Code::NeverYes, find: |subject, found| each_table(subject, found, never_yes) };

pub(super) const NEVER_NO: Lint =
    Lint { code: Code::NeverNo, find: |subject, found| each_table(subject, found, never_no) };

pub(super) const NO_EFFECT: Lint =
    Lint { code: Code::NoEffect, find: |subject, found| each_table(subject, found, no_effect) };

pub(super) const SCOPE_NEVER: Lint =
    Lint { code: Code::ScopeNever, find: |subject, found| each_table(subject, found, scope_never) };

/// What a lint finds in the conditions of a rule.
type Find = fn(&mut Table<'_>) -> Bounded<Vec<Diagnostic>>;

/// Looks at the tables of each rule: one of scope and body, one of what it requires.
fn each_table(subject: &Subject<'_>, found: &mut Diagnostics, find: Find) {
    let rules: Vec<(&RuleSpec, &Rule)> = subject.each().collect();
    let of_rule = |(spec, rule): &(&RuleSpec, &Rule)| {
        let scope = rule.scope.as_ref().zip(spec.scope.as_ref().map(|(_, span)| *span));
        let requires = rule.requires.as_ref().zip(spec.requires.as_ref().map(|(_, span)| *span));
        let body: Vec<(&Expr, Span)> = scope.into_iter().chain([(&rule.body, body_span(spec))]).collect();
        let through = matches!(spec.body, Body::Detection { .. });
        let mut problems = look(subject, spec, &body, through, find);
        problems.extend(look(subject, spec, &requires.into_iter().collect::<Vec<_>>(), false, find));
        problems.into_iter().map(|problem| problem.rule(&spec.id)).collect::<Vec<_>>()
    };
    let problems: Vec<Vec<Diagnostic>> = rules.par_iter().map(of_rule).collect();
    found.extend(problems.into_iter().flatten());
}

/// Conditions too large for a table are looked at without what the concepts in them ask, or not at all.
fn look<'a>(
    subject: &Subject<'a>,
    spec: &'a RuleSpec,
    conditions: &[(&'a Expr, Span)],
    through: bool,
    find: Find,
) -> Vec<Diagnostic> {
    let attempt = |through| Table::new(subject, spec, conditions, through).and_then(|mut table| find(&mut table));
    match attempt(through) {
        Err(TooLarge) if through => attempt(false).unwrap_or_default(),
        result => result.unwrap_or_default(),
    }
}

fn body_span(spec: &RuleSpec) -> Span {
    match &spec.body {
        Body::Composite { condition: (_, span) } | Body::Detection { condition: Some((_, span)), .. } => *span,
        Body::Detection { selections, .. } => selections.first().map_or(spec.id_span, |(_, span, _)| *span),
        Body::Correlation { .. } | Body::Filter(_) => spec.id_span,
    }
}

fn never_yes(table: &mut Table<'_>) -> Bounded<Vec<Diagnostic>> {
    let mut found = vec![];
    for (expr, span) in table.conditions.clone() {
        let diagram = table.diagram(expr)?;
        if !table.diagrams.reaches(diagram, Truth::Yes) {
            let problem = Diagnostic::new(Code::NeverYes, "no record can meet this").at(span);
            found.push(problem.help("look for parts that exclude each other; alternatives are joined by `or`"));
        }
    }
    Ok(found)
}

fn never_no(table: &mut Table<'_>) -> Bounded<Vec<Diagnostic>> {
    let mut found = vec![];
    for (expr, span) in table.conditions.clone() {
        let diagram = table.diagram(expr)?;
        if !table.diagrams.reaches(diagram, Truth::No) {
            let problem = Diagnostic::new(Code::NeverNo, "every record meets this, or is unknown").at(span);
            found
                .push(problem.help("to ask whether there is a value write `known = true`; else correct what is asked"));
        }
    }
    Ok(found)
}

fn scope_never(table: &mut Table<'_>) -> Bounded<Vec<Diagnostic>> {
    let [(scope, span), (body, place)] = *table.conditions else { return Ok(vec![]) };
    let (scope, body) = (table.diagram(scope)?, table.diagram(body)?);
    let both = table.diagrams.and(scope, body)?;
    let each = [scope, body].iter().all(|one| table.diagrams.reaches(*one, Truth::Yes));
    if !each || table.diagrams.reaches(both, Truth::Yes) {
        return Ok(vec![]);
    }
    let problem = Diagnostic::new(Code::ScopeNever, "what the rule looks for lies outside its scope").at(span);
    let problem = problem.also(place, "no record of the scope meets this");
    Ok(vec![problem.help("widen the scope, or take it out of the condition")])
}

fn no_effect(table: &mut Table<'_>) -> Bounded<Vec<Diagnostic>> {
    let mut found = vec![];
    for (expr, span) in table.conditions.clone() {
        // What decides alone is told as such, not part by part.
        let whole = table.diagram(expr)?;
        if [Truth::Yes, Truth::No].into_iter().all(|truth| table.diagrams.reaches(whole, truth)) {
            idle_parts(table, expr, &Around { span, selection: None }, &mut found)?;
        }
    }
    Ok(found)
}

/// Parts of an `and` or `or` without which it means the same. Of two that make each other idle the later one is told.
fn idle_parts(table: &mut Table<'_>, expr: &Expr, around: &Around<'_>, found: &mut Vec<Diagnostic>) -> Bounded<()> {
    let around = match expr {
        Expr::Named(name, _) => &Around { selection: Some(name), ..*around },
        _ => around,
    };
    if let Expr::All(parts) | Expr::Any(parts) = expr {
        let join = if matches!(expr, Expr::All(_)) { Join::All } else { Join::Any };
        let each = parts.iter().map(|part| table.diagram(part)).collect::<Bounded<Vec<Diagram>>>()?;
        let mut before = vec![join.of_none()];
        for diagram in &each {
            let last = before.last().copied().unwrap_or(join.of_none());
            before.push(table.join(join, last, *diagram)?);
        }
        let all = before.pop().unwrap_or(join.of_none());
        let mut after = join.of_none();
        for ((part, diagram), before) in parts.iter().zip(&each).zip(&before).rev() {
            if parts.len() > 1 && table.join(join, *before, after)? == all {
                let word = if matches!(join, Join::All) { "and" } else { "or" };
                let message = format!("`{}` changes nothing in this `{word}`", table.shown(part));
                let problem = Diagnostic::new(Code::NoEffect, message).at(table.place(part, around));
                found.push(problem.help("take it out, or correct it; the rest says the same without it"));
            } else {
                after = table.join(join, *diagram, after)?;
            }
        }
    }
    expr.children().iter().try_for_each(|part| idle_parts(table, part, around, found))
}
