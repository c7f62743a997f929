//! Negations of which no test shows that silence is no no.

use super::table::can_be_unknown;
use super::{Lint, Subject};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::operator::Truth;
use crate::rule::{Clause, Expr, Quantifier, Rule, RuleSet, Verdict};

pub(super) const SILENCE: Lint = Lint { code: Code::SilentNegation, find: silence };

fn silence(subject: &Subject<'_>, found: &mut Diagnostics) {
    for (spec, rule) in subject.each().filter(|(_, rule)| rule.active) {
        let mut negated = vec![];
        negations(subject.rules, &rule.body, &mut negated);
        let open = negated.into_iter().filter(|negated| can_be_unknown(subject, spec, negated));
        let unshown = open.filter(|negated| !is_shown(subject.rules, rule, negated));
        let unshown: Vec<String> = unshown.map(|negated| text(subject.rules, negated)).collect();
        if !unshown.is_empty() {
            let message = "no test expects `unknown` where the value of a negation is missing";
            let problem = Diagnostic::new(Code::SilentNegation, message).at(spec.id_span);
            let help = format!("add tests in which these are unknown: {}", unshown.join("; "));
            found.push(problem.help(help).rule(&spec.id));
        }
    }
}

/// The parts of a condition that say that something is not so.
fn negations<'a>(rules: &RuleSet, expr: &'a Expr, into: &mut Vec<&'a Expr>) {
    match expr {
        // The opt-out is written there for all to see.
        Expr::AssumeNo(_) => {}
        Expr::Not(inner) => into.push(inner),
        Expr::Clause(at) if denies(&rules.clauses[*at]) => into.push(expr),
        _ => expr.children().iter().for_each(|part| negations(rules, part, into)),
    }
}

fn denies(clause: &Clause) -> bool {
    match clause {
        Clause::Count { .. } | Clause::Across(_) => false,
        Clause::Cells { quantifier, tests, .. } => {
            *quantifier == Quantifier::None || tests.iter().any(|(_, test)| test.denies())
        }
    }
}

/// Whether a test expects `unknown` of a record for which the part is unknown.
fn is_shown(rules: &RuleSet, rule: &Rule, negated: &Expr) -> bool {
    rule.tests.iter().filter(|test| test.expect == Verdict::Unknown).any(|test| {
        let at = rules.position(&rule.id);
        at.is_some_and(|at| test.judge(rules, at, &test.given).truth(negated) == Truth::Unknown)
    })
}

fn text(rules: &RuleSet, expr: &Expr) -> String {
    match expr {
        Expr::Named(name, _) => format!("`{name}`"),
        Expr::Rule(at) => format!("`{}`", rules.rules[*at].id),
        Expr::Clause(at) => rules.clauses[*at].describe(),
        _ => expr.children().iter().map(|part| text(rules, part)).collect::<Vec<_>>().join(", "),
    }
}
