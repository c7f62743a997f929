//! One JSON text, read strictly and within the limits: a key that stands twice is an error, where `serde_json` keeps the last
//! one in silence, and a number keeps its digits, where a float would lose some.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::input::column;
use super::{Limit, Limits};

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
pub(super) fn object(bytes: &[u8], limits: &Limits) -> Result<Map<String, Value>, Fault> {
    let other = match value(bytes, limits)? {
        Value::Object(object) => return Ok(object),
        other => other,
    };
    let first = bytes.iter().position(|byte| !byte.is_ascii_whitespace()).unwrap_or(0);
    let found = match bytes.get(first) {
        Some(b'[') => "a list",
        Some(b'"') => "a text",
        Some(b'-' | b'0'..=b'9') => "a number",
        _ => &format!("`{other}`"),
    };
    let reason = format!("{found} stands where an object is expected; one object is one record");
    Err(Fault { line: 1, column: column(bytes, first), reason })
}

/// Reads one value of any kind.
pub(super) fn value(bytes: &[u8], limits: &Limits) -> Result<Value, Fault> {
    let text = utf8(bytes)?;
    let mut state = State { limits, depth: 0, values: 0, numbers: Numbers { text, at: 0, passed: 0 }, met: 0 };
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Strict(&mut state).deserialize(&mut deserializer);
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| fault(bytes, &error))
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

/// Whether a text is one JSON object, sound but for keys that stand twice.
pub(super) fn is_object(text: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(text).is_ok_and(|raw| raw.get().starts_with('{'))
}

fn twice<E: Error>(key: &str) -> E {
    E::custom(format_args!("key `{key}` stands twice"))
}

/// What is kept account of while one text is read.
struct State<'a> {
    limits: &'a Limits,
    depth: u64,
    values: u64,
    numbers: Numbers<'a>,
    /// Numbers that were met so far.
    met: usize,
}

impl State<'_> {
    /// Counts a value.
    fn count<E: Error>(&mut self) -> Result<(), E> {
        self.values += 1;
        self.within(Limit::RowValues, self.values, "the row has more values")
    }

    /// Enters a list or an object.
    fn enter<E: Error>(&mut self) -> Result<(), E> {
        self.depth += 1;
        self.within(Limit::Depth, self.depth, "the JSON is nested deeper")
    }

    fn text<E: Error>(&self, text: &str) -> Result<(), E> {
        self.within(Limit::FieldBytes, u64::try_from(text.len()).unwrap_or(u64::MAX), "a text is longer")
    }

    fn within<E: Error>(&self, limit: Limit, value: u64, what: &str) -> Result<(), E> {
        if value > self.limits.get(limit) { Err(E::custom(self.limits.over(limit, what))) } else { Ok(()) }
    }
}

/// The numbers of a JSON text as they are written.
struct Numbers<'a> {
    text: &'a str,
    at: usize,
    /// Numbers before `at`.
    passed: usize,
}

impl<'a> Numbers<'a> {
    /// The number at a position, counted from 0. Positions must rise.
    fn nth(&mut self, position: usize) -> Option<&'a str> {
        let bytes = self.text.as_bytes();
        loop {
            match bytes.get(self.at)? {
                b'"' => self.at = string_end(bytes, self.at + 1)? + 1,
                b'-' | b'0'..=b'9' => {
                    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
                    let length = bytes[self.at..].iter().position(|byte| !is_part(byte));
                    let end = length.map_or(bytes.len(), |length| self.at + length);
                    let number = self.text.get(self.at..end)?;
                    self.at = end;
                    self.passed += 1;
                    if self.passed > position {
                        return Some(number);
                    }
                }
                _ => self.at += 1,
            }
        }
    }
}

/// Where the quote is that ends a string.
pub(super) fn string_end(text: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match text.get(at)? {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Reads a value strictly and within the limits.
struct Strict<'s, 'a>(&'s mut State<'a>);

impl<'de> DeserializeSeed<'de> for Strict<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.0.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        self.0.met += 1;
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        self.0.met += 1;
        Ok(value.into())
    }

    /// A number whose digits a float does not keep stays as it is written, as a text.
    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        let written = self.0.numbers.nth(self.0.met);
        self.0.met += 1;
        let number = Value::from(value);
        let kept = number.to_string();
        Ok(match written.filter(|written| *written != kept) {
            Some(written) => Value::String(written.to_owned()),
            None => number,
        })
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.text(value)?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut items = vec![];
        while let Some(item) = seq.next_element_seed(Strict(&mut *self.0))? {
            items.push(item);
        }
        self.0.depth -= 1;
        Ok(Value::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        self.0.enter()?;
        let mut object = Map::new();
        while let Some(key) = map.next_key::<String>()? {
            self.0.text(&key)?;
            match object.entry(key) {
                Entry::Occupied(known) => return Err(twice(known.key())),
                Entry::Vacant(place) => {
                    place.insert(map.next_value_seed(Strict(&mut *self.0))?);
                }
            }
        }
        self.0.depth -= 1;
        Ok(Value::Object(object))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(text: &str) -> (u64, u64, String) {
        let fault = object(text.as_bytes(), &Limits::default()).expect_err("the text is broken");
        (fault.line, fault.column, fault.reason)
    }

    #[test]
    fn a_key_that_stands_twice_is_an_error_at_any_depth() {
        assert_eq!(reason(r#"{"a":1,"a":2}"#).2, "key `a` stands twice");
        assert_eq!(reason(r#"{"c":[{"t":1,"t":1}]}"#).2, "key `t` stands twice");
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
            object(b"{\"a\":\"\xff\"}", &Limits::default())
                .is_err_and(|fault| fault.reason.starts_with("not UTF-8") && fault.column == 7)
        );
    }

    #[test]
    fn deep_nesting_is_an_error_and_no_crash() {
        let deep = format!("{{\"a\":{}", "[".repeat(1_000_000));
        assert!(reason(&deep).2.starts_with("the JSON is nested deeper than 64 (limit `depth`)"));
    }

    #[test]
    fn a_row_within_the_limits_is_read_and_one_beyond_is_not() {
        let limits = Limits::default().with(Limit::RowValues, 4).with(Limit::FieldBytes, 3).with(Limit::Depth, 2);
        let outcome = |text: &str| object(text.as_bytes(), &limits).map_err(|fault| fault.reason);
        assert!(outcome(r#"{"a":[1,2]}"#).is_ok());
        for (text, limit) in [
            (r#"{"a":[1,2,3]}"#, "row-values"),
            (r#"{"a":"1234"}"#, "field-bytes"),
            (r#"{"1234":1}"#, "field-bytes"),
            (r#"{"a":{"b":{}}}"#, "depth"),
        ] {
            let said = outcome(text).expect_err("over a limit");
            assert!(said.contains(&format!("(limit `{limit}`)")), "{text}: {said}");
        }
    }

    #[test]
    fn a_number_keeps_its_digits() {
        let text = r#"{"7":[1.5,"2.50\\"],"a":123456789012345678901234567890,"b":-7,"c":1.50,"d":18446744073709551615,"e":-0}"#;
        let object = object(text.as_bytes(), &Limits::default()).expect("sound JSON");
        let read = |key: &str| object.get(key).map(Value::to_string).unwrap_or_default();
        assert_eq!(["7", "a", "b"].map(read), [r#"[1.5,"2.50\\"]"#, r#""123456789012345678901234567890""#, "-7"]);
        assert_eq!(["c", "d", "e"].map(read), [r#""1.50""#, "18446744073709551615", r#""-0""#]);
        assert!(reason(r#"{"a":1e309}"#).2.contains("number out of range"));
    }
}
