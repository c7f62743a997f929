//! Random numbers that are the same on every machine and in every version: SplitMix64 of Steele, Lea and Flood, "Fast
//! splittable pseudorandom number generators" (OOPSLA 2014). Libraries for random numbers keep the right to change what a
//! seed gives; an evaluation may not.

/// A sequence of random numbers.
#[derive(Debug, Clone)]
pub(super) struct Random {
    state: u64,
}

impl Random {
    /// The sequence of a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A sequence of its own for each part of a job, so that parts can be done in any order.
    pub(super) fn part(seed: u64, part: u64) -> Self {
        let mut seeds = Self::new(seed);
        let first = seeds.next();
        Self::new(first ^ Self::new(part).next())
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, each equally likely; 0 where there is none. After Lemire, "Fast random integer generation in
    /// an interval" (2019).
    pub(super) fn below(&mut self, end: u64) -> u64 {
        if end == 0 {
            return 0;
        }
        // So many of the 2^64 numbers would make some results likelier than others.
        let surplus = end.wrapping_neg() % end;
        loop {
            let wide = u128::from(self.next()) * u128::from(end);
            let (high, low) = ((wide >> 64) as u64, wide as u64);
            if low >= surplus {
                return high;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_that_of_the_published_generator() {
        let mut random = Random::new(1_234_567);
        let first: Vec<u64> = (0..5).map(|_| random.next()).collect();
        let published = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!(first, published);
    }

    #[test]
    fn every_number_below_the_end_comes_about_equally_often() {
        let mut often = [0_u32; 7];
        let mut random = Random::part(1, 2);
        for _ in 0..70_000 {
            often[usize::try_from(random.below(7)).expect("a small number")] += 1;
        }
        assert!(often.iter().all(|count| (9_600..=10_400).contains(count)), "{often:?}");
        assert_eq!(random.below(0), 0);
        assert_ne!(Random::part(1, 2).next(), Random::part(1, 3).next());
        assert_ne!(Random::part(1, 2).next(), Random::part(2, 2).next());
    }
}
