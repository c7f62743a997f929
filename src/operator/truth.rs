//! Strong Kleene logic, for one record and for a column of records.

/// Yes, no, or not known. The order is the order of Kleene's `and` (the least decides) and `or` (the greatest decides).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    No,
    /// A missing value decides.
    Unknown,
    /// It holds.
    Yes,
}

impl Truth {
    /// Yes where it holds, no where it does not.
    #[must_use]
    pub fn of(holds: bool) -> Self {
        if holds { Self::Yes } else { Self::No }
    }

    /// Yes where all of a range holds, no where none does, else unknown.
    #[must_use]
    pub fn between(all: bool, none: bool) -> Self {
        match (all, none) {
            (true, _) => Self::Yes,
            (_, true) => Self::No,
            _ => Self::Unknown,
        }
    }

    /// The name used in rules and output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Unknown => "unknown",
        }
    }

    /// Kleene's and of the given; stops at the first no.
    pub fn all(of: impl Iterator<Item = Self>) -> Self {
        let mut least = Self::Yes;
        for truth in of {
            least = least.min(truth);
            if least == Self::No {
                break;
            }
        }
        least
    }

    /// Kleene's or of the given; stops at the first yes.
    pub fn any(of: impl Iterator<Item = Self>) -> Self {
        !Self::all(of.map(|truth| !truth))
    }

    /// At least `wanted` of the given: yes where so many are yes, no where too many are no, else unknown.
    pub fn at_least(wanted: usize, of: impl Iterator<Item = Self>) -> Self {
        let (mut yes, mut possible) = (0, 0);
        for truth in of {
            yes += usize::from(truth == Self::Yes);
            possible += usize::from(truth != Self::No);
        }
        Self::between(yes >= wanted, possible < wanted)
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::Unknown => Self::Unknown,
            Self::No => Self::Yes,
        }
    }
}

/// A truth for each of many rows or cells, as bitmaps. `open` marks the unknown ones for which some missing value is one
/// the source could have given: blank, withheld, unreadable or imprecise, not merely a field it never carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mask {
    len: usize,
    yes: Vec<u64>,
    no: Vec<u64>,
    open: Vec<u64>,
}

impl Mask {
    /// The same truth everywhere, unknown ones not open.
    #[must_use]
    pub fn all(len: usize, truth: Truth) -> Self {
        let words = len.div_ceil(64);
        let full = |on: bool| if on { vec![u64::MAX; words] } else { vec![0; words] };
        Self { len, yes: full(truth == Truth::Yes), no: full(truth == Truth::No), open: vec![0; words] }
    }

    /// How many rows or cells.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The truth at a position.
    #[must_use]
    pub fn get(&self, at: usize) -> Truth {
        let (word, bit) = (at / 64, 1 << (at % 64));
        Truth::between(self.yes[word] & bit != 0, self.no[word] & bit != 0)
    }

    /// Whether the position is unknown and open.
    #[must_use]
    pub fn is_open(&self, at: usize) -> bool {
        self.open[at / 64] & (1 << (at % 64)) != 0
    }

    /// Sets the truth at a position.
    pub fn set(&mut self, at: usize, truth: Truth, open: bool) {
        let (word, bit) = (at / 64, 1 << (at % 64));
        for (bits, on) in [
            (&mut self.yes, truth == Truth::Yes),
            (&mut self.no, truth == Truth::No),
            (&mut self.open, truth == Truth::Unknown && open),
        ] {
            if on {
                bits[word] |= bit;
            } else {
                bits[word] &= !bit;
            }
        }
    }

    /// Kleene's and.
    pub fn and(&mut self, other: &Self) {
        for word in 0..self.yes.len() {
            let yes = self.yes[word] & other.yes[word];
            let no = self.no[word] | other.no[word];
            self.open[word] = (self.open[word] | other.open[word]) & !yes & !no;
            self.yes[word] = yes;
            self.no[word] = no;
        }
    }

    /// Kleene's or.
    pub fn or(&mut self, other: &Self) {
        for word in 0..self.yes.len() {
            let yes = self.yes[word] | other.yes[word];
            let no = self.no[word] & other.no[word];
            self.open[word] = (self.open[word] | other.open[word]) & !yes & !no;
            self.yes[word] = yes;
            self.no[word] = no;
        }
    }

    /// Kleene's not.
    pub fn negate(&mut self) {
        std::mem::swap(&mut self.yes, &mut self.no);
    }

    /// Unknown counts as no.
    pub fn assume_no(&mut self) {
        for (no, yes) in self.no.iter_mut().zip(&self.yes) {
            *no = !yes;
        }
        self.open.fill(0);
    }

    /// At least `wanted` of the masks, position by position.
    #[must_use]
    pub fn at_least(len: usize, wanted: usize, of: &[Self]) -> Self {
        let mut result = Self::all(len, Truth::Unknown);
        for at in 0..len {
            let truth = Truth::at_least(wanted, of.iter().map(|mask| mask.get(at)));
            result.set(at, truth, of.iter().any(|mask| mask.is_open(at)));
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Truth; 3] = [Truth::No, Truth::Unknown, Truth::Yes];

    #[test]
    fn masks_agree_with_single_truths() {
        for a in ALL {
            for b in ALL {
                let (mut and, mut or, mut not) = (Mask::all(70, a), Mask::all(70, a), Mask::all(70, a));
                and.and(&Mask::all(70, b));
                or.or(&Mask::all(70, b));
                not.negate();
                assert_eq!((and.get(69), or.get(69), not.get(69)), (a.min(b), a.max(b), !a));
                let two = Mask::at_least(70, 2, &[Mask::all(70, a), Mask::all(70, b)]);
                assert_eq!(two.get(69), a.min(b));
            }
        }
    }

    #[test]
    fn a_decided_position_is_never_open() {
        let mut unknown = Mask::all(1, Truth::Unknown);
        unknown.set(0, Truth::Unknown, true);
        let mut decided = unknown.clone();
        decided.or(&Mask::all(1, Truth::Yes));
        assert!(unknown.is_open(0) && !decided.is_open(0));
    }
}
