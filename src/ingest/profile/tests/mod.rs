//! The built-in profiles and those of users, from bytes to records.

mod interpol;
mod opensanctions;
mod tables;

use crate::ingest::CellOptions;
use std::io::Cursor;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::ingest::{Ledger, ReadOptions, Reject, read_from};
use crate::record::{Country, Field, Leaf, Missing, PartialDate, Record, Row as _, State, Value};
use crate::table::NoticeTable;

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
    Field::KIND.vocabulary().and_then(|kinds| kinds.position(word)).expect("a kind")
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

/// Any value, with the keys that profiles look for.
fn value() -> impl Strategy<Value = Json> {
    let keys =
        ["entity_id", "arrest_warrants", "charge", "properties", "sanctions", "reason", "_links", "nationalities", "x"];
    let text =
        prop_oneof![Just("['XA', {'a': 1}]".to_owned()), Just("\"a\";\"b".to_owned()), Just("-".to_owned()), ".{0,12}"];
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        text.prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 32, 4, move |inner| {
        let object = prop::collection::vec((prop::sample::select(keys.to_vec()), inner.clone()), 0..5)
            .prop_map(|members| members.into_iter().map(|(key, value)| (key.to_owned(), value)).collect());
        prop_oneof![prop::collection::vec(inner, 0..4).prop_map(Json::Array), object]
    })
}

proptest! {
    #[test]
    fn no_row_stops_a_profile(rows in prop::collection::vec(value(), 1..4)) {
        for profile in BUILT_INS.iter() {
            let plan = profile.plan();
            for row in &rows {
                let row: path::Object = [("id".to_owned(), "1".into()), ("properties".to_owned(), row.clone()), ("arrest_warrants".to_owned(), row.clone())]
                    .into_iter()
                    .chain(row.as_object().cloned().unwrap_or_default())
                    .collect();
                let read = |row| {
                    let mapped = plan.map(row)?;
                    let read = plan.read(mapped, &CellOptions::default());
                    Ok::<_, String>((read.record, read.ignored))
                };
                let once = read(row.clone());
                prop_assert_eq!(once, read(row));
            }
        }
    }

    #[test]
    fn no_text_stops_the_reading_of_a_literal(text in r#"[\[\]{}(),:'" a1\\xuU-]{0,40}"#) {
        if let Some(value) = crate::ingest::literal::parse(&text) {
            prop_assert!(value.is_array() || value.is_object());
        }
    }
}
