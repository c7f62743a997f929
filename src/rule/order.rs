//! Which rules build on which: an order to read them in, circles, and rules that fall with those they build on.

use std::collections::BTreeSet;

use super::check::Checker;
use super::{Expr, Rule};
use crate::diag::{Code, Diagnostic};

impl Checker<'_> {
    /// Rules in an order in which each stands after those it builds on, and the rules of which that cannot be said.
    pub(super) fn order(&mut self, rules: &[Option<Rule>]) -> (Vec<usize>, Vec<usize>) {
        let needs: Vec<BTreeSet<usize>> =
            rules.iter().map(|rule| rule.as_ref().map(named_rules).unwrap_or_default()).collect();
        let needed_by = turned(&needs);
        let mut open: Vec<usize> = needs.iter().map(BTreeSet::len).collect();
        let mut order = vec![];
        let mut next: BTreeSet<usize> = (0..rules.len()).filter(|at| open[*at] == 0).collect();
        while !next.is_empty() {
            let layer = std::mem::take(&mut next);
            for user in layer.iter().flat_map(|at| &needed_by[*at]) {
                open[*user] -= 1;
                if open[*user] == 0 {
                    next.insert(*user);
                }
            }
            order.extend(layer);
        }
        let in_circle: Vec<usize> = (0..rules.len()).filter(|at| open[*at] > 0).collect();
        self.circles(&in_circle, &needs, &needed_by);
        (order, in_circle)
    }

    /// Reports each circle once.
    fn circles(&mut self, in_circle: &[usize], needs: &[BTreeSet<usize>], needed_by: &[BTreeSet<usize>]) {
        let mut told = BTreeSet::new();
        for at in in_circle {
            if told.contains(at) {
                continue;
            }
            let circle: Vec<usize> = reach(needs, *at).intersection(&reach(needed_by, *at)).copied().collect();
            // A rule that only builds on a circle goes with it, and is not what has to be mended.
            if circle.is_empty() {
                continue;
            }
            told.extend(circle.iter().copied());
            let spec = &self.specs[*at];
            let others = circle.iter().filter(|other| *other != at).map(|other| &self.specs[*other]);
            let names: Vec<String> = others.clone().map(|other| format!("`{}`", other.id)).collect();
            let message = match names.is_empty() {
                true => format!("`{}` builds on itself", spec.id),
                false => format!("`{}` builds on itself through {}", spec.id, names.join(", ")),
            };
            let mut problem = Diagnostic::new(Code::RuleCycle, message).at(spec.id_span).rule(&spec.id);
            for other in others {
                problem = problem.also(other.id_span, "on the same circle");
            }
            self.found.push(problem.help("take one of the references out of a condition or a `requires`"));
        }
    }
}

/// For each rule the rules whose verdicts build on its own, directly or through others, in an order of all rules.
pub(super) fn dependents(rules: &[Rule], order: &[usize]) -> Vec<Vec<usize>> {
    let users = turned(&rules.iter().map(verdict_needs).collect::<Vec<_>>());
    let mut place = vec![0; rules.len()];
    order.iter().enumerate().for_each(|(at, rule)| place[*rule] = at);
    let of = |rule| {
        let mut reached: Vec<usize> = reach(&users, rule).into_iter().collect();
        reached.sort_unstable_by_key(|at| place[*at]);
        reached
    };
    (0..rules.len()).map(of).collect()
}

/// For each rule those that need it, from those that each needs.
fn turned(needs: &[BTreeSet<usize>]) -> Vec<BTreeSet<usize>> {
    let mut needed_by = vec![BTreeSet::new(); needs.len()];
    for (at, needs) in needs.iter().enumerate() {
        for need in needs {
            needed_by[*need].insert(at);
        }
    }
    needed_by
}

/// The rules that can be reached from a rule over one reference or more.
fn reach(needs: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<usize> = needs[from].iter().copied().collect();
    while let Some(at) = next.pop() {
        if reached.insert(at) {
            next.extend(&needs[at]);
        }
    }
    reached
}

/// The rules a rule names: in its conditions, as what it suppresses.
pub(super) fn named_rules(rule: &Rule) -> BTreeSet<usize> {
    let mut named = rule.builds_on();
    named.extend(rule.filter.iter().flat_map(|filter| &filter.suppresses));
    named
}

/// The rules whose verdicts a rule's own verdict builds on.
pub(super) fn verdict_needs(rule: &Rule) -> BTreeSet<usize> {
    rule.scope.iter().chain([&rule.body]).flat_map(Expr::rules).collect()
}

impl Rule {
    /// The rules that its conditions name: its scope, its body and what it requires.
    #[must_use]
    pub fn builds_on(&self) -> BTreeSet<usize> {
        self.scope.iter().chain([&self.body]).chain(&self.requires).flat_map(Expr::rules).collect()
    }
}

impl Expr {
    /// The rules it names.
    fn rules(&self) -> BTreeSet<usize> {
        let mut named = BTreeSet::new();
        self.walk(&mut |part| {
            if let Self::Rule(at) = part {
                named.insert(*at);
            }
        });
        named
    }
}

/// Takes out rules that are not sound and renumbers the rest. A rule that builds on one that is not sound goes too.
pub(super) fn without_gaps(mut rules: Vec<Option<Rule>>, order: &[usize]) -> (Vec<Rule>, Vec<usize>) {
    for at in order {
        let broken =
            rules[*at].as_ref().is_some_and(|rule| named_rules(rule).iter().any(|need| rules[*need].is_none()));
        if broken {
            rules[*at] = None;
        }
    }
    let mut to = vec![None; rules.len()];
    let mut next = 0;
    for (at, rule) in rules.iter().enumerate() {
        if rule.is_some() {
            to[at] = Some(next);
            next += 1;
        }
    }
    let mut kept: Vec<Rule> = rules.into_iter().flatten().collect();
    for rule in &mut kept {
        for expr in rule.scope.iter_mut().chain([&mut rule.body]).chain(&mut rule.requires) {
            renumber(expr, &to);
        }
        for at in rule.filter.iter_mut().flat_map(|filter| &mut filter.suppresses) {
            *at = to[*at].unwrap_or(*at);
        }
    }
    (kept, order.iter().filter_map(|at| to[*at]).collect())
}

fn renumber(expr: &mut Expr, to: &[Option<usize>]) {
    match expr {
        Expr::Rule(at) => *at = to[*at].unwrap_or(*at),
        Expr::Clause(_) => {}
        Expr::Named(_, inner) | Expr::Not(inner) | Expr::AssumeNo(inner) => renumber(inner, to),
        Expr::All(parts) | Expr::Any(parts) | Expr::AtLeast(_, parts) => {
            parts.iter_mut().for_each(|part| renumber(part, to));
        }
    }
}
