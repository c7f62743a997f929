//! What a record says of who a person is, and two of these held against each other.

use super::name::{Likeness, Name};
use super::name_part::Role;
use super::part::{Agreement, Part, PartKind};
use super::profile::LinkProfile;
use crate::record::{Field, Row, Value};

/// What a record says of who it is about, as far as linkage reads it. Records that say the same have the same.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    pub(super) names: Vec<Name>,
    pub(super) birth: Option<(i32, i32)>,
    pub(super) person_id: Option<String>,
    sex: Option<u8>,
    place: Option<String>,
    country: Option<u32>,
    nationalities: Vec<u32>,
}

/// Two identities held against each other, attribute by attribute.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Held([Option<(Agreement, i32)>; PartKind::ALL.len()]);

impl Held {
    pub(super) fn of(&self, kind: PartKind) -> Option<(Agreement, i32)> {
        PartKind::ALL.iter().position(|own| *own == kind).and_then(|at| self.0[at])
    }

    pub(super) fn points(&self) -> i32 {
        self.0.iter().flatten().map(|(_, points)| points).sum()
    }

    /// The attributes that contradict each other.
    pub(super) fn contradictions(&self) -> impl Iterator<Item = PartKind> + '_ {
        let says = PartKind::ALL.iter().zip(&self.0);
        says.filter(|(_, part)| matches!(part, Some((Agreement::Contradict, _)))).map(|(kind, _)| *kind)
    }

    /// Whether they are linked: enough points, nothing against it, and the source or a name with a birth date for it.
    pub(super) fn links(&self, profile: &LinkProfile) -> bool {
        let has = |kind| self.of(kind).is_some_and(|(says, points)| points > 0 && says != Agreement::Contradict);
        let known = has(PartKind::PersonId) || has(PartKind::Name) && has(PartKind::BirthDate);
        known && self.points() >= profile.threshold && self.contradictions().next().is_none()
    }
}

impl Identity {
    /// What a record says.
    #[must_use]
    pub fn of(row: &dyn Row, profile: &LinkProfile) -> Self {
        let mut names: Vec<Name> = written_names(row).iter().map(|name| profile.names.name(name)).collect();
        names.retain(|name| !name.0.is_empty());
        names.sort_unstable();
        names.dedup();
        let text = |field| match row.cell(field, 0) {
            Ok(Value::Text(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
            _ => None,
        };
        let countries = |field: Field| {
            let country = |at| match row.cell(field, at) {
                Ok(Value::Country(country)) => Some(country.packed()),
                _ => None,
            };
            let mut all: Vec<u32> = (0..row.len(field)).filter_map(country).collect();
            all.sort_unstable();
            all.dedup();
            all
        };
        Self {
            names,
            birth: match row.cell(Field::DATE_OF_BIRTH, 0) {
                Ok(Value::Date(date)) => Some((date.first, date.last)),
                _ => None,
            },
            person_id: text(Field::PERSON_ID),
            sex: match row.cell(Field::SEX, 0) {
                Ok(Value::Term(sex)) => Some(sex),
                _ => None,
            },
            place: text(Field::PLACE_OF_BIRTH).map(|place| spelt(profile, &place)).filter(|place| !place.is_empty()),
            country: countries(Field::COUNTRY_OF_BIRTH).first().copied(),
            nationalities: countries(Field::NATIONALITIES),
        }
    }

    /// Whether it says enough to tell whose it is: what the source links by, or a name of enough parts with a birth date.
    #[must_use]
    pub fn is_enough(&self, profile: &LinkProfile) -> bool {
        let is_long =
            |name: &Name| name.0.iter().filter(|part| part.role == Role::Needed).count() >= profile.names.min_parts;
        self.person_id.is_some() || self.birth.is_some() && self.names.iter().any(is_long)
    }

    /// Whether it says nothing about the sex or one of two, and which.
    pub(super) fn sex(&self) -> Option<u8> {
        self.sex.filter(|sex| *sex < 2)
    }

    pub(super) fn held(&self, other: &Self, profile: &LinkProfile) -> Held {
        let mut held = Held::default();
        for (part, kind) in held.0.iter_mut().zip(PartKind::ALL) {
            *part = match kind {
                PartKind::PersonId => self.ids(other, profile),
                PartKind::Name => self.name(other, profile),
                PartKind::BirthDate => self.births(other, profile),
                PartKind::Sex => self.sexes(other, profile),
                PartKind::PlaceOfBirth => self.places(other, profile),
                PartKind::CountryOfBirth => {
                    let equal = self.country.zip(other.country).map(|(own, theirs)| own == theirs);
                    equal.map(|equal| counted(profile, kind, equal))
                }
                PartKind::Nationality => {
                    let known = !self.nationalities.is_empty() && !other.nationalities.is_empty();
                    let shared = self.nationalities.iter().any(|own| other.nationalities.contains(own));
                    known.then(|| counted(profile, kind, shared))
                }
            };
        }
        held
    }

    fn ids(&self, other: &Self, profile: &LinkProfile) -> Option<(Agreement, i32)> {
        let equal = self.person_id.as_ref()? == other.person_id.as_ref()?;
        // Of a person that a source entered twice it has two ids.
        equal.then_some((Agreement::Agree, profile.points.person_id))
    }

    fn name(&self, other: &Self, profile: &LinkProfile) -> Option<(Agreement, i32)> {
        let points = profile.points;
        Some(match self.likeness(other, profile)? {
            Likeness::Alike(percent) if percent >= profile.names.close_gte => {
                (if percent == 100 { Agreement::Agree } else { Agreement::Alike }, points.name_close)
            }
            Likeness::Alike(_) => (Agreement::Alike, points.name_alike),
            Likeness::Initial(_) => (Agreement::Compatible, points.name_initial),
            Likeness::TooShort => return None,
            Likeness::Different if self.ids(other, profile).is_some() => (Agreement::Differ, 0),
            Likeness::Different => (Agreement::Contradict, 0),
        })
    }

    /// The likeness of the names that are most alike.
    pub(super) fn likeness(&self, other: &Self, profile: &LinkProfile) -> Option<Likeness> {
        let pairs = self.names.iter().flat_map(|own| other.names.iter().map(move |theirs| (own, theirs)));
        pairs.map(|(own, theirs)| profile.names.likeness(own, theirs)).max()
    }

    fn births(&self, other: &Self, profile: &LinkProfile) -> Option<(Agreement, i32)> {
        let (own, theirs) = (self.birth?, other.birth?);
        let points = profile.points;
        if own.1 < theirs.0 || theirs.1 < own.0 {
            return Some((Agreement::Contradict, 0));
        }
        let widest = (own.1 - own.0).max(theirs.1 - theirs.0);
        Some(match widest {
            0 => (Agreement::Agree, points.birth_day),
            1..=30 => (Agreement::Compatible, points.birth_month),
            _ => (Agreement::Compatible, points.birth_year),
        })
    }

    fn sexes(&self, other: &Self, profile: &LinkProfile) -> Option<(Agreement, i32)> {
        let equal = self.sex()? == other.sex()?;
        Some(if equal { (Agreement::Agree, profile.points.sex) } else { (Agreement::Contradict, 0) })
    }

    fn places(&self, other: &Self, profile: &LinkProfile) -> Option<(Agreement, i32)> {
        let (own, theirs) = (self.place.as_ref()?, other.place.as_ref()?);
        let alike = own.contains(theirs.as_str()) || theirs.contains(own.as_str()) || profile.names.near(own, theirs);
        let (same, differs) = profile.points.of(PartKind::PlaceOfBirth);
        Some(match (own == theirs, alike) {
            (true, _) => (Agreement::Agree, same),
            (false, true) => (Agreement::Alike, same),
            (false, false) => (Agreement::Differ, differs),
        })
    }
}

fn counted(profile: &LinkProfile, kind: PartKind, equal: bool) -> (Agreement, i32) {
    let (same, differs) = profile.points.of(kind);
    if equal { (Agreement::Agree, same) } else { (Agreement::Differ, differs) }
}

fn spelt(profile: &LinkProfile, place: &str) -> String {
    let latin: String = crate::text::fold(place).chars().map(any_ascii::any_ascii_char).collect();
    profile.names.spelt(&latin)
}

/// The names of a record as written, the main one first.
fn written_names(row: &dyn Row) -> Vec<String> {
    let text = |field, at| match row.cell(field, at) {
        Ok(Value::Text(text)) if !text.trim().is_empty() => Some(text.trim().to_owned()),
        _ => None,
    };
    let main: Vec<String> =
        [Field::FAMILY_NAME, Field::FORENAMES].into_iter().filter_map(|field| text(field, 0)).collect();
    let others = (0..row.len(Field::OTHER_NAMES)).filter_map(|at| text(Field::OTHER_NAMES, at));
    Some(main.join(", ")).filter(|main| !main.is_empty()).into_iter().chain(others).collect()
}

/// Two records held against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The attributes of which both have a value.
    pub parts: Vec<Part>,
    /// What they count together.
    pub points: i32,
    /// Whether that links them.
    pub links: bool,
}

/// Holds two records against each other, part by part.
#[must_use]
pub fn compare(a: &dyn Row, b: &dyn Row, profile: &LinkProfile) -> Comparison {
    let held = Identity::of(a, profile).held(&Identity::of(b, profile), profile);
    let part = |kind: &PartKind| {
        let (says, points) = held.of(*kind)?;
        let (one, other) =
            if *kind == PartKind::Name { best_names(a, b, profile) } else { (shown(*kind, a), shown(*kind, b)) };
        Some(Part { kind: *kind, says, points, a: one, b: other })
    };
    let parts = PartKind::ALL.iter().filter_map(part).collect();
    Comparison { parts, points: held.points(), links: held.links(profile) }
}

/// Why two records are read as about one person, in plain words, part by part.
#[must_use]
pub fn told(a: &dyn Row, b: &dyn Row, profile: &LinkProfile) -> Vec<String> {
    let comparison = compare(a, b, profile);
    let parts = comparison.parts.iter().map(Part::to_string);
    let through = (!comparison.links).then(|| "linked through other records".to_owned());
    parts.chain(through).collect()
}

/// The two names that are most alike, as written.
fn best_names(a: &dyn Row, b: &dyn Row, profile: &LinkProfile) -> (String, String) {
    let (own, theirs) = (written_names(a), written_names(b));
    let pairs = own.iter().flat_map(|own| theirs.iter().map(move |theirs| (own, theirs)));
    let likeness = |(own, theirs): &(&String, &String)| {
        profile.names.likeness(&profile.names.name(own), &profile.names.name(theirs))
    };
    // Of equals the first, which is the main name.
    let best = pairs.collect::<Vec<_>>().into_iter().rev().max_by_key(likeness);
    best.map(|(own, theirs)| (own.clone(), theirs.clone())).unwrap_or_default()
}

/// What a record says of an attribute, in words.
fn shown(kind: PartKind, row: &dyn Row) -> String {
    let field = match kind {
        PartKind::PersonId => Field::PERSON_ID,
        PartKind::Name => Field::FAMILY_NAME,
        PartKind::BirthDate => Field::DATE_OF_BIRTH,
        PartKind::Sex => Field::SEX,
        PartKind::PlaceOfBirth => Field::PLACE_OF_BIRTH,
        PartKind::CountryOfBirth => Field::COUNTRY_OF_BIRTH,
        PartKind::Nationality => Field::NATIONALITIES,
    };
    let cell = |at| Some(crate::operator::show(field, &row.cell(field, at).ok()?).trim_matches(['“', '”']).to_owned());
    (0..row.len(field)).filter_map(cell).collect::<Vec<_>>().join(", ")
}
