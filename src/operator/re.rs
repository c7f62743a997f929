//! `re`: a regular expression over the text as written, unfolded, in linear time.

use super::pattern::{Patterns, describe};
use super::{Found, Here, Operator, Truth};
use crate::record::Value;
use crate::text::Folded;

/// Looks for a regular expression.
#[derive(Debug)]
pub(super) struct Matches {
    pub(super) pattern: Patterns,
}

impl Operator for Matches {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        Truth::of(!self.evidence(value, here).is_empty())
    }

    fn evidence(&self, value: Value<&str>, _here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        let places = self.pattern.places(text, &Folded::new(""));
        places.into_iter().map(|(at, span)| self.pattern.get(at).found(span)).collect()
    }

    fn describe(&self) -> String {
        format!("matches the expression {}", describe(&self.pattern))
    }
}
