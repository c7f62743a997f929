//! Two things said close together.
//!
//! In go the places of two kinds of match in one text, out comes the first pair with few enough words between them, in
//! either order. Distance is the number of whole words (Unicode segmentation) between the two ranges: 0 is side by side.
//! Ranges that overlap are no pair: one expression is not evidence for two things.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

/// The first pair of a range of `a` and a range of `b` with at most `within` words of `text` between them: the pair
/// whose left member begins first, with the nearest right member. The answer names the range of `a` first.
#[must_use]
pub fn near(text: &str, a: &[Range<usize>], b: &[Range<usize>], within: usize) -> Option<(Range<usize>, Range<usize>)> {
    if a.is_empty() || b.is_empty() {
        return None;
    }
    let words = Words::new(text);
    let (a, b) = (sorted(a), sorted(b));
    let a_first = first(&words, &a, &b, within);
    let b_first = first(&words, &b, &a, within).map(|(b, a)| (a, b));
    match (a_first, b_first) {
        // Both cannot begin at one place unless ranges are empty; then a comes first.
        (Some(one), Some(other)) => Some(if one.0.start <= other.1.start { one } else { other }),
        (one, other) => one.or(other),
    }
}

/// Where the words of a text begin and end.
struct Words {
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Words {
    fn new(text: &str) -> Self {
        let (starts, ends) = text.unicode_word_indices().map(|(at, word)| (at, at + word.len())).unzip();
        Self { starts, ends }
    }

    /// How many words lie whole between two bytes.
    fn between(&self, from: usize, to: usize) -> usize {
        let begun = self.starts.partition_point(|start| *start < from);
        let ended = self.ends.partition_point(|end| *end <= to);
        ended.saturating_sub(begun)
    }
}

fn sorted(ranges: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut ranges = ranges.to_vec();
    ranges.sort_unstable_by_key(|range| (range.start, range.end));
    ranges
}

/// The first pair with its left member in `left`. The nearest right member is the first that begins after the left one
/// ends, so a search by halves finds it and a flood of matches costs no square.
fn first(
    words: &Words,
    left: &[Range<usize>],
    right: &[Range<usize>],
    within: usize,
) -> Option<(Range<usize>, Range<usize>)> {
    left.iter().find_map(|one| {
        let other = right.get(right.partition_point(|range| range.start < one.end))?;
        (words.between(one.end, other.start) <= within).then(|| (one.clone(), other.clone()))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn places(text: &str, word: &str) -> Vec<Range<usize>> {
        text.match_indices(word).map(|(at, word)| at..at + word.len()).collect()
    }

    fn one(range: Range<usize>) -> Vec<Range<usize>> {
        Vec::from([range])
    }

    fn pair<'t>(text: &'t str, a: &str, b: &str, within: usize) -> Option<(&'t str, usize, usize)> {
        let (a, b) = near(text, &places(text, a), &places(text, b), within)?;
        Some((&text[a.clone()], a.start, b.start))
    }

    #[test]
    fn either_order_counts_and_a_is_named_first() {
        assert_eq!(pair("arms and drugs", "arms", "drugs", 1), Some(("arms", 0, 9)));
        assert_eq!(pair("arms and drugs", "drugs", "arms", 1), Some(("drugs", 9, 0)));
        assert_eq!(pair("arms and drugs", "arms", "drugs", 0), None);
        assert_eq!(pair("arms, drugs", "arms", "drugs", 0), Some(("arms", 0, 6)));
    }

    #[test]
    fn the_first_pair_is_the_one_that_begins_first() {
        assert_eq!(pair("b x y z a b a", "a", "b", 0), Some(("a", 8, 10)));
        assert_eq!(pair("b a b", "a", "b", 0), Some(("a", 2, 0)));
    }

    #[test]
    fn overlapping_ranges_are_no_pair() {
        assert_eq!(near("armed forces", &one(0..5), &one(3..12), 9), None);
        assert_eq!(near("armed forces", &one(0..12), &one(0..12), 9), None);
    }

    #[test]
    fn ranges_outside_the_text_do_no_harm() {
        assert_eq!(near("a", &one(5..9), &one(40..41), 0), Some((5..9, 40..41)));
        assert_eq!(near("", &[], &one(0..1), 9), None);
    }

    proptest! {
        #[test]
        fn the_answer_is_the_first_of_all_pairs(text in "[ab c]{0,24}", within in 0_usize..3) {
            let (a, b) = (places(&text, "a"), places(&text, "b"));
            let words = Words::new(&text);
            let close = |x: &Range<usize>, y: &Range<usize>| {
                let (l, r) = if x.start < y.start { (x, y) } else { (y, x) };
                l.end <= r.start && words.between(l.end, r.start) <= within
            };
            let all = a.iter().flat_map(|x| b.iter().map(move |y| (x.clone(), y.clone())));
            let first = all.filter(|(x, y)| close(x, y)).min_by_key(|(x, y)| (x.start.min(y.start), x.start.max(y.start)));
            prop_assert_eq!(near(&text, &a, &b, within), first);
        }
    }
}
