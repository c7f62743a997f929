//! The schema of rule files against rule files: what ships is valid, what `rules check` refuses for its keys, types and
//! words is not. The validator here knows the part of JSON Schema that the schema uses, and fails on any other.

use article3::rule::{SHIPPED, SchemaOf, schema};
use serde_json::{Value, json};

/// Whether a value is valid.
fn fits(schema: &Value, whole: &Value, value: &Value) -> bool {
    let fits = |schema: &Value, value: &Value| fits(schema, whole, value);
    let each = |schemas: &Value| schemas.as_array().expect("schemas").clone();
    schema.as_object().expect("a schema").iter().all(|(key, rule)| match key.as_str() {
        "$schema" | "title" | "description" | "definitions" | "then" => true,
        "$ref" => fits(whole.pointer(&rule.as_str().expect("a reference")[1..]).expect("a definition"), value),
        "type" => match rule.as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64(),
            Some("number") => value.is_number(),
            Some("boolean") => value.is_boolean(),
            other => unreachable!("the schema names no type {other:?}"),
        },
        "enum" => each(rule).contains(value),
        "const" => rule == value,
        "anyOf" => each(rule).iter().any(|schema| fits(schema, value)),
        "oneOf" => each(rule).iter().filter(|schema| fits(schema, value)).count() == 1,
        "allOf" => each(rule).iter().all(|schema| fits(schema, value)),
        "not" => !fits(rule, value),
        "if" => !fits(rule, value) || fits(&schema["then"], value),
        "dependencies" => value.as_object().is_none_or(|keys| {
            rule.as_object().expect("keys").iter().all(|(key, schema)| !keys.contains_key(key) || fits(schema, value))
        }),
        "pattern" => value.as_str().is_none_or(|text| matches(rule.as_str().expect("a pattern"), text)),
        "minLength" => {
            value.as_str().is_none_or(|text| text.chars().count() as u64 >= rule.as_u64().expect("a number"))
        }
        "minimum" => value.as_f64().is_none_or(|number| number >= rule.as_f64().expect("a number")),
        "maximum" => value.as_f64().is_none_or(|number| number <= rule.as_f64().expect("a number")),
        "minItems" => value.as_array().is_none_or(|items| items.len() as u64 >= rule.as_u64().expect("a number")),
        "items" => value.as_array().is_none_or(|items| items.iter().all(|item| fits(rule, item))),
        "minProperties" => value.as_object().is_none_or(|keys| keys.len() as u64 >= rule.as_u64().expect("a number")),
        "required" => value
            .as_object()
            .is_none_or(|keys| each(rule).iter().all(|key| keys.contains_key(key.as_str().expect("a key")))),
        "propertyNames" => value.as_object().is_none_or(|keys| keys.keys().all(|key| fits(rule, &json!(key)))),
        "properties" => value
            .as_object()
            .is_none_or(|keys| keys.iter().all(|(key, value)| rule.get(key).is_none_or(|schema| fits(schema, value)))),
        "additionalProperties" => value.as_object().is_none_or(|keys| {
            let more = keys.iter().filter(|(key, _)| schema["properties"].get(key.as_str()).is_none());
            more.into_iter().all(|(_, value)| if rule.is_boolean() { rule == true } else { fits(rule, value) })
        }),
        other => unreachable!("the validator does not know `{other}`"),
    })
}

fn matches(pattern: &str, text: &str) -> bool {
    regex::Regex::new(pattern).expect("a pattern").is_match(text)
}

fn json(text: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Table>(text).expect("TOML")).expect("JSON")
}

fn is_valid(of: SchemaOf, file: &Value) -> bool {
    let schema = schema(of);
    fits(&schema, &schema, file)
}

#[test]
fn every_shipped_file_is_valid() {
    for (name, text) in SHIPPED.iter().filter(|(name, _)| name.ends_with(".toml") && !name.contains('/')) {
        let of = if *name == "ruleset.toml" { SchemaOf::RuleSet } else { SchemaOf::Rules };
        let file = json(text);
        let rules = file["rule"].as_array().cloned().unwrap_or_default();
        let wrong: Vec<&Value> =
            rules.iter().filter(|rule| !is_valid(of, &json!({ "rule": [rule] }))).map(|rule| &rule["id"]).collect();
        assert!(is_valid(of, &file), "{name}: {wrong:?}");
    }
}

const RULE: &str = r#"
[[rule]]
id       = "charge.x"
revision = 1
title    = "t"
status   = "test"
kind     = "indicator"
factor   = "a"
bits     = 1.5
basis    = [{ cite = "x" }]
scope    = { kind = "red_notice" }
explain  = { message = "m" }
[rule.detection.one]
"charges.wording" = { contains = ["a", { list = "lexicon/x" }], word = true, quantifier = "any" }
requested_at      = { after = { field = "published_at" }, within = "180d" }
decisions         = { match = { outcome = "refused" } }
[[rule.test]]
name   = "n"
given  = { kind = "red_notice", roles = [], charges = [{ text = { withheld = true } }] }
expect = "yes"
"#;

#[test]
fn what_the_check_refuses_is_not_valid() {
    assert!(is_valid(SchemaOf::Rules, &json(RULE)));
    for (from, to) in [
        ("title ", "titel "),
        ("\"charge.x\"", "\"Charge X\""),
        ("revision = 1", "revision = 0"),
        ("\"test\"\nkind", "\"tested\"\nkind"),
        ("factor   = \"a\"", "factor   = \"z\""),
        ("factor   = \"a\"\n", ""),
        ("bits     = 1.5", "bits     = 1.5\nstrength = \"weak\""),
        ("bits     = 1.5", "bits     = 1.5\nground   = \"rpd\""),
        ("bits     = 1.5", "bits     = 1.5\nrequires = \"1 of factor:a\""),
        ("cite = \"x\"", "url = \"x\""),
        ("kind = \"red_notice\" }\nexplain", "kind = \"red\" }\nexplain"),
        ("\"charges.wording\"", "\"charges.words\""),
        ("contains =", "before ="),
        ("word = true", "word = 1"),
        ("\"any\"", "\"some\""),
        ("\"180d\"", "\"6 months\""),
        ("outcome = ", "outcom = "),
        ("[rule.detection.one]", "[rule.detection.and]"),
        ("\"yes\"", "\"maybe\""),
        ("roles = []", "role = []"),
        ("withheld = true", "hidden = true"),
    ] {
        assert!(RULE.contains(from), "{from}");
        assert!(!is_valid(SchemaOf::Rules, &json(&RULE.replacen(from, to, 1))), "{from} to {to}");
    }
    assert!(!is_valid(SchemaOf::RuleSet, &json("name = \"x\"\nversion = \"1\"\nlanguage = \"other\"")));
}
