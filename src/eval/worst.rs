//! The worst errors, with the reasons that a scan would give.

use std::cmp::Reverse;

use super::View;
use super::label::{Label, Labelled, is_positive};
use super::pair::Pair;
use crate::explain::{Case, case};

/// A kind of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Error {
    /// A record labelled `compliant` comes out positive.
    FalsePositive,
    /// A record labelled `not_compliant` does not.
    FalseNegative,
}

/// The errors of a kind.
#[derive(Debug, Clone, Default)]
pub struct Worst {
    /// How many there are.
    pub all: u64,
    /// The worst of them, the worst first: false positives with the highest score, false negatives with the lowest; of
    /// equals those first whose id is.
    pub shown: Vec<(Labelled, Case)>,
}

impl View<'_> {
    pub(super) fn worst(&self, error: Error, most: usize) -> Worst {
        let label = match error {
            Error::FalsePositive => Label::Compliant,
            Error::FalseNegative => Label::NotCompliant,
        };
        let score = |pair: &&Pair| self.judged(pair).assessment.total;
        let wrong = |pair: &&Pair| {
            let outcome = self.judged(pair).assessment.outcome;
            self.label(pair).label == label && is_positive(outcome) == (error == Error::FalsePositive)
        };
        let mut pairs: Vec<&Pair> = self.pairs.iter().filter(wrong).collect();
        match error {
            Error::FalsePositive => pairs.sort_by_key(|pair| Reverse(score(pair))),
            Error::FalseNegative => pairs.sort_by_key(score),
        }
        let shown = pairs.iter().take(most).filter_map(|pair| Some((self.label(pair).clone(), self.case(pair)?)));
        Worst { all: u64::try_from(pairs.len()).unwrap_or(u64::MAX), shown: shown.collect() }
    }

    /// The record as a case. The rule set is not named in it: it is that of the scorecard.
    fn case(&self, pair: &Pair) -> Option<Case> {
        let kept = &self.set.scan.chunks[pair.chunk];
        let file = self.inputs.get(kept.input).map_or("", |ledger| ledger.file.as_str());
        let record = self.columns[pair.chunk].record(pair.row);
        let case = case(&record, self.judged(pair), self.set.rules, file, kept.table.origin(pair.row)?);
        Some(Case { ruleset: None, ..case })
    }
}
