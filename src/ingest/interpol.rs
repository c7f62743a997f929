//! INTERPOL's public API as a source: one entry of a list page or one detail page becomes the canonical form.
//!
//! What the API says is carried over, and nothing is made of what it does not say: the requesting country is the country
//! that issued the warrant, never a nationality, and a page without a photograph leaves open whether there is one.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::warrants::{WARRANTS, warrants};

/// What `source` says of these records.
const SOURCE: &str = "interpol-api";
/// How the API and the files made from it write that there is nothing.
const NOTHING: [&str; 3] = ["-", "N/A", "n/a"];

/// Keys whose presence tells that an object comes from the API.
pub(super) const TELLING_KEYS: [&str; 4] = ["entity_id", "arrest_warrants", "forename", "_embedded"];
/// Keys of which a notice has at least one.
const NOTICE_KEYS: [&str; 5] = ["entity_id", "arrest_warrants", "forename", "name", "nationalities"];

/// Key of the API (and its spelling in flat copies of it), field of ours.
const PLAIN: [(&str, &str); 10] = [
    ("entity_id", "record_id"),
    ("name", "family_name"),
    ("forename", "forenames"),
    ("date_of_birth", "date_of_birth"),
    ("place_of_birth", "place_of_birth"),
    ("country_of_birth_id", "country_of_birth"),
    ("country_of_birth", "country_of_birth"),
    ("sex_id", "sex"),
    ("sex", "sex"),
    ("summary", "facts_summary"),
];
const NATIONALITIES: &str = "nationalities";
/// Other spellings and scripts of the name.
const OTHER_NAMES: [&str; 6] = [
    "aliases",
    "birth_name",
    "name_at_birth",
    "name_in_original_script",
    "forename_in_original_script",
    "formerly_known_as",
];
const DESCRIPTION: [&str; 7] =
    ["height", "weight", "eyes_colors_id", "eyes_colors", "hairs_id", "hairs_colors", "distinguishing_marks"];
const LINKS: [&str; 2] = ["_links", "_embedded"];

/// The part of a notice's address that names its kind.
const KINDS: [(&str, &str); 3] = [("/red/", "red_notice"), ("/yellow/", "yellow_notice"), ("/un/", "un_notice")];
const DEFAULT_KIND: &str = "red_notice";

pub(super) type Object = Map<String, Json>;

/// The canonical form of an API object and the keys that were not used; or why it is no notice. `kind` is for objects
/// whose address does not tell theirs.
pub(super) fn canonical(api: &Object, kind: Option<&str>) -> Result<(Object, BTreeSet<String>), String> {
    refuse_other_objects(api)?;
    let mut out = Object::with_capacity(2 * api.len());
    out.insert("kind".into(), kind_of(api).or(kind).unwrap_or(DEFAULT_KIND).into());
    out.insert("is_public".into(), true.into());
    out.insert("status".into(), "active".into());
    out.insert("source".into(), SOURCE.into());
    let mut unused = BTreeSet::new();
    for (key, value) in api {
        let key = key.as_str();
        if let Some((_, field)) = PLAIN.iter().find(|(name, _)| *name == key) {
            out.insert((*field).to_owned(), if *field == "sex" { sex(value) } else { plain(value) });
        } else if key == NATIONALITIES {
            out.insert(key.to_owned(), codes(value));
        } else if key == WARRANTS {
            warrants(value, &mut out, &mut unused);
        } else if OTHER_NAMES.contains(&key) {
            other_names(value, &mut out);
        } else if !DESCRIPTION.contains(&key) && !LINKS.contains(&key) {
            unused.insert(key.to_owned());
        }
    }
    mark(
        &mut out,
        "has_description",
        api.iter().filter(|(key, _)| DESCRIPTION.contains(&key.as_str())).map(|pair| says(pair.1)),
    );
    mark(&mut out, "has_photo", api.get("_links").map(|links| has_photo(links, api)).into_iter());
    Ok((out, unused))
}

/// Whether an object is a page with a list of notices.
pub(super) fn is_page(api: &Object) -> bool {
    api.get("_embedded").is_some_and(|embedded| embedded.get("notices").is_some())
}

fn refuse_other_objects(api: &Object) -> Result<(), String> {
    if is_page(api) {
        return Err(
            "a page with a list of notices stands where one notice is expected; read it with `--input-format json`"
                .into(),
        );
    }
    if let (Some(status), Some(message), false) = (api.get("status"), api.get("message"), api.contains_key("entity_id"))
    {
        let message = message.as_str().unwrap_or("error");
        return Err(format!(
            "an error of the API (`{status} {message}`) stands where a notice is expected; fetch it again"
        ));
    }
    if !NOTICE_KEYS.iter().any(|key| api.contains_key(*key)) {
        return Err("no key of an INTERPOL notice is here; check the file, or name its form with `--profile`".into());
    }
    Ok(())
}

fn kind_of(api: &Object) -> Option<&'static str> {
    let address = api.get("_links")?.get("self")?.get("href")?.as_str()?;
    KINDS.iter().find(|(part, _)| address.contains(part)).map(|(_, kind)| *kind)
}

/// A flag that is true if any part says so, blank if the page carries the parts and none does. It is never false: a
/// public page leaves out what the full notice may have.
fn mark(out: &mut Object, flag: &str, parts: impl Iterator<Item = bool>) {
    if let Some(any) = parts.reduce(|any, part| any | part) {
        out.insert(flag.to_owned(), if any { Json::Bool(true) } else { Json::Null });
    }
}

/// Every notice has a link to its images, whether or not there are any; only one with a photograph has a thumbnail.
fn has_photo(links: &Json, api: &Object) -> bool {
    let images = api.get("_embedded").and_then(|embedded| embedded.get("images"));
    links.get("thumbnail").is_some_and(says) || images.is_some_and(says)
}

/// Whether there is anything: height and weight are 0 where they are not known.
fn says(json: &Json) -> bool {
    match plain(json) {
        Json::Null | Json::Bool(_) => false,
        Json::Number(number) => number.as_f64().is_some_and(|number| number > 0.0),
        Json::String(text) => text.parse::<f64>().map_or(!text.trim().is_empty(), |number| number > 0.0),
        Json::Array(items) => !items.is_empty(),
        Json::Object(object) => !object.is_empty(),
    }
}

/// The value, or null where the source writes a mark for nothing.
pub(super) fn plain(json: &Json) -> Json {
    match json.as_str() {
        Some(text) if NOTHING.contains(&text.trim()) => Json::Null,
        _ => json.clone(),
    }
}

fn sex(json: &Json) -> Json {
    match plain(json).as_str().map(str::trim) {
        Some("M") => "male".into(),
        Some("F") => "female".into(),
        Some("U") => Json::Null,
        _ => plain(json),
    }
}

/// Flat copies write a list of codes as `US, BS` or `['US', 'BS']`.
fn codes(json: &Json) -> Json {
    match plain(json) {
        Json::String(text) => {
            let codes = text.split([',', ';']).map(|code| code.trim_matches([' ', '[', ']', '\'', '"']));
            codes.filter(|code| !code.is_empty()).collect::<Vec<_>>().into()
        }
        other => other,
    }
}

fn other_names(json: &Json, out: &mut Object) {
    let found = match plain(json) {
        Json::Array(names) => names,
        Json::Null => vec![],
        name => vec![name],
    };
    if let Json::Array(names) = out.entry("other_names").or_insert_with(|| Json::Array(vec![])) {
        names.extend(found);
    }
}

#[cfg(test)]
mod tests {
    use super::super::canonical as form;
    use super::*;
    use crate::record::{Field, Leaf, PartialDate, Record, Row as _, State, Value};
    use serde_json::json;

    fn object(json: Json) -> Object {
        match json {
            Json::Object(object) => object,
            _ => Object::new(),
        }
    }

    fn read(json: Json) -> Record {
        let (object, _) = canonical(&object(json), None).expect("a notice");
        form::record(&object).0
    }

    fn field(path: &str) -> Field {
        Field::named(path).expect("the catalogue has the field")
    }

    fn state(record: &Record, path: &str) -> State {
        record.state(field(path))
    }

    fn detail() -> Json {
        json!({
            "arrest_warrants": [{"issuing_country_id": "XA", "charge": "Fraude\r\n", "charge_translation": "Fraud"}],
            "weight": 0, "height": 0, "eyes_colors_id": null, "hairs_id": null, "distinguishing_marks": null,
            "forename": "-", "name": "DOE", "date_of_birth": "1960", "entity_id": "2020/1", "nationalities": null,
            "sex_id": "F", "languages_spoken_ids": ["SPA"], "_embedded": {"links": []},
            "_links": {"self": {"href": "https://ws-public.interpol.int/notices/v1/red/2020-1"}, "images": {"href": "x"}},
        })
    }

    #[test]
    fn a_detail_page_becomes_a_record() {
        let (object, unused) = canonical(&object(detail()), None).expect("a notice");
        assert_eq!(unused.into_iter().collect::<Vec<_>>(), ["languages_spoken_ids"]);
        let (record, unknown) = form::record(&object);
        assert_eq!(unknown, Vec::<String>::new());
        let text = |path| record.text(field(path));
        assert_eq!(text("record_id"), Some("2020/1"));
        assert_eq!(text("source"), Some("interpol-api"));
        assert_eq!(record.leaf(field("kind")), &Leaf::One(Ok(Value::Term(0))));
        assert_eq!(record.leaf(field("status")), &Leaf::One(Ok(Value::Term(1))));
        assert_eq!(record.leaf(field("is_public")), &Leaf::One(Ok(Value::Flag(true))));
        assert_eq!(record.leaf(field("sex")), &Leaf::One(Ok(Value::Term(1))));
        let born = PartialDate::parse("1960").expect("a date");
        assert_eq!(record.leaf(field("date_of_birth")), &Leaf::One(Ok(Value::Date(born))));
        assert_eq!(record.leaf(field("charges.text")).cells(), [Ok(Value::Text("Fraude\r\n".into()))]);
        assert_eq!(record.leaf(field("charges.translation")).cells(), [Ok(Value::Text("Fraud".into()))]);
    }

    #[test]
    fn zeros_dashes_and_nulls_are_blank() {
        let record = read(detail());
        assert_eq!(state(&record, "forenames"), State::Blank);
        assert_eq!(state(&record, "nationalities"), State::Blank);
        assert_eq!(state(&record, "has_description"), State::Blank);
        assert_eq!(state(&record, "has_photo"), State::Blank);
        assert_eq!(state(&record, "place_of_birth"), State::NotCarried);
    }

    #[test]
    fn a_height_is_a_description_and_a_thumbnail_a_photograph() {
        let record =
            read(json!({"entity_id": "1", "height": 1.8, "weight": 0, "_links": {"thumbnail": {"href": "x"}}}));
        assert_eq!(record.leaf(field("has_description")), &Leaf::One(Ok(Value::Flag(true))));
        assert_eq!(record.leaf(field("has_photo")), &Leaf::One(Ok(Value::Flag(true))));
    }

    #[test]
    fn an_entry_of_a_list_page_carries_no_charges() {
        let record = read(json!({"entity_id": "1", "name": "DOE", "nationalities": ["XA", "XB"]}));
        for path in ["charges.text", "requesting_country", "has_description", "has_photo", "sex"] {
            assert_eq!(state(&record, path), State::NotCarried, "{path}");
        }
        assert_eq!(record.len(field("nationalities")), 2);
    }

    #[test]
    fn the_address_tells_the_kind() {
        let kind = |href: &str, given| {
            let api = object(json!({"entity_id": "1", "_links": {"self": {"href": href}}}));
            canonical(&api, given).expect("a notice").0["kind"].clone()
        };
        assert_eq!(kind("https://ws-public.interpol.int/notices/v1/yellow/2014-1", Some("diffusion")), "yellow_notice");
        assert_eq!(kind("https://ws-public.interpol.int/notices/v1/un/persons/2014-1", None), "un_notice");
        assert_eq!(kind("", Some("diffusion")), "diffusion");
        assert_eq!(kind("", None), "red_notice");
    }

    #[test]
    fn an_unknown_sex_is_blank_and_another_letter_invalid() {
        assert_eq!(state(&read(json!({"entity_id": "1", "sex_id": "U"})), "sex"), State::Blank);
        assert_eq!(state(&read(json!({"entity_id": "1", "sex_id": null})), "sex"), State::Blank);
        assert_eq!(state(&read(json!({"entity_id": "1", "sex_id": "X"})), "sex"), State::Invalid);
    }

    #[test]
    fn a_flat_copy_is_read_too() {
        let record = read(
            json!({"entity_id": "1", "nationalities": "XA, XB", "sex": "N/A", "country_of_birth": "N/A", "height": "N/A"}),
        );
        assert_eq!(record.len(field("nationalities")), 2);
        assert_eq!(state(&record, "sex"), State::Blank);
        assert_eq!(state(&record, "has_description"), State::Blank);
        assert_eq!(read(json!({"name": "A", "nationalities": "['XA', 'XB']"})).len(field("nationalities")), 2);
    }

    #[test]
    fn an_error_or_a_page_is_no_notice() {
        let refused = |json| canonical(&object(json), None).expect_err("no notice");
        assert!(
            refused(json!({"status": 404, "name": "NotFoundError", "message": "Not Found"}))
                .contains("`404 Not Found`")
        );
        assert!(refused(json!({"_embedded": {"notices": []}})).starts_with("a page with a list"));
        assert!(refused(json!({"foo": 1})).starts_with("no key of an INTERPOL notice"));
    }
}
