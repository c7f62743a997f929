//! Where words begin and end, and how many there are.
//!
//! In goes text, out come counts and yes or no for a byte position. Two readings of "word" live here on purpose:
//! counting follows Unicode segmentation, as a reader would count; the boundary tests look at the two neighbouring
//! characters only, so that they cost nothing and hold in folded text of any language. French elision and the Turkish
//! apostrophe give boundaries. Scripts written without spaces have one at every character. No dictionary is used.

use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// The number of words in `text` by Unicode segmentation.
#[must_use]
pub fn count(text: &str) -> usize {
    text.unicode_words().count()
}

/// Whether a word may begin at byte `at` of folded text. In Arabic script it may also begin after proclitics
/// (`و ف ب ل ك س ال`, at most four letters in all), which are written on to it.
#[must_use]
pub fn starts_word(folded: &str, at: usize) -> bool {
    let Some((before, after)) = folded.split_at_checked(at) else { return false };
    boundary(before, after) || after.starts_with(is_arabic) && follows_proclitics(before)
}

/// Whether a word may end at byte `at` of folded text.
#[must_use]
pub fn ends_word(folded: &str, at: usize) -> bool {
    folded.split_at_checked(at).is_some_and(|(before, after)| boundary(before, after))
}

/// Whether `c` is part of a word: a letter, a digit or a mark.
pub(super) fn is_word(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        // Blocks of nothing but letters, told without a look into tables: most of Latin, Cyrillic, Arabic, Han.
        'à'..='ö' | 'ø'..='\u{2c1}' | '\u{400}'..='\u{481}' | '\u{48a}'..='\u{52f}' => true,
        '\u{620}'..='\u{64a}' | '\u{4e00}'..='\u{9fff}' => true,
        _ => c.is_alphanumeric() || is_combining_mark(c),
    }
}

/// Whether a word may end and another begin between two neighbours.
pub(super) fn parts(left: char, right: char) -> bool {
    if !is_word(left) || !is_word(right) {
        return true;
    }
    // A mark belongs to the letter before it, in scripts without spaces too.
    (is_unspaced(left) || is_unspaced(right)) && !is_combining_mark(right)
}

/// The longest run of proclitics, in letters.
pub(super) const PROCLITIC_LETTERS: usize = 4;

/// Whether `c` may stand in a run of proclitics.
pub(super) fn is_proclitic(c: char) -> bool {
    matches!(c, 'و' | 'ف' | 'ب' | 'ل' | 'ك' | 'س' | 'ا')
}

fn boundary(before: &str, after: &str) -> bool {
    let (Some(left), Some(right)) = (before.chars().next_back(), after.chars().next()) else { return true };
    parts(left, right)
}

/// Whether the letters before, back to the start of the word, are proclitics and nothing else.
fn follows_proclitics(before: &str) -> bool {
    let backwards = before.chars().rev().take_while(|c| is_word(*c));
    let run: Vec<char> = backwards.take(PROCLITIC_LETTERS + 1).collect();
    if run.is_empty() || run.len() > PROCLITIC_LETTERS {
        return false;
    }
    let mut letters = run.iter().rev();
    while let Some(letter) = letters.next() {
        // An alef is the article's, so a lam follows; a lam alone is the preposition.
        if !is_proclitic(*letter) || *letter == 'ا' && letters.next() != Some(&'ل') {
            return false;
        }
    }
    true
}

pub(super) fn is_arabic(c: char) -> bool {
    matches!(c, '\u{620}'..='\u{64a}' | '\u{66e}'..='\u{6d3}' | '\u{6d5}' | '\u{6fa}'..='\u{6fc}')
}

/// Whether two or three characters can be a whole word: scripts written without spaces, and Hangul.
#[must_use]
pub fn is_dense(c: char) -> bool {
    is_unspaced(c) || matches!(c, '\u{ac00}'..='\u{d7a3}')
}

/// Scripts written without spaces between words: Han, Kana, Bopomofo, Thai, Lao, Khmer, Myanmar.
fn is_unspaced(c: char) -> bool {
    c >= '\u{e00}'
        && matches!(c,
            '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{19e0}'..='\u{19ff}'
            | '\u{2e80}'..='\u{2fdf}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}' | '\u{3040}'..='\u{312f}'
            | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
            | '\u{a9e0}'..='\u{a9ff}' | '\u{aa60}'..='\u{aa7f}' | '\u{f900}'..='\u{faff}'
            | '\u{1b000}'..='\u{1b16f}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether `word`, where it first stands in `text`, begins and ends there.
    fn bounds(text: &str, word: &str) -> (bool, bool) {
        let at = text.find(word).expect("the text holds the word");
        (starts_word(text, at), ends_word(text, at + word.len()))
    }

    #[test]
    fn blanks_punctuation_and_the_ends_bound_words() {
        assert_eq!(bounds("calls for war", "war"), (true, true));
        assert_eq!(bounds("warfare", "war"), (true, false));
        assert_eq!(bounds("postwar", "war"), (false, true));
        assert_eq!(bounds("war_crime", "war"), (true, true));
        assert_eq!(bounds("ww2war", "war"), (false, true), "a digit is part of a word");
    }

    #[test]
    fn elision_and_the_turkish_apostrophe_bound_words() {
        assert_eq!(bounds("l'extremisme", "extremisme"), (true, true));
        assert_eq!(bounds("pkk'nin", "pkk"), (true, true));
    }

    #[test]
    fn scripts_without_spaces_have_boundaries_everywhere_but_inside_a_letter() {
        assert_eq!(bounds("他犯寻衅滋事罪", "寻衅滋事"), (true, true));
        assert_eq!(bounds("abc寻衅", "寻衅"), (true, true));
        assert!(!ends_word("กิน", 3), "the vowel sign belongs to the consonant");
        assert_eq!(bounds("한국사람", "국"), (false, false), "Hangul is written with spaces");
    }

    #[test]
    fn a_mark_is_part_of_the_word() {
        assert_eq!(bounds("हिन्दी", "हिन"), (true, false));
    }

    #[test]
    fn an_arabic_word_begins_after_proclitics() {
        for text in ["ارهاب", "الارهاب", "والارهاب", "وبالارهاب", "للارهاب", "فارهاب"]
        {
            assert!(bounds(text, "ارهاب").0, "{text}");
        }
        assert!(!bounds("وفبالارهاب", "ارهاب").0, "five letters are too many");
        assert!(!bounds("مارهاب", "ارهاب").0, "no proclitic");
        assert!(!bounds("اارهاب", "رهاب").0, "an alef needs its lam");
    }

    #[test]
    fn the_quick_blocks_hold_word_characters_only() {
        for c in '\u{80}'..='\u{9fff}' {
            assert_eq!(is_word(c), c.is_alphanumeric() || is_combining_mark(c), "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn positions_inside_characters_and_beyond_the_text_bound_nothing() {
        assert!(!starts_word("é", 1) && !ends_word("é", 1));
        assert!(!starts_word("a", 9) && !ends_word("a", 9));
    }

    #[test]
    fn words_are_counted_as_a_reader_does() {
        assert_eq!(count("He didn't pay, 3.5 times."), 5);
        assert_eq!(count(" \n"), 0);
    }
}
