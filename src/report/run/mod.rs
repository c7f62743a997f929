//! What a run was: enough to do it again and to see whether the same comes out. It holds no host, and of the clock only the
//! day on which records were read and judged, so that equal runs have equal records.

mod rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::engine::{Lapsed, Outcome, Scan, Tally};
use crate::ingest::Ledger;
use crate::rule::{Ground, RuleSet};

pub use rules::{Base, ListVersion, Override, RuleVersion, Rules};

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
    /// Suppressions that did not reach what they were written for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lapsed: Vec<LapsedFilter>,
    /// Number of records.
    pub records: u64,
    /// Number of records by outcome.
    pub outcomes: BTreeMap<String, u64>,
    /// Number of records by ground.
    pub grounds: BTreeMap<String, u64>,
    /// The files that were written.
    pub outputs: Vec<Output>,
}

/// The record of several runs over one reading, each by a rule set of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Runs {
    /// The version of the shape.
    pub schema_version: u32,
    /// The records of the runs, each in the folder of its rule set: `strict/run.json`.
    pub runs: Vec<Output>,
}

/// What a `run.json` can hold.
#[derive(Debug, Clone)]
pub enum Record {
    /// One run.
    One(Box<Run>),
    /// Several, side by side.
    Several(Runs),
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// Where the text is no record of either kind.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        match serde_json::from_str(text) {
            Ok(runs) => Ok(Self::Several(runs)),
            Err(_) => serde_json::from_str(text).map(|run| Self::One(Box::new(run))),
        }
    }

    /// The version of the shape.
    #[must_use]
    pub fn schema_version(&self) -> u32 {
        match self {
            Self::One(run) => run.schema_version,
            Self::Several(runs) => runs.schema_version,
        }
    }
}

impl Runs {
    /// The folders of the runs. A name that would lead elsewhere is none.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        let folders = self.runs.iter().filter_map(|run| run.file.strip_suffix("/run.json"));
        folders.filter(|name| !matches!(*name, "" | "." | "..") && !name.contains(['/', '\\']))
    }
}

/// The program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Engine {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
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
    /// The rule set, where it was chosen by name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ruleset: Option<String>,
    /// Patterns of the only rules that count, if there are any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rule: Vec<String>,
    /// Patterns of rules that do not count.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
    /// The statuses that count, where the rule set was not left to say it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<String>,
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
    /// It held, and was suppressed after a review.
    #[serde(default)]
    pub suppressed: u64,
}

/// A suppression that did not reach verdicts it was written for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LapsedFilter {
    /// The suppression.
    pub filter: String,
    /// The rule whose yes it did not reach.
    pub rule: String,
    /// Why: `expired`, `evidence_changed` or `not_begun`.
    pub why: String,
    /// In how many records.
    pub records: u64,
    /// The first of them.
    pub record_id: String,
    /// What the verdict rests on there.
    pub evidence_hash: String,
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
            lapsed: scan.lapsed.iter().map(LapsedFilter::of).collect(),
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
        let Tally { yes, no, unknown, not_applicable, suppressed } = tally;
        Self { yes, no, unknown, not_applicable, suppressed }
    }
}

impl LapsedFilter {
    fn of(lapsed: &Lapsed) -> Self {
        Self {
            filter: lapsed.filter.clone(),
            rule: lapsed.rule.clone(),
            why: lapsed.why.word().to_owned(),
            records: lapsed.records,
            record_id: lapsed.record_id.clone(),
            evidence_hash: lapsed.evidence_hash.clone(),
        }
    }
}
