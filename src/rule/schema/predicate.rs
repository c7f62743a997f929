//! What can be asked of a field, as a schema: one definition for each type of field, with the operators and options that fit.

use serde_json::{Map, Value as Json, json};

use super::{described, reference};
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

/// The name of what can be asked of a field: one for each type, and for each list of objects.
pub(super) fn definition(field: Field, many: bool) -> String {
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
pub(super) fn predicate(field: Field, many: bool) -> Json {
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

pub(super) fn value(field: Field) -> Json {
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
}
