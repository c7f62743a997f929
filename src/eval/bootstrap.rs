//! How far figures could be otherwise with other records of the same kind: the percentile bootstrap of Efron and Tibshirani,
//! *An Introduction to the Bootstrap*, 1993, section 13.3.
//!
//! A resample draws as many records as there are, with replacement, from the whole labelled set; the interval of a figure
//! runs from the 2.5th to the 97.5th percentile of its values (nearest rank). Resamples in which the figure cannot be
//! computed are left out; where that are more than half of them there is no interval. Each resample has a random sequence of
//! its own, so the result does not depend on the number of threads. The same points in the same order give the same
//! resamples, so two rule sets over one set of records are compared on the same ones.
//!
//! An interval says how much the choice of records matters. It says nothing of labels that are wrong, or of a set that is
//! unlike the records that will come.

use rayon::prelude::*;

use super::confusion::{Confusion, Point};
use super::metric::Metric;
use super::random::Random;
use super::ratio::{Decimal, Ratio};

/// How often to draw, and from which seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    /// How many resamples; with none there are no intervals.
    pub resamples: u32,
    /// The seed.
    pub seed: u64,
}

/// Where 95 of 100 resamples lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// The 2.5th percentile.
    pub low: Decimal,
    /// The 97.5th percentile.
    pub high: Decimal,
    /// How many resamples the figure could be computed in.
    pub resamples: usize,
}

/// The interval of each figure, in the order of `metrics`; none where it cannot be computed.
#[must_use]
pub fn intervals(points: &[Point], metrics: &[Metric], how: Resampling) -> Vec<Option<Interval>> {
    let one = |at: u32| {
        let confusion = resample(points, Random::part(how.seed, at.into()));
        metrics.iter().map(|metric| metric.of(&confusion).ok().map(Ratio::decimal)).collect::<Vec<_>>()
    };
    let drawn: Vec<Vec<Option<Decimal>>> = (0..how.resamples).into_par_iter().map(one).collect();
    let values = |at: usize| drawn.iter().filter_map(|values| values[at]).collect();
    (0..metrics.len()).map(|at| interval(values(at), drawn.len())).collect()
}

fn resample(points: &[Point], mut random: Random) -> Confusion {
    let end = u64::try_from(points.len()).unwrap_or(u64::MAX);
    let draw = |_| usize::try_from(random.below(end)).ok().and_then(|at| points.get(at));
    Confusion::of((0..points.len()).filter_map(draw))
}

fn interval(mut values: Vec<Decimal>, drawn: usize) -> Option<Interval> {
    if values.is_empty() || values.len() * 2 < drawn {
        return None;
    }
    values.sort_unstable();
    let nearest_rank =
        |permille: usize| values.get((values.len() * permille).div_ceil(1000).saturating_sub(1)).copied();
    Some(Interval { low: nearest_rank(25)?, high: nearest_rank(975)?, resamples: values.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_leaves_out_one_in_forty_on_each_side() {
        let values: Vec<Decimal> = (1..=1000).rev().map(Decimal).collect();
        let found = interval(values, 1000).expect("an interval");
        assert_eq!((found.low, found.high, found.resamples), (Decimal(25), Decimal(975), 1000));
        assert_eq!(interval(vec![Decimal::ONE; 499], 1000), None, "too few could be computed");
        assert_eq!(interval(vec![], 0), None);
    }
}
