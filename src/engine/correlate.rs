//! The fast reading of a correlation: records are grouped once, and the events of a group are counted in one sweep.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::company::{Answers, Candidates, InOrder as _, Reading};
use super::evaluate::part_masks;
use super::groups::Groups;
use super::plan::Plan;
use super::sweep::{chained, counts};
use crate::operator::{Mask, Truth};
use crate::rule::{Correlation, CorrelationKind, Event, Side};
use crate::text::{NearDuplicates, Shingles};

/// What a correlation says of each record.
pub(super) fn answer(reading: &mut Reading<'_>, plan: &Plan, group: &Correlation) -> Answers {
    let groups = reading.groups(&group.group_by, Side::This);
    let near = reading.near(group);
    let masks: Vec<Vec<Mask>> =
        group.parts().into_iter().map(|part| part_masks(plan, (part, part.expr()), reading.columns)).collect();
    let sheet = Sheet { reading, group, groups: &groups, masks };
    let members = match group.share {
        Some(_) => groups.members(reading, |_| true),
        None => groups.members(reading, |record| sheet.meets(record).iter().any(|meets| *meets != Truth::No)),
    };
    let (best, told) = sheet.best(&members);
    let judged: Vec<(Truth, bool)> = (0..reading.len())
        .into_par_iter()
        .map(|record| sheet.verdict(record, best.get(record).copied().flatten()))
        .collect();
    let mut truths = Mask::all(judged.len(), Truth::Unknown);
    judged.into_iter().enumerate().for_each(|(record, (truth, open))| truths.set(record, truth, open));
    Answers { truths, candidates: Candidates { groups: Arc::clone(&groups), members }, near, told }
}

/// All that is known of the records when groups are counted.
struct Sheet<'a, 'r> {
    reading: &'a Reading<'r>,
    group: &'a Correlation,
    groups: &'a Arc<Groups>,
    /// For each part, whether the records of each table meet it.
    masks: Vec<Vec<Mask>>,
}

/// The records that each record of a yes rests on.
type Told = BTreeMap<u32, Arc<Vec<u32>>>;

/// More records that a yes may rest on are not kept.
const MOST_KEPT: usize = 1000;

/// What a group says of a record.
struct Said {
    record: u32,
    truth: Truth,
    /// The records that it rests on, itself among them, where they are not simply those of the group.
    rests_on: Option<Arc<Vec<u32>>>,
}

/// A record of a group, as one event of it.
struct Entry {
    record: u32,
    event: Event,
}

impl Sheet<'_, '_> {
    fn meets(&self, record: usize) -> Vec<Truth> {
        let (table, row) = self.reading.place(record);
        self.masks.iter().map(|tables| tables[table].get(row)).collect()
    }

    fn entries(&self, records: &[u32]) -> Vec<Entry> {
        let of_record = |record: &u32| {
            let at = *record as usize;
            let (table, row) = self.reading.place(at);
            let person = self.reading.persons.person(at);
            let events = self.group.events_of(&self.reading.columns[table].row(row), person, &self.meets(at));
            let record = *record;
            events.into_iter().map(move |event| Entry { record, event })
        };
        records.iter().flat_map(of_record).collect()
    }

    /// The most that one of its groups says of each record, none where it is in no group that says anything; and the
    /// records that a yes rests on.
    fn best(&self, members: &BTreeMap<u32, Vec<u32>>) -> (Vec<Option<Truth>>, Told) {
        let of_group = |records: &Vec<u32>| self.of_group(records);
        let all: Vec<Vec<Said>> = members.values().collect::<Vec<_>>().into_par_iter().map(of_group).collect();
        let (mut best, mut told) = (vec![None; self.reading.len()], Told::new());
        for said in all.into_iter().flatten() {
            let known = &mut best[said.record as usize];
            *known = Some(known.map_or(said.truth, |known: Truth| known.max(said.truth)));
            if let (Truth::Yes, Some(rests_on)) = (said.truth, said.rests_on) {
                told.entry(said.record).or_insert(rests_on);
            }
        }
        (best, told)
    }

    /// What a group says of each of its members.
    fn of_group(&self, records: &[u32]) -> Vec<Said> {
        let entries = self.entries(records);
        if let Some(share) = &self.group.share {
            let certain = entries.iter().filter(|entry| entry.event.certain).count();
            let truth = self.group.of_share(share, (certain, entries.len()), records.len());
            let events = entries.iter().filter(|entry| entry.event.certain);
            let rests_on = self.told(events.map(|entry| entry.record).collect());
            let said = |record: &u32| Said { record: *record, truth, rests_on: Some(Arc::clone(&rests_on)) };
            return records.iter().map(said).collect();
        }
        match self.group.similar {
            Some(_) => self.of_similar(&entries),
            None => self.of_events(&entries.iter().collect::<Vec<_>>(), More::None),
        }
    }

    /// What events say of each of them.
    fn of_events(&self, entries: &[&Entry], more: More) -> Vec<Said> {
        let events: Vec<&Event> = entries.iter().map(|entry| &entry.event).collect();
        let truths: Vec<Truth> = if self.group.kind == CorrelationKind::TemporalOrdered {
            let truths = chained(&events, self.group.span()).into_iter();
            truths.map(|truth| if more == More::Open { truth.max(Truth::Unknown) } else { truth }).collect()
        } else {
            let counts = counts(&events, self.group.span());
            let open = |(low, high)| (low, if more == More::Open { i64::MAX } else { high });
            counts
                .into_iter()
                .zip(&events)
                .map(|(count, event)| self.group.of_count(event.certain, open(count)))
                .collect()
        };
        let said = |(entry, truth): (&&Entry, Truth)| Said { record: entry.record, truth, rests_on: None };
        entries.iter().zip(truths).map(said).collect()
    }

    /// The same among the events whose texts are near-duplicates. Records with one text are counted once. Of more different
    /// texts than are compared with each other, near-duplicates are found by sketches: nearly all of them, and where a
    /// text has too many, a no is open.
    fn of_similar(&self, entries: &[Entry]) -> Vec<Said> {
        let Some((_, gte)) = self.group.similar else { return vec![] };
        let mut by_text: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            let (table, row) = self.reading.place(entry.record as usize);
            if let Some(text) = self.group.text_of(&self.reading.columns[table].row(row)) {
                by_text.entry(text.to_owned()).or_default().push(entry);
            }
        }
        let (texts, by_text): (Vec<String>, Vec<Vec<&Entry>>) = by_text.into_iter().unzip();
        let near = Near::of(&texts, gte, self.group.most);
        let of_text = |at: usize| {
            let (alike, cut) = near.to(at);
            let near: Vec<&Entry> = alike.into_iter().flat_map(|other| by_text[other].iter().copied()).collect();
            let own: BTreeSet<u32> = by_text[at].iter().map(|entry| entry.record).collect();
            let said = self.of_events(&near, if cut { More::Open } else { More::None });
            let rests_on = self.told(near.iter().map(|entry| entry.record).collect());
            said.into_iter()
                .filter(move |said| own.contains(&said.record))
                .map(move |said| Said { rests_on: Some(Arc::clone(&rests_on)), ..said })
        };
        (0..texts.len()).flat_map(of_text).collect()
    }

    /// Records in the order of ids, so many as are worth keeping.
    fn told(&self, mut records: Vec<u32>) -> Arc<Vec<u32>> {
        records.sort_unstable_by_key(|record| self.reading.place_of(*record));
        records.dedup();
        records.truncate(MOST_KEPT);
        Arc::new(records)
    }

    /// What is said of a record, and whether the source could have settled what is unknown.
    fn verdict(&self, record: usize, best: Option<Truth>) -> (Truth, bool) {
        let (table, row) = self.reading.place(record);
        let row = self.reading.columns[table].row(row);
        let person = self.reading.persons.person(record);
        let lacks_text = self.group.similar.is_some() && self.group.text_of(&row).is_none();
        let truth = match best {
            _ if self.groups.lacks(record) || lacks_text => Truth::Unknown,
            Some(truth) => truth,
            None => Truth::No,
        };
        (truth, truth == Truth::Unknown && self.group.is_open(&row, person))
    }
}

/// Whether there may be more events than were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum More {
    None,
    Open,
}

/// Which texts are near-duplicates of which.
enum Near {
    /// Each was compared with each.
    Compared(Vec<Shingles>, u32),
    /// Those with like sketches were compared.
    Sketched(NearDuplicates),
}

impl Near {
    fn of(texts: &[String], gte: u32, most: Option<usize>) -> Self {
        match most.filter(|most| texts.len() > *most) {
            None => Self::Compared(texts.iter().map(|text| Shingles::of(text)).collect(), gte),
            Some(most) => {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                Self::Sketched(NearDuplicates::find(&texts, gte, most))
            }
        }
    }

    /// The texts like one of them, itself among them, and whether there may be more.
    fn to(&self, text: usize) -> (Vec<usize>, bool) {
        match self {
            Self::Compared(all, gte) => {
                let alike = (0..all.len()).filter(|other| all[text].percent(&all[*other]) >= *gte);
                (alike.collect(), false)
            }
            Self::Sketched(near) => {
                (near.of(text).into_iter().map(|other| other as usize).collect(), near.is_cut(text))
            }
        }
    }
}
