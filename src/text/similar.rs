//! How alike two texts are: the exact Jaccard similarity of their sets of three-word shingles.
//!
//! In goes text as written, out comes a sorted set of hashes, and for two sets a whole percentage. Texts that fold to
//! the same words are the same text. The hash is fixed and has no seed, so the same text gives the same set on every
//! machine; two shingles with one hash (about one pair in 2^64) would count as one. Source: A. Broder, “On the
//! resemblance and containment of documents”, SEQUENCES 1997. It says nothing of who copied from whom.

use unicode_segmentation::UnicodeSegmentation;

use super::fold::fold;

/// How many words a shingle has.
const WORDS: usize = 3;

/// The set of hashed three-word shingles of a text. A text of one or two words is one shingle, one without words none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shingles(Vec<u64>);

impl Shingles {
    /// The shingles of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let folded = fold(text);
        let words: Vec<&str> = folded.unicode_words().collect();
        let mut hashes: Vec<u64> = match words.len() {
            0 => vec![],
            few if few < WORDS => vec![hash(&words)],
            _ => words.windows(WORDS).map(hash).collect(),
        };
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// How alike two texts are, in whole percent rounded down: shingles of both, of all that are in either. A text
    /// without words is like nothing, not even itself.
    #[must_use]
    pub fn percent(&self, other: &Self) -> u32 {
        let (mut both, mut left) = (0, other.hashes());
        for own in self.hashes() {
            left = &left[left.partition_point(|hash| hash < own)..];
            both += usize::from(left.first() == Some(own));
        }
        let all = self.0.len() + other.0.len() - both;
        (both * 100).checked_div(all).and_then(|percent| u32::try_from(percent).ok()).unwrap_or(0)
    }

    /// Whether the text has no words.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The hashes, ascending.
    pub(super) fn hashes(&self) -> &[u64] {
        &self.0
    }
}

/// FNV-1a with 64 bits (Fowler, Noll, Vo) of some words, each ended by a byte that no text has.
fn hash(words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0xff]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn percent(a: &str, b: &str) -> u32 {
        Shingles::of(a).percent(&Shingles::of(b))
    }

    #[test]
    fn texts_that_fold_to_the_same_words_are_wholly_alike() {
        assert_eq!(percent("Used a FALSE invoice, in Exampleville.", "used a false invoice in exampleville"), 100);
    }

    #[test]
    fn shingles_of_both_are_counted_among_those_of_either_and_rounded_down() {
        // abc bcd cde against abc bcd cdx: two of four; abc bcd against bcd: one of two; abc bcd cde against cde: a third.
        assert_eq!(percent("a b c d e", "a b c d x"), 50);
        assert_eq!(percent("a b c d", "b c d"), 50);
        assert_eq!(percent("a b c d e", "c d e"), 33);
    }

    #[test]
    fn a_repeated_passage_counts_once() {
        assert_eq!(percent("a b c a b c", "a b c a b c a b c"), 100);
    }

    #[test]
    fn the_order_of_words_matters_but_not_where_one_word_ends_in_another() {
        assert_eq!(percent("a b c", "c b a"), 0);
        assert_eq!(percent("ab c d", "a bc d"), 0);
    }

    #[test]
    fn few_words_are_one_shingle_and_no_words_are_like_nothing() {
        assert_eq!(percent("tax fraud", "Tax fraud"), 100);
        assert_eq!(percent("tax fraud", "fraud"), 0);
        assert_eq!(percent(" … ", " … "), 0);
        assert_eq!(percent("", "tax fraud"), 0);
    }

    #[test]
    fn the_hash_of_a_shingle_never_changes() {
        // Worked out by another program from the published constants.
        assert_eq!(Shingles::of("a").hashes(), [0x089b_c907_b544_c769]);
    }

    proptest! {
        #[test]
        fn likeness_is_the_same_both_ways_and_that_of_sets_of_words(a in "[a-c ]{0,30}", b in "[a-c ]{0,30}") {
            let sets = [&a, &b].map(|text| {
                let words: Vec<&str> = text.split_whitespace().collect();
                let width = words.len().clamp(1, WORDS);
                words.windows(width).map(<[&str]>::to_vec).collect::<std::collections::BTreeSet<_>>()
            });
            let all = sets[0].union(&sets[1]).count();
            let expected = (sets[0].intersection(&sets[1]).count() * 100).checked_div(all).unwrap_or(0);
            prop_assert_eq!(percent(&a, &b) as usize, expected);
            prop_assert_eq!(percent(&b, &a) as usize, expected);
        }
    }
}
