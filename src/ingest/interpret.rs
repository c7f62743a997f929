//! One row to one record, or the reason why not. Depends on nothing but the row, so rows are read in parallel.

use serde_json::{Map, Value as Json};

use super::content::is_content_id;
use super::csv::CellReader;
use super::header::Header;
use super::input::sha256;
use super::rows::{Body, RawRow};
use super::seen::Prints;
use super::strict::{self, Fault};
use super::{Limits, Profile, Reject, canonical, interpol};
use crate::record::{Field, Leaf, Missing, Record, Type, Value, Vocabulary};
use crate::table::Origin;

/// What rows are read with.
pub(super) struct Interpreter {
    pub(super) profile: Profile,
    pub(super) header: Option<Header>,
    /// The kind of records that carry none.
    pub(super) kind: Option<u8>,
    pub(super) limits: Limits,
}

/// A record and what was seen beside it.
pub(super) struct Accepted {
    pub(super) record: Record,
    /// Keys or columns that are no field.
    pub(super) ignored: Vec<String>,
    /// Fields with unreadable cells, and how many.
    pub(super) invalid: Vec<(Field, u64)>,
    pub(super) origin: Origin,
    /// What tells it from others, where it has an id of its own.
    pub(super) prints: Option<Prints>,
    /// What whoever reads the account should know of it.
    pub(super) warning: Option<String>,
}

type Object = Map<String, Json>;

impl Interpreter {
    /// What a thread reads the cells of rows with.
    pub(super) fn cell_reader(&self) -> Option<CellReader> {
        self.header.as_ref().map(|header| CellReader::new(header.dialect))
    }

    /// Reads one row.
    pub(super) fn read(&self, cells: &mut Option<CellReader>, row: RawRow) -> Result<Accepted, Reject> {
        let RawRow { line, column, bytes, body, warning } = row;
        let from_object = matches!(body, Body::Object(_));
        let at = |fault: Fault| {
            let column = if fault.line == 1 { column - 1 + fault.column } else { fault.column };
            Reject::of(line + fault.line - 1, Some(column), fault.reason, &bytes)
        };
        let (object, mut ignored) = match body {
            Body::Json => (strict::object(&bytes, &self.limits).map_err(at)?, vec![]),
            Body::Cells => self.object_of_cells(cells, &bytes).map_err(at)?,
            Body::Object(object) => (object, vec![]),
            Body::Values(cells) => self.object_of_values(&cells).map_err(at)?,
            Body::Broken(column, reason) => return Err(Reject::of(line, column, reason, &bytes)),
        };
        let (mut record, unknown) = self.record(object).map_err(|reason| Reject::of(line, None, reason, &bytes))?;
        self.settle_kind(&mut record).map_err(|reason| Reject::of(line, None, reason, &bytes))?;
        ignored.extend(unknown);
        let invalid = invalid_cells(&record);
        let origin = Origin { line, sha256: (!from_object).then(|| sha256(&bytes)) };
        let own_id = record.text(Field::RECORD_ID).is_some_and(|id| !is_content_id(id));
        let prints = if own_id { Prints::of(&record) } else { None };
        Ok(Accepted { record, ignored, invalid, origin, prints, warning })
    }

    fn object_of_cells(&self, cells: &mut Option<CellReader>, bytes: &[u8]) -> Result<(Object, Vec<String>), Fault> {
        let Some(cells) = cells else { return Ok((Object::new(), vec![])) };
        self.object_of_texts(&cells.read(bytes)?.iter().collect::<Vec<_>>())
    }

    fn object_of_values(&self, cells: &[Json]) -> Result<(Object, Vec<String>), Fault> {
        let texts = cells.iter().map(|cell| cell.as_str().map_or_else(|| cell.to_string(), str::to_owned));
        let texts: Vec<String> = texts.collect();
        self.object_of_texts(&texts.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn object_of_texts(&self, cells: &[&str]) -> Result<(Object, Vec<String>), Fault> {
        let Some(header) = &self.header else { return Ok((Object::new(), vec![])) };
        if cells.len() != header.width() {
            let reason = format!("{} cells where the header has {}", cells.len(), header.width());
            return Err(Fault { line: 1, column: 1, reason });
        }
        Ok(header.object(cells))
    }

    fn record(&self, object: Object) -> Result<(Record, Vec<String>), String> {
        if self.profile == Profile::InterpolApi {
            let (object, unused) =
                interpol::canonical(&object, self.kind.zip(kinds()).map(|(kind, all)| all.word(kind)))?;
            let (record, unknown) = canonical::into_record(object);
            return Ok((record, unused.into_iter().chain(unknown).collect()));
        }
        let (mut record, unknown) = canonical::into_record(object);
        if let Some(header) = &self.header {
            header.forget_columns_not_there(&mut record);
        }
        Ok((record, unknown))
    }

    /// A record must have a kind: no rule could tell otherwise whether it is meant.
    fn settle_kind(&self, record: &mut Record) -> Result<(), String> {
        let given = match record.leaf(Field::KIND) {
            Leaf::One(Ok(_)) => return Ok(()),
            Leaf::One(Err(Missing::Invalid(raw))) => {
                let known = kinds().map(|kinds| kinds.terms.join("`, `")).unwrap_or_default();
                return Err(format!("`{raw}` is no kind of record; the kinds are `{known}`"));
            }
            Leaf::One(Err(_)) | Leaf::Many(_) => self.kind,
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
