//! Rows that are parts of others, put into them: in FollowTheMoney a warrant is a line of its own that names its person, and
//! lines come in any order.
//!
//! In go the rows of a file of objects, out come the rows that stand for records, each with its parts inside. Rows that have
//! their parts inside already pass at once; the others are held, with the parts, up to the limit `held-bytes`. A part that is
//! put into no row comes out as a row that is refused, and so does what is held when the file cannot be read to its end: parts
//! may be missing. Nothing is dropped.

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
    /// The ids of rows that wait for parts, and of those that do not.
    open: HashSet<String>,
    whole: HashSet<String>,
    /// Rows that can go.
    ready: VecDeque<RawRow>,
    bytes: usize,
    ended: bool,
    /// Why the file was not read to its end. It is told when all rows were handed on.
    failed: Option<IngestError>,
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
            open: HashSet::new(),
            whole: HashSet::new(),
            ready: VecDeque::new(),
            bytes: 0,
            ended: false,
            failed: None,
            joined: 0,
        }
    }

    /// Reads on until a row can go or the file has ended.
    fn read_on(&mut self) {
        while self.ready.is_empty() && !self.ended {
            self.failed = match self.rows.batch(BATCH) {
                Err(error) => Some(error),
                Ok(rows) => {
                    self.ended = rows.is_empty();
                    rows.into_iter().for_each(|row| self.sort_out(row));
                    (self.bytes > self.limits.size(Limit::HeldBytes)).then(|| self.too_long())
                }
            };
            self.ended |= self.failed.is_some();
        }
    }

    fn too_long(&self) -> IngestError {
        let reason = self.limits.over(Limit::HeldBytes, "what must be held until all parts are found is longer");
        IngestError::TooLarge { name: self.rows.input().name().to_owned(), reason }
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
        let id = self.id(&object);
        if has(&object, &self.join.into) {
            self.whole.extend(id);
            self.ready.push_back(row);
        } else {
            self.open.extend(id);
            self.bytes += 2 * row.bytes.len();
            self.held.push_back((row, object));
        }
    }

    /// The id of a row.
    fn id(&self, object: &Object) -> Option<String> {
        self.join.id.texts(object).into_iter().next()
    }

    /// The next row. Only when the file has ended is it known that no further part comes.
    fn next(&mut self) -> Option<RawRow> {
        if !self.ready.is_empty() || !self.ended {
            return self.ready.pop_front();
        }
        if let Some((row, object)) = self.held.pop_front() {
            return Some(self.complete(row, object));
        }
        while let Some((owners, row)) = self.waiting.pop_front() {
            match self.left_over(&owners) {
                Some(reason) => return Some(RawRow { body: Body::Broken(None, reason), ..row }),
                None => self.joined += 1,
            }
        }
        None
    }

    /// A row with its parts.
    fn complete(&self, row: RawRow, mut object: Object) -> RawRow {
        if self.failed.is_some() {
            return RawRow { body: Body::Broken(None, self.incomplete()), ..row };
        }
        let Some(parts) = self.id(&object).and_then(|id| self.parts.get(&id)) else { return row };
        put(&mut object, &self.join.into, Json::Array(parts.clone()));
        RawRow { body: Body::Object(object), ..row }
    }

    /// Why a part was put into no row, if so.
    fn left_over(&self, owners: &[String]) -> Option<String> {
        if self.failed.is_some() {
            return Some(self.incomplete());
        }
        if owners.iter().any(|owner| self.open.contains(owner)) {
            return None;
        }
        let part = &self.join.part;
        Some(match owners.iter().find(|owner| self.whole.contains(*owner)) {
            Some(owner) => format!(
                "a `{part}` beside an entity that has such parts inside (`{owner}`); write it into the entity, or take them out"
            ),
            None => format!(
                "a `{part}` of an entity that is not in this file (`{}`); read it together with the file that has the entity",
                owners.first().map_or("", String::as_str)
            ),
        })
    }

    fn incomplete(&self) -> String {
        format!(
            "the file was not read to its end, so that parts of an entity (`{}`) may be missing; read it again when that is mended",
            self.join.part
        )
    }
}

impl RowSource for Joined {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        self.read_on();
        let rows: Vec<RawRow> = std::iter::from_fn(|| self.next()).take(most).collect();
        match self.failed.take_if(|_| rows.is_empty()) {
            Some(error) => Err(error),
            None => Ok(rows),
        }
    }

    fn input(&self) -> &Input {
        self.rows.input()
    }

    fn warnings(&self) -> Vec<String> {
        let mut warnings = self.rows.warnings();
        if self.joined > 0 {
            let (joined, part) = (self.joined, &self.join.part);
            warnings.push(format!("rows that are parts (`{part}`) of other entities and were put into them: {joined}"));
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

#[cfg(test)]
mod tests {
    use crate::ingest::{ReadOptions, read_from};
    use std::io::Cursor;

    const PERSON: &str = r#"{"id":"a","schema":"Person","properties":{}}"#;
    const WHOLE: &str = r#"{"id":"b","schema":"Person","properties":{"sanctions":[]}}"#;

    fn part(of: &str) -> String {
        format!(r#"{{"id":"s","schema":"Sanction","properties":{{"entity":["{of}"],"reason":["Fraud"]}}}}"#)
    }

    /// Lines of accepted rows, lines and reasons of rejected ones, and the error.
    fn read(text: &str) -> (Vec<u64>, Vec<(u64, String)>, Option<String>) {
        let options = ReadOptions { kind: Some(0), ..ReadOptions::default() };
        let input = Box::new(Cursor::new(text.as_bytes().to_vec()));
        let mut reader = read_from("a.json", input, &options).expect("the input can be opened");
        let (mut lines, mut rejects, mut failed) = (vec![], vec![], None);
        for chunk in reader.by_ref() {
            match chunk {
                Ok(chunk) => {
                    let table = chunk.table;
                    lines.extend((0..table.len()).filter_map(|row| table.origin(row)).map(|origin| origin.line));
                    rejects.extend(chunk.rejects.into_iter().map(|reject| (reject.line, reject.reason)));
                }
                Err(error) => failed = Some(error.to_string()),
            }
        }
        assert!(reader.ledger().balances());
        assert_eq!(
            (reader.ledger().profile_name(), reader.ledger().failure.clone()),
            ("opensanctions-ftm", failed.clone())
        );
        (lines, rejects, failed)
    }

    #[test]
    fn what_waits_for_parts_is_refused_where_the_file_breaks_off() {
        let (lines, rejects, failed) = read(&format!("[{PERSON},\n{WHOLE},\n{},\n{{", part("a")));
        assert_eq!(lines, [2]);
        assert_eq!(rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [1, 3]);
        assert!(rejects.iter().all(|(_, reason)| reason.contains("not read to its end")), "{rejects:?}");
        assert!(failed.is_some_and(|said| said.contains("the file ends inside the value")));
    }

    #[test]
    fn a_part_that_is_put_into_no_row_is_refused() {
        let (lines, rejects, failed) =
            read(&format!("[{PERSON},\n{WHOLE},\n{},\n{},\n{}]", part("a"), part("b"), part("c")));
        assert_eq!((lines, failed), (vec![2, 1], None));
        assert_eq!(rejects.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [4, 5]);
        assert!(
            rejects[0].1.contains("has such parts inside (`b`)") && rejects[1].1.contains("not in this file (`c`)")
        );
    }
}
