//! One JSON value as one cell of a field. What cannot be read is kept as it stands and is invalid, never guessed.

use std::borrow::Cow;

use serde_json::{Number, Value as Json};

use super::canonical::{INVALID, WITHHELD};
use super::{Blanks, DayOrders};
use crate::record::{Cell, Country, Field, Missing, PartialDate, Type, Value};
use crate::text::trimmed;

/// The word that stands for all members among the recipients.
const EVERY_MEMBER: &str = "*";
/// Whole numbers up to here are exact as a float.
const EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// What is known about the cells of a source before they are read. By default, nothing.
#[derive(Debug, Clone, Default)]
pub struct CellOptions {
    /// Which of day and month stands first, field by field.
    pub orders: DayOrders,
    /// The texts that stand for nothing.
    pub blanks: Blanks,
    /// The day of reading, after which nobody was born.
    pub today: Option<PartialDate>,
}

/// Reads the value of one cell.
pub(super) fn cell(field: Field, json: Json, options: &CellOptions) -> Cell {
    if let Some(missing) = missing(&json) {
        return Err(missing);
    }
    if is_placeholder(field, &json, &options.blanks) {
        return Err(Missing::Blank);
    }
    let value = match field.ty() {
        Type::Text => return text(json).map(Value::Text),
        Type::Term(vocabulary) => json.as_str().and_then(|word| vocabulary.position(trimmed(word))).map(Value::Term),
        Type::Country => country(field, &json).map(Value::Country),
        Type::Date => date(field, &json, options).map(Value::Date),
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
        Json::String(text) if trimmed(text).is_empty() => Some(Missing::Blank),
        Json::Array(items) if items.is_empty() => Some(Missing::Blank),
        Json::Object(object) if object.len() == 1 => match object.iter().next() {
            Some((key, Json::Bool(true))) if key == WITHHELD => Some(Missing::Withheld),
            Some((key, Json::String(raw))) if key == INVALID => Some(Missing::Invalid(raw.clone())),
            _ => None,
        },
        _ => None,
    }
}

/// Whether the cell is filled in with nothing: one of these texts, or a date of noughts. A word of the field's own
/// vocabulary, such as `none`, says something.
pub(super) fn is_placeholder(field: Field, json: &Json, blanks: &Blanks) -> bool {
    let is_date = field.ty() == Type::Date;
    if !is_date && blanks.is_empty() {
        return false;
    }
    let Some(text) = short_text(json) else { return false };
    match field.ty() {
        Type::Term(vocabulary) if vocabulary.position(&text).is_some() => false,
        _ => blanks.hold(field.ty(), &text) || is_date && is_date_of_noughts(&text),
    }
}

/// `0`, `0000/00/00`, `0000-00-00 00:00:00`.
fn is_date_of_noughts(text: &str) -> bool {
    text.starts_with('0') && text.chars().all(|c| matches!(c, '0' | '-' | '/' | '.' | ':' | ' '))
}

/// The value as it stands, kept because it cannot be read.
pub(super) fn invalid(json: Json) -> Missing {
    Missing::Invalid(match json {
        Json::String(text) => text,
        other => other.to_string(),
    })
}

/// Text; also a number, as in a reference that a spreadsheet took for one.
fn text(json: Json) -> Result<String, Missing> {
    match json {
        Json::String(text) => Ok(text),
        Json::Number(number) => Ok(whole(&number).map_or_else(|| number.to_string(), |whole| whole.to_string())),
        other => Err(invalid(other)),
    }
}

/// Text that is read further: a year or a country code may stand as a number.
pub(super) fn short_text(json: &Json) -> Option<Cow<'_, str>> {
    match json {
        Json::String(text) => Some(trimmed(text).into()),
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

/// A date. Nobody is born after today.
fn date(field: Field, json: &Json, options: &CellOptions) -> Option<PartialDate> {
    let date = PartialDate::parse_in(&short_text(json)?, options.orders.of(field))?;
    let to_come = options.today.is_some_and(|today| date.first > today.last);
    (field != Field::DATE_OF_BIRTH || !to_come).then_some(date)
}

fn flag(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(flag) => Some(*flag),
        Json::String(text) => match trimmed(text).to_ascii_lowercase().as_str() {
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
            let text = trimmed(text);
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
        read_with(path, json, &CellOptions::default())
    }

    fn read_with(path: &str, json: &Json, options: &CellOptions) -> Result<String, String> {
        let field = Field::named(path).expect("the catalogue has the field");
        match cell(field, json.clone(), options) {
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

    #[test]
    fn marks_that_nobody_sees_do_not_count_at_the_ends_of_codes() {
        assert_eq!(read("nationalities", &json!("\u{feff}xa\u{200f}")), Ok("XA".into()));
        assert_eq!(read("date_of_birth", &json!("\u{a0}1977-03-31\u{200e}")), Ok("1977-03-31".into()));
        assert_eq!(read("is_public", &json!("yes\u{200b}")), Ok("true".into()));
        assert_eq!(read("sentence_months", &json!("12\u{2060}")), Ok("12".into()));
        assert_eq!(read("sex", &json!("male\u{ad}")), Ok("0".into()));
        assert_eq!(read("nationalities", &json!("\u{200b}")), Err("Blank".into()));
    }

    #[test]
    fn a_date_of_noughts_is_blank() {
        for text in ["0", "0000", "0000/00/00", "00.00.0000", "0000-00-00 00:00:00"] {
            assert_eq!(read("date_of_birth", &json!(text)), Err("Blank".into()), "{text}");
        }
        assert_eq!(read("date_of_birth", &json!(0)), Err("Blank".into()));
        assert_eq!(read("sentence_months", &json!("0")), Ok("0".into()));
    }

    #[test]
    fn placeholders_are_blank_where_the_profile_lists_them() {
        let options = CellOptions { blanks: Blanks::usual(), ..CellOptions::default() };
        for (path, text) in
            [("family_name", "N/A"), ("date_of_birth", "unknown"), ("nationalities", "XX"), ("sex", "-")]
        {
            assert_eq!(read_with(path, &json!(text), &options), Err("Blank".into()), "{text}");
            assert_ne!(read(path, &json!(text)), Err("Blank".into()), "{text}");
        }
        assert_eq!(read_with("family_name", &json!("XX"), &options), Ok("XX".into()));
        let none = read_with("document_basis", &json!("none"), &options);
        assert!(none.is_ok(), "a word of the vocabulary: {none:?}");
    }

    #[test]
    fn nobody_is_born_tomorrow() {
        let options = CellOptions { today: PartialDate::day(2026, 1, 31), ..CellOptions::default() };
        let read = |path, text: &str| read_with(path, &json!(text), &options);
        assert_eq!(read("date_of_birth", "2026-02-01"), Err("Invalid(\"2026-02-01\")".into()));
        assert_eq!(read("date_of_birth", "2026"), Ok("2026".into()), "it may have been in January");
        assert_eq!(read("expires_at", "2099-01-01"), Ok("2099-01-01".into()));
    }

    #[test]
    fn an_order_known_for_a_field_settles_its_dates() {
        let options =
            CellOptions { orders: DayOrders::fixed(crate::record::DayOrder::DayFirst), ..CellOptions::default() };
        assert_eq!(read_with("date_of_birth", &json!("01/02/1985"), &options), Ok("1985-02-01".into()));
    }
}
