//! Where sentences begin and end.
//!
//! In go a text as written and the places that hold together whatever stands in them (abbreviations, initials), out come
//! byte ranges of the text, in order, without the white space around them. The base is Unicode segmentation (UAX 29),
//! which knows the full stops of all scripts. It is corrected four times: a place that holds together is not cut; a
//! semicolon cuts, because what stands before and after it is a statement each; a line end does not cut where the next
//! line goes on in lower case, because the line was only wrapped; and a number or a mark alone is the head of what
//! follows, not a sentence. The two texts of a charge are never in one sentence. No dictionary is used.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use crate::record::WORDING_SEPARATOR;

/// The sentences of `text`. Each of `whole` is a range that no sentence ends in, nor at its end.
pub(super) fn sentences(text: &str, whole: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = vec![];
    let mut from = 0;
    for part in text.split(WORDING_SEPARATOR) {
        let holds_together = |at: &usize| whole.iter().any(|whole| is_inside(text, from + at, whole));
        let cuts: Vec<usize> = cuts(part).into_iter().filter(|at| !holds_together(at)).collect();
        found.extend(pieces(part, &cuts).into_iter().map(|piece| from + piece.start..from + piece.end));
        from += part.len() + WORDING_SEPARATOR.len();
    }
    found
}

/// Whether a cut falls into a range or, white space aside, on its end.
fn is_inside(text: &str, cut: usize, whole: &Range<usize>) -> bool {
    let after = |end: usize| text.get(end..cut).is_some_and(|between| between.trim().is_empty());
    whole.start < cut && (cut < whole.end || after(whole.end))
}

/// Every place where a sentence may begin, but for the first.
fn cuts(text: &str) -> Vec<usize> {
    let by_unicode = text.split_sentence_bound_indices().map(|(at, _)| at).filter(|at| !is_wrapped(text, *at));
    let semicolons = text.match_indices([';', '\u{37e}', '\u{61b}', '\u{ff1b}']).map(|(at, mark)| at + mark.len());
    let mut cuts: Vec<usize> = by_unicode.chain(semicolons).filter(|at| *at > 0).collect();
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// Whether a line ends before `at` in the middle of a sentence.
fn is_wrapped(text: &str, at: usize) -> bool {
    let (before, after) = text.split_at(at);
    let blank = &before[before.trim_end().len()..];
    let is_line_end = |c: char| matches!(c, '\n' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}');
    let ended = before.trim_end().ends_with(['.', '!', '?', ':', '…', '。', '！', '？', '؟', '۔', '।']);
    let goes_on = after.trim_start().starts_with(char::is_lowercase);
    blank.chars().filter(|c| is_line_end(*c)).count() == 1 && !ended && goes_on
}

/// The text between the cuts. What holds no letter goes with what follows, at the end with what came before.
fn pieces(text: &str, cuts: &[usize]) -> Vec<Range<usize>> {
    let mut pieces: Vec<Range<usize>> = vec![];
    let mut start = 0;
    for end in cuts.iter().copied().chain([text.len()]) {
        if text[start..end].contains(char::is_alphabetic) {
            pieces.push(start..end);
            start = end;
        }
    }
    match pieces.last_mut() {
        Some(last) => last.end = text.len(),
        None => pieces.push(0..text.len()),
    }
    pieces.into_iter().map(|piece| trimmed(text, piece)).filter(|piece| !piece.is_empty()).collect()
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let start = range.start + piece.len() - piece.trim_start().len();
    start..start + piece.trim().len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut<'t>(text: &'t str, whole: &[&str]) -> Vec<&'t str> {
        let places = |part: &&str| text.match_indices(*part).map(|(at, part)| at..at + part.len()).collect::<Vec<_>>();
        let whole: Vec<Range<usize>> = whole.iter().flat_map(places).collect();
        sentences(text, &whole).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn full_stops_of_every_script_end_sentences() {
        assert_eq!(cut("He left. She stayed!  Who? ", &[]), ["He left.", "She stayed!", "Who?"]);
        assert_eq!(cut("他离开。她留下！谁？", &[]), ["他离开。", "她留下！", "谁？"]);
        assert_eq!(cut("هل هرب؟ نعم هرب. انتهى", &[]), ["هل هرب؟", "نعم هرب.", "انتهى"]);
        assert_eq!(cut("वह गया। वह रुकी।", &[]), ["वह गया।", "वह रुकी।"]);
    }

    #[test]
    fn an_abbreviation_ends_no_sentence() {
        let text = "Mr. Sample broke art. 280 UK law. He left.";
        assert_eq!(cut(text, &["Mr.", "art."]), ["Mr. Sample broke art. 280 UK law.", "He left."]);
        assert_eq!(cut(text, &[]).len(), 4, "it would without the list");
        assert_eq!(cut("По ст. 280 УК. Он ушёл.", &["ст."]), ["По ст. 280 УК.", "Он ушёл."]);
    }

    #[test]
    fn a_semicolon_ends_a_statement() {
        assert_eq!(
            cut("He led the march; the crowd threw stones", &[]),
            ["He led the march;", "the crowd threw stones"]
        );
        assert_eq!(cut("قاد المسيرة؛ الحشد رمى", &[]), ["قاد المسيرة؛", "الحشد رمى"]);
    }

    #[test]
    fn a_wrapped_line_goes_on_and_a_new_line_does_not() {
        assert_eq!(cut("He threw\nstones.", &[]), ["He threw\nstones."]);
        assert_eq!(cut("He threw\r\nstones", &[]), ["He threw\r\nstones"]);
        assert_eq!(cut("Riot\nHe threw stones", &[]), ["Riot", "He threw stones"]);
        assert_eq!(cut("riot\n\nhe threw stones", &[]), ["riot", "he threw stones"]);
    }

    #[test]
    fn the_number_of_a_list_is_the_head_of_what_follows() {
        assert_eq!(cut("1. He left. 2. She stayed.", &[]), ["1. He left.", "2. She stayed."]);
        assert_eq!(cut("Theft. ...", &[]), ["Theft. ..."]);
        assert_eq!(cut("", &[]), [""; 0]);
        assert_eq!(cut("123", &[]), ["123"]);
    }

    #[test]
    fn a_charge_and_its_translation_are_never_one_sentence() {
        let text = format!("призывы{WORDING_SEPARATOR}calls");
        assert_eq!(cut(&text, &[]), ["призывы", "calls"]);
    }

    proptest! {
        #[test]
        fn every_letter_stands_in_exactly_one_sentence(text in "(\\PC|[ab.;\n ¦1]){0,40}") {
            let found = sentences(&text, &[]);
            for pair in found.windows(2) {
                prop_assert!(pair[0].end <= pair[1].start);
            }
            for (at, c) in text.char_indices().filter(|(_, c)| c.is_alphabetic()) {
                prop_assert!(found.iter().any(|range| range.contains(&at)), "{c}");
            }
        }
    }
}
