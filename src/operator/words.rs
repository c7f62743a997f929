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
    fn holds(&self, value: Value<&str>, _here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        let count = i64::try_from(text::count(text)).unwrap_or(i64::MAX);
        self.bounds.hold(count, count)
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
