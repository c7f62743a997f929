//! A profile made ready for one input: for a table, its columns are known. A row goes in, its canonical form comes out, with
//! the keys that nothing was made of. Rows are read in parallel, and no row knows of another.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value as Json;

use super::literal;
use super::map::{Marks, Piece, blank_key, says};
use super::path::{Object, Path, Position, Seen};
use super::spec::{Condition, Map, Spec};
use super::target::Target;
use crate::ingest::canonical;
use crate::record::{Field, Leaf, Missing, Record, Type};

/// A profile made ready for one input.
#[derive(Debug)]
pub(in crate::ingest) struct Plan {
    spec: Spec,
    maps: Vec<Map>,
    /// Whether rows are cells of a table.
    cells: bool,
    /// Keys that are read or known to be of no use.
    used: Used,
    /// The lists of objects that are filled, with the fields below them that are not.
    lists: Vec<(Field, Vec<Field>)>,
    kind: Option<Json>,
}

/// What became of a row.
#[derive(Debug)]
pub(in crate::ingest) struct Read {
    pub(in crate::ingest) record: Record,
    /// Keys that nothing was made of.
    pub(in crate::ingest) ignored: Vec<String>,
    pub(in crate::ingest) warnings: Vec<String>,
}

impl Plan {
    /// A profile for rows that are objects, or cells of a table, with what fills the columns that no map of the profile names.
    pub(super) fn of(spec: &Spec, columns: Option<Vec<Map>>) -> Self {
        let cells = columns.is_some();
        let maps: Vec<Map> = spec.maps.iter().cloned().chain(columns.unwrap_or_default()).collect();
        let mut used = Used::default();
        let conditions = spec.refuse.iter().chain(&spec.warn).filter_map(|condition| condition.from.as_ref());
        let paths = maps.iter().flat_map(|map| &map.from).chain(&spec.ignore).chain(conditions);
        paths.for_each(|path| used.add(path));
        spec.keep.iter().for_each(|keep| used.add_below(&keep.list, &keep.from));
        let filled: BTreeSet<Field> =
            maps.iter().filter_map(|map| map.to).map(|to| to.field).chain(spec.carried.iter().copied()).collect();
        let lists: BTreeSet<Field> = filled.iter().filter_map(|field| field.list()).collect();
        let absent = |list: Field| list.children().filter(|field| !filled.contains(field)).collect();
        let lists = lists.into_iter().map(|list| (list, absent(list))).collect();
        let kind = spec.set.iter().find(|(field, _)| *field == Field::KIND).map(|(_, kind)| kind.clone());
        Self { spec: spec.clone(), maps, cells, used, lists, kind }
    }

    /// The kind of records of which nothing says otherwise.
    pub(in crate::ingest) fn kind(&self) -> Option<&str> {
        self.kind.as_ref().and_then(Json::as_str)
    }

    /// Whether rows are in the canonical form already.
    fn is_identity(&self) -> bool {
        let Spec { rest, blank, withheld, carried, set, keep, refuse, warn, unpack, .. } = &self.spec;
        let untouched = blank.is_empty() && withheld.is_empty() && carried.is_empty() && set.is_empty();
        *rest
            && self.maps.is_empty()
            && untouched
            && keep.is_empty()
            && refuse.is_empty()
            && warn.is_empty()
            && unpack.is_empty()
    }

    /// Reads one row, or says why it is no record.
    pub(in crate::ingest) fn read(&self, mut row: Object) -> Result<Read, String> {
        if self.is_identity() && !self.cells {
            let (record, ignored) = canonical::into_record(row);
            return Ok(Read { record, ignored, warnings: vec![] });
        }
        self.unpack(&mut row);
        if let Some(refused) = self.spec.refuse.iter().find(|condition| condition.holds(&row)) {
            return Err(refused.said(&row));
        }
        let warn = self.spec.warn.iter().filter(|condition| condition.holds(&row));
        let mut warnings: Vec<String> = warn.map(|condition| condition.said(&row)).collect();
        for keep in &self.spec.keep {
            let left_out = keep.apply(&mut row);
            if left_out > 0 {
                warnings.push(format!("{left_out} of `{}` are of other sources and were left out", keep.list.name()));
            }
        }
        let mut out = Out::default();
        self.maps.iter().for_each(|map| self.fill(map, &row, &mut out));
        let mut ignored = BTreeSet::new();
        self.rest(row, &mut out, &mut ignored);
        let (mut record, unknown) = canonical::into_record(self.complete(out));
        self.forget_what_is_not_carried(&mut record);
        ignored.extend(unknown);
        Ok(Read { record, ignored: ignored.into_iter().collect(), warnings })
    }

    fn marks(&self) -> Marks<'_> {
        Marks { blank: &self.spec.blank, withheld: &self.spec.withheld }
    }

    fn unpack(&self, row: &mut Object) {
        for path in &self.spec.unpack {
            if let Some(cell) = row.get_mut(path.name())
                && let Some(value) = cell.as_str().and_then(literal::parse)
            {
                *cell = value;
            }
        }
    }

    fn fill(&self, map: &Map, row: &Object, out: &mut Out) {
        let Some(to) = map.to else { return };
        let found = map.from.iter().filter_map(|path| map.pieces(path.find(row), self.marks()));
        if map.present {
            let any = found
                .flatten()
                .map(|piece| matches!(&piece, Piece::Value(_, value) if says(value)))
                .reduce(|a, b| a | b);
            if let Some(any) = any {
                out.put(to.field, if any { true.into() } else { Json::Null });
            }
        } else if to.field.list().is_some() {
            found.for_each(|pieces| out.items(to, pieces));
        } else if to.field.is_many() {
            found.for_each(|pieces| out.list(to.field, pieces));
        } else {
            found.for_each(|pieces| out.one(to.field, pieces));
        }
    }

    /// What no map reads: a field by its name where the profile says so, else nothing.
    fn rest(&self, row: Object, out: &mut Out, ignored: &mut BTreeSet<String>) {
        for (key, value) in row {
            match self.used.get(&key) {
                Some(Use::Whole) => {}
                Some(Use::Below(below)) => below.unused(&key, &value, ignored),
                None if self.spec.rest && !self.cells && canonical::is_key(&key) => {
                    let value = self.marks().clean_all(value);
                    out.object.entry(key).or_insert(value);
                }
                None => drop(ignored.insert(key)),
            }
        }
    }

    /// The canonical form, with what holds for all records and what the source always carries.
    fn complete(&self, out: Out) -> Object {
        let Out { mut object, lists } = out;
        for (list, items) in lists {
            let items: Vec<Json> = items.into_values().filter(|item| !self.cells || !is_empty(item)).collect();
            let whole = items.first().filter(|item| items.len() == 1 && is_withheld(item)).cloned();
            object.insert(list.path().to_owned(), whole.unwrap_or(Json::Array(items)));
        }
        for field in &self.spec.carried {
            match field.list() {
                None => drop(entry(&mut object, *field)),
                Some(list) => {
                    let items = object.entry(list.path()).or_insert_with(|| Json::Array(vec![]));
                    for item in items.as_array_mut().into_iter().flatten().filter_map(Json::as_object_mut) {
                        item.entry(field.key()).or_insert(Json::Null);
                    }
                }
            }
        }
        for (field, value) in self.spec.set.iter().filter(|(field, _)| *field != Field::KIND) {
            if let Some(place) = entry(&mut object, *field).filter(|place| place.is_null()) {
                *place = value.clone();
            }
        }
        object
    }

    /// Where a list is empty, the fields of its objects that no map fills are not carried, and not blank.
    fn forget_what_is_not_carried(&self, record: &mut Record) {
        for (list, absent) in &self.lists {
            if record.leaf(*list) == &Leaf::Many(Err(Missing::Blank)) {
                absent.iter().for_each(|field| record.set(*field, Leaf::Many(Err(Missing::NotCarried))));
                record.derive();
            }
        }
    }
}

/// Each value of a list is compared with so many others: a hostile row has a hundred thousand.
const MOST_COMPARED: usize = 100;

/// The canonical form as far as it is filled.
#[derive(Debug, Default)]
struct Out {
    object: Object,
    lists: BTreeMap<Field, BTreeMap<Position, Json>>,
}

impl Out {
    /// Sets a field, unless something is there already.
    fn put(&mut self, field: Field, value: Json) {
        if let Some(place) = entry(&mut self.object, field).filter(|place| place.is_null()) {
            *place = value;
        }
    }

    /// A field with one cell: the value, if all agree. Values that differ are kept as a text that cannot be read.
    fn one(&mut self, field: Field, pieces: Vec<Piece>) {
        let (mut values, mut there): (Vec<Json>, bool) = (vec![], pieces.is_empty());
        for piece in pieces {
            let value = match piece {
                Piece::Absent(_) | Piece::Whole(..) => continue,
                Piece::Value(_, value) => value,
            };
            there = true;
            if !value.is_null() && values.len() < MOST_COMPARED && !values.contains(&value) {
                values.push(value);
            }
        }
        match values.len() {
            _ if !there => {}
            0 => self.put(field, Json::Null),
            1 => self.put(field, values.swap_remove(0)),
            // A text can hold anything; only a list is never taken for one.
            _ if field.ty() == Type::Text => self.put(field, Json::Array(values)),
            _ => self.put(field, joined(&values).into()),
        }
    }

    /// A list: values are added to it, each once.
    fn list(&mut self, field: Field, pieces: Vec<Piece>) {
        if !pieces.is_empty() && pieces.iter().all(|piece| matches!(piece, Piece::Absent(_))) {
            return;
        }
        let alone = pieces.len() == 1;
        let Some(place) = entry(&mut self.object, field) else { return };
        if place.is_null() {
            *place = Json::Array(vec![]);
        }
        for piece in pieces {
            let (Piece::Value(_, value) | Piece::Whole(_, value)) = piece else { continue };
            match place {
                Json::Array(items) if alone && items.is_empty() && is_withheld(&value) => *place = value,
                Json::Array(items)
                    if !value.is_null() && !items.iter().take(MOST_COMPARED).any(|item| *item == value) =>
                {
                    items.push(value);
                }
                _ => {}
            }
        }
    }

    /// Fields of the objects of a list. Values with one position belong to one object; a second value for a field of an
    /// object makes another object.
    fn items(&mut self, to: Target, pieces: Vec<Piece>) {
        let Some(list) = to.field.list() else { return };
        let nowhere = |piece: &Piece| matches!(piece, Piece::Absent(at) if at.is_empty());
        if !pieces.is_empty() && pieces.iter().all(nowhere) {
            return;
        }
        let items = self.lists.entry(list).or_default();
        for piece in pieces {
            let (at, value, whole) = match piece {
                Piece::Absent(at) => (at, None, false),
                Piece::Value(at, value) => (at, Some(value), false),
                Piece::Whole(at, value) => (at, Some(value), true),
            };
            let at = match (to.item, at.is_empty()) {
                (Some(item), _) => vec![item],
                (None, true) => vec![0],
                (None, false) => at,
            };
            if whole {
                items.insert(at, value.unwrap_or_default());
                continue;
            }
            let key = to.field.key();
            let taken = |item: &Json| value.is_some() && item.get(key).is_some();
            let at = if items.get(&at).is_some_and(taken) { after(items) } else { at };
            let item = items.entry(at).or_insert_with(|| Json::Object(Object::new()));
            if let (Json::Object(item), Some(value)) = (item, value) {
                item.insert(key.to_owned(), value);
            }
        }
    }
}

/// The position after all others.
fn after(items: &BTreeMap<Position, Json>) -> Position {
    let last = items.last_key_value().and_then(|(at, _)| at.first().copied());
    vec![last.map_or(0, |last| last.saturating_add(1))]
}

/// Where the value of a field stands in the canonical form; null if nothing was there.
fn entry(object: &mut Object, field: Field) -> Option<&mut Json> {
    match field.path().split_once('.') {
        None => Some(object.entry(field.path()).or_insert(Json::Null)),
        Some((group, key)) => {
            let group = object.entry(group).or_insert_with(|| Json::Object(Object::new()));
            group.as_object_mut().map(|group| group.entry(key).or_insert(Json::Null))
        }
    }
}

fn joined(values: &[Json]) -> String {
    values
        .iter()
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether an object of a list has no content at all.
fn is_empty(item: &Json) -> bool {
    item.as_object().is_some_and(|item| item.values().all(Json::is_null))
}

fn is_withheld(json: &Json) -> bool {
    crate::ingest::cell::missing(json) == Some(Missing::Withheld)
}

/// The keys of rows that are made use of.
#[derive(Debug, Default)]
struct Used {
    keys: BTreeMap<String, Use>,
    /// Paths as names of columns: flattened tables have them.
    flat: HashSet<String>,
}

#[derive(Debug)]
enum Use {
    Whole,
    Below(Used),
}

impl Used {
    fn add(&mut self, path: &Path) {
        self.flat.insert(path.name().to_owned());
        self.add_keys(&path.keys().collect::<Vec<_>>());
    }

    fn add_below(&mut self, list: &Path, path: &Path) {
        self.add_keys(&list.keys().chain(path.keys()).collect::<Vec<_>>());
    }

    fn add_keys(&mut self, keys: &[&str]) {
        let Some((key, below)) = keys.split_first() else { return };
        if below.is_empty() {
            self.keys.insert((*key).to_owned(), Use::Whole);
        } else if let Use::Below(used) =
            self.keys.entry((*key).to_owned()).or_insert_with(|| Use::Below(Self::default()))
        {
            used.add_keys(below);
        }
    }

    fn get(&self, key: &str) -> Option<&Use> {
        const WHOLE: &Use = &Use::Whole;
        self.keys.get(key).or_else(|| self.flat.contains(key).then_some(WHOLE))
    }

    /// Enters the keys below one that are not made use of.
    fn unused(&self, name: &str, value: &Json, ignored: &mut BTreeSet<String>) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.unused(name, item, ignored)),
            Json::Object(object) => {
                for (key, value) in object {
                    let full = format!("{name}.{key}");
                    match self.keys.get(key) {
                        Some(Use::Whole) => {}
                        Some(Use::Below(below)) => below.unused(&full, value, ignored),
                        None => drop(ignored.insert(full)),
                    }
                }
            }
            _ => {}
        }
    }
}

impl Condition {
    fn holds(&self, row: &Object) -> bool {
        let is_there = |path: &Path| path.value(row).is_some() || path.find(row).there;
        let other = |path: &Path| {
            path.find(row).seen.into_iter().any(|(_, seen)| match seen {
                Seen::Value(Json::String(text)) if !text.trim().is_empty() => !self.is_not.contains(&blank_key(text)),
                _ => false,
            })
        };
        self.has.iter().all(is_there) && !self.lacks.iter().any(is_there) && self.from.as_ref().is_none_or(other)
    }

    /// The text, with what stands in the row in place of `{key}`.
    fn said(&self, row: &Object) -> String {
        let mut said = self.say.clone();
        for path in self.has.iter().chain(&self.from) {
            let mark = format!("{{{}}}", path.name());
            if said.contains(&mark) {
                let value = path.value(row).map(|value| joined(std::slice::from_ref(value))).unwrap_or_default();
                let short: String = value.chars().take(100).collect();
                said = said.replace(&mark, &short);
            }
        }
        said
    }
}
