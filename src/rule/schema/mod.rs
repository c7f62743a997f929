//! The rule language as a JSON Schema, for completion and hover in editors.
//!
//! In go the tables of the program: keys, fields, vocabularies, operators and their options. Out comes one document, draft 7,
//! the latest that taplo and the editors built on it read. What the schema lets through may still be wrong, for it knows
//! nothing of conditions, lists and other rules; what it refuses, `article3 rules check` refuses too.

mod predicate;

use serde_json::{Map, Value as Json, json};

use super::condition::RESERVED;
use super::keys::{FILE, KeySpec, RULESET, Shape};
use super::{Kind, Verdict};
use crate::record::{Field, Type};
use predicate::{definition, predicate, value};

/// A schema for rule files, or for `ruleset.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SchemaOf {
    /// Files with rules.
    Rules,
    /// `ruleset.toml`.
    RuleSet,
}

/// The JSON Schema of files of a rule set.
#[must_use]
pub fn schema(of: SchemaOf) -> Json {
    let (title, keys) = match of {
        SchemaOf::Rules => ("article3 rules", FILE),
        SchemaOf::RuleSet => ("article3 rule set", RULESET),
    };
    let mut schema = table(keys);
    let head = schema.as_object_mut().map(std::mem::take).unwrap_or_default();
    let mut whole = Map::new();
    whole.insert("$schema".to_owned(), json!("http://json-schema.org/draft-07/schema#"));
    whole.insert("title".to_owned(), json!(title));
    whole.extend(head);
    if of == SchemaOf::Rules {
        whole.insert("definitions".to_owned(), definitions());
    }
    Json::Object(whole)
}

fn described(schema: Json, title: &str, doc: &str) -> Json {
    let Json::Object(schema) = schema else { return schema };
    let mut all = Map::new();
    all.insert("title".to_owned(), json!(title));
    all.insert("description".to_owned(), json!(doc));
    // Beside a reference nothing else is read.
    match schema.contains_key("$ref") {
        true => drop(all.insert("allOf".to_owned(), json!([schema]))),
        false => all.extend(schema),
    }
    Json::Object(all)
}

/// A table with keys, and no other.
fn table(keys: &[KeySpec]) -> Json {
    let properties: Map<String, Json> =
        keys.iter().map(|spec| (spec.key.to_owned(), described(shape(spec), spec.key, spec.doc))).collect();
    let needed: Vec<&str> = keys.iter().filter(|spec| spec.needed).map(|spec| spec.key).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    if !needed.is_empty() {
        schema["required"] = json!(needed);
    }
    schema
}

fn shape(spec: &KeySpec) -> Json {
    let text = || json!({ "type": "string", "minLength": 1 });
    match spec.shape {
        Shape::Text if spec.key == "id" => {
            json!({ "type": "string", "pattern": "^[a-z]([a-z0-9-]*[a-z0-9])?([.][a-z0-9]([a-z0-9-]*[a-z0-9])?)*$" })
        }
        Shape::Text => text(),
        Shape::Texts => json!({ "type": "array", "items": text() }),
        Shape::Count => json!({ "type": "integer", "minimum": 1 }),
        Shape::Number => json!({ "type": "number" }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Word(words) => json!({ "type": "string", "enum": words() }),
        Shape::Words(words) => json!({ "type": "array", "items": { "type": "string", "enum": words() } }),
        Shape::Table(keys) => table(keys),
        Shape::Tables(keys) => {
            let mut one = table(keys);
            if spec.key == "rule" {
                one["dependencies"] = dependencies();
            }
            json!({ "type": "array", "items": one })
        }
        Shape::Numbers(words) => {
            let number = json!({ "type": "number", "minimum": 0 });
            match words {
                None => json!({ "type": "object", "additionalProperties": number }),
                Some(words) => {
                    let properties: Map<String, Json> =
                        words().into_iter().map(|word| (word.to_owned(), number.clone())).collect();
                    json!({ "type": "object", "properties": properties, "additionalProperties": false })
                }
            }
        }
        Shape::OneOrMore => json!({ "anyOf": [text(), { "type": "array", "minItems": 1, "items": text() }] }),
        Shape::Weight => json!({ "anyOf": [text(), { "type": "number", "exclusiveMinimum": 0 }] }),
        Shape::Records => json!({ "type": "array", "items": reference("record") }),
        Shape::Cases => json!({ "type": "array", "minItems": 2, "items": { "type": "array" } }),
        Shape::Evidence => {
            let texts = json!({ "anyOf": [text(), { "type": "array", "items": text() }] });
            json!({ "anyOf": [{ "type": "array", "items": text() }, { "type": "object", "additionalProperties": texts }] })
        }
        Shape::Selection => reference("selection"),
        Shape::Alternatives => alternatives(),
        Shape::Selections => json!({ "type": "array", "minItems": 2, "items": reference("selection") }),
        Shape::Named(keys) => json!({ "type": "object", "additionalProperties": table(keys) }),
        Shape::Keys => {
            let pair = json!({
                "type": "object",
                "properties": { "field": { "type": "string" }, "this": { "type": "string" } },
                "required": ["field", "this"],
                "additionalProperties": false
            });
            json!({ "anyOf": [text(), { "type": "array", "minItems": 1, "items": { "anyOf": [text(), pair] } }] })
        }
        Shape::Bounds => reference("bounds"),
        Shape::Detection => detection(),
        Shape::Record => reference("record"),
        Shape::Verdicts => {
            let words: Vec<&str> = Verdict::ALL.iter().map(|verdict| verdict.word()).collect();
            json!({ "type": "object", "additionalProperties": { "type": "string", "enum": words } })
        }
    }
}

fn reference(name: &str) -> Json {
    json!({ "$ref": format!("#/definitions/{name}") })
}

/// What a rule of a kind has and has not.
fn of_kind(kind: Kind) -> Json {
    let without = |keys: &[&str]| json!({ "not": { "anyOf": keys.iter().map(|key| json!({ "required": [key] })).collect::<Vec<_>>() } });
    let weighs = json!({ "required": ["factor"], "oneOf": [{ "required": ["strength"] }, { "required": ["bits"] }] });
    let then = match kind {
        Kind::Indicator | Kind::Mitigator => json!({ "allOf": [weighs, without(&["ground", "requires"])] }),
        Kind::Context => json!({ "allOf": [weighs, { "required": ["requires"] }, without(&["ground"])] }),
        Kind::Gate | Kind::Gap => {
            json!({ "required": ["ground"], "allOf": [without(&["factor", "strength", "bits", "requires"])] })
        }
        Kind::Concept => without(&["factor", "strength", "bits", "requires", "ground"]),
        Kind::Filter => json!({
            "required": ["scope", "filter"],
            "allOf": [without(&["factor", "strength", "bits", "requires", "ground", "related", "explain"])],
        }),
    };
    json!({ "if": { "properties": { "kind": { "const": kind.word() } }, "required": ["kind"] }, "then": then })
}

/// What keys ask for beside them: a kind its weight or ground, a rule its one body. They are dependencies of keys that every
/// rule has, because taplo completes no key of a table with an `allOf` or a condition of its own.
fn dependencies() -> Json {
    let kinds: Vec<Json> = Kind::ALL.iter().map(|kind| of_kind(*kind)).collect();
    json!({
        "kind": { "allOf": kinds },
        "id": { "oneOf": [{ "required": ["detection"] }, { "required": ["composite"] }, { "required": ["correlation"] }, { "required": ["filter"] }] },
    })
}

/// A selection, or an array of them.
fn alternatives() -> Json {
    let selection = reference("selection");
    json!({ "anyOf": [selection, { "type": "array", "minItems": 1, "items": selection }] })
}

fn detection() -> Json {
    let condition = json!({ "type": "string", "minLength": 1 });
    json!({
        "type": "object",
        "minProperties": 1,
        "properties": { "condition": described(condition, "condition", "How the selections go together, with `and`, `or`, `not` and `N of`.") },
        "propertyNames": { "not": { "enum": RESERVED } },
        "additionalProperties": alternatives(),
    })
}

fn definitions() -> Json {
    let mut all = Map::new();
    let mut selection: Map<String, Json> = Map::new();
    let assume = json!({ "type": "string", "enum": ["no"] });
    selection.insert(
        "assume".to_owned(),
        described(assume, "assume", "Unknown counts as no. Use it seldom, and say why in a comment."),
    );
    for field in Field::all() {
        let name = definition(field, field.is_many());
        all.entry(name.clone()).or_insert_with(|| predicate(field, field.is_many()));
        selection.insert(field.path().to_owned(), described(reference(&name), field.path(), field.spec().doc));
        for child in field.children() {
            all.entry(definition(child, false)).or_insert_with(|| predicate(child, false));
        }
    }
    all.insert(
        "selection".to_owned(),
        json!({ "type": "object", "minProperties": 1, "properties": selection, "additionalProperties": false }),
    );
    all.insert("record".to_owned(), record());
    all.insert(
        "field".to_owned(),
        json!({ "type": "string", "enum": Field::all().map(Field::path).collect::<Vec<_>>() }),
    );
    all.insert("other".to_owned(), json!({ "type": "object", "properties": { "field": { "type": "string" } }, "required": ["field"], "additionalProperties": false }));
    let list = json!({ "type": "object", "properties": { "list": described(json!({ "type": "string" }), "list", "The name of a list, such as `lexicon/treason`.") }, "required": ["list"], "additionalProperties": false });
    let text = json!({ "type": "string", "minLength": 1 });
    all.insert(
        "texts".to_owned(),
        json!({ "anyOf": [text, list, { "type": "array", "minItems": 1, "items": { "anyOf": [text, list] } }] }),
    );
    let orders = ["lt", "lte", "gt", "gte"].map(|key| (key.to_owned(), json!({ "type": "integer" })));
    all.insert("bounds".to_owned(), json!({ "anyOf": [{ "type": "integer" }, { "type": "object", "minProperties": 1, "properties": Map::from_iter(orders), "additionalProperties": false }] }));
    all.sort_keys();
    Json::Object(all)
}

/// A record as it stands in a test.
fn record() -> Json {
    let mut keys: Map<String, Json> = Map::new();
    for field in Field::all().filter(|field| field.spec().list.is_none() && !field.spec().derived) {
        let (key, schema) = match (field.ty(), field.path().split_once('.')) {
            (Type::Object, _) => {
                let below = field.children().filter(|child| !child.spec().derived);
                let inner: Map<String, Json> =
                    below.map(|child| (child.key().to_owned(), given(child, false))).collect();
                let object = json!({ "type": "object", "properties": inner, "additionalProperties": false });
                (field.path(), json!({ "anyOf": [{ "type": "array", "items": object }, missing()] }))
            }
            (_, Some((group, key))) => {
                let object = keys
                    .entry(group)
                    .or_insert_with(|| json!({ "type": "object", "properties": {}, "additionalProperties": false }));
                object["properties"][key] = given(field, field.is_many());
                continue;
            }
            (_, None) => (field.path(), given(field, field.is_many())),
        };
        keys.insert(key.to_owned(), described(schema, key, field.spec().doc));
    }
    json!({ "type": "object", "properties": keys, "additionalProperties": false })
}

/// What stands for a value that is not there.
fn missing() -> Json {
    json!({ "anyOf": [
        { "type": "string", "enum": [""] },
        { "type": "object", "properties": { "withheld": { "type": "boolean", "enum": [true] } }, "required": ["withheld"], "additionalProperties": false },
    ] })
}

/// A value of a record, which may be blank or withheld.
fn given(field: Field, many: bool) -> Json {
    let one = match field.ty() {
        // A record may name a country as people do.
        Type::Country => json!({ "type": "string" }),
        _ => value(field),
    };
    let any = json!({ "anyOf": [one, missing()] });
    if many { json!({ "anyOf": [one, missing(), { "type": "array", "items": any }] }) } else { any }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_reference_leads_to_a_definition_and_is_an_address() {
        fn references<'a>(schema: &'a Json, into: &mut BTreeSet<&'a str>) {
            match schema {
                Json::Object(keys) => {
                    into.extend(keys.get("$ref").and_then(Json::as_str));
                    keys.values().for_each(|inner| references(inner, into));
                }
                Json::Array(parts) => parts.iter().for_each(|part| references(part, into)),
                _ => {}
            }
        }
        let schema = schema(SchemaOf::Rules);
        let mut found = BTreeSet::new();
        references(&schema, &mut found);
        assert!(found.len() > 20, "{found:?}");
        for reference in found {
            let name = reference.strip_prefix("#/definitions/").unwrap_or_default();
            assert!(schema["definitions"].get(name).is_some(), "{reference}");
            assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte)), "{reference}");
        }
    }
}
