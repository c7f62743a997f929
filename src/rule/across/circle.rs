//! A few records that are seen from each other: those of a test. Every one of them is looked at.

use std::borrow::Cow;
use std::sync::Arc;

use crate::operator::{Others, Truth};
use crate::persons::{LinkProfile, Linker, told};
use crate::record::{Field, Record, Row as _, Value};
use crate::rule::RuleSet;
use crate::table::{Origin, TableBuilder};

/// Records in memory, with the persons they are linked to.
#[derive(Debug)]
pub struct Circle {
    records: Vec<Arc<Record>>,
    persons: Vec<Option<u32>>,
    /// Their positions in the order of their ids.
    order: Vec<usize>,
    profile: Option<Arc<LinkProfile>>,
}

/// A circle, seen from one of its records.
#[derive(Debug, Clone)]
struct Seen {
    circle: Arc<Circle>,
    judged: usize,
}

impl Circle {
    /// Links the records by the profile of a rule set.
    #[must_use]
    pub fn of(rules: &RuleSet, records: Vec<Record>) -> Arc<Self> {
        let persons = persons(rules, &records);
        let id = |at: &usize| match records[*at].cell(Field::RECORD_ID, 0) {
            Ok(Value::Text(id)) => id.to_owned(),
            _ => String::new(),
        };
        let mut order: Vec<usize> = (0..records.len()).collect();
        order.sort_by_key(id);
        let records = records.into_iter().map(Arc::new).collect();
        Arc::new(Self { records, persons, order, profile: rules.linkage().cloned() })
    }

    /// The records, seen from one of them.
    #[must_use]
    pub fn seen_from(self: &Arc<Self>, judged: usize) -> Arc<dyn Others> {
        Arc::new(Seen { circle: Arc::clone(self), judged })
    }
}

/// The persons of some records; none where the rule set has no sound linkage profile.
fn persons(rules: &RuleSet, records: &[Record]) -> Vec<Option<u32>> {
    let mut builder = TableBuilder::default();
    records.iter().for_each(|record| builder.push(record, Origin::default()));
    let (Some(profile), Ok(table)) = (rules.linkage(), builder.finish()) else { return vec![None; records.len()] };
    let mut linker = Linker::new(profile);
    linker.add(&table.columns());
    let persons = linker.finish();
    (0..records.len()).map(|at| persons.person(at)).collect()
}

impl Others for Seen {
    fn judged(&self) -> usize {
        self.judged
    }

    fn person(&self, at: usize) -> Option<u32> {
        self.circle.persons.get(at).copied().flatten()
    }

    fn same_person(&self, at: usize) -> Cow<'_, [usize]> {
        let person = self.person(at);
        let same = |other: &usize| *other == at || person.is_some() && self.person(*other) == person;
        Cow::Owned(self.circle.order.iter().copied().filter(same).collect())
    }

    fn record(&self, at: usize) -> Arc<Record> {
        self.circle.records.get(at).cloned().unwrap_or_default()
    }

    fn candidates(&self, _clause: &str) -> Box<dyn Iterator<Item = usize> + '_> {
        Box::new(self.circle.order.iter().copied())
    }

    fn known(&self, _clause: &str) -> Option<Truth> {
        None
    }

    fn link(&self, a: usize, b: usize) -> Vec<String> {
        let (Some(one), Some(other)) = (self.circle.records.get(a), self.circle.records.get(b)) else { return vec![] };
        self.circle.profile.as_deref().map(|profile| told(&**one, &**other, profile)).unwrap_or_default()
    }
}
