//! Foreign text made safe to look at on a terminal.
//!
//! In goes text from a record, out comes the same text with everything visible that would act unseen: control
//! characters and escape sequences, direction overrides, zero-width and other invisible characters as their codes, line
//! ends and tabs as marks, floods of combining marks cut. All else is untouched, in any script. This is for people to
//! read: it cannot be undone, and it escapes nothing for HTML, JSON or a shell.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_normalization::char::is_combining_mark;

use super::invisible::is_invisible;

/// `text` with nothing hidden in it, borrowed if nothing was.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    let mut marks = 0;
    let harmless = |c: char| {
        marks = if c.is_ascii() || !is_combining_mark(c) { 0 } else { marks + 1 };
        !is_hidden(c) && marks <= MOST_MARKS
    };
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) || text.chars().all(harmless) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(shown(text))
}

/// The most combining marks left on one letter. Vietnamese takes two, pointed Hebrew four; a flood climbs over the lines
/// above it.
pub const MOST_MARKS: usize = 6;

fn shown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut marks = 0;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        marks = if is_combining_mark(c) { marks + 1 } else { 0 };
        match c {
            '\n' => out.push('⏎'),
            '\r' if chars.peek() == Some(&'\n') => {}
            '\t' => out.push('⇥'),
            _ if is_hidden(c) => push_code(c, &mut out),
            _ if marks == MOST_MARKS + 1 => out.push('…'),
            _ if marks > MOST_MARKS => {}
            _ => out.push(c),
        }
    }
    out
}

fn is_hidden(c: char) -> bool {
    // Line and paragraph separators are blank in most fonts and a line end in some terminals.
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{2800}') || is_invisible(c)
}

fn push_code(c: char, out: &mut String) {
    // Writing to a String cannot fail.
    let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_text_of_any_script_is_untouched() {
        let texts = ["Ivan Petrov", "Ёлка Việt Nam", "الإِرْهَابُ", "हिन्दी ไทย 寻衅滋事 한국", "שָׁלוֹם", ""];
        for text in texts {
            assert!(matches!(visible(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn control_characters_and_escape_sequences_show_their_codes() {
        assert_eq!(visible("\u{1b}[31mred\u{7}\u{7f}\u{9b}"), r"\u{1b}[31mred\u{7}\u{7f}\u{9b}");
    }

    #[test]
    fn direction_overrides_and_zero_width_characters_show_their_codes() {
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{e0041}"), r"a\u{202e}b\u{200b}c\u{e0041}");
    }

    #[test]
    fn line_ends_and_tabs_become_marks() {
        assert_eq!(visible("a\r\nb\nc\td\re"), "a⏎b⏎c⇥d\\u{d}e");
    }

    #[test]
    fn a_flood_of_combining_marks_is_cut() {
        let flood = format!("z{}o", "\u{301}".repeat(500));
        assert_eq!(visible(&flood), format!("z{}…o", "\u{301}".repeat(MOST_MARKS)));
    }

    proptest! {
        #[test]
        fn what_is_shown_hides_nothing_more(text in "\\PC*|[\\x00-\\x{ff}\u{300}\u{202e}]*") {
            let once = visible(&text).into_owned();
            prop_assert!(!once.chars().any(is_hidden));
            prop_assert_eq!(visible(&once), once.as_str());
        }
    }
}
