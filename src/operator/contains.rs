//! `contains`, `startswith`, `endswith`: literal text, whole words or the entries of a list, anywhere in a text, at its
//! start or at its end.

use super::pattern::{Pattern, describe};
use super::{Found, Here, Operator, Truth};
use crate::record::{Field, Value};
use crate::text::{Folded, Mode, Phrase, fold};
use std::ops::Range;

/// Looks for any, or all, of its patterns.
#[derive(Debug)]
pub(super) struct Contains {
    pub(super) verb: &'static str,
    pub(super) patterns: Vec<Pattern>,
    pub(super) all: bool,
    /// Where in the text: anywhere, at its start or at its end.
    pub(super) at: Mode,
}

impl Contains {
    /// The places of a pattern that lie where they have to.
    fn places(&self, pattern: &Pattern, text: &str, folded: &Folded) -> Vec<Range<usize>> {
        let mut places = pattern.places(text, folded);
        let nothing = |part: &str| fold(part).trim().is_empty();
        match self.at {
            Mode::Prefix => places.retain(|place| nothing(&text[..place.start])),
            Mode::Suffix => places.retain(|place| nothing(&text[place.end..])),
            _ => {}
        }
        places
    }
}

impl Operator for Contains {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        here.folded(text, |folded| {
            let mut truths = self.patterns.iter().map(|pattern| {
                if self.places(pattern, text, folded).is_empty() { Truth::No } else { pattern.counts(here) }
            });
            if self.all { truths.min() } else { truths.by_ref().max() }.unwrap_or(Truth::No)
        })
    }

    fn phrases(&self) -> Option<Vec<&Phrase>> {
        self.patterns.iter().map(Pattern::phrase).collect()
    }

    fn is_settled_by_phrase(&self) -> bool {
        let by_phrase = |pattern: &Pattern| pattern.phrase().is_some_and(|phrase| phrase.mode() == self.at);
        (!self.all || self.patterns.len() == 1)
            && self.patterns.iter().all(Pattern::is_unlimited)
            && (self.at == Mode::Substring || self.patterns.iter().all(by_phrase))
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
            let counting = self.patterns.iter().filter(|pattern| pattern.counts(here) == Truth::Yes);
            counting
                .flat_map(|pattern| self.places(pattern, text, folded).into_iter().map(|span| pattern.found(span)))
                .collect()
        })
    }

    fn describe(&self) -> String {
        let all = if self.all { "all of " } else { "" };
        format!("{} {all}{}", self.verb, describe(&self.patterns))
    }
}
