//! Rules across records: the fast reading of all records at once says what the slow reading says of each, whatever the
//! order of the records and however they are cut into tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use article3::engine::{Company, Plan, evaluate_beside};
use article3::record::{Field, Record};
use article3::rule::{Circle, RuleFiles, RuleSet, Verdict, judge_among};
use article3::table::{NoticeTable, Origin, TableBuilder};
use proptest::prelude::*;

use crate::given::{self, sound};

const RULES: &str = include_str!("across/rules.toml");

fn rules() -> Arc<RuleSet> {
    let mut files = RuleFiles::default();
    files.insert("rules.toml", RULES);
    let head = include_str!("../../rules/ruleset.toml").replace("rule    = \"charge.separable\"", "");
    files.insert("ruleset.toml", head.replace("most_compared = 200", "most_compared = 3"));
    Arc::new(sound(&files).0)
}

fn records(lines: &str) -> Vec<Record> {
    let of_table = |table: &NoticeTable| (0..table.len()).map(|row| table.record(row)).collect::<Vec<_>>();
    given::tables(lines).iter().flat_map(of_table).collect()
}

fn tables(records: &[Record], chunk: usize) -> Vec<NoticeTable> {
    let table = |records: &[Record]| {
        let mut builder = TableBuilder::default();
        records.iter().for_each(|record| builder.push(record, Origin::default()));
        builder.finish().expect("the builder makes sound columns")
    };
    records.chunks(chunk.max(1)).map(table).collect()
}

/// What every rule says of every record, by its id, by columns.
fn fast(rules: &Arc<RuleSet>, records: &[Record], chunk: usize) -> BTreeMap<String, Vec<(Verdict, bool)>> {
    let plan = Plan::compile(Arc::clone(rules));
    let tables = tables(records, chunk);
    let company = Arc::new(Company::of(rules, &tables).expect("a company"));
    let (mut start, mut all) = (0, BTreeMap::new());
    for table in tables {
        let found = evaluate_beside(&plan, &table.columns(), Some((&company, start)));
        for row in 0..table.len() {
            let id = records[start + row].text(Field::RECORD_ID).unwrap_or_default().to_owned();
            let verdicts = (0..rules.rules.len()).map(|rule| (found.verdict(rule, row), found.is_open(rule, row)));
            all.insert(id, verdicts.collect());
        }
        start += table.len();
    }
    all
}

fn slow(rules: &RuleSet, records: &[Record]) -> BTreeMap<String, Vec<(Verdict, bool)>> {
    let circle = Circle::of(rules, records.to_vec());
    let of_record = |(at, record): (usize, &Record)| {
        let judgement = judge_among(rules, record, circle.seen_from(at));
        let verdicts = judgement.verdicts.iter().enumerate();
        let verdicts = verdicts.map(|(rule, verdict)| (*verdict, judgement.is_open(rule))).collect();
        (record.text(Field::RECORD_ID).unwrap_or_default().to_owned(), verdicts)
    };
    records.iter().enumerate().map(of_record).collect()
}

fn one_of(values: &'static [&'static str]) -> impl Strategy<Value = &'static str> {
    prop::sample::select(values)
}

prop_compose! {
    /// A record as a line of NDJSON, without its id.
    fn any_record()(
        kind in one_of(&["red_notice", "diffusion", "message", "sltd"]),
        person in one_of(&["\"p\"", "\"q\"", "\"r\"", "\"\"", "null"]),
        country in one_of(&["XA", "XA", "XB", ""]),
        status in one_of(&["active", "deleted", "refused", ""]),
        status_at in one_of(&["2019-01-01", "2020", "2020-05", "2021-02-03", ""]),
        requested_at in one_of(&["2020-05-01", "2020-05-03", "2020-05", "2020", "2021-01-01", ""]),
        case_ref in one_of(&["c1", "c2", "C1", ""]),
        laws in one_of(&["[]", r#"[{"law":"a"}]"#, r#"[{"law":"a"},{"law":"b"}]"#, r#"[{"law":"b"}]"#]),
        facts in one_of(&["", "He took the money of the bank and left the town at night",
            "He took the money of the bank and left the city at night", "She fired at a guard"]),
        months in one_of(&["12", "24", "60", "null"]),
        accused in one_of(&["[]", r#"["r0"]"#, r#"["r1","r2"]"#]),
    ) -> String {
        format!(
            r#""kind":"{kind}","person_id":{person},"requesting_country":"{country}","status":"{status}","status_at":"{status_at}","requested_at":"{requested_at}","case_ref":"{case_ref}","charges":{laws},"facts_summary":"{facts}","max_penalty_months":{months},"co_accused":{accused}"#
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn all_records_at_once_say_what_each_says_among_the_others(
        lines in prop::collection::vec(any_record(), 1..14), chunk in 1_usize..6, turn in 0_usize..14,
    ) {
        let rules = rules();
        let text: String = lines.iter().enumerate().map(|(at, line)| format!("{{\"record_id\":\"r{at}\",{line}}}\n")).collect();
        let mut records = records(&text);
        let plain = slow(&rules, &records);
        for (id, fast) in fast(&rules, &records, 100) {
            for (rule, said) in fast.iter().enumerate() {
                prop_assert_eq!(said, &plain[&id][rule], "{} of {} in\n{}", rules.rules[rule].id, id, text);
            }
        }
        records.reverse();
        let len = records.len();
        records.rotate_left(turn % len);
        prop_assert_eq!(fast(&rules, &records, chunk), plain);
    }
}
