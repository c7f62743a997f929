//! What text operators look for: a phrase or a regular expression, from the rule itself or from a list, perhaps limited
//! to the records of one country or of some dates.

use std::ops::Range;
use std::sync::Arc;

use regex::Regex;

use super::{Found, Here, Truth};
use crate::record::{Country, Field, PartialDate, Value};
use crate::text::{Folded, Phrase};

/// What a pattern looks for.
#[derive(Debug, Clone)]
pub enum PatternSource {
    /// A phrase in the folded text.
    Folded(Phrase),
    /// A phrase in the text as written.
    Cased(Phrase),
    /// A regular expression over the text as written.
    Regex(Arc<Regex>),
}

/// One thing to look for.
#[derive(Debug, Clone)]
pub struct Pattern {
    /// What it looks for.
    pub source: PatternSource,
    /// The entry as written.
    pub entry: String,
    /// The list it is from.
    pub list: Option<Arc<str>>,
    /// Its language.
    pub language: Option<Arc<str>>,
    /// Counts only in records this country asked for.
    pub country: Option<Country>,
    /// Counts only in records of this day or later.
    pub valid_from: Option<PartialDate>,
    /// Counts only in records of this day or earlier.
    pub valid_to: Option<PartialDate>,
}

impl Pattern {
    /// The phrase to look for in folded text, if it is one.
    #[must_use]
    pub fn phrase(&self) -> Option<&Phrase> {
        match &self.source {
            PatternSource::Folded(phrase) => Some(phrase),
            _ => None,
        }
    }

    /// Whether it counts in every record.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        self.country.is_none() && self.valid_from.is_none() && self.valid_to.is_none()
    }

    /// The fields that decide whether it counts.
    pub fn reads(&self) -> impl Iterator<Item = Field> {
        let dated = self.valid_from.is_some() || self.valid_to.is_some();
        let country = self.country.map(|_| Field::REQUESTING_COUNTRY);
        country.into_iter().chain(dated.then_some(Field::REQUESTED_AT))
    }

    /// Whether it counts in this record: its country asked, and the record's date is within its dates.
    #[must_use]
    pub fn counts(&self, here: &Here<'_>) -> Truth {
        let row = here.reading.row();
        let by_country = self.country.map_or(Truth::Yes, |wanted| match row.cell(Field::REQUESTING_COUNTRY, 0) {
            Ok(Value::Country(country)) => Truth::of(country == wanted),
            _ => Truth::Unknown,
        });
        let date = match row.cell(Field::REQUESTED_AT, 0) {
            Ok(Value::Date(date)) => Some(date),
            _ => None,
        };
        let bound =
            |limit: Option<PartialDate>, inside: fn(PartialDate, PartialDate) -> (bool, bool)| match (limit, date) {
                (None, _) => Truth::Yes,
                (Some(_), None) => Truth::Unknown,
                (Some(limit), Some(date)) => {
                    let (all, none) = inside(date, limit);
                    Truth::between(all, none)
                }
            };
        let from = bound(self.valid_from, |date, limit| (date.first >= limit.first, date.last < limit.first));
        let to = bound(self.valid_to, |date, limit| (date.last <= limit.last, date.first > limit.last));
        by_country.min(from).min(to)
    }

    /// Every place where it occurs in a text, in bytes of the text as written.
    #[must_use]
    pub fn places(&self, text: &str, folded: &Folded) -> Vec<Range<usize>> {
        match &self.source {
            PatternSource::Folded(phrase) => {
                phrase.find_all(folded.as_str()).into_iter().map(|range| folded.original(range)).collect()
            }
            PatternSource::Cased(phrase) => phrase.find_all(text),
            PatternSource::Regex(regex) => regex.find_iter(text).map(|found| found.range()).collect(),
        }
    }

    /// A place where it was found, as evidence.
    #[must_use]
    pub fn found(&self, span: Range<usize>) -> Found {
        Found {
            start: span.start,
            end: span.end,
            entry: self.entry.clone(),
            list: self.list.clone(),
            language: self.language.clone(),
        }
    }
}

/// A short list of entries for descriptions.
pub(super) fn describe(patterns: &[Pattern]) -> String {
    let mut lists: Vec<&str> = patterns.iter().filter_map(|pattern| pattern.list.as_deref()).collect();
    lists.dedup();
    let own = patterns.iter().filter(|pattern| pattern.list.is_none()).map(|pattern| format!("“{}”", pattern.entry));
    let all: Vec<String> = lists.into_iter().map(|list| format!("an entry of {list}")).chain(own).collect();
    all.join(" or ")
}
