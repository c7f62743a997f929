//! `words`: the length of a text in words.

use super::compare::Bounds;
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
