//! `contains`, `startswith`, `endswith`: literal text, whole words or the entries of a list, anywhere in a text, at its
//! start or at its end.

use super::pattern::{Pattern, describe};
use super::{Found, Here, Operator, Truth};
use crate::record::{Field, Value};
use crate::text::Phrase;

/// Looks for any, or all, of its patterns.
#[derive(Debug)]
pub(super) struct Contains {
    pub(super) verb: &'static str,
    pub(super) patterns: Vec<Pattern>,
    pub(super) all: bool,
}

impl Operator for Contains {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        here.folded(text, |folded| {
            let mut truths = self
                .patterns
                .iter()
                .map(|pattern| if pattern.places(text, folded).is_empty() { Truth::No } else { pattern.counts(here) });
            if self.all { truths.min() } else { truths.by_ref().max() }.unwrap_or(Truth::No)
        })
    }

    fn phrases(&self) -> Option<Vec<&Phrase>> {
        self.patterns.iter().map(Pattern::phrase).collect()
    }

    fn is_settled_by_phrase(&self) -> bool {
        (!self.all || self.patterns.len() == 1) && self.patterns.iter().all(Pattern::is_unlimited)
    }

    fn reads(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.patterns.iter().flat_map(Pattern::reads).collect();
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        here.folded(text, |folded| {
            let counting = self.patterns.iter().filter(|pattern| pattern.counts(here) != Truth::No);
            counting
                .flat_map(|pattern| pattern.places(text, folded).into_iter().map(|span| pattern.found(span)))
                .collect()
        })
    }

    fn describe(&self) -> String {
        let all = if self.all { "all of " } else { "" };
        format!("{} {all}{}", self.verb, describe(&self.patterns))
    }
}
