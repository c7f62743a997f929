//! Which rules of a set count in one run. A selection changes no rule: what is left out is judged, shown as off and counts
//! for nothing, so that rules that build on it say the same.

use super::condition::fits;
use super::{RuleSet, Status};

/// A selection of rules; the empty one leaves everything to the rule set. In patterns `*` stands for anything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only rules whose id fits one of these count, if there is any.
    pub only: Vec<String>,
    /// Rules whose id fits one of these do not count.
    pub skip: Vec<String>,
    /// Rules of these statuses count, in place of those that the rule set names, if there is any.
    pub statuses: Vec<Status>,
}

impl Selection {
    /// Whether it selects nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The patterns, as they were given.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.only.iter().chain(&self.skip).map(String::as_str)
    }

    fn has(&self, id: &str) -> bool {
        let among = |patterns: &[String]| patterns.iter().any(|pattern| fits(pattern, id));
        (self.only.is_empty() || among(&self.only)) && !among(&self.skip)
    }
}

impl RuleSet {
    /// Whether a pattern fits the id of any rule.
    #[must_use]
    pub fn has(&self, pattern: &str) -> bool {
        self.rules.iter().any(|rule| fits(pattern, &rule.id))
    }

    /// Lets only the selected rules count, as far as they are not turned off.
    pub fn select(&mut self, selection: &Selection) {
        if !selection.statuses.is_empty() {
            self.profile.statuses.clone_from(&selection.statuses);
        }
        for rule in &mut self.rules {
            rule.active = !rule.off && self.profile.statuses.contains(&rule.status) && selection.has(&rule.id);
        }
        self.weigh();
    }
}
