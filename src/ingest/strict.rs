//! One JSON object, read strictly: a key that stands twice is an error, where `serde_json` keeps the last one in silence.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::input::column;

/// What is wrong with a JSON text, and where in this text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Line within the text, counted from 1.
    pub(super) line: u64,
    /// Column in characters, counted from 1.
    pub(super) column: u64,
    pub(super) reason: String,
}

/// Reads one object.
pub(super) fn object(bytes: &[u8]) -> Result<Map<String, Value>, Fault> {
    let first = bytes.iter().position(|byte| !byte.is_ascii_whitespace());
    let found = match first.and_then(|at| bytes.get(at)) {
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'-' | b'0'..=b'9') => "a number",
        _ => "",
    };
    let text = utf8(bytes)?;
    if !found.is_empty() {
        let reason = format!("{found} stands where an object is expected; one object is one record");
        return Err(Fault { line: 1, column: column(bytes, first.unwrap_or(0)), reason });
    }
    match serde_json::from_str::<Strict>(text) {
        Ok(Strict(Value::Object(object))) => Ok(object),
        Ok(Strict(other)) => {
            Err(Fault { line: 1, column: 1, reason: format!("`{other}` stands where an object is expected") })
        }
        Err(error) => Err(fault(bytes, &error)),
    }
}

/// The text, or where it stops being UTF-8.
pub(super) fn utf8(bytes: &[u8]) -> Result<&str, Fault> {
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let reason = "not UTF-8; if the whole input is in another encoding, name it with `--encoding`".to_owned();
        Fault {
            line: u64::try_from(line).unwrap_or(u64::MAX),
            column: column(&before[start..], before.len() - start),
            reason,
        }
    })
}

/// What `serde_json` found, with the column in characters instead of bytes.
pub(super) fn fault(bytes: &[u8], error: &serde_json::Error) -> Fault {
    let text = error.to_string();
    let said = text.rsplit_once(" at line ").map_or(text.as_str(), |(said, _)| said);
    let reason = if error.is_data() { said.to_owned() } else { format!("not valid JSON: {said}") };
    let line = bytes.split(|byte| *byte == b'\n').nth(error.line().saturating_sub(1)).unwrap_or_default();
    Fault {
        line: u64::try_from(error.line().max(1)).unwrap_or(u64::MAX),
        column: column(line, error.column().saturating_sub(1)),
        reason,
    }
}

/// The members of one object, unread. A key that stands twice is an error.
#[derive(Debug)]
pub(super) struct Members<'a>(pub(super) Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
        let mut members: Vec<(String, &RawValue)> = vec![];
        let mut known = HashSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if !known.insert(key.clone()) {
                return Err(twice(&key));
            }
            members.push((key, map.next_value()?));
        }
        Ok(Members(members))
    }
}

fn twice<E: Error>(key: &str) -> E {
    E::custom(format_args!("key `{key}` stands twice"))
}

struct Strict(Value);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Self)
    }
}

struct StrictVisitor;

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = vec![];
        while let Some(Strict(item)) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            match object.entry(key) {
                Entry::Occupied(known) => return Err(twice(known.key())),
                Entry::Vacant(place) => {
                    let Strict(value) = map.next_value()?;
                    place.insert(value);
                }
            }
        }
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> (u64, u64, String) {
        let fault = object(text.as_bytes()).expect_err("the text is broken");
        (fault.line, fault.column, fault.reason)
    }

    #[test]
    fn a_key_that_stands_twice_is_an_error_at_any_depth() {
        assert_eq!(reason(r#"{"a":1,"a":2}"#).2, "key `a` stands twice");
        assert_eq!(reason(r#"{"c":[{"t":1,"t":1}]}"#).2, "key `t` stands twice");
        assert!(serde_json::from_str::<Members<'_>>(r#"{"a":1,"a":2}"#).is_err());
    }

    #[test]
    fn an_error_names_line_and_column_in_characters() {
        assert_eq!(reason("{\"я\":\n\"яя\",}"), (2, 6, "not valid JSON: trailing comma".into()));
        assert_eq!(reason("{\"a\":").0, 1);
    }

    #[test]
    fn what_is_no_object_is_named() {
        assert!(reason("[1]").2.starts_with("a list stands where an object is expected"));
        assert!(reason("\"x\"").2.starts_with("a text stands"));
        assert!(reason("null").2.starts_with("`null` stands"));
        assert!(
            object(b"{\"a\":\"\xff\"}").is_err_and(|fault| fault.reason.starts_with("not UTF-8") && fault.column == 7)
        );
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
        assert!(reason(&deep).2.contains("recursion limit"));
    }
}
