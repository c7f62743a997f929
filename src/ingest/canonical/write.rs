//! A record in its canonical form: what [`super::record`] reads back as the same record.

use serde_json::{Map, Value as Json, json};

use super::states::VALUE_STATES;
use crate::record::{Cell, Field, Leaf, Missing, Record, State, Type, Value};

/// The key under which unreadable text stands: `{"invalid": "01/02/1985"}`.
pub(in crate::ingest) const INVALID: &str = "invalid";
/// The key under which redaction stands: `{"withheld": true}`.
pub(in crate::ingest) const WITHHELD: &str = "withheld";

type Object = Map<String, Json>;

/// The canonical form of a record: fields that are not carried have no key, blank is `null` or `[]`, withheld is
/// `{"withheld": true}`, unreadable `{"invalid": "…"}`. Fields below an empty list that are not carried are named in
/// `value_states`. Fields that are computed from others are left out.
#[must_use]
pub fn object(record: &Record) -> Object {
    let mut object = Object::new();
    let mut absent = vec![];
    for (field, leaf) in record.leaves().filter(|(field, _)| !field.spec().derived && field.spec().list.is_none()) {
        let written = match (field.ty(), leaf) {
            (Type::Object, Leaf::Many(Ok(items))) => list(record, field, items),
            (_, leaf) => whole(field, leaf),
        };
        if matches!((field.ty(), leaf), (Type::Object, Leaf::Many(Err(_)))) {
            let below = field.children().filter(|child| !child.spec().derived && is_not_carried(record, *child));
            absent.extend(below.map(Field::path));
        }
        put(&mut object, field.path(), written);
    }
    if !absent.is_empty() {
        let state = json!({"path": absent.join(" "), "state": State::NotCarried.name()});
        object.insert(VALUE_STATES.to_owned(), json!([state]));
    }
    object
}

fn is_not_carried(record: &Record, field: Field) -> bool {
    matches!(record.leaf(field), Leaf::Many(Err(Missing::NotCarried)))
}

/// Sets the value of a path, which may lead into a group such as `organisation`.
fn put(object: &mut Object, path: &str, value: Json) {
    match path.split_once('.') {
        None => drop(object.insert(path.to_owned(), value)),
        Some((group, key)) => {
            if let Json::Object(group) = object.entry(group).or_insert_with(|| Json::Object(Object::new())) {
                group.insert(key.to_owned(), value);
            }
        }
    }
}

fn list(record: &Record, list: Field, items: &[Cell]) -> Json {
    let below: Vec<Field> = list.children().filter(|field| !field.spec().derived).collect();
    let item = |(at, state): (usize, &Cell)| match state {
        Err(missing) => nothing(missing),
        Ok(_) => {
            let cells = below.iter().filter_map(|field| Some((*field, record.leaf(*field).cells().get(at)?)));
            let carried = cells.filter(|(_, cell)| !matches!(cell, Err(Missing::NotCarried)));
            Json::Object(carried.map(|(field, cell)| (field.key().to_owned(), one(field, cell))).collect())
        }
    };
    items.iter().enumerate().map(item).collect()
}

fn whole(field: Field, leaf: &Leaf) -> Json {
    match leaf {
        Leaf::One(cell) => one(field, cell),
        Leaf::Many(Ok(cells)) => cells.iter().map(|cell| one(field, cell)).collect(),
        Leaf::Many(Err(Missing::Blank)) => json!([]),
        Leaf::Many(Err(missing)) => nothing(missing),
    }
}

fn one(field: Field, cell: &Cell) -> Json {
    match cell {
        Err(missing) => nothing(missing),
        Ok(Value::Text(text)) => text.as_str().into(),
        Ok(Value::Term(term)) => match field.ty() {
            Type::Term(vocabulary) => vocabulary.word(*term).into(),
            _ => Json::Null,
        },
        Ok(Value::Country(country)) => country.code().into(),
        Ok(Value::Date(date)) => date.to_string().into(),
        Ok(Value::Flag(flag)) => (*flag).into(),
        Ok(Value::Number(number)) => (*number).into(),
        Ok(Value::Object) => json!({}),
    }
}

fn nothing(missing: &Missing) -> Json {
    match missing {
        Missing::Blank | Missing::NotCarried => Json::Null,
        Missing::Withheld => json!({ WITHHELD: true }),
        Missing::Invalid(raw) => json!({ INVALID: raw }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::record;
    use super::*;

    #[test]
    fn what_is_written_is_read_back_as_the_same_record() {
        let rows = [
            json!({"record_id": "a", "kind": "sltd", "sex": "?", "date_of_birth": "1980", "family_name": {"withheld": true}}),
            json!({"record_id": "b", "charges": [{"text": "A", "law": null}, {"withheld": true}, null, 7, {"x": 1}], "events": []}),
            json!({"record_id": "c", "nationalities": ["XA", null, "Ruritania"], "organisation": {"name": "O", "listed_by": "un"}}),
            json!({"record_id": "d", "facts_summary": {"a": 1}, "charges": [], "value_states": [{"path": "charges.law charges.text", "state": "not_carried"}], "harm": null}),
        ];
        for row in rows {
            let (read, _) = record(row.as_object().expect("an object"));
            let written = object(&read);
            let (again, unknown) = record(&written);
            assert!(read == again, "{row} -> {}", Json::Object(written));
            assert_eq!(unknown, Vec::<String>::new());
        }
    }

    #[test]
    fn states_are_written_so_that_a_person_can_tell_them_apart() {
        let row =
            json!({"record_id": "a", "sex": "?", "case_ref": {"withheld": true}, "forenames": "", "nationalities": []});
        let (read, _) = record(row.as_object().expect("an object"));
        let want = json!({"record_id": "a", "forenames": null, "sex": {"invalid": "?"}, "nationalities": [], "case_ref": {"withheld": true}});
        assert_eq!(Json::Object(object(&read)), want);
    }
}
