//! Made-up people with known truth: who each record is about, and what was done to it. Given names are common words of a
//! language, family names are put together from syllables; nobody of these exists.
//!
//! The same seed makes the same people. Besides ordinary people there are those who are easily taken for each other: twins,
//! fathers and sons of one name, brothers, namesakes, and records too poor to tell whose they are.

// Shared by two targets, neither of which uses all of it.
#![allow(dead_code, reason = "shared by a test and an example")]

mod names;
pub mod score;

use serde_json::{Map, Value as Json, json};

use names::{CULTURES, Culture, Given};

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
    /// A year and an initial, or no birth date: nobody could tell whose record it is.
    Poor,
}

impl Noise {
    pub const ALL: [Self; 13] = [
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
            Self::Poor => "poor",
        }
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
    FatherAndSon,
    Brothers,
    Namesakes,
}

impl Kin {
    pub const ALL: [Self; 5] = [Self::Nobody, Self::Twins, Self::FatherAndSon, Self::Brothers, Self::Namesakes];

    pub fn name(self) -> &'static str {
        match self {
            Self::Nobody => "unrelated",
            Self::Twins => "twins",
            Self::FatherAndSon => "father and son",
            Self::Brothers => "brothers or sisters",
            Self::Namesakes => "namesakes",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kin| kin.name() == name)
    }
}

/// A record with its truth.
#[derive(Debug, Clone)]
pub struct Made {
    pub record: Json,
    pub person: usize,
    pub noise: Noise,
    /// The family in which people are easily taken for each other, and what they are.
    pub family: usize,
    pub kin: Kin,
}

/// SplitMix64 (Steele, Lea, Flood 2014): small, and the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() % (sides.max(1) as u64)).expect("below a usize")
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// A name part in its own script, and in two romanisations.
#[derive(Clone)]
struct Spelt {
    native: String,
    latin: Vec<String>,
}

#[derive(Clone)]
struct Person {
    culture: usize,
    family: Spelt,
    given: Spelt,
    second: Option<Spelt>,
    patronymic: Option<Spelt>,
    female: bool,
    birth: (i32, u32, u32),
    place: String,
    nationality: String,
}

/// Records of so many people, with those who are easily taken for each other among them.
pub fn people(persons: usize, seed: u64) -> Vec<Made> {
    let mut dice = Dice::new(seed);
    let mut all = vec![];
    let mut person = 0;
    let mut family = 0;
    while person < persons {
        let first = Person::new(&mut dice);
        let (kin, members) = match dice.below(100) {
            0..2 => (Kin::Twins, vec![first.clone(), first.twin(&mut dice)]),
            2..4 => (Kin::FatherAndSon, vec![first.clone(), first.son(&mut dice)]),
            4..7 => (Kin::Brothers, vec![first.clone(), first.sibling(&mut dice)]),
            7..10 => (Kin::Namesakes, vec![first.clone(), first.namesake(&mut dice)]),
            _ => (Kin::Nobody, vec![first]),
        };
        for member in members {
            for _ in 0..=dice.below(4) {
                let noise = noise(&mut dice, &member);
                let record = member.record(all.len(), noise, &mut dice);
                all.push(Made { record, person, noise, family, kin });
            }
            person += 1;
        }
        family += 1;
    }
    // Records of one person do not stand together.
    for at in (1..all.len()).rev() {
        all.swap(at, dice.below(at + 1));
    }
    all
}

/// What is done to a record of a person: poor records are one in fifty, and only what is possible is done.
fn noise(dice: &mut Dice, person: &Person) -> Noise {
    if dice.below(50) == 0 {
        return Noise::Poor;
    }
    let noise = *dice.one(&Noise::ALL[..12]);
    match noise {
        Noise::Patronymic if person.patronymic.is_none() => Noise::None,
        Noise::MissingPart if person.second.is_none() => Noise::None,
        Noise::Initial if person.second.is_none() => Noise::None,
        Noise::OtherScript if person.culture == 0 => Noise::OtherRomanisation,
        noise => noise,
    }
}

fn spelt(given: &Given) -> Spelt {
    Spelt { native: given.native.to_owned(), latin: given.latin.iter().map(|name| (*name).to_owned()).collect() }
}

fn family(culture: &Culture, dice: &mut Dice) -> Spelt {
    let mut parts: Vec<names::Syllable> = (0..2 + dice.below(2)).map(|_| *dice.one(culture.syllables)).collect();
    parts.push(*dice.one(culture.endings));
    let [native, a, b] = [0, 1, 2].map(|which| {
        let part = |part: &names::Syllable| [part.0, part.1, part.2][which];
        capital(&parts.iter().map(part).collect::<String>())
    });
    Spelt { native, latin: vec![a, b] }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

impl Person {
    fn new(dice: &mut Dice) -> Self {
        let which = dice.below(CULTURES.len());
        let culture = &CULTURES[which];
        let given = dice.one(culture.given);
        let patronymic = culture.patronymic.map(|endings| {
            let father = *dice.one(culture.syllables);
            let behind = endings[usize::from(given.female)];
            Spelt {
                native: capital(&format!("{}р{}", father.0, behind.0)),
                latin: vec![
                    capital(&format!("{}r{}", father.1, behind.1)),
                    capital(&format!("{}r{}", father.2, behind.2)),
                ],
            }
        });
        let others: Vec<&Given> =
            culture.given.iter().filter(|other| other.female == given.female && other.native != given.native).collect();
        let second = (patronymic.is_none() && which != 4 && dice.chance(40)).then(|| spelt(dice.one::<&Given>(&others)));
        Self {
            culture: which,
            family: family(culture, dice),
            given: spelt(given),
            second,
            patronymic,
            female: given.female,
            birth: birth(dice),
            place: family(&CULTURES[0], dice).latin[0].clone(),
            nationality: country(dice),
        }
    }

    /// Another given name of the same sex.
    fn other_given(&self, dice: &mut Dice) -> Spelt {
        let own = |other: &&Given| other.female == self.female && other.native != self.given.native;
        let others: Vec<&Given> = CULTURES[self.culture].given.iter().filter(own).collect();
        spelt(dice.one::<&Given>(&others))
    }

    fn twin(&self, dice: &mut Dice) -> Self {
        Self { given: self.other_given(dice), second: None, ..self.clone() }
    }

    fn sibling(&self, dice: &mut Dice) -> Self {
        let birth = (self.birth.0 + 1 + i32::try_from(dice.below(6)).unwrap_or(0), self.birth.1, self.birth.2);
        Self { given: self.other_given(dice), second: None, birth, ..self.clone() }
    }

    fn son(&self, dice: &mut Dice) -> Self {
        let later = birth(dice);
        Self {
            birth: (self.birth.0 + 20 + i32::try_from(dice.below(15)).unwrap_or(0), later.1, later.2),
            ..self.clone()
        }
    }

    fn namesake(&self, dice: &mut Dice) -> Self {
        let mut birth = birth(dice);
        while birth == self.birth {
            birth.2 = birth.2 % 28 + 1;
        }
        Self { birth, place: family(&CULTURES[0], dice).latin[0].clone(), nationality: country(dice), ..self.clone() }
    }

    fn record(&self, number: usize, noise: Noise, dice: &mut Dice) -> Json {
        let native = noise == Noise::OtherScript;
        let scheme = usize::from(noise == Noise::OtherRomanisation);
        let write = |part: &Spelt, at: usize| {
            if native { part.native.clone() } else { part.latin[at.min(part.latin.len() - 1)].clone() }
        };
        let mut family = write(&self.family, scheme);
        let spelling = if noise == Noise::OtherRomanisation { 1 + dice.below(2) } else { 0 };
        let mut given = vec![write(&self.given, spelling)];
        given.extend(self.second.as_ref().map(|second| write(second, spelling)));
        let mut record = Map::new();
        match noise {
            Noise::Typo => {
                let at = dice.below(1 + given.len());
                let part = if at == 0 { &mut family } else { &mut given[at - 1] };
                *part = typo(part, dice);
            }
            Noise::MissingPart => given.truncate(1),
            Noise::Patronymic => given.extend(self.patronymic.as_ref().map(|name| write(name, 0))),
            Noise::Initial => initial(given.last_mut()),
            Noise::Joined if given.len() > 1 => given = vec![given.join("-")],
            Noise::Joined => given[0] = given[0].replace([' ', '-'], ""),
            Noise::Poor => initial(given.first_mut()),
            Noise::Alias => {
                let main = format!("{family} {}", given.join(" "));
                record.insert("other_names".to_owned(), json!([main]));
                family = names_alias(dice);
                given = vec![names_alias(dice)];
            }
            _ => {}
        }
        let forenames = given.join(" ");
        let (family, forenames) = if noise == Noise::Swapped { (forenames, family) } else { (family, forenames) };
        let shout = dice.chance(30);
        let mut put = |key: &str, value: Json| record.insert(key.to_owned(), value);
        put("record_id", json!(format!("g{number:07}")));
        put("kind", json!("red_notice"));
        put("family_name", json!(if shout { family.to_uppercase() } else { family }));
        put("forenames", json!(forenames));
        let (year, month, day) = self.birth;
        match noise {
            Noise::PartialDate if dice.chance(50) => put("date_of_birth", json!(format!("{year}-{month:02}"))),
            Noise::PartialDate | Noise::Poor => put("date_of_birth", json!(format!("{year}"))),
            _ => put("date_of_birth", json!(format!("{year}-{month:02}-{day:02}"))),
        };
        let bare = matches!(noise, Noise::MissingAttributes | Noise::Poor);
        if !bare {
            put("sex", json!(if self.female { "female" } else { "male" }));
            put("nationalities", json!([self.nationality]));
            // A whole name and a year say enough only with where someone was born.
            if noise == Noise::PartialDate || dice.chance(70) {
                put("place_of_birth", json!(self.place));
            }
        }
        Json::Object(record)
    }
}

/// A name that is nobody's own.
fn names_alias(dice: &mut Dice) -> String {
    family(&CULTURES[0], dice).latin[0].clone()
}

fn birth(dice: &mut Dice) -> (i32, u32, u32) {
    let part = |number: usize| u32::try_from(number).unwrap_or(0);
    (1940 + i32::try_from(dice.below(65)).unwrap_or(0), 1 + part(dice.below(12)), 1 + part(dice.below(28)))
}

fn country(dice: &mut Dice) -> String {
    format!("X{}", char::from(b'A' + u8::try_from(dice.below(26)).unwrap_or(0)))
}

fn initial(part: Option<&mut String>) {
    if let Some(part) = part {
        *part = part.chars().take(1).chain(['.']).collect();
    }
}

/// One slip in a word of some length: a letter too few, too many, another one, or two in the wrong order.
fn typo(word: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    if letters.len() < 5 {
        return word.to_owned();
    }
    let at = 1 + dice.below(letters.len() - 2);
    match dice.below(4) {
        0 => {
            letters.remove(at);
        }
        1 => letters.insert(at, *dice.one(&['a', 'e', 'l', 'n', 'r', 's', 't'])),
        2 => letters[at] = *dice.one(&['a', 'e', 'l', 'n', 'r', 's', 't']),
        _ => letters.swap(at, at - 1),
    }
    letters.into_iter().collect()
}
