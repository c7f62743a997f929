//! How many events lie in a window of days, for each event of a group: all windows in one sweep.
//!
//! The same as the definition in [`crate::rule`], window by window, in n log n steps for n events instead of n³.

use std::collections::BTreeMap;

use crate::operator::Truth;
use crate::rule::{Event, EventSpan, KeyValue};

/// The least and the greatest count for each event.
pub(super) fn counts(events: &[&Event], span: EventSpan) -> Vec<(i64, i64)> {
    let Some(days) = span.days.map(i64::from) else {
        let certain = number(events.iter().copied().filter(|event| event.certain), span, false);
        let possible = number(events.iter().copied(), span, true);
        return events.iter().map(|event| (if event.certain { certain } else { 0 }, possible)).collect();
    };
    let dated = events.iter().filter_map(|event| range(event));
    let mut starts: Vec<i64> = dated.flat_map(|(first, last)| [first, last, first - days]).collect();
    starts.sort_unstable();
    starts.dedup();
    if starts.is_empty() {
        starts.push(0);
    }
    let low = Highest::of(sweep(events, (&starts, days), span, false));
    let high = Highest::of(sweep(events, (&starts, days), span, true));
    let between = |from: i64, to: i64| {
        let (from, to) = (starts.partition_point(|start| *start < from), starts.partition_point(|start| *start <= to));
        from..to.max(from)
    };
    let of_event = |event: &&Event| match range(event) {
        // Windows that hold it for certain begin at most `days` before its last day, and not after its first.
        Some((first, last)) => {
            let certain = if event.certain { low.most(between(last - days, first)) } else { 0 };
            (certain, high.most(between(first - days, last)))
        }
        None => (0, high.most(0..starts.len())),
    };
    events.iter().map(of_event).collect()
}

fn range(event: &Event) -> Option<(i64, i64)> {
    event.days.map(|(first, last)| (i64::from(first), i64::from(last)))
}

fn number<'e, I: Iterator<Item = &'e Event>>(events: I, span: EventSpan, open: bool) -> i64 {
    let mut tally = Tally::new(span, open);
    events.for_each(|event| tally.add(event));
    tally.count()
}

/// Events in a window, or their different values.
struct Tally<'e> {
    span: EventSpan,
    open: bool,
    events: i64,
    unknown: i64,
    values: BTreeMap<&'e KeyValue, u32>,
}

impl<'e> Tally<'e> {
    fn new(span: EventSpan, open: bool) -> Self {
        Self { span, open, events: 0, unknown: 0, values: BTreeMap::new() }
    }

    fn add(&mut self, event: &'e Event) {
        self.events += 1;
        self.unknown += i64::from(event.values.is_empty());
        for value in event.values.iter().filter(|_| self.span.distinct) {
            *self.values.entry(value).or_default() += 1;
        }
    }

    fn take(&mut self, event: &'e Event) {
        self.events -= 1;
        self.unknown -= i64::from(event.values.is_empty());
        for value in event.values.iter().filter(|_| self.span.distinct) {
            if let Some(left) = self.values.get_mut(value) {
                *left -= 1;
                if *left == 0 {
                    self.values.remove(value);
                }
            }
        }
    }

    fn count(&self) -> i64 {
        match (self.span.distinct, self.open) {
            (false, _) => self.events,
            (true, open) => i64::try_from(self.values.len()).unwrap_or(i64::MAX) + if open { self.unknown } else { 0 },
        }
    }
}

/// The count of each window, in the order of their starts. An event comes in once and goes out once.
fn sweep(events: &[&Event], (starts, days): (&[i64], i64), span: EventSpan, open: bool) -> Vec<i64> {
    let mut tally = Tally::new(span, open);
    // From which start on, and until which, a window holds an event: by its last day or by its first.
    let mut held: Vec<(i64, i64, &Event)> = vec![];
    for event in events {
        match range(event) {
            None if open => tally.add(event),
            Some((first, last)) if open => held.push((first - days, last, event)),
            Some((first, last)) if event.certain && last - days <= first => held.push((last - days, first, event)),
            _ => {}
        }
    }
    let (mut coming, mut going): (Vec<usize>, Vec<usize>) = ((0..held.len()).collect(), (0..held.len()).collect());
    coming.sort_unstable_by_key(|at| held[*at].0);
    going.sort_unstable_by_key(|at| held[*at].1);
    let (mut coming, mut going) = (coming.into_iter().peekable(), going.into_iter().peekable());
    let mut counts = Vec::with_capacity(starts.len());
    for start in starts {
        while let Some(at) = coming.next_if(|at| held[*at].0 <= *start) {
            tally.add(held[at].2);
        }
        while let Some(at) = going.next_if(|at| held[*at].1 < *start) {
            tally.take(held[at].2);
        }
        counts.push(tally.count());
    }
    counts
}

/// The highest of a run of numbers: each level holds the highest of runs twice as long.
struct Highest(Vec<Vec<i64>>);

impl Highest {
    fn of(numbers: Vec<i64>) -> Self {
        let mut levels = vec![numbers];
        let mut width = 1;
        while let Some(last) = levels.last().filter(|last| last.len() > width) {
            let next = (0..last.len() - width).map(|at| last[at].max(last[at + width])).collect();
            levels.push(next);
            width *= 2;
        }
        Self(levels)
    }

    fn most(&self, range: std::ops::Range<usize>) -> i64 {
        let Some(level) = range.len().checked_ilog2() else { return 0 };
        let Some(highest) = usize::try_from(level).ok().and_then(|level| self.0.get(level)) else { return 0 };
        let width = 1_usize << level;
        let at = |at: usize| highest.get(at).copied().unwrap_or(0);
        at(range.start).max(at(range.end - width))
    }
}

/// Whether each event is part of a sequence: each step strictly before the next, all within the days.
pub(super) fn chained(events: &[&Event], span: EventSpan) -> Vec<Truth> {
    let (certain, possible) = (Chains::of(events, span, true), Chains::of(events, span, false));
    (0..events.len()).map(|at| Truth::between(certain.holds(at), !possible.holds(at))).collect()
}

/// The day by which an interval of days is compared.
type DayOf = fn((i64, i64)) -> i64;

/// For each event the latest day on which a sequence to it can start, and the earliest on which one from it can end.
struct Chains {
    starts: Vec<Option<i64>>,
    ends: Vec<Option<i64>>,
    days: Option<i64>,
}

impl Chains {
    fn of(events: &[&Event], span: EventSpan, certain: bool) -> Self {
        let anywhere = (i64::from(i32::MIN), i64::from(i32::MAX));
        let ranges: Vec<Option<(i64, i64)>> = events
            .iter()
            .map(|event| match (range(event), certain) {
                (Some(range), true) => Some(range).filter(|_| event.certain),
                (None, true) => None,
                (range, false) => Some(range.unwrap_or(anywhere)),
            })
            .collect();
        // An event is before another where the day it is known by is smaller than the day the other is known by.
        let (out, into): (DayOf, DayOf) =
            if certain { (|range| range.1, |range| range.0) } else { (|range| range.0, |range| range.1) };
        let (mut starts, mut ends) = (vec![None; events.len()], vec![None; events.len()]);
        let of_step = |step: usize| {
            let fits = |at: &usize| events[*at].step == step && ranges[*at].is_some();
            (0..events.len()).filter(fits).collect::<Vec<_>>()
        };
        for step in 0..span.steps {
            let before = step.checked_sub(1).map(|before| Edges::below(&of_step(before), &ranges, out, &starts));
            for at in of_step(step) {
                let Some(range) = ranges[at] else { continue };
                starts[at] = before.as_ref().map_or(Some(into(range)), |before| before.best(into(range)));
            }
        }
        for step in (0..span.steps).rev() {
            let turned: Vec<Option<i64>> = ends.iter().map(|end: &Option<i64>| end.map(|end| -end)).collect();
            let minus = |range: (i64, i64)| -> (i64, i64) { (-range.1, -range.0) };
            let mirrored: Vec<Option<(i64, i64)>> = ranges.iter().map(|range| range.map(minus)).collect();
            let after = (step + 1 < span.steps).then(|| Edges::below(&of_step(step + 1), &mirrored, out, &turned));
            for at in of_step(step) {
                let Some(range) = mirrored[at] else { continue };
                ends[at] = after.as_ref().map_or(Some(into(range)), |after| after.best(into(range))).map(|end| -end);
            }
        }
        Self { starts, ends, days: span.days.map(i64::from) }
    }

    fn holds(&self, at: usize) -> bool {
        let (Some(start), Some(end)) = (self.starts[at], self.ends[at]) else { return false };
        self.days.is_none_or(|days| end - start <= days)
    }
}

/// Events of one step by the day they are before others, with the best start of all that are no later.
struct Edges(Vec<(i64, i64)>);

impl Edges {
    fn below(events: &[usize], ranges: &[Option<(i64, i64)>], out: DayOf, starts: &[Option<i64>]) -> Self {
        let edge = |at: &usize| Some((out(ranges[*at]?), starts[*at]?));
        let mut edges: Vec<(i64, i64)> = events.iter().filter_map(edge).collect();
        edges.sort_unstable();
        let mut best = i64::MIN;
        for (_, start) in &mut edges {
            best = best.max(*start);
            *start = best;
        }
        Self(edges)
    }

    /// The best start of those strictly before a day.
    fn best(&self, day: i64) -> Option<i64> {
        let before = self.0.partition_point(|(out, _)| *out < day);
        before.checked_sub(1).map(|at| self.0[at].1)
    }
}
