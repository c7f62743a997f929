use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;
use crate::diag::{Diagnostics, Sources};
use crate::record::{Country, Leaf, PartialDate, Record};
use crate::table::{NoticeTable, Origin, TableBuilder};

pub(crate) fn shipped() -> LinkProfile {
    let text = include_str!("../../rules/persons/standard.toml");
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let source = sources.add("persons/standard.toml", text);
    let profile = LinkProfile::parse("persons/standard", source, text, &mut found);
    assert!(!found.has_errors(), "{:?}", found.iter().map(|problem| &problem.message).collect::<Vec<_>>());
    profile.expect("the shipped profile is sound")
}

/// A record: id, family name, forenames, birth date, sex, nationality.
fn record([id, family, forenames, birth, sex, nationality]: [&str; 6]) -> Record {
    let mut record = Record::default();
    let mut set = |field, value: Option<Value>| {
        if let Some(value) = value {
            record.set(field, Leaf::One(Ok(value)));
        }
    };
    let text = |text: &str| (!text.is_empty()).then(|| Value::Text(text.to_owned()));
    set(Field::RECORD_ID, text(id));
    set(Field::FAMILY_NAME, text(family));
    set(Field::FORENAMES, text(forenames));
    set(Field::DATE_OF_BIRTH, PartialDate::parse(birth).map(Value::Date));
    set(Field::SEX, (!sex.is_empty()).then(|| Value::Term(u8::from(sex == "female"))));
    if let Some(country) = Country::parse(nationality) {
        record.set(Field::NATIONALITIES, Leaf::Many(Ok(vec![Ok(Value::Country(country))])));
    }
    record
}

/// What a record of this family name, birth date and place says of who it is about.
pub(crate) fn identity(profile: &LinkProfile, family: &str, birth: &str, place: &str) -> Identity {
    let mut record = record(["a", family, "Yuriy", birth, "male", "XA"]);
    record.set(Field::PLACE_OF_BIRTH, Leaf::One(Ok(Value::Text(place.to_owned()))));
    Identity::of(&record, profile)
}

fn table(records: &[Record]) -> NoticeTable {
    let mut builder = TableBuilder::default();
    records.iter().for_each(|record| builder.push(record, Origin::default()));
    builder.finish().expect("the builder makes sound columns")
}

fn linked(records: &[Record], chunk: usize) -> Persons {
    let profile = shipped();
    let mut linker = Linker::new(&profile);
    records.chunks(chunk.max(1)).for_each(|records| linker.add(&table(records).columns()));
    linker.finish()
}

/// The records that are read as one person, by id.
fn groups(records: &[Record], chunk: usize) -> BTreeSet<Vec<String>> {
    let persons = linked(records, chunk);
    let id = |at: &u32| records[*at as usize].text(Field::RECORD_ID).unwrap_or_default().to_owned();
    let named = |(_, records): (u32, &[u32])| {
        let mut ids: Vec<String> = records.iter().map(id).collect();
        ids.sort();
        ids
    };
    persons.several().map(named).collect()
}

fn one_person(a: [&str; 6], b: [&str; 6]) -> bool {
    !groups(&[record(a), record(b)], 10).is_empty()
}

#[test]
fn a_name_and_a_birth_date_link_in_any_script_and_order() {
    let plain = ["a", "Sampelov", "Yuriy", "1970-03-04", "male", "XA"];
    for other in [
        ["b", "Сампелов", "Юрий", "1970-03-04", "", ""],
        ["b", "Iurii", "Sampelov", "1970-03-04", "", ""],
        ["b", "Sampelov", "Iurii Ivanovich", "1970-03-04", "male", "XB"],
        ["b", "Sampelov", "Yuri", "1970-03", "male", "XA"],
        ["b", "Sampelow", "Jurij", "1970-03-04", "male", "XA"],
    ] {
        assert!(one_person(plain, other), "{other:?}");
    }
}

#[test]
fn what_one_person_cannot_be_is_two() {
    let plain = ["a", "Sampelov", "Yuriy", "1970-03-04", "male", "XA"];
    for (why, other) in [
        ("another day", ["b", "Sampelov", "Yuriy", "1970-03-05", "male", "XA"]),
        ("a son", ["b", "Sampelov", "Yuriy", "1995", "male", "XA"]),
        ("another sex", ["b", "Sampelov", "Yuriy", "1970-03-04", "female", "XA"]),
        ("a twin", ["b", "Sampelov", "Oleg", "1970-03-04", "male", "XA"]),
        ("no birth date", ["b", "Sampelov", "Yuriy", "", "male", "XA"]),
        ("a year and no more", ["b", "Sampelov", "Yuriy", "1970", "", ""]),
        ("a single name", ["b", "Sampelov", "", "1970-03-04", "male", "XA"]),
    ] {
        assert!(!one_person(plain, other), "{why}");
    }
}

#[test]
fn no_chain_joins_what_contradicts() {
    let twins = [
        record(["a", "Sampelova", "Anna", "1980-01-01", "", "XA"]),
        record(["b", "Sampelova", "A.", "1980-01-01", "", "XA"]),
        record(["c", "Sampelova", "Alisa", "1980-01-01", "", "XA"]),
    ];
    for group in groups(&twins, 10) {
        assert!(!(group.contains(&"a".to_owned()) && group.contains(&"c".to_owned())), "{group:?}");
    }
}

/// Two sisters with one birth date, and a record that is like both, with another name besides.
fn sisters(other_name: &str) -> [Record; 3] {
    let mut both = record(["c", "Sampelova", "Anna Alisa", "1980-01-01", "", "XA"]);
    both.set(Field::OTHER_NAMES, Leaf::Many(Ok(vec![Ok(Value::Text(other_name.to_owned()))])));
    let sister = |id, name| record([id, "Sampelova", name, "1980-01-01", "", "XA"]);
    [sister("a", "Anna"), sister("b", "Alisa"), both]
}

#[test]
fn another_name_excuses_the_names_that_it_connects_and_no_others() {
    for unrelated in ["Muster Petra", "Alisa Anna Sampelova", "Sampelova Anna", ""] {
        for group in groups(&sisters(unrelated), 10) {
            assert!(!(group.contains(&"a".to_owned()) && group.contains(&"b".to_owned())), "{unrelated}: {group:?}");
        }
    }
    let mut renamed = sisters("Sampelova Alisa");
    renamed[2].set(Field::FORENAMES, Leaf::One(Ok(Value::Text("Anna".to_owned()))));
    assert_eq!(groups(&renamed, 10).len(), 1);
    assert_eq!(groups(&renamed, 10).first().map(Vec::len), Some(3));
}

#[test]
fn what_is_kept_apart_names_what_contradicts() {
    let persons = linked(&sisters("Muster Petra"), 10);
    let in_order = |refused: &Refused| refused.because.map(|(a, b, kind)| (a.min(b), a.max(b), kind));
    let because: Vec<_> = persons.refused().iter().map(in_order).collect();
    assert_eq!(because, [Some((0, 1, PartKind::Name))]);
}

#[test]
fn what_the_source_links_is_linked_but_never_over_a_contradiction() {
    let with_id = |mut record: Record| {
        record.set(Field::PERSON_ID, Leaf::One(Ok(Value::Text("p1".to_owned()))));
        record
    };
    let one = with_id(record(["a", "Sampelov", "Yuriy", "1970-03-04", "", ""]));
    let renamed = with_id(record(["b", "Muster", "Petra", "", "", ""]));
    let other_day = with_id(record(["b", "Sampelov", "Yuriy", "1971-03-04", "", ""]));
    assert_eq!(groups(&[one.clone(), renamed], 10).len(), 1);
    // What is linked to either stands with both: the source says that one person bears the two names.
    let like_one = record(["c", "Sampelov", "Yuriy", "1970-03-04", "", ""]);
    let dated = with_id(record(["b", "Muster", "Petra", "1970-03-04", "", ""]));
    let like_renamed = record(["d", "Muster", "Petra", "1970-03-04", "", ""]);
    assert_eq!(groups(&[one.clone(), like_one, dated, like_renamed], 10).first().map(Vec::len), Some(4));
    assert!(groups(&[one, other_day], 10).is_empty());
}

#[test]
fn a_link_is_explained_part_by_part() {
    let (a, b) = (
        record(["a", "Sampelov", "Yuriy", "1970-03-04", "male", "XA"]),
        record(["b", "Сампелов", "Юрий", "1970-03", "male", "XB"]),
    );
    let comparison = compare(&a, &b, &shipped());
    let parts: Vec<String> = comparison.parts.iter().map(Part::to_string).collect();
    assert_eq!(
        parts,
        [
            "name equal (Sampelov, Yuriy and Сампелов, Юрий)",
            "birth date compatible (1970-03-04 and 1970-03)",
            "sex equal (male)",
            "nationality differs (XA and XB)",
        ]
    );
    assert!(!comparison.links && comparison.points == 90, "{}", comparison.points);
}

/// The names of a record, each as a record that says nothing else.
fn names(of: &Record) -> Vec<Record> {
    let main = format!(
        "{} {}",
        of.text(Field::FAMILY_NAME).unwrap_or_default(),
        of.text(Field::FORENAMES).unwrap_or_default()
    );
    let other = (0..of.len(Field::OTHER_NAMES)).filter_map(|at| match of.cell(Field::OTHER_NAMES, at) {
        Ok(Value::Text(name)) => Some(name.to_owned()),
        _ => None,
    });
    [main].into_iter().chain(other).map(|name| record(["", &name, "", "", "", ""])).collect()
}

/// Whether the names of two records are held to be one person's, or not; nothing where they are too short to tell.
fn one_name(a: &Record, b: &Record, profile: &LinkProfile) -> Option<bool> {
    let parts = compare(a, b, profile).parts;
    parts.iter().find(|part| part.kind == PartKind::Name).map(|part| part.says != Agreement::Contradict)
}

/// Whether a record, or records that the source links, bear a name that is only the first one's and one that is only the
/// second's.
fn bear_both(members: &[&Record], a: &Record, b: &Record, profile: &LinkProfile) -> bool {
    let source = |of: &Record| of.text(Field::PERSON_ID).map(str::to_owned);
    members.iter().any(|one| {
        let linked = members.iter().filter(|other| source(one).is_some() && source(one) == source(other));
        let known: Vec<Record> = linked.chain([one]).flat_map(|member| names(member)).collect();
        let only = |first, second| {
            let is = |name: &Record| (one_name(name, first, profile), one_name(name, second, profile));
            known.iter().any(|name| is(name) == (Some(true), Some(false)))
        };
        only(a, b) && only(b, a)
    })
}

prop_compose! {
    fn any_record()(
        id in "[a-z]{6}",
        family in prop::sample::select(vec!["Sampelov", "Сампелов", "Sampelow", "Muster", "Yuriy"]),
        forename in prop::sample::select(vec!["Yuriy", "Юрий", "Y.", "Oleg", "Sampelov", "Yuriy Ivanovich", ""]),
        birth in prop::sample::select(vec!["1970-03-04", "1970-03", "1970", "1970-03-05", "1971", ""]),
        sex in prop::sample::select(vec!["", "male", "female"]),
        country in prop::sample::select(vec!["", "XA", "XB"]),
        other_name in prop::sample::select(vec!["", "", "", "Sampelov Oleg", "Muster Yuriy", "Yuriy Oleg Sampelov"]),
        source in prop::sample::select(vec!["", "", "", "p1", "p2"]),
    ) -> Record {
        let mut record = record([&id, family, forename, birth, sex, country]);
        if !other_name.is_empty() {
            record.set(Field::OTHER_NAMES, Leaf::Many(Ok(vec![Ok(Value::Text(other_name.to_owned()))])));
        }
        if !source.is_empty() {
            record.set(Field::PERSON_ID, Leaf::One(Ok(Value::Text(source.to_owned()))));
        }
        record
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn neither_the_order_nor_the_tables_of_records_change_persons(
        records in prop::collection::vec(any_record(), 0..24), chunk in 1_usize..9, turn in 0_usize..24,
    ) {
        let mut turned = records.clone();
        turned.reverse();
        let len = turned.len().max(1);
        turned.rotate_left(turn % len);
        prop_assert_eq!(groups(&records, 100), groups(&turned, chunk));
    }

    #[test]
    fn no_person_holds_records_that_contradict(records in prop::collection::vec(any_record(), 0..24)) {
        let (persons, profile) = (linked(&records, 100), shipped());
        for (_, members) in persons.several() {
            let members: Vec<&Record> = members.iter().map(|at| &records[*at as usize]).collect();
            for (a, b) in members.iter().flat_map(|a| members.iter().map(move |b| (*a, *b))) {
                let comparison = compare(a, b, &profile);
                let mut against = comparison.parts.iter().filter(|part| part.says == Agreement::Contradict);
                let found = against.find(|part| part.kind != PartKind::Name || !bear_both(&members, a, b, &profile));
                prop_assert!(found.is_none(), "{}", found.map(Part::to_string).unwrap_or_default());
            }
        }
    }
}
