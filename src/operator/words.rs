//! `words`: the length of a text in words.

use std::sync::Arc;

use super::compare::{Bounds, bounds};
use super::draft::{Built, Draft};
use super::{Here, Operator, Truth};
use crate::record::Value;
use crate::text;

/// Bounds on the number of words.
#[derive(Debug)]
pub(super) struct Words {
    pub(super) bounds: Bounds,
}

impl Operator for Words {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        let count = |part: &str| i64::try_from(text::count(part)).unwrap_or(i64::MAX);
        let Some(lens) = here.reading.lens else { return self.bounds.hold(count(text), count(text)) };
        // Sentences of which it is open whether they count may add their words or not.
        let (mut least, mut most) = (0_i64, 0_i64);
        for (part, counts) in lens.parts(text) {
            most = most.saturating_add(if counts == Truth::No { 0 } else { count(part) });
            least = least.saturating_add(if counts == Truth::Yes { count(part) } else { 0 });
        }
        self.bounds.hold(least, most)
    }

    fn describe(&self) -> String {
        format!("has a number of words {}", self.bounds.describe())
    }
}

impl Draft<'_> {
    pub(super) fn words(&mut self) -> Built {
        let bounds = bounds(self.value, self.found, self.rule)?;
        Some(Arc::new(Words { bounds }))
    }
}
