//! Several values in one text: `XA; XB`, `XA|XB`, `["XA", "XB"]`, `XA, XB`.
//!
//! A comma parts terms and countries only, and only if the whole is none and every part is one: names of people and of
//! countries have commas inside (`Taiwan, China`).

use serde_json::Value as Json;

use super::literal;
use crate::record::{Country, Field, Type};
use crate::text::trimmed;

/// What separates the items of a list in one text, whatever they are.
pub(super) const SEPARATORS: [char; 2] = [';', '|'];

/// The values that one text gives for a list field, without blanks around them and without empty ones.
pub(super) fn split_list(field: Field, text: &str) -> Vec<String> {
    let text = trimmed(text);
    if let Some(items) = bracketed(text) {
        return items;
    }
    if text.contains(SEPARATORS) {
        return parts(text.split(SEPARATORS));
    }
    if !is_value(field, text) {
        let items = parts(text.split(','));
        if items.len() > 1 && items.iter().all(|item| is_value(field, item)) {
            return items;
        }
    }
    parts([text])
}

/// The items of a JSON list. A scalar is a list of one, but a text of several terms or countries is their list.
pub(super) fn items(field: Field, json: Json) -> Vec<Json> {
    match json {
        Json::Array(items) => items,
        Json::String(text) if field.ty() != Type::Text => {
            split_list(field, &text).into_iter().map(Json::String).collect()
        }
        scalar => vec![scalar],
    }
}

fn parts<'t, T: IntoIterator<Item = &'t str>>(texts: T) -> Vec<String> {
    texts.into_iter().map(trimmed).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// Whether the text is a word of the field's vocabulary or a country.
fn is_value(field: Field, text: &str) -> bool {
    match field.ty() {
        Type::Term(vocabulary) => vocabulary.position(text).is_some(),
        Type::Country => Country::parse(text).is_some(),
        _ => false,
    }
}

/// The texts of a list that is written as one, as in `["XA", "XB"]` or `['XA', 'XB']`.
pub(super) fn quoted(text: &str) -> Option<Vec<String>> {
    let Json::Array(items) = literal::parse(text)? else { return None };
    items.into_iter().map(|item| if let Json::String(text) = item { Some(text) } else { None }).collect()
}

/// A list as programs print it, with quotes, also such as stand inside an item, or without.
fn bracketed(text: &str) -> Option<Vec<String>> {
    let inside = text.strip_prefix('[')?.strip_suffix(']')?;
    if let Some(items) = quoted(text) {
        return Some(parts(items.iter().map(String::as_str)));
    }
    let bare = |item: &str| {
        let item = item.trim();
        ['\'', '"']
            .into_iter()
            .find_map(|quote| item.strip_prefix(quote)?.strip_suffix(quote))
            .unwrap_or(item)
            .to_owned()
    };
    let items: Vec<String> = split_outside_quotes(inside).into_iter().map(bare).collect();
    Some(parts(items.iter().map(String::as_str)))
}

/// Splits at commas that stand in no quotes. A quote opens at the start of an item and closes at its end.
fn split_outside_quotes(text: &str) -> Vec<&str> {
    let mut items = vec![];
    let (mut start, mut quote) = (0, None);
    let mut before = ',';
    for (at, c) in text.char_indices() {
        match (c, quote) {
            ('\'' | '"', None) if before == ',' => quote = Some(c),
            (',', None) => {
                items.push(&text[start..at]);
                start = at + 1;
            }
            (',', Some(open)) if before == open => {
                quote = None;
                items.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    items.push(&text[start..]);
    items
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn split(path: &str, text: &str) -> Vec<String> {
        split_list(Field::named(path).expect("the catalogue has the field"), text)
    }

    #[test]
    fn countries_in_one_text_are_a_list_in_every_usual_form() {
        for text in ["XA|XB", "XA; XB;", "XA, XB", r#"["XA","XB"]"#, "['XA', 'XB']", "[XA, XB]", " [ \"XA\" , 'XB' ] "]
        {
            assert_eq!(split("nationalities", text), ["XA", "XB"], "{text}");
        }
        assert!(split("nationalities", "[]").is_empty());
    }

    #[test]
    fn a_comma_parts_nothing_that_has_a_comma_of_its_own() {
        assert_eq!(split("nationalities", "Taiwan, China"), ["Taiwan, China"]);
        assert_eq!(split("nationalities", "XA, Atlantis"), ["XA, Atlantis"]);
        assert_eq!(split("other_names", "Doe, Alex"), ["Doe, Alex"]);
        assert_eq!(split("other_names", "Doe, Alex; A. D'Oe"), ["Doe, Alex", "A. D'Oe"]);
        assert_eq!(split("nationalities", "['Taiwan, China', 'Cote d'Ivoire']"), ["Taiwan, China", "Cote d'Ivoire"]);
    }

    #[test]
    fn terms_are_parted_as_countries_are() {
        assert_eq!(split("organisation.listed_by", "un, regional"), ["un", "regional"]);
    }

    proptest! {
        #[test]
        fn no_item_is_empty_whatever_the_text(text in "[\\[\\]'\" ,;|XAB]*|\\PC*") {
            prop_assert!(split("nationalities", &text).iter().all(|item| !item.is_empty()));
        }
    }
}
