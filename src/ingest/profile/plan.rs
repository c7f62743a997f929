//! A profile made ready for one input: for a table, its columns are known. A row goes in, its canonical form comes out, with
//! the keys that nothing was made of. Rows are read in parallel, and no row knows of another.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::filled::{Filled, entry, is_empty, is_withheld};
use super::map::{Marks, Piece, says};
use super::path::Object;
use super::spec::{Map, Spec};
use super::used::{Use, Used};
use crate::ingest::{Blanks, CellOptions, canonical, literal};
use crate::record::{Field, Leaf, Missing, Record};

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
    /// What usually stands for nothing; no text in the canonical form.
    blanks: Blanks,
}

/// A row in its canonical form.
#[derive(Debug)]
pub(in crate::ingest) struct Mapped {
    pub(in crate::ingest) object: Object,
    ignored: BTreeSet<String>,
    warnings: Vec<String>,
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
        let mut plan = Self { spec: spec.clone(), maps, cells, used, lists, kind, blanks: Blanks::default() };
        if !plan.is_plain() {
            plan.blanks = Blanks::usual();
        }
        plan
    }

    /// The kind of records of which nothing says otherwise.
    pub(in crate::ingest) fn kind(&self) -> Option<&str> {
        self.kind.as_ref().and_then(Json::as_str)
    }

    /// What usually stands for nothing in a cell of the source.
    pub(in crate::ingest) fn blanks(&self) -> &Blanks {
        &self.blanks
    }

    /// Whether a field has the same value in every record.
    pub(in crate::ingest) fn sets(&self, field: Field) -> bool {
        self.spec.set.iter().any(|(set, _)| *set == field)
    }

    /// Whether rows are objects in the canonical form already.
    fn is_plain(&self) -> bool {
        !self.cells && self.is_identity()
    }

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

    /// The canonical form of a row, or why it is no record.
    pub(in crate::ingest) fn map(&self, mut row: Object) -> Result<Mapped, String> {
        if self.is_plain() {
            return Ok(Mapped { object: row, ignored: BTreeSet::new(), warnings: vec![] });
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
                warnings.push(format!(
                    "items of `{}` that are of other sources and were left out: {left_out}",
                    keep.list.name()
                ));
            }
        }
        let mut out = Filled::default();
        self.maps.iter().for_each(|map| self.fill(map, &row, &mut out));
        let mut ignored = BTreeSet::new();
        self.rest(row, &mut out, &mut ignored);
        Ok(Mapped { object: self.complete(out), ignored, warnings })
    }

    /// The record of a row in its canonical form.
    pub(in crate::ingest) fn read(&self, mapped: Mapped, cells: &CellOptions) -> Read {
        let Mapped { object, mut ignored, warnings } = mapped;
        let (mut record, unknown) = canonical::into_record_with(object, cells);
        if !self.is_plain() {
            self.forget_what_is_not_carried(&mut record);
        }
        ignored.extend(unknown);
        Read { record, ignored: ignored.into_iter().collect(), warnings }
    }

    fn marks(&self) -> Marks<'_> {
        Marks { usual: &self.blanks, blank: &self.spec.blank, withheld: &self.spec.withheld }
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

    fn fill(&self, map: &Map, row: &Object, out: &mut Filled) {
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
    fn rest(&self, row: Object, out: &mut Filled, ignored: &mut BTreeSet<String>) {
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
    fn complete(&self, out: Filled) -> Object {
        let Filled { mut object, lists } = out;
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
