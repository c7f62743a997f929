//! Values as text: in the words of a reader, or as they were entered.
//!
//! Whatever a person reads that speaks about a record is in words. What quotes a record, for a program or as a proof, keeps
//! the word that was entered.

use crate::record::{Field, Value};

/// Words of closed lists by the name of the vocabulary, each with what stands for it.
pub(crate) type Phrases = &'static [(&'static str, &'static [(&'static str, &'static str)])];

/// The words that say too little outside of the program, and what a reader reads instead.
const WORDS: Phrases = &[(
    "status_ground",
    &[
        ("art2", "Article 2"),
        ("art3", "Article 3"),
        ("lack_of_action", "lack of action by the requester"),
        ("thin_data", "too little data"),
        ("threshold", "penalty threshold"),
        ("inaccurate", "inaccurate data"),
        ("other", "another ground"),
    ],
)];

/// A value in the words of a reader.
#[must_use]
pub fn show(field: Field, value: &Value<&str>) -> String {
    phrase_of(WORDS, field, value).map_or_else(|| as_entered(field, value), str::to_owned)
}

/// What stands for a value in a table of phrases.
pub(crate) fn phrase_of(phrases: Phrases, field: Field, value: &Value<&str>) -> Option<&'static str> {
    let Value::Term(term) = value else { return None };
    let vocabulary = field.vocabulary()?;
    let (_, phrases) = phrases.iter().find(|(name, _)| *name == vocabulary.name)?;
    phrases.iter().find(|(word, _)| *word == vocabulary.word(*term)).map(|(_, phrase)| *phrase)
}

/// A value as it was entered, laid out as people write it.
#[must_use]
pub fn as_entered(field: Field, value: &Value<&str>) -> String {
    match value {
        Value::Text(text) => format!("“{text}”"),
        Value::Term(term) => {
            field.vocabulary().map_or_else(|| "?".to_owned(), |terms| terms.word(*term).replace('_', " "))
        }
        Value::Country(country) => country.code().to_owned(),
        Value::Date(date) => date.to_string(),
        Value::Flag(true) => "yes".to_owned(),
        Value::Flag(false) => "no".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Object => "an object".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::VOCABULARIES;

    #[test]
    fn every_word_of_a_reader_stands_for_one_that_there_is_and_says_it_otherwise() {
        for (name, words) in WORDS {
            let vocabulary = VOCABULARIES.iter().find(|vocabulary| vocabulary.name == *name).expect("a vocabulary");
            for (word, shown) in *words {
                assert!(vocabulary.terms.contains(word), "{name}: {word}");
                assert!(*shown != word.replace('_', " ") && !shown.is_empty(), "{name}: {word}");
            }
        }
    }

    #[test]
    fn a_ground_is_told_in_words_and_quoted_as_it_was_entered() {
        let field = Field::named("status_ground").expect("a field");
        let term = field.vocabulary().and_then(|grounds| grounds.position("art3")).expect("a ground");
        let value = Value::Term(term);
        assert_eq!((show(field, &value).as_str(), as_entered(field, &value).as_str()), ("Article 3", "art3"));
    }
}
