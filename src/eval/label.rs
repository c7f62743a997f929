//! What somebody said of a record.

use crate::engine::Outcome;
use crate::rule::Factor;

/// The view taken of a record, from the closed list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Label {
    /// It does not comply with INTERPOL's rules.
    NotCompliant,
    /// Some of its charges do not.
    Partial,
    /// It cannot be decided before the requesting bureau has answered.
    Clarification,
    /// It complies.
    Compliant,
}

impl Label {
    /// Every label, each at the place that its own outcome has in [`Outcome::ALL`].
    pub const ALL: [Self; 4] = [Self::NotCompliant, Self::Partial, Self::Clarification, Self::Compliant];

    /// The word used in files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::NotCompliant => "not_compliant",
            Self::Partial => "partial",
            Self::Clarification => "clarification",
            Self::Compliant => "compliant",
        }
    }

    /// The label of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|label| label.word() == word)
    }

    /// The outcome that says the same.
    #[must_use]
    pub fn outcome(self) -> Outcome {
        match self {
            Self::NotCompliant => Outcome::LikelyNonCompliant,
            Self::Partial => Outcome::Partial,
            Self::Clarification => Outcome::NeedsInformation,
            Self::Compliant => Outcome::NoIndicator,
        }
    }

    /// The label that says the same as an outcome.
    #[must_use]
    pub fn of(outcome: Outcome) -> Self {
        match outcome {
            Outcome::LikelyNonCompliant => Self::NotCompliant,
            Outcome::Partial => Self::Partial,
            Outcome::NeedsInformation => Self::Clarification,
            Outcome::NoIndicator => Self::Compliant,
        }
    }

    /// Whether the record should come out positive; nothing where it stands aside.
    #[must_use]
    pub fn wants(self) -> Option<bool> {
        match self {
            Self::NotCompliant => Some(true),
            Self::Compliant => Some(false),
            Self::Partial | Self::Clarification => None,
        }
    }
}

/// Whether an outcome counts as positive: `likely_non_compliant` and `partial` do.
#[must_use]
pub fn is_positive(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::LikelyNonCompliant | Outcome::Partial)
}

/// A record with its label, as a file of labels has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labelled {
    /// The record's id.
    pub record_id: String,
    /// The label.
    pub label: Label,
    /// The ground that was named for it.
    pub ground: Option<String>,
    /// The factors that counted, in order, each once.
    pub letters: Vec<Factor>,
    /// Those of them that spoke for the request, in order, each once.
    pub letters_against: Vec<Factor>,
    /// A part of the set that the record belongs to, such as a chapter.
    pub chapter: Option<String>,
    /// The case that the record is taken from.
    pub case: Option<String>,
    /// Why it is labelled so.
    pub note: Option<String>,
}

impl Labelled {
    /// What the label says, in one line.
    #[must_use]
    pub fn in_words(&self) -> String {
        let mut said = format!("labelled {}", self.label.word());
        let named = |letters: &[Factor]| {
            let words: Vec<&str> = letters.iter().map(|letter| letter.word()).collect();
            (!words.is_empty()).then(|| words.join(", "))
        };
        for (name, value) in [
            ("ground", self.ground.clone()),
            ("factors", named(&self.letters)),
            ("in favour", named(&self.letters_against)),
            ("chapter", self.chapter.clone()),
            ("case", self.case.clone()),
        ] {
            if let Some(value) = value {
                said += &format!(", {name} {value}");
            }
        }
        match &self.note {
            Some(note) => format!("{said}: {note}"),
            None => said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_label_stands_where_its_own_outcome_stands() {
        for (label, outcome) in Label::ALL.into_iter().zip(Outcome::ALL) {
            assert_eq!((label.outcome(), Label::of(outcome)), (outcome, label));
            assert_eq!(Label::parse(label.word()), Some(label));
        }
    }
}
