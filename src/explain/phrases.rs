//! The words of closed lists as they stand in a timeline and nowhere else. What [`show`] says well has no entry.

use crate::operator::{Phrases, phrase_of, show};
use crate::record::{Field, Value};

/// Vocabulary by vocabulary the words that need others, and these.
const PHRASES: Phrases = &[
    (
        "kind",
        &[("un_notice", "special notice of INTERPOL and the UN Security Council"), ("sltd", "travel document entered")],
    ),
    (
        "purpose",
        &[
            ("prosecution", "for prosecution"),
            ("sentence", "to serve a sentence"),
            ("locate", "to locate the person"),
            ("information", "for information"),
            ("identify", "to identify the person"),
            ("warn", "as a warning"),
            ("question", "for a hearing or legal assistance"),
            ("travel_document", "for the control of documents"),
            ("other", "for another purpose"),
        ],
    ),
    (
        "status",
        &[
            ("pending", "not decided"),
            ("active", "in force"),
            ("cancelled", "cancelled by the General Secretariat"),
            ("withdrawn", "withdrawn by the requester"),
            ("deleted", "deleted after a decision of the Commission"),
        ],
    ),
    (
        "decision body",
        &[
            ("ccf", "Commission"),
            ("general_secretariat", "General Secretariat"),
            ("ncb", "national bureau"),
            ("un_body", "UN body"),
        ],
    ),
    (
        "decision subject",
        &[
            ("notice", "the notice"),
            ("trial", "the trial"),
            ("finality", "the finality of a judgment"),
            ("proceedings", "the proceedings"),
            ("protest", "a protest"),
            ("consultation", "a consultation"),
        ],
    ),
    (
        "decision ground",
        &[
            ("political", "political character"),
            ("persecution", "risk of persecution"),
            ("torture", "risk of torture"),
            ("procedural", "procedural reasons"),
            ("other", "another ground"),
        ],
    ),
    (
        "protection kind",
        &[
            ("refugee", "refugee status"),
            ("subsidiary", "subsidiary protection"),
            ("statelessness", "status of a stateless person"),
        ],
    ),
    ("protection status", &[("naturalised", "ended by naturalisation")]),
    (
        "event kind",
        &[
            ("coup_attempt", "attempted coup"),
            ("party_ban", "ban of a party"),
            ("lost_office", "loss of office"),
            ("un_communication", "communication of the UN"),
            ("third_party_statement", "statement of a third party"),
            ("interstate_dispute", "dispute between States"),
            ("sanctions_listing", "listing under sanctions"),
            ("organisation_listing", "listing of an organisation"),
        ],
    ),
    (
        "event by",
        &[
            ("requester", "the requester"),
            ("un", "the UN"),
            ("regional", "a regional body"),
            ("international_organization", "an international organization"),
            ("other_state", "another State"),
            ("ngo", "an NGO"),
            ("media", "the media"),
            ("person", "the person"),
        ],
    ),
];

/// A value as it stands in a timeline.
pub(super) fn phrase(field: Field, value: &Value<&str>) -> String {
    phrase_of(PHRASES, field, value).map_or_else(|| show(field, value), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{MOMENTS, VOCABULARIES};

    #[test]
    fn every_phrase_is_of_a_word_that_there_is_and_says_it_otherwise() {
        for (name, phrases) in PHRASES {
            let vocabulary = VOCABULARIES.iter().find(|vocabulary| vocabulary.name == *name).expect("a vocabulary");
            for (word, phrase) in *phrases {
                assert!(vocabulary.terms.contains(word), "{name}: {word}");
                assert!(*phrase != word.replace('_', " ") && !phrase.is_empty(), "{name}: {word}");
            }
        }
    }

    #[test]
    fn no_word_of_a_timeline_is_a_name_of_the_program() {
        for (_, field) in MOMENTS.iter().flat_map(|moments| moments.says) {
            let terms = field.vocabulary().map_or(0..0, |vocabulary| 0..vocabulary.terms.len());
            for term in terms.filter_map(|term| u8::try_from(term).ok()) {
                let said = phrase(*field, &Value::Term(term));
                let plain = |c: char| c.is_alphabetic() || c == ' ';
                assert!(said.chars().all(plain) || said.starts_with("Article "), "{}: {said}", field.path());
            }
        }
    }
}
