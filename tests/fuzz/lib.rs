//! What every fuzz target holds the program to. A target gets bytes and hands them to one of these functions, which fail
//! where the program panics or breaks a promise; what it says about the bytes is its own business.

use std::io::Cursor;

use article3::diag::{Diagnostics, Sources};
use article3::ingest::{Profile, ReadOptions, read_from};
use article3::record::{Country, PartialDate};
use article3::rule::{RuleFiles, RuleSet};

/// Rows that profiles are tried on.
const TABLE: &str = "id,name,sanctions,kind,Surname,a\n1,A,\"\"\"Red Notice - a; b\"\"\";c\",sltd,B,01/02/1985\n,,,,,\n";
const OBJECTS: &str = "{\"entity_id\":\"1\",\"arrest_warrants\":[{\"charge\":\"a\"}],\"id\":1,\"a\":{\"b\":[1,{}]}}\n{}\n";

/// How many rows a chunk has. Few, so that short inputs have several.
const CHUNK_ROWS: usize = 32;

/// Reads a file to its end. Every row read must be accounted for, also where the reading breaks off.
pub fn read(name: &str, bytes: &[u8]) {
    let options = ReadOptions { chunk_rows: CHUNK_ROWS, ..ReadOptions::default() };
    let Ok(mut reader) = read_from(name, Box::new(Cursor::new(bytes.to_vec())), &options) else { return };
    let (mut accepted, mut rejected) = (0, 0);
    for chunk in reader.by_ref() {
        let Ok(chunk) = chunk else { break };
        accepted += chunk.table.len();
        rejected += chunk.rejects.len();
    }
    let ledger = reader.ledger();
    assert!(ledger.balances(), "{ledger:?}");
    assert_eq!((ledger.accepted, ledger.rejected), (accepted as u64, rejected as u64), "{ledger:?}");
}

/// A date that is read is written so that it is read again as the same date.
pub fn date(text: &str) {
    if let Some(date) = PartialDate::parse(text) {
        assert!(date.first <= date.last, "{text:?} is {date:?}");
        assert_eq!(PartialDate::parse(&date.to_string()), Some(date), "{text:?} is written as {date}");
    }
}

/// The code of a country is the name of that country, and so is its number.
pub fn country(text: &str) {
    if let Some(country) = Country::parse(text) {
        assert_eq!(Country::parse(country.code()), Some(country), "{text:?}");
        assert_eq!(Country::from_packed(country.packed()), country, "{text:?}");
    }
}

/// A rule file is understood, or what is wrong with it is said.
pub fn rules(text: &str) {
    let mut files = RuleFiles::default();
    files.insert("rules.toml", text);
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(&files, &mut sources, &mut found);
    assert!(rules.is_some() || found.has_errors(), "no rules, and no reason for it");
}

/// A profile is understood, or what is wrong with it is said; with one that is, rows of any columns are accounted for.
pub fn profile(text: &str) {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let source = sources.add("profile.toml", text);
    let profile = Profile::parse(source, text, &mut found);
    assert!(profile.is_some() || found.has_errors(), "no profile, and no reason for it");
    let Some(profile) = profile else { return };
    for (name, rows) in [("a.csv", TABLE), ("a.ndjson", OBJECTS)] {
        let options = ReadOptions { profile: Some(profile.clone()), ..ReadOptions::default() };
        let Ok(mut reader) = read_from(name, Box::new(Cursor::new(rows.as_bytes())), &options) else { continue };
        reader.by_ref().for_each(drop);
        assert!(reader.ledger().balances(), "{:?}", reader.ledger());
    }
}

/// Some formats are read by libraries that panic on damaged files. The program catches that; the fuzzer must not stop at it.
/// A panic that is not caught still ends the target.
pub fn panics_may_be_caught() {
    std::panic::set_hook(Box::new(|_| {}));
}
