//! One row to one record, or the reason why not. Depends on nothing but the row, so rows are read in parallel.

use serde_json::{Map, Value as Json};

use super::content::is_content_id;
use super::csv::CellReader;
use super::input::sha256;
use super::profile::{Mapped, Plan, Read};
use super::rows::{Body, Content, Layout, RawRow};
use super::seen::Prints;
use super::{CellOptions, DateEvidence, Limits, Oddity, Reject, header, oddities_of};
use crate::record::{Field, Leaf, Missing, Record, Value};
use crate::table::Origin;

/// What rows are read with.
pub(super) struct Interpreter {
    pub(super) plan: Plan,
    /// The columns of a table, each with a name of its own.
    pub(super) columns: Option<Layout>,
    /// The kind of records that carry none.
    pub(super) kind: Option<u8>,
    pub(super) limits: Limits,
    /// What is known of the cells.
    pub(super) cells: CellOptions,
}

/// A record and what was seen beside it.
pub(super) struct Accepted {
    pub(super) record: Record,
    /// Keys or columns that are no field.
    pub(super) ignored: Vec<String>,
    /// Fields with unreadable cells, and how many.
    pub(super) invalid: Vec<(Field, u64)>,
    /// Signs of trickery or damage, and where.
    pub(super) oddities: Vec<(Oddity, Field)>,
    /// What its dates show, where the order of day and month was settled.
    pub(super) evidence: Option<DateEvidence>,
    pub(super) origin: Origin,
    /// What tells it from others, where it has an id of its own.
    pub(super) prints: Option<Prints>,
    /// What whoever reads the account should know of it.
    pub(super) warning: Option<String>,
}

/// How much is shown of the keys of a row that cannot be used, in characters.
const SHOWN: usize = 200;

type Object = Map<String, Json>;

impl Interpreter {
    /// What a thread reads the cells of rows with.
    pub(super) fn cell_reader(&self) -> Option<CellReader> {
        self.columns.as_ref().map(Layout::cell_reader)
    }

    /// Reads one row.
    pub(super) fn read(&self, cells: &mut Option<CellReader>, mut row: RawRow) -> Result<Accepted, Reject> {
        let from_object = matches!(row.body, Body::Object(_));
        let object = self.object(cells, &mut row)?;
        let RawRow { line, column, bytes, warning, .. } = row;
        let refused = |reason| Reject::of(line, (column > 1).then_some(column), reason, &bytes);
        let mapped = self.plan.map(object).map_err(refused)?;
        let evidence = self.evidence_of(&mapped);
        let Read { mut record, ignored, mut warnings } = self.plan.read(mapped, &self.cells);
        self.is_about_something(&record, &ignored).map_err(refused)?;
        self.settle_kind(&mut record).map_err(refused)?;
        warnings.extend(warning);
        let warning = (!warnings.is_empty()).then(|| warnings.join("; "));
        let invalid = invalid_cells(&record);
        let origin = Origin { line, sha256: (!from_object).then(|| sha256(&bytes)) };
        let own_id = record.text(Field::RECORD_ID).is_some_and(|id| !is_content_id(id));
        let prints = if own_id { Prints::of(&record) } else { None };
        let oddities = oddities_of(&record, self.cells.today);
        Ok(Accepted { record, ignored, invalid, oddities, evidence, origin, prints, warning })
    }

    /// What the dates of a row show, without reading it.
    pub(super) fn evidence(&self, cells: &mut Option<CellReader>, row: &RawRow) -> DateEvidence {
        let mut evidence = DateEvidence::default();
        let object = self.object(cells, &mut row.clone()).ok();
        if let Some(mapped) = object.and_then(|object| self.plan.map(object).ok()) {
            evidence.see_object(&mapped.object);
        }
        evidence
    }

    /// The same, for the account, where an order was settled.
    fn evidence_of(&self, mapped: &Mapped) -> Option<DateEvidence> {
        if self.cells.orders.is_empty() {
            return None;
        }
        let mut evidence = DateEvidence::default();
        evidence.see_object(&mapped.object);
        Some(evidence)
    }

    /// The object that a row is: for cells, by the names of their columns.
    fn object(&self, cells: &mut Option<CellReader>, row: &mut RawRow) -> Result<Object, Reject> {
        let cells = match row.take_content(cells, &self.limits)? {
            Content::Object(object) => return Ok(object),
            Content::Cells(cells) => cells,
        };
        let names = self.columns.as_ref().map_or([].as_slice(), |columns| &columns.names);
        if cells.len() != names.len() {
            let reason = format!("{} where the header has {}", header::cells(cells.len()), names.len());
            return Err(Reject::of(row.line, None, reason, &row.bytes));
        }
        Ok(names.iter().cloned().zip(cells).collect())
    }

    /// A row with keys of which none is known is no record: taken for one, all that it says would be lost.
    fn is_about_something(&self, record: &Record, ignored: &[String]) -> Result<(), String> {
        let said = |field: Field| field != Field::KIND && field != Field::RECORD_ID && !self.plan.sets(field);
        let own_id = record.text(Field::RECORD_ID).is_some_and(|id| !is_content_id(id));
        if ignored.is_empty() || own_id || record.leaves().any(|(field, _)| said(field)) {
            return Ok(());
        }
        let keys: String = ignored.join("`, `").chars().take(SHOWN).collect();
        Err(format!(
            "nothing in this row is known (`{keys}`); if it wraps the records, take them out of it; if its keys have other names, \
             write a profile for them"
        ))
    }

    /// A record must have a kind: no rule could tell otherwise whether it is meant.
    fn settle_kind(&self, record: &mut Record) -> Result<(), String> {
        let given = match record.leaf(Field::KIND) {
            Leaf::One(Ok(_)) => return Ok(()),
            Leaf::One(Err(Missing::Invalid(raw))) => {
                let known = Field::KIND.vocabulary().map(|kinds| kinds.terms.join("`, `")).unwrap_or_default();
                return Err(format!("`{raw}` is no kind of record; the kinds are `{known}`"));
            }
            Leaf::One(Err(_)) | Leaf::Many(_) => {
                let of_source =
                    self.plan.kind().zip(Field::KIND.vocabulary()).and_then(|(kind, kinds)| kinds.position(kind));
                self.kind.or(of_source)
            }
        };
        let Some(kind) = given else {
            return Err(
                "the record has no `kind`; add it, or say what all records without one are: `--kind red_notice`".into(),
            );
        };
        record.set(Field::KIND, Leaf::One(Ok(Value::Term(kind))));
        Ok(())
    }
}

fn invalid_cells(record: &Record) -> Vec<(Field, u64)> {
    let count = |leaf: &Leaf| {
        let cells = leaf.cells().iter().filter(|cell| matches!(cell, Err(Missing::Invalid(_)))).count();
        cells + usize::from(matches!(leaf, Leaf::Many(Err(Missing::Invalid(_)))))
    };
    let counts = record.leaves().filter(|(field, _)| !field.spec().derived).map(|(field, leaf)| (field, count(leaf)));
    counts
        .filter(|(_, count)| *count > 0)
        .map(|(field, count)| (field, u64::try_from(count).unwrap_or(u64::MAX)))
        .collect()
}
