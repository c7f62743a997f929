//! Folding: one spelling for what a reader takes to be the same text.
//!
//! In goes text as written, out comes text to search: compatibility forms unified (NFKC), case, diacritics, tashkil and
//! invisible characters gone, white space, dashes and quotes plain, Arabic and Persian letters unified, Chinese
//! simplified, look-alike letters of a mixed word set in one script. [`Folded`] also remembers where each piece came
//! from, so that evidence is quoted from the original and never from the folded text.
//!
//! Invariants: folding twice is folding once; [`Folded::original`] is monotone and on character boundaries. Folding
//! does not transliterate, does not stem, and leaves vowel signs, virama and nukta alone: without them Thai and the
//! scripts of India are other words.

use std::borrow::Cow;
use std::ops::Range;

use super::folding::{Folding, Starts, plain_run};

/// Folded text that knows where it came from.
#[derive(Clone, Debug)]
pub struct Folded {
    text: String,
    source_len: usize,
    /// None where every folded byte stands where its original stood.
    starts: Option<Starts>,
}

impl Folded {
    /// Folds `text` and keeps the way back.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let (folded, starts) = Folding::run(text, 0, Starts::default());
        // Every ASCII byte gives one byte or, in a run of white space, none: equal lengths mean equal places.
        let in_place = text.is_ascii() && folded.len() == text.len();
        Self { text: folded, source_len: text.len(), starts: (!in_place).then_some(starts) }
    }

    /// The folded text, the same as [`fold()`] gives.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that gave these folded bytes: whole characters with the marks and invisible
    /// characters after them. A range beyond the text is cut to it; an empty one gives an empty one.
    #[must_use]
    pub fn original(&self, folded: Range<usize>) -> Range<usize> {
        let Some(Starts(starts)) = &self.starts else {
            let start = folded.start.min(self.source_len);
            return start..folded.end.clamp(start, self.source_len);
        };
        if folded.start >= self.text.len() {
            return self.source_len..self.source_len;
        }
        let source = |count: usize| count.checked_sub(1).and_then(|last| starts.get(last)).map_or(0, |start| start.1);
        let start = source(starts.partition_point(|piece| piece.0 <= folded.start));
        if folded.is_empty() {
            return start..start;
        }
        let through = starts.partition_point(|piece| piece.0 < folded.end);
        let last = source(through);
        // A ligature gives several pieces with one start; the character ends where the next one begins.
        let next = starts.iter().skip(through).map(|piece| piece.1).find(|next| *next > last);
        start..next.unwrap_or(self.source_len)
    }
}

/// The folded form of `text`, borrowed if it is its own folded form.
#[must_use]
pub fn fold(text: &str) -> Cow<'_, str> {
    let kept = unchanged(text.as_bytes());
    if kept == text.len() {
        return Cow::Borrowed(text);
    }
    // What follows may change the word it touches (a mark, another script), but nothing before a blank.
    let from = text.as_bytes()[..kept].iter().rposition(|byte| *byte == b' ').map_or(0, |blank| blank + 1);
    let (folded, ()) = Folding::run(text, from, ());
    if folded == text { Cow::Borrowed(text) } else { Cow::Owned(folded) }
}

/// How many bytes at the start fold to themselves, going by ASCII alone.
fn unchanged(bytes: &[u8]) -> usize {
    let plain = plain_run(bytes, false);
    bytes[..plain].iter().position(u8::is_ascii_uppercase).unwrap_or(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    use super::*;

    fn quoted<'t>(text: &'t str, wanted: &str) -> &'t str {
        let folded = Folded::new(text);
        let at = folded.as_str().find(wanted).expect("the folded text holds it");
        &text[folded.original(at..at + wanted.len())]
    }

    #[test]
    fn case_marks_and_compatibility_forms_go() {
        assert_eq!(fold("EXTRÉMISME Ångström Straße ΛΌΓΟΣ ﬁn № １２"), "extremisme angstrom strasse λογοσ fin no 12");
        assert_eq!(fold("Ёлка, йод; Wałęsa, Đặng, Ødegård"), "елка, иод; walesa, dang, odegard");
    }

    #[test]
    fn the_four_turkish_letters_are_one() {
        assert_eq!(fold("İIıi"), "iiii");
        assert_eq!(fold("TERÖR ÖRGÜTÜ PROPAGANDASI"), fold("terör örgütü propagandası"));
    }

    #[test]
    fn arabic_and_persian_spellings_meet() {
        assert_eq!(fold("الإِرْهَابُ"), fold("الارهاب"));
        assert_eq!(fold("مُحَمَّـــد"), "محمد");
        assert_eq!(fold("جماعة"), fold("جماعه"));
        assert_eq!(fold("على"), fold("علی"));
        assert_eq!(fold("می\u{200c}کنند"), fold("ميكنند"));
        assert_eq!(fold("۱۲۳ ٤٥٦"), "123 456");
    }

    #[test]
    fn chinese_is_simplified_and_hangul_composed() {
        assert_eq!(fold("煽動顛覆國家政權罪"), "煽动颠覆国家政权罪");
        assert_eq!(fold("\u{1112}\u{1161}\u{11ab}국"), "한국");
    }

    #[test]
    fn vowel_signs_virama_and_nukta_stay() {
        for text in ["हिन्दी", "ไทย กำลัง", "বাংলা", "မြန်မာ"] {
            assert!(fold(text).nfkc().eq(text.nfkc()), "{text}");
        }
        assert!(fold("ड\u{93c}").contains('\u{93c}'));
    }

    #[test]
    fn invisible_characters_blanks_dashes_and_quotes_are_plain() {
        assert_eq!(fold("ter\u{200b}ror\u{ad}ist\u{202e}"), "terrorist");
        assert_eq!(fold("a\u{a0}\r\n\t b\u{0}c\u{3000}d"), "a b c d");
        assert_eq!(fold("«l’État» – “a” — ‘b’ `c´"), "\"l'etat\" \"a\" 'b' 'c'");
    }

    #[test]
    fn look_alikes_in_a_mixed_word_change_script() {
        assert_eq!(fold("Ехtrеmism экcтремизм"), "extremism экстремизм");
        assert_eq!(quoted("a Ехtrеmism b", "extremism"), "Ехtrеmism");
    }

    #[test]
    fn text_that_is_folded_is_borrowed() {
        for text in ["", "plain text, 12", "экстремизм", "煽动颠覆国家政权罪", "한국 ไทย हिन्दी"]
        {
            assert!(matches!(fold(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn the_original_is_found_through_every_change_of_length() {
        assert_eq!(quoted("x ﬁnance", "f"), "ﬁ", "half a ligature is the ligature");
        assert_eq!(quoted("an e\u{301}tat", "e"), "e\u{301}", "a letter takes its marks along");
        assert_eq!(quoted("a \r\n\t b", " "), " \r\n\t ", "a blank is the whole run");
        assert_eq!(quoted("\u{feff}War", "war"), "War", "nothing visible, nothing quoted");
        assert_eq!(quoted("ter\u{200b}ror!", "terror"), "ter\u{200b}ror");
    }

    #[test]
    fn ranges_beyond_the_text_are_cut() {
        for text in ["abc", "état"] {
            let folded = Folded::new(text);
            assert_eq!(folded.original(90..99), text.len()..text.len());
            assert_eq!(folded.original(0..99), 0..text.len());
            #[expect(clippy::reversed_empty_ranges, reason = "a caller's mistake must not panic")]
            let reversed = folded.original(3..1);
            assert!(reversed.is_empty());
        }
    }

    /// Letters, marks, blanks and look-alikes that meet each other often enough to interact, and now and then anything.
    fn text() -> impl Strategy<Value = String> {
        let chosen: Vec<char> =
            "aAİıßﬁéoоοсcКkΩσς .-–'\"`\n\u{a0}\u{200b}\u{301}\u{338}\u{3099}\u{344}\u{345}か가\u{1100}\u{1161}\u{11a8}\
            國国的لاأىةکﷺ\u{64b}\u{640}٣กำ\u{e31}\u{e48}\u{93c}\u{94d}क\u{9c7}\u{9be}\u{0}\u{1b}😀\u{fe0f}\u{f73}²½ー№"
                .chars()
                .collect();
        let one = prop_oneof![9 => prop::sample::select(chosen), 1 => any::<char>()];
        prop::collection::vec(one, 0..24).prop_map(String::from_iter)
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in text()) {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.as_ref());
            prop_assert!(matches!(fold(&once), Cow::Borrowed(_)));
        }

        #[test]
        fn with_and_without_the_way_back_the_text_is_the_same(text in text()) {
            let folded = Folded::new(&text);
            prop_assert_eq!(folded.as_str(), fold(&text));
        }

        #[test]
        fn the_way_back_is_monotone_and_on_character_boundaries(text in text()) {
            let folded = Folded::new(&text);
            let mut reached = 0..0;
            for (at, c) in folded.as_str().char_indices() {
                let here = folded.original(at..at + c.len_utf8());
                prop_assert!(text.get(here.clone()).is_some_and(|piece| !piece.is_empty()));
                prop_assert!(here.start >= reached.start && here.end >= reached.end);
                let joined = folded.original(0..at + c.len_utf8());
                prop_assert_eq!(joined.end, here.end);
                reached = here;
            }
        }
    }
}
