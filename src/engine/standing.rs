//! The order of the review queue, in one place.

use std::cmp::Reverse;

use super::assess::{Assessment, Outcome};
use crate::record::{Field, Row, Value};
use crate::rule::RuleSet;

/// How urgent a record is, the most urgent first: by outcome, then the kinds that the profile puts first, then by score.
/// Records of equal standing are as urgent as each other; a queue has them in the order of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Standing {
    outcome: Outcome,
    waits: bool,
    score: Reverse<i64>,
}

impl Standing {
    /// The standing of a record that was judged.
    #[must_use]
    pub fn of(rules: &RuleSet, record: &impl Row, assessment: &Assessment) -> Self {
        let first = &rules.profile.queue_first;
        let kind = record.cell(Field::KIND, 0);
        Self {
            outcome: assessment.outcome,
            waits: !matches!(kind, Ok(Value::Term(kind)) if first.contains(&kind)),
            score: Reverse(assessment.total),
        }
    }
}
