//! Figures without floating point: a ratio of whole numbers, and its decimal form, rounded once. So the same counts give the
//! same digits on every machine.

use std::fmt;

use serde::{Serialize, Serializer};

/// Millionths in one.
const ONE: u128 = 1_000_000;

/// A ratio of whole numbers. The whole is not 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ratio {
    /// What is looked at.
    pub part: u128,
    /// Of how much.
    pub whole: u128,
}

impl Ratio {
    /// So many of so many; nothing where there are none.
    #[must_use]
    pub fn of(part: u128, whole: u128) -> Option<Self> {
        (whole > 0).then_some(Self { part, whole })
    }

    /// As a decimal number, a half rounded up.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        let doubled = self.part.saturating_mul(2 * ONE).saturating_add(self.whole);
        Decimal(u64::try_from(doubled / self.whole.saturating_mul(2).max(1)).unwrap_or(u64::MAX))
    }
}

/// A number that is not negative, held in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal(pub u64);

impl Decimal {
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(1_000_000);

    /// With three digits after the point, for people.
    #[must_use]
    pub fn short(self) -> String {
        let thousandths = self.0.saturating_add(500) / 1000;
        format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000)
    }
}

impl Serialize for Decimal {
    /// A text with six digits after the point: other programs round it as they like, and it has one form.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_rounded_once_and_has_one_form() {
        let decimal = |part, whole| Ratio::of(part, whole).map(|ratio| ratio.decimal().to_string());
        assert_eq!(decimal(2, 3).as_deref(), Some("0.666667"));
        assert_eq!(decimal(1, 2_000_000).as_deref(), Some("0.000001"), "a half is rounded up");
        assert_eq!(decimal(7, 2).as_deref(), Some("3.500000"));
        assert_eq!(decimal(1, 0), None);
        assert_eq!((Decimal(999_500).short(), Decimal(999_499).short()), ("1.000".to_owned(), "0.999".to_owned()));
    }
}
