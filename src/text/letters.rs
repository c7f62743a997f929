//! How one character folds, whatever stands around it.
//!
//! In goes a character, out comes what it turns into: nothing, one character, or several. Every character handed out
//! folds to itself; that is why folding a text twice changes nothing. What depends on neighbours (runs of white space,
//! composition, mixed scripts) is not decided here.
//!
//! Working a character out takes a while, so answers are kept by pages of 256 characters, each built when a character
//! of it first turns up.

use std::iter::once;
use std::sync::OnceLock;

use caseless::Caseless;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::invisible::is_invisible;

/// What a character folds to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fold {
    /// Nothing: the character vanishes.
    Nothing,
    /// One character that begins something of its own.
    One(char),
    /// One character that belongs to what stands before it, as a vowel sign does.
    Trailing(char),
    /// Several characters, of either sort.
    Many(&'static str),
}

/// What `c` folds to.
#[inline]
pub(super) fn fold_char(c: char) -> Fold {
    let code = u32::from(c) as usize;
    let page = PAGES[code >> 8].get_or_init(|| page(code >> 8));
    page[code & 0xff]
}

/// Whether `c` may reorder with or compose with the character before it.
pub(super) fn is_trailing(c: char) -> bool {
    canonical_combining_class(c) != 0 || is_nfc_quick(once(c)) == IsNormalized::Maybe
}

type Page = Box<[Fold; 256]>;

static PAGES: [OnceLock<Page>; 0x1100] = [const { OnceLock::new() }; 0x1100];

#[cold]
fn page(number: usize) -> Page {
    let mut page = Box::new([Fold::Nothing; 256]);
    for (slot, code) in page.iter_mut().zip(number << 8..) {
        if let Some(c) = u32::try_from(code).ok().and_then(char::from_u32) {
            *slot = work_out(c);
        }
    }
    page
}

fn work_out(c: char) -> Fold {
    let mut parts = Vec::new();
    expand(c, &mut parts);
    let folded: String = parts.into_iter().nfc().collect();
    let mut chars = folded.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Fold::Nothing,
        (Some(only), None) if is_trailing(only) => Fold::Trailing(only),
        (Some(only), None) => Fold::One(only),
        // A page is built once, so what leaks is bounded by the few thousand characters that expand.
        _ => Fold::Many(folded.leak()),
    }
}

/// Appends the parts of `c` that fold to themselves.
fn expand(c: char, out: &mut Vec<char>) {
    if is_invisible(c) || is_diacritic(c) || is_arabic_filling(c) {
        return;
    }
    if c.is_whitespace() || c.is_control() || c == '\u{2800}' {
        return out.push(' ');
    }
    let alike = unified(c);
    if alike != c {
        return expand(alike, out);
    }
    let mut parts = Vec::new();
    decompose_compatible(c, |part| parts.push(part));
    if parts == [c] {
        parts = once(c).default_case_fold().collect();
    }
    if parts == [c] {
        parts = vec![simplified(c)];
    }
    if parts == [c] {
        return out.push(c);
    }
    for part in parts {
        expand(part, out);
    }
}

/// Accents, points and tashkil. Marks of the other classes are letters in all but name: vowel signs, virama, nukta,
/// the voicing marks of kana.
fn is_diacritic(c: char) -> bool {
    matches!(canonical_combining_class(c), 10..=35 | 200..)
}

/// The tatweel, which only stretches a word.
fn is_arabic_filling(c: char) -> bool {
    c == '\u{640}'
}

/// One character for those that writers use for each other. Hamza carriers, ё and й need no line: they decompose.
fn unified(c: char) -> char {
    match c {
        'ı' => 'i',
        // Letters with a stroke, which have no decomposition though they are accented letters to their readers.
        'đ' | 'Đ' => 'd',
        'ħ' | 'Ħ' => 'h',
        'ł' | 'Ł' => 'l',
        'ø' | 'Ø' => 'o',
        'ŧ' | 'Ŧ' => 't',
        'ٱ' | 'ٲ' | 'ٳ' => 'ا',
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ة' | 'ۃ' | 'ہ' | 'ھ' | 'ە' => 'ه',
        '٠'..='٩' => digit(c, '٠'),
        '۰'..='۹' => digit(c, '۰'),
        // Whether a word is written with a hyphen or as two is a habit of the writer.
        '-' | '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}' | '\u{58a}' | '\u{5be}' => {
            ' '
        }
        '`' | '\u{b4}' | '\u{2b9}' | '\u{2bb}'..='\u{2bd}' | '\u{2c8}' | '\u{55a}' | '\u{5f3}' => '\'',
        '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2035}' | '\u{2039}' | '\u{203a}' | '\u{a78c}' => '\'',
        '\u{ab}' | '\u{bb}' | '\u{2ba}' | '\u{5f4}' | '\u{201c}'..='\u{201f}' | '\u{2033}' | '\u{2036}' => '"',
        '\u{300c}'..='\u{300f}' | '\u{301d}'..='\u{301f}' => '"',
        _ => c,
    }
}

fn digit(c: char, zero: char) -> char {
    char::from_digit(u32::from(c) - u32::from(zero), 10).unwrap_or(c)
}

/// The simplified form of a Chinese character, judged alone: no neighbour may change it, or a phrase would match in
/// one text and not in another.
fn simplified(c: char) -> char {
    // Outside this block the table has no entry; asking it costs an allocation.
    if !matches!(c, '\u{4e00}'..='\u{9fff}') {
        return c;
    }
    fast2s::convert(c.encode_utf8(&mut [0; 4])).chars().next().unwrap_or(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn expanded(c: char) -> Vec<char> {
        let mut parts = Vec::new();
        expand(c, &mut parts);
        parts
    }

    #[test]
    fn whatever_a_character_expands_to_folds_to_itself() {
        for c in '\0'..=char::MAX {
            for part in expanded(c) {
                assert_eq!(expanded(part), [part], "a part of U+{:04X}", u32::from(c));
            }
        }
    }

    #[test]
    fn only_marks_that_are_no_letters_vanish() {
        assert!(expanded('\u{301}').is_empty(), "acute accent");
        assert!(expanded('\u{64b}').is_empty(), "fathatan");
        assert_eq!(expanded('\u{94d}'), ['\u{94d}'], "virama");
        assert_eq!(expanded('\u{93c}'), ['\u{93c}'], "nukta");
        assert_eq!(expanded('\u{e31}'), ['\u{e31}'], "Thai vowel sign");
    }

    #[test]
    fn a_traditional_character_is_judged_without_its_neighbours() {
        assert_eq!(expanded('國'), ['国']);
        assert_eq!(expanded('乾'), ['干']);
        assert_eq!(expanded('国'), ['国']);
    }
}
