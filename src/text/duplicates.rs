//! Which of many texts are near-duplicates of each other, without comparing each with each.
//!
//! In go texts and a percentage, out come for each text those at least so much like it by [`Shingles::percent`].
//! Candidates are texts whose `MinHash` signatures agree in all rows of one band at least; each is then confirmed exactly,
//! so that no pair is found that is not one. Of `b` bands of `r` rows each, a pair of similarity `s` is a candidate
//! with probability `1 - (1 - s^r)^b`. The rows are the most with which that is 0.99 or more at the percentage asked
//! for, since more rows mean fewer candidates in vain. Sources: A. Broder, “On the resemblance and containment of
//! documents”, SEQUENCES 1997; J. Leskovec, A. Rajaraman, J. Ullman, “Mining of Massive Datasets”, section 3.4.
//!
//! Texts with the same shingles are one class and compared once. Of a class with more candidates than are to be looked
//! at, the first in the order of their shingles are, and it is marked as cut: what is found for it may not be all, and a
//! class that is not cut may be like a cut one that does not say so. All is the same whatever the order of the texts.

use std::collections::BTreeMap;

use minhash_rs::lsh::band_hash;
use minhash_rs::min_hasher::MinHasher;
use minhash_rs::minhash::MinHash;
use rayon::prelude::*;

use super::similar::Shingles;

/// The least part of the pairs that are alike enough which must become candidates.
const RECALL: f64 = 0.99;

/// Hashes of a signature; enough from 4 percent on.
const HASHES: usize = 128;

/// Hashes of a signature for the lowest percentages.
const MANY_HASHES: usize = 512;

/// The near-duplicates among some texts.
#[derive(Debug, PartialEq, Eq)]
pub struct NearDuplicates {
    /// For each text its class; none where it has no words.
    class_of: Vec<Option<usize>>,
    classes: Vec<Class>,
}

/// Texts with the same shingles.
#[derive(Debug, PartialEq, Eq)]
struct Class {
    /// Positions of its texts, ascending.
    texts: Vec<u32>,
    /// The classes like it, itself included, ascending.
    near: Vec<u32>,
    cut: bool,
}

impl NearDuplicates {
    /// The texts of which two are at least `gte` percent (1 to 100) alike, where of each class `most` others are looked at.
    #[must_use]
    pub fn find(texts: &[&str], gte: u32, most: usize) -> Self {
        let (shingles, positions): (Vec<Shingles>, Vec<Vec<u32>>) = alike(texts).into_iter().unzip();
        let gte = gte.clamp(1, 100);
        let index = Index::of(&shingles, gte);
        let near = |class: usize| {
            let (mut near, cut) = index.candidates(class, most);
            near.retain(|other| shingles[class].percent(&shingles[*other as usize]) >= gte);
            near.push(position(class));
            near.sort_unstable();
            (near, cut)
        };
        let found: Vec<(Vec<u32>, bool)> = (0..shingles.len()).into_par_iter().map(near).collect();
        let mut class_of = vec![None; texts.len()];
        for (class, texts) in positions.iter().enumerate() {
            texts.iter().for_each(|text| class_of[*text as usize] = Some(class));
        }
        let classes = positions.into_iter().zip(found).map(|(texts, (near, cut))| Class { texts, near, cut }).collect();
        Self { class_of, classes }
    }

    /// The positions of the texts like a text, itself included, ascending; none where it has no words. The list is as
    /// long as there are such texts: who asks for all of many equal texts asks once for each [`Self::class`].
    #[must_use]
    pub fn of(&self, text: usize) -> Vec<u32> {
        let near = self.class_at(text).into_iter().flat_map(|class| &class.near);
        let mut texts: Vec<u32> = near.flat_map(|near| &self.classes[*near as usize].texts).copied().collect();
        texts.sort_unstable();
        texts
    }

    /// A number that texts have in common for which [`Self::of`] is the same because their shingles are; none where a
    /// text has no words. It does not depend on the order of the texts.
    #[must_use]
    pub fn class(&self, text: usize) -> Option<usize> {
        self.class_of.get(text).copied().flatten()
    }

    /// Whether more texts were candidates for a text than were looked at.
    #[must_use]
    pub fn is_cut(&self, text: usize) -> bool {
        self.class_at(text).is_some_and(|class| class.cut)
    }

    fn class_at(&self, text: usize) -> Option<&Class> {
        self.class(text).and_then(|class| self.classes.get(class))
    }
}

fn position(at: usize) -> u32 {
    u32::try_from(at).expect("fewer texts than a table has rows, which are counted in 32 bits")
}

/// The positions of texts by what they say; texts without words are left out. Equal texts are cut into words once.
fn alike(texts: &[&str]) -> BTreeMap<Shingles, Vec<u32>> {
    let mut by_text: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (at, text) in texts.iter().enumerate() {
        by_text.entry(text).or_default().push(position(at));
    }
    let shingled: Vec<(Shingles, Vec<u32>)> =
        by_text.into_par_iter().map(|(text, positions)| (Shingles::of(text), positions)).collect();
    let mut classes: BTreeMap<Shingles, Vec<u32>> = BTreeMap::new();
    for (shingles, positions) in shingled.into_iter().filter(|(shingles, _)| !shingles.is_empty()) {
        classes.entry(shingles).or_default().extend(positions);
    }
    classes.values_mut().for_each(|positions| positions.sort_unstable());
    classes
}

/// The probability that a pair of this similarity is a candidate.
fn recall(hashes: usize, rows: usize, gte: u32) -> f64 {
    // Multiplied out: `powi` may differ from machine to machine.
    let power = |of: f64, times: usize| (0..times).fold(1.0, |product, _| product * of);
    1.0 - power(1.0 - power(f64::from(gte) / 100.0, rows), hashes / rows)
}

/// The most rows of a band with which enough pairs become candidates; none where so few hashes are not enough.
fn rows(hashes: usize, gte: u32) -> Option<usize> {
    (1..=hashes).rev().find(|rows| recall(hashes, *rows, gte) >= RECALL)
}

/// The hash of each band of the signature.
fn bands<const HASHES: usize>(shingles: &Shingles, rows: usize) -> Vec<u64> {
    let mut signature = MinHash::<u64, HASHES>::new();
    for hash in shingles.hashes() {
        // The library hashes the bytes as they lie in memory.
        signature.insert(hash.to_le());
    }
    signature.as_words().chunks_exact(rows).map(band_hash).collect()
}

/// Classes by the bands of their signatures.
struct Index {
    /// For each class the hash of each band.
    bands: Vec<Vec<u64>>,
    /// For each band the classes by its hash, in order.
    tables: Vec<Vec<(u64, u32)>>,
}

impl Index {
    fn of(shingles: &[Shingles], gte: u32) -> Self {
        let bands: Vec<Vec<u64>> = match rows(HASHES, gte) {
            Some(rows) => shingles.par_iter().map(|shingles| bands::<HASHES>(shingles, rows)).collect(),
            None => {
                let rows = rows(MANY_HASHES, gte).unwrap_or(1);
                shingles.par_iter().map(|shingles| bands::<MANY_HASHES>(shingles, rows)).collect()
            }
        };
        let table = |band: usize| {
            let mut table: Vec<(u64, u32)> =
                bands.iter().enumerate().map(|(class, bands)| (bands[band], position(class))).collect();
            table.sort_unstable();
            table
        };
        let tables = (0..bands.first().map_or(0, Vec::len)).into_par_iter().map(table).collect();
        Self { bands, tables }
    }

    /// The first `most` of the other classes that have a band in common with this, and whether there are more.
    fn candidates(&self, class: usize, most: usize) -> (Vec<u32>, bool) {
        let own = position(class);
        let mut candidates = vec![];
        for (table, band) in self.tables.iter().zip(&self.bands[class]) {
            let bucket = &table[table.partition_point(|(other, _)| other < band)..];
            let others = bucket.iter().take_while(|(other, _)| other == band).map(|(_, class)| *class);
            // The first of all are among the first of each; one more tells whether there are more.
            candidates.extend(others.filter(|other| *other != own).take(most.saturating_add(1)));
        }
        candidates.sort_unstable();
        candidates.dedup();
        let cut = candidates.len() > most;
        candidates.truncate(most);
        (candidates, cut)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn find(texts: &[String], gte: u32, most: usize) -> NearDuplicates {
        NearDuplicates::find(&texts.iter().map(String::as_str).collect::<Vec<_>>(), gte, most)
    }

    /// Numbers without end from a fixed start (Knuth's MMIX generator).
    fn numbers(mut state: u64) -> impl FnMut(u64) -> u64 {
        move |below| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % below
        }
    }

    /// Pairs of texts of 40 to 100 words, of which the second has some words changed.
    fn pairs(count: usize) -> Vec<[String; 2]> {
        let mut number = numbers(17);
        let mut pair = |_| {
            let own: Vec<String> = (0..40 + number(61)).map(|_| format!("w{}", number(1_000_000))).collect();
            let mut other = own.clone();
            for _ in 0..number(20) {
                let at = usize::try_from(number(own.len() as u64)).expect("a small number");
                other[at] = format!("x{}", number(1_000_000));
            }
            [own.join(" "), other.join(" ")]
        };
        (0..count).map(&mut pair).collect()
    }

    #[test]
    fn rows_are_chosen_so_that_every_percentage_reaches_the_recall() {
        for gte in 1..=100 {
            let (hashes, rows) =
                rows(HASHES, gte).map_or((MANY_HASHES, rows(MANY_HASHES, gte)), |rows| (HASHES, Some(rows)));
            assert!(recall(hashes, rows.expect("rows"), gte) >= RECALL, "{gte}");
        }
        assert_eq!((rows(HASHES, 80), rows(HASHES, 4), rows(HASHES, 3)), (Some(6), Some(1), None));
    }

    #[test]
    fn of_a_hundred_pairs_that_are_alike_enough_at_most_one_is_missed() {
        let pairs = pairs(1500);
        for gte in [20, 50, 80] {
            let alike = |[a, b]: &&[String; 2]| (gte..gte + 12).contains(&Shingles::of(a).percent(&Shingles::of(b)));
            let alike: Vec<&[String; 2]> = pairs.iter().filter(alike).collect();
            let found = alike.iter().filter(|pair| find(&pair[..], gte, 10).of(0) == [0, 1]).count();
            assert!(alike.len() >= 100, "{gte}: only {} pairs to try", alike.len());
            assert!(found * 100 >= alike.len() * 99, "{gte}: {found} of {}", alike.len());
        }
    }

    #[test]
    fn equal_texts_and_texts_without_words_are_told_apart() {
        let found =
            NearDuplicates::find(&["One two three four", "", "one TWO three four!", "five six seven", "-"], 80, 9);
        assert_eq!([0, 1, 2, 3, 4].map(|at| found.of(at)), [vec![0, 2], vec![], vec![0, 2], vec![3], vec![]]);
        assert_eq!(found.class(0), found.class(2));
        assert_eq!((found.class(1), found.of(5), found.is_cut(5)), (None, vec![], false));
    }

    #[test]
    fn a_hub_is_looked_at_only_so_far_and_says_so() {
        let letter = |number: usize| {
            format!(
                "between the first of may and today person{number} took part in fraud in city{number} with others not known"
            )
        };
        let mut texts: Vec<String> = (0..400).map(letter).collect();
        texts.push("something else altogether was said".to_owned());
        let found = find(&texts, 20, 25);
        assert!((0..400).all(|at| found.is_cut(at) && found.of(at).len() <= 26));
        assert!((0..400).all(|at| found.of(at).len() > 13), "most candidates in a hub are alike");
        assert_eq!((found.of(400), found.is_cut(400)), (vec![400], false));
    }

    #[test]
    fn many_equal_texts_are_one_class_and_not_cut() {
        let found = find(&vec!["the same words over and over".to_owned(); 3000], 80, 1);
        assert_eq!((found.of(7).len(), found.is_cut(7), found.classes.len()), (3000, false, 1));
    }

    fn texts() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec("([a-b] ){0,7}", 0..14)
    }

    proptest! {
        #[test]
        fn what_is_found_is_alike_and_seen_from_both_sides(texts in texts(), gte in 1_u32..=100) {
            let found = find(&texts, gte, texts.len());
            let shingles: Vec<Shingles> = texts.iter().map(|text| Shingles::of(text)).collect();
            for (at, own) in shingles.iter().enumerate() {
                prop_assert!(!found.is_cut(at));
                for (other, its) in shingles.iter().enumerate() {
                    let near = found.of(at).contains(&position(other));
                    prop_assert!(!near || own.percent(its) >= gte);
                    prop_assert_eq!(near, found.of(other).contains(&position(at)));
                    // Only a pair that shares no band is missed, and equal ones share all.
                    prop_assert!(near || own.percent(its) < 100);
                }
            }
        }

        #[test]
        fn order_makes_no_difference(
            (texts, order) in texts().prop_flat_map(|texts| {
                let order: Vec<usize> = (0..texts.len()).collect();
                (Just(texts), Just(order).prop_shuffle())
            }),
            most in 0_usize..6,
        ) {
            let turned: Vec<String> = order.iter().map(|at| texts[*at].clone()).collect();
            let (found, again) = (find(&texts, 30, most), find(&turned, 30, most));
            for (at, from) in order.iter().enumerate() {
                let mut near: Vec<u32> = again.of(at).into_iter().map(|at| position(order[at as usize])).collect();
                near.sort_unstable();
                prop_assert_eq!(near, found.of(*from));
                prop_assert_eq!(again.is_cut(at), found.is_cut(*from));
            }
        }
    }
}
