//! Bits as people and programs read them: decimal numbers with one to three digits after the point.

use std::fmt;

use serde::{Serialize, Serializer};

/// A number of bits, held in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bits(pub i64);

impl fmt::Display for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let digits = format!("{:03}", size % 1000);
        let digits = digits.trim_end_matches('0');
        write!(f, "{sign}{}.{}", size / 1000, if digits.is_empty() { "0" } else { digits })
    }
}

impl Serialize for Bits {
    /// The division is rounded correctly, so the shortest decimal that reads back as the same number is the one meant.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / 1000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_short_decimals_for_people_and_programs_alike() {
        assert_eq!(Bits(4600).to_string(), "4.6");
        assert_eq!(Bits(-2000).to_string(), "-2.0");
        assert_eq!(Bits(-5).to_string(), "-0.005");
        for millibits in -20_000..20_000 {
            let bits = Bits(millibits);
            assert_eq!(serde_json::to_string(&bits).ok(), Some(bits.to_string()));
        }
    }
}
