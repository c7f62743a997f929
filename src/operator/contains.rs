//! `contains`, `startswith`, `endswith`: literal text, whole words or the entries of a list, anywhere in a text, at its
//! start or at its end.

use std::sync::Arc;

use super::draft::{Built, Draft};
use super::pattern::{Pattern, Patterns, Sighting, describe};
use super::{Found, Here, Operator, Truth};
use crate::record::{Field, Value};
use crate::text::{Folded, Mode, Phrase, fold};

/// Looks for any, or all, of its patterns.
#[derive(Debug)]
pub(super) struct Contains {
    pub(super) verb: &'static str,
    pub(super) patterns: Patterns,
    pub(super) all: bool,
    /// Where in the text: anywhere, at its start or at its end.
    pub(super) at: Mode,
}

impl Contains {
    /// The places that lie where they have to.
    fn places(&self, text: &str, folded: &Folded, here: &Here<'_>) -> Vec<Sighting> {
        let mut places = self.patterns.places(text, folded, here);
        let nothing = |part: &str| fold(part).trim().is_empty();
        match self.at {
            Mode::Prefix => places.retain(|place| nothing(&text[..place.span.start])),
            Mode::Suffix => places.retain(|place| nothing(&text[place.span.end..])),
            _ => {}
        }
        places
    }
}

impl Operator for Contains {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        here.folded(text, |folded| {
            let mut truths = vec![Truth::No; self.patterns.len()];
            for place in self.places(text, folded, here) {
                truths[place.pattern] = truths[place.pattern].max(place.counts);
            }
            if self.all { truths.into_iter().min() } else { truths.into_iter().max() }.unwrap_or(Truth::No)
        })
    }

    fn phrases(&self) -> Option<Vec<Vec<&Phrase>>> {
        Some(vec![self.patterns.phrases()?])
    }

    fn is_settled_by_phrase(&self) -> bool {
        let by_phrase = |pattern: &Pattern| pattern.phrase().is_some_and(|phrase| phrase.mode() == self.at);
        (!self.all || self.patterns.len() == 1)
            && self.patterns.iter().all(Pattern::is_unlimited)
            && (self.at == Mode::Substring || self.patterns.iter().all(by_phrase))
    }

    fn reads(&self) -> Vec<Field> {
        self.patterns.reads()
    }

    fn waits_for(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Field> {
        let Value::Text(text) = value else { return vec![] };
        here.folded(text, |folded| self.patterns.waits_for(&self.places(text, folded, here), here))
    }

    fn lists(&self) -> Vec<&str> {
        self.patterns.lists()
    }

    fn patterns(&self) -> Vec<&Pattern> {
        self.patterns.iter().collect()
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        here.folded(text, |folded| {
            let places = self.places(text, folded, here).into_iter().filter(|place| place.counts == Truth::Yes);
            places.map(|place| self.patterns.evidence(place)).collect()
        })
    }

    fn describe(&self) -> String {
        let all = if self.all { "all of " } else { "" };
        format!("{} {all}{}", self.verb, describe(&self.patterns))
    }
}

impl Draft<'_> {
    pub(super) fn contains(&mut self, anywhere: Mode, verb: &'static str) -> Built {
        let patterns = self.patterns(self.value, anywhere)?;
        let all = self.flag("all");
        Some(Arc::new(Contains { verb, patterns: Patterns::new(patterns), all, at: anywhere }))
    }
}
