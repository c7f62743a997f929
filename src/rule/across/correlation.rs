//! `correlation`: whether a record belongs to a group of records, as `[rule.correlation]` says. Types and keys are Sigma's.
//!
//! The slow reading counts one group after the other. A record that has a list among its keys belongs to a group for each
//! of its elements and is judged by the one that says most. Dates are intervals; so a count lies between the events that
//! are in a window for certain and those that may be.

use super::key::{Key, KeyValue, Side, groups, key_values, own_keys};
use super::window::{Event, Span, chained, count};
use super::{MOST_FOUND, Part, truth};
use crate::operator::{Bounds, Others, Reading, Truth};
use crate::record::{Field, Row, State, Value};
use crate::rule::Reason;
use crate::text::Shingles;

/// What is asked of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CorrelationKind {
    /// How many events there are.
    EventCount,
    /// How many different values they have.
    ValueCount,
    /// Whether each step occurs.
    Temporal,
    /// Whether each step occurs, in this order.
    TemporalOrdered,
}

impl CorrelationKind {
    /// Every kind with its word.
    pub const ALL: [(Self, &'static str); 4] = [
        (Self::EventCount, "event_count"),
        (Self::ValueCount, "value_count"),
        (Self::Temporal, "temporal"),
        (Self::TemporalOrdered, "temporal_ordered"),
    ];

    /// The word used in rules.
    #[must_use]
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("", |(_, word)| word)
    }
}

/// A question about a group, checked.
#[derive(Debug, Clone)]
pub struct Correlation {
    /// What is asked.
    pub kind: CorrelationKind,
    /// Which records are events.
    pub events: Part,
    /// What the records of a group have in common.
    pub group_by: Vec<Key>,
    /// What is counted, each value once.
    pub value: Option<Key>,
    /// What must occur.
    pub steps: Vec<Part>,
    /// When an event is.
    pub time: Option<Field>,
    /// How many days a window is long; none is all time.
    pub days: Option<i32>,
    /// The text that must be a near-duplicate of that of the record that is judged, and how near in percent.
    pub similar: Option<(Field, u32)>,
    /// What the count must be.
    pub condition: Bounds,
    /// What part of the group the events must be, in percent.
    pub share: Option<Bounds>,
    /// Of how many different texts each is compared with each; of more, near-duplicates are looked for by sketches.
    pub most: Option<usize>,
}

/// A record as an event of a correlation, or as several where it meets several steps.
#[derive(Debug, Clone)]
struct Member {
    /// Its position among all records.
    at: usize,
    /// Its events, with the step that each meets; the one step there is where there are none.
    events: Vec<Event>,
}

impl Correlation {
    /// The parts that make a record an event, one for each step.
    #[must_use]
    pub fn parts(&self) -> Vec<&Part> {
        if self.steps.is_empty() { vec![&self.events] } else { self.steps.iter().collect() }
    }

    /// The window of the events.
    #[must_use]
    pub fn span(&self) -> Span {
        Span { days: self.days, distinct: self.kind != CorrelationKind::EventCount, steps: self.steps.len() }
    }

    /// When a record is an event: the interval of its date, where it has one and the question asks for it.
    #[must_use]
    pub fn days_of(&self, row: &dyn Row) -> Option<(i32, i32)> {
        match row.cell(self.time?, 0) {
            Ok(Value::Date(date)) => Some((date.first, date.last)),
            _ => None,
        }
    }

    /// The text that is compared, of a record.
    #[must_use]
    pub fn text_of<'r>(&self, row: &'r dyn Row) -> Option<&'r str> {
        match row.cell(self.similar?.0, 0) {
            Ok(Value::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The events of a record, given whether it meets each part.
    #[must_use]
    pub fn events_of(&self, row: &dyn Row, person: Option<u32>, meets: &[Truth]) -> Vec<Event> {
        let days = self.days_of(row);
        let values = |step: usize| match self.value {
            Some(key) => key.values(Side::Other, row, person).into_iter().collect(),
            None if self.steps.is_empty() => vec![],
            None => vec![KeyValue::Number(i64::try_from(step).unwrap_or(i64::MAX))],
        };
        let met = meets.iter().enumerate().filter(|(_, meets)| **meets != Truth::No);
        met.map(|(step, meets)| Event { days, certain: *meets == Truth::Yes, values: values(step), step }).collect()
    }

    fn meets(&self, row: &dyn Row) -> Vec<Truth> {
        let reading = Reading::new(row, &[]);
        self.parts().into_iter().map(|part| truth(part, &reading)).collect()
    }

    /// The groups of the record that is judged, each with its members, itself first, and how many records it has in all.
    fn groups(&self, reading: &Reading<'_>, others: &dyn Others, id: &str) -> Option<Vec<(Vec<Member>, usize)>> {
        let row = reading.row();
        let own = own_keys(&self.group_by, row, others).ok()?;
        let text = self.similar.map(|_| self.text_of(row).map(Shingles::of));
        if text.as_ref().is_some_and(Option::is_none) {
            return None;
        }
        let judged = others.judged();
        // Where what it says is known, so many are looked at as may be told.
        let most = others.known(id).map_or(usize::MAX, |_| MOST_LOOKED_AT);
        let candidates: Vec<_> = others.candidates(id).filter(|at| *at != judged).take(most).collect();
        let member = |at: usize, row: &dyn Row| {
            let events = self.events_of(row, others.person(at), &self.meets(row));
            Member { at, events }
        };
        let mut all = vec![];
        for group in groups(&own) {
            let mut members = vec![member(judged, row)];
            let mut records = 1;
            for at in &candidates {
                let other = others.record(*at);
                let keys = key_values(&self.group_by, Side::Other, &*other, others.person(*at));
                if !keys.is_some_and(|keys| groups_hold(&keys, &group)) {
                    continue;
                }
                records += 1;
                let near = self.similar.is_none_or(|(_, gte)| {
                    let (own, theirs) = (text.as_ref().and_then(Option::as_ref), self.text_of(&*other));
                    own.zip(theirs).is_some_and(|(own, theirs)| own.percent(&Shingles::of(theirs)) >= gte)
                });
                if near {
                    members.push(member(*at, &*other));
                }
            }
            all.push((members, records));
        }
        Some(all)
    }

    /// What a group says of its first member.
    fn of_group(&self, members: &[Member], records: usize) -> Truth {
        let events: Vec<&Event> = members.iter().flat_map(|member| &member.events).collect();
        let own = members.first().map_or(0, |member| member.events.len());
        if self.kind == CorrelationKind::TemporalOrdered {
            return (0..own).map(|at| chained(at, &events, self.span())).max().unwrap_or(Truth::No);
        }
        if let Some(share) = &self.share {
            let certain = events.iter().filter(|event| event.certain).count();
            return self.of_share(share, (certain, events.len()), records);
        }
        (0..own).map(|at| self.of_count(events[at].certain, count(at, &events, self.span()))).max().unwrap_or(Truth::No)
    }

    /// What a count says of an event.
    #[must_use]
    pub fn of_count(&self, certain: bool, (low, high): (i64, i64)) -> Truth {
        let own = if certain { Truth::Yes } else { Truth::Unknown };
        match self.kind {
            CorrelationKind::Temporal => {
                let steps = i64::try_from(self.steps.len()).unwrap_or(i64::MAX);
                own.min(Truth::between(low >= steps, high < steps))
            }
            _ => own.min(self.condition.hold(low, high)),
        }
    }

    /// What the events among all records of a group say.
    #[must_use]
    pub fn of_share(&self, share: &Bounds, (certain, possible): (usize, usize), records: usize) -> Truth {
        let percent = |part: usize| i64::try_from(part * 100 / records.max(1)).unwrap_or(i64::MAX);
        let count = |part: usize| i64::try_from(part).unwrap_or(i64::MAX);
        let of_count = self.condition.hold(count(certain), count(possible));
        of_count.min(share.hold(percent(certain), percent(possible)))
    }

    pub(super) fn holds(&self, reading: &Reading<'_>, others: &dyn Others, id: &str) -> Truth {
        let Some(groups) = self.groups(reading, others, id) else { return Truth::Unknown };
        groups.iter().map(|(members, records)| self.of_group(members, *records)).max().unwrap_or(Truth::Unknown)
    }

    /// The other records of the group that says most, as far as they are events for certain and near in time.
    pub(super) fn members(&self, reading: &Reading<'_>, others: &dyn Others, id: &str) -> Vec<usize> {
        let groups = self.groups(reading, others, id).unwrap_or_default();
        // What a group says takes the square of its records, and of one group there is nothing to choose.
        let best = match groups.len() {
            1 => groups.into_iter().next(),
            _ => groups.into_iter().max_by_key(|(members, records)| (self.of_group(members, *records), members.len())),
        };
        let Some((members, _)) = best else { return vec![] };
        let own = members.first().and_then(|member| member.events.first()).and_then(|event| event.days);
        let near = |event: &Event| {
            let (Some(days), Some(own)) = (self.days, own) else { return true };
            event.days.is_some_and(|(first, last)| last >= own.0 - days && first <= own.1 + days)
        };
        let counts = |member: &&Member| member.events.iter().any(|event| event.certain && near(event));
        let found = members.iter().skip(1).filter(counts).map(|member| member.at);
        found.take(others.known(id).map_or(usize::MAX, |_| MOST_FOUND)).collect()
    }

    /// Whether a record lacks something that its source could have given, where what is said of it is unknown.
    #[must_use]
    pub fn is_open(&self, row: &dyn Row, person: Option<u32>) -> bool {
        self.lacking(row, person).into_iter().any(|reason| reason.state != State::NotCarried)
    }

    /// What a record lacks, where what is said of it is unknown.
    pub(super) fn lacking(&self, row: &dyn Row, person: Option<u32>) -> Vec<Reason> {
        let missing = self.group_by.iter().filter(|key| key.values(Side::This, row, person).is_empty());
        let mut reasons: Vec<Reason> = missing.flat_map(|key| key.reasons(row)).collect();
        let asked = self.time.filter(|_| self.days.is_some()).into_iter().chain(self.similar.map(|(field, _)| field));
        let lacking = |field: Field| Reason { field, state: row.state(field) };
        reasons.extend(asked.map(lacking).filter(|reason| reason.state != State::Value));
        let of_part = |part: &&Part| truth(part, &Reading::new(row, &[])) == Truth::Unknown;
        for part in self.parts().into_iter().filter(of_part) {
            reasons.extend(part.fields().into_iter().map(lacking).filter(|reason| reason.state != State::Value));
        }
        let imprecise = |field: Field| matches!(row.cell(field, 0), Ok(Value::Date(date)) if !date.is_day());
        if reasons.is_empty() {
            let time = self.time.filter(|field| imprecise(*field));
            reasons.extend(time.map(|field| Reason { field, state: State::Value }));
        }
        reasons
    }

    /// The fields that it reads of any record.
    pub(super) fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        let keys = self.group_by.iter().chain(&self.value);
        let keys = keys.flat_map(|key| [key.field(Side::This), key.field(Side::Other)].into_iter().flatten());
        let parts = self.parts().into_iter().flat_map(Part::fields);
        keys.chain(parts).chain(self.time).chain(self.similar.map(|(field, _)| field))
    }

    /// What it asks, in plain words.
    pub(super) fn describe(&self) -> String {
        let names: Vec<String> = self.group_by.iter().map(|key| format!("`{}`", key.name())).collect();
        let mut said = match (self.kind, self.value) {
            (CorrelationKind::EventCount, _) => "the number of records".to_owned(),
            (CorrelationKind::ValueCount, Some(key)) => format!("the number of different values of `{}`", key.name()),
            (CorrelationKind::ValueCount, None) => "the number of different values".to_owned(),
            (CorrelationKind::Temporal, _) => "each of the steps".to_owned(),
            (CorrelationKind::TemporalOrdered, _) => "each of the steps in order".to_owned(),
        };
        said.push_str(&format!(" with the same {}", names.join(", ")));
        if !self.events.is_everything() {
            said.push_str(&format!(" where {}", self.events.describe()));
        }
        if let Some((field, gte)) = self.similar {
            said.push_str(&format!(", whose `{}` is at least {gte} % like this one", field.path()));
        }
        if let Some(days) = self.days {
            said.push_str(&format!(", within {days} days"));
        }
        match self.kind {
            CorrelationKind::Temporal | CorrelationKind::TemporalOrdered => {
                let steps: Vec<String> = self.steps.iter().map(Part::describe).collect();
                said.push_str(&format!(": {}", steps.join("; ")));
            }
            _ => said.push_str(&format!(" is {}", self.condition.describe().trim_start_matches("of "))),
        }
        if let Some(share) = &self.share {
            said.push_str(&format!(", in percent of them all {}", share.describe().trim_start_matches("of ")));
        }
        said
    }
}

/// Whether a record with these keys belongs to a group.
fn groups_hold(keys: &[std::collections::BTreeSet<KeyValue>], group: &[KeyValue]) -> bool {
    groups(keys).iter().any(|own| own == group)
}

/// More records than this are not looked at for what is told of a group.
const MOST_LOOKED_AT: usize = 200;
