//! What two records say of an attribute of a person, held against each other, in points and in words.

use std::fmt;

/// An attribute that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartKind {
    /// The link of the source itself.
    PersonId,
    /// All names.
    Name,
    /// The birth date.
    BirthDate,
    /// The sex.
    Sex,
    /// The place of birth.
    PlaceOfBirth,
    /// The country of birth.
    CountryOfBirth,
    /// The nationalities.
    Nationality,
}

impl PartKind {
    /// Every attribute, in the order in which they are told.
    pub const ALL: [Self; 7] = [
        Self::PersonId,
        Self::Name,
        Self::BirthDate,
        Self::Sex,
        Self::PlaceOfBirth,
        Self::CountryOfBirth,
        Self::Nationality,
    ];

    /// In words.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::PersonId => "person id",
            Self::Name => "name",
            Self::BirthDate => "birth date",
            Self::Sex => "sex",
            Self::PlaceOfBirth => "place of birth",
            Self::CountryOfBirth => "country of birth",
            Self::Nationality => "nationality",
        }
    }
}

/// How two sides of an attribute stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// They say the same.
    Agree,
    /// They say much the same.
    Alike,
    /// One of them says less, and nothing else.
    Compatible,
    /// They differ, as those of one person can.
    Differ,
    /// They differ, as those of one person cannot.
    Contradict,
}

impl Agreement {
    /// In words that stand behind the attribute.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Agree => "equal",
            Self::Alike => "alike",
            Self::Compatible => "compatible",
            Self::Differ => "differs",
            Self::Contradict => "contradicts",
        }
    }
}

/// An attribute of which both records have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which.
    pub kind: PartKind,
    /// How the two stand to each other.
    pub says: Agreement,
    /// What that counts.
    pub points: i32,
    /// What the first record says.
    pub a: String,
    /// What the second record says.
    pub b: String,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.says.word())?;
        if self.says == Agreement::Agree && self.a == self.b {
            write!(f, " ({})", self.a)
        } else {
            write!(f, " ({} and {})", self.a, self.b)
        }
    }
}
