//! The canonical form: a JSON object whose keys are fields. The form of our own files, and of the fixtures of rules.
//!
//! `null`, `""` and `[]` are blank, `{"withheld": true}` is withheld, an absent key is not carried, and what cannot be read
//! is invalid with its text kept. A scalar where a list is expected is a list of one, unless it is several terms or countries
//! in one text. In a list of objects each field below has one cell an object. States that nothing else can say stand in the key
//! `value_states`, see [`states`]. [`object`] writes a record in this form.

pub mod states;
mod write;

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use serde_json::{Map, Value as Json};

use super::cell::{CellOptions, cell, invalid, missing};
use super::content::content_id;
use super::list::items;
use crate::record::{Cell, Field, Leaf, Missing, Record, Type, Value};
pub use write::object;
pub(super) use write::{INVALID, WITHHELD};

/// What a key of an object leads to.
enum Node {
    Leaf(Field),
    /// A list of objects with the fields of each.
    List(Field, Fields),
    /// An object whose keys are fields of the record: `organisation`, `harm`, `immunity`.
    Group(Fields),
}

/// Keys and their fields: few enough to be looked through.
type Fields = Vec<(&'static str, Field)>;

static KEYS: LazyLock<HashMap<&'static str, Node>> = LazyLock::new(|| {
    let mut keys = HashMap::new();
    for field in Field::all().filter(|field| field.spec().list.is_none() && !field.spec().derived) {
        match (field.ty(), field.path().split_once('.')) {
            (Type::Object, _) => {
                let below = field.children().filter(|child| !child.spec().derived);
                keys.insert(field.path(), Node::List(field, below.map(|child| (child.key(), child)).collect()));
            }
            (_, Some((group, key))) => {
                if let Node::Group(fields) = keys.entry(group).or_insert_with(|| Node::Group(vec![])) {
                    fields.push((key, field));
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
    into_record(object.clone())
}

/// As [`record`], without copying the texts.
pub(super) fn into_record(object: Map<String, Json>) -> (Record, Vec<String>) {
    into_record_with(object, &CellOptions::default())
}

/// As [`record`], without copying the texts, and with what is known about the cells of the source.
pub(super) fn into_record_with(mut object: Map<String, Json>, options: &CellOptions) -> (Record, Vec<String>) {
    let states = states::take(&mut object);
    let mut reading = Reading { options, record: Record::default(), unknown: BTreeSet::new() };
    let key = Field::RECORD_ID.path();
    let id = object.get(key).map_or(Err(Missing::Blank), |id| cell(Field::RECORD_ID, id.clone(), options));
    if let Err(Missing::Invalid(_)) = id {
        reading.unknown.insert(key.to_owned());
    }
    let id = id.unwrap_or_else(|_| Value::Text(content_id(&object)));
    for (key, value) in object {
        match KEYS.get(key.as_str()) {
            Some(Node::Leaf(field)) => reading.record.set(*field, leaf(*field, value, options)),
            Some(Node::List(field, below)) => reading.list(*field, below, value),
            Some(Node::Group(fields)) => reading.group(&key, fields, value),
            None => drop(reading.unknown.insert(key)),
        }
    }
    let Reading { mut record, unknown, .. } = reading;
    record.set(Field::RECORD_ID, Leaf::One(Ok(id)));
    states::apply(&mut record, &states.unwrap_or_default());
    record.derive();
    (record, unknown.into_iter().collect())
}

/// Whether a key of an object leads to a field.
pub(super) fn is_key(key: &str) -> bool {
    KEYS.contains_key(key)
}

struct Reading<'o> {
    options: &'o CellOptions,
    record: Record,
    unknown: BTreeSet<String>,
}

impl Reading<'_> {
    fn group(&mut self, name: &str, fields: &[(&str, Field)], json: Json) {
        match (missing(&json), json) {
            (None, Json::Object(object)) => {
                for (key, value) in object {
                    match field_of(fields, &key) {
                        Some(field) => self.record.set(field, leaf(field, value, self.options)),
                        None => drop(self.unknown.insert(format!("{name}.{key}"))),
                    }
                }
            }
            (whole, json) => {
                let whole = whole.unwrap_or_else(|| invalid(json));
                fields.iter().for_each(|(_, field)| self.record.set(*field, nothing(*field, whole.clone())));
            }
        }
    }

    fn list(&mut self, list: Field, below: &[(&str, Field)], json: Json) {
        if let Some(whole) = missing(&json) {
            below.iter().for_each(|(_, field)| self.record.set(*field, nothing(*field, whole.clone())));
            self.record.set(list, nothing(list, whole));
            return;
        }
        let mut items = objects(json);
        let states: Vec<Cell> = items.iter().map(object_cell).collect();
        for (key, field) in below {
            let cells = items.iter_mut().zip(&states).map(|(item, state)| match (state, item.get_mut(*key)) {
                (Err(missing), _) => Err(missing.clone()),
                (Ok(_), Some(value)) => cell(*field, value.take(), self.options),
                (Ok(_), None) => Err(Missing::NotCarried),
            });
            let cells = cells.collect();
            self.record.set(*field, Leaf::Many(Ok(cells)));
        }
        let objects =
            items.iter().zip(&states).filter(|(_, state)| state.is_ok()).filter_map(|(item, _)| item.as_object());
        for key in objects.flat_map(Map::keys).filter(|key| field_of(below, key).is_none()) {
            self.unknown.insert(format!("{}.{key}", list.path()));
        }
        self.record.set(list, Leaf::Many(Ok(states)));
    }
}

fn leaf(field: Field, json: Json, options: &CellOptions) -> Leaf {
    if !field.is_many() {
        return Leaf::One(cell(field, json, options));
    }
    if let Some(whole) = missing(&json) {
        return nothing(field, whole);
    }
    let cells: Vec<Cell> = items(field, json).into_iter().map(|item| cell(field, item, options)).collect();
    // A list of nothing but empty texts is an empty list.
    if cells.iter().all(|cell| *cell == Err(Missing::Blank)) {
        return nothing(field, Missing::Blank);
    }
    Leaf::Many(Ok(cells))
}

fn field_of(fields: &[(&str, Field)], key: &str) -> Option<Field> {
    fields.iter().find(|(known, _)| *known == key).map(|(_, field)| *field)
}

/// The objects of a list; one alone is a list of one.
fn objects(json: Json) -> Vec<Json> {
    match json {
        Json::Array(items) => items,
        one => vec![one],
    }
}

/// Whether an item of a list of objects is an object.
fn object_cell(item: &Json) -> Cell {
    match missing(item) {
        Some(missing) => Err(missing),
        None if item.is_object() => Ok(Value::Object),
        None => Err(invalid(item.clone())),
    }
}

fn nothing(field: Field, missing: Missing) -> Leaf {
    if field.is_many() { Leaf::Many(Err(missing)) } else { Leaf::One(Err(missing)) }
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
    fn several_terms_or_countries_in_one_text_are_a_list_and_texts_are_not() {
        let (record, _) = read(json!({"other_names": "Y; Z", "nationalities": "XA|XB"}));
        assert_eq!(leaf_of(&record, "other_names"), Leaf::Many(Ok(vec![text("Y; Z")])), "a text may hold anything");
        assert_eq!(leaf_of(&record, "nationalities").cells().len(), 2);
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
