//! Groups of records that have values of some keys in common, by number.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::company::Reading;
use crate::rule::{Key, KeyValue, Side, groups, key_values};

/// For each record the groups it belongs to; a record without a key belongs to none.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// The groups of all records, one record after the other.
    all: Vec<u32>,
    /// Where the groups of each record end.
    ends: Vec<u32>,
    /// Whether a record lacks a key.
    lacks: Vec<bool>,
    /// The number of each group.
    numbers: HashMap<Vec<KeyValue>, u32>,
}

impl Groups {
    /// Groups by some keys, as they are read on a side.
    pub(super) fn by(reading: &Reading<'_>, keys: &[Key], side: Side) -> Self {
        Self::numbered(HashMap::new(), &read(reading, keys, side), true)
    }

    /// The groups of another side that fit these, by the same numbers; what fits none belongs to none.
    pub(super) fn fitting(&self, reading: &Reading<'_>, keys: &[Key], side: Side) -> Self {
        Self::numbered(self.numbers.clone(), &read(reading, keys, side), false)
    }

    fn numbered(mut numbers: HashMap<Vec<KeyValue>, u32>, read: &[Vec<Vec<KeyValue>>], adds: bool) -> Self {
        let (mut all, mut ends) = (vec![], Vec::with_capacity(read.len()));
        let lacks = read.iter().map(Vec::is_empty).collect();
        for groups in read {
            for group in groups {
                let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
                match numbers.get(group) {
                    Some(number) => all.push(*number),
                    None if adds => {
                        numbers.insert(group.clone(), next);
                        all.push(next);
                    }
                    None => {}
                }
            }
            ends.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
        }
        Self { all, ends, lacks, numbers }
    }

    /// The groups of a record.
    pub(super) fn of(&self, record: usize) -> &[u32] {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = record.checked_sub(1).map_or(0, end);
        self.all.get(start..end(record)).unwrap_or_default()
    }

    /// Whether a record lacks a key.
    pub(super) fn lacks(&self, record: usize) -> bool {
        self.lacks.get(record).copied().unwrap_or(true)
    }

    /// Records by group, in the order of ids.
    pub(super) fn members(&self, reading: &Reading<'_>, counts: impl Fn(usize) -> bool) -> BTreeMap<u32, Vec<u32>> {
        let mut members: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for record in (0..reading.len()).filter(|record| counts(*record)) {
            for group in self.of(record) {
                members.entry(*group).or_default().extend(u32::try_from(record));
            }
        }
        members
            .values_mut()
            .for_each(|records| records.sort_unstable_by_key(|record| reading.places[*record as usize]));
        members
    }
}

/// The groups of every record.
fn read(reading: &Reading<'_>, keys: &[Key], side: Side) -> Vec<Vec<Vec<KeyValue>>> {
    let of_table = |(columns, start): (&crate::table::Columns<'_>, &usize)| {
        let of_row = |row: usize| {
            let person = reading.persons.person(start + row);
            key_values(keys, side, &columns.row(row), person).map(|values| groups(&values)).unwrap_or_default()
        };
        (0..columns.rows()).map(of_row).collect::<Vec<_>>()
    };
    reading.columns.par_iter().zip(reading.starts).flat_map_iter(of_table).collect()
}
