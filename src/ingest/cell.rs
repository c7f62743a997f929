//! One JSON value as one cell of a field. What cannot be read is kept as it stands and is invalid, never guessed.

use std::borrow::Cow;

use serde_json::{Number, Value as Json};

use super::written::{INVALID, WITHHELD};
use crate::record::{Cell, Country, Field, Missing, PartialDate, Type, Value};

/// The word that stands for all members among the recipients.
const EVERY_MEMBER: &str = "*";
/// Whole numbers up to here are exact as a float.
const EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// Reads the value of one cell.
pub(super) fn cell(field: Field, json: Json) -> Cell {
    if let Some(missing) = missing(&json) {
        return Err(missing);
    }
    let value = match field.ty() {
        Type::Text => return text(json).map(Value::Text),
        Type::Term(vocabulary) => json.as_str().and_then(|word| vocabulary.position(word)).map(Value::Term),
        Type::Country => country(field, &json).map(Value::Country),
        Type::Date => short_text(&json).and_then(|date| PartialDate::parse(&date)).map(Value::Date),
        Type::Flag => flag(&json).map(Value::Flag),
        Type::Number => number(&json).map(Value::Number),
        // Only the items of a list of objects are read as such, by the list.
        Type::Object => None,
    };
    value.ok_or_else(|| invalid(json))
}

/// Whether the source says that there is nothing here: `null`, an empty text or list, or `{"withheld": true}`; or that what
/// is here could not be read, `{"invalid": "…"}`.
pub(super) fn missing(json: &Json) -> Option<Missing> {
    match json {
        Json::Null => Some(Missing::Blank),
        Json::String(text) if text.trim().is_empty() => Some(Missing::Blank),
        Json::Array(items) if items.is_empty() => Some(Missing::Blank),
        Json::Object(object) if object.len() == 1 => match object.iter().next() {
            Some((key, Json::Bool(true))) if key == WITHHELD => Some(Missing::Withheld),
            Some((key, Json::String(raw))) if key == INVALID => Some(Missing::Invalid(raw.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// The value as it stands, kept because it cannot be read.
pub(super) fn invalid(json: Json) -> Missing {
    Missing::Invalid(match json {
        Json::String(text) => text,
        other => other.to_string(),
    })
}

/// Text; also a whole number, as in a reference that a spreadsheet took for one.
fn text(json: Json) -> Result<String, Missing> {
    match json {
        Json::String(text) => Ok(text),
        other => whole_number(&other).map(|number| number.to_string()).ok_or_else(|| invalid(other)),
    }
}

/// Text that is read further: a year or a country code may stand as a number.
fn short_text(json: &Json) -> Option<Cow<'_, str>> {
    match json {
        Json::String(text) => Some(text.trim().into()),
        other => whole_number(other).map(|number| number.to_string().into()),
    }
}

fn whole_number(json: &Json) -> Option<i64> {
    json.as_number().and_then(whole)
}

fn country(field: Field, json: &Json) -> Option<Country> {
    let code = short_text(json)?;
    if code == EVERY_MEMBER {
        return (field == Field::RECIPIENTS).then_some(Country::EVERY);
    }
    Country::parse(&code)
}

fn flag(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(flag) => Some(*flag),
        Json::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" => Some(true),
            "false" | "no" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

fn number(json: &Json) -> Option<i64> {
    match json {
        Json::String(text) => {
            let text = text.trim();
            text.parse().ok().or_else(|| whole(&text.parse().ok()?))
        }
        other => whole_number(other),
    }
}

fn whole(number: &Number) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53 is exact in both types")]
    let from_float =
        |float: f64| (float.trunc().total_cmp(&float).is_eq() && float.abs() <= EXACT_FLOAT).then_some(float as i64);
    number.as_i64().or_else(|| if number.is_f64() { number.as_f64().and_then(from_float) } else { None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(path: &str, json: &Json) -> Result<String, String> {
        let field = Field::named(path).expect("the catalogue has the field");
        match cell(field, json.clone()) {
            Ok(Value::Text(text)) => Ok(text),
            Ok(Value::Term(term)) => Ok(term.to_string()),
            Ok(Value::Country(country)) => Ok(country.to_string()),
            Ok(Value::Date(date)) => Ok(date.to_string()),
            Ok(Value::Flag(flag)) => Ok(flag.to_string()),
            Ok(Value::Number(number)) => Ok(number.to_string()),
            Ok(Value::Object) => Ok("{}".into()),
            Err(missing) => Err(format!("{missing:?}")),
        }
    }

    #[test]
    fn texts_stand_for_numbers_and_flags() {
        assert_eq!(read("sentence_months", &json!("12")), Ok("12".into()));
        assert_eq!(read("sentence_months", &json!(12.0)), Ok("12".into()));
        assert_eq!(read("sentence_months", &json!("12.0")), Ok("12".into()));
        assert_eq!(read("is_public", &json!("TRUE")), Ok("true".into()));
        assert_eq!(read("case_ref", &json!(4711)), Ok("4711".into()));
        assert_eq!(read("date_of_birth", &json!(1980)), Ok("1980".into()));
        assert_eq!(read("requesting_country", &json!(914)), Ok("914".into()));
    }

    #[test]
    fn what_cannot_be_read_is_invalid_and_kept() {
        for (path, json, raw) in [
            ("sentence_months", json!(1.5), "1.5"),
            ("sentence_months", json!(u64::MAX), "18446744073709551615"),
            ("sentence_months", json!("life"), "life"),
            ("is_public", json!(1), "1"),
            ("date_of_birth", json!("01/02/1985"), "01/02/1985"),
            ("sex", json!("M"), "M"),
            ("nationalities", json!("Ruritania"), "Ruritania"),
            ("nationalities", json!("*"), "*"),
            ("facts_summary", json!({"a": 1}), r#"{"a":1}"#),
            ("facts_summary", json!(true), "true"),
        ] {
            assert_eq!(read(path, &json), Err(format!("{:?}", Missing::Invalid(raw.into()))), "{path}");
        }
    }

    #[test]
    fn the_interpol_codes_and_all_members_are_countries() {
        for code in ["914", "916", "922", "UNK", "XA"] {
            assert_eq!(read("requesting_country", &json!(code)), Ok(code.into()));
        }
        assert_eq!(read("recipients", &json!("*")), Ok("*".into()));
    }

    #[test]
    fn line_ends_inside_a_text_are_kept() {
        assert_eq!(read("charges.text", &json!("Murder\r\n")), Ok("Murder\r\n".into()));
        assert_eq!(read("charges.text", &json!(" \r\n")), Err("Blank".into()));
    }
}
