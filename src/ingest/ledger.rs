//! The account of one input: what was read, what became of it, what was not understood. Nothing is dropped in silence.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde::Serialize;

use super::{Detected, FieldOrder, Format, IngestError, Oddity, Packing};
use crate::record::Field;

/// How many names of unknown fields are told apart. A hostile file has another one in each row.
const MOST_NAMES: usize = 1000;
/// Where the unknown fields beyond that are counted.
const OTHER_NAMES: &str = "(other)";
/// How many warnings are kept.
const MOST_WARNINGS: usize = 100;
/// How much of a rejected row is kept, in bytes.
const LONGEST_RAW: usize = 64 * 1024;

/// The account of one input. It is final when its [`super::Reader`] has ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// The input, as it was named.
    pub file: String,
    /// SHA-256 of all bytes read, as they lie in the file, in hexadecimal.
    pub sha256: String,
    /// How many bytes were read.
    pub bytes: u64,
    /// How it is packed, if it is.
    pub packing: Option<Packing>,
    /// The encoding it was read in, if it is text, and what settled it.
    pub encoding: Option<Detected>,
    /// The format that was recognised or given; none if the input could not be opened.
    pub format: Option<Format>,
    /// The profile that was recognised or given; none if the input could not be opened.
    pub profile: Option<String>,
    /// SHA-256 of the profile's text, in hexadecimal; none for a profile that is built in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile_hash: Option<String>,
    /// How the cells of a table are told apart and where its header is, in words.
    pub layout: Option<String>,
    /// Rows read: those accepted, rejected and counted as duplicates.
    pub read: u64,
    /// Rows that became records.
    pub accepted: u64,
    /// Rows that could not be read.
    pub rejected: u64,
    /// Rows that say the same as an earlier one with their id, and are not taken again.
    pub duplicates: u64,
    /// Accepted rows that have the id of an earlier one and say something else.
    pub conflicts: u64,
    /// Keys or columns that are no field, with the number of accepted rows that have them.
    pub ignored_fields: BTreeMap<String, u64>,
    /// Fields with unreadable cells, with the number of these cells.
    pub invalid_cells: BTreeMap<&'static str, u64>,
    /// Signs of trickery or damage, with the number of cells that have them.
    pub oddities: BTreeMap<&'static str, u64>,
    /// How dates were read that name day and month in an order that the text alone does not tell.
    pub date_orders: Vec<FieldOrder>,
    /// What was read and may not be what it seems. The first hundred are kept.
    pub warnings: Vec<Warning>,
    /// How many warnings there were.
    pub warned: u64,
    /// Why the input could not be read to its end, if so.
    pub failure: Option<String>,
}

/// Something that was read and may not be what it seems.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// Line of the row, counted from 1; none where the input as a whole is meant.
    pub line: Option<u64>,
    /// What it is.
    pub text: String,
}

/// A row that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reject {
    /// Line at which the fault is, counted from 1; for formats without lines the row number.
    pub line: u64,
    /// Column of the fault in characters, counted from 1, where there is one.
    pub column: Option<u64>,
    /// What is wrong.
    pub reason: String,
    /// The row as it stood in the input; a very long one is cut and says so.
    pub raw: String,
}

impl Ledger {
    pub(super) fn of(file: String) -> Self {
        Self {
            file,
            sha256: String::new(),
            bytes: 0,
            packing: None,
            encoding: None,
            format: None,
            profile: None,
            profile_hash: None,
            layout: None,
            read: 0,
            accepted: 0,
            rejected: 0,
            duplicates: 0,
            conflicts: 0,
            ignored_fields: BTreeMap::new(),
            invalid_cells: BTreeMap::new(),
            oddities: BTreeMap::new(),
            date_orders: vec![],
            warnings: vec![],
            warned: 0,
            failure: None,
        }
    }

    /// Whether every row that was read is accounted for.
    #[must_use]
    pub fn balances(&self) -> bool {
        self.read == self.accepted + self.rejected + self.duplicates
    }

    /// The account of an input that could not be read.
    pub(super) fn failed(mut self, error: &IngestError) -> Self {
        self.failure = Some(error.to_string());
        self
    }

    /// The name of the format, for people.
    #[must_use]
    pub fn format_name(&self) -> &str {
        self.format.map_or("not read", Format::name)
    }

    /// The name of the profile, for people.
    #[must_use]
    pub fn profile_name(&self) -> &str {
        self.profile.as_deref().unwrap_or("not read")
    }

    /// Enters a warning.
    pub(super) fn warn(&mut self, line: Option<u64>, text: String) {
        self.warned += 1;
        if self.warnings.len() < MOST_WARNINGS {
            self.warnings.push(Warning { line, text });
        }
    }

    /// Enters signs of trickery or damage.
    pub(super) fn note(&mut self, oddities: &[(Oddity, Field)]) {
        for (oddity, _) in oddities {
            *self.oddities.entry(oddity.name()).or_default() += 1;
        }
    }

    /// Enters an accepted row.
    pub(super) fn accept(&mut self, ignored: Vec<String>, invalid: Vec<(Field, u64)>) {
        self.accepted += 1;
        for name in ignored {
            let full = self.ignored_fields.len() >= MOST_NAMES;
            match self.ignored_fields.entry(name) {
                Entry::Occupied(mut rows) => *rows.get_mut() += 1,
                Entry::Vacant(rows) if !full => *rows.insert(0) += 1,
                Entry::Vacant(_) => *self.ignored_fields.entry(OTHER_NAMES.to_owned()).or_default() += 1,
            }
        }
        for (field, cells) in invalid {
            *self.invalid_cells.entry(field.path()).or_default() += cells;
        }
    }
}

impl Reject {
    /// A reject that keeps the row's bytes as text.
    pub(super) fn of(line: u64, column: Option<u64>, reason: String, bytes: &[u8]) -> Self {
        let mut raw = String::from_utf8_lossy(&bytes[..bytes.len().min(LONGEST_RAW)]).into_owned();
        if bytes.len() > LONGEST_RAW {
            raw.push_str(" … (cut)");
        }
        Self { line, column, reason, raw }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_unknown_fields_cannot_fill_the_memory() {
        let mut ledger = Ledger::of("-".into());
        for row in 0..3000 {
            ledger.accept(vec![format!("x{row}")], vec![]);
        }
        assert_eq!(ledger.ignored_fields.len(), MOST_NAMES + 1);
        assert_eq!(ledger.ignored_fields.get(OTHER_NAMES), Some(&2000));
    }

    #[test]
    fn a_long_row_is_cut_and_says_so() {
        let reject = Reject::of(1, None, "too long".into(), &vec![b'x'; LONGEST_RAW + 1]);
        assert!(reject.raw.ends_with("x … (cut)"));
    }
}
