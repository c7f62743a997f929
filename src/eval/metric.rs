//! The figures: what each one is, and how it follows from counts.
//!
//! Two views are taken. In the *binary* view a record comes out positive if its outcome is `likely_non_compliant` or
//! `partial`; it should if it is labelled `not_compliant`, it should not if it is labelled `compliant`, and records with
//! another label stand aside. With P and N the numbers of records labelled `not_compliant` and `compliant`, and tp and fp
//! those of them that come out positive:
//!
//! | figure | formula | source |
//! |---|---|---|
//! | base rate | P / (P + N) | |
//! | precision | tp / (tp + fp) | van Rijsbergen, *Information Retrieval*, 1979 |
//! | recall | tp / P | same |
//! | F1 | 2 tp / (tp + fp + P) | same |
//! | false positive rate | fp / N | |
//! | balanced accuracy | (tp / P + 1 − fp / N) / 2 | Brodersen et al., ICPR 2010 |
//! | average precision | Σ over steps of (positives of the step / P) · precision down to the end of the step | Manning, Raghavan and Schütze, *Introduction to Information Retrieval*, 2008, section 8.4 |
//! | expected precision at a share q | q tp/P / (q tp/P + (1 − q) fp/N) | Altman and Bland, BMJ 309 (1994) 102 |
//!
//! A step of the queue holds the records of equal standing: they are taken together, so no order among them is invented.
//! In the view *by outcome* all labelled records count, and an outcome is right where the label says the same.

use crate::engine::Outcome;

use super::confusion::Confusion;
use super::label::Label;
use super::ratio::Ratio;

/// Parts of one in which a sum of fractions is held; what is cut off is far below the digits that are shown.
const FINE: u128 = 1_000_000_000_000;

/// A figure about a rule set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Metric {
    /// The share of `not_compliant` among these and `compliant`: the average precision of a queue without order.
    BaseRate,
    /// Of what comes out positive, the share that should.
    Precision,
    /// Of what should come out positive, the share that does.
    Recall,
    /// The harmonic mean of precision and recall.
    F1,
    /// Of what should not come out positive, the share that does.
    FalsePositiveRate,
    /// The mean of the shares of `not_compliant` and of `compliant` that come out right.
    BalancedAccuracy,
    /// Of `likely_non_compliant` alone, the share labelled `not_compliant`.
    PrecisionLikely,
    /// How far up in the queue those stand that should come out positive.
    AveragePrecision,
    /// What the precision would be where so many percent of records are not compliant.
    ExpectedPrecision(u8),
    /// Precision of an outcome for the label that says the same.
    OutcomePrecision(Outcome),
    /// Recall of an outcome for the label that says the same.
    OutcomeRecall(Outcome),
    /// F1 of an outcome for the label that says the same.
    OutcomeF1(Outcome),
}

/// Why a figure cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// No record should come out positive.
    NoPositives,
    /// No record should come out negative.
    NoNegatives,
    /// No record has the label.
    NoneLabelled,
    /// No record came out so.
    NoneCameOut,
}

impl Lack {
    /// The reason in words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::NoPositives => "no record is labelled not_compliant",
            Self::NoNegatives => "no record is labelled compliant",
            Self::NoneLabelled => "no record has this label",
            Self::NoneCameOut => "no record came out so",
        }
    }
}

impl Metric {
    /// Every figure: those of the binary view, then those by outcome.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut all = vec![
            Self::BaseRate,
            Self::Precision,
            Self::Recall,
            Self::F1,
            Self::FalsePositiveRate,
            Self::BalancedAccuracy,
            Self::PrecisionLikely,
            Self::AveragePrecision,
        ];
        all.extend([1, 5, 10].map(Self::ExpectedPrecision));
        for outcome in Outcome::ALL {
            all.extend([Self::OutcomePrecision(outcome), Self::OutcomeRecall(outcome), Self::OutcomeF1(outcome)]);
        }
        all
    }

    /// The outcome it is about; none in the binary view.
    #[must_use]
    pub fn outcome(self) -> Option<Outcome> {
        match self {
            Self::OutcomePrecision(outcome) | Self::OutcomeRecall(outcome) | Self::OutcomeF1(outcome) => Some(outcome),
            _ => None,
        }
    }

    /// The name in output for programs. Figures by outcome have the same names for each outcome.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::BaseRate => "base_rate",
            Self::Precision | Self::OutcomePrecision(_) => "precision",
            Self::Recall | Self::OutcomeRecall(_) => "recall",
            Self::F1 | Self::OutcomeF1(_) => "f1",
            Self::FalsePositiveRate => "false_positive_rate",
            Self::BalancedAccuracy => "balanced_accuracy",
            Self::PrecisionLikely => "precision_likely_non_compliant",
            Self::AveragePrecision => "average_precision",
            Self::ExpectedPrecision(percent) => return format!("expected_precision_at_{percent}_percent"),
        }
        .to_owned()
    }

    /// The name for people.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::BaseRate => "share labelled not_compliant",
            Self::Precision | Self::OutcomePrecision(_) => "precision",
            Self::Recall | Self::OutcomeRecall(_) => "recall",
            Self::F1 | Self::OutcomeF1(_) => "F1",
            Self::FalsePositiveRate => "false positive rate",
            Self::BalancedAccuracy => "balanced accuracy",
            Self::PrecisionLikely => "precision of likely_non_compliant",
            Self::AveragePrecision => "average precision of the queue",
            Self::ExpectedPrecision(percent) => {
                return format!("expected precision if {percent} % are not compliant");
            }
        }
        .to_owned()
    }

    /// Whether it is a number of records out of a number of records, which people understand best.
    #[must_use]
    pub fn is_count(self) -> bool {
        use Metric::{
            BaseRate, FalsePositiveRate, OutcomePrecision, OutcomeRecall, Precision, PrecisionLikely, Recall,
        };
        matches!(
            self,
            BaseRate
                | Precision
                | Recall
                | FalsePositiveRate
                | PrecisionLikely
                | OutcomePrecision(_)
                | OutcomeRecall(_)
        )
    }

    /// The figure.
    ///
    /// # Errors
    /// Why it cannot be computed.
    pub fn of(self, confusion: &Confusion) -> Result<Ratio, Lack> {
        let ratio = |part: u64, whole: u64| Ratio::of(part.into(), whole.into());
        let (positives, negatives) = (confusion.labelled(Label::NotCompliant), confusion.labelled(Label::Compliant));
        let (hits, false_hits) = (confusion.positive(Label::NotCompliant), confusion.positive(Label::Compliant));
        match self {
            Self::BaseRate => ratio(positives, positives + negatives).ok_or(Lack::NoPositives),
            Self::Precision => ratio(hits, hits + false_hits).ok_or(Lack::NoneCameOut),
            Self::Recall => ratio(hits, positives).ok_or(Lack::NoPositives),
            Self::F1 => ratio(2 * hits, hits + false_hits + positives).ok_or(Lack::NoPositives),
            Self::FalsePositiveRate => ratio(false_hits, negatives).ok_or(Lack::NoNegatives),
            Self::BalancedAccuracy => {
                let (p, n) = both(positives, negatives)?;
                let part = u128::from(hits) * n + u128::from(negatives - false_hits) * p;
                Ratio::of(part, 2 * p * n).ok_or(Lack::NoPositives)
            }
            Self::PrecisionLikely => {
                let of = |label| confusion.at(label, Outcome::LikelyNonCompliant);
                let right = of(Label::NotCompliant);
                ratio(right, right + of(Label::Compliant)).ok_or(Lack::NoneCameOut)
            }
            Self::AveragePrecision => average_precision(&confusion.queue),
            Self::ExpectedPrecision(percent) => {
                let (p, n) = both(positives, negatives)?;
                let right = u128::from(hits) * n * u128::from(percent);
                let wrong = u128::from(false_hits) * p * u128::from(100_u8.saturating_sub(percent));
                Ratio::of(right, right + wrong).ok_or(Lack::NoneCameOut)
            }
            Self::OutcomePrecision(outcome) => {
                ratio(confusion.at(Label::of(outcome), outcome), confusion.came_out(outcome)).ok_or(Lack::NoneCameOut)
            }
            Self::OutcomeRecall(outcome) => {
                let label = Label::of(outcome);
                ratio(confusion.at(label, outcome), confusion.labelled(label)).ok_or(Lack::NoneLabelled)
            }
            Self::OutcomeF1(outcome) => {
                let label = Label::of(outcome);
                let both = confusion.came_out(outcome) + confusion.labelled(label);
                ratio(2 * confusion.at(label, outcome), both).ok_or(Lack::NoneLabelled)
            }
        }
    }
}

/// The numbers of those that should come out positive and of those that should not, if there are any of both.
fn both(positives: u64, negatives: u64) -> Result<(u128, u128), Lack> {
    match (positives, negatives) {
        (0, _) => Err(Lack::NoPositives),
        (_, 0) => Err(Lack::NoNegatives),
        _ => Ok((positives.into(), negatives.into())),
    }
}

/// The average precision of a queue: for each step the negatives and the positives on it.
///
/// # Errors
/// Where there are no positives.
pub fn average_precision(queue: &[[u64; 2]]) -> Result<Ratio, Lack> {
    let (mut seen, mut found, mut sum) = (0_u128, 0_u128, 0_u128);
    for [negatives, positives] in queue.iter().map(|step| step.map(u128::from)) {
        seen += negatives + positives;
        found += positives;
        if positives > 0 {
            sum += positives * (found * FINE / seen);
        }
    }
    Ratio::of(sum, found * FINE).ok_or(Lack::NoPositives)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A confusion of the binary view in which every record is on the step of its outcome.
    fn confusion(matrix: [[u64; 4]; 4]) -> Confusion {
        let queue = (0..4).map(|outcome| [matrix[3][outcome], matrix[0][outcome]]).collect();
        Confusion { matrix, queue }
    }

    fn shown(metric: Metric, confusion: &Confusion) -> String {
        metric.of(confusion).map_or_else(|lack| lack.words().to_owned(), |ratio| ratio.decimal().short())
    }

    #[test]
    fn figures_are_those_computed_by_hand() {
        // Of 10 not compliant 7 likely and 1 partial; of 20 compliant 1 likely and 1 partial.
        let confusion = confusion([[7, 1, 1, 1], [0, 2, 0, 0], [0, 0, 3, 1], [1, 1, 4, 14]]);
        for (metric, by_hand) in [
            (Metric::BaseRate, "0.333"),
            (Metric::Precision, "0.800"),
            (Metric::Recall, "0.800"),
            (Metric::F1, "0.800"),
            (Metric::FalsePositiveRate, "0.100"),
            (Metric::BalancedAccuracy, "0.850"),
            (Metric::PrecisionLikely, "0.875"),
            // 7/10 · 7/8 + 1/10 · 8/10 + 1/10 · 9/15 + 1/10 · 10/30
            (Metric::AveragePrecision, "0.786"),
            // 0.8 / (0.8 + 99 · 0.1), and so on.
            (Metric::ExpectedPrecision(1), "0.075"),
            (Metric::ExpectedPrecision(5), "0.296"),
            (Metric::ExpectedPrecision(10), "0.471"),
            (Metric::OutcomePrecision(Outcome::Partial), "0.500"),
            (Metric::OutcomeRecall(Outcome::Partial), "1.000"),
            (Metric::OutcomeF1(Outcome::Partial), "0.667"),
            (Metric::OutcomePrecision(Outcome::NeedsInformation), "0.375"),
            (Metric::OutcomeRecall(Outcome::NoIndicator), "0.700"),
        ] {
            assert_eq!(shown(metric, &confusion), by_hand, "{metric:?}");
        }
    }

    #[test]
    fn a_figure_that_cannot_be_computed_says_why() {
        let none = confusion([[0; 4]; 4]);
        let said: Vec<String> = Metric::all().into_iter().map(|metric| shown(metric, &none)).collect();
        assert!(said.iter().all(|said| said.starts_with("no record ")), "{said:?}");
        let no_negatives = confusion([[1, 0, 0, 1], [0; 4], [0; 4], [0; 4]]);
        assert_eq!(shown(Metric::BalancedAccuracy, &no_negatives), "no record is labelled compliant");
        assert_eq!(shown(Metric::Recall, &no_negatives), "0.500");
        let silent = confusion([[0, 0, 0, 2], [0; 4], [0; 4], [0, 0, 0, 2]]);
        assert_eq!(shown(Metric::Precision, &silent), "no record came out so");
        assert_eq!(shown(Metric::BalancedAccuracy, &silent), "0.500");
    }

    #[test]
    fn every_figure_has_a_name_of_its_own() {
        let all = Metric::all();
        let names: std::collections::BTreeSet<_> = all.iter().map(|metric| (metric.outcome(), metric.name())).collect();
        assert_eq!(names.len(), all.len());
    }

    #[test]
    fn equal_standing_is_one_step_of_the_queue() {
        let shown = |queue: &[[u64; 2]]| average_precision(queue).map(|ratio| ratio.decimal().short());
        assert_eq!(shown(&[[1, 1]]).as_deref(), Ok("0.500"));
        assert_eq!(shown(&[[0, 1], [1, 0]]).as_deref(), Ok("1.000"));
        assert_eq!(shown(&[[1, 0], [0, 1]]).as_deref(), Ok("0.500"));
    }
}
