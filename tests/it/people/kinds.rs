//! What is done to records, and what people have to do with each other.

/// What was done to a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noise {
    None,
    OtherScript,
    OtherRomanisation,
    Typo,
    Swapped,
    MissingPart,
    Patronymic,
    Alias,
    Joined,
    PartialDate,
    MissingAttributes,
    /// An initial for a given name.
    Initial,
    /// A year of birth and no place: a name and a year link nobody, since too many people share them.
    YearOnly,
    /// A year and an initial, or a name that father and son share without a birth date: nobody could tell whose it is.
    Poor,
}

impl Noise {
    pub const ALL: [Self; 14] = [
        Self::None,
        Self::OtherScript,
        Self::OtherRomanisation,
        Self::Typo,
        Self::Swapped,
        Self::MissingPart,
        Self::Patronymic,
        Self::Alias,
        Self::Joined,
        Self::PartialDate,
        Self::MissingAttributes,
        Self::Initial,
        Self::YearOnly,
        Self::Poor,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::OtherScript => "other script",
            Self::OtherRomanisation => "other romanisation",
            Self::Typo => "typo",
            Self::Swapped => "swapped fields",
            Self::MissingPart => "missing part",
            Self::Patronymic => "patronymic",
            Self::Alias => "alias",
            Self::Joined => "joined parts",
            Self::PartialDate => "partial birth date",
            Self::MissingAttributes => "missing attributes",
            Self::Initial => "initial",
            Self::YearOnly => "year and no place",
            Self::Poor => "poor",
        }
    }

    /// Whether a record still says enough to tell whose it is.
    pub fn leaves_enough(self) -> bool {
        !matches!(self, Self::YearOnly | Self::Poor)
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|noise| noise.name() == name)
    }
}

/// What people have to do with each other who are easily taken for one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kin {
    Nobody,
    Twins,
    /// Twins whose given names are as like as there are.
    LikeTwins,
    /// One name; some records of the son have a year or no birth date.
    FatherAndSon,
    Brothers,
    Couple,
    /// One name and year of birth; some also share where they are from.
    Namesakes,
    /// One family name, initial and year of birth, and a record that says no more than that.
    Chain,
}

impl Kin {
    pub const ALL: [Self; 8] = [
        Self::Nobody,
        Self::Twins,
        Self::LikeTwins,
        Self::FatherAndSon,
        Self::Brothers,
        Self::Couple,
        Self::Namesakes,
        Self::Chain,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "unrelated",
            Self::Twins => "twins",
            Self::LikeTwins => "twins of like names",
            Self::FatherAndSon => "father and son",
            Self::Brothers => "brothers or sisters",
            Self::Couple => "couple",
            Self::Namesakes => "namesakes",
            Self::Chain => "chain",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kin| kin.name() == name)
    }
}
