//! What a run was: enough to do it again and to see whether the same comes out. It holds no clock and no host, so that
//! equal runs have equal records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::{Outcome, Scan, Tally};
use crate::ingest::Ledger;
use crate::rule::{Ground, RuleSet};

/// The version of the shape.
pub const SCHEMA_VERSION: u32 = 1;

/// A run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The version of the shape.
    pub schema_version: u32,
    /// The program.
    pub engine: Engine,
    /// The rules.
    pub rule_set: Rules,
    /// The inputs, in order.
    pub inputs: Vec<Input>,
    /// All that decided what the outputs hold.
    pub options: Options,
    /// How often each rule said what.
    pub tallies: BTreeMap<String, Counts>,
    /// Number of records.
    pub records: u64,
    /// Number of records by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// Number of records by ground.
    pub grounds: BTreeMap<String, u64>,
    /// The files that were written.
    pub outputs: Vec<Output>,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

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
    /// The rules by id.
    pub rules: BTreeMap<String, RuleVersion>,
    /// The lists by name.
    pub lists: BTreeMap<String, ListVersion>,
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

/// A rule as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleVersion {
    /// Its revision.
    pub revision: u32,
    /// A hash of its meaning.
    pub hash: String,
}

/// An input as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    /// The file, as it was named.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
    /// Its format.
    pub format: String,
    /// Its profile.
    pub profile: String,
    /// SHA-256 of the profile's text, in hexadecimal; none for a profile that is built in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_hash: Option<String>,
    /// Rows read.
    pub read: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows that did not.
    pub rejected: u64,
    /// Rows that say the same as an earlier one with their id.
    pub duplicates: u64,
    /// Accepted rows with the id of an earlier one that say something else.
    pub conflicts: u64,
    /// Why the input could not be read to its end, if so.
    pub failure: Option<String>,
}

/// The options that decide what the outputs hold. Threads and chunks do not.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Options {
    /// Where the rules are; none for those inside the program.
    pub rules: Option<String>,
    /// The output format.
    pub format: String,
    /// Whether records without an outcome are written too.
    pub all: bool,
    /// Whether CSV texts are left as they are.
    pub raw: bool,
    /// The most cards of a table.
    pub limit: Option<u64>,
    /// How the inputs were read, as far as it was given.
    pub input: serde_json::Map<String, serde_json::Value>,
}

/// How often a rule said what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// It held.
    pub yes: u64,
    /// It did not hold.
    pub no: u64,
    /// A missing value decided.
    pub unknown: u64,
    /// The record was outside its scope.
    pub not_applicable: u64,
}

/// A file that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    /// Its name inside the folder.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// Its length.
    pub bytes: u64,
}

impl Run {
    /// The record of a scan.
    #[must_use]
    pub fn of(rules: &RuleSet, scan: &Scan, ledgers: &[Ledger], options: Options, outputs: Vec<Output>) -> Self {
        let tallies = rules.rules.iter().zip(&scan.tallies);
        let outcomes = Outcome::ALL.iter().zip(scan.outcomes);
        let grounds = Ground::ALL.iter().zip(scan.grounds);
        Self {
            schema_version: SCHEMA_VERSION,
            engine: Engine::this(),
            rule_set: Rules::of(rules),
            inputs: ledgers.iter().map(Input::of).collect(),
            options,
            tallies: tallies.map(|(rule, tally)| (rule.id.to_string(), Counts::of(*tally))).collect(),
            records: scan.records,
            outcomes: outcomes.map(|(outcome, count)| (outcome.word().to_owned(), count)).collect(),
            grounds: grounds.map(|(ground, count)| (ground.word().to_owned(), count)).collect(),
            outputs,
        }
    }
}

impl Engine {
    /// This program.
    #[must_use]
    pub fn this() -> Self {
        Self { name: env!("CARGO_PKG_NAME").to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() }
    }
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
        let version = |rule: &crate::rule::Rule| RuleVersion { revision: rule.revision, hash: rule.hash.clone() };
        Self {
            name: rules.profile.name.clone(),
            version: rules.profile.version.clone(),
            hash: rules.hash.clone(),
            active: number(active),
            off: number(rules.rules.len() - active),
            failed: 0,
            rules: rules.rules.iter().map(|rule| (rule.id.to_string(), version(rule))).collect(),
            lists: rules.list_hashes.iter().map(|(name, hash)| (name.clone(), list(name, hash))).collect(),
        }
    }
}

impl Input {
    fn of(ledger: &Ledger) -> Self {
        Self {
            file: ledger.file.clone(),
            sha256: ledger.sha256.clone(),
            bytes: ledger.bytes,
            format: ledger.format_name().to_owned(),
            profile: ledger.profile_name().to_owned(),
            profile_hash: ledger.profile_hash.clone(),
            read: ledger.read,
            accepted: ledger.accepted,
            rejected: ledger.rejected,
            duplicates: ledger.duplicates,
            conflicts: ledger.conflicts,
            failure: ledger.failure.clone(),
        }
    }
}

impl Counts {
    fn of(tally: Tally) -> Self {
        Self { yes: tally.yes, no: tally.no, unknown: tally.unknown, not_applicable: tally.not_applicable }
    }
}
