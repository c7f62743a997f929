//! One row to one record, or the reason why not. Depends on nothing but the row, so rows are read in parallel.

use serde_json::{Map, Value as Json};

use super::content::is_content_id;
use super::csv::CellReader;
use super::input::sha256;
use super::profile::{Mapped, Plan, Read};
use super::rows::{Body, Layout, RawRow};
use super::seen::Prints;
use super::strict::{self, Fault};
use super::{CellOptions, DateEvidence, Limits, Oddity, Reject, oddities_of};
use crate::record::{Field, Leaf, Missing, Record, Type, Value, Vocabulary};
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

type Object = Map<String, Json>;

/// Why a row is no object.
enum Stop {
    Fault(Fault),
    Broken(Option<u64>, String),
}

impl Interpreter {
    /// What a thread reads the cells of rows with.
    pub(super) fn cell_reader(&self) -> Option<CellReader> {
        self.columns.as_ref().map(|columns| CellReader::new(columns.dialect))
    }

    /// Reads one row.
    pub(super) fn read(&self, cells: &mut Option<CellReader>, row: RawRow) -> Result<Accepted, Reject> {
        let RawRow { line, column, bytes, body, warning } = row;
        let from_object = matches!(body, Body::Object(_));
        let at = |fault: Fault| {
            let column = if fault.line == 1 { column - 1 + fault.column } else { fault.column };
            Reject::of(line + fault.line - 1, Some(column), fault.reason, &bytes)
        };
        let object = self.object_of(cells, &bytes, body).map_err(|stop| match stop {
            Stop::Fault(fault) => at(fault),
            Stop::Broken(column, reason) => Reject::of(line, column, reason, &bytes),
        })?;
        let refused = |reason| Reject::of(line, None, reason, &bytes);
        let mapped = self.plan.map(object).map_err(refused)?;
        let evidence = self.evidence_of(&mapped);
        let Read { mut record, ignored, mut warnings } = self.plan.read(mapped, &self.cells);
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
        let body = match &row.body {
            Body::Json => Body::Json,
            Body::Cells => Body::Cells,
            Body::Object(object) => Body::Object(object.clone()),
            Body::Values(values) => Body::Values(values.clone()),
            Body::Broken(..) => return evidence,
        };
        let object = self.object_of(cells, &row.bytes, body).ok();
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

    /// The object that a row is.
    fn object_of(&self, cells: &mut Option<CellReader>, bytes: &[u8], body: Body) -> Result<Object, Stop> {
        match body {
            Body::Json => strict::object(bytes, &self.limits).map_err(Stop::Fault),
            Body::Cells => self.object_of_cells(cells, bytes).map_err(Stop::Fault),
            Body::Object(object) => Ok(object),
            Body::Values(cells) => self.object(cells).map_err(Stop::Fault),
            Body::Broken(column, reason) => Err(Stop::Broken(column, reason)),
        }
    }

    fn object_of_cells(&self, cells: &mut Option<CellReader>, bytes: &[u8]) -> Result<Object, Fault> {
        let Some(cells) = cells else { return Ok(Object::new()) };
        self.object(cells.read(bytes)?.iter().map(text).collect())
    }

    /// The cells of a row by the names of their columns.
    fn object(&self, cells: Vec<Json>) -> Result<Object, Fault> {
        let Some(columns) = &self.columns else { return Ok(Object::new()) };
        if cells.len() != columns.names.len() {
            let reason = format!("{} cells where the header has {}", cells.len(), columns.names.len());
            return Err(Fault { line: 1, column: 1, reason });
        }
        Ok(columns.names.iter().cloned().zip(cells).collect())
    }

    /// A record must have a kind: no rule could tell otherwise whether it is meant.
    fn settle_kind(&self, record: &mut Record) -> Result<(), String> {
        let given = match record.leaf(Field::KIND) {
            Leaf::One(Ok(_)) => return Ok(()),
            Leaf::One(Err(Missing::Invalid(raw))) => {
                let known = kinds().map(|kinds| kinds.terms.join("`, `")).unwrap_or_default();
                return Err(format!("`{raw}` is no kind of record; the kinds are `{known}`"));
            }
            Leaf::One(Err(_)) | Leaf::Many(_) => {
                let of_source = self.plan.kind().zip(kinds()).and_then(|(kind, kinds)| kinds.position(kind));
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

/// A cell of a table: an empty one holds nothing.
fn text(cell: &str) -> Json {
    if cell.trim().is_empty() { Json::Null } else { cell.into() }
}

fn kinds() -> Option<&'static Vocabulary> {
    match Field::KIND.ty() {
        Type::Term(kinds) => Some(kinds),
        _ => None,
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
