//! How right linkage is: of the pairs of records that are one person's, how many it finds, and of those it finds, how many
//! are right; by what was done to the records, and by what people have to do with each other.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Kin, Made, Noise};

/// Right, found and true pairs.
#[derive(Debug, Default, Clone, Copy)]
pub struct Pairs {
    pub right: u64,
    pub found: u64,
    pub truth: u64,
}

impl Pairs {
    pub fn precision(self) -> f64 {
        self.right as f64 / (self.found.max(1)) as f64
    }

    pub fn recall(self) -> f64 {
        self.right as f64 / (self.truth.max(1)) as f64
    }
}

/// The score of a linkage.
#[derive(Debug, Default)]
pub struct Score {
    /// All pairs.
    pub all: Pairs,
    /// True pairs of which both records say enough, and all that are wrong.
    pub enough: Pairs,
    /// The same, by whose names these are.
    pub by_culture: BTreeMap<&'static str, Pairs>,
    /// Pairs in which a record has this noise; where one says too little, under that only.
    pub by_noise: BTreeMap<Noise, Pairs>,
    /// Pairs of two people that were joined, by what they have to do with each other.
    pub wrong: BTreeMap<Kin, u64>,
    /// Pairs of two people of one family: as many could be joined wrongly.
    pub kin: BTreeMap<Kin, u64>,
}

/// Holds the persons that linkage found for each record against the truth.
pub fn score(made: &[Made], found: &[Option<u32>]) -> Score {
    let mut score = Score::default();
    let mut by_truth: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut by_found: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (at, made) in made.iter().enumerate() {
        by_truth.entry(made.person).or_default().push(at);
        if let Some(person) = found[at] {
            by_found.entry(person).or_default().push(at);
        }
    }
    // A record that says too little is nobody's fault where it is not found, and a fault where it is found with another.
    let mut add = |a: usize, b: usize, set: &dyn Fn(&mut Pairs)| {
        let noises: BTreeSet<Noise> = [made[a].noise, made[b].noise].into();
        set(&mut score.all);
        let enough = noises.iter().all(|noise| noise.leaves_enough());
        if enough || made[a].person != made[b].person {
            set(&mut score.enough);
            set(score.by_culture.entry(made[a].culture).or_default());
        }
        let named = noises.iter().filter(|noise| enough || !noise.leaves_enough());
        named.for_each(|noise| set(score.by_noise.entry(*noise).or_default()));
    };
    for (a, b) in by_truth.values().flat_map(|records| pairs(records)) {
        let joined = found[a].is_some() && found[a] == found[b];
        add(a, b, &|pairs| {
            pairs.truth += 1;
            pairs.right += u64::from(joined);
            pairs.found += u64::from(joined);
        });
    }
    let mut by_family: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, made) in made.iter().enumerate() {
        by_family.entry(made.family).or_default().push(at);
    }
    for (a, b) in by_family.values().flat_map(|records| pairs(records)) {
        if made[a].person != made[b].person {
            *score.kin.entry(made[a].kin).or_default() += 1;
        }
    }
    for (a, b) in by_found.values().flat_map(|records| pairs(records)) {
        if made[a].person != made[b].person {
            let kin = if made[a].family == made[b].family { made[a].kin } else { Kin::Nobody };
            *score.wrong.entry(kin).or_default() += 1;
            add(a, b, &|pairs| pairs.found += 1);
        }
    }
    score
}

fn pairs(records: &[usize]) -> impl Iterator<Item = (usize, usize)> + '_ {
    records.iter().enumerate().flat_map(|(at, a)| records[at + 1..].iter().map(move |b| (*a, *b)))
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<20} {:>9} {:>9} {:>9} {:>9} {:>7}", "noise", "true", "found", "right", "precision", "recall")?;
        let mut row = |name: &str, pairs: Pairs| {
            let Pairs { right, found, truth } = pairs;
            let (precision, recall) = (pairs.precision(), pairs.recall());
            writeln!(f, "{name:<20} {truth:>9} {found:>9} {right:>9} {precision:>9.4} {recall:>7.4}")
        };
        for (noise, pairs) in &self.by_noise {
            row(noise.name(), *pairs)?;
        }
        for (culture, pairs) in &self.by_culture {
            row(culture, *pairs)?;
        }
        row("all", self.all)?;
        row("both say enough", self.enough)?;
        for kin in Kin::ALL {
            let [wrong, of] = [&self.wrong, &self.kin].map(|pairs| pairs.get(&kin).copied().unwrap_or(0));
            let of = if kin == Kin::Nobody { String::new() } else { format!(" of {of}") };
            writeln!(f, "wrongly joined, {}: {wrong}{of}", kin.name())?;
        }
        Ok(())
    }
}
