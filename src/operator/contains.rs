//! `contains`, `startswith`, `endswith`: literal text, whole words or the entries of a list, anywhere in a text, at its
//! start or at its end.

use std::ops::Range;
use std::sync::Arc;

use super::draft::{Built, Draft};
use super::pattern::{Pattern, Patterns, describe};
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
    /// The places that lie where they have to: which pattern, and the bytes of the text as written.
    fn places(&self, text: &str, folded: &Folded) -> Vec<(usize, Range<usize>)> {
        let mut places = self.patterns.places(text, folded);
        let nothing = |part: &str| fold(part).trim().is_empty();
        match self.at {
            Mode::Prefix => places.retain(|(_, place)| nothing(&text[..place.start])),
            Mode::Suffix => places.retain(|(_, place)| nothing(&text[place.end..])),
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
            for (at, _) in self.places(text, folded) {
                truths[at] = self.patterns.get(at).counts(here);
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

    fn patterns(&self) -> Vec<&Pattern> {
        self.patterns.iter().collect()
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        here.folded(text, |folded| {
            let counting = |(at, _): &(usize, Range<usize>)| self.patterns.get(*at).counts(here) == Truth::Yes;
            let places = self.places(text, folded).into_iter().filter(counting);
            places.map(|(at, span)| self.patterns.get(at).found(span)).collect()
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
