//! Thousands of phrases looked for in one pass over a text.
//!
//! In go phrases once and then text after text, out come (phrase, range) pairs. The invariant: what is found is exactly
//! what [`Phrase::find_all`] finds phrase by phrase, in another order. One automaton over the distinct keys is walked
//! once; each sighting of a key is confirmed by the phrases that share it. It does not fold: the caller folds a text
//! once and may scan it with several matchers.

use std::collections::BTreeMap;
use std::ops::Range;

use aho_corasick::dfa::DFA;
use aho_corasick::nfa::contiguous::NFA;
use aho_corasick::{MatchKind, StartKind};

use super::lanes::{walk, walk_lanes};
use super::phrase::{Mode, Phrase};

/// Many phrases, ready to be looked for together.
#[derive(Clone, Debug)]
pub struct Matcher {
    phrases: Vec<Phrase>,
    /// By key of the automaton: the phrases with that key.
    sharing: Vec<Vec<usize>>,
    /// By key of the automaton: whether all phrases with that key begin where a word does.
    at_word_start: Vec<bool>,
    walk: Walk,
}

impl Matcher {
    /// Prepares the search. A phrase is known by its place in `phrases` from here on.
    #[must_use]
    pub fn new(phrases: Vec<Phrase>) -> Self {
        let mut keys: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, phrase) in phrases.iter().enumerate() {
            keys.entry(phrase.key()).or_default().push(index);
        }
        let walk = Walk::new(&keys.keys().copied().collect::<Vec<_>>());
        let sharing: Vec<Vec<usize>> = keys.into_values().collect();
        let begins_word = |index: &usize| matches!(phrases[*index].mode(), Mode::Whole | Mode::Stem);
        let at_word_start = sharing.iter().map(|sharing| sharing.iter().all(begins_word)).collect();
        Self { phrases, sharing, at_word_start, walk }
    }

    /// The phrases, in the order their indices count.
    #[must_use]
    pub fn phrases(&self) -> &[Phrase] {
        &self.phrases
    }

    /// Calls `found` with the index of a phrase and its range for every match in `folded`, overlapping ones too, in
    /// the order in which their keys end.
    pub fn hits(&self, folded: &str, found: impl FnMut(usize, Range<usize>)) {
        self.hits_of(folded, |_| true, found);
    }

    /// The same for those phrases only that are `wanted` when they are sighted.
    pub fn hits_of(&self, folded: &str, wanted: impl Fn(usize) -> bool, mut found: impl FnMut(usize, Range<usize>)) {
        let bytes = folded.as_bytes();
        let sighted = |key: usize, at: usize| {
            // Most sightings are in the middle of a word; between two ASCII letters or digits that is plain to see.
            let inside = at > 0 && bytes[at - 1].is_ascii_alphanumeric() && bytes[at].is_ascii_alphanumeric();
            if inside && self.at_word_start[key] {
                return;
            }
            for &index in self.sharing.get(key).into_iter().flatten().filter(|index| wanted(**index)) {
                if let Some(range) = self.phrases.get(index).and_then(|phrase| phrase.confirm(folded, at)) {
                    found(index, range);
                }
            }
        };
        match &self.walk {
            Walk::Fast(dfa) => walk_lanes(dfa.as_ref(), folded, sighted),
            Walk::Small(nfa) => walk(nfa.as_ref(), folded, sighted),
            Walk::OneByOne => self.one_by_one(folded, |index, range| {
                if wanted(index) {
                    found(index, range);
                }
            }),
        }
    }

    fn one_by_one(&self, folded: &str, mut found: impl FnMut(usize, Range<usize>)) {
        for (index, phrase) in self.phrases.iter().enumerate() {
            for range in phrase.find_all(folded) {
                found(index, range);
            }
        }
    }
}

/// The automaton, by size.
#[derive(Clone, Debug)]
enum Walk {
    Fast(Box<DFA>),
    Small(Box<NFA>),
    /// No automaton can be had (more states than it can count): slow, but right.
    OneByOne,
}

/// The most bytes of keys for which the dense automaton is built. In four lanes it scans four times as fast as the small
/// one, but it takes 0.65 ms and 260 KB for every 1,000 bytes of keys, eight times as long: 40 ms at this size.
const FAST_KEY_BYTES: usize = 64_000;

impl Walk {
    fn new(keys: &[&str]) -> Self {
        if keys.iter().map(|key| key.len()).sum::<usize>() <= FAST_KEY_BYTES {
            // Prefilters look for rare bytes to jump to; with thousands of keys they only start falsely.
            let dfa = DFA::builder()
                .match_kind(MatchKind::Standard)
                .start_kind(StartKind::Unanchored)
                .prefilter(false)
                .build(keys);
            if let Ok(dfa) = dfa {
                return Self::Fast(Box::new(dfa));
            }
        }
        let nfa = NFA::builder().match_kind(MatchKind::Standard).prefilter(false).build(keys);
        nfa.map_or(Self::OneByOne, |nfa| Self::Small(Box::new(nfa)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MODES: [Mode; 5] = [Mode::Substring, Mode::Prefix, Mode::Suffix, Mode::Whole, Mode::Stem];

    fn sorted_hits(matcher: &Matcher, folded: &str) -> Vec<(usize, usize, usize)> {
        let mut hits = Vec::new();
        matcher.hits(folded, |phrase, range| hits.push((phrase, range.start, range.end)));
        hits.sort_unstable();
        hits
    }

    fn phrase_by_phrase(matcher: &Matcher, folded: &str) -> Vec<(usize, usize, usize)> {
        let mut hits = Vec::new();
        matcher.one_by_one(folded, |phrase, range| hits.push((phrase, range.start, range.end)));
        hits.sort_unstable();
        hits
    }

    fn phrases(entries: &[(String, Mode)]) -> Vec<Phrase> {
        entries.iter().filter_map(|(entry, mode)| Phrase::new(entry, *mode)).collect()
    }

    #[test]
    fn phrases_with_one_key_are_all_found() {
        let entries = [("war", Mode::Whole), ("war", Mode::Substring), ("war crim", Mode::Stem)];
        let matcher = Matcher::new(phrases(&entries.map(|(entry, mode)| (entry.to_owned(), mode))));
        assert_eq!(sorted_hits(&matcher, "a war crime"), [(0, 2, 5), (1, 2, 5), (2, 2, 11)]);
    }

    #[test]
    fn a_key_inside_a_key_is_found_too() {
        let entries = [("he", Mode::Substring), ("she", Mode::Substring), ("hers", Mode::Substring)];
        let matcher = Matcher::new(phrases(&entries.map(|(entry, mode)| (entry.to_owned(), mode))));
        assert_eq!(sorted_hits(&matcher, "ushers"), [(0, 2, 4), (1, 1, 4), (2, 2, 6)]);
    }

    #[test]
    fn no_phrases_find_nothing() {
        assert!(sorted_hits(&Matcher::new(Vec::new()), "text").is_empty());
    }

    #[test]
    fn too_many_phrases_for_the_fast_automaton_are_found_all_the_same() {
        let entries: Vec<_> = (0..FAST_KEY_BYTES / 4).map(|n| (format!("{n:07}"), Mode::Whole)).collect();
        let matcher = Matcher::new(phrases(&entries));
        assert!(matches!(matcher.walk, Walk::Small(_)));
        assert_eq!(sorted_hits(&matcher, "0000007 and 0000012"), [(7, 0, 7), (12, 12, 19)]);
    }

    #[test]
    fn nothing_is_lost_or_told_twice_where_lanes_and_blocks_meet() {
        let entries = ["abcdefg", "g ab", "a", "efg abcdefg"].map(|entry| (entry.to_owned(), Mode::Substring));
        let matcher = Matcher::new(phrases(&entries));
        let long = "abcdefg ".repeat(20_000);
        for length in (100..180).chain(65_500..65_560).chain([131_072, 131_075, 160_000]) {
            let text = &long[..length];
            assert_eq!(sorted_hits(&matcher, text), phrase_by_phrase(&matcher, text), "{length} bytes");
        }
    }

    fn piece() -> impl Strategy<Value = String> {
        "[abAé '.\u{200b}эко煽動الوب]{1,5}"
    }

    proptest! {
        #[test]
        fn one_pass_finds_what_every_phrase_finds_alone(
            entries in prop::collection::vec((piece(), prop::sample::select(&MODES[..])), 0..12),
            text in prop::collection::vec(piece(), 0..80),
        ) {
            let matcher = Matcher::new(phrases(&entries));
            let folded = crate::text::fold(&text.concat()).into_owned();
            prop_assert_eq!(sorted_hits(&matcher, &folded), phrase_by_phrase(&matcher, &folded));
        }
    }
}
