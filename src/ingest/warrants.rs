//! The warrants of an API object: they hold the charges, and they alone say which country asked.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::interpol::{Object, plain};

/// The key of the list of warrants.
pub(super) const WARRANTS: &str = "arrest_warrants";

/// Charges and requesting country. Warrants of different countries leave the requesting country unreadable: it would
/// take a guess to name one.
pub(super) fn warrants(json: &Json, out: &mut Object, unused: &mut BTreeSet<String>) {
    let warrants = match plain(json) {
        Json::Array(warrants) => warrants,
        Json::Null => vec![],
        one => vec![one],
    };
    let mut charges = vec![];
    let mut countries: Vec<String> = vec![];
    let mut carried = warrants.is_empty();
    for warrant in &warrants {
        let Some(warrant) = warrant.as_object() else {
            charges.push(warrant.clone());
            continue;
        };
        let mut charge = Object::new();
        for (key, value) in warrant {
            match key.as_str() {
                "charge" => {
                    charge.insert("text".into(), plain(value));
                }
                "charge_translation" => {
                    charge.insert("translation".into(), plain(value));
                }
                "issuing_country_id" => {
                    carried = true;
                    countries.extend(code(value).filter(|code| !countries.contains(code)));
                }
                other => {
                    unused.insert(format!("{WARRANTS}.{other}"));
                }
            }
        }
        charges.push(Json::Object(charge));
    }
    out.insert("charges".into(), Json::Array(charges));
    if carried {
        out.insert(
            "requesting_country".into(),
            if countries.is_empty() { Json::Null } else { countries.join(", ").into() },
        );
    }
}

fn code(json: &Json) -> Option<String> {
    let code = match plain(json) {
        Json::Null => String::new(),
        Json::String(code) => code.trim().to_owned(),
        other => other.to_string(),
    };
    (!code.is_empty()).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::canonical::record;
    use crate::ingest::interpol::canonical;
    use crate::record::{Country, Field, Leaf, Missing, Record, Row as _, Value};
    use serde_json::json;

    fn asked(codes: &[Json]) -> Record {
        let warrants: Vec<Json> = codes.iter().map(|code| json!({"issuing_country_id": code, "charge": "c"})).collect();
        let api = json!({"entity_id": "1", "nationalities": ["XZ"], "arrest_warrants": warrants});
        let (object, _) = canonical(api.as_object().expect("an object"), None).expect("a notice");
        record(&object).0
    }

    #[test]
    fn the_requesting_country_is_the_warrants_and_never_a_nationality() {
        let country = |codes: &[Json]| asked(codes).leaf(Field::REQUESTING_COUNTRY).clone();
        let known = |code| Leaf::One(Ok(Value::Country(Country::parse(code).expect("a country"))));
        assert_eq!(country(&[json!("XA")]), known("XA"));
        assert_eq!(country(&[json!("XA"), json!("XA")]), known("XA"));
        assert_eq!(country(&[json!("XA"), json!("XB")]), Leaf::One(Err(Missing::Invalid("XA, XB".into()))));
        assert_eq!(country(&[json!(null)]), Leaf::One(Err(Missing::Blank)));
        assert_eq!(country(&[]), Leaf::One(Err(Missing::Blank)));
        for code in ["914", "916", "922", "UNK"] {
            assert_eq!(country(&[json!(code)]), known(code));
        }
        assert_eq!(asked(&[json!("XA"), json!("XB")]).len(Field::CHARGES_TEXT), 2);
    }
}
