//! `related`: whether there are other records with the same keys of which something holds, as `[rule.related.NAME]` says.
//!
//! The slow reading looks at one other record after the other, in the order of their ids. A record is no other record of
//! its own; one without a key is none of anybody's.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::key::{Key, Side, groups, key_values, own_keys};
use super::{MOST_FOUND, MOST_TOLD, Part, truth};
use crate::operator::{Bounds, Others, Reading, Truth};
use crate::record::{Field, Pair, Record, Row, State};
use crate::rule::Reason;

/// A join, checked.
#[derive(Debug, Clone)]
pub struct Related {
    /// What conditions call it.
    pub name: Arc<str>,
    /// What both records have in common.
    pub on: Vec<Key>,
    /// What is known of both and differs.
    pub apart: Vec<Key>,
    /// What must hold of the other record.
    pub condition: Part,
    /// How many such records there must be.
    pub count: Bounds,
    /// How many records that may be such are compared at most; beyond, it is open what they are.
    pub most: Option<usize>,
}

/// The other records of which a join holds, and those of which that is open.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Their positions, in the order of ids.
    pub yes: Vec<usize>,
    /// Those that may be such.
    pub open: Vec<usize>,
    /// Whether there are more that were not compared.
    pub more: bool,
}

impl Found {
    /// Whether a number of records is there.
    #[must_use]
    pub fn counts(&self, count: &Bounds) -> Truth {
        let least = i64::try_from(self.yes.len()).unwrap_or(i64::MAX);
        let open = i64::try_from(self.open.len()).unwrap_or(i64::MAX);
        count.hold(least, if self.more { i64::MAX } else { least.saturating_add(open) })
    }
}

impl Found {
    /// Whether a number of records is there, where that does not hang on those that were not looked at.
    #[must_use]
    pub fn settled(&self, count: &Bounds, rest: usize) -> Option<Truth> {
        let least = i64::try_from(self.yes.len()).unwrap_or(i64::MAX);
        let more = i64::try_from(self.open.len() + rest).unwrap_or(i64::MAX);
        let most = if self.more { i64::MAX } else { least.saturating_add(more) };
        Some(count.hold(least, most)).filter(|truth| *truth != Truth::Unknown)
    }
}

impl Found {
    /// Whether enough records are found to tell why the join is what it is known to be.
    fn tells(&self, known: Truth) -> bool {
        match known {
            Truth::Yes => self.yes.len() >= MOST_FOUND,
            Truth::Unknown => self.open.len() >= MOST_TOLD,
            Truth::No => true,
        }
    }
}

impl Related {
    /// Whether a record that lacks a key lacks something that its source could have given.
    #[must_use]
    pub fn is_open_without_key(&self, row: &dyn Row, person: Option<u32>) -> bool {
        let missing = self.on.iter().chain(&self.apart).filter(|key| key.values(Side::This, row, person).is_empty());
        missing.flat_map(|key| key.reasons(row)).any(|reason| reason.state != State::NotCarried)
    }

    /// Whether the join holds of a pair, whose keys fit.
    #[must_use]
    pub fn of_pair(&self, pair: &Pair<'_>) -> Truth {
        truth(&self.condition, &Reading::new(pair, &[]))
    }

    /// Whether it may hold of another record, whatever the record that is judged says.
    #[must_use]
    pub fn may_hold(&self, other: &dyn Row) -> bool {
        self.condition.is_everything() || self.condition.without_this(other) != Truth::No
    }

    /// Whether another record has the keys in common with the one that is judged.
    fn fits(&self, on: &Keys, other: &Record, person: Option<u32>) -> bool {
        let Some(shared) = key_values(&self.on, Side::Other, other, person) else { return false };
        let own: BTreeSet<_> = groups(on).into_iter().collect();
        groups(&shared).iter().any(|group| own.contains(group))
    }

    /// Whether another record has other values of the keys that are to differ.
    fn stands_apart(&self, apart: &Keys, other: &Record, person: Option<u32>) -> bool {
        let theirs = key_values(&self.apart, Side::Other, other, person);
        theirs.is_some_and(|theirs| theirs.iter().zip(apart).all(|(theirs, own)| theirs.is_disjoint(own)))
    }

    /// The records of which it holds, or why a key is missing. Where what it says is known, no more are looked at than are
    /// told.
    pub(super) fn find(&self, reading: &Reading<'_>, others: &dyn Others, id: &str) -> Result<Found, Vec<Reason>> {
        let row = reading.row();
        let keys = (own_keys(&self.on, row, others), own_keys(&self.apart, row, others));
        let (on, apart) = match keys {
            (Ok(on), Ok(apart)) => (on, apart),
            (on, apart) => return Err([on.err(), apart.err()].into_iter().flatten().flatten().collect()),
        };
        let known = others.known(id);
        let mut found = Found::default();
        let mut compared = 0;
        for at in others.candidates(id).filter(|at| *at != others.judged()) {
            if known.is_some_and(|known| found.tells(known)) {
                break;
            }
            let other = others.record(at);
            let person = others.person(at);
            if !self.fits(&on, &other, person) || !self.may_hold(&*other) {
                continue;
            }
            if self.most.is_some_and(|most| compared >= most) {
                found.more = true;
                break;
            }
            compared += 1;
            if !self.stands_apart(&apart, &other, person) {
                continue;
            }
            match self.of_pair(&Pair { other: &*other, this: row }) {
                Truth::Yes => found.yes.push(at),
                Truth::Unknown => found.open.push(at),
                Truth::No => {}
            }
        }
        Ok(found)
    }

    /// Why it is unknown: what the record that is judged lacks.
    pub(super) fn reasons(&self, reading: &Reading<'_>, others: &dyn Others, id: &str) -> Vec<Reason> {
        let row = reading.row();
        match self.find(reading, others, id) {
            Err(missing) => missing,
            Ok(_) => {
                let asked = self.condition.fields().into_iter().filter_map(Field::on_this_side);
                let lacking = asked.map(|field| Reason { field, state: row.state(field) });
                lacking.filter(|reason| reason.state != State::Value).collect()
            }
        }
    }

    /// The fields of the record that is judged that it reads.
    pub(super) fn own_fields(&self) -> impl Iterator<Item = Field> + '_ {
        let keys = self.on.iter().chain(&self.apart).filter_map(|key| key.field(Side::This));
        keys.chain(self.condition.fields().into_iter().filter_map(Field::on_this_side))
    }

    /// The fields that it reads of records on either side.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        let keys = self.on.iter().chain(&self.apart);
        let keys = keys.flat_map(|key| [key.field(Side::This), key.field(Side::Other)].into_iter().flatten());
        keys.chain(self.condition.fields().into_iter().map(|field| field.on_this_side().unwrap_or(field)))
    }

    /// What it asks, in plain words.
    pub(super) fn describe(&self) -> String {
        let names = |keys: &[Key]| keys.iter().map(|key| format!("`{}`", key.name())).collect::<Vec<_>>().join(", ");
        let mut said = format!("another record has {} in common", names(&self.on));
        if !self.apart.is_empty() {
            said.push_str(&format!(", differs in {}", names(&self.apart)));
        }
        if !self.condition.is_everything() {
            said.push_str(&format!(", and in it {}", self.condition.describe()));
        }
        said.push_str(&format!("; their number is {}", self.count.describe().trim_start_matches("of ")));
        said
    }
}

/// The values of some keys.
type Keys = [BTreeSet<super::KeyValue>];
