//! One phrase and what it means to find it.
//!
//! In goes an entry as its author wrote it and a [`Mode`], out come the places where a text has it. A phrase has a key,
//! the literal an automaton looks for, and [`Phrase::confirm`], which settles a sighting of the key; [`Phrase::find_all`]
//! is the slow reading that defines what the fast one must find. A phrase folds its entry itself, so the two sides
//! cannot be folded differently; it never folds the text, which is done once for all phrases.

use std::ops::Range;

use super::fold::fold;
use super::words::{PROCLITIC_LETTERS, ends_word, is_arabic, is_proclitic, is_word, parts, starts_word};

/// What counts as finding a phrase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Mode {
    /// The phrase stands anywhere, inside words too.
    Substring,
    /// The text begins with the phrase, white space aside.
    Prefix,
    /// The text ends with the phrase, white space aside.
    Suffix,
    /// The phrase begins and ends where words do. In Arabic script each of its words may carry the article and other
    /// proclitics, which are written on to it: `امن دولة` finds `أمن الدولة`.
    Whole,
    /// The phrase begins where a word does, and each of its words may go on: `crimin organi` finds `criminal
    /// organisation`. Up to three characters that are no letters or digits may stand between its words.
    Stem,
}

/// A phrase to look for.
#[derive(Clone, Debug)]
pub struct Phrase {
    mode: Mode,
    key: String,
    /// The words after the first; only stems and whole Arabic phrases have any.
    rest: Vec<String>,
}

impl Phrase {
    /// A phrase for folded text. None if folding leaves nothing to look for.
    #[must_use]
    pub fn new(entry: &str, mode: Mode) -> Option<Self> {
        Self::cased(&fold(entry), mode)
    }

    /// A phrase for text as it was written: case, accents and invisible characters count. Match it against the
    /// unfolded text. None if there is nothing to look for.
    ///
    /// White space at the ends of `entry` counts in mode [`Mode::Substring`] only.
    #[must_use]
    pub fn cased(entry: &str, mode: Mode) -> Option<Self> {
        let trimmed = entry.trim();
        let (key, rest) = match mode {
            Mode::Stem => {
                let mut words = trimmed.split(|c| !is_word(c)).filter(|word| !word.is_empty()).map(String::from);
                (words.next()?, words.collect())
            }
            Mode::Whole if trimmed.contains(is_arabic) => {
                let mut words = trimmed.split_whitespace().map(String::from);
                (words.next()?, words.collect())
            }
            Mode::Substring if !trimmed.is_empty() => (String::from(entry), Vec::new()),
            _ => (String::from(trimmed), Vec::new()),
        };
        (!key.is_empty()).then_some(Self { mode, key, rest })
    }

    /// What counts as finding it.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The literal to look for: the whole phrase, of a stem and of an Arabic phrase the first word.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The range of the whole phrase if it stands in `folded` where its key stands at byte `at`. A stem's range goes
    /// to the end of its last word. None too if the key is not at `at`.
    #[must_use]
    pub fn confirm(&self, folded: &str, at: usize) -> Option<Range<usize>> {
        let end = at.checked_add(self.key.len())?;
        if folded.get(at..end)? != self.key {
            return None;
        }
        let end = match self.mode {
            Mode::Substring => end,
            // Trimmed from the near side: whatever the text, all sightings together look at each blank once.
            Mode::Prefix => folded[..at].trim_end().is_empty().then_some(end)?,
            Mode::Suffix => folded[end..].trim_start().is_empty().then_some(end)?,
            Mode::Whole => self.whole_end(folded, at, end)?,
            Mode::Stem => self.stem_end(folded, at, end)?,
        };
        Some(at..end)
    }

    /// Every place where `folded` has the phrase, leftmost first; places may overlap.
    #[must_use]
    pub fn find_all(&self, folded: &str) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        let mut from = 0;
        while let Some(found) = folded.get(from..).and_then(|rest| rest.find(&self.key)) {
            let at = from + found;
            places.extend(self.confirm(folded, at));
            from = at + folded[at..].chars().next().map_or(1, char::len_utf8);
        }
        places
    }

    fn whole_end(&self, folded: &str, start: usize, first_end: usize) -> Option<usize> {
        if !starts_word(folded, start) {
            return None;
        }
        let mut end = first_end;
        for word in &self.rest {
            let next = if ends_word(folded, end) { next_word(folded, end) } else { return None };
            end = next + stem_offset(&folded[next..], word, folded, next)? + word.len();
        }
        ends_word(folded, end).then_some(end)
    }

    fn stem_end(&self, folded: &str, start: usize, first_end: usize) -> Option<usize> {
        if !starts_word(folded, start) {
            return None;
        }
        let mut end = word_end(folded, first_end);
        for word in &self.rest {
            let next = next_word(folded, end);
            end = word_end(folded, next + stem_offset(&folded[next..], word, folded, next)? + word.len());
        }
        Some(end)
    }
}

/// The most characters between two words of a stem phrase.
const GAP: usize = 3;

/// Where the word that goes on at `at` ends.
fn word_end(folded: &str, at: usize) -> usize {
    let Some(mut left) = folded[..at].chars().next_back() else { return at };
    for (offset, right) in folded[at..].char_indices() {
        if parts(left, right) {
            return at + offset;
        }
        left = right;
    }
    folded.len()
}

/// Where the next word may begin: after at most [`GAP`] characters that belong to none.
fn next_word(folded: &str, at: usize) -> usize {
    let gap = folded[at..].chars().take(GAP).take_while(|c| !is_word(*c));
    at + gap.map(char::len_utf8).sum::<usize>()
}

/// How far into `text`, which stands at `at` of `folded`, `word` begins a word: at once, or after Arabic proclitics.
fn stem_offset(text: &str, word: &str, folded: &str, at: usize) -> Option<usize> {
    let mut offset = 0;
    for c in text.chars().map(Some).chain([None]).take(PROCLITIC_LETTERS + 1) {
        if text[offset..].starts_with(word) && starts_word(folded, at + offset) {
            return Some(offset);
        }
        offset += c.filter(|c| is_proclitic(*c))?.len_utf8();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found<'t>(entry: &str, mode: Mode, folded: &'t str) -> Vec<&'t str> {
        let phrase = Phrase::new(entry, mode).expect("the entry is not empty");
        phrase.find_all(folded).into_iter().map(|range| &folded[range]).collect()
    }

    #[test]
    fn a_substring_may_stand_inside_a_word_and_overlap_itself() {
        assert_eq!(found("ANA", Mode::Substring, "banana"), ["ana", "ana"]);
    }

    #[test]
    fn prefix_and_suffix_look_past_white_space_only() {
        assert_eq!(found("war", Mode::Prefix, " war, war"), ["war"]);
        assert_eq!(found("war", Mode::Suffix, "war, war "), ["war"]);
        assert!(found("war", Mode::Prefix, "(war").is_empty());
        assert!(found("war", Mode::Suffix, "war.").is_empty());
    }

    #[test]
    fn whole_words_do_not_match_inside_others() {
        assert_eq!(found("calls for war", Mode::Whole, "calls for war. recalls for warfare"), ["calls for war"]);
        assert_eq!(found("寻衅滋事", Mode::Whole, "犯寻衅滋事罪"), ["寻衅滋事"]);
    }

    #[test]
    fn every_word_of_a_stem_may_go_on() {
        assert_eq!(found("crimin organi", Mode::Stem, "the criminal (organised) group"), ["criminal (organised"]);
        assert!(found("crimin organi", Mode::Stem, "criminal and organised").is_empty());
        assert!(found("crimin", Mode::Stem, "incriminate").is_empty());
        assert!(found("crimin organi", Mode::Stem, "criminal .... organised").is_empty(), "too far apart");
    }

    #[test]
    fn a_stem_stops_at_once_where_words_are_not_spaced() {
        assert_eq!(found("煽动 颠覆", Mode::Stem, "他煽动颠覆国家"), ["煽动颠覆"]);
    }

    #[test]
    fn the_words_of_an_arabic_stem_may_carry_the_article() {
        assert_eq!(found("اعمال ارهابي", Mode::Stem, "بالاعمال الارهابيه"), ["اعمال الارهابيه"]);
    }

    #[test]
    fn the_words_of_a_whole_arabic_phrase_may_carry_the_article() {
        assert_eq!(found("أمن دولة", Mode::Whole, "بامن الدوله"), ["امن الدوله"]);
        assert_eq!(found("أمن دولة", Mode::Whole, "امن دوله"), ["امن دوله"]);
        assert!(found("أمن دولة", Mode::Whole, "امنا الدوله").is_empty(), "the first word goes on");
        assert!(found("أمن دولة", Mode::Whole, "امن الدولهم").is_empty(), "the last word goes on");
        assert!(found("أمن دولة", Mode::Whole, "امن هذه الدوله").is_empty(), "a word between");
    }

    #[test]
    fn a_cased_phrase_keeps_case_and_accents() {
        let phrase = Phrase::cased("PKK", Mode::Whole).expect("not empty");
        assert_eq!(phrase.find_all("pkk PKK"), [Range { start: 4, end: 7 }]);
    }

    #[test]
    fn an_entry_that_folds_to_nothing_is_no_phrase() {
        for mode in [Mode::Substring, Mode::Prefix, Mode::Suffix, Mode::Whole, Mode::Stem] {
            for entry in ["", " \u{a0}", "\u{200b}\u{301}"] {
                assert!(Phrase::new(entry, mode).is_none());
            }
        }
        assert!(Phrase::new("--", Mode::Stem).is_none(), "a stem is made of words");
    }

    #[test]
    fn a_sighting_elsewhere_is_not_confirmed() {
        let phrase = Phrase::new("war", Mode::Stem).expect("not empty");
        assert_eq!(phrase.confirm("é war", 1), None, "inside a character");
        assert_eq!(phrase.confirm("war", 99), None);
        assert_eq!(phrase.confirm("war", usize::MAX), None);
    }
}
