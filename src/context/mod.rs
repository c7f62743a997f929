//! Context tables: dated facts about countries, words or texts, such as a figure for each country and year.
//!
//! In goes a CSV file with its header, out comes a [`ContextTable`] and what is wrong with it. A table is read as of a
//! date, which the caller names; it has no notion of today. Rows of one key never overlap, so that a day has one answer.
//! What a table does not carry is not known: it is never a value of its own.

mod decimal;
mod header;
mod import;
mod rows;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use decimal::Decimal;
pub(crate) use header::shape;
pub use header::{ColumnType, KeyType, TableColumn, TableHeader};
pub use import::{Account, ImportError, Imported, Order, Publisher, Refused, Validity, import, publishers};
pub use rows::parse_table;

use crate::record::{PartialDate, Value};
use crate::text::fold;

/// The first columns of a table, before those with values, and the last one.
pub const TABLE_COLUMNS: [&str; 3] = ["key", "valid_from", "valid_to"];
/// The column that says where a row is from.
pub const SOURCE_COLUMN: &str = "source";
/// The column that is meant where none is named.
pub const VALUE_COLUMN: &str = "value";

/// Every day there is: what a date may be that is not known.
pub const ANY_DAY: PartialDate = PartialDate { first: i32::MIN, last: i32::MAX };

/// What a table is asked for by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum TableKey {
    Country(u32),
    Term(u8),
    Text(String),
}

impl TableKey {
    fn of(value: Value<&str>) -> Option<Self> {
        match value {
            Value::Country(country) => Some(Self::Country(country.packed())),
            Value::Term(term) => Some(Self::Term(term)),
            Value::Text(text) => Some(Self::Text(fold(text.trim()).into_owned())),
            _ => None,
        }
    }
}

/// A value of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A number.
    Number(Decimal),
    /// A text, folded as texts of records are when they are compared.
    Text(String),
    /// Yes or no.
    Flag(bool),
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableRow {
    /// From when it counts; `None` for ever before.
    pub valid_from: Option<PartialDate>,
    /// Until when it counts; `None` for ever after.
    pub valid_to: Option<PartialDate>,
    /// A cell for each column: what it means and how it is written. Empty cells are `None`.
    pub cells: Vec<Option<(Figure, String)>>,
    /// Where it is from, where it says so itself.
    pub source: Option<Arc<str>>,
}

impl TableRow {
    fn first(&self) -> i32 {
        self.valid_from.map_or(ANY_DAY.first, |date| date.first)
    }

    fn last(&self) -> i32 {
        self.valid_to.map_or(ANY_DAY.last, |date| date.last)
    }

    /// When it counts, in words: `2001-10-01 to 2002-09-30`.
    #[must_use]
    pub fn period(&self) -> String {
        let day = |day: i32| PartialDate { first: day, last: day };
        match (self.valid_from.map(|date| day(date.first)), self.valid_to.map(|date| day(date.last))) {
            (Some(from), Some(to)) => format!("{from} to {to}"),
            (Some(from), None) => format!("from {from}"),
            (None, Some(to)) => format!("until {to}"),
            (None, None) => "at all times".to_owned(),
        }
    }
}

/// A table of facts that hold for a time.
pub struct ContextTable {
    /// The name that rules use: `context/wgi`.
    pub name: Arc<str>,
    /// What is said of it as a whole.
    pub header: TableHeader,
    /// The rows of each key, in order of time, never two on one day.
    rows: BTreeMap<TableKey, Vec<TableRow>>,
    /// Whether it matters when it is asked.
    dated: bool,
}

impl std::fmt::Debug for ContextTable {
    /// By its name, which stands for it: rules that ask the same table ask the same.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("ContextTable").field(&self.name).finish()
    }
}

/// What a table says of a key in a time.
#[derive(Debug, Clone, Copy)]
pub struct AsOf<'a> {
    /// The rows that count on one of the days.
    pub rows: &'a [TableRow],
    /// Whether there is a row for every day.
    pub whole: bool,
}

impl ContextTable {
    /// The rows for a key that count on one of the days that a date may mean.
    #[must_use]
    pub fn as_of(&self, key: Value<&str>, when: PartialDate) -> AsOf<'_> {
        let all = TableKey::of(key).and_then(|key| self.rows.get(&key)).map_or(&[][..], Vec::as_slice);
        let begin = all.partition_point(|row| row.last() < when.first);
        let end = all.partition_point(|row| row.first() <= when.last);
        let rows = all.get(begin..end).unwrap_or(&[]);
        AsOf { rows, whole: covers(rows, when) }
    }

    /// Whether it matters when it is asked.
    #[must_use]
    pub fn is_dated(&self) -> bool {
        self.dated
    }

    /// The position of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.header.columns.iter().position(|column| &*column.name == name)
    }

    /// How many keys and rows it has.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.rows.len(), self.rows.values().map(Vec::len).sum())
    }
}

/// Whether rows, in order of time, leave no day without one.
fn covers(rows: &[TableRow], when: PartialDate) -> bool {
    let mut next = Some(when.first);
    for row in rows {
        if next.is_none_or(|next| row.first() > next) {
            return false;
        }
        next = row.last().checked_add(1);
        if row.last() >= when.last {
            return true;
        }
    }
    false
}

/// All tables of a rule set, by name.
#[derive(Debug, Default)]
pub struct ContextTables {
    /// `None` for a table that is there and could not be read.
    tables: BTreeMap<Arc<str>, Option<Arc<ContextTable>>>,
}

impl ContextTables {
    /// A table by name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<ContextTable>> {
        self.tables.get(name)?.as_ref()
    }

    /// Whether a table of that name is there and could not be read, which was reported.
    #[must_use]
    pub fn is_unread(&self, name: &str) -> bool {
        matches!(self.tables.get(name), Some(None))
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.tables.keys().map(|name| &**name)
    }

    /// Adds the name of a table that could not be read.
    pub fn insert_unread(&mut self, name: &str) {
        self.tables.insert(Arc::from(name), None);
    }

    /// Adds a table.
    pub fn insert(&mut self, table: ContextTable) {
        self.tables.insert(Arc::clone(&table.name), Some(Arc::new(table)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(from: &str, to: &str) -> TableRow {
        let date = |text: &str| (!text.is_empty()).then(|| PartialDate::parse(text).expect("a date"));
        TableRow { valid_from: date(from), valid_to: date(to), cells: vec![], source: None }
    }

    #[test]
    fn every_day_must_have_a_row() {
        let when = |text: &str| PartialDate::parse(text).expect("a date");
        let rows = [row("2010", "2014-06-30"), row("2014-07-01", "2015")];
        assert!(covers(&rows, when("2014")) && covers(&rows, when("2014-06-30")) && covers(&rows[..1], when("2011")));
        assert!(!covers(&rows, when("2009")) && !covers(&rows[..1], when("2014")) && !covers(&[], when("2014")));
        let gap = [row("2010", "2014-06-29"), row("2014-07-01", "2015")];
        assert!(!covers(&gap, when("2014-06-30")) && !covers(&gap, when("2014")));
        assert!(covers(&[row("", "")], ANY_DAY) && !covers(&[row("2010", "")], ANY_DAY));
    }
}
