//! The rule language as a JSON Schema, for completion and hover in editors.
//!
//! In go the tables of the program: keys, fields, vocabularies, operators and their options. Out comes one document, draft 7,
//! the latest that taplo and the editors built on it read. What the schema lets through may still be wrong, for it knows
//! nothing of conditions, lists and other rules; what it refuses, `article3 rules check` refuses too.

use serde_json::{Map, Value as Json, json};

use super::Kind;
use super::condition::RESERVED;
use super::keys::{FILE, KeySpec, RULESET, Shape};
use crate::operator::{OPTIONS, TABLE_TESTS, fitting_operators, takes_option};
use crate::record::{Field, Type};
use crate::text::Subject;

/// What an operator or an option takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operand {
    /// A value of the field, an array of them, or another field.
    Values,
    /// A value of the field, or another field.
    Value,
    /// Texts, lists, or both.
    Texts,
    /// Two sides and a distance.
    Near,
    /// Text.
    Text,
    /// A number, or bounds.
    Bounds,
    /// The name of a field.
    Field,
    /// `true` or `false`.
    Flag,
    /// The letters of a regular expression.
    Flags,
    /// A number of days.
    Days,
    /// Names, a way to compare them, and a percentage.
    Fuzzy,
    /// Another field, and a percentage.
    Similar,
    /// Whom a sentence is about.
    Subject,
}

/// Operators and options of a predicate: key, what it takes, and what it asks.
static OPERANDS: &[(&str, Operand, &str)] = &[
    ("is", Operand::Values, "The value is equal to one of these."),
    ("neq", Operand::Values, "There is a value, and it differs from all of these."),
    ("contains", Operand::Texts, "The text occurs."),
    ("lacks", Operand::Texts, "There is a text, and none of these occurs."),
    ("startswith", Operand::Texts, "The text stands at the start."),
    ("endswith", Operand::Texts, "The text stands at the end."),
    ("near", Operand::Near, "Both occur, with at most so many words between them, in either order."),
    ("re", Operand::Text, "The regular expression fits the text as written; write it in single quotes."),
    ("words", Operand::Bounds, "The number of words."),
    ("lt", Operand::Value, "Less than."),
    ("lte", Operand::Value, "At most."),
    ("gt", Operand::Value, "More than."),
    ("gte", Operand::Value, "At least."),
    ("before", Operand::Value, "Before the first day of what is named."),
    ("after", Operand::Value, "After the last day of what is named."),
    ("year", Operand::Bounds, "The year of the date."),
    ("month", Operand::Bounds, "The month of the date."),
    ("day", Operand::Bounds, "The day of the date."),
    ("field", Operand::Field, "Equal to the other field; to any of its elements, if it is a list."),
    ("list", Operand::Text, "The whole value is an entry of a word list, or a key of a context table on the day."),
    ("lookup", Operand::Text, "What a context table says of the value on the day; what is asked of it stands beside."),
    ("fuzzy", Operand::Fuzzy, "The name is at least so many percent like one of these."),
    ("similar", Operand::Similar, "The text is at least so many percent like that of the other field."),
    ("known", Operand::Flag, "There is a value; never unknown."),
    ("blank", Operand::Flag, "The source has the field and left it empty."),
    ("word", Operand::Flag, "Whole words only."),
    ("all", Operand::Flag, "Every text must occur, not one of them."),
    ("cased", Operand::Flag, "Case, accents and the like count."),
    ("flags", Operand::Flags, "`i` case does not count, `m` `^` and `$` at every line, `s` a dot is a line end too."),
    ("sentence", Operand::Flag, "All text operators of the table hold in one sentence."),
    ("subject", Operand::Subject, "Only sentences about the person count, or only those about others."),
    ("negated", Operand::Flag, "`false`: what the text denies does not count; `true`: only that counts."),
    (
        "reported",
        Operand::Flag,
        "`false`: what the text only tells of or calls for does not count; `true`: only that counts.",
    ),
    ("column", Operand::Text, "The column of the table; left out, `value`."),
    ("as_of", Operand::Field, "The date field as of which the table is read; left out, `requested_at`."),
    ("within", Operand::Days, "At most so many days apart, as in `180d`."),
];

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
            let words: Vec<&str> = super::Verdict::ALL.iter().map(|verdict| verdict.word()).collect();
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

/// The name of what can be asked of a field: one for each type, and for each list of objects.
fn definition(field: Field, many: bool) -> String {
    let name = match field.ty() {
        Type::Term(vocabulary) => format!("word-{}", vocabulary.name),
        Type::Object => format!("objects-{}", field.path()),
        ty => ty.name().to_owned(),
    };
    // A reference is an address, and an address has no blanks.
    let name = name.replace(' ', "-");
    if many && field.ty() != Type::Object { format!("{name}-list") } else { name }
}

/// What can be asked of a field.
fn predicate(field: Field, many: bool) -> Json {
    let ty = field.ty();
    let operators: Vec<&str> = fitting_operators(ty).collect();
    let options =
        OPTIONS.iter().copied().filter(|option| operators.iter().any(|operator| takes_option(operator, option)));
    let mut keys: Map<String, Json> = Map::new();
    for key in operators.iter().copied().chain(options) {
        let Some((_, operand, doc)) = OPERANDS.iter().find(|(known, ..)| *known == key) else { continue };
        keys.insert(key.to_owned(), described(operand_schema(*operand, field), key, doc));
    }
    if operators.contains(&"lookup") {
        // Beside `lookup` a comparison is one of what the table says.
        let figure = json!({ "anyOf": [{ "type": "string" }, { "type": "number" }, { "type": "boolean" }] });
        for key in TABLE_TESTS {
            let (_, _, doc) =
                OPERANDS.iter().find(|(known, ..)| *known == key).copied().unwrap_or((key, Operand::Text, ""));
            let of_table = json!({ "anyOf": [figure, { "type": "array", "minItems": 1, "items": figure }] });
            let own = keys.remove(key).map(|own| json!({ "anyOf": [own, of_table] }));
            keys.insert(key.to_owned(), own.unwrap_or_else(|| described(of_table, key, doc)));
        }
    }
    if many {
        let words = json!({ "type": "string", "enum": ["any", "all", "none"] });
        keys.insert(
            "quantifier".to_owned(),
            described(words, "quantifier", "How many elements must hold; left out, any."),
        );
        keys.insert("count".to_owned(), described(reference("bounds"), "count", "The number of elements."));
    }
    if ty == Type::Object {
        let inner: Map<String, Json> = field
            .children()
            .map(|child| {
                (child.key().to_owned(), described(reference(&definition(child, false)), child.key(), child.spec().doc))
            })
            .collect();
        let bound = json!({ "type": "object", "minProperties": 1, "properties": inner, "additionalProperties": false });
        keys.insert("match".to_owned(), described(bound, "match", "One element for which all of these hold."));
    }
    let asked = json!({ "type": "object", "minProperties": 1, "properties": keys, "additionalProperties": false });
    if ty == Type::Object { asked } else { json!({ "anyOf": [value(field), values(field), asked] }) }
}

fn value(field: Field) -> Json {
    match field.ty() {
        Type::Term(vocabulary) => json!({ "type": "string", "enum": vocabulary.terms }),
        Type::Country => json!({ "type": "string", "pattern": "^([A-Z0-9]{2,3}|\\*)$" }),
        Type::Date => json!({ "type": "string", "pattern": "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$" }),
        Type::Flag => json!({ "type": "boolean" }),
        Type::Number => json!({ "type": "integer" }),
        Type::Text | Type::Object => json!({ "type": "string", "minLength": 1 }),
    }
}

fn values(field: Field) -> Json {
    json!({ "type": "array", "minItems": 1, "items": value(field) })
}

fn operand_schema(operand: Operand, field: Field) -> Json {
    match operand {
        Operand::Values => json!({ "anyOf": [value(field), values(field), reference("other")] }),
        Operand::Value => json!({ "anyOf": [value(field), reference("other")] }),
        Operand::Texts => reference("texts"),
        Operand::Near => json!({
            "type": "object",
            "properties": { "a": reference("texts"), "b": reference("texts"), "within": { "type": "integer", "minimum": 0 } },
            "required": ["a", "b", "within"],
            "additionalProperties": false,
        }),
        Operand::Text => json!({ "type": "string", "minLength": 1 }),
        Operand::Bounds => reference("bounds"),
        Operand::Field => json!({ "type": "string" }),
        Operand::Flag => json!({ "type": "boolean" }),
        Operand::Flags => json!({ "type": "string", "pattern": "^[ims]*$" }),
        Operand::Days => json!({ "type": "string", "pattern": "^[0-9]+d$" }),
        Operand::Fuzzy => json!({
            "type": "object",
            "properties": {
                "to": { "anyOf": [reference("texts"), reference("other")] },
                "profile": { "type": "string" },
                "gte": { "type": "integer", "minimum": 1, "maximum": 100 },
            },
            "required": ["to", "profile", "gte"],
            "additionalProperties": false,
        }),
        Operand::Similar => json!({
            "type": "object",
            "properties": {
                "to": reference("other"),
                "gte": { "type": "integer", "minimum": 1, "maximum": 100 },
            },
            "required": ["to", "gte"],
            "additionalProperties": false,
        }),
        Operand::Subject => {
            json!({ "type": "string", "enum": Subject::ALL.iter().map(|(_, name)| *name).collect::<Vec<_>>() })
        }
    }
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
    use crate::operator::operator_keys;

    #[test]
    fn every_operator_and_option_says_what_it_takes_and_what_it_asks() {
        let known: BTreeSet<&str> = OPERANDS.iter().map(|(key, ..)| *key).collect();
        let asked: BTreeSet<&str> = operator_keys().chain(OPTIONS.iter().copied()).collect();
        assert_eq!(known, asked);
        assert_eq!(known.len(), OPERANDS.len());
    }

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
