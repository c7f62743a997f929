//! Rows that are parts of others, put into them: in FollowTheMoney a warrant is a line of its own that names its person, and
//! lines come in any order.
//!
//! In go the rows of a file of objects, out come the rows that stand for records, each with its parts inside. Rows that have
//! their parts inside already pass at once; the others are held, with the parts, up to the limit `held-bytes`. A part whose
//! row is not in the file comes out as a row that is refused: it is never dropped.

use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::{Map, Value as Json};

use super::input::Input;
use super::profile::Join;
use super::rows::{Body, RawRow, RowSource};
use super::{IngestError, Limit, Limits, strict};

/// How many rows are read from the file together.
const BATCH: usize = 8192;

type Object = Map<String, Json>;

/// A source of rows whose parts are put into them.
pub(super) struct Joined {
    rows: Box<dyn RowSource>,
    join: Join,
    limits: Limits,
    /// Rows that wait for parts.
    held: VecDeque<(RawRow, Object)>,
    /// Parts by the id of the row they belong to.
    parts: HashMap<String, Vec<Json>>,
    /// The parts as rows, with the ids of the rows they belong to.
    waiting: VecDeque<(Vec<String>, RawRow)>,
    /// The ids of all rows that are no parts.
    known: HashSet<String>,
    /// Rows that can go.
    ready: VecDeque<RawRow>,
    bytes: usize,
    ended: bool,
    joined: u64,
}

impl Joined {
    pub(super) fn of(rows: Box<dyn RowSource>, join: Join, limits: Limits) -> Self {
        Self {
            rows,
            join,
            limits,
            held: VecDeque::new(),
            parts: HashMap::new(),
            waiting: VecDeque::new(),
            known: HashSet::new(),
            ready: VecDeque::new(),
            bytes: 0,
            ended: false,
            joined: 0,
        }
    }

    /// Reads on until a row can go or the file has ended.
    fn read_on(&mut self) -> Result<(), IngestError> {
        while self.ready.is_empty() && !self.ended {
            let rows = self.rows.batch(BATCH)?;
            self.ended = rows.is_empty();
            rows.into_iter().for_each(|row| self.sort_out(row));
            if self.bytes > self.limits.size(Limit::HeldBytes) {
                return Err(self.too_long());
            }
        }
        Ok(())
    }

    fn too_long(&self) -> IngestError {
        let reason = self.limits.over(Limit::HeldBytes, "what must be held until all parts are found is longer");
        IngestError::TooLong { name: self.rows.input().name().to_owned(), reason }
    }

    fn sort_out(&mut self, row: RawRow) {
        let object = match &row.body {
            Body::Json => strict::object(&row.bytes, &self.limits).ok(),
            Body::Object(object) => Some(object.clone()),
            _ => None,
        };
        // What is no object is refused further on, with the reason.
        let Some(object) = object else { return self.ready.push_back(row) };
        let is_part = self.join.key.value(&object).and_then(Json::as_str) == Some(self.join.part.as_str());
        if is_part {
            let owners: Vec<String> = self.join.by.texts(&object);
            self.bytes += 2 * row.bytes.len();
            let part = Json::Object(object);
            for owner in &owners {
                self.parts.entry(owner.clone()).or_default().push(part.clone());
            }
            self.waiting.push_back((owners, row));
            return;
        }
        self.known.extend(self.join.id.texts(&object));
        if has(&object, &self.join.into) {
            self.ready.push_back(row);
        } else {
            self.bytes += 2 * row.bytes.len();
            self.held.push_back((row, object));
        }
    }

    /// The next row. Only when the file has ended is it known that no further part comes.
    fn next(&mut self) -> Option<RawRow> {
        if let Some(row) = self.ready.pop_front() {
            return Some(row);
        }
        if !self.ended {
            return None;
        }
        if let Some((row, mut object)) = self.held.pop_front() {
            let Some(parts) = self.join.id.texts(&object).first().and_then(|id| self.parts.get(id)) else {
                return Some(row);
            };
            put(&mut object, &self.join.into, Json::Array(parts.clone()));
            return Some(RawRow { body: Body::Object(object), ..row });
        }
        while let Some((owners, row)) = self.waiting.pop_front() {
            if owners.iter().any(|owner| self.known.contains(owner)) {
                self.joined += 1;
                continue;
            }
            let owner = owners.first().map_or("", String::as_str);
            let reason = format!(
                "a `{}` of an entity that is not in this file (`{owner}`); read it together with the file that has the entity",
                self.join.part
            );
            return Some(RawRow { body: Body::Broken(None, reason), ..row });
        }
        None
    }
}

impl RowSource for Joined {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        self.read_on()?;
        Ok(std::iter::from_fn(|| self.next()).take(most).collect())
    }

    fn input(&self) -> &Input {
        self.rows.input()
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.rows.warnings();
        if self.joined > 0 {
            let (joined, part) = (self.joined, &self.join.part);
            warnings.push(format!("{joined} lines are parts (`{part}`) of other entities and were joined to them"));
        }
        warnings
    }
}

fn has(object: &Object, keys: &[String]) -> bool {
    let Some((first, rest)) = keys.split_first() else { return false };
    rest.iter().try_fold(object.get(first), |value, key| value.map(|value| value.get(key))).flatten().is_some()
}

fn put(object: &mut Object, keys: &[String], value: Json) {
    let Some((first, rest)) = keys.split_first() else { return };
    if rest.is_empty() {
        object.insert(first.clone(), value);
    } else if let Some(below) =
        object.entry(first.as_str()).or_insert_with(|| Json::Object(Object::new())).as_object_mut()
    {
        put(below, rest, value);
    }
}
