//! Keys: what two records have in common, or not, to be looked at together. A missing key is never a group and never joins.

use std::collections::BTreeSet;

use crate::operator::Others;
use crate::record::{Country, Field, Row, Value};
use crate::rule::Reason;
use crate::text::fold;

/// The word for the linked person among keys.
pub(super) const PERSON: &str = "person";

/// What two records are joined or grouped by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The linked person.
    Person,
    /// A value of the other record and one of the record that is judged, mostly of the same field.
    Fields {
        /// The field of the other record.
        other: Field,
        /// The field of the record that is judged.
        this: Field,
    },
}

/// A value that records are grouped by. Texts are folded.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyValue {
    /// A linked person.
    Person(u32),
    /// A text, folded.
    Text(String),
    /// A position in a vocabulary.
    Term(u8),
    /// A country.
    Country(u32),
    /// A day.
    Day(i32),
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
}

/// Which of two records a key is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The one that is judged.
    This,
    /// Another one.
    Other,
}

impl KeyValue {
    fn of(value: Value<&str>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(fold(text.trim()).into_owned()).filter(|text| !text.is_empty()).map(Self::Text),
            Value::Term(term) => Some(Self::Term(term)),
            Value::Country(Country::EVERY) | Value::Object => None,
            Value::Country(country) => Some(Self::Country(country.packed())),
            // A date that may mean several days is the same as no other.
            Value::Date(date) => date.is_day().then_some(Self::Day(date.first)),
            Value::Flag(flag) => Some(Self::Flag(flag)),
            Value::Number(number) => Some(Self::Number(number)),
        }
    }
}

impl Key {
    /// The field that is read on a side; none for the linked person.
    #[must_use]
    pub fn field(self, side: Side) -> Option<Field> {
        match (self, side) {
            (Self::Person, _) => None,
            (Self::Fields { other, .. }, Side::Other) => Some(other),
            (Self::Fields { this, .. }, Side::This) => Some(this),
        }
    }

    /// The known values of a record, each once, in order; `person` is the one it is linked to.
    #[must_use]
    pub fn values(self, side: Side, row: &dyn Row, person: Option<u32>) -> BTreeSet<KeyValue> {
        let Some(field) = self.field(side) else { return person.map(KeyValue::Person).into_iter().collect() };
        (0..row.len(field)).filter_map(|at| KeyValue::of(row.cell(field, at).ok()?)).collect()
    }

    /// The name as written.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.field(Side::Other).map_or(PERSON, Field::path)
    }

    /// Why the record that is judged has no such key: its fields and their states. Whose record it is, is read from many
    /// fields, and no single one is asked for.
    pub(super) fn reasons(self, row: &dyn Row) -> Vec<Reason> {
        let field = self.field(Side::This).into_iter();
        field.map(|field| Reason { field, state: row.state(field) }).collect()
    }
}

/// A record belongs to so many groups at most, so that long lists in several keys cannot multiply without end.
const MOST_GROUPS: usize = 256;

/// The groups of a record: every way to choose one value of each key, so that a record with two charges belongs to two
/// groups. In order, the first 256.
#[must_use]
pub fn groups(values: &[BTreeSet<KeyValue>]) -> Vec<Vec<KeyValue>> {
    let mut all: Vec<Vec<KeyValue>> = vec![vec![]];
    for values in values {
        let longer = all
            .iter()
            .flat_map(|one| values.iter().map(move |value| one.iter().cloned().chain([value.clone()]).collect()));
        all = longer.take(MOST_GROUPS).collect();
    }
    all
}

/// The values of some keys of a record on one side; `None` where one is missing.
#[must_use]
pub fn key_values(keys: &[Key], side: Side, row: &dyn Row, person: Option<u32>) -> Option<Vec<BTreeSet<KeyValue>>> {
    let values = keys.iter().map(|key| Some(key.values(side, row, person)).filter(|values| !values.is_empty()));
    values.collect()
}

/// The same of the record that is judged among others, or why one is missing.
pub(super) fn own_keys(
    keys: &[Key],
    row: &dyn Row,
    others: &dyn Others,
) -> Result<Vec<BTreeSet<KeyValue>>, Vec<Reason>> {
    let person = others.person(others.judged());
    let missing = |key: &&Key| key.values(Side::This, row, person).is_empty();
    let reasons: Vec<Reason> = keys.iter().filter(missing).flat_map(|key| key.reasons(row)).collect();
    key_values(keys, Side::This, row, person).ok_or(reasons)
}
