//! The built-in profiles, row by row.

use std::io::Cursor;

use serde_json::{Value as Json, json};

use super::*;
use crate::ingest::{Ledger, ReadOptions, Reject, read_from};
use crate::record::{Country, Field, Leaf, Missing, PartialDate, Record, Row as _, State, Value};
use crate::table::NoticeTable;

/// What the profile for INTERPOL's service makes of one object.
fn api(json: Json) -> Result<Read, String> {
    let Json::Object(object) = json else { return Err("no object".to_owned()) };
    Profile::built_in("interpol-api").expect("built in").plan().read(object)
}

fn read(json: Json) -> Record {
    api(json).expect("a notice").record
}

fn field(path: &str) -> Field {
    Field::named(path).expect("the catalogue has the field")
}

fn state(record: &Record, path: &str) -> State {
    record.state(field(path))
}

struct Seen {
    records: Vec<Record>,
    rejects: Vec<Reject>,
    ledger: Ledger,
}

/// Reads a whole input.
fn all(name: &str, text: &str, options: &ReadOptions) -> Seen {
    let input = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let mut reader = read_from(name, input, options).expect("the input can be opened");
    let (mut records, mut rejects) = (vec![], vec![]);
    for chunk in reader.by_ref() {
        let chunk = chunk.expect("the input can be read");
        let rows = |table: &NoticeTable| (0..table.len()).map(|row| table.record(row)).collect::<Vec<_>>();
        records.extend(rows(&chunk.table));
        rejects.extend(chunk.rejects);
    }
    let ledger = reader.ledger().clone();
    assert!(ledger.balances(), "{ledger:?}");
    Seen { records, rejects, ledger }
}

fn plain(name: &str, text: &str) -> Seen {
    all(name, text, &ReadOptions::default())
}

fn kind_named(word: &str) -> u8 {
    match Field::KIND.ty() {
        crate::record::Type::Term(kinds) => kinds.position(word).expect("a kind"),
        _ => 0,
    }
}

/// The texts of a field; what is missing in brackets.
fn texts(record: &Record, path: &str) -> Vec<String> {
    let shown = |cell: &crate::record::Cell| match cell {
        Ok(Value::Text(text)) => text.clone(),
        Ok(Value::Country(country)) => country.to_string(),
        Ok(Value::Date(date)) => date.to_string(),
        Ok(Value::Flag(flag)) => flag.to_string(),
        Ok(Value::Number(number)) => number.to_string(),
        Ok(Value::Term(term)) => match field(path).ty() {
            crate::record::Type::Term(words) => words.word(*term).to_owned(),
            _ => String::new(),
        },
        Ok(Value::Object) => "{}".to_owned(),
        Err(Missing::Invalid(raw)) => format!("(invalid {raw})"),
        Err(missing) => format!("({})", missing.state().name()),
    };
    match record.leaf(field(path)) {
        Leaf::Many(Err(missing)) => vec![format!("({})", missing.state().name())],
        leaf => leaf.cells().iter().map(shown).collect(),
    }
}

/// A profile of a user, and what is wrong with it.
fn own(text: &str) -> (Option<Profile>, Vec<String>) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let source = sources.add("own.toml", text);
    let profile = Profile::parse(source, text, &mut found);
    (profile, found.iter().map(|problem| format!("{} {}", problem.code, problem.message)).collect())
}

fn with(profile: &str) -> ReadOptions {
    let (profile, problems) = own(profile);
    assert_eq!(problems, Vec::<String>::new());
    ReadOptions { profile, ..ReadOptions::default() }
}

#[test]
fn every_built_in_profile_is_sound_and_extends_none() {
    assert_eq!(Profile::names().count(), BUILT_IN.len());
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    for (name, text) in BUILT_IN {
        let source = sources.add(name, text);
        let spec = Spec::parse(source, text, &[], &mut found).expect("a sound profile");
        assert_eq!(format!("{}.toml", spec.name), name);
    }
    assert!(found.is_empty(), "{}", crate::diag::render(&found, &sources, crate::diag::Style::Plain));
    assert_eq!(Profile::built_in("canonical").and_then(|profile| profile.hash().map(str::to_owned)), None);
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
    assert_eq!(texts(&warrants(json!({"withheld": true})), "charges.text"), ["(withheld)"]);
    assert_eq!(texts(&warrants(json!([{"charge": "a"}])), "requesting_country"), ["(not_carried)"]);
    assert_eq!(texts(&warrants(json!([])), "charges.text"), ["(blank)"]);
    assert_eq!(texts(&warrants(json!([])), "charges.law"), ["(not_carried)"]);
}

const SIMPLE: &str =
    "\"id\",\"schema\",\"name\",\"aliases\",\"birth_date\",\"countries\",\"sanctions\",\"dataset\",\"first_seen\"\n";

fn simple(rows: &str) -> Seen {
    plain("targets.simple.csv", &format!("{SIMPLE}{rows}"))
}

#[test]
fn a_sanctions_cell_is_csv_in_itself_and_may_hold_several_warrants() {
    let seen = simple(concat!(
        "\"interpol-red-2016-000001\",\"Person\",\"FORE SUR\",\"\",\"1985-01-01\",\"xa\",",
        "\"\"\"Red Notice - fraud; theft\"\";Red Notice - \",\"INTERPOL Red Notices\",\"2024\"\n",
        "NK-1,Person,FORE SUR,A;\"\"\"B; C\"\"\",1985;1986,xa;xb,\"murder, \"\"the 2nd\"\"\",INTERPOL Red Notices,\n",
        "interpol-red-3,Person,X,,,xa,Red Notice,INTERPOL Red Notices,\n",
        "interpol-red-4,Person,X,,,xa,,INTERPOL Red Notices,\n",
    ));
    assert_eq!((seen.ledger.profile_name(), seen.rejects.len()), ("opensanctions-csv", 0));
    assert_eq!(texts(&seen.records[0], "charges.text"), ["fraud; theft"]);
    assert_eq!(texts(&seen.records[0], "date_of_birth"), ["1985-01-01"]);
    assert_eq!(texts(&seen.records[0], "kind"), ["red_notice"]);
    assert_eq!(texts(&seen.records[1], "charges.text"), ["murder, \"the 2nd\""]);
    assert_eq!(texts(&seen.records[1], "date_of_birth"), ["(invalid 1985, 1986)"]);
    assert_eq!(texts(&seen.records[2], "charges.text"), ["(blank)"], "a programme is no charge");
    assert_eq!(texts(&seen.records[3], "charges.text"), ["(blank)"]);
    for record in &seen.records {
        assert_eq!(texts(record, "requesting_country"), ["(not_carried)"], "`countries` is not the issuer");
        assert_eq!(texts(record, "nationalities"), ["(not_carried)"]);
    }
    assert_eq!(seen.ledger.ignored_fields, [("countries".to_owned(), 4)].into());
}

#[test]
fn several_warrants_in_one_cell_are_several_charges_with_or_without_the_prefix() {
    let seen =
        simple("interpol-red-1,Person,X,,,,\"\"\"Red Notice - a; b\"\";Red Notice - c;d\",INTERPOL Red Notices,\n");
    assert_eq!(texts(&seen.records[0], "charges.text"), ["a; b", "c", "d"]);
}

#[test]
fn rows_that_are_no_red_notice_of_one_person_are_not_made_one() {
    let seen = simple(concat!(
        "NK-1,Person,X,,,,fraud,Another List,\n",
        "NK-2,Organization,X,,,,fraud,INTERPOL Red Notices,\n",
        "NK-3,Person,X,,,,fraud,\"Another List;INTERPOL Red Notices\",\n",
    ));
    let reasons: Vec<&str> = seen.rejects.iter().map(|reject| reject.reason.as_str()).collect();
    assert!(reasons[0].ends_with("`--kind red_notice`"), "{}", reasons[0]);
    assert!(reasons[1].starts_with("the row is about an entity of the kind `Organization`"), "{}", reasons[1]);
    assert_eq!((reasons.len(), seen.records.len(), seen.ledger.warned), (2, 1, 1));
    assert!(seen.ledger.warnings[0].text.contains("joins several lists"), "{:?}", seen.ledger.warnings);
}

const PERSON: &str = r#"{"id":"NK-1","schema":"Person","datasets":["interpol_red_notices"],"properties":{"name":["FORE SUR"],"lastName":["SUR"],"birthDate":["1985"],"nationality":["xb"],"gender":["male"],"country":["xc"]}}"#;
const WARRANT: &str = r#"{"id":"s-1","schema":"Sanction","datasets":["interpol_red_notices"],"properties":{"entity":["NK-1"],"country":["xa"],"reason":["fraud"],"program":["Red Notice"]}}"#;

#[test]
fn warrants_are_joined_to_their_person_in_whatever_order_they_come() {
    let second = WARRANT.replace("s-1", "s-2").replace("fraud", "theft");
    for text in [format!("{PERSON}\n{WARRANT}\n{second}\n"), format!("{WARRANT}\n{second}\n{PERSON}\n")] {
        let seen = plain("entities.ftm.json", &text);
        assert_eq!((seen.ledger.profile_name(), seen.ledger.read), ("opensanctions-ftm", 1));
        let record = &seen.records[0];
        assert_eq!(texts(record, "charges.text"), ["fraud", "theft"]);
        assert_eq!(texts(record, "requesting_country"), ["XA"]);
        assert_eq!(texts(record, "nationalities"), ["XB"]);
        assert_eq!(texts(record, "country_of_birth"), ["(not_carried)"]);
        assert_eq!(texts(record, "kind"), ["red_notice"]);
        assert_eq!(texts(record, "sex"), ["male"]);
        assert!(seen.ledger.warnings[0].text.starts_with("2 lines are parts"), "{:?}", seen.ledger.warnings);
        assert!(seen.ledger.ignored_fields.contains_key("properties.country"), "{:?}", seen.ledger.ignored_fields);
    }
}

#[test]
fn a_nested_person_is_read_and_warrants_of_other_lists_are_not() {
    let other = WARRANT.replace("interpol_red_notices", "another_list").replace("\"xa\"", "\"xz\"");
    let nested = PERSON.replace("\"gender\"", &format!("\"sanctions\":[{WARRANT},{other}],\"gender\""));
    let seen = plain("targets.nested.json", &format!("{nested}\n{}\n", nested.replace("NK-1", "NK-2")));
    assert_eq!(seen.records.len(), 2);
    assert_eq!(texts(&seen.records[0], "charges.text"), ["fraud"]);
    assert_eq!(texts(&seen.records[0], "requesting_country"), ["XA"]);
    assert_eq!(seen.ledger.warnings[0].text, "1 of `properties.sanctions` are of other sources and were left out");
}

#[test]
fn a_part_without_its_person_and_an_entity_that_is_no_person_are_refused_with_the_reason() {
    let address = r#"{"id":"a-1","schema":"Address","properties":{"full":["x"]}}"#;
    let orphan = WARRANT.replace("NK-1", "NK-9");
    let seen = plain("a.ndjson", &format!("{orphan}\n{PERSON}\n{address}\n{{]\n"));
    assert_eq!((seen.ledger.read, seen.records.len()), (4, 1));
    let reasons: Vec<&str> = seen.rejects.iter().map(|reject| reject.reason.as_str()).collect();
    assert!(
        reasons.iter().any(|reason| reason.starts_with("a `Sanction` of an entity that is not in this file (`NK-9`)"))
    );
    assert!(reasons.iter().any(|reason| reason.starts_with("the row is an entity of the kind `Address`")));
    assert_eq!(texts(&seen.records[0], "charges.text"), ["(not_carried)"], "a person without a warrant in the file");
}

#[test]
fn what_must_be_held_to_be_joined_is_bounded() {
    let limits = crate::ingest::Limits::default().with(crate::ingest::Limit::HeldBytes, 100);
    let input = Box::new(Cursor::new(format!("{PERSON}\n{WARRANT}\n").into_bytes()));
    let options = ReadOptions { limits, ..ReadOptions::default() };
    let mut reader = read_from("a.ndjson", input, &options).expect("the input can be opened");
    let error = reader.next().expect("an error").expect_err("an error").to_string();
    assert!(error.contains("(limit `held-bytes`)"), "{error}");
    assert!(reader.ledger().balances());
}

#[test]
fn a_table_in_another_language_is_read_by_the_names_of_its_columns() {
    let text = "N° de notice;Type de notice;Nom;Prénoms;Sexe;Né le;Nationalité;Chef d'accusation;Pays demandeur;Publique;Pays\n\
        1;Notice rouge;SUR;FORE;Homme;1985-12-31;XA|XB;Fraude;XC;oui;XZ\n2;notice ROUGE;-;[redacted];?;;;;XC;non;XZ\n";
    let seen = plain("a.csv", text);
    assert_eq!((seen.ledger.profile_name(), seen.rejects.len()), ("table", 0));
    let [first, second] = [&seen.records[0], &seen.records[1]];
    for (path, want) in [
        ("record_id", "1"),
        ("kind", "red_notice"),
        ("family_name", "SUR"),
        ("sex", "male"),
        ("date_of_birth", "1985-12-31"),
        ("charges.text", "Fraude"),
        ("requesting_country", "XC"),
        ("is_public", "true"),
    ] {
        assert_eq!(texts(first, path), [want], "{path}");
    }
    assert_eq!(texts(first, "nationalities"), ["XA", "XB"]);
    for (path, want) in [
        ("family_name", "(blank)"),
        ("forenames", "(withheld)"),
        ("sex", "(invalid ?)"),
        ("date_of_birth", "(blank)"),
        ("nationalities", "(blank)"),
        ("charges.text", "(blank)"),
        ("charges.law", "(not_carried)"),
        ("is_public", "false"),
    ] {
        assert_eq!(texts(second, path), [want], "{path}");
    }
    assert_eq!(seen.ledger.ignored_fields, [("Pays".to_owned(), 2)].into(), "which country is meant is not told");
}

#[test]
fn a_letter_that_could_mean_two_in_the_language_of_the_column_is_not_read() {
    let seen = plain("a.csv", "kind,Sexo\nred_notice,M\nred_notice,H\n");
    assert_eq!(texts(&seen.records[0], "sex"), ["(invalid M)"]);
    assert_eq!(texts(&seen.records[1], "sex"), ["male"]);
    assert_eq!(texts(&plain("a.csv", "kind,sex\nred_notice,M\n").records[0], "sex"), ["male"]);
}

#[test]
fn a_profile_of_ones_own_maps_splits_strips_and_knows_words() {
    let options = with(
        r#"
        name = "leak"
        carried = ["warrant_ref", "charges.law"]
        blank = ["none"]
        withheld = ["xxx"]
        ignore = ["Spare"]
        [set]
        kind = "diffusion"
        recipients = ["*"]
        [[map]]
        from = "Ref"
        to = "record_id"
        strip = "Ref. "
        [[map]]
        from = "Geschlecht"
        to = "sex"
        values = { m = "male", w = "female", d = "other", "9" = "" }
        [[map]]
        from = ["Delikt 1", "Delikt 2"]
        to = "charges[].text"
        [[map]]
        from = "Staat"
        to = "requesting_country"
        "#,
    );
    let text = "Ref,Geschlecht,Delikt 1,Delikt 2,Staat,Spare\nRef. 1,W,Betrug,Diebstahl,XA,x\n2,9,none,,xxx,x\n";
    let seen = all("a.csv", text, &options);
    assert_eq!((seen.ledger.profile_name(), seen.ledger.profile_hash.as_ref().map(String::len)), ("leak", Some(64)));
    let [first, second] = [&seen.records[0], &seen.records[1]];
    for (path, want) in [
        ("record_id", "1"),
        ("kind", "diffusion"),
        ("sex", "female"),
        ("recipients", "*"),
        ("warrant_ref", "(blank)"),
        ("requesting_country", "XA"),
    ] {
        assert_eq!(texts(first, path), [want], "{path}");
    }
    assert_eq!(texts(first, "charges.text"), ["Betrug", "Diebstahl"]);
    assert_eq!(texts(first, "charges.law"), ["(blank)", "(blank)"]);
    assert_eq!(texts(second, "charges.text"), ["(blank)"]);
    assert_eq!(texts(second, "charges.law"), ["(blank)"]);
    assert_eq!(texts(second, "sex"), ["(blank)"]);
    assert_eq!(texts(second, "requesting_country"), ["(withheld)"]);
    assert!(seen.ledger.ignored_fields.is_empty(), "{:?}", seen.ledger.ignored_fields);
}

#[test]
fn a_profile_that_extends_another_changes_only_what_it_says() {
    let options = with(
        "name = \"mine\"\nextends = \"interpol-api\"\n[set]\nsource = \"archive\"\n[[map]]\nfrom = \"name\"\nto = \"other_names\"\n",
    );
    let seen = all("a.ndjson", r#"{"entity_id":"1","name":"SUR","forename":"FORE"}"#, &options);
    let record = &seen.records[0];
    assert_eq!(texts(record, "other_names"), ["SUR"]);
    assert_eq!(texts(record, "family_name"), ["(not_carried)"]);
    assert_eq!(texts(record, "forenames"), ["FORE"]);
    assert_eq!(texts(record, "source"), ["archive"]);
}

#[test]
fn what_the_source_always_carries_is_blank_where_a_row_lacks_it() {
    let options = with("name = \"mine\"\nextends = \"canonical\"\ncarried = [\"warrant_ref\", \"charges.law\"]\n");
    let seen =
        all("a.ndjson", "{\"kind\":\"sltd\",\"charges\":[{\"text\":\"a\"}],\"x\":1}\n{\"kind\":\"sltd\"}", &options);
    assert_eq!(texts(&seen.records[0], "warrant_ref"), ["(blank)"]);
    assert_eq!(texts(&seen.records[0], "charges.law"), ["(blank)"]);
    assert_eq!(texts(&seen.records[0], "charges.text"), ["a"]);
    assert_eq!(texts(&seen.records[1], "charges.law"), ["(blank)"]);
    assert_eq!(texts(&seen.records[1], "charges.text"), ["(not_carried)"]);
    assert_eq!(seen.ledger.ignored_fields, [("x".to_owned(), 1)].into());
}

#[test]
fn a_column_that_a_profile_reads_and_the_table_has_not_is_said() {
    let options = with("name = \"mine\"\nextends = \"table\"\n[[map]]\nfrom = \"Naem\"\nto = \"family_name\"\n");
    let seen = all("a.csv", "kind,Name\nsltd,SUR\n", &options);
    assert!(seen.ledger.warnings[0].text.contains("reads a column `Naem`, which the table has not"));
    assert_eq!(texts(&seen.records[0], "other_names"), ["SUR"]);
}

#[test]
fn a_proposed_profile_is_sound_and_reads_what_the_names_of_the_columns_tell() {
    let text = "Ref no,Type,P.O.B.,Surname,Spalte 5,Land,\"a\"\"b.c\",\n1,red notice,TOWN,SECRETNAME,31/12/1985,XA,q,\n2,blue notice,TOWN,OTHERNAME,01/02/1990,XB,,\n";
    let input = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let mut opening = crate::ingest::open_from("a.csv", input, &ReadOptions::default()).expect("a table");
    let survey = opening.survey().expect("readable").expect("a table has columns");
    let lines = survey.lines();
    assert_eq!(lines[3], ["Surname", "family_name", "another name (en)", "100%"]);
    assert_eq!(lines[4][2], "not known; looks like dates");
    assert_eq!(lines[5][2], "not known; looks like countries");
    assert_eq!(lines[1][2], "could mean several fields; looks like kinds of notice");
    let proposed = survey.profile("mine");
    assert!(!proposed.contains("SECRETNAME") && !proposed.contains("31/12"), "{proposed}");
    let (profile, problems) = own(&proposed);
    assert_eq!(problems, Vec::<String>::new(), "{proposed}");
    let edited = proposed.replace("# [[map]]\n# column = \"Spalte 5\"\n# to", "[[map]]\ncolumn = \"Spalte 5\"\nto");
    assert_ne!(edited, proposed);
    let options = ReadOptions { kind: Some(0), profile: own(&edited).0, ..ReadOptions::default() };
    let seen = all("a.csv", text, &options);
    assert_eq!(texts(&seen.records[0], "date_of_birth"), ["1985-12-31"]);
    assert_eq!(texts(&seen.records[1], "date_of_birth"), ["(invalid 01/02/1990)"]);
    assert_eq!(texts(&seen.records[1], "family_name"), ["OTHERNAME"]);
    assert_eq!(texts(&seen.records[1], "place_of_birth"), ["TOWN"]);
    assert!(profile.is_some_and(|profile| profile.hash().is_some()));
    // The survey has taken no row away.
    let read: u64 = opening
        .reader()
        .map(|reader| reader.map(|chunk| chunk.expect("readable").rejects.len() as u64).sum())
        .expect("readable");
    assert_eq!(read, 2, "both rows lack a kind");
}

#[test]
fn names_that_are_known_tell_a_header_line() {
    for name in ["kind", "Charges[1].text", "Apellidos", "الجنسية", "entity_id", "sanctions", "Country"] {
        assert!(is_known_name(name), "{name}");
    }
    for name in ["1985-01-01", "SMITH", "", "42"] {
        assert!(!is_known_name(name), "{name}");
    }
}
