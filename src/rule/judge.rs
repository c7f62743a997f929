//! The slow reading of a whole rule set on one record, in plain recursion. Tests of rules and explanations use this one;
//! the engine's column reading must say the same.

use std::cell::OnceCell;
use std::sync::Arc;

use super::{Clause, Expr, Link, Place, Reason, Rule, RuleSet};
use crate::operator::{Others, Reading, Truth};
use crate::record::{Row, State, Value};

/// What a rule says of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// A missing value decides.
    Unknown,
    /// The record is outside its scope.
    NotApplicable,
    /// It holds, and somebody who looked at the record found that it is wrong there. It counts as a no.
    Suppressed,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 5] = [Self::Yes, Self::No, Self::Unknown, Self::NotApplicable, Self::Suppressed];

    /// The word used in rules and output.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
            Self::NotApplicable => "not_applicable",
            Self::Suppressed => "suppressed",
        }
    }

    /// What the verdict is to rules that build on it: a rule that does not apply or is suppressed does not say yes.
    #[must_use]
    pub fn truth(self) -> Truth {
        match self {
            Self::Yes => Truth::Yes,
            Self::Unknown => Truth::Unknown,
            Self::No | Self::NotApplicable | Self::Suppressed => Truth::No,
        }
    }

    /// The verdict of a rule from its scope and its body.
    #[must_use]
    pub fn of(scope: Truth, body: Truth) -> Self {
        match (scope, body) {
            (Truth::No, _) => Self::NotApplicable,
            (_, Truth::No) => Self::No,
            (Truth::Yes, Truth::Yes) => Self::Yes,
            _ => Self::Unknown,
        }
    }
}

/// A record read by the slow reading: every verdict, and why.
#[derive(Debug)]
pub struct Judgement<'a> {
    rules: &'a RuleSet,
    /// The clauses of the rules, and those of a rule that stands in for one of them.
    clauses: &'a [Clause],
    instead: Option<(usize, &'a Rule)>,
    reading: Reading<'a>,
    truths: Vec<OnceCell<Truth>>,
    /// The verdict of every rule, in the order of the rule set.
    pub verdicts: Vec<Verdict>,
}

/// Reads a record with every rule, by itself: what others beside it say is unknown.
#[must_use]
pub fn judge<'a>(rules: &'a RuleSet, row: &'a dyn Row) -> Judgement<'a> {
    judged(Judgement::given(rules, row, vec![Verdict::No; rules.rules.len()]))
}

/// Reads a record among others with every rule.
#[must_use]
pub fn judge_among<'a>(rules: &'a RuleSet, row: &'a dyn Row, others: Arc<dyn Others>) -> Judgement<'a> {
    judged(Judgement::given(rules, row, vec![Verdict::No; rules.rules.len()]).among(others))
}

fn judged(mut judgement: Judgement<'_>) -> Judgement<'_> {
    for at in &judgement.rules.order {
        judgement.verdicts[*at] = judgement.verdict(*at);
    }
    judgement
}

impl<'a> Judgement<'a> {
    /// A record whose verdicts are known already. What a rule rests on is read when someone asks for it.
    #[must_use]
    pub fn given(rules: &'a RuleSet, row: &'a dyn Row, verdicts: Vec<Verdict>) -> Self {
        let truths = vec![OnceCell::new(); rules.clauses.len()];
        let reading = Reading::new(row, rules.text_fields());
        Self { rules, clauses: &rules.clauses, instead: None, reading, truths, verdicts }
    }

    /// The same, among other records.
    #[must_use]
    pub fn among(mut self, others: Arc<dyn Others>) -> Self {
        self.reading = self.reading.among(Some(others));
        self
    }

    /// The same, with more clauses than the rules have.
    pub(super) fn with_clauses(mut self, clauses: &'a [Clause]) -> Self {
        self.clauses = clauses;
        self.truths.resize(clauses.len(), OnceCell::new());
        self
    }

    /// Reads with another rule in the place of one.
    pub(super) fn put(&mut self, at: usize, rule: &'a Rule) {
        self.instead = Some((at, rule));
    }

    /// A rule, or the one that stands in for it.
    pub(super) fn rule(&self, at: usize) -> &'a Rule {
        self.instead.filter(|(instead, _)| *instead == at).map_or(&self.rules.rules[at], |(_, rule)| rule)
    }

    /// The rules it was judged by.
    #[must_use]
    pub fn rules(&self) -> &'a RuleSet {
        self.rules
    }

    /// The record being read.
    #[must_use]
    pub fn reading(&self) -> &Reading<'a> {
        &self.reading
    }

    /// A clause of the rule set.
    #[must_use]
    pub fn clause(&self, at: usize) -> &'a Clause {
        &self.clauses[at]
    }

    /// What a rule says, given what the rules it builds on say.
    #[must_use]
    pub fn verdict(&self, rule: usize) -> Verdict {
        let scope = self.rule(rule).scope.as_ref().map_or(Truth::Yes, |scope| self.truth(scope));
        let said = if scope == Truth::No { Verdict::NotApplicable } else { Verdict::of(scope, self.body(rule)) };
        let suppressed = said == Verdict::Yes && self.suppression(rule).is_some();
        if suppressed { Verdict::Suppressed } else { said }
    }

    /// The truth of a rule's body. A filter holds where it suppresses something.
    fn body(&self, rule: usize) -> Truth {
        match &self.rule(rule).filter {
            None => self.truth(&self.rule(rule).body),
            Some(filter) => Truth::of(filter.suppresses.iter().any(|at| self.is_suppressed_by(*at, rule))),
        }
    }

    /// Whether a rule is suppressed, and by this filter.
    #[must_use]
    pub fn is_suppressed_by(&self, rule: usize, filter: usize) -> bool {
        self.verdicts[rule] == Verdict::Suppressed && self.suppression(rule) == Some(filter)
    }

    /// Whether the bits of a rule count: it says yes, and what it requires holds.
    #[must_use]
    pub fn counts(&self, rule: usize) -> Truth {
        let requires = self.rule(rule).requires.as_ref().map_or(Truth::Yes, |requires| self.truth(requires));
        self.verdicts[rule].truth().min(requires)
    }

    /// The truth of an expression.
    #[must_use]
    pub fn truth(&self, expr: &Expr) -> Truth {
        match expr {
            Expr::Clause(at) => *self.truths[*at].get_or_init(|| self.clause(*at).holds(&self.reading)),
            Expr::Rule(at) => self.verdicts[*at].truth(),
            Expr::Named(_, inner) => self.truth(inner),
            Expr::Not(inner) => !self.truth(inner),
            Expr::All(parts) => Truth::all(parts.iter().map(|part| self.truth(part))),
            Expr::Any(parts) => Truth::any(parts.iter().map(|part| self.truth(part))),
            Expr::AtLeast(wanted, parts) => Truth::at_least(*wanted, parts.iter().map(|part| self.truth(part))),
            Expr::AssumeNo(inner) => Truth::of(self.truth(inner) == Truth::Yes),
        }
    }

    /// The missing values that keep a rule from being decided: fields whose value could still change its verdict.
    #[must_use]
    pub fn pivotal(&self, rule: usize) -> Vec<Reason> {
        let mut reasons = vec![];
        self.undecided(rule, &mut |clause| reasons.extend(clause.reasons(&self.reading)));
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    }

    /// What keeps a rule from being decided outside the record: tables that say nothing of its values, in plain words.
    #[must_use]
    pub fn silent(&self, rule: usize) -> Vec<String> {
        let mut silent = vec![];
        self.undecided(rule, &mut |clause| silent.extend(clause.silent(&self.reading)));
        silent.sort_unstable();
        silent.dedup();
        silent
    }

    /// Calls `see` for the clauses that keep a rule from being decided, through the rules it builds on.
    fn undecided(&self, rule: usize, see: &mut dyn FnMut(&Clause)) {
        if self.verdicts[rule] == Verdict::Unknown {
            let rule = self.rule(rule);
            for expr in rule.scope.iter().chain([&rule.body]) {
                self.undecided_parts(expr, see);
            }
        }
    }

    fn undecided_parts(&self, expr: &Expr, see: &mut dyn FnMut(&Clause)) {
        if self.truth(expr) != Truth::Unknown {
            return;
        }
        match expr {
            Expr::Clause(at) => see(self.clause(*at)),
            Expr::Rule(at) => self.undecided(*at, see),
            _ => expr.children().iter().for_each(|part| self.undecided_parts(part, see)),
        }
    }

    /// Whether a rule is unknown for a reason the source could have removed: a value it left empty, withheld, made
    /// unreadable or gave imprecisely, and not merely a field it never carries.
    #[must_use]
    pub fn is_open(&self, rule: usize) -> bool {
        self.pivotal(rule).iter().any(|reason| reason.state != State::NotCarried)
    }

    /// Every place in the record that makes an expression hold, through concepts it names. What must not hold leaves no
    /// place.
    #[must_use]
    pub fn places(&self, expr: &Expr) -> Vec<Place> {
        let mut places = vec![];
        self.collect_places(expr, &mut places);
        places.sort();
        places.dedup();
        places
    }

    /// The other records that make an expression hold, through concepts it names, each once, in the order of their ids.
    #[must_use]
    pub fn links(&self, expr: &Expr) -> Vec<Link> {
        let mut links = vec![];
        self.collect_links(expr, &mut links);
        Link::each_once(links)
    }

    fn collect_links(&self, expr: &Expr, into: &mut Vec<Link>) {
        if self.truth(expr) != Truth::Yes {
            return;
        }
        match expr {
            Expr::Clause(at) => into.extend(self.clause(*at).links(&self.reading)),
            Expr::Rule(at) => self.collect_links(&self.rule(*at).body, into),
            Expr::Not(_) => {}
            _ => expr.children().iter().for_each(|part| self.collect_links(part, into)),
        }
    }

    fn collect_places(&self, expr: &Expr, into: &mut Vec<Place>) {
        if self.truth(expr) != Truth::Yes {
            return;
        }
        match expr {
            Expr::Clause(at) => into.extend(self.clause(*at).places(&self.reading)),
            Expr::Rule(at) => self.collect_places(&self.rule(*at).body, into),
            Expr::Not(_) => {}
            _ => expr.children().iter().for_each(|part| self.collect_places(part, into)),
        }
    }

    /// The texts that make an expression hold, as they stand in the record.
    #[must_use]
    pub fn matched_texts(&self, expr: &Expr) -> Vec<String> {
        let text = |place: Place| match self.reading.row().cell(place.field, place.position) {
            Ok(Value::Text(text)) => Some(text.get(place.found?.span())?.to_owned()),
            _ => None,
        };
        self.places(expr).into_iter().filter_map(text).collect()
    }
}
