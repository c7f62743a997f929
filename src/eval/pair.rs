//! Which record has which label. Nothing is left aside in silence: records without a label and labels without a record are
//! named.

use std::collections::BTreeSet;

use super::label::Label;
use super::labels::Labels;
use crate::engine::{Kept, Scan};
use crate::ingest::Ledger;
use crate::record::{Field, Row as _, Value};

/// A labelled record: its place in a scan that kept all records, and that of its label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pair {
    /// The chunk.
    pub(super) chunk: usize,
    /// The row in it.
    pub(super) row: usize,
    /// The label in [`Labels::all`].
    pub(super) label: usize,
}

/// What was read: records are those labelled and those not, labels are those with a record and those without.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Account {
    /// Records.
    pub records: u64,
    /// Those that have a label.
    pub labelled: u64,
    /// Those that have none: their ids, or where they stand.
    pub unlabelled: Vec<String>,
    /// Labels.
    pub labels: u64,
    /// Those that name a record.
    pub used: u64,
    /// Those that name none: the ids they name.
    pub without_record: Vec<String>,
    /// Records that have the id of another labelled one, which says something else; each is held against the label.
    pub same_id: u64,
    /// Labelled records by label, in the order of [`Label::ALL`].
    pub by_label: [u64; 4],
}

/// Finds the label of each record, and gives the labelled ones in the order of their ids.
pub(super) fn pair(scan: &Scan, ledgers: &[Ledger], labels: &Labels) -> (Vec<Pair>, Account) {
    let mut pairs = vec![];
    let mut account = Account { labels: number(labels.all.len()), ..Account::default() };
    for (chunk, kept) in scan.chunks.iter().enumerate() {
        let columns = kept.table.columns();
        for row in 0..kept.judged.len() {
            account.records += 1;
            let view = columns.row(row);
            let id = match view.cell(Field::RECORD_ID, 0) {
                Ok(Value::Text(id)) => Some(id),
                _ => None,
            };
            match id.and_then(|id| labels.position(id)) {
                Some(label) => pairs.push(Pair { chunk, row, label }),
                None => account.unlabelled.push(id.map_or_else(|| place(kept, row, ledgers), str::to_owned)),
            }
        }
    }
    pairs.sort_by_key(|pair| (pair.label, pair.chunk, pair.row));
    let used: BTreeSet<usize> = pairs.iter().map(|pair| pair.label).collect();
    account.labelled = number(pairs.len());
    account.used = number(used.len());
    account.same_id = account.labelled - account.used;
    for pair in &pairs {
        account.by_label[labels.all[pair.label].label as usize] += 1;
    }
    let unused = labels.all.iter().enumerate().filter(|(at, _)| !used.contains(at));
    account.without_record = unused.map(|(_, labelled)| labelled.record_id.clone()).collect();
    account.unlabelled.sort_unstable();
    debug_assert_eq!(account.by_label.len(), Label::ALL.len());
    (pairs, account)
}

/// Where a record without an id stands.
fn place(kept: &Kept, row: usize, ledgers: &[Ledger]) -> String {
    let file = ledgers.get(kept.input).map_or("", |ledger| ledger.file.as_str());
    format!("{file}, line {}", kept.table.origin(row).map_or(0, |origin| origin.line))
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
