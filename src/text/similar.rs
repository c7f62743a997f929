//! Near-duplicate texts.

use super::fold::fold;
use std::collections::BTreeSet;

/// The three-word shingles of a text.
#[derive(Debug, Clone)]
pub struct Shingles(BTreeSet<String>);

impl Shingles {
    /// Of a text.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let folded = fold(text);
        let words: Vec<&str> = folded.split_whitespace().collect();
        Self(if words.len() < 3 {
            words.iter().map(|w| (*w).to_owned()).collect()
        } else {
            words.windows(3).map(|w| w.join(" ")).collect()
        })
    }
    /// How alike.
    #[must_use]
    pub fn percent(&self, other: &Self) -> u32 {
        let both = self.0.intersection(&other.0).count();
        let all = self.0.union(&other.0).count();
        u32::try_from(both * 100 / all.max(1)).unwrap_or(0)
    }
}
