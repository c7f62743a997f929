//! `contains`, `startswith`, `endswith`: literal text, whole words or the entries of a list, anywhere in a text, at its
//! start or at its end.

use super::pattern::{Pattern, Patterns, describe};
use super::{Found, Here, Operator, Truth};
use crate::record::{Field, Value};
use crate::text::Phrase;

/// Looks for any, or all, of its patterns.
#[derive(Debug)]
pub(super) struct Contains {
    pub(super) verb: &'static str,
    pub(super) patterns: Patterns,
    pub(super) all: bool,
}

impl Operator for Contains {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        here.folded(text, |folded| {
            let mut truths = vec![Truth::No; self.patterns.len()];
            for (at, _) in self.patterns.places(text, folded) {
                truths[at] = self.patterns.get(at).counts(here);
            }
            if self.all { truths.into_iter().min() } else { truths.into_iter().max() }.unwrap_or(Truth::No)
        })
    }

    fn phrases(&self) -> Option<Vec<&Phrase>> {
        self.patterns.phrases()
    }

    fn is_settled_by_phrase(&self) -> bool {
        (!self.all || self.patterns.len() == 1) && self.patterns.iter().all(Pattern::is_unlimited)
    }

    fn reads(&self) -> Vec<Field> {
        self.patterns.reads()
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        here.folded(text, |folded| self.patterns.found(text, folded, here, Truth::Unknown))
    }

    fn describe(&self) -> String {
        let all = if self.all { "all of " } else { "" };
        format!("{} {all}{}", self.verb, describe(&self.patterns))
    }
}
