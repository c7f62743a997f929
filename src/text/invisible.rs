//! Which characters take no visible part in a text: format characters, joiners, direction marks, variation selectors,
//! tags, fillers.
//!
//! One list for folding, which drops them, and for display, which shows their code. Being invisible is all that is
//! said of them: blanks and line ends are white space, which is not listed here, and control characters are the
//! business of the caller.

/// Whether `c` leaves no mark on the page (general category Cf, or default ignorable).
#[must_use]
pub fn is_invisible(c: char) -> bool {
    // Every code below is U+00AD or higher, so ordinary text pays for one comparison.
    c >= '\u{ad}' && RANGES.iter().any(|&(first, last)| first <= c && c <= last)
}

/// The text without blanks at its ends and without the marks that programs leave there unseen: byte order marks, joiners,
/// soft hyphens, direction marks. Overrides of direction stay: with them what is seen is another text.
#[must_use]
pub fn trimmed(text: &str) -> &str {
    let is_left = |c: char| {
        c.is_whitespace()
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202c}' | '\u{2060}')
            || matches!(c, '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.trim_matches(is_left)
}

/// Unicode 16: general category Cf joined with Default_Ignorable_Code_Point, in code order.
const RANGES: &[(char, char)] = &[
    ('\u{ad}', '\u{ad}'),       // soft hyphen
    ('\u{34f}', '\u{34f}'),     // combining grapheme joiner
    ('\u{600}', '\u{605}'),     // Arabic number signs
    ('\u{61c}', '\u{61c}'),     // Arabic letter mark
    ('\u{6dd}', '\u{6dd}'),     // end of ayah
    ('\u{70f}', '\u{70f}'),     // Syriac abbreviation mark
    ('\u{890}', '\u{891}'),     // Arabic currency marks above
    ('\u{8e2}', '\u{8e2}'),     // disputed end of ayah
    ('\u{115f}', '\u{1160}'),   // Hangul fillers
    ('\u{17b4}', '\u{17b5}'),   // Khmer inherent vowels
    ('\u{180b}', '\u{180f}'),   // Mongolian selectors
    ('\u{200b}', '\u{200f}'),   // zero width space, joiners, direction marks
    ('\u{202a}', '\u{202e}'),   // direction embeddings and overrides
    ('\u{2060}', '\u{206f}'),   // word joiner, invisible operators, isolates
    ('\u{3164}', '\u{3164}'),   // Hangul filler
    ('\u{fe00}', '\u{fe0f}'),   // variation selectors
    ('\u{feff}', '\u{feff}'),   // byte order mark
    ('\u{ffa0}', '\u{ffa0}'),   // half-width Hangul filler
    ('\u{fff0}', '\u{fffb}'),   // specials and interlinear annotation
    ('\u{110bd}', '\u{110bd}'), // Kaithi number sign
    ('\u{110cd}', '\u{110cd}'), // Kaithi number sign above
    ('\u{13430}', '\u{1343f}'), // hieroglyph joiners
    ('\u{1bca0}', '\u{1bca3}'), // shorthand format controls
    ('\u{1d173}', '\u{1d17a}'), // musical format controls
    ('\u{e0000}', '\u{e0fff}'), // tags and further variation selectors
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_at_the_ends_do_not_count_and_overrides_do() {
        assert_eq!(trimmed("\u{feff}\u{a0} XA\u{200b}XB \u{200f}\n"), "XA\u{200b}XB");
        assert_eq!(trimmed("\u{202a}XA\u{202c}"), "XA");
        assert_eq!(trimmed(" \u{200b}"), "");
        assert_eq!(trimmed("\u{202e}XA"), "\u{202e}XA");
    }

    #[test]
    fn the_list_is_what_unicode_calls_format_or_ignorable() {
        let listed = regex::Regex::new(r"[\p{Cf}\p{Default_Ignorable_Code_Point}]").expect("a fixed pattern");
        for c in '\0'..=char::MAX {
            assert_eq!(is_invisible(c), listed.is_match(c.encode_utf8(&mut [0; 4])), "U+{:04X}", u32::from(c));
        }
    }
}
