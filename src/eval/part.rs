//! Parts of the set: its chapters, and the factors that labels name.

use std::collections::BTreeMap;

use super::View;
use super::pair::Pair;
use super::tally::{Point, Tally};
use crate::rule::{Factor, Kind, Verdict};

/// The records of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Its name; empty for records without one.
    pub name: String,
    /// Their counts.
    pub tally: Tally,
}

/// A factor of RPD art. 34(3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Letter {
    /// The factor.
    pub factor: Factor,
    /// Records whose label names it.
    pub labelled: u64,
    /// Those of them in which it shows: an indicator, a context, a gate or a gap of the factor that counts says yes.
    /// Whether it adds to the score does not matter.
    pub shown: u64,
}

impl View<'_> {
    /// The counts of each chapter; none where no label names one.
    pub(super) fn chapters(&self, points: &[Point]) -> Vec<Chapter> {
        let mut chapters: BTreeMap<Vec<Step>, (String, Vec<&Point>)> = BTreeMap::new();
        for (pair, point) in self.pairs.iter().zip(points) {
            let name = self.label(pair).chapter.clone().unwrap_or_default();
            chapters.entry(steps(&name)).or_insert_with(|| (name, vec![])).1.push(point);
        }
        if chapters.values().all(|(name, _)| name.is_empty()) {
            return vec![];
        }
        chapters.into_values().map(|(name, points)| Chapter { name, tally: Tally::of(points) }).collect()
    }

    /// The factors that labels name, those that none names left out.
    pub(super) fn letters(&self) -> Vec<Letter> {
        let mut letters: Vec<Letter> =
            Factor::ALL.iter().map(|factor| Letter { factor: *factor, labelled: 0, shown: 0 }).collect();
        for pair in self.pairs {
            let shown = self.shown(pair);
            let named = |letter: &&mut Letter| self.label(pair).letters.contains(&letter.factor);
            for letter in letters.iter_mut().filter(named) {
                letter.labelled += 1;
                letter.shown += u64::from(shown.contains(&letter.factor));
            }
        }
        letters.retain(|letter| letter.labelled > 0);
        letters
    }

    /// The factors that show in a record.
    pub(super) fn shown(&self, pair: &Pair) -> Vec<Factor> {
        let verdicts = &self.judged(pair).verdicts.verdicts;
        let shows = |kind| matches!(kind, Kind::Indicator | Kind::Context | Kind::Gate | Kind::Gap);
        let yes = self.set.rules.rules.iter().zip(verdicts).filter(|(_, verdict)| **verdict == Verdict::Yes);
        yes.filter(|(rule, _)| rule.active && shows(rule.kind)).filter_map(|(rule, _)| rule.factor).collect()
    }
}

/// A part of a name: numbers stand in their own order, before words.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Number(u64, String),
    Word(String),
}

/// The parts of a name between its points, so that 3.9 stands before 3.10.
fn steps(name: &str) -> Vec<Step> {
    let step = |part: &str| match part.parse() {
        Ok(number) => Step::Number(number, part.to_owned()),
        Err(_) => Step::Word(part.to_owned()),
    };
    name.split('.').map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chapters_stand_in_the_order_of_their_numbers() {
        let mut names = ["3.10", "other", "3.9", "2.2", "3.3.1", ""];
        names.sort_by_key(|name| steps(name));
        assert_eq!(names, ["2.2", "3.3.1", "3.9", "3.10", "", "other"]);
    }
}
