//! The history of a person, as the linked records tell it: who asked what, when, and what became of it.
//!
//! In go the record that is looked at and the records beside it, out come moments in the order of time. What several
//! records tell alike is one moment. Dates stay as exact as they are written. That the records are about one person is a
//! reading; the timeline adds nothing to it, and it depends on no order of the input.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::phrases::phrase;
use crate::operator::Others;
use crate::record::{Field, MOMENTS, MomentKind, Moments, PartialDate, Record, Row as _, Value};

/// How many records a timeline is told from: the one that is looked at, and others in the order of their ids.
const MOST_RECORDS: usize = 100;

/// The history of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeline {
    /// What happened, the earliest first; what has no date stands last.
    pub moments: Vec<Moment>,
    /// Of how many records it tells.
    pub records: usize,
    /// How many more records of the person there are.
    pub more: usize,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// When, as exactly as it is written.
    pub at: Option<PartialDate>,
    /// The ids of the records that tell of it, in order.
    pub records: Vec<String>,
    /// What it is.
    pub kind: MomentKind,
    /// The country that acted.
    pub by: Option<String>,
    /// What happened, in plain words.
    pub text: String,
}

/// What makes moments of several records one.
type Same = (Option<PartialDate>, MomentKind, Option<String>, String);

/// The timeline of the person that a record is about; empty where nothing happened but the record itself, or no day is
/// known of all that did.
pub(super) fn timeline(record: &Record, others: Option<&dyn Others>) -> Timeline {
    let (rest, more) = others.map_or_else(Default::default, beside);
    let mut found: BTreeMap<Same, BTreeSet<String>> = BTreeMap::new();
    let mut tell = |record: &Record, moments: &Moments| {
        let id = record.text(Field::RECORD_ID).unwrap_or_default();
        for moment in of_record(record, moments) {
            found.entry(moment).or_default().insert(id.to_owned());
        }
    };
    for moments in &MOMENTS {
        tell(record, moments);
        if moments.kind.is_of_every_record() {
            rest.iter().for_each(|record| tell(record, moments));
        }
    }
    let moments = in_order(found);
    let worth = moments.len() > 1 && (!rest.is_empty() || moments.iter().any(|moment| moment.at.is_some()));
    if worth { Timeline { moments, records: rest.len() + 1, more } } else { Timeline::default() }
}

/// Other records of the person, in the order of their ids, and how many there are beyond them.
fn beside(others: &dyn Others) -> (Vec<Arc<Record>>, usize) {
    let judged = others.judged();
    let all = others.same_person(judged);
    let rest = all.iter().filter(|at| **at != judged).take(MOST_RECORDS - 1);
    (rest.map(|at| others.record(*at)).collect(), all.len().saturating_sub(MOST_RECORDS))
}

/// By time, of one time by the records that tell of it.
fn in_order(found: BTreeMap<Same, BTreeSet<String>>) -> Vec<Moment> {
    let moment = |((at, kind, by, text), ids): (Same, BTreeSet<String>)| {
        let records = ids.into_iter().collect();
        Moment { at, records, kind, by, text }
    };
    let mut moments: Vec<Moment> = found.into_iter().map(moment).collect();
    moments.sort_by(|a, b| {
        let time = |moment: &Moment| (moment.at.is_none(), moment.at);
        time(a).cmp(&time(b)).then_with(|| a.records.cmp(&b.records)).then_with(|| a.kind.cmp(&b.kind))
    });
    moments
}

/// What a record says of one kind of moment.
fn of_record(record: &Record, moments: &Moments) -> Vec<Same> {
    let count = moments.list().map_or(1, |list| record.len(list));
    (0..count).filter_map(|at| of_object(record, moments, at)).collect()
}

fn of_object(record: &Record, moments: &Moments, at: usize) -> Option<Same> {
    let said = |field: Field| record.cell(field, at).ok().map(|value| phrase(field, &value));
    let is = |(field, word): (Field, &str)| match (record.cell(field, at), field.vocabulary()) {
        (Ok(Value::Term(term)), Some(vocabulary)) => vocabulary.word(term) == word,
        _ => false,
    };
    if moments.apart.is_some_and(is) {
        return None;
    }
    let mut text = String::new();
    for (before, field) in moments.says {
        let Some(value) = said(*field) else { continue };
        if !text.is_empty() {
            text += before;
        }
        text += &value;
    }
    let date = |field: &Field| match record.cell(*field, at) {
        Ok(Value::Date(date)) => Some(date),
        _ => None,
    };
    (!text.is_empty()).then(|| (moments.at.iter().find_map(date), moments.kind, moments.by.and_then(said), text))
}
