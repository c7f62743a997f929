//! The fast reading of a join: what of `where` looks at the other record alone is read for all records by columns, and only
//! records that may fit are compared, within groups.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::company::{Answers, Candidates, InOrder as _, Reading};
use super::evaluate::part_masks;
use super::plan::Plan;
use crate::operator::{Mask, Truth};
use crate::record::{Field, Pair, Row, State};
use crate::rule::{Found, Related, Side};

/// What a join says of each record.
pub(super) fn answer(reading: &mut Reading<'_>, plan: &Plan, related: &Related) -> Answers {
    let own = reading.groups(&related.on, Side::This);
    let sides_agree = related.on.iter().all(|key| key.field(Side::This) == key.field(Side::Other));
    let theirs = if sides_agree { Arc::clone(&own) } else { Arc::new(own.fitting(reading, &related.on, Side::Other)) };
    let may: Vec<Mask> = part_masks(plan, (&related.condition, related.condition.open()), reading.columns);
    let fits = |record: usize| {
        let (table, row) = reading.place(record);
        may[table].get(row) != Truth::No
    };
    let members = theirs.members(reading, fits);
    let candidates = Candidates { groups: own, members };
    let judge = Judge { reading, related, candidates: &candidates };
    let judged: Vec<(Truth, bool)> = (0..reading.len()).into_par_iter().map(|record| judge.of(record)).collect();
    let mut truths = Mask::all(judged.len(), Truth::Unknown);
    judged.into_iter().enumerate().for_each(|(record, (truth, open))| truths.set(record, truth, open));
    Answers { truths, candidates, near: None, told: BTreeMap::new() }
}

struct Judge<'a, 'r> {
    reading: &'a Reading<'r>,
    related: &'a Related,
    candidates: &'a Candidates,
}

impl Judge<'_, '_> {
    /// What the join says of a record, and whether the source could have settled what is unknown.
    fn of(&self, record: usize) -> (Truth, bool) {
        let (table, row) = self.reading.place(record);
        let this = self.reading.columns[table].row(row);
        if self.candidates.groups.lacks(record) || self.lacks_apart(&this, record) {
            return (Truth::Unknown, self.related.is_open_without_key(&this, self.person(record)));
        }
        let truth = self.counted(&this, record);
        let fields = self.related.condition.fields().into_iter().filter_map(Field::on_this_side);
        let lacking = |field: Field| !matches!(this.state(field), State::Value | State::NotCarried);
        (truth, truth == Truth::Unknown && fields.into_iter().any(lacking))
    }

    fn person(&self, record: usize) -> Option<u32> {
        self.reading.persons.person(record)
    }

    fn lacks_apart(&self, this: &dyn Row, record: usize) -> bool {
        self.related.apart.iter().any(|key| key.values(Side::This, this, self.person(record)).is_empty())
    }

    /// Compares one record after the other until the count is settled.
    fn counted(&self, this: &dyn Row, record: usize) -> Truth {
        let others = self.candidates.of(record, self.reading);
        let place = |record: &u32| self.reading.place_of(*record);
        let own = u32::try_from(record).is_ok_and(|own| others.binary_search_by_key(&place(&own), place).is_ok());
        let count = others.len() - usize::from(own);
        let most = self.related.most.unwrap_or(usize::MAX);
        let mut found = Found { more: count > most, ..Found::default() };
        let each = others.iter().map(|other| *other as usize).filter(|other| *other != record);
        for (compared, other) in each.take(most).enumerate() {
            let (table, row) = self.reading.place(other);
            let row = self.reading.columns[table].row(row);
            if self.stands_apart(this, record, (&row, other)) {
                match self.related.of_pair(&Pair { other: &row, this }) {
                    Truth::Yes => found.yes.push(other),
                    Truth::Unknown => found.open.push(other),
                    Truth::No => {}
                }
            }
            if let Some(settled) = found.settled(&self.related.count, count - compared - 1) {
                return settled;
            }
        }
        found.counts(&self.related.count)
    }

    fn stands_apart(&self, this: &dyn Row, record: usize, (row, other): (&dyn Row, usize)) -> bool {
        self.related.apart.iter().all(|key| {
            let own = key.values(Side::This, this, self.person(record));
            let theirs = key.values(Side::Other, row, self.person(other));
            !theirs.is_empty() && own.is_disjoint(&theirs)
        })
    }
}
