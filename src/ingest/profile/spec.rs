//! A profile as checked: its TOML read key by key, its fields and paths resolved, its words known to fit. What is wrong is
//! reported with its place; a profile with an error is not used.

use serde_json::Value as Json;

use super::path::Path;
use super::read;
use super::target::Target;
use crate::diag::{Diagnostics, SourceId};
use crate::ingest::ReadOptions;
use crate::record::{DayOrder, Field};

/// A profile as checked.
#[derive(Debug, Clone, Default)]
pub(in crate::ingest) struct Spec {
    pub(in crate::ingest) name: String,
    /// Keys that tell the layout: any of these sets, all of its keys.
    pub(super) recognise: Vec<Vec<String>>,
    /// Whether keys and columns that no map names are taken by their names.
    pub(super) rest: bool,
    /// Whole cells that mean nothing is there, folded.
    pub(super) blank: Vec<String>,
    /// Whole cells that mean redaction, folded.
    pub(super) withheld: Vec<String>,
    pub(super) carried: Vec<Field>,
    pub(super) date_order: Option<DayOrder>,
    pub(super) ignore: Vec<Path>,
    pub(super) unpack: Vec<Path>,
    /// What is so of every record of the source.
    pub(super) set: Vec<(Field, Json)>,
    pub(super) maps: Vec<Map>,
    pub(super) keep: Vec<Keep>,
    pub(super) refuse: Vec<Condition>,
    pub(super) warn: Vec<Condition>,
    pub(in crate::ingest) join: Option<Join>,
    pub(super) table: TableLayout,
}

/// One step from a column or path to a field.
#[derive(Debug, Clone, Default)]
pub(super) struct Map {
    pub(super) from: Vec<Path>,
    pub(super) to: Option<Target>,
    pub(super) split: Option<Split>,
    pub(super) strip: Vec<String>,
    /// Folded whole cells and what they mean; nothing means blank.
    pub(super) values: Vec<(String, String)>,
    /// Parts of a cell and what they tell.
    pub(super) contains: Vec<(String, String)>,
    pub(super) blank: Vec<String>,
    /// Whether all that counts is if anything is there.
    pub(super) present: bool,
    /// The language of the column's name, whose words for enums and flags are known.
    pub(super) words: Option<&'static str>,
}

/// How one cell holds several values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Split {
    /// Any of these characters stands between two values.
    At(Vec<char>),
    /// The cell is a line of CSV with this delimiter, with quotes of its own.
    Csv(u8),
}

/// Items of a list that belong to the source; the others are left out.
#[derive(Debug, Clone)]
pub(super) struct Keep {
    pub(super) list: Path,
    pub(super) from: Path,
    pub(super) is: Vec<String>,
}

/// When a row is refused or warned about.
#[derive(Debug, Clone, Default)]
pub(super) struct Condition {
    /// All of these are there.
    pub(super) has: Vec<Path>,
    /// None of these is there.
    pub(super) lacks: Vec<Path>,
    /// Something is there that is none of these, folded.
    pub(super) from: Option<Path>,
    pub(super) is_not: Vec<String>,
    pub(super) say: String,
}

/// Rows that are parts of others.
#[derive(Debug, Clone)]
pub(in crate::ingest) struct Join {
    /// What tells a part: the value at `key` is `part`.
    pub(in crate::ingest) key: Path,
    pub(in crate::ingest) part: String,
    /// The id of a row.
    pub(in crate::ingest) id: Path,
    /// In a part, the ids of the rows it belongs to.
    pub(in crate::ingest) by: Path,
    /// Where a row holds its parts.
    pub(in crate::ingest) into: Vec<String>,
}

/// How a table is laid out, where its file does not tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TableLayout {
    /// What stands between two cells.
    pub delimiter: Option<u8>,
    /// What quotes a cell.
    pub quote: Option<u8>,
    /// Which row is the header, counted from 1; 0 is none.
    pub header: Option<u64>,
    /// The names of the columns, in place of those in the header.
    pub columns: Vec<String>,
    /// The name of the sheet.
    pub sheet: Option<String>,
}

impl TableLayout {
    /// The options with what the profile says of the layout, where they say nothing.
    pub(in crate::ingest) fn completing(&self, options: &ReadOptions) -> ReadOptions {
        let mut options = options.clone();
        let dialect = &mut options.dialect;
        dialect.delimiter = dialect.delimiter.or(self.delimiter);
        dialect.quote = dialect.quote.or(self.quote.map(Some));
        dialect.header_row = dialect.header_row.or(self.header);
        options.sheet = options.sheet.or_else(|| self.sheet.clone());
        options
    }
}

impl Spec {
    /// Reads a profile. What it extends is one of `bases`.
    pub(super) fn parse(source: SourceId, text: &str, bases: &[&Self], found: &mut Diagnostics) -> Option<Self> {
        let before = found.errors();
        let spec = read::profile(source, text, bases, found);
        (found.errors() == before).then_some(spec)
    }

    /// This profile with what another one adds: its own steps go first, and one for the same column or path replaces those
    /// of the base.
    pub(super) fn extended(mut self, own: Self) -> Self {
        let replaced = |map: &Map| own.maps.iter().any(|new| new.from.iter().any(|path| map.from == [path.clone()]));
        let kept: Vec<Map> = self.maps.iter().filter(|map| !replaced(map)).cloned().collect();
        self.maps = own.maps.iter().cloned().chain(kept).collect();
        self.name = own.name;
        self.recognise = own.recognise;
        self.rest |= own.rest;
        self.blank.extend(own.blank);
        self.withheld.extend(own.withheld);
        self.carried.extend(own.carried);
        self.date_order = own.date_order.or(self.date_order);
        self.ignore.extend(own.ignore);
        self.unpack.extend(own.unpack);
        self.set.retain(|(field, _)| !own.set.iter().any(|(new, _)| new == field));
        self.set.extend(own.set);
        self.keep.extend(own.keep);
        self.refuse.extend(own.refuse);
        self.warn.extend(own.warn);
        self.join = own.join.or(self.join);
        if own.table != TableLayout::default() {
            self.table = own.table;
        }
        self
    }
}
