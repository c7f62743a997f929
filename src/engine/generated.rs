//! Checks that need no author: every record of every test is turned into others of which the verdict is known.
//!
//! * A value that is taken away never turns a verdict into a different definite one: missing is unknown, not the opposite.
//!   A rule that asks whether there is a value at all, or that reads a field under `assume`, is exempt for that field.
//! * The order of a list changes no verdict.
//! * All records judged together by columns, in any order, get the verdicts that the plain reading gives each alone.
//!
//! In go rules whose own tests pass, out come counts and a problem for each rule and field that breaks one of these.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::evaluate::evaluate;
use super::plan::Plan;
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::record::{Field, Leaf, Missing, Record, Type};
use crate::rule::{Clause, Expr, Kind, RuleSet, RuleTest, Verdict, fits, judge};
use crate::table::{Origin, TableBuilder};

/// What came of the checks.
#[derive(Debug, Default)]
pub struct Generated {
    /// How many verdicts were compared.
    pub checks: usize,
    /// How many were not, because the rule asks about the state of the field or assumes it.
    pub exempt: usize,
    /// What is wrong.
    pub problems: Diagnostics,
}

impl Generated {
    fn and(mut self, other: Self) -> Self {
        self.checks += other.checks;
        self.exempt += other.exempt;
        self.problems.extend(other.problems);
        self
    }
}

/// The ways in which a value is taken away.
const MISSING: [Missing; 3] = [Missing::Blank, Missing::Withheld, Missing::NotCarried];

const OF_THE_RULE: &str = "a missing value leaves a verdict open and never turns it; ask with `known` whether there is one, \
                           or say with `assume = \"no\"` that silence counts";
const OF_THE_PROGRAM: &str = "this is a fault of the program and not of the rule; please report it";

/// Checks the rules whose id fits the pattern, on the records of their tests.
#[must_use]
pub fn generated(plan: &Plan, only: Option<&str>) -> Generated {
    let rules = plan.rules();
    let chosen: Vec<usize> =
        (0..rules.rules.len()).filter(|at| only.is_none_or(|only| fits(only, &rules.rules[*at].id))).collect();
    // What is looked at anew ends a suppression, and is meant to.
    let of_law = |at: &&usize| rules.rules[**at].kind != Kind::Filter;
    let alone = chosen
        .par_iter()
        .filter(of_law)
        .map(|at| Subject::new(rules, *at).check())
        .reduce(Generated::default, Generated::and);
    alone.and(together(plan, &chosen))
}

/// A rule and what it looks at, also through the rules it builds on.
struct Subject<'a> {
    rules: &'a RuleSet,
    at: usize,
    reads: BTreeSet<Field>,
    exempt: BTreeSet<Field>,
}

impl<'a> Subject<'a> {
    fn new(rules: &'a RuleSet, at: usize) -> Self {
        let mut subject = Self { rules, at, reads: BTreeSet::new(), exempt: BTreeSet::new() };
        subject.rule(at, false, &mut BTreeSet::new());
        subject
    }

    fn rule(&mut self, at: usize, assumed: bool, seen: &mut BTreeSet<(usize, bool)>) {
        if seen.insert((at, assumed)) {
            let rule = &self.rules.rules[at];
            rule.scope.iter().chain([&rule.body]).for_each(|expr| self.expr(expr, assumed, seen));
        }
    }

    fn expr(&mut self, expr: &Expr, assumed: bool, seen: &mut BTreeSet<(usize, bool)>) {
        match expr {
            Expr::Clause(at) => self.clause(&self.rules.clauses[*at], assumed),
            Expr::Rule(at) => self.rule(*at, assumed, seen),
            Expr::AssumeNo(inner) => self.expr(inner, true, seen),
            _ => expr.children().iter().for_each(|part| self.expr(part, assumed, seen)),
        }
    }

    fn clause(&mut self, clause: &Clause, assumed: bool) {
        let fields = clause.fields();
        self.reads.extend(&fields);
        if assumed {
            self.exempt.extend(&fields);
        }
        if let Clause::Across(across) = clause {
            self.exempt.extend(across.assumed());
        }
        if let Clause::Cells { tests, .. } = clause {
            let of_state = tests.iter().filter(|(_, test)| test.asks_about_state());
            self.exempt.extend(of_state.map(|(field, _)| *field));
        }
    }

    fn check(&self) -> Generated {
        let mut all = Generated::default();
        let mut told = BTreeSet::new();
        for test in &self.rules.rules[self.at].tests {
            let verdict = self.verdict(test, &test.given);
            for (field, _) in test.given.leaves().filter(|(field, _)| !field.spec().derived) {
                let touched = touched(field);
                if touched.is_disjoint(&self.reads) {
                    continue;
                }
                let mut variants = reordered(&test.given, field);
                if touched.is_disjoint(&self.exempt) {
                    variants.extend(MISSING.iter().map(|missing| without(&test.given, field, missing)));
                } else {
                    all.exempt += MISSING.len();
                }
                all.checks += variants.len();
                for variant in variants {
                    let other = self.verdict(test, &variant.record);
                    let open = variant.may_open
                        && [verdict, other].iter().any(|it| matches!(it, Verdict::Unknown | Verdict::Suppressed));
                    if other != verdict && !open && told.insert(field) {
                        let help = if variant.may_open { OF_THE_RULE } else { OF_THE_PROGRAM };
                        all.problems.push(self.problem(test, &variant.how, (verdict, other)).help(help));
                    }
                }
            }
        }
        all
    }

    fn verdict(&self, test: &RuleTest, record: &Record) -> Verdict {
        test.judge(self.rules, self.at, record).verdict(self.at)
    }

    fn problem(&self, test: &RuleTest, how: &str, (from, to): (Verdict, Verdict)) -> Diagnostic {
        let message = format!("the verdict goes from {} to {} where {how}", from.word(), to.word());
        let problem = Diagnostic::new(Code::GeneratedCheck, message).rule(&*self.rules.rules[self.at].id);
        match self.rules.place(self.at) {
            Some(place) => problem.at(place).also(test.span, "in the record of this test"),
            None => problem.at(test.span),
        }
    }
}

/// A record made from that of a test.
struct Variant {
    record: Record,
    /// What is different.
    how: String,
    /// Whether the verdict may be open instead.
    may_open: bool,
}

/// A record without a value in a field.
fn without(given: &Record, field: Field, missing: &Missing) -> Variant {
    let how = format!("`{}` is {}", field.path(), missing.state().name());
    Variant { record: taken_away(given, field, missing), how, may_open: true }
}

/// A record with a list in other orders; none for what is no list, and for fields of the objects of one.
fn reordered(given: &Record, field: Field) -> Vec<Variant> {
    if !field.is_many() || field.list().is_some() {
        return vec![];
    }
    let variant = |order: Vec<usize>| {
        let how = format!("`{}` is in another order", field.path());
        Variant { record: in_order(given, field, &order), how, may_open: false }
    };
    orders(given.leaf(field).cells().len()).into_iter().map(variant).collect()
}

/// The fields that change when a field is taken away: what stands in it, and what is computed from it.
fn touched(field: Field) -> BTreeSet<Field> {
    let mut touched: BTreeSet<Field> = [field].into_iter().chain(field.children()).collect();
    if touched.contains(&Field::CHARGES_TEXT) || touched.contains(&Field::CHARGES_TRANSLATION) {
        touched.insert(Field::CHARGES_WORDING);
    }
    touched
}

/// A record without a value in a field and, for a list of objects, in the fields of these.
fn taken_away(record: &Record, field: Field, missing: &Missing) -> Record {
    let mut record = record.clone();
    for field in [field].into_iter().chain(field.children()) {
        let nothing = Err(missing.clone());
        record.set(field, if field.is_many() { Leaf::Many(nothing) } else { Leaf::One(Err(missing.clone())) });
    }
    record.derive();
    record
}

/// Other orders of a list: backwards, and begun elsewhere.
fn orders(length: usize) -> Vec<Vec<usize>> {
    let backwards = (0..length).rev().collect();
    let turned = (0..length).map(|at| (at + 1) % length).collect();
    match length {
        0 | 1 => vec![],
        2 => vec![backwards],
        _ => vec![backwards, turned],
    }
}

/// A record with a list in another order.
fn in_order(record: &Record, list: Field, order: &[usize]) -> Record {
    let mut record = record.clone();
    for field in [list].into_iter().chain(if list.ty() == Type::Object { list.children().collect() } else { vec![] }) {
        if let Leaf::Many(Ok(cells)) = record.leaf(field) {
            let cells = order.iter().filter_map(|at| cells.get(*at).cloned()).collect();
            record.set(field, Leaf::Many(Ok(cells)));
        }
    }
    record
}

/// All records of the tests of some rules in one table, in several orders, read by columns and one by one.
fn together(plan: &Plan, chosen: &[usize]) -> Generated {
    let rules = plan.rules();
    let tests: Vec<&RuleTest> = chosen.iter().flat_map(|at| &rules.rules[*at].tests).collect();
    let plain: Vec<Vec<Verdict>> = tests.par_iter().map(|test| judge(rules, &test.given).verdicts).collect();
    let mut all = Generated::default();
    let mut told = BTreeSet::new();
    for order in [(0..tests.len()).collect()].into_iter().chain(orders(tests.len())) {
        let mut builder = TableBuilder::default();
        order.iter().for_each(|at| builder.push(&tests[*at].given, Origin::default()));
        let Ok(table) = builder.finish() else { continue };
        let found = evaluate(plan, &table.columns());
        for (row, test) in order.into_iter().enumerate() {
            for rule in chosen {
                all.checks += 1;
                let (alone, by_columns) = (plain[test][*rule], found.verdict(*rule, row));
                if alone != by_columns && told.insert(*rule) {
                    let subject = Subject::new(rules, *rule);
                    let problem = subject.problem(tests[test], "records are read together", (alone, by_columns));
                    all.problems.push(problem.help(OF_THE_PROGRAM));
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::State;

    #[test]
    fn no_order_is_the_order_of_the_list() {
        for length in 2..6 {
            let own: Vec<usize> = (0..length).collect();
            for order in orders(length) {
                assert_ne!(order, own);
                assert_eq!(order.iter().collect::<BTreeSet<_>>().len(), length);
            }
        }
    }

    #[test]
    fn what_is_taken_away_is_missing_as_a_whole() {
        let mut record = Record::default();
        let charge = |text: &str| Ok(crate::record::Value::Text(text.to_owned()));
        let list = Field::named("charges").expect("a field");
        record.set(list, Leaf::Many(Ok(vec![Ok(crate::record::Value::Object)])));
        record.set(Field::CHARGES_TEXT, Leaf::Many(Ok(vec![charge("a")])));
        record.set(Field::CHARGES_TRANSLATION, Leaf::Many(Ok(vec![charge("b")])));
        record.derive();
        let without = taken_away(&record, list, &Missing::Withheld);
        for field in [list, Field::CHARGES_TEXT, Field::CHARGES_TRANSLATION, Field::CHARGES_WORDING] {
            assert_eq!(without.leaf(field).state(), State::Withheld, "{}", field.path());
        }
        let without = taken_away(&record, Field::CHARGES_TEXT, &Missing::NotCarried);
        assert_eq!(without.leaf(Field::CHARGES_WORDING), &Leaf::Many(Ok(vec![charge("b")])));
    }
}
