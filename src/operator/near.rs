//! `near`: two things within so many words of each other, in either order.

use super::pattern::{Patterns, describe};
use super::{Found, Here, Operator, Truth};
use crate::record::{Field, Value};
use crate::text::{Folded, Phrase, near};

/// Looks for a pair.
#[derive(Debug)]
pub(super) struct Near {
    pub(super) a: Patterns,
    pub(super) b: Patterns,
    pub(super) within: usize,
}

impl Near {
    /// The first pair among the patterns that count at least as surely as `least`.
    fn pair(&self, text: &str, folded: &Folded, here: &Here<'_>, least: Truth) -> Option<[Found; 2]> {
        let a = self.a.found(text, folded, here, least);
        if a.is_empty() {
            return None;
        }
        let b = self.b.found(text, folded, here, least);
        let spans = |found: &[Found]| found.iter().map(Found::span).collect::<Vec<_>>();
        let (first, second) = near(text, &spans(&a), &spans(&b), self.within)?;
        let pick = |found: Vec<Found>, span| found.into_iter().find(|found| found.span() == span);
        Some([pick(a, first)?, pick(b, second)?])
    }
}

impl Operator for Near {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        here.folded(text, |folded| {
            if self.pair(text, folded, here, Truth::Yes).is_some() {
                Truth::Yes
            } else if !self.reads().is_empty() && self.pair(text, folded, here, Truth::Unknown).is_some() {
                Truth::Unknown
            } else {
                Truth::No
            }
        })
    }

    fn phrases(&self) -> Option<Vec<Vec<&Phrase>>> {
        Some(vec![self.a.phrases()?, self.b.phrases()?])
    }

    fn reads(&self) -> Vec<Field> {
        [self.a.reads(), self.b.reads()].concat()
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        here.folded(text, |folded| self.pair(text, folded, here, Truth::Yes).map(Vec::from).unwrap_or_default())
    }

    fn describe(&self) -> String {
        format!("has {} within {} words of {}", describe(&self.a), self.within, describe(&self.b))
    }
}
