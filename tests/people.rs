//! Made-up people for linkage at full size.
//!
//! `cargo run --release --example people -- make 400000 1 people.ndjson truth.csv` writes the records of so many people, and
//! who each is about; `second` in place of `make` gives them another set of names, in harder spellings, and `unseen` names on
//! which nothing was tried.
//! `article3 persons people.ndjson --format csv --output persons.csv` links them, and
//! `cargo run --release --example people -- score truth.csv persons.csv` says how right that is.

#[path = "it/people/mod.rs"]
mod people;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};

use people::score::score;
use people::{Kin, Made, Names, Noise, people};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [set @ ("make" | "second" | "unseen"), persons, seed, records, truth] => {
            let names = match set {
                "second" => Names::Second,
                "unseen" => Names::Unseen,
                _ => Names::Tried,
            };
            make(&people(persons.parse()?, seed.parse()?, names), records, truth)
        }
        ["score", truth, persons] => Ok(write!(std::io::stdout(), "{}", scored(truth, persons)?)?),
        _ => Err("make, second or unseen PERSONS SEED RECORDS TRUTH, or score TRUTH PERSONS".into()),
    }
}

fn make(made: &[Made], records: &str, truth: &str) -> Result<(), Box<dyn Error>> {
    let (mut records, mut truth) = (BufWriter::new(File::create(records)?), csv::Writer::from_path(truth)?);
    truth.write_record(["record_id", "person", "noise", "family", "kin", "culture"])?;
    for made in made {
        writeln!(records, "{}", made.record)?;
        let id = made.record["record_id"].as_str().unwrap_or_default();
        let (person, family) = (made.person.to_string(), made.family.to_string());
        truth.write_record([id, &person, made.noise.name(), &family, made.kin.name(), made.culture])?;
    }
    truth.flush()?;
    Ok(records.flush()?)
}

fn scored(truth: &str, persons: &str) -> Result<people::score::Score, Box<dyn Error>> {
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for row in csv::Reader::from_path(persons)?.records() {
        let row = row?;
        found.insert(row[0].to_owned(), row[1].to_owned());
    }
    let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
    let (mut made, mut linked) = (vec![], vec![]);
    for row in csv::Reader::from_path(truth)?.records() {
        let row = row?;
        let noise = Noise::named(&row[2]).ok_or("a noise that is not known")?;
        let kin = Kin::named(&row[4]).ok_or("a kin that is not known")?;
        let culture = Names::Tried.cultures().iter().find(|culture| culture.name == &row[5]);
        made.push(Made {
            record: serde_json::Value::Null,
            person: row[1].parse()?,
            noise,
            family: row[3].parse()?,
            kin,
            culture: culture.ok_or("a culture that is not known")?.name,
        });
        let person = found.get(&row[0]).filter(|person| !person.is_empty());
        linked.push(person.map(|person| {
            let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
            *numbers.entry(person.clone()).or_insert(next)
        }));
    }
    Ok(score(&made, &linked))
}
