//! Which rows are refused or warned about, and in which words.

use serde_json::Value as Json;

use super::filled::joined;
use super::path::{Object, Path, Seen};
use super::spec::Condition;
use crate::ingest::blanks::key;

/// How much of a value is quoted, in characters.
const QUOTED: usize = 100;

impl Condition {
    pub(super) fn holds(&self, row: &Object) -> bool {
        let is_there = |path: &Path| path.value(row).is_some() || path.find(row).there;
        let other = |path: &Path| {
            path.find(row).seen.into_iter().any(|(_, seen)| match seen {
                Seen::Value(Json::String(text)) if !text.trim().is_empty() => !self.is_not.contains(&key(text)),
                _ => false,
            })
        };
        self.has.iter().all(is_there) && !self.lacks.iter().any(is_there) && self.from.as_ref().is_none_or(other)
    }

    /// The text, with what stands in the row in place of `{key}`.
    pub(super) fn said(&self, row: &Object) -> String {
        let mut said = self.say.clone();
        for path in self.has.iter().chain(&self.from) {
            let mark = format!("{{{}}}", path.name());
            if said.contains(&mark) {
                let value = path.value(row).map(|value| joined(std::slice::from_ref(value))).unwrap_or_default();
                let short: String = value.chars().take(QUOTED).collect();
                said = said.replace(&mark, &short);
            }
        }
        said
    }
}
