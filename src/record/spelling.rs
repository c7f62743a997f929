//! One spelling for names of countries and for written dates, whatever their case, marks and digits.
//!
//! Folding for search lives in the `text` module, which builds on this one; names and dates need less.

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::canonical_combining_class;

/// The text in lower case, without marks and invisible characters, letters that writers use for each other unified, and
/// decimal digits of any living script as `0` to `9`.
pub(super) fn plain(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let letters = text.nfkd().filter(|c| canonical_combining_class(*c) == 0 && !is_filling(*c));
    letters.default_case_fold().map(unified).collect()
}

/// The value of a decimal digit, also a full-width one. A superscript is a note and no digit.
pub(super) fn digit(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| {
        let offset = ZEROS.iter().filter_map(|zero| u32::from(c).checked_sub(u32::from(*zero))).min()?;
        (offset < 10).then_some(offset)
    })
}

/// The digit nought of the scripts that people write dates in; the other nine follow it.
const ZEROS: [char; 18] = ['٠', '۰', '०', '০', '੦', '૦', '୦', '௦', '౦', '೦', '൦', '๐', '໐', '༠', '၀', '០', '᠐', '０'];

/// The tatweel, and what stands in a text only to join, part or turn what is beside it.
fn is_filling(c: char) -> bool {
    matches!(c, '\u{640}' | '\u{61c}' | '\u{200b}'..='\u{200f}')
}

fn unified(c: char) -> char {
    match c {
        'ى' | 'ی' => 'ي',
        'ک' => 'ك',
        'ة' => 'ه',
        'ı' => 'i',
        _ => digit(c).and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_of_living_scripts_are_digits() {
        let all = regex::Regex::new(r"^\p{Nd}$").expect("a fixed pattern");
        for zero in ZEROS {
            for (wanted, c) in (u32::from(zero)..).map_while(char::from_u32).take(10).enumerate() {
                assert_eq!(digit(c).map(|digit| digit as usize), Some(wanted), "{c}");
                assert!(all.is_match(c.encode_utf8(&mut [0; 4])), "{c}");
            }
        }
        assert_eq!(plain("٢٠۲۰ １９"), "2020 19");
        assert_eq!(['²', '½', 'Ⅴ', 'x', '/', ':'].map(digit), [None; 6]);
    }

    #[test]
    fn spellings_of_one_word_meet() {
        assert_eq!(plain("AOÛT"), plain("aout"));
        assert_eq!(plain("Ağustos"), plain("AGUSTOS"));
        assert_eq!(plain("أبريل"), plain("ابريل"));
        assert_eq!(plain("IŞIK"), plain("ışık"));
    }
}
