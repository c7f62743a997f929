//! What text operators look for: a phrase or a regular expression, from the rule itself or from a list, perhaps limited
//! to the records of one country or of some dates.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::draft::Draft;
use super::{Found, Here, Truth};
use crate::diag::{Code, Diagnostic, Node, Span, Tree, did_you_mean};
use crate::record::{Country, Field, PartialDate, Value};
use crate::text::{Folded, Lexicon, Matcher, Mode, Phrase};

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

/// Several things to look for, in one pass over a text.
pub(super) struct Patterns {
    all: Vec<Pattern>,
    /// The phrases among them in one automaton, built when a text is first read cell by cell, and their positions.
    phrases: OnceLock<(Matcher, Vec<usize>)>,
}

impl std::fmt::Debug for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(&self.all).finish()
    }
}

impl Patterns {
    pub(super) fn new(all: Vec<Pattern>) -> Self {
        Self { all, phrases: OnceLock::new() }
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, Pattern> {
        self.all.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// The phrases of all of them, if all are phrases in folded text.
    pub(super) fn phrases(&self) -> Option<Vec<&Phrase>> {
        self.all.iter().map(Pattern::phrase).collect()
    }

    /// The fields that decide whether one of them counts, each once.
    pub(super) fn reads(&self) -> Vec<Field> {
        let fields: BTreeSet<Field> = self.all.iter().flat_map(Pattern::reads).collect();
        fields.into_iter().collect()
    }

    /// Those of the fields that keep it open whether one of these places counts, each once.
    pub(super) fn waits_for(&self, places: &[Sighting], here: &Here<'_>) -> Vec<Field> {
        let patterns = places.iter().map(|place| &self.all[place.pattern]);
        let open = patterns.filter(|pattern| pattern.counts(here) == Truth::Unknown);
        open.flat_map(Pattern::reads).collect::<BTreeSet<Field>>().into_iter().collect()
    }

    /// The lists they are from, each once.
    pub(super) fn lists(&self) -> Vec<&str> {
        let mut lists: Vec<&str> = self.all.iter().filter_map(|pattern| pattern.list.as_deref()).collect();
        lists.sort_unstable();
        lists.dedup();
        lists
    }

    /// Every place where one of them occurs and counts, in the order of the text.
    pub(super) fn places(&self, text: &str, folded: &Folded, here: &Here<'_>) -> Vec<Sighting> {
        let (matcher, positions) = self.phrases.get_or_init(|| {
            let phrases = self.all.iter().enumerate().filter_map(|(at, pattern)| Some((at, pattern.phrase()?.clone())));
            let (positions, phrases): (Vec<usize>, Vec<Phrase>) = phrases.unzip();
            (Matcher::new(phrases), positions)
        });
        let mut places = vec![];
        matcher.hits(folded.as_str(), |phrase, range| places.push((positions[phrase], folded.original(range))));
        for (at, pattern) in self.all.iter().enumerate() {
            let spans: Vec<Range<usize>> = match &pattern.source {
                PatternSource::Folded(_) => continue,
                PatternSource::Cased(phrase) => phrase.find_all(text),
                PatternSource::Regex(regex) => regex.find_iter(text).map(|found| found.range()).collect(),
            };
            places.extend(spans.into_iter().map(|span| (at, span)));
        }
        places.sort_by_key(|(at, span)| (span.start, span.end, *at));
        let sighting = |(at, span): (usize, Range<usize>)| {
            let counts = here.counts(&span).min(self.all[at].counts(here));
            Sighting { pattern: at, span, counts }
        };
        places.into_iter().map(sighting).filter(|place| place.counts != Truth::No).collect()
    }

    /// The places that count at least as surely as `least`.
    pub(super) fn found(&self, text: &str, folded: &Folded, here: &Here<'_>, least: Truth) -> Vec<Found> {
        let places = self.places(text, folded, here).into_iter();
        places.filter(|place| place.counts >= least).map(|place| self.evidence(place)).collect()
    }

    /// A place as evidence.
    pub(super) fn evidence(&self, place: Sighting) -> Found {
        self.all[place.pattern].found(place.span)
    }
}

/// A place where a pattern occurs.
#[derive(Debug)]
pub(super) struct Sighting {
    /// The position of the pattern.
    pub(super) pattern: usize,
    /// The bytes of the text as written.
    pub(super) span: Range<usize>,
    /// Whether it counts: in this record, and in this part of the text.
    pub(super) counts: Truth,
}

/// A short list of entries for descriptions.
pub(super) fn describe(patterns: &Patterns) -> String {
    let mut lists: Vec<&str> = patterns.iter().filter_map(|pattern| pattern.list.as_deref()).collect();
    lists.dedup();
    let own = patterns.iter().filter(|pattern| pattern.list.is_none()).map(|pattern| format!("“{}”", pattern.entry));
    let all: Vec<String> = lists.into_iter().map(|list| format!("an entry of {list}")).chain(own).collect();
    all.join(" or ")
}

impl Draft<'_> {
    /// The patterns of a text operator: literals, `{ list = … }`, or an array of both.
    pub(super) fn patterns(&mut self, node: &Node, anywhere: Mode) -> Option<Vec<Pattern>> {
        let word = self.flag("word");
        let cased = self.flag("cased");
        let mode = if word { Mode::Whole } else { anywhere };
        let mut patterns = vec![];
        for part in node.each() {
            match &part.tree {
                Tree::Text(text) => {
                    let phrase = if cased { Phrase::cased(text, mode) } else { Phrase::new(text, mode) };
                    let Some(phrase) = phrase else {
                        let problem = Diagnostic::new(Code::EmptyValue, "there is no text to look for").at(part.span);
                        self.report(problem.help("to ask for an empty field write `blank = true`"));
                        continue;
                    };
                    let source = if cased { PatternSource::Cased(phrase) } else { PatternSource::Folded(phrase) };
                    patterns.push(Pattern {
                        source,
                        entry: text.clone(),
                        list: None,
                        language: None,
                        country: None,
                        valid_from: None,
                        valid_to: None,
                    });
                }
                Tree::Table(table) => {
                    for (key, _) in table.iter().filter(|(key, _)| key.text != "list") {
                        let problem = Diagnostic::new(Code::UnknownKey, format!("unknown key `{}`", key.text));
                        self.report(
                            problem
                                .at(key.span)
                                .help("write `{ list = \"lexicon/name\" }`; options stand beside the operator"),
                        );
                    }
                    let Some(list) = table.get("list") else {
                        if table.is_empty() {
                            self.empty_array(part.span);
                        }
                        continue;
                    };
                    let Some(name) = list.text() else {
                        self.wrong_type(list.span, "`list` takes the name of a lexicon", "write it in quotes");
                        continue;
                    };
                    if let Some(lexicon) = self.lexicon(name, list.span) {
                        patterns.extend(of_list(&lexicon, cased));
                    }
                }
                _ => {
                    let message = format!("text is looked for here, but this is {}", part.kind());
                    self.wrong_type(part.span, message, "write text in quotes, or `{ list = \"lexicon/name\" }`");
                }
            }
        }
        if patterns.is_empty() {
            if node.each().is_empty() {
                self.empty_array(node.span);
            }
            return None;
        }
        Some(patterns)
    }

    /// The word list of that name.
    pub(super) fn lexicon(&mut self, name: &str, span: Span) -> Option<Arc<Lexicon>> {
        let lexicons = self.lexicons;
        let lexicon = lexicons.get(name).map(Arc::clone);
        if lexicon.is_none() {
            let problem = Diagnostic::new(Code::UnknownLexicon, format!("there is no list `{name}`")).at(span);
            self.report(match did_you_mean(name, lexicons.names()) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("a list is a file `lexicon/name.csv` beside the rules; for lists to be read give the folder, not a file of it"),
            });
        }
        lexicon
    }
}

/// The entries of a list as patterns.
pub(super) fn of_list(lexicon: &Lexicon, cased: bool) -> impl Iterator<Item = Pattern> + '_ {
    lexicon.entries.iter().filter_map(move |entry| {
        let phrase = |mode| match cased {
            true => Phrase::cased(&entry.text, mode).map(PatternSource::Cased),
            false => Phrase::new(&entry.text, mode).map(PatternSource::Folded),
        };
        let source = match &entry.regex {
            Some(regex) => PatternSource::Regex(Arc::clone(regex)),
            None => phrase(if entry.stem { Mode::Stem } else { Mode::Whole })?,
        };
        Some(Pattern {
            source,
            entry: entry.text.clone(),
            list: Some(Arc::clone(&lexicon.name)),
            language: entry.language.clone(),
            country: entry.country,
            valid_from: entry.valid_from,
            valid_to: entry.valid_to,
        })
    })
}
