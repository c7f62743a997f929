//! Records that go through a Parquet file of the canonical form come back as they were, in every state a cell can be in.

use std::io::Cursor;

use article3::ingest::{ReadOptions, canonical, read_from};
use article3::record::{Field, Record, Type};
use article3::report::CanonicalParquet;
use article3::table::{Origin, TableBuilder};
use proptest::prelude::{ProptestConfig, any, proptest};
use serde_json::{Map, Value as Json, json};

/// A small source of random choices, so that a case is one number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }
}

/// One cell as a source may have it: a value, nothing, withheld, or what no field can read.
fn cell(field: Field, dice: &mut Dice) -> Json {
    let number = dice.roll(3);
    match (dice.roll(8), field.ty()) {
        (0, _) => json!(null),
        (1, _) => json!({"withheld": true}),
        (2, _) => json!(["no", "cell", number]),
        (3, _) => json!(true),
        (4, _) => json!(" ? ¦ \u{0}\n"),
        (_, Type::Text) => json!(format!("text {number}\r\n")),
        (_, Type::Term(vocabulary)) => json!(vocabulary.terms[0]),
        (_, Type::Country) => json!(["XA", "914", "*"][usize::try_from(number).expect("small")]),
        (_, Type::Date) => json!(["1980", "1980-03", "1980-03-01"][usize::try_from(number).expect("small")]),
        (_, Type::Flag) => json!(number == 0),
        (_, Type::Number) => json!(i64::MAX - 1),
        (_, Type::Object) => json!({}),
    }
}

fn leaf(field: Field, dice: &mut Dice) -> Json {
    if !field.is_many() || dice.roll(4) == 0 {
        return cell(field, dice);
    }
    (0..dice.roll(4))
        .map(|_| if field.ty() == Type::Object { object(field, dice) } else { cell(field, dice) })
        .collect()
}

fn object(list: Field, dice: &mut Dice) -> Json {
    if dice.roll(5) == 0 {
        return cell(list, dice);
    }
    let below = list.children().filter(|child| !child.spec().derived);
    let carried: Vec<Field> = below.filter(|_| dice.roll(2) == 0).collect();
    Json::Object(carried.into_iter().map(|child| (child.key().to_owned(), cell(child, dice))).collect())
}

fn record(dice: &mut Dice) -> Record {
    let mut object = Map::new();
    for field in Field::all().filter(|field| field.spec().list.is_none() && !field.spec().derived) {
        if dice.roll(3) == 0 {
            continue;
        }
        let json = leaf(field, dice);
        match field.path().split_once('.') {
            None => drop(object.insert(field.path().to_owned(), json)),
            Some((group, key)) => {
                object.entry(group).or_insert_with(|| json!({}))[key] = json;
            }
        }
    }
    object.insert("kind".to_owned(), "sltd".into());
    canonical::record(&object).0
}

fn written(tables: &[Vec<Record>]) -> Vec<u8> {
    let mut bytes = vec![];
    let mut file = CanonicalParquet::new(&mut bytes).expect("memory can be written");
    for records in tables {
        let mut builder = TableBuilder::default();
        records.iter().for_each(|record| builder.push(record, Origin::default()));
        file.write(&builder.finish().expect("a table")).expect("memory can be written");
    }
    file.finish().expect("memory can be written");
    bytes
}

fn read(bytes: Vec<u8>) -> Vec<Record> {
    let reader = read_from("a.parquet", Box::new(Cursor::new(bytes)), &ReadOptions::default());
    let mut reader = reader.expect("our own file");
    let mut records = vec![];
    for chunk in reader.by_ref() {
        let chunk = chunk.expect("our own file");
        assert!(chunk.rejects.is_empty(), "{:?}", chunk.rejects);
        let columns = chunk.table.columns();
        records.extend((0..columns.rows()).map(|row| columns.record(row)));
    }
    assert!(reader.ledger().ignored_fields.is_empty(), "{:?}", reader.ledger().ignored_fields);
    records
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn a_record_comes_back_from_a_parquet_file_as_it_was(seed in any::<u64>()) {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let tables: Vec<Vec<Record>> =
            (0..dice.roll(3)).map(|_| (0..dice.roll(5)).map(|_| record(&mut dice)).collect()).collect();
        let back = read(written(&tables));
        let wanted: Vec<&Record> = tables.iter().flatten().collect();
        assert_eq!(back.len(), wanted.len());
        for (back, wanted) in back.iter().zip(wanted) {
            assert_eq!(back, wanted, "seed {seed}");
        }
    }
}

#[test]
fn what_is_not_carried_takes_little_space() {
    let object = |id: u32| json!({"record_id": id.to_string(), "kind": "sltd", "charges": [{"text": "Theft"}]});
    let record = |id| canonical::record(object(id).as_object().expect("an object")).0;
    let few = written(&[(0..10).map(record).collect()]).len();
    let many = written(&[(0..8000).map(record).collect()]).len();
    assert!(many - few < 8000 * 20, "{} bytes a record", (many - few) / 7990);
}
