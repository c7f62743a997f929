//! INTERPOL's public service, and what programs made of its pages.

use super::*;
use crate::ingest::CellOptions;

/// What the profile for INTERPOL's service makes of one object.
fn api(json: Json) -> Result<Read, String> {
    let Json::Object(object) = json else { return Err("no object".to_owned()) };
    let plan = Profile::built_in("interpol-api").expect("built in").plan();
    plan.map(object).map(|mapped| plan.read(mapped, &CellOptions::default()))
}

fn read(json: Json) -> Record {
    api(json).expect("a notice").record
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
    let Read { record, ignored, .. } = api(detail()).expect("a notice");
    assert_eq!(ignored, ["languages_spoken_ids"]);
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
    let record = read(json!({"entity_id": "1", "height": 1.8, "weight": 0, "_links": {"thumbnail": {"href": "x"}}}));
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
    let kind = |href: &str, given: Option<u8>| {
        let row = json!({"entity_id": "1", "_links": {"self": {"href": href}}}).to_string();
        let seen = all("a.ndjson", &row, &ReadOptions { kind: given, ..ReadOptions::default() });
        seen.records[0].leaf(Field::KIND).clone()
    };
    let known = |word: &str| Leaf::One(Ok(Value::Term(kind_named(word))));
    let diffusion = Some(kind_named("diffusion"));
    assert_eq!(kind("https://ws-public.interpol.int/notices/v1/yellow/2014-1", diffusion), known("yellow_notice"));
    assert_eq!(kind("https://ws-public.interpol.int/notices/v1/un/persons/2014-1", None), known("un_notice"));
    assert_eq!(kind("", diffusion), known("diffusion"));
    assert_eq!(kind("", None), known("red_notice"));
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
    let refused = |json| api(json).expect_err("no notice");
    assert!(
        refused(json!({"status": 404, "name": "NotFoundError", "message": "Not Found"})).contains("`404 Not Found`")
    );
    assert!(refused(json!({"_embedded": {"notices": []}})).starts_with("a page with a list"));
    assert!(refused(json!({"foo": 1})).starts_with("no key of an INTERPOL notice"));
}

fn asked(codes: &[Json]) -> Record {
    let warrants: Vec<Json> = codes.iter().map(|code| json!({"issuing_country_id": code, "charge": "c"})).collect();
    read(json!({"entity_id": "1", "nationalities": ["XZ"], "arrest_warrants": warrants}))
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
#[test]
fn lists_and_objects_printed_by_python_are_read() {
    let header = "forename,date_of_birth,entity_id,nationalities,name,_links\n";
    let row = r#"FORENAME,4/1/1983,2020/900005,"['XA', 'XB']",SURNAME,"{'self': {'href': 'https://ws-public.interpol.int/notices/v1/yellow/2020-900005'}}""#;
    let seen = plain("a.csv", &format!("{header}{row}\n"));
    assert_eq!(seen.ledger.profile_name(), "interpol-api");
    assert_eq!(texts(&seen.records[0], "nationalities"), ["XA", "XB"]);
    assert_eq!(texts(&seen.records[0], "kind"), ["yellow_notice"]);
    assert_eq!(texts(&seen.records[0], "date_of_birth"), ["(invalid 4/1/1983)"]);
    // One that was cut short is no literal; the address in it still tells the kind.
    let cut = row.replace("'self':", "'images': {...}, 'self':");
    assert_eq!(texts(&plain("a.csv", &format!("{header}{cut}\n")).records[0], "kind"), ["yellow_notice"]);
}

#[test]
fn warrants_that_are_no_objects_or_come_alone_are_not_lost() {
    let warrants = |json: Json| read(json!({"entity_id": "1", "arrest_warrants": json}));
    let odd = warrants(json!([{"charge": "a"}, "b", null, {"law": 1}, {"withheld": true}]));
    assert_eq!(texts(&odd, "charges.text"), ["a", "(invalid b)", "(blank)", "(not_carried)", "(withheld)"]);
    assert_eq!(texts(&warrants(json!({"charge": "a"})), "charges.text"), ["a"]);
    assert_eq!(texts(&warrants(json!({})), "charges.text"), ["(invalid {})"]);
    assert_eq!(texts(&warrants(json!({"withheld": true})), "charges.text"), ["(withheld)"]);
    assert_eq!(texts(&warrants(json!([{"charge": "a"}])), "requesting_country"), ["(not_carried)"]);
    assert_eq!(texts(&warrants(json!([])), "charges.text"), ["(blank)"]);
    assert_eq!(texts(&warrants(json!([])), "charges.law"), ["(not_carried)"]);
}
