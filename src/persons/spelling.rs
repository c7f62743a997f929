//! One way of writing for a word that languages and schemes write in many: what is replaced by what stands in the profile.
//!
//! The common spelling holds whatever the language. A reading holds for the schemes of one language, where a letter is not
//! what it is elsewhere: `ch` is `sh` in French, and `kh` in German. A word has its common spelling, and another one for
//! each reading that makes another one of it; which language a name is from is never asked.

use std::collections::BTreeMap;

use super::profile::NameOptions;

/// How the schemes of one language are read: what is written, and what stands for it in the common spelling.
#[derive(Debug, Clone, Default)]
pub(super) struct Reading {
    /// Letters of other scripts, which are replaced before the word is put in Latin letters.
    native: Replacements,
    latin: Replacements,
}

/// What is replaced, by its first letter, the longest first, and what stands for it.
type Replacements = BTreeMap<char, Vec<(String, String)>>;

/// The most letters of a word that are looked at, so that the work is bounded.
const MOST_LETTERS: usize = 40;

impl Reading {
    pub(super) fn new(mut pairs: Vec<(String, String)>) -> Self {
        pairs.sort_by_key(|(from, _)| usize::MAX - from.len());
        let mut reading = Self::default();
        for (from, to) in pairs {
            let of_script = if from.is_ascii() { &mut reading.latin } else { &mut reading.native };
            if let Some(first) = from.chars().next() {
                of_script.entry(first).or_default().push((from, to));
            }
        }
        reading
    }

    /// The word in Latin letters, as this reading has it.
    fn of(&self, word: &str) -> String {
        if word.is_ascii() {
            return replaced(word, &self.latin);
        }
        replaced(&in_latin(&replaced(word, &self.native)), &self.latin)
    }
}

/// Replaces at each place the longest that fits, and never what it put there itself. `^` and `$` are the ends of the word.
fn replaced(word: &str, replacements: &Replacements) -> String {
    let mut text = String::with_capacity(word.len() + 8);
    let bounded = ["^", word, "$"].concat();
    let mut rest = bounded.as_str();
    while let Some(letter) = rest.chars().next() {
        let here =
            replacements.get(&letter).and_then(|all| all.iter().find(|(from, _)| rest.starts_with(from.as_str())));
        let length = match here {
            Some((from, to)) => {
                text.push_str(to);
                from.len()
            }
            None => {
                text.push(letter);
                letter.len_utf8()
            }
        };
        rest = &rest[length..];
    }
    text.retain(|letter| !matches!(letter, '^' | '$'));
    text
}

/// A folded word in Latin letters.
pub(super) fn in_latin(word: &str) -> String {
    word.chars().take(MOST_LETTERS).map(any_ascii::any_ascii_char).collect::<String>().to_lowercase()
}

impl NameOptions {
    /// A text in Latin letters in the common spelling.
    pub(super) fn spelt(&self, text: &str) -> String {
        let mut spelt = text.to_lowercase();
        for (from, to) in &self.spelling {
            if spelt.contains(from.as_str()) {
                spelt = spelt.replace(from.as_str(), to);
            }
        }
        let mut once = String::with_capacity(spelt.len());
        for letter in spelt.chars().filter(char::is_ascii_alphanumeric) {
            if !once.ends_with(letter) {
                once.push(letter);
            }
        }
        once
    }

    /// What each reading makes of a folded word: none where that is its common spelling, which is `plain`.
    pub(super) fn readings_of(&self, word: &str, latin: &str, plain: &str) -> Vec<Option<Box<str>>> {
        let word: String = word.chars().take(MOST_LETTERS).collect();
        let other = |reading: &Reading| {
            let read = reading.of(&word);
            let spelt = if read == latin { return None } else { self.spelt(&read) };
            (spelt != plain && !spelt.is_empty()).then(|| spelt.into_boxed_str())
        };
        self.readings.iter().map(other).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_that_fits_is_replaced_and_what_was_put_is_left() {
        let pairs = [("ch", "kh"), ("tsch", "ch"), ("^j", "y"), ("h$", ""), ("χ", "ch")];
        let reading = Reading::new(pairs.map(|(from, to)| (from.to_owned(), to.to_owned())).to_vec());
        assert_eq!(reading.of("tschachij"), "chakhij");
        assert_eq!(reading.of("jaja"), "yaja");
        assert_eq!(reading.of("sarah"), "sara");
        assert_eq!(reading.of("αχ"), "akh");
    }
}
