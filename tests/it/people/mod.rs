//! Made-up people with known truth: who each record is about, and what was done to it. Given names are common words of a
//! language, family names are put together from syllables; nobody of these exists.
//!
//! The same seed makes the same people. Besides ordinary people there are those who are easily taken for each other: twins,
//! fathers and sons of one name, brothers, namesakes, and records too poor to tell whose they are.

// Shared by two targets, neither of which uses all of it.
#![allow(dead_code, unreachable_pub, reason = "shared by a test and an example")]

mod kinds;
mod names;
mod relatives;
pub mod score;
mod second;
mod unseen;

use serde_json::{Map, Value as Json, json};

pub use kinds::{Kin, Noise};
use names::{Culture, Given, TRIED};
use relatives::less_dated;
use second::SECOND;
use unseen::UNSEEN;

/// Which names people have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// Those that the profile of linkage was first tried on.
    Tried,
    /// Those that were kept aside then, and tried later.
    Second,
    /// Those on which nothing was tried.
    Unseen,
}

impl Names {
    pub fn cultures(self) -> &'static [Culture; 10] {
        match self {
            Self::Tried => &TRIED,
            Self::Second => &SECOND,
            Self::Unseen => &UNSEEN,
        }
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
    /// Whose names these are.
    pub culture: &'static str,
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
    cultures: &'static [Culture; 10],
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
pub fn people(persons: usize, seed: u64, names: Names) -> Vec<Made> {
    let mut dice = Dice::new(seed);
    let mut all = vec![];
    let mut person = 0;
    let mut family = 0;
    while person < persons {
        let first = Person::new(&mut dice, names.cultures());
        let (kin, members) = match dice.below(100) {
            0..2 => (Kin::Twins, vec![first.clone(), first.twin(&mut dice)]),
            2..3 => (Kin::LikeTwins, vec![first.clone(), first.like_twin()]),
            3..5 => (Kin::FatherAndSon, first.with_son(&mut dice)),
            5..7 => (Kin::Brothers, vec![first.clone(), first.sibling(&mut dice)]),
            7..8 => (Kin::Couple, vec![first.clone(), first.spouse(&mut dice)]),
            8..10 => (Kin::Namesakes, vec![first.clone(), first.namesake(&mut dice)]),
            10..11 => (Kin::Chain, vec![first.clone(), first.next_in_chain(&mut dice)]),
            _ => (Kin::Nobody, vec![first]),
        };
        for (which, member) in members.iter().enumerate() {
            for at in 0..=dice.below(5) {
                let between = kin == Kin::Chain && which == 0 && at == 0;
                let noise = if between { Noise::Poor } else { noise(&mut dice, member) };
                let record = member.record(all.len(), noise, &mut dice);
                let (record, noise) = if kin == Kin::FatherAndSon && which == 1 {
                    less_dated(record, noise, &mut dice)
                } else {
                    (record, noise)
                };
                let noise = if noise.leaves_enough() && is_year_only(&record) { Noise::YearOnly } else { noise };
                all.push(Made { record, person, noise, family, kin, culture: member.culture().name });
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
        Noise::Joined if person.second.is_none() && !person.given.latin[0].contains([' ', '-']) => Noise::None,
        noise => noise,
    }
}

/// Whether a record gives the year of birth alone, and no place.
fn is_year_only(record: &Json) -> bool {
    record["date_of_birth"].as_str().is_some_and(|date| date.len() == 4) && record["place_of_birth"].is_null()
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
    fn new(dice: &mut Dice, cultures: &'static [Culture; 10]) -> Self {
        let which = dice.below(cultures.len());
        let culture = &cultures[which];
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
        let second =
            (patronymic.is_none() && which != 4 && dice.chance(40)).then(|| spelt(dice.one::<&Given>(&others)));
        Self {
            cultures,
            culture: which,
            family: family(culture, dice),
            given: spelt(given),
            second,
            patronymic,
            female: given.female,
            birth: birth(dice),
            place: invented(dice),
            nationality: country(dice),
        }
    }

    fn culture(&self) -> &'static Culture {
        &self.cultures[self.culture]
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
                let mut parts: Vec<&mut String> = std::iter::once(&mut family).chain(&mut given).collect();
                parts.retain(|part| part.chars().count() >= 4);
                if !parts.is_empty() {
                    let at = dice.below(parts.len());
                    *parts[at] = typo(parts[at], dice);
                }
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
                family = invented(dice);
                given = vec![invented(dice)];
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
            if dice.chance(70) {
                put("place_of_birth", json!(self.place));
            }
        }
        Json::Object(record)
    }
}

/// A name that is nobody's own: a place, or what someone calls themselves.
fn invented(dice: &mut Dice) -> String {
    family(&TRIED[0], dice).latin[0].clone()
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

/// One slip in a word of four letters or more: a letter too few, too many, another one, or two in the wrong order.
fn typo(word: &str, dice: &mut Dice) -> String {
    loop {
        let mut letters: Vec<char> = word.chars().collect();
        let at = 1 + dice.below(letters.len() - 2);
        let letter = *dice.one(&['a', 'e', 'l', 'n', 'r', 's', 't']);
        match dice.below(4) {
            0 => drop(letters.remove(at)),
            1 => letters.insert(at, letter),
            2 => letters[at] = letter,
            _ => letters.swap(at, at - 1),
        }
        let slipped: String = letters.into_iter().collect();
        if !slipped.eq_ignore_ascii_case(word) {
            return slipped;
        }
    }
}
