//! Lists of cues: words that say where a negation or a report begins and ends, whom a sentence is about, and which full stops are
//! none.
//!
//! In go word lists, each for one kind of cue, and a number of words; out come the places of every cue in a text. What
//! the places mean is decided in `reach`, `subject` and `sentence`. All cues are found in one pass; a list that a
//! rule set does not name holds no cue. Nothing here knows a word of any language.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex::Regex;

use super::fold::Folded;
use super::lexicon::Lexicon;
use super::matcher::Matcher;
use super::phrase::{Mode, Phrase};

/// What a list of cues is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CueKind {
    /// Ends with a full stop that ends no sentence.
    Abbreviation,
    /// Negates what stands after it.
    NegationBefore,
    /// Negates what stands before it.
    NegationAfter,
    /// Looks like a negation and is none.
    NoNegation,
    /// A negation does not reach beyond it.
    NegationEnd,
    /// Tells of what stands after it: “wrote about”.
    ReportBefore,
    /// Tells of what stands before it.
    ReportAfter,
    /// Calls for what stands after it: “incited to”.
    CallBefore,
    /// What is told of or called for does not reach beyond it.
    ReportEnd,
    /// Names the person.
    Person,
    /// Names others: a group, its members, co-defendants, relatives.
    Others,
    /// Holds a word for somebody who is not the one the sentence is about.
    NoSubject,
    /// Says what was done and not by whom.
    Unnamed,
}

impl CueKind {
    /// Every kind with the key that names its list in a rule set.
    pub const ALL: [(Self, &'static str); 13] = [
        (Self::Abbreviation, "abbreviations"),
        (Self::NegationBefore, "negation_before"),
        (Self::NegationAfter, "negation_after"),
        (Self::NoNegation, "negation_none"),
        (Self::NegationEnd, "negation_ends"),
        (Self::ReportBefore, "reported_before"),
        (Self::ReportAfter, "reported_after"),
        (Self::CallBefore, "called_before"),
        (Self::ReportEnd, "reported_ends"),
        (Self::Person, "subject_person"),
        (Self::Others, "subject_others"),
        (Self::NoSubject, "subject_none"),
        (Self::Unnamed, "subject_unnamed"),
    ];

    /// The key that names its list in a rule set.
    #[must_use]
    pub fn key(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, key)| key)
    }
}

/// The lists of cues of a rule set.
#[derive(Default)]
pub struct Grammar {
    lists: BTreeMap<CueKind, Arc<Lexicon>>,
    negation_words: usize,
    reported_words: usize,
    /// Built when a text is first read.
    cues: OnceLock<Cues>,
}

impl std::fmt::Debug for Grammar {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_map().entries(self.lists.iter().map(|(kind, list)| (kind, &list.name))).finish()
    }
}

struct Cues {
    matcher: Matcher,
    /// For each phrase of the matcher, what it is a cue for.
    kinds: Vec<CueKind>,
    regexes: Vec<(CueKind, Arc<Regex>)>,
}

/// The places of the cues in one text, by kind, each list in order.
pub(super) type Places = BTreeMap<CueKind, Vec<Range<usize>>>;

impl Grammar {
    /// A grammar of these lists. A negation reaches over at most `negation_words` words, what tells of something over at
    /// most `reported_words`.
    #[must_use]
    pub fn new(lists: BTreeMap<CueKind, Arc<Lexicon>>, negation_words: usize, reported_words: usize) -> Self {
        Self { lists, negation_words, reported_words, cues: OnceLock::new() }
    }

    /// Whether there is a list of this kind.
    #[must_use]
    pub fn has(&self, kind: CueKind) -> bool {
        self.lists.contains_key(&kind)
    }

    /// How many words a negation reaches over at most.
    pub(super) fn negation_words(&self) -> usize {
        self.negation_words
    }

    /// How many words a report or call reaches over at most.
    pub(super) fn reported_words(&self) -> usize {
        self.reported_words
    }

    /// Where the cues stand, in bytes of the text as written.
    pub(super) fn places(&self, text: &str, folded: &Folded) -> Places {
        let cues = self.cues.get_or_init(|| self.cues());
        let mut places = Places::new();
        cues.matcher.hits(folded.as_str(), |phrase, range| {
            places.entry(cues.kinds[phrase]).or_default().push(folded.original(range));
        });
        for (kind, regex) in &cues.regexes {
            places.entry(*kind).or_default().extend(regex.find_iter(text).map(|found| found.range()));
        }
        for places in places.values_mut() {
            places.sort_by_key(|place| (place.start, std::cmp::Reverse(place.end)));
            places.dedup();
        }
        places
    }

    fn cues(&self) -> Cues {
        let (mut phrases, mut kinds, mut regexes) = (vec![], vec![], vec![]);
        for (kind, list) in &self.lists {
            for entry in &list.entries {
                if let Some(regex) = &entry.regex {
                    regexes.push((*kind, Arc::clone(regex)));
                } else if let Some(phrase) = Phrase::new(&entry.text, if entry.stem { Mode::Stem } else { Mode::Whole })
                {
                    phrases.push(phrase);
                    kinds.push(*kind);
                }
            }
        }
        Cues { matcher: Matcher::new(phrases), kinds, regexes }
    }
}

/// The places of a kind that do not begin in a place of another kind.
pub(super) fn outside(places: &Places, kind: CueKind, by: CueKind) -> Vec<Range<usize>> {
    let of = |kind| places.get(&kind).map_or(&[][..], Vec::as_slice);
    let is_free = |place: &&Range<usize>| !of(by).iter().any(|cover| cover.contains(&place.start));
    of(kind).iter().filter(is_free).cloned().collect()
}
