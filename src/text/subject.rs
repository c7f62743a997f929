//! Whom a sentence is about.
//!
//! In go the places of cues and the sentences of a text, out comes for each sentence the person, others, or nobody
//! named, and why. The cue that comes first decides: in the languages of the lists the subject stands before what it
//! acts on or, where the verb comes first, before all else that is named. A word for somebody who is plainly not the
//! subject (“a member of the group”) is a list of its own and wins over the cues that begin in it.
//!
//! A sentence without a cue goes on about whom the sentence before was about: Spanish, Arabic, Turkish and Russian leave
//! the pronoun out, and summaries in every language say it once. The first sentence is about the person, for that is
//! what a summary of facts is of. But a sentence that says what was done and names nobody (“shots were fired”) is open,
//! and leaves the sentences after it as they would be without it.

use std::ops::Range;

use super::grammar::{CueKind, Places, outside};
use crate::record::WORDING_SEPARATOR;

/// Whom a sentence is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    /// The person sought.
    Person,
    /// Somebody else.
    Others,
}

impl Subject {
    /// Every subject with its word in the language.
    pub const ALL: [(Self, &'static str); 2] = [(Self::Person, "person"), (Self::Others, "others")];
}

/// What is known of whom a sentence is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// A cue in the sentence says it; where it stands in the text.
    Named(Subject, Range<usize>),
    /// Nothing says otherwise: the same as the sentence before.
    Carried(Subject),
    /// It is the first sentence, and nothing says otherwise.
    First,
    /// It says what was done and not by whom; where it does.
    Unnamed(Range<usize>),
}

impl About {
    /// The subject, unless it is left open.
    #[must_use]
    pub fn subject(&self) -> Option<Subject> {
        match self {
            Self::Named(subject, _) | Self::Carried(subject) => Some(*subject),
            Self::First => Some(Subject::Person),
            Self::Unnamed(_) => None,
        }
    }
}

/// What each sentence is about.
pub(super) fn subjects(text: &str, places: &Places, sentences: &[Range<usize>]) -> Vec<About> {
    let named = |subject, kind| {
        outside(places, kind, CueKind::NoSubject).into_iter().map(move |place| (place.start, place.end, subject))
    };
    let mut cues: Vec<(usize, usize, Subject)> =
        named(Subject::Person, CueKind::Person).chain(named(Subject::Others, CueKind::Others)).collect();
    // Of cues that begin together the longest says most: “the person's brother” is not the person.
    cues.sort_by_key(|(start, end, subject)| (*start, std::cmp::Reverse(*end), std::cmp::Reverse(*subject)));
    let unnamed = places.get(&CueKind::Unnamed).map_or(&[][..], Vec::as_slice);
    let mut carried: Option<Subject> = None;
    let mut before = 0;
    let mut about = vec![];
    for sentence in sentences {
        // A charge and its translation are two texts.
        if text.get(before..sentence.start).is_some_and(|between| between.contains(WORDING_SEPARATOR.trim())) {
            carried = None;
        }
        before = sentence.end;
        let cue = cues.iter().find(|(start, ..)| sentence.contains(start));
        let open = unnamed.iter().find(|place| sentence.contains(&place.start));
        let one = match (cue, open, carried) {
            (Some((start, end, subject)), ..) => About::Named(*subject, *start..*end),
            (None, Some(place), _) => About::Unnamed(place.clone()),
            (None, None, Some(subject)) => About::Carried(subject),
            (None, None, None) => About::First,
        };
        carried = one.subject().or(carried);
        about.push(one);
    }
    about
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the sentences of a text are about, by one-letter cues: p, o, and s before one that does not count, u.
    fn about(text: &str) -> Vec<About> {
        let mut places = Places::new();
        for (kind, letter) in
            [(CueKind::Person, "p"), (CueKind::Others, "o"), (CueKind::NoSubject, "so"), (CueKind::Unnamed, "u")]
        {
            let found = text.match_indices(letter).map(|(at, letter)| at..at + letter.len());
            places.insert(kind, found.collect());
        }
        let sentences: Vec<Range<usize>> =
            text.match_indices(|c: char| c.is_alphabetic()).fold(vec![], |mut all: Vec<Range<usize>>, (at, _)| {
                match all.last_mut() {
                    Some(last) if last.end == at => last.end = at + 1,
                    _ => all.push(at..at + 1),
                }
                all
            });
        subjects(text, &places, &sentences)
    }

    #[test]
    fn the_cue_that_comes_first_decides() {
        assert_eq!(about("apo aop"), [About::Named(Subject::Person, 1..2), About::Named(Subject::Others, 5..6)]);
    }

    #[test]
    fn a_cue_for_somebody_else_than_the_subject_is_passed_over() {
        assert_eq!(about("sop"), [About::Named(Subject::Person, 2..3)]);
    }

    #[test]
    fn a_sentence_without_a_cue_goes_on_and_the_first_is_about_the_person() {
        assert_eq!(about("a a"), [About::First, About::Carried(Subject::Person)]);
        assert_eq!(about("o a")[1], About::Carried(Subject::Others));
    }

    #[test]
    fn a_sentence_that_names_nobody_is_open_and_changes_nothing_for_the_next() {
        let open = about("o u a");
        assert_eq!((open[1].subject(), open[2].subject()), (None, Some(Subject::Others)));
        assert_eq!(about("up")[0].subject(), Some(Subject::Person), "a cue names somebody");
    }

    #[test]
    fn a_translation_starts_anew() {
        assert_eq!(about(&format!("o{WORDING_SEPARATOR}a"))[1], About::First);
    }
}
