//! Words written with look-alike letters of another script, such as a Latin `o` in a Russian word.
//!
//! In goes folded text, out come the letters to swap so that each mixed word is written in the script most of its
//! letters belong to. Only Latin, Cyrillic and Greek are looked at, and only words that mix them: a word in one script
//! is never touched, nor a letter that looks like none of the other script.
//!
//! The pairs are chosen for this module after the shapes of lower-case letters, or of the capitals where only those
//! agree (`в` for `b`, `н` for `h`): case is gone by the time they are compared.

/// One letter to swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Swap {
    /// Where the letter begins.
    pub at: usize,
    /// The letter that is there.
    pub from: char,
    /// The letter that goes there.
    pub to: char,
}

/// The scripts that are looked at. A word is mixed only if letters of two of them stand side by side somewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// a to z and the letters added to them.
    Latin = 0,
    /// Cyrillic.
    Cyrillic = 1,
    /// Greek.
    Greek = 2,
}

/// The script of a letter, of those that are looked at.
#[must_use]
pub fn script(c: char) -> Option<Script> {
    match c {
        'a'..='z' | 'A'..='Z' => Some(Script::Latin),
        // Most other text, told first: Arabic to Georgian, and Kana, Han.
        '\0'..='\u{bf}' | '\u{530}'..='\u{1dff}' | '\u{1f00}'..='\u{a63f}' | '×' | '÷' => None,
        '\u{c0}'..='\u{2af}' | '\u{1e00}'..='\u{1eff}' => Some(Script::Latin),
        '\u{375}' | '\u{37e}' | '\u{384}' | '\u{385}' | '\u{387}' | '\u{3f6}' | '\u{482}'..='\u{489}' => None,
        '\u{370}'..='\u{3ff}' => Some(Script::Greek),
        '\u{400}'..='\u{52f}' | '\u{a640}'..='\u{a66e}' | '\u{a680}'..='\u{a69b}' => Some(Script::Cyrillic),
        _ => None,
    }
}

/// The swaps that rid folded `text` of mixed words, in order.
pub(super) fn swaps(text: &str) -> Vec<Swap> {
    let mut swaps = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        if script(c).is_some() {
            start.get_or_insert(at);
        } else if let Some(start) = start.take() {
            unmix(text, start, at, &mut swaps);
        }
    }
    if let Some(start) = start {
        unmix(text, start, text.len(), &mut swaps);
    }
    swaps
}

/// Letters that look alike, a column for each [`Script`]; a blank where a script has none.
const ALIKE: &[[char; 3]] = &[
    ['a', 'а', 'α'],
    ['b', 'в', 'β'],
    ['c', 'с', ' '],
    ['d', 'ԁ', ' '],
    ['e', 'е', 'ε'],
    ['h', 'н', 'η'],
    ['h', 'һ', ' '],
    ['i', 'і', 'ι'],
    ['j', 'ј', ' '],
    ['k', 'к', 'κ'],
    ['l', 'ӏ', ' '],
    ['m', 'м', ' '],
    ['o', 'о', 'ο'],
    ['p', 'р', 'ρ'],
    ['q', 'ԛ', ' '],
    ['s', 'ѕ', ' '],
    ['t', 'т', 'τ'],
    ['v', ' ', 'ν'],
    ['w', 'ԝ', 'ω'],
    ['x', 'х', 'χ'],
    ['y', 'у', 'υ'],
];

fn unmix(text: &str, start: usize, end: usize, swaps: &mut Vec<Swap>) {
    let word = &text[start..end];
    let mut letters = [0_usize; 3];
    for script in word.chars().filter_map(script) {
        letters[script as usize] += 1;
    }
    let main = if letters[0] >= letters[1].max(letters[2]) {
        Script::Latin
    } else if letters[1] >= letters[2] {
        Script::Cyrillic
    } else {
        Script::Greek
    };
    if letters[main as usize] == word.chars().count() {
        return;
    }
    for (offset, from) in word.char_indices() {
        if let Some(to) = look_alike(from, main) {
            swaps.push(Swap { at: start + offset, from, to });
        }
    }
}

fn look_alike(c: char, main: Script) -> Option<char> {
    let own = script(c).filter(|own| *own != main)?;
    let row = ALIKE.iter().find(|row| row[own as usize] == c && row[main as usize] != ' ')?;
    Some(row[main as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unmixed(text: &str) -> String {
        let swaps = swaps(text);
        text.char_indices().map(|(at, c)| swaps.iter().find(|swap| swap.at == at).map_or(c, |swap| swap.to)).collect()
    }

    #[test]
    fn a_latin_letter_in_a_russian_word_becomes_russian() {
        assert_eq!(unmixed("мит\u{69}нг"), "митінг", "the look-alike is Ukrainian");
        assert_eq!(unmixed("экcтpeмизм"), "экстремизм");
    }

    #[test]
    fn a_cyrillic_or_greek_letter_in_a_latin_word_becomes_latin() {
        assert_eq!(unmixed("tеrrοrism"), "terrorism");
    }

    #[test]
    fn a_script_is_made_of_letters() {
        for c in ('\0'..='\u{52f}').filter(|c| script(*c).is_some()) {
            let unassigned =
                matches!(c, '\u{378}'..='\u{379}' | '\u{380}'..='\u{383}' | '\u{38b}' | '\u{38d}' | '\u{3a2}');
            assert!(c.is_alphabetic() || unassigned, "U+{:04X}", u32::from(c));
        }
    }

    #[test]
    fn words_in_one_script_stay_side_by_side() {
        let text = "it специалист и α-particle, тест test";
        assert_eq!(swaps(text), []);
    }

    #[test]
    fn letters_without_a_look_alike_stay() {
        assert_eq!(unmixed("testж"), "testж");
    }

    #[test]
    fn a_tie_goes_to_latin_and_stays_settled() {
        let once = unmixed("паpa");
        assert_eq!(unmixed(&once), once);
    }
}
