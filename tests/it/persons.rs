//! Linkage measured on made-up people of whom it is known who they are.

use article3::diag::{Diagnostics, Sources};
use article3::ingest::{ReadOptions, read_from};
use article3::persons::{Agreement, LinkProfile, Linker, PartKind, compare};
use article3::record::{Field, Record, Row as _};
use article3::rule::{RuleFiles, RuleSet};
use rayon::prelude::*;

use crate::people::score::score;
use crate::people::{Names, Noise, people};

fn profile() -> LinkProfile {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(&RuleFiles::shipped(), &mut sources, &mut found).expect("the shipped rules");
    LinkProfile::clone(rules.linkage().expect("the shipped profile"))
}

/// Seeds with which nothing was chosen.
const SEEDS: [u64; 3] = [11, 12, 13];

#[test]
fn linkage_is_right_on_people_of_whom_it_is_known_who_they_are() {
    let sets = [(Names::Tried, 0.96), (Names::Second, 0.95), (Names::Unseen, 0.95)];
    let runs: Vec<(u64, (Names, f64))> = SEEDS.into_iter().flat_map(|seed| sets.map(|set| (seed, set))).collect();
    runs.into_par_iter().for_each(|(seed, (names, recall))| measured(seed, names, recall));
}

fn measured(seed: u64, names: Names, recall: f64) {
    let made = people(1_500, seed, names);
    let lines: String = made.iter().map(|made| format!("{}\n", made.record)).collect();
    let input = Box::new(std::io::Cursor::new(lines.into_bytes()));
    let profile = profile();
    let mut linker = Linker::new(&profile);
    let mut records = vec![];
    for chunk in read_from("people.ndjson", input, &ReadOptions::default()).expect("records") {
        let table = chunk.expect("records").table;
        linker.add(&table.columns());
        records.extend((0..table.len()).map(|row| table.record(row)));
    }
    assert_eq!(records.len(), made.len());
    let persons = linker.finish();
    let found: Vec<Option<u32>> = (0..records.len()).map(|at| persons.person(at)).collect();
    let score = score(&made, &found);
    assert!(score.all.precision() >= 0.99, "precision, seed {seed}, {names:?}\n{score}");
    assert!(score.enough.recall() >= recall, "recall, seed {seed}, {names:?}\n{score}");
    for noise in Noise::ALL.into_iter().filter(|noise| noise.leaves_enough()) {
        assert!(score.by_noise[&noise].precision() >= 0.98, "{}, seed {seed}, {names:?}\n{score}", noise.name());
    }
    assert!(Noise::ALL.iter().all(|noise| score.by_noise.contains_key(noise)), "each noise has pairs\n{score}");
    for (_, members) in persons.several() {
        let members: Vec<&Record> = members.iter().map(|at| &records[*at as usize]).collect();
        for (at, a) in members.iter().enumerate() {
            for b in &members[at + 1..] {
                let found = contradictions(a, b, &profile);
                // Names may differ where one record knows several, and one of them is like each.
                let knows_both = |with: &&Record| {
                    let differs = |other| contradictions(with, other, &profile).contains(&PartKind::Name);
                    with.len(Field::OTHER_NAMES) > 0 && !differs(a) && !differs(b)
                };
                let excused = found == [PartKind::Name] && members.iter().any(knows_both);
                assert!(found.is_empty() || excused, "{found:?}: {a:?} and {b:?}");
            }
        }
    }
}

fn contradictions(a: &Record, b: &Record, profile: &LinkProfile) -> Vec<PartKind> {
    let parts = compare(a, b, profile).parts.into_iter();
    parts.filter(|part| part.says == Agreement::Contradict).map(|part| part.kind).collect()
}
