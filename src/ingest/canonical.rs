//! The canonical form: a JSON object whose keys are fields. The form of our own files, and of the fixtures of rules.
//!
//! `null`, `""` and `[]` are blank, `{"withheld": true}` is withheld, an absent key is not carried, and what cannot be read
//! is invalid with its text kept. A scalar where a list is expected is a list of one. In a list of objects each field below
//! has one cell an object.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde_json::{Map, Value as Json};

use super::cell::{cell, invalid, missing};
use super::content::content_id;
use crate::record::{Cell, Field, Leaf, Missing, Record, Type, Value};

/// What a key of an object leads to.
enum Node {
    Leaf(Field),
    /// A list of objects with the fields of each.
    List(Field, HashMap<&'static str, Field>),
    /// An object whose keys are fields of the record: `organisation`, `harm`, `immunity`.
    Group(HashMap<&'static str, Field>),
}

static KEYS: LazyLock<HashMap<&'static str, Node>> = LazyLock::new(|| {
    let mut keys = HashMap::new();
    for field in Field::all().filter(|field| field.spec().list.is_none() && !field.spec().derived) {
        match (field.ty(), field.path().split_once('.')) {
            (Type::Object, _) => {
                let below = field.children().filter(|child| !child.spec().derived);
                keys.insert(field.path(), Node::List(field, below.map(|child| (child.key(), child)).collect()));
            }
            (_, Some((group, key))) => {
                if let Node::Group(fields) = keys.entry(group).or_insert_with(|| Node::Group(HashMap::new())) {
                    fields.insert(key, field);
                }
            }
            (_, None) => {
                keys.insert(field.path(), Node::Leaf(field));
            }
        }
    }
    keys
});

/// Reads a record from its canonical form. Also returns the keys that are no field, dotted.
///
/// A record without a readable id gets one from its content: `sha256:` and 16 digits, the same for any order of keys.
/// A `record_id` that is there and no text counts as a key that is no field.
#[must_use]
pub fn record(object: &Map<String, Json>) -> (Record, Vec<String>) {
    let mut reading = Reading::default();
    for (key, value) in object {
        match KEYS.get(key.as_str()) {
            Some(Node::Leaf(field)) => reading.record.set(*field, leaf(*field, value)),
            Some(Node::List(field, below)) => reading.list(*field, below, value),
            Some(Node::Group(fields)) => reading.group(key, fields, value),
            None => {
                reading.unknown.insert(key.clone());
            }
        }
    }
    let Reading { mut record, mut unknown } = reading;
    if record.text(Field::RECORD_ID).is_none() {
        if let Leaf::One(Err(Missing::Invalid(_))) = record.leaf(Field::RECORD_ID) {
            unknown.insert(Field::RECORD_ID.path().to_owned());
        }
        record.set(Field::RECORD_ID, Leaf::One(Ok(Value::Text(content_id(object)))));
    }
    record.derive();
    (record, unknown.into_iter().collect())
}

#[derive(Default)]
struct Reading {
    record: Record,
    unknown: BTreeSet<String>,
}

impl Reading {
    fn group(&mut self, name: &str, fields: &HashMap<&'static str, Field>, json: &Json) {
        let whole = missing(json).or_else(|| (!json.is_object()).then(|| invalid(json)));
        match (whole, json.as_object()) {
            (None, Some(object)) => {
                for (key, value) in object {
                    match fields.get(key.as_str()) {
                        Some(field) => self.record.set(*field, leaf(*field, value)),
                        None => {
                            self.unknown.insert(format!("{name}.{key}"));
                        }
                    }
                }
            }
            (whole, _) => {
                let whole = whole.unwrap_or(Missing::Blank);
                fields_in_order(fields).for_each(|field| self.record.set(field, nothing(field, whole.clone())));
            }
        }
    }

    fn list(&mut self, list: Field, below: &HashMap<&'static str, Field>, json: &Json) {
        if let Some(whole) = missing(json) {
            fields_in_order(below).for_each(|field| self.record.set(field, nothing(field, whole.clone())));
            self.record.set(list, nothing(list, whole));
            return;
        }
        let items = items(json);
        self.record.set(list, Leaf::Many(Ok(items.iter().map(|item| cell(list, item)).collect())));
        for field in fields_in_order(below) {
            let cells = items.iter().map(|item| below_item(field, list, item)).collect();
            self.record.set(field, Leaf::Many(Ok(cells)));
        }
        let objects = items.iter().filter(|item| missing(item).is_none()).filter_map(Json::as_object);
        for key in objects.flat_map(Map::keys).filter(|key| !below.contains_key(key.as_str())) {
            self.unknown.insert(format!("{}.{key}", list.path()));
        }
    }
}

/// One cell of a field below a list: what the object says, or why there is no object.
fn below_item(field: Field, list: Field, item: &Json) -> Cell {
    match cell(list, item) {
        Ok(_) => item.get(field.key()).map_or(Err(Missing::NotCarried), |value| cell(field, value)),
        Err(missing) => Err(missing),
    }
}

fn leaf(field: Field, json: &Json) -> Leaf {
    if !field.is_many() {
        return Leaf::One(cell(field, json));
    }
    if let Some(whole) = missing(json) {
        return nothing(field, whole);
    }
    let cells: Vec<Cell> = items(json).iter().map(|item| cell(field, item)).collect();
    // A list of nothing but empty texts is an empty list.
    if cells.iter().all(|cell| *cell == Err(Missing::Blank)) {
        return nothing(field, Missing::Blank);
    }
    Leaf::Many(Ok(cells))
}

/// The items of a list; a scalar is a list of one.
fn items(json: &Json) -> &[Json] {
    match json {
        Json::Array(items) => items,
        scalar => std::slice::from_ref(scalar),
    }
}

fn nothing(field: Field, missing: Missing) -> Leaf {
    if field.is_many() { Leaf::Many(Err(missing)) } else { Leaf::One(Err(missing)) }
}

fn fields_in_order<'a>(fields: &'a HashMap<&'static str, Field>) -> impl Iterator<Item = Field> + use<'a> {
    fields.values().copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(json: Json) -> (Record, Vec<String>) {
        let Json::Object(object) = json else { return (Record::default(), vec!["no object".into()]) };
        record(&object)
    }

    fn leaf_of(record: &Record, path: &str) -> Leaf {
        record.leaf(Field::named(path).expect("the catalogue has the field")).clone()
    }

    fn text(text: &str) -> Cell {
        Ok(Value::Text(text.into()))
    }

    #[test]
    fn the_five_states_are_told_apart() {
        let (record, unknown) = read(json!({
            "record_id": "a", "family_name": "X", "forenames": "", "place_of_birth": null, "nationalities": [],
            "case_ref": {"withheld": true}, "sex": "?", "other_names": ["", null],
        }));
        assert_eq!(unknown, Vec::<String>::new());
        assert_eq!(leaf_of(&record, "family_name"), Leaf::One(text("X")));
        assert_eq!(leaf_of(&record, "forenames"), Leaf::One(Err(Missing::Blank)));
        assert_eq!(leaf_of(&record, "place_of_birth"), Leaf::One(Err(Missing::Blank)));
        assert_eq!(leaf_of(&record, "nationalities"), Leaf::Many(Err(Missing::Blank)));
        assert_eq!(leaf_of(&record, "other_names"), Leaf::Many(Err(Missing::Blank)));
        assert_eq!(leaf_of(&record, "case_ref"), Leaf::One(Err(Missing::Withheld)));
        assert_eq!(leaf_of(&record, "sex"), Leaf::One(Err(Missing::Invalid("?".into()))));
        assert_eq!(leaf_of(&record, "status"), Leaf::One(Err(Missing::NotCarried)));
    }

    #[test]
    fn each_field_of_a_list_of_objects_has_one_cell_an_object() {
        let (record, unknown) = read(json!({
            "charges": [{"text": "Robbery"}, {"text": "", "law": "CC 1", "x": 1}, {"withheld": true}, {"x": 2}, "Fraud"],
        }));
        assert_eq!(unknown, ["charges.x"]);
        assert_eq!(
            leaf_of(&record, "charges.text"),
            Leaf::Many(Ok(vec![
                text("Robbery"),
                Err(Missing::Blank),
                Err(Missing::Withheld),
                Err(Missing::NotCarried),
                Err(Missing::Invalid("Fraud".into())),
            ]))
        );
        assert_eq!(leaf_of(&record, "charges.law").cells()[..2], [Err(Missing::NotCarried), text("CC 1")]);
        assert_eq!(leaf_of(&record, "charges").cells()[0], Ok(Value::Object));
        assert_eq!(leaf_of(&record, "charges.wording").cells()[0], text("Robbery"));
    }

    #[test]
    fn a_list_that_is_missing_is_missing_in_all_its_fields() {
        let (record, _) = read(json!({"charges": [], "events": {"withheld": true}}));
        assert_eq!(leaf_of(&record, "charges.law"), Leaf::Many(Err(Missing::Blank)));
        assert_eq!(leaf_of(&record, "charges.wording"), Leaf::Many(Err(Missing::Blank)));
        assert_eq!(leaf_of(&record, "events.at"), Leaf::Many(Err(Missing::Withheld)));
    }

    #[test]
    fn a_scalar_is_a_list_of_one() {
        let (record, _) = read(json!({"other_names": "Y", "charges": {"text": "Fraud"}}));
        assert_eq!(leaf_of(&record, "other_names"), Leaf::Many(Ok(vec![text("Y")])));
        assert_eq!(leaf_of(&record, "charges.text"), Leaf::Many(Ok(vec![text("Fraud")])));
    }

    #[test]
    fn an_object_of_fields_is_read_field_by_field() {
        let (record, unknown) =
            read(json!({"organisation": {"name": "O", "listed_by": "un", "size": 3}, "harm": null, "immunity": 7}));
        assert_eq!(unknown, ["organisation.size"]);
        assert_eq!(leaf_of(&record, "organisation.name"), Leaf::One(text("O")));
        assert_eq!(leaf_of(&record, "organisation.listed_by"), Leaf::Many(Ok(vec![Ok(Value::Term(0))])));
        assert_eq!(leaf_of(&record, "harm.deaths"), Leaf::One(Err(Missing::Blank)));
        assert_eq!(leaf_of(&record, "immunity.kind"), Leaf::One(Err(Missing::Invalid("7".into()))));
    }

    #[test]
    fn a_record_without_an_id_is_named_by_its_content() {
        let id = |json| read(json).0.text(Field::RECORD_ID).map(str::to_owned).unwrap_or_default();
        let one = id(json!({"sex": "male", "charges": [{"text": "a", "law": "b"}]}));
        assert_eq!(one.len(), "sha256:".len() + 16);
        assert_eq!(one, id(json!({"record_id": "", "charges": [{"law": "b", "text": "a"}], "sex": "male"})));
        assert_ne!(one, id(json!({"sex": "female", "charges": [{"text": "a", "law": "b"}]})));
        assert_eq!(read(json!({"record_id": [1]})).1, ["record_id"]);
        assert_eq!(id(json!({"record_id": 2041})), "2041");
    }

    #[test]
    fn computed_fields_are_not_read() {
        let (_, unknown) = read(json!({"charges": [{"wording": "x"}]}));
        assert_eq!(unknown, ["charges.wording"]);
    }
}
