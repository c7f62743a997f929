//! How many events lie in a window of days, for one of them: the definition, counted window by window.
//!
//! A window is so many days long and holds the event that is asked about. The least count is the most events that lie in
//! one window for certain, with that event; the greatest is the most that may lie in one with it. An event without a date
//! may lie anywhere.

use std::collections::BTreeSet;

use super::key::KeyValue;
use crate::operator::Truth;

/// An event of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The first and the last day it may have been; none where that is not known.
    pub days: Option<(i32, i32)>,
    /// Whether it is an event for certain.
    pub certain: bool,
    /// What it adds where different values are counted; empty where that is not known.
    pub values: Vec<KeyValue>,
    /// Which step of a sequence it is.
    pub step: usize,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// How many days a window is long; none is all time.
    pub days: Option<i32>,
    /// Whether different values are counted, and not events.
    pub distinct: bool,
    /// How many steps a sequence has.
    pub steps: usize,
}

/// A window, by its first and its last day.
type Window = (i64, i64);

impl Event {
    fn range(&self) -> Option<(i64, i64)> {
        self.days.map(|(first, last)| (i64::from(first), i64::from(last)))
    }

    fn lies_in(&self, (from, to): Window) -> bool {
        self.certain && self.range().is_some_and(|(first, last)| first >= from && last <= to)
    }

    fn may_lie_in(&self, (from, to): Window) -> bool {
        self.range().is_none_or(|(first, last)| first <= to && last >= from)
    }
}

/// The least and the greatest count for one of some events.
pub(super) fn count(judged: usize, events: &[&Event], span: Span) -> (i64, i64) {
    let own = events[judged];
    let Some(days) = span.days.map(i64::from) else {
        let certain = events.iter().filter(|event| event.certain);
        let low = if own.certain { number(certain.copied(), span, false) } else { 0 };
        return (low, number(events.iter().copied(), span, true));
    };
    let starts = events.iter().filter_map(|event| event.range()).flat_map(|(first, last)| [first, last, first - days]);
    let mut windows: BTreeSet<Window> = starts.map(|start| (start, start + days)).collect();
    // Where no event is dated, any window is as good as another.
    if windows.is_empty() {
        windows.insert((0, days));
    }
    let most = |fits: &dyn Fn(&Event, Window) -> bool, open: bool| {
        let with_own = windows.iter().filter(|window| fits(own, **window));
        let counted =
            with_own.map(|window| number(events.iter().copied().filter(|event| fits(event, *window)), span, open));
        counted.max().unwrap_or(0)
    };
    (most(&Event::lies_in, false), most(&Event::may_lie_in, true))
}

/// How many events, or different values; where it is open what a value is, it may be one more.
fn number<'e, I: IntoIterator<Item = &'e Event>>(events: I, span: Span, open: bool) -> i64 {
    let (mut values, mut unknown, mut all) = (BTreeSet::new(), 0, 0);
    for event in events {
        all += 1;
        unknown += i64::from(event.values.is_empty());
        values.extend(&event.values);
    }
    if !span.distinct {
        return all;
    }
    i64::try_from(values.len()).unwrap_or(i64::MAX) + if open { unknown } else { 0 }
}

/// Whether one of some events is part of a sequence: each step strictly before the next, all within the days.
pub(super) fn chained(judged: usize, events: &[&Event], span: Span) -> Truth {
    let one = |certain: bool| {
        if certain && !events[judged].certain {
            return false;
        }
        let ends = (
            reach(judged, events, certain, Way::Back { to: 0 }),
            reach(judged, events, certain, Way::On { to: span.steps }),
        );
        let (Some(start), Some(end)) = ends else { return false };
        span.days.is_none_or(|days| end - start <= i64::from(days))
    };
    Truth::between(one(true), !one(false))
}

/// Which way a sequence is followed, and up to which step.
#[derive(Debug, Clone, Copy)]
enum Way {
    Back { to: usize },
    On { to: usize },
}

/// The latest day on which a sequence that leads here can start, or the earliest on which one that leads on can end.
fn reach(at: usize, events: &[&Event], certain: bool, way: Way) -> Option<i64> {
    let mut now = BTreeSet::from([at]);
    let all = (i64::from(i32::MIN), i64::from(i32::MAX));
    // Without a date an event is nowhere for certain and may be anywhere.
    let range = |event: &Event| if certain { event.range() } else { Some(event.range().unwrap_or(all)) };
    let before = |a: (i64, i64), b: (i64, i64)| if certain { a.1 < b.0 } else { a.0 < b.1 };
    let steps: Vec<usize> = match way {
        Way::Back { to } => (to..events[at].step).rev().collect(),
        Way::On { to } => (events[at].step + 1..to).collect(),
    };
    for step in steps {
        let follows = |next: &usize| {
            let event = events[*next];
            event.step == step
                && (event.certain || !certain)
                && now.iter().any(|from| match (range(event), range(events[*from])) {
                    (Some(one), Some(other)) => match way {
                        Way::Back { .. } => before(one, other),
                        Way::On { .. } => before(other, one),
                    },
                    _ => false,
                })
        };
        now = (0..events.len()).filter(follows).collect();
    }
    let ends = now.iter().filter_map(|at| range(events[*at]));
    match (way, certain) {
        (Way::Back { .. }, true) => ends.map(|(first, _)| first).max(),
        (Way::Back { .. }, false) => ends.map(|(_, last)| last).max(),
        (Way::On { .. }, true) => ends.map(|(_, last)| last).min(),
        (Way::On { .. }, false) => ends.map(|(first, _)| first).min(),
    }
}
