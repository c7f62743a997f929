//! The fast reading of a correlation: records are grouped once, and the events of a group are counted in one sweep.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::company::{Answers, Candidates, Reading};
use super::evaluate::part_masks;
use super::groups::Groups;
use super::plan::Plan;
use super::sweep::{chained, counts};
use crate::operator::{Mask, Truth};
use crate::rule::{Correlation, CorrelationKind, Event, Side};
use crate::text::Shingles;

/// What a correlation says of each record.
pub(super) fn answer(reading: &mut Reading<'_>, plan: &Plan, group: &Correlation) -> Answers {
    let groups = reading.groups(&group.group_by, Side::This);
    let masks: Vec<Vec<Mask>> =
        group.parts().into_iter().map(|part| part_masks(plan, (part, part.expr()), reading.columns)).collect();
    let sheet = Sheet { reading, group, groups: &groups, masks };
    let members = match group.share {
        Some(_) => groups.members(reading, |_| true),
        None => groups.members(reading, |record| sheet.meets(record).iter().any(|meets| *meets != Truth::No)),
    };
    let best = sheet.best(&members);
    let judged: Vec<(Truth, bool)> = (0..reading.len())
        .into_par_iter()
        .map(|record| sheet.verdict(record, best.get(record).copied().flatten()))
        .collect();
    let mut truths = Mask::all(judged.len(), Truth::Unknown);
    judged.into_iter().enumerate().for_each(|(record, (truth, open))| truths.set(record, truth, open));
    Answers { truths, candidates: Candidates { groups: Arc::clone(&groups), members } }
}

/// All that is known of the records when groups are counted.
struct Sheet<'a, 'r> {
    reading: &'a Reading<'r>,
    group: &'a Correlation,
    groups: &'a Arc<Groups>,
    /// For each part, whether the records of each table meet it.
    masks: Vec<Vec<Mask>>,
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

    /// The most that one of its groups says of each record; none where it is in no group that says anything.
    fn best(&self, members: &BTreeMap<u32, Vec<u32>>) -> Vec<Option<Truth>> {
        let of_group = |records: &Vec<u32>| self.of_group(records);
        let all: Vec<Vec<(u32, Truth)>> = members.values().collect::<Vec<_>>().into_par_iter().map(of_group).collect();
        let mut best = vec![None; self.reading.len()];
        for (record, truth) in all.into_iter().flatten() {
            let known = &mut best[record as usize];
            *known = Some(known.map_or(truth, |known: Truth| known.max(truth)));
        }
        best
    }

    /// What a group says of each of its members.
    fn of_group(&self, records: &[u32]) -> Vec<(u32, Truth)> {
        let entries = self.entries(records);
        if let Some(share) = &self.group.share {
            let certain = entries.iter().filter(|entry| entry.event.certain).count();
            let truth = self.group.of_share(share, (certain, entries.len()), records.len());
            return records.iter().map(|record| (*record, truth)).collect();
        }
        match self.group.similar {
            Some(_) => self.of_similar(&entries),
            None => self.of_events(&entries.iter().collect::<Vec<_>>()),
        }
    }

    /// What events say of each of them.
    fn of_events(&self, entries: &[&Entry]) -> Vec<(u32, Truth)> {
        let events: Vec<&Event> = entries.iter().map(|entry| &entry.event).collect();
        let truths: Vec<Truth> = if self.group.kind == CorrelationKind::TemporalOrdered {
            chained(&events, self.group.span())
        } else {
            let counts = counts(&events, self.group.span());
            counts.into_iter().zip(&events).map(|(count, event)| self.group.of_count(event.certain, count)).collect()
        };
        entries.iter().map(|entry| entry.record).zip(truths).collect()
    }

    /// The same among the events whose texts are near-duplicates. Records with one text are counted once.
    fn of_similar(&self, entries: &[Entry]) -> Vec<(u32, Truth)> {
        let Some((_, gte)) = self.group.similar else { return vec![] };
        let mut by_text: BTreeMap<String, Vec<&Entry>> = BTreeMap::new();
        for entry in entries {
            let (table, row) = self.reading.place(entry.record as usize);
            if let Some(text) = self.group.text_of(&self.reading.columns[table].row(row)) {
                by_text.entry(text.to_owned()).or_default().push(entry);
            }
        }
        let shingles: Vec<(Shingles, &Vec<&Entry>)> =
            by_text.iter().map(|(text, entries)| (Shingles::of(text), entries)).collect();
        let mut all = vec![];
        for (own, entries) in &shingles {
            let near = shingles.iter().filter(|(other, _)| own.percent(other) >= gte);
            let near: Vec<&Entry> = near.flat_map(|(_, entries)| entries.iter().copied()).collect();
            let said = self.of_events(&near);
            let is_own = |record: u32| entries.iter().any(|entry| entry.record == record);
            all.extend(said.into_iter().filter(|(record, _)| is_own(*record)));
        }
        all
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
