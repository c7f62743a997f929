//! The canonical form of one row while maps fill it. Nothing that was filled is replaced, and nothing is dropped in silence:
//! what does not go together stays as it is and cannot be read.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::map::Piece;
use super::path::{Object, Position};
use super::target::Target;
use crate::ingest::cell::missing;
use crate::record::{Field, Missing, Type};

/// Each value of a list is compared with so many others: a hostile row has a hundred thousand.
const MOST_COMPARED: usize = 100;

/// The canonical form as far as it is filled.
#[derive(Debug, Default)]
pub(super) struct Filled {
    pub(super) object: Object,
    pub(super) lists: BTreeMap<Field, BTreeMap<Position, Json>>,
}

impl Filled {
    /// Sets a field, unless something is there already.
    pub(super) fn put(&mut self, field: Field, value: Json) {
        if let Some(place) = entry(&mut self.object, field).filter(|place| place.is_null()) {
            *place = value;
        }
    }

    /// A field with one cell: the value, if all agree. Values that differ are kept as a text that cannot be read.
    pub(super) fn one(&mut self, field: Field, pieces: Vec<Piece>) {
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
    pub(super) fn list(&mut self, field: Field, pieces: Vec<Piece>) {
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
    pub(super) fn items(&mut self, to: Target, pieces: Vec<Piece>) {
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
                // An object without any key is no object of the list: it says nothing, and is kept as it stands.
                let value = value.unwrap_or_default();
                let value = if value.is_object() && !is_withheld(&value) { value.to_string().into() } else { value };
                items.insert(at, value);
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
pub(super) fn entry(object: &mut Object, field: Field) -> Option<&mut Json> {
    match field.path().split_once('.') {
        None => Some(object.entry(field.path()).or_insert(Json::Null)),
        Some((group, key)) => {
            let group = object.entry(group).or_insert_with(|| Json::Object(Object::new()));
            group.as_object_mut().map(|group| group.entry(key).or_insert(Json::Null))
        }
    }
}

pub(super) fn joined(values: &[Json]) -> String {
    values
        .iter()
        .map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Whether an object of a list has no content at all.
pub(super) fn is_empty(item: &Json) -> bool {
    item.as_object().is_some_and(|item| item.values().all(Json::is_null))
}

pub(super) fn is_withheld(json: &Json) -> bool {
    missing(json) == Some(Missing::Withheld)
}
