//! Parts of the set: its chapters, and the factors that labels name.

use std::collections::BTreeMap;

use super::View;
use super::confusion::{Confusion, Point};
use super::pair::Pair;
use crate::rule::{Factor, Kind, Verdict};

/// The records of a chapter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chapter {
    /// Its name; empty for records without one.
    pub name: String,
    /// Their counts.
    pub confusion: Confusion,
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
    /// Records whose label says that it spoke for the request.
    pub in_favour: u64,
    /// Those of them in which a mitigator of the factor that counts says yes.
    pub in_favour_shown: u64,
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
        chapters.into_values().map(|(name, points)| Chapter { name, confusion: Confusion::of(points) }).collect()
    }

    /// The factors that labels name, those that none names left out.
    pub(super) fn letters(&self) -> Vec<Letter> {
        let letter =
            |factor: &Factor| Letter { factor: *factor, labelled: 0, shown: 0, in_favour: 0, in_favour_shown: 0 };
        let mut letters: Vec<Letter> = Factor::ALL.iter().map(letter).collect();
        for pair in self.pairs {
            let (labelled, shown, mitigated) = (self.label(pair), self.shown(pair), self.mitigated(pair));
            for letter in &mut letters {
                let count = |named: &[Factor], found: &[Factor]| {
                    let named = named.contains(&letter.factor);
                    (u64::from(named), u64::from(named && found.contains(&letter.factor)))
                };
                let (named, found) = count(&labelled.letters, &shown);
                let (in_favour, in_favour_found) = count(&labelled.letters_against, &mitigated);
                letter.labelled += named;
                letter.shown += found;
                letter.in_favour += in_favour;
                letter.in_favour_shown += in_favour_found;
            }
        }
        letters.retain(|letter| letter.labelled + letter.in_favour > 0);
        letters
    }

    /// The factors that show in a record.
    pub(super) fn shown(&self, pair: &Pair) -> Vec<Factor> {
        self.factors(pair, |kind| matches!(kind, Kind::Indicator | Kind::Context | Kind::Gate | Kind::Gap))
    }

    /// The factors of which something in the record speaks for the request.
    fn mitigated(&self, pair: &Pair) -> Vec<Factor> {
        self.factors(pair, |kind| kind == Kind::Mitigator)
    }

    /// The factors of the rules of some kinds that count and say yes.
    fn factors(&self, pair: &Pair, of: fn(Kind) -> bool) -> Vec<Factor> {
        let verdicts = &self.judged(pair).verdicts.verdicts;
        let yes = self.set.rules.rules.iter().zip(verdicts).filter(|(_, verdict)| **verdict == Verdict::Yes);
        yes.filter(|(rule, _)| rule.active && of(rule.kind)).filter_map(|(rule, _)| rule.factor).collect()
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
