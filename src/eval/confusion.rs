//! Labelled records as figures see them, and their counts.

use crate::engine::{Outcome, Standing};

use super::label::{Label, is_positive};

/// One labelled record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Point {
    /// What it is labelled.
    pub label: Label,
    /// How it came out.
    pub outcome: Outcome,
    /// Its step in the queue, 0 the most urgent; records of equal standing are on one step.
    pub step: usize,
}

/// Points from labels, outcomes and standings, in the same order.
#[must_use]
pub fn points(records: &[(Label, Outcome, Standing)]) -> Vec<Point> {
    let mut steps: Vec<Standing> = records.iter().map(|(_, _, standing)| *standing).collect();
    steps.sort_unstable();
    steps.dedup();
    let point = |(label, outcome, standing): &(Label, Outcome, Standing)| Point {
        label: *label,
        outcome: *outcome,
        step: steps.partition_point(|step| step < standing),
    };
    records.iter().map(point).collect()
}

/// How often each label came out how, and where in the queue the records stand that should come out positive or should not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Confusion {
    /// By label in the order of [`Label::ALL`], then by outcome in the order of [`Outcome::ALL`].
    pub matrix: [[u64; 4]; 4],
    /// For each step of the queue, how many should be negative and how many positive.
    pub queue: Vec<[u64; 2]>,
}

impl Confusion {
    /// Counts records.
    #[must_use]
    pub fn of<'a, P: IntoIterator<Item = &'a Point>>(points: P) -> Self {
        let mut confusion = Self::default();
        points.into_iter().for_each(|point| confusion.add(*point));
        confusion
    }

    fn add(&mut self, point: Point) {
        self.matrix[point.label as usize][point.outcome as usize] += 1;
        if self.queue.len() <= point.step {
            self.queue.resize(point.step + 1, [0, 0]);
        }
        if let Some(wanted) = point.label.wants() {
            self.queue[point.step][usize::from(wanted)] += 1;
        }
    }

    /// How many records there are.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.matrix.iter().flatten().sum()
    }

    /// How many records have a label.
    #[must_use]
    pub fn labelled(&self, label: Label) -> u64 {
        self.matrix[label as usize].iter().sum()
    }

    /// How many records of a label came out so.
    #[must_use]
    pub fn at(&self, label: Label, outcome: Outcome) -> u64 {
        self.matrix[label as usize][outcome as usize]
    }

    /// How many records came out so.
    #[must_use]
    pub fn came_out(&self, outcome: Outcome) -> u64 {
        Label::ALL.into_iter().map(|label| self.at(label, outcome)).sum()
    }

    /// How many records of a label came out positive.
    #[must_use]
    pub fn positive(&self, label: Label) -> u64 {
        Outcome::ALL.into_iter().filter(|outcome| is_positive(*outcome)).map(|outcome| self.at(label, outcome)).sum()
    }

    /// Records that came out as the outcome of their own label.
    #[must_use]
    pub fn as_labelled(&self) -> u64 {
        Label::ALL.into_iter().map(|label| self.at(label, label.outcome())).sum()
    }

    /// Records labelled `not_compliant` that came out positive, and records labelled `compliant` that did not.
    #[must_use]
    pub fn right(&self) -> u64 {
        let negative = self.labelled(Label::Compliant) - self.positive(Label::Compliant);
        self.positive(Label::NotCompliant) + negative
    }
}
