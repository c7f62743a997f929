//! The records of all inputs, reduced to the fields that rules across records name, and what these rules say of each.
//!
//! In go tables in the order of the input, out comes for every record and every question about other records a truth. A
//! record is known by its position in the input. What is kept grows with the number of records, not with what they say.
//! The result depends on neither the order of the records nor how they are cut into tables.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use polars::prelude::PolarsError;
use rayon::prelude::*;

use super::groups::Groups;
use super::plan::Plan;
use super::{correlate, join};
use crate::operator::{Mask, Others, Truth};
use crate::persons::{self, LinkProfile, Linker, Persons, told};
use crate::record::{Field, MOMENTS, Moments, Record, Row as _, Value};
use crate::rule::{Across, Correlation, Key, Question, RuleSet, Side};
use crate::table::{Columns, NoticeTable};

/// The records of all inputs, seen by one rule set.
#[derive(Debug)]
pub struct Company {
    tables: Vec<NoticeTable>,
    /// Where each table begins, and where the last ends.
    starts: Vec<usize>,
    persons: Persons,
    /// The records of each person with several, in the order of ids.
    by_person: BTreeMap<u32, Vec<usize>>,
    profile: Option<Arc<LinkProfile>>,
    /// The place of each record in the order of ids.
    places: Vec<u32>,
    /// What each question about other records says of each record.
    answers: BTreeMap<String, Answers>,
}

/// What a question says of each record, and which records it may look at.
#[derive(Debug)]
pub(super) struct Answers {
    /// The truth for each record.
    pub(super) truths: Mask,
    /// The records that may be looked at, by the groups of the side that is judged.
    pub(super) candidates: Candidates,
    /// Which of them are near enough in time to be told of, where that matters.
    pub(super) near: Option<Near>,
    /// The records that each record of a yes rests on, in the order of ids, where these are few among the candidates.
    pub(super) told: BTreeMap<u32, Arc<Vec<u32>>>,
}

/// When records were events.
pub(super) type Days = Vec<Option<(i32, i32)>>;

/// Which events are near each other in time.
#[derive(Debug)]
pub(super) struct Near {
    /// For each record when it was an event, as an interval of days.
    pub(super) at: Arc<Days>,
    /// How many days may lie between.
    pub(super) days: i32,
}

impl Near {
    fn holds(&self, judged: usize, other: usize) -> bool {
        let Some(own) = self.at[judged] else { return true };
        self.at[other].is_some_and(|(first, last)| {
            last >= own.0.saturating_sub(self.days) && first <= own.1.saturating_add(self.days)
        })
    }
}

/// Records by group.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// For each record its groups.
    pub(super) groups: Arc<Groups>,
    /// For each group the records, in the order of ids.
    pub(super) members: BTreeMap<u32, Vec<u32>>,
}

impl Candidates {
    /// Those of a record, itself among them or not, in the order of ids. A record of one group shares its list.
    pub(super) fn of(&self, record: usize, order: &impl InOrder) -> Cow<'_, [u32]> {
        let mut lists = self.groups.of(record).iter().filter_map(|group| self.members.get(group));
        match (lists.next(), lists.next()) {
            (None, _) => Cow::Borrowed(&[]),
            (Some(one), None) => Cow::Borrowed(one),
            (Some(one), Some(other)) => {
                let mut all: Vec<u32> = one.iter().chain(other).chain(lists.flatten()).copied().collect();
                all.sort_unstable_by_key(|record| order.place_of(*record));
                all.dedup();
                Cow::Owned(all)
            }
        }
    }
}

/// Whoever knows the order of ids.
pub(super) trait InOrder {
    /// The place of a record in it.
    fn place_of(&self, record: u32) -> u32;
}

impl InOrder for Reading<'_> {
    fn place_of(&self, record: u32) -> u32 {
        self.places[record as usize]
    }
}

impl InOrder for Company {
    fn place_of(&self, record: u32) -> u32 {
        self.places[record as usize]
    }
}

/// A company that is being read, before it is seen by a rule set.
pub(super) struct Reading<'a> {
    pub(super) columns: &'a [Columns<'a>],
    pub(super) starts: &'a [usize],
    pub(super) persons: &'a Persons,
    pub(super) places: &'a [u32],
    /// Groups by what they are made of, each made once.
    pub(super) groups: BTreeMap<String, Arc<Groups>>,
    /// When records were events, by the field that says so.
    pub(super) days: BTreeMap<Field, Arc<Days>>,
}

impl Reading<'_> {
    /// Number of records.
    pub(super) fn len(&self) -> usize {
        self.places.len()
    }

    /// The table of a record, and its row there.
    pub(super) fn place(&self, record: usize) -> (usize, usize) {
        let table = self.starts.partition_point(|start| *start <= record).saturating_sub(1);
        (table, record - self.starts[table])
    }

    /// The groups that some keys make of all records.
    pub(super) fn groups(&mut self, keys: &[Key], side: Side) -> Arc<Groups> {
        let fields: Vec<_> = keys.iter().map(|key| key.field(side)).collect();
        let name = format!("{fields:?}");
        if let Some(known) = self.groups.get(&name) {
            return Arc::clone(known);
        }
        let made = Arc::new(Groups::by(self, keys, side));
        self.groups.insert(name, Arc::clone(&made));
        made
    }

    /// When each record was an event of a question that looks at some days only.
    pub(super) fn near(&mut self, group: &Correlation) -> Option<Near> {
        let (field, days) = (group.time?, group.days?);
        let columns = self.columns;
        let read = || {
            let of_table = |columns: &Columns<'_>| {
                (0..columns.rows()).map(|row| group.days_of(&columns.row(row))).collect::<Vec<_>>()
            };
            Arc::new(columns.par_iter().flat_map_iter(of_table).collect())
        };
        Some(Near { at: Arc::clone(self.days.entry(field).or_insert_with(read)), days })
    }
}

/// The fields of which a rule set must see every record: those that questions about others name, by which persons are
/// linked, and which tell what became of a record.
#[must_use]
pub fn fields_across(rules: &RuleSet) -> BTreeSet<Field> {
    let named = rules.across().flat_map(|across| across.fields());
    let told = MOMENTS.iter().filter(|moments| moments.kind.is_of_every_record()).flat_map(Moments::fields);
    named.chain([Field::RECORD_ID]).chain(persons::FIELDS).chain(told).collect()
}

impl Company {
    /// Links the records and answers every question about others.
    ///
    /// # Errors
    /// Where polars cannot take the fields out of a table.
    pub fn of(rules: &Arc<RuleSet>, tables: &[NoticeTable]) -> Result<Self, PolarsError> {
        let fields = fields_across(rules);
        let tables: Vec<NoticeTable> = tables.iter().map(|table| table.project(&fields)).collect::<Result<_, _>>()?;
        let mut starts = vec![0];
        starts.extend(tables.iter().scan(0, |end, table| {
            *end += table.len();
            Some(*end)
        }));
        let columns: Vec<Columns<'_>> = tables.iter().map(NoticeTable::columns).collect();
        let profile = rules.linkage().cloned();
        let persons = match &profile {
            Some(profile) => linked(&columns, profile),
            None => Persons::default(),
        };
        let places = places(&columns);
        let mut reading = Reading {
            columns: &columns,
            starts: &starts,
            persons: &persons,
            places: &places,
            groups: BTreeMap::new(),
            days: BTreeMap::new(),
        };
        let plan = Plan::bare(Arc::clone(rules));
        let mut answers = BTreeMap::new();
        for across in rules.across() {
            let answer = match &across.question {
                Question::Related(related) => join::answer(&mut reading, &plan, related),
                Question::Correlation(group) => correlate::answer(&mut reading, &plan, group),
            };
            answers.insert(across.id.clone(), answer);
        }
        drop(reading);
        drop(columns);
        let by_person = by_person(&persons, &places);
        Ok(Self { tables, starts, persons, by_person, profile, places, answers })
    }

    /// Number of records.
    #[must_use]
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no record.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// A record, with the fields that rules across records name at least.
    #[must_use]
    pub fn record(&self, at: usize) -> Record {
        let table = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        self.tables.get(table).map_or_else(Record::default, |rows| rows.record(at - self.starts[table]))
    }

    /// Whether these are the records from a position on.
    ///
    /// # Errors
    /// The id of a record that is not where it was.
    pub(super) fn holds(&self, start: usize, columns: &Columns<'_>) -> Result<(), String> {
        let mut at = start;
        let mut row = 0;
        while row < columns.rows() {
            let table = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
            let Some(own) = self.tables.get(table).map(NoticeTable::columns) else { return Err(id(columns, row)) };
            for inside in at - self.starts[table]..own.rows() {
                if row < columns.rows() && id(&own, inside) != id(columns, row) {
                    return Err(id(columns, row));
                }
                row += 1;
            }
            at = start + row;
        }
        Ok(())
    }

    /// What a question says of a run of records: the truths, and which of them the source could have settled.
    pub(super) fn answer(&self, across: &Across, records: std::ops::Range<usize>) -> Mask {
        let mut rows = Mask::all(records.len(), Truth::Unknown);
        if let Some(answers) = self.answers.get(&across.id) {
            for (row, record) in records.enumerate() {
                rows.set(row, answers.truths.get(record), answers.truths.is_open(record));
            }
        }
        rows
    }

    /// The records, seen from one of them.
    #[must_use]
    pub fn seen_from(self: &Arc<Self>, judged: usize) -> Arc<dyn Others> {
        Arc::new(Seen { company: Arc::clone(self), judged, read: Mutex::default(), links: Mutex::default() })
    }
}

/// The persons of all records.
fn linked(columns: &[Columns<'_>], profile: &LinkProfile) -> Persons {
    let mut linker = Linker::new(profile);
    columns.iter().for_each(|columns| linker.add(columns));
    linker.finish()
}

/// The id of a row.
fn id(columns: &Columns<'_>, row: usize) -> String {
    match columns.row(row).cell(Field::RECORD_ID, 0) {
        Ok(Value::Text(id)) => id.to_owned(),
        _ => String::new(),
    }
}

/// The place of each record in the order of ids; records with one id stand in the order of the input.
fn places(columns: &[Columns<'_>]) -> Vec<u32> {
    let of_table = |columns: &Columns<'_>| (0..columns.rows()).map(|row| id(columns, row)).collect::<Vec<_>>();
    let ids: Vec<String> = columns.par_iter().flat_map_iter(of_table).collect();
    let mut order: Vec<u32> = (0..ids.len()).filter_map(|at| u32::try_from(at).ok()).collect();
    order.par_sort_by(|a, b| ids[*a as usize].cmp(&ids[*b as usize]));
    let mut places = vec![0; ids.len()];
    for (place, record) in order.into_iter().enumerate() {
        places[record as usize] = u32::try_from(place).unwrap_or(u32::MAX);
    }
    places
}

/// The records of each person with several, in the order of ids.
fn by_person(persons: &Persons, places: &[u32]) -> BTreeMap<u32, Vec<usize>> {
    let in_order = |(person, records): (u32, &[u32])| {
        let mut records: Vec<usize> = records.iter().map(|record| *record as usize).collect();
        records.sort_unstable_by_key(|record| places[*record]);
        (person, records)
    };
    persons.several().map(in_order).collect()
}

/// A company, seen from one of its records.
#[derive(Debug)]
struct Seen {
    company: Arc<Company>,
    judged: usize,
    /// Records that were asked for: many questions look at the same.
    read: Mutex<BTreeMap<usize, Arc<Record>>>,
    /// Why others are read as one person with the record that is judged.
    links: Mutex<BTreeMap<usize, Vec<String>>>,
}

impl Seen {
    fn told(&self, a: usize, b: usize) -> Vec<String> {
        let profile = self.company.profile.as_deref();
        profile.map(|profile| told(&*self.record(a), &*self.record(b), profile)).unwrap_or_default()
    }
}

impl Others for Seen {
    fn judged(&self) -> usize {
        self.judged
    }

    fn person(&self, at: usize) -> Option<u32> {
        self.company.persons.person(at)
    }

    fn same_person(&self, at: usize) -> Cow<'_, [usize]> {
        let records = self.person(at).and_then(|person| self.company.by_person.get(&person));
        records.map_or_else(|| Cow::Owned(vec![at]), |records| Cow::Borrowed(records.as_slice()))
    }

    fn record(&self, at: usize) -> Arc<Record> {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(read.entry(at).or_insert_with(|| Arc::new(self.company.record(at))))
    }

    fn candidates(&self, clause: &str) -> Box<dyn Iterator<Item = usize> + '_> {
        let Some(answers) = self.company.answers.get(clause) else { return Box::new(std::iter::empty()) };
        let near = |at: &usize| answers.near.as_ref().is_none_or(|near| near.holds(self.judged, *at));
        if let Some(told) = u32::try_from(self.judged).ok().and_then(|judged| answers.told.get(&judged)) {
            return Box::new(told.iter().map(|record| *record as usize).filter(near));
        }
        match answers.candidates.of(self.judged, &*self.company) {
            Cow::Borrowed(records) => Box::new(records.iter().map(|record| *record as usize).filter(near)),
            Cow::Owned(records) => Box::new(records.into_iter().map(|record| record as usize).filter(near)),
        }
    }

    fn known(&self, clause: &str) -> Option<Truth> {
        Some(self.company.answers.get(clause)?.truths.get(self.judged))
    }

    fn link(&self, a: usize, b: usize) -> Vec<String> {
        if a != self.judged {
            return self.told(a, b);
        }
        let mut links = self.links.lock().unwrap_or_else(PoisonError::into_inner);
        links.entry(b).or_insert_with(|| self.told(a, b)).clone()
    }
}
