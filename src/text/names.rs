//! How alike two names of persons are, in whole percent, by a named profile.
//!
//! In go two names as written and a [`NameProfile`], out comes a number from 0 to 100, the same whichever name comes
//! first. Names are folded and cut into parts; parts that may be left out go; each part of the shorter name is given to
//! the part of the longer one that makes the whole most alike. A part of the shorter name without a like counts in
//! full against it, a surplus part of the longer name counts as the profile says. A name of fewer parts than the
//! profile asks for is too little to compare: there is no number, and nothing is guessed.
//!
//! It does not know scripts from each other, given names from family names, or which names are frequent.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fold::fold;

/// How the parts of two names are measured against each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// Jaro-Winkler (Winkler 1990): common letters in about the same place, more where the beginnings agree.
    JaroWinkler,
    /// Equal after folding, or not at all.
    Exact,
}

impl Measure {
    /// Every measure with its word in a profile.
    pub(super) const ALL: [(Self, &'static str); 2] = [(Self::JaroWinkler, "jaro_winkler"), (Self::Exact, "exact")];

    fn percent(self, a: &str, b: &str) -> u32 {
        match self {
            Self::Exact => u32::from(a == b) * 100,
            // Between 0 and 1, so that the number fits whatever the names.
            Self::JaroWinkler => (strsim::jaro_winkler(a, b) * 100.0).round() as u32,
        }
    }
}

/// How names are compared: a file `names/….toml`, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameProfile {
    /// What rules call it: `names/latin`.
    pub name: Arc<str>,
    /// Raised whenever it compares otherwise.
    pub version: u32,
    pub(super) measure: Measure,
    /// Whether parts may stand in any order.
    pub(super) any_order: bool,
    /// Parts, folded, that may be there or not.
    pub(super) optional: Vec<String>,
    pub(super) min_parts: usize,
    /// Parts that are less alike than this are not the same part at all.
    pub(super) part_gte: u32,
    /// How alike a first letter is to a part that begins with it.
    pub(super) initial: Option<u32>,
    /// What a part too many counts against the whole, where 100 is as much as a part that differs.
    pub(super) surplus: u32,
}

/// A name cut into parts by a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameParts(Vec<String>);

/// The most parts of a name that are looked at. Longer ones are cut, so that the work is bounded.
const MOST_PARTS: usize = 10;

impl NameProfile {
    /// The parts of a name; `None` where there are too few to compare.
    #[must_use]
    pub fn parts(&self, name: &str) -> Option<NameParts> {
        let folded = fold(name).replace('\'', "");
        let all = folded.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
        let mut parts: Vec<String> = all.map(str::to_owned).collect();
        if parts.iter().any(|part| !self.optional.contains(part)) {
            parts.retain(|part| !self.optional.contains(part));
        }
        parts.truncate(MOST_PARTS);
        (!parts.is_empty() && parts.len() >= self.min_parts).then_some(NameParts(parts))
    }

    /// How alike two names are, in percent.
    #[must_use]
    pub fn percent(&self, NameParts(a): &NameParts, NameParts(b): &NameParts) -> u32 {
        let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
        let count = |parts: usize| u32::try_from(parts).unwrap_or(u32::MAX);
        let full = count(short.len()) * 100 + count(long.len() - short.len()) * self.surplus;
        self.best(short, long) * 100 / full.max(1)
    }

    /// The most that the pairs of parts can add up to, each part in one pair at most.
    fn best(&self, short: &[String], long: &[String]) -> u32 {
        // For each set of parts of the longer name that are taken, as bits, the best sum.
        let mut sums: BTreeMap<u32, u32> = BTreeMap::from([(0, 0)]);
        for part in short {
            let mut more = sums.clone();
            for (at, other) in long.iter().enumerate() {
                let (alike, bit) = (self.alike(part, other), 1_u32 << at);
                for (taken, sum) in sums.iter().filter(|(taken, _)| self.is_free(**taken, bit)) {
                    let best = more.entry(taken | bit).or_default();
                    *best = (*best).max(sum + alike);
                }
            }
            sums = more;
        }
        sums.into_values().max().unwrap_or(0)
    }

    /// Whether a part may be taken after others: it is not taken and, where the order counts, stands after them.
    fn is_free(&self, taken: u32, bit: u32) -> bool {
        if self.any_order { taken & bit == 0 } else { taken < bit }
    }

    fn alike(&self, a: &str, b: &str) -> u32 {
        let is_initial =
            |one: &str, other: &str| one.chars().nth(1).is_none() && other.starts_with(one) && one != other;
        let percent = match self.initial {
            Some(percent) if is_initial(a, b) || is_initial(b, a) => percent,
            _ => self.measure.percent(a, b),
        };
        if percent >= self.part_gte { percent } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn profile() -> NameProfile {
        NameProfile {
            name: Arc::from("names/test"),
            version: 1,
            measure: Measure::JaroWinkler,
            any_order: true,
            optional: vec!["al".to_owned(), "von".to_owned()],
            min_parts: 2,
            part_gte: 80,
            initial: Some(90),
            surplus: 10,
        }
    }

    fn percent(profile: &NameProfile, a: &str, b: &str) -> Option<u32> {
        Some(profile.percent(&profile.parts(a)?, &profile.parts(b)?))
    }

    #[test]
    fn case_accents_order_and_hyphens_change_nothing() {
        for (a, b) in [
            ("Dupont, Élodie Sample", "sample elodie DUPONT"),
            ("Anna-Maria Muster", "Muster Anna Maria"),
            ("O'Sample Person", "OSAMPLE PERSON"),
            ("Person von Sample", "Person Sample"),
            ("Al-Sample, Person", "Person Sample"),
        ] {
            assert_eq!(percent(&profile(), a, b), Some(100), "{a} and {b}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_alike_and_another_name_is_not() {
        assert!(percent(&profile(), "Person Sample", "Persen Sample") >= Some(90));
        assert_eq!(percent(&profile(), "Person Sample", "Person Muster"), Some(50));
        assert_eq!(percent(&profile(), "Person Sample", "Xenia Muster"), Some(0));
    }

    #[test]
    fn a_part_too_many_counts_as_the_profile_says() {
        assert_eq!(percent(&profile(), "Person Sample", "Person Petra Sample"), Some(95));
        let strict = NameProfile { surplus: 100, ..profile() };
        assert_eq!(percent(&strict, "Person Sample", "Person Petra Sample"), Some(66));
    }

    #[test]
    fn an_initial_counts_as_the_profile_says() {
        assert_eq!(percent(&profile(), "P. Sample", "Person Sample"), Some(95));
        assert_eq!(percent(&profile(), "X. Sample", "Person Sample"), Some(50));
    }

    #[test]
    fn where_the_order_counts_a_turned_name_is_another() {
        let ordered = NameProfile { any_order: false, ..profile() };
        assert_eq!(percent(&ordered, "Person Sample", "Person Sample"), Some(100));
        assert_eq!(percent(&ordered, "Person Sample", "Sample Person"), Some(50));
    }

    #[test]
    fn the_pairs_that_make_the_whole_most_alike_are_taken() {
        // The nearest part alone would take what another part needs.
        assert!(percent(&profile(), "Marta Martha", "Martha Marta") == Some(100));
    }

    #[test]
    fn one_part_is_too_little_where_two_are_needed() {
        assert_eq!(percent(&profile(), "Sample", "Person Sample"), None);
        assert_eq!(percent(&profile(), "von Sample", "Person Sample"), None);
        assert_eq!(percent(&profile(), "...", "Person Sample"), None);
    }

    proptest! {
        #[test]
        fn the_number_is_a_percentage_and_the_same_either_way(a in "[a-cA-C' -]{0,20}", b in "[a-cA-C' -]{0,20}") {
            let one = percent(&profile(), &a, &b);
            prop_assert_eq!(one, percent(&profile(), &b, &a));
            prop_assert!(one.is_none_or(|percent| percent <= 100));
        }

        #[test]
        fn a_name_is_wholly_like_itself(name in "\\PC{0,30}") {
            prop_assert!(percent(&profile(), &name, &name).is_none_or(|percent| percent == 100));
        }
    }
}
