//! Which of day and month stands first in the dates of a source, found from the dates themselves.
//!
//! In go the texts of date cells, out comes an order for each field whose dates show one and never the other: `31/12/1985`
//! shows that the day stands first, `01/02/1985` shows nothing. A field without evidence, or with evidence both ways, stays
//! unsettled, and its dates with two readings stay invalid. Nothing is taken over from one field to another.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

use super::cell::short_text;
use crate::record::{DateReading, DayOrder, Field, Type};

/// What the dates of each field show.
#[derive(Debug, Clone, Default)]
pub struct DateEvidence {
    fields: BTreeMap<Field, Shown>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Shown {
    day_first: u64,
    month_first: u64,
    two_readings: u64,
}

/// The order of day and month in the dates of each field, as far as it is settled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DayOrders {
    fixed: Option<DayOrder>,
    settled: BTreeMap<Field, DayOrder>,
}

/// How the dates of one field were read, for the account of an input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldOrder {
    /// The field.
    #[serde(serialize_with = "path")]
    pub field: Field,
    /// Which of day and month was taken to stand first; none if nothing told.
    #[serde(serialize_with = "name")]
    pub order: Option<DayOrder>,
    /// How many dates can be read with the day first only.
    pub day_first: u64,
    /// How many dates can be read with the month first only.
    pub month_first: u64,
    /// How many dates have two readings: settled by the order, else invalid.
    pub two_readings: u64,
}

impl DateEvidence {
    /// Takes in one cell; of a field that holds no dates it takes nothing.
    pub fn see(&mut self, field: Field, text: &str) {
        if field.ty() != Type::Date {
            return;
        }
        let Some(reading) = DateReading::of(text) else { return };
        let count = |shown: &mut Shown| match reading {
            DateReading::One { shows: Some(DayOrder::DayFirst), .. } => shown.day_first += 1,
            DateReading::One { shows: Some(DayOrder::MonthFirst), .. } => shown.month_first += 1,
            DateReading::One { shows: None, .. } => {}
            DateReading::Two { .. } => shown.two_readings += 1,
        };
        count(self.fields.entry(field).or_default());
    }

    /// Takes in every date of a record in canonical form.
    pub fn see_object(&mut self, object: &Map<String, Json>) {
        for field in Field::all().filter(|field| field.ty() == Type::Date) {
            let value = object.get(field.spec().list.unwrap_or(field.path()));
            let items = value.map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
            for item in items.unwrap_or_default() {
                let cell = if field.spec().list.is_some() { item.get(field.key()) } else { Some(item) };
                if let Some(text) = cell.and_then(short_text) {
                    self.see(field, &text);
                }
            }
        }
    }

    /// Takes in what was seen elsewhere.
    pub fn merge(&mut self, other: &Self) {
        for (field, shown) in &other.fields {
            let mine = self.fields.entry(*field).or_default();
            mine.day_first += shown.day_first;
            mine.month_first += shown.month_first;
            mine.two_readings += shown.two_readings;
        }
    }

    /// The orders that the evidence settles.
    #[must_use]
    pub fn settle(&self) -> DayOrders {
        let settled = self.fields.iter().filter_map(|(field, shown)| match (shown.day_first, shown.month_first) {
            (1.., 0) => Some((*field, DayOrder::DayFirst)),
            (0, 1..) => Some((*field, DayOrder::MonthFirst)),
            _ => None,
        });
        DayOrders { fixed: None, settled: settled.collect() }
    }

    /// What was seen beside what was settled, for fields whose dates had the year last.
    #[must_use]
    pub fn account(&self, orders: &DayOrders) -> Vec<FieldOrder> {
        let any = |shown: &Shown| shown.day_first + shown.month_first + shown.two_readings > 0;
        let seen = self.fields.iter().filter(|(_, shown)| any(shown));
        seen.map(|(field, shown)| FieldOrder {
            field: *field,
            order: orders.of(*field),
            day_first: shown.day_first,
            month_first: shown.month_first,
            two_readings: shown.two_readings,
        })
        .collect()
    }
}

impl DayOrders {
    /// One order for every field, because whoever knows the source says so.
    #[must_use]
    pub fn fixed(order: DayOrder) -> Self {
        Self { fixed: Some(order), settled: BTreeMap::new() }
    }

    /// Whether nothing is settled.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fixed.is_none() && self.settled.is_empty()
    }

    /// The order in the dates of a field.
    #[must_use]
    pub fn of(&self, field: Field) -> Option<DayOrder> {
        self.fixed.or_else(|| self.settled.get(&field).copied())
    }
}

impl FieldOrder {
    /// How many dates can be read in the other order only. They were read so.
    #[must_use]
    pub fn against(&self) -> u64 {
        match self.order {
            Some(DayOrder::DayFirst) => self.month_first,
            Some(DayOrder::MonthFirst) => self.day_first,
            None => 0,
        }
    }
}

fn path<S: Serializer>(field: &Field, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(field.path())
}

fn name<S: Serializer>(order: &Option<DayOrder>, serializer: S) -> Result<S::Ok, S::Error> {
    order.map(DayOrder::name).serialize(serializer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(texts: &[&str]) -> DateEvidence {
        let mut evidence = DateEvidence::default();
        texts.iter().for_each(|text| evidence.see(Field::DATE_OF_BIRTH, text));
        evidence
    }

    fn settled(texts: &[&str]) -> Option<DayOrder> {
        seen(texts).settle().of(Field::DATE_OF_BIRTH)
    }

    #[test]
    fn one_date_settles_a_field_unless_another_speaks_against_it() {
        assert_eq!(settled(&["01/02/1985", "31/12/1985", "1985-01-02"]), Some(DayOrder::DayFirst));
        assert_eq!(settled(&["12/31/1985", "x"]), Some(DayOrder::MonthFirst));
        assert_eq!(settled(&["12/31/1985", "31/12/1985", "30/12/1985"]), None);
        assert_eq!(settled(&["01/02/1985", "05/05/1985"]), None);
    }

    #[test]
    fn fields_are_settled_each_by_its_own_dates() {
        let mut evidence = seen(&["31/12/1985"]);
        evidence.see(Field::PUBLISHED_AT, "01/02/1985");
        evidence.see(Field::RECORD_ID, "31/12/1985");
        let orders = evidence.settle();
        assert_eq!((orders.of(Field::PUBLISHED_AT), orders.of(Field::RECORD_ID)), (None, None));
        assert_eq!(DayOrders::fixed(DayOrder::MonthFirst).of(Field::PUBLISHED_AT), Some(DayOrder::MonthFirst));
    }

    #[test]
    fn dates_are_found_at_every_depth_of_a_record() {
        let object = json!({"date_of_birth": "31/12/1985", "published_at": 1985, "events": [{"at": "12/31/2001"}, 7]});
        let mut evidence = DateEvidence::default();
        evidence.see_object(object.as_object().expect("an object"));
        let orders = evidence.settle();
        assert_eq!(orders.of(Field::DATE_OF_BIRTH), Some(DayOrder::DayFirst));
        assert_eq!(Field::named("events.at").and_then(|field| orders.of(field)), Some(DayOrder::MonthFirst));
    }

    #[test]
    fn the_account_names_what_speaks_against_an_order() {
        let window = seen(&["31/12/1985", "01/02/1985"]);
        let orders = window.settle();
        let mut all = window.clone();
        all.merge(&seen(&["12/31/1985", "1985-01-01"]));
        let account = all.account(&orders);
        assert_eq!(account.iter().map(FieldOrder::against).collect::<Vec<_>>(), [1]);
        let want = json!([{"field": "date_of_birth", "order": "day-first", "day_first": 1, "month_first": 1, "two_readings": 1}]);
        assert_eq!(serde_json::to_value(account).ok(), Some(want));
        assert!(seen(&["1985-01-01"]).account(&orders).is_empty());
    }
}
