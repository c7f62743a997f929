//! The rules of a run: what they were, by hashes, and by which numbers they counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::record::Field;
use crate::report::Bits;
use crate::rule::{Overridden, Profile, Rule, RuleSet};

/// The rules of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// Name of the rule set.
    pub name: String,
    /// Version of the rule set.
    pub version: String,
    /// A hash of all its files.
    pub hash: String,
    /// Rules that count.
    pub active: u64,
    /// Rules that are judged and do not count.
    pub off: u64,
    /// Rules with errors. A scan with such a rule does not run.
    pub failed: u64,
    /// The rule sets that it extends, from the bottom up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bases: Vec<Base>,
    /// The numbers of the score and the outcome, and which rules count, by key.
    #[serde(default)]
    pub profile: BTreeMap<String, String>,
    /// What overrides changed, by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub overrides: BTreeMap<String, Vec<Override>>,
    /// The rules by id.
    pub rules: BTreeMap<String, RuleVersion>,
    /// The lists by name.
    pub lists: BTreeMap<String, ListVersion>,
}

/// A rule as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVersion {
    /// Its revision.
    pub revision: u32,
    /// A hash of its meaning.
    pub hash: String,
}

/// A list as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListVersion {
    /// Its version, where its header says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// The day as of which it is right, where its header says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// A hash of its content.
    pub hash: String,
}

/// A rule set that another one extends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Base {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What an override changed in a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Override {
    /// The rule set that did it.
    pub by: String,
    /// What it changed.
    pub change: String,
    /// Why.
    pub reason: String,
}

impl Rules {
    /// A rule set that was checked without an error.
    #[must_use]
    pub fn of(rules: &RuleSet) -> Self {
        let active = rules.rules.iter().filter(|rule| rule.active).count();
        let number = |count| u64::try_from(count).unwrap_or(u64::MAX);
        let list = |name: &str, hash: &str| {
            let header = rules.list_headers.get(name);
            let (version, as_of) = (header.map(|header| header.version), header.map(|header| header.as_of.to_string()));
            ListVersion { version, as_of, hash: hash.to_owned() }
        };
        let version = |rule: &Rule| RuleVersion { revision: rule.revision, hash: rule.hash.clone() };
        Self {
            name: rules.profile.name.clone(),
            version: rules.profile.version.clone(),
            hash: rules.hash.clone(),
            active: number(active),
            off: number(rules.rules.len() - active),
            failed: 0,
            bases: rules
                .bases
                .iter()
                .map(|(name, version)| Base { name: name.clone(), version: version.clone() })
                .collect(),
            profile: profile(&rules.profile),
            overrides: rules.rules.iter().filter_map(overrides).collect(),
            rules: rules.rules.iter().map(|rule| (rule.id.to_string(), version(rule))).collect(),
            lists: rules.list_hashes.iter().map(|(name, hash)| (name.clone(), list(name, hash))).collect(),
        }
    }
}

impl Override {
    /// An override as it is recorded.
    #[must_use]
    pub fn of(one: &Overridden) -> Self {
        Self { by: one.by.clone(), change: one.change.clone(), reason: one.reason.clone() }
    }
}

fn overrides(rule: &Rule) -> Option<(String, Vec<Override>)> {
    let all: Vec<Override> = rule.overridden.iter().map(Override::of).collect();
    (!all.is_empty()).then(|| (rule.id.to_string(), all))
}

/// The numbers of a profile by key, as they stand in its file.
fn profile(profile: &Profile) -> BTreeMap<String, String> {
    let bits = |millibits: i64| Bits(millibits).to_string();
    let list = |words: Vec<&str>| words.join(", ");
    let kinds = Field::KIND.vocabulary().map(|kinds| kinds.terms).unwrap_or_default();
    let first = profile.queue_first.iter().filter_map(|kind| kinds.get(usize::from(*kind)).copied()).collect();
    let [monitor, review, priority] = profile.bands.map(bits);
    let single = [
        ("statuses", list(profile.statuses.iter().map(|status| status.word()).collect())),
        ("prior_bits", bits(profile.prior)),
        ("damping", bits(profile.damping)),
        ("bands.monitor", monitor),
        ("bands.review", review),
        ("bands.priority", priority),
        ("flag.score_bits", bits(profile.flag_at)),
        ("flag.factors", profile.flag_factors.to_string()),
        ("flag.one_of", list(profile.flag_one_of.iter().map(|factor| factor.word()).collect())),
        ("flag.one_of_bits", bits(profile.flag_one_of_bits)),
        ("partial.rule", profile.partial.rule.as_ref().map(|(id, _)| id.clone()).unwrap_or_default()),
        ("partial.grounds", list(profile.partial.grounds.iter().map(|ground| ground.word()).collect())),
        ("queue.first", list(first)),
    ];
    let strengths = profile.strengths.iter().map(|(step, weight)| (format!("strength.{step}"), bits(*weight)));
    let caps = profile.caps.iter().map(|(factor, cap)| (format!("caps.{}", factor.word()), bits(*cap)));
    single.into_iter().map(|(key, value)| (key.to_owned(), value)).chain(strengths).chain(caps).collect()
}
