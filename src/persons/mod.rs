//! Whose records are one person's: record linkage by name, birth date and what else a record says of who it is about.
//!
//! In go records in any order and a [`LinkProfile`], out come [`Persons`]. Links are explained part by part. Nothing is
//! linked that contradicts: no person holds two records with birth dates, sexes or names that cannot be one person's,
//! whatever stands between them. Two names that differ are one person's only where a record with several names, or the
//! source, connects just these two. The result depends on neither the order of the records, nor on how they are cut into
//! tables, nor on threads. That records are read as one person is a reason to look, and no finding about a human being.

mod block;
mod cluster;
mod identity;
mod name;
mod name_part;
mod part;
mod profile;
mod spelling;

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use cluster::{Clusters, Edge};
pub use identity::{Comparison, Identity, compare, told};
pub use part::{Agreement, Part, PartKind};
pub use profile::LinkProfile;

use crate::record::{Field, Row as _, Value};
use crate::table::Columns;

/// The fields that linkage reads.
pub static FIELDS: [Field; 10] = [
    Field::RECORD_ID,
    Field::PERSON_ID,
    Field::FAMILY_NAME,
    Field::FORENAMES,
    Field::OTHER_NAMES,
    Field::DATE_OF_BIRTH,
    Field::SEX,
    Field::PLACE_OF_BIRTH,
    Field::COUNTRY_OF_BIRTH,
    Field::NATIONALITIES,
];

/// Records on their way to persons. What records say of who they are about is kept once, however many say it.
#[derive(Debug)]
pub struct Linker<'p> {
    profile: &'p LinkProfile,
    known: HashMap<Identity, u32>,
    /// For each record its id and its identity, in the order in which these were first seen.
    records: Vec<(Box<str>, u32)>,
}

/// The persons of some records.
#[derive(Debug, Default)]
pub struct Persons {
    /// For each record its person.
    persons: Vec<Option<u32>>,
    /// For each person with two records or more, these, in the order of the input.
    records: BTreeMap<u32, Vec<u32>>,
    /// Pairs of records that hold a person together, a record for each identity.
    links: Vec<(u32, u32)>,
    refused: Vec<Refused>,
}

/// Two records that are alike and were not joined, because that would join what contradicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refused {
    /// One of them, by position.
    pub a: u32,
    /// The other.
    pub b: u32,
    /// Two records that would have come together and cannot be one person's, and in what they contradict each other;
    /// nothing where there were too many names to hold against each other.
    pub because: Option<(u32, u32, PartKind)>,
}

impl<'p> Linker<'p> {
    /// No records yet.
    #[must_use]
    pub fn new(profile: &'p LinkProfile) -> Self {
        Self { profile, known: HashMap::new(), records: vec![] }
    }

    /// Adds the records of a table, in the order of the input.
    pub fn add(&mut self, columns: &Columns<'_>) {
        let read = |row: usize| {
            let row = columns.row(row);
            let id = match row.cell(Field::RECORD_ID, 0) {
                Ok(Value::Text(id)) => id.into(),
                _ => Box::default(),
            };
            (id, Identity::of(&row, self.profile))
        };
        let read: Vec<(Box<str>, Identity)> = (0..columns.rows()).into_par_iter().map(read).collect();
        for (id, identity) in read {
            let next = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
            self.records.push((id, *self.known.entry(identity).or_insert(next)));
        }
    }

    /// Links the records.
    #[must_use]
    pub fn finish(self) -> Persons {
        let Self { profile, known, records } = self;
        // From here on identities stand in the order of what they say.
        let mut sorted: Vec<(Identity, u32)> = known.into_iter().collect();
        sorted.par_sort_unstable();
        let mut places = vec![0; sorted.len()];
        for (place, (_, first)) in sorted.iter().enumerate() {
            places[*first as usize] = u32::try_from(place).unwrap_or(u32::MAX);
        }
        let (ids, records): (Vec<Box<str>>, Vec<u32>) =
            records.into_iter().map(|(id, first)| (id, places[first as usize])).unzip();
        let identities: Vec<Identity> = sorted.into_iter().map(|(identity, _)| identity).collect();
        let links_itself = |identity: &Identity| identity.held(identity, profile).links(profile);
        let sure: Vec<bool> = identities.par_iter().map(links_itself).collect();
        let edge = |a: u32, b: u32| {
            if !sure[a as usize] || !sure[b as usize] {
                return None;
            }
            let held = identities[a as usize].held(&identities[b as usize], profile);
            held.links(profile).then(|| Edge { strength: -held.points(), a, b })
        };
        let edges = block::pairs(&identities, profile, edge);
        let clusters = Clusters::of(&identities, edges, profile);
        let person = |(record, identity): (usize, &u32)| {
            let own = &identities[*identity as usize];
            match own.is_enough(profile) {
                false => None,
                true if sure[*identity as usize] => Some(clusters.root(*identity)),
                // Too little for a link even to one who says the same: a person of its own.
                true => u32::try_from(identities.len() + record).ok(),
            }
        };
        let persons: Vec<Option<u32>> = records.iter().enumerate().map(person).collect();
        Persons::of(persons, (&ids, &records), &clusters)
    }
}

impl Persons {
    fn of(persons: Vec<Option<u32>>, (ids, identities): (&[Box<str>], &[u32]), clusters: &Clusters) -> Self {
        let mut records: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        let mut first: BTreeMap<u32, u32> = BTreeMap::new();
        for (record, (person, identity)) in (0_u32..).zip(persons.iter().zip(identities)) {
            if let Some(person) = person {
                records.entry(*person).or_default().push(record);
            }
            // Of records that say the same, the one with the first id stands for all.
            let known = first.entry(*identity).or_insert(record);
            if ids[record as usize] < ids[*known as usize] {
                *known = record;
            }
        }
        records.retain(|_, records| records.len() > 1);
        let pair = |edge: &Edge| Some((*first.get(&edge.a)?, *first.get(&edge.b)?));
        let links = clusters.held.iter().filter_map(pair).collect();
        let because = |(a, b, kind): (u32, u32, PartKind)| Some((*first.get(&a)?, *first.get(&b)?, kind));
        let refused = clusters.refused.iter().filter_map(|refused| {
            let (a, b) = pair(&refused.edge)?;
            Some(Refused { a, b, because: refused.because.and_then(because) })
        });
        let refused = refused.collect();
        Self { persons, records, links, refused }
    }

    /// The person of a record, by its position in the input; none where it says too little to tell whose it is.
    #[must_use]
    pub fn person(&self, record: usize) -> Option<u32> {
        self.persons.get(record).copied().flatten()
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.persons.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.persons.is_empty()
    }

    /// The records of a person with two or more, by position; none for others.
    #[must_use]
    pub fn records(&self, person: u32) -> &[u32] {
        self.records.get(&person).map_or(&[], Vec::as_slice)
    }

    /// The persons with two records or more.
    pub fn several(&self) -> impl Iterator<Item = (u32, &[u32])> {
        self.records.iter().map(|(person, records)| (*person, records.as_slice()))
    }

    /// Pairs of records that hold persons together, the strongest links first. Records that say the same of who they are
    /// about are linked without standing here.
    #[must_use]
    pub fn links(&self) -> &[(u32, u32)] {
        &self.links
    }

    /// Pairs of records that are alike and were not joined, because that would join records that contradict.
    #[must_use]
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }
}

#[cfg(test)]
pub(crate) mod tests;
