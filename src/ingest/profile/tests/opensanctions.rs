//! OpenSanctions' simplified CSV and FollowTheMoney files.

use super::*;

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
        assert!(
            seen.ledger.warnings[0].text.starts_with("rows that are parts (`Sanction`)"),
            "{:?}",
            seen.ledger.warnings
        );
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
    assert_eq!(
        seen.ledger.warnings[0].text,
        "items of `properties.sanctions` that are of other sources and were left out: 1"
    );
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
    let rejected = reader.next().expect("a chunk").expect("what was held until then").rejects;
    assert!(rejected.iter().all(|reject| reject.reason.contains("not read to its end")), "{rejected:?}");
    let error = reader.next().expect("an error").expect_err("over the limit").to_string();
    assert!(error.contains("(limit `held-bytes`)"), "{error}");
    assert_eq!((rejected.len(), reader.ledger().read), (2, 2));
}
