//! Linkage profiles: the files `persons/….toml` of a rule set, checked. All numbers and words of linkage are there.

use std::collections::BTreeSet;
use std::sync::Arc;

use regex::Regex;

use super::part::PartKind;
use super::spelling::Reading;
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, SourceId, Span, Table, parse_toml};
use crate::text::fold;

/// How records are linked to persons.
#[derive(Debug, Clone)]
pub struct LinkProfile {
    /// What rule sets call it: `persons/standard`.
    pub name: Arc<str>,
    /// Raised whenever it links otherwise.
    pub version: u32,
    /// From how many points on two records are linked.
    pub threshold: i32,
    pub(super) names: NameOptions,
    pub(super) points: Points,
    /// Blocks of more identities are compared by neighbours only.
    pub(super) most_in_block: usize,
    /// How many neighbours.
    pub(super) window: usize,
}

/// How names are read and compared.
#[derive(Debug, Clone)]
pub(super) struct NameOptions {
    pub(super) min_parts: usize,
    pub(super) part_gte: u32,
    pub(super) vowels_gte: u32,
    pub(super) consonants_gte: u32,
    pub(super) vowelless_gte: u32,
    pub(super) close_gte: u32,
    /// A character of a script that leaves vowels out.
    pub(super) vowelless: Option<Regex>,
    pub(super) particles: Vec<String>,
    pub(super) placeholders: Vec<String>,
    pub(super) patronymics: Vec<String>,
    /// Usual given names that are much alike and not one.
    pub(super) other_names: BTreeSet<String>,
    pub(super) spelling: Vec<(String, String)>,
    pub(super) readings: Vec<Reading>,
}

/// What agreement and difference count.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Points {
    pub(super) person_id: i32,
    pub(super) name_close: i32,
    pub(super) name_alike: i32,
    pub(super) name_initial: i32,
    pub(super) birth_day: i32,
    pub(super) birth_month: i32,
    pub(super) birth_year: i32,
    pub(super) sex: i32,
    pub(super) place_of_birth: i32,
    pub(super) other_place: i32,
    pub(super) country_of_birth: i32,
    pub(super) other_country: i32,
    pub(super) nationality: i32,
    pub(super) other_nationality: i32,
}

impl Points {
    /// What an attribute of which both sides have a value counts, where they agree and where they differ.
    pub(super) fn of(&self, kind: PartKind) -> (i32, i32) {
        match kind {
            PartKind::PersonId => (self.person_id, 0),
            PartKind::Sex => (self.sex, 0),
            PartKind::PlaceOfBirth => (self.place_of_birth, self.other_place),
            PartKind::CountryOfBirth => (self.country_of_birth, self.other_country),
            PartKind::Nationality => (self.nationality, self.other_nationality),
            PartKind::Name | PartKind::BirthDate => (0, 0),
        }
    }
}

impl LinkProfile {
    /// Reads the file of a profile. Every mistake is reported; a profile with one is none.
    pub fn parse(name: &str, source: SourceId, text: &str, found: &mut Diagnostics) -> Option<Self> {
        let before = found.errors();
        let document = parse_toml(source, text, found);
        let start = Span::new(source, 0..0);
        let mut keys = Keys::new(&document, start, "", found);
        if !keys.has("source") {
            keys.missing("source", "say what the choices rest on");
        }
        keys.text("source");
        let version = whole(&mut keys, "version", 1, i64::from(u32::MAX));
        let threshold = whole(&mut keys, "threshold", 1, MOST_POINTS);
        let sections = ["name", "points", "blocks"].map(|key| section(&mut keys, key));
        keys.finish();
        let [names, points, blocks] = sections;
        let names = names.and_then(|(table, span)| name_options(table, span, found));
        let points = points.map(|(table, span)| read_points(table, span, found));
        let blocks = blocks.map(|(table, span)| {
            let mut keys = Keys::new(table, span, "", found);
            let numbers = ["most", "window"].map(|key| whole(&mut keys, key, 1, 100_000));
            keys.finish();
            numbers
        });
        if found.errors() > before {
            return None;
        }
        let [most, window] = blocks?;
        Some(Self {
            name: Arc::from(name),
            version: u32::try_from(version?).ok()?,
            threshold: i32::try_from(threshold?).ok()?,
            names: names?,
            points: points?,
            most_in_block: usize::try_from(most?).ok()?,
            window: usize::try_from(window?).ok()?,
        })
    }
}

/// Points are small numbers.
const MOST_POINTS: i64 = 10_000;

fn section<'a>(keys: &mut Keys<'a, '_>, key: &'static str) -> Option<(&'a Table, Span)> {
    if !keys.has(key) {
        keys.missing(key, "a linkage profile has the tables name, points and blocks");
    }
    keys.table(key)
}

fn whole(keys: &mut Keys<'_, '_>, key: &'static str, least: i64, most: i64) -> Option<i64> {
    if !keys.has(key) {
        keys.missing(key, "it is a whole number; the shipped profile `persons/standard` is a start");
    }
    let (number, span) = keys.integer(key)?;
    if !(least..=most).contains(&number) {
        let problem = Diagnostic::new(Code::BadLinkProfile, format!("`{key}` cannot be {number}")).at(span);
        keys.report(problem.help(format!("write a whole number from {least} to {most}")));
        return None;
    }
    Some(number)
}

fn name_options(table: &Table, span: Span, found: &mut Diagnostics) -> Option<NameOptions> {
    let mut keys = Keys::new(table, span, "", found);
    let min_parts = whole(&mut keys, "min_parts", 1, 5);
    let [part_gte, vowels_gte, consonants_gte, vowelless_gte, close_gte] =
        ["part_gte", "vowels_gte", "consonants_gte", "vowelless_gte", "close_gte"]
            .map(|key| whole(&mut keys, key, 0, 100).and_then(|percent| u32::try_from(percent).ok()));
    let [particles, placeholders, patronymics, other_names, scripts] =
        ["particles", "placeholders", "patronymics", "other_names", "vowelless"].map(|key| keys.texts(key));
    let spelling = pairs(&mut keys);
    let readings = keys.tables("reading");
    let mut vowelless = None;
    if let Some((_, at)) = scripts.first() {
        let names: Vec<String> = scripts.iter().map(|(name, _)| format!("\\p{{{name}}}")).collect();
        match Regex::new(&format!("[{}]", names.concat())) {
            Ok(regex) => vowelless = Some(regex),
            Err(_) => {
                let problem = Diagnostic::new(Code::BadLinkProfile, "`vowelless` names a script that is not known");
                keys.report(problem.at(*at).help("write its Unicode name, such as `Arabic`"));
            }
        }
    }
    keys.finish();
    let readings = readings.into_iter().map(|(table, span)| reading(table, span, found)).collect();
    let texts = |all: Vec<(String, Span)>| -> Vec<String> { all.into_iter().map(|(text, _)| text).collect() };
    let options = NameOptions {
        min_parts: usize::try_from(min_parts?).ok()?,
        part_gte: part_gte?,
        vowels_gte: vowels_gte?,
        consonants_gte: consonants_gte?,
        vowelless_gte: vowelless_gte?,
        close_gte: close_gte?,
        vowelless,
        particles: texts(particles),
        placeholders: texts(placeholders),
        patronymics: vec![],
        other_names: BTreeSet::new(),
        spelling,
        readings,
    };
    // Endings and particles are compared with names as these are read.
    let spelt = |text: &String| options.spelt(text);
    let patronymics = texts(patronymics).iter().map(spelt).collect();
    let particles = options.particles.iter().map(spelt).collect();
    let other_names = texts(other_names).iter().map(spelt).collect();
    // Written in full, since a letter that is doubled for want of a name is no sound.
    let placeholders = options.placeholders.iter().map(|text| text.to_lowercase()).collect();
    Some(NameOptions { patronymics, particles, placeholders, other_names, ..options })
}

/// A reading says what it is called and what it rests on.
fn reading(table: &Table, span: Span, found: &mut Diagnostics) -> Reading {
    let mut keys = Keys::new(table, span, "", found);
    for (key, help) in [("name", "say whose names it reads"), ("source", "name the schemes it reads")] {
        if !keys.has(key) {
            keys.missing(key, help);
        }
        keys.text(key);
    }
    let pairs = pairs(&mut keys);
    keys.finish();
    Reading::new(pairs.into_iter().map(|(from, to)| (fold(&from).into_owned(), to)).collect())
}

/// What is replaced, and what stands for it.
fn pairs(keys: &mut Keys<'_, '_>) -> Vec<(String, String)> {
    let mut pairs = vec![];
    for node in keys.node("spelling").map(|node| node.each().to_vec()).unwrap_or_default() {
        match node.each() {
            [from, to] if from.text().is_some_and(|from| !from.is_empty()) && to.text().is_some() => {
                pairs.extend(from.text().zip(to.text()).map(|(from, to)| (from.to_owned(), to.to_owned())));
            }
            _ => {
                let problem = Diagnostic::new(Code::BadLinkProfile, "`spelling` holds pairs of texts").at(node.span);
                keys.report(problem.help("write what is replaced and what stands for it, as in `[\"kh\", \"h\"]`"));
            }
        }
    }
    pairs
}

fn read_points(table: &Table, span: Span, found: &mut Diagnostics) -> Points {
    let mut keys = Keys::new(table, span, "", found);
    let mut points = |key| {
        let points = whole(&mut keys, key, -MOST_POINTS, MOST_POINTS);
        points.and_then(|points| i32::try_from(points).ok()).unwrap_or(0)
    };
    let points = Points {
        person_id: points("person_id"),
        name_close: points("name_close"),
        name_alike: points("name_alike"),
        name_initial: points("name_initial"),
        birth_day: points("birth_day"),
        birth_month: points("birth_month"),
        birth_year: points("birth_year"),
        sex: points("sex"),
        place_of_birth: points("place_of_birth"),
        other_place: points("other_place"),
        country_of_birth: points("country_of_birth"),
        other_country: points("other_country"),
        nationality: points("nationality"),
        other_nationality: points("other_nationality"),
    };
    keys.finish();
    points
}
