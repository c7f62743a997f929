//! A few records that are seen from each other: those of a test. Every one of them is looked at.

use std::borrow::Cow;
use std::sync::Arc;

use crate::operator::Others;
use crate::record::{Field, Record, Row as _, Value};
use crate::rule::RuleSet;

/// Records in memory, with the persons they are linked to.
#[derive(Debug)]
pub struct Circle {
    records: Vec<Record>,
    persons: Vec<Option<u32>>,
    /// Their positions in the order of their ids.
    order: Vec<usize>,
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
    pub fn of(_rules: &RuleSet, records: Vec<Record>) -> Arc<Self> {
        let mut known: Vec<String> = vec![];
        let persons = records
            .iter()
            .map(|r| {
                let f = |n: &str| Field::named(n).and_then(|f| r.text(f)).map(str::to_owned);
                let d = match r.cell(Field::DATE_OF_BIRTH, 0) {
                    Ok(Value::Date(d)) => Some(d.to_string()),
                    _ => None,
                };
                let key = f("person_id")
                    .or_else(|| Some(format!("{}|{}|{}", f("family_name")?, f("forenames").unwrap_or_default(), d?)))?;
                let at = known.iter().position(|k| *k == key).unwrap_or_else(|| {
                    known.push(key.clone());
                    known.len() - 1
                });
                u32::try_from(at).ok()
            })
            .collect();
        let id = |at: &usize| match records[*at].cell(Field::RECORD_ID, 0) {
            Ok(Value::Text(id)) => id.to_owned(),
            _ => String::new(),
        };
        let mut order: Vec<usize> = (0..records.len()).collect();
        order.sort_by_key(id);
        Arc::new(Self { records, persons, order })
    }

    /// The records, seen from one of them.
    #[must_use]
    pub fn seen_from(self: &Arc<Self>, judged: usize) -> Arc<dyn Others> {
        Arc::new(Seen { circle: Arc::clone(self), judged })
    }
}

impl Others for Seen {
    fn judged(&self) -> usize {
        self.judged
    }

    fn person(&self, at: usize) -> Option<u32> {
        self.circle.persons.get(at).copied().flatten()
    }

    fn record(&self, at: usize) -> Cow<'_, Record> {
        self.circle.records.get(at).map_or_else(|| Cow::Owned(Record::default()), Cow::Borrowed)
    }

    fn candidates(&self, _clause: &str) -> Vec<usize> {
        self.circle.order.clone()
    }

    fn link(&self, _a: usize, _b: usize) -> Vec<String> {
        vec![]
    }
}
