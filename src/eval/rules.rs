//! What each rule adds.

use super::View;
use super::confusion::Confusion;
use super::label::Label;
use super::ratio::Ratio;
use crate::engine;
use crate::rule::{Factor, Kind, Verdict};

/// The order of kinds: what flags alone, what weighs, what the others build on.
const KINDS: [Kind; 6] = [Kind::Gate, Kind::Gap, Kind::Indicator, Kind::Context, Kind::Mitigator, Kind::Concept];

/// How often a rule said what of labelled records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleFigures {
    /// The rule.
    pub rule: String,
    /// What it does.
    pub kind: Kind,
    /// What it weighs.
    pub factor: Option<Factor>,
    /// Its weight, the base-2 logarithm of odds, in thousandths; that of a mitigator is negative. None for kinds without
    /// one.
    pub millibits: Option<i64>,
    /// Its verdicts on all labelled records.
    pub verdicts: engine::Tally,
    /// Records labelled `not_compliant` of which it says yes.
    pub hits: u64,
    /// Records labelled `compliant` of which it says yes.
    pub false_hits: u64,
    /// The share of hits among hits and false hits.
    pub precision: Option<Ratio>,
    /// That share over the share of `not_compliant` among these and `compliant`: what a yes tells. 1 is nothing; a
    /// mitigator should be below.
    pub lift: Option<Ratio>,
}

impl RuleFigures {
    /// Whether it said yes of any labelled record.
    #[must_use]
    pub fn fired(&self) -> bool {
        self.verdicts.yes > 0
    }
}

impl View<'_> {
    /// Every rule that counts, suppressions aside.
    pub(super) fn rules(&self, confusion: &Confusion) -> Vec<RuleFigures> {
        let rules = self.set.rules.rules.iter().enumerate();
        let counted = rules.filter(|(_, rule)| rule.active && rule.kind != Kind::Filter);
        let mut all: Vec<RuleFigures> = counted.map(|(at, _)| self.rule(at, confusion)).collect();
        all.sort_by_cached_key(|rule| {
            let kind = KINDS.iter().position(|kind| *kind == rule.kind);
            let lift = rule.lift.map(|lift| std::cmp::Reverse(lift.decimal()));
            (kind, lift.is_none(), lift, rule.rule.clone())
        });
        all
    }

    fn rule(&self, at: usize, confusion: &Confusion) -> RuleFigures {
        let rule = &self.set.rules.rules[at];
        let mut verdicts = engine::Tally::default();
        let (mut hits, mut false_hits) = (0, 0);
        for pair in self.pairs {
            let verdict = self.judged(pair).verdicts.verdicts[at];
            verdicts.count(verdict);
            match self.label(pair).label.wants().filter(|_| verdict == Verdict::Yes) {
                Some(true) => hits += 1,
                Some(false) => false_hits += 1,
                None => {}
            }
        }
        let (positives, negatives) = (confusion.labelled(Label::NotCompliant), confusion.labelled(Label::Compliant));
        let sign = if rule.kind == Kind::Mitigator { -1 } else { 1 };
        RuleFigures {
            rule: rule.id.to_string(),
            kind: rule.kind,
            factor: rule.factor,
            millibits: rule.kind.has_bits().then_some(sign * rule.millibits),
            verdicts,
            hits,
            false_hits,
            precision: Ratio::of(hits.into(), u128::from(hits + false_hits)),
            lift: Ratio::of(
                u128::from(hits) * u128::from(positives + negatives),
                u128::from(hits + false_hits) * u128::from(positives),
            ),
        }
    }
}
