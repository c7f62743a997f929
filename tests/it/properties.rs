//! The two readings of the rules agree: for random records and random rules, the column reading of the engine says the
//! same as the plain reading of one record, verdict by verdict, and is open for the same reasons.

use std::sync::Arc;

use article3::diag::{Diagnostics, Sources, Style, render};
use article3::engine::{Plan, evaluate};
use article3::ingest::canonical;
use article3::record::{Country, Field, Leaf, Missing, PartialDate, Record, Type, Value};
use article3::rule::{RuleFiles, RuleSet, judge};
use article3::table::{Origin, TableBuilder};
use proptest::prelude::{ProptestConfig, any, proptest};

/// A small source of random choices, so that a case is one number.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (sides as u64)).expect("fewer sides than addresses")
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len())]
    }
}

const FIELDS: [&str; 22] = [
    "kind",
    "status",
    "requesting_country",
    "requested_at",
    "status_at",
    "recipients",
    "nationalities",
    "roles",
    "charges",
    "charges.text",
    "charges.translation",
    "charges.wording",
    "charges.max_penalty_months",
    "charges.separable",
    "facts_summary",
    "is_public",
    "max_penalty_months",
    "sentence_months",
    "events",
    "events.kind",
    "events.at",
    "events.country",
];
const WORDS: [&str; 12] = [
    "bomb",
    "Bombs",
    "BOMB!",
    "measure",
    "экстремизм",
    "Экстремистский",
    "l'arme",
    "arme",
    "slogan",
    "no",
    "arme-slogan",
    "bomb-\r\nmaker",
];
const DATES: [&str; 7] = ["2019", "2020-02", "2020-02-28", "2020-03-01", "2021-01-01", "2020", "2020-02-29"];
const COUNTRIES: [&str; 3] = ["XA", "XB", "XC"];

fn text(dice: &mut Dice) -> String {
    let count = 1 + dice.roll(5);
    (0..count).map(|_| dice.pick(&WORDS)).collect::<Vec<_>>().join(" ")
}

fn value(field: Field, dice: &mut Dice) -> Value {
    match field.ty() {
        Type::Text => Value::Text(text(dice)),
        Type::Term(vocabulary) => Value::Term(u8::try_from(dice.roll(vocabulary.terms.len().min(4))).expect("small")),
        Type::Country => Value::Country(Country::parse(dice.pick(&COUNTRIES)).expect("a country")),
        Type::Date => Value::Date(PartialDate::parse(dice.pick(&DATES)).expect("a date")),
        Type::Flag => Value::Flag(dice.roll(2) == 0),
        Type::Number => Value::Number(dice.pick(&[0, 6, 12, 24])),
        Type::Object => Value::Object,
    }
}

fn missing(dice: &mut Dice) -> Missing {
    match dice.roll(4) {
        0 => Missing::Blank,
        1 => Missing::Withheld,
        2 => Missing::Invalid("?".to_owned()),
        _ => Missing::NotCarried,
    }
}

fn cell(field: Field, dice: &mut Dice) -> Result<Value, Missing> {
    if dice.roll(4) == 0 { Err(missing(dice)) } else { Ok(value(field, dice)) }
}

fn record(dice: &mut Dice) -> Record {
    let mut record = Record::default();
    for field in FIELDS.iter().filter_map(|path| Field::named(path)).filter(|field| field.spec().list.is_none()) {
        if dice.roll(5) == 0 {
            continue;
        }
        let length = if dice.roll(5) == 0 { 0 } else { 1 + dice.roll(3) };
        if !field.is_many() {
            record.set(field, Leaf::One(cell(field, dice)));
            continue;
        }
        let list = if length == 0 { Err(missing(dice)) } else { Ok((0..length).map(|_| cell(field, dice)).collect()) };
        for child in field.children().filter(|child| FIELDS.contains(&child.path()) && !child.spec().derived) {
            if dice.roll(4) > 0 {
                let cells = match &list {
                    Ok(_) => Ok((0..length).map(|_| cell(child, dice)).collect()),
                    Err(missing) => Err(missing.clone()),
                };
                record.set(child, Leaf::Many(cells));
            }
        }
        record.set(field, Leaf::Many(list));
    }
    record.derive();
    record
}

/// A predicate on a field, as TOML.
fn predicate(field: Field, dice: &mut Dice) -> String {
    let words =
        |dice: &mut Dice| format!("{:?}", dice.pick(&["bomb", "экстрем", "arme", "slogan", "measure bomb", "no"]));
    let date = |dice: &mut Dice| format!("{:?}", dice.pick(&DATES));
    let order = |dice: &mut Dice| dice.pick(&["lt", "lte", "gt", "gte"]);
    let own = match field.ty() {
        Type::Text => match dice.roll(13) {
            10 => "list = \"lexicon/x\"".to_owned(),
            11 => "list = \"context/texts\", as_of = \"status_at\"".to_owned(),
            12 => format!("lookup = \"context/texts\", {} = {}", order(dice), dice.roll(3)),
            0 => format!("is = [{:?}, {}]", text(dice), words(dice)),
            1 => format!("contains = {}, word = true", words(dice)),
            2 => format!("contains = [{}, {}], all = true", words(dice), words(dice)),
            3 => format!("startswith = {}", words(dice)),
            4 => format!(
                "near = {{ a = {}, b = [{}, {{ list = \"lexicon/x\" }}], within = {} }}",
                words(dice),
                words(dice),
                dice.roll(3)
            ),
            5 => "contains = { list = \"lexicon/x\" }".to_owned(),
            6 => format!("words = {{ {} = {} }}", order(dice), dice.roll(5)),
            7 => format!("re = {:?}, flags = \"i\"", dice.pick(&["b.mb", "(?-u:^)l", "экс\\w+"])),
            8 => format!("neq = {}", words(dice)),
            _ => format!("endswith = [{}, \"{}\"], cased = true", words(dice), "BOMB!"),
        },
        Type::Term(vocabulary) => {
            let key = dice.pick(&["is", "neq"]);
            if vocabulary.name == "kind" && dice.roll(2) == 0 {
                return dice.pick(&["list = \"context/kinds\"", "lookup = \"context/kinds\""]).to_owned();
            }
            format!("{key} = [{:?}, {:?}]", vocabulary.terms[dice.roll(3)], vocabulary.terms[dice.roll(3)])
        }
        Type::Country => match dice.roll(8) {
            3 => "list = \"context/c\"".to_owned(),
            4 => "list = \"context/always\"".to_owned(),
            5 => format!("lookup = \"context/c\", {} = {}.5", order(dice), dice.roll(3)),
            6 => {
                let test = dice.pick(&["is = [\"low\", \"mid\"]", "neq = \"low\""]);
                format!("lookup = \"context/c\", column = \"band\", {test}, as_of = \"status_at\"")
            }
            7 if field.list().is_some() => {
                format!("lookup = \"context/c\", gte = 1, as_of = {:?}", "events.at")
            }
            0 => "is = { field = \"requesting_country\" }".to_owned(),
            1 => "field = \"nationalities\"".to_owned(),
            _ => format!("{} = {:?}", dice.pick(&["is", "neq"]), dice.pick(&COUNTRIES)),
        },
        Type::Date => match dice.roll(8) {
            0 => format!("is = {}", date(dice)),
            1 => format!("{} = {}", order(dice), date(dice)),
            2 => format!("{} = {{ field = \"requested_at\" }}", order(dice)),
            3 => format!("{} = {}, within = \"{}d\"", dice.pick(&["before", "after"]), date(dice), 1 + dice.roll(400)),
            4 => format!("{} = {{ field = \"status_at\" }}, within = \"30d\"", dice.pick(&["before", "after"])),
            5 => format!("year = {}", 2019 + dice.roll(3)),
            6 => format!("month = {{ {} = {} }}", order(dice), 1 + dice.roll(12)),
            _ => format!("day = {{ {} = {} }}", order(dice), 1 + dice.roll(31)),
        },
        Type::Flag => format!("is = {}", dice.roll(2) == 0),
        Type::Number => match dice.roll(3) {
            0 => format!("is = [{}, 12]", dice.roll(24)),
            1 => format!("{} = {{ field = \"sentence_months\" }}", order(dice)),
            _ => format!("{} = {}", order(dice), dice.roll(24)),
        },
        Type::Object => match dice.roll(2) {
            0 => format!("count = {{ {} = {} }}", order(dice), dice.roll(4)),
            _ => {
                let child = field.children().filter(|child| FIELDS.contains(&child.path())).collect::<Vec<_>>();
                let (a, b) = (child[dice.roll(child.len())], child[dice.roll(child.len())]);
                let first = format!("{} = {{ {} }}", a.key(), predicate(a, dice));
                let second =
                    if a == b { String::new() } else { format!(", {} = {{ {} }}", b.key(), predicate(b, dice)) };
                format!("match = {{ {first}{second} }}")
            }
        },
    };
    match dice.roll(8) {
        0 => format!("known = {}", dice.roll(2) == 0),
        1 => format!("blank = {}", dice.roll(2) == 0),
        _ => own,
    }
}

fn rules(dice: &mut Dice) -> String {
    let mut toml = String::new();
    for number in 0..6 {
        let kind = if number < 2 { "kind = \"concept\"" } else { "kind = \"gate\"\nground = \"rpd\"" };
        let condition = match dice.roll(7) {
            0 => "a and b".to_owned(),
            1 => "a or not b".to_owned(),
            2 => "not (a and not c)".to_owned(),
            3 => "2 of [a, b, c]".to_owned(),
            4 => "all of * and not 1 of [a, b]".to_owned(),
            5 if number >= 2 => "c and rule.n0 or not rule.n1".to_owned(),
            _ => "a and (b or c)".to_owned(),
        };
        toml += &format!("[[rule]]\nid = \"rule.n{number}\"\nrevision = 1\ntitle = \"t\"\nstatus = \"test\"\n{kind}\n");
        toml += "basis = [{ cite = \"x\" }]\nexplain = { message = \"m\" }\n";
        if dice.roll(3) == 0 {
            toml += "scope = { kind = [\"red_notice\", \"blue_notice\"] }\n";
        }
        toml += &format!("[rule.detection]\ncondition = {condition:?}\n");
        for name in ["a", "b", "c"] {
            let field = Field::named(dice.pick(&FIELDS)).expect("a field");
            let predicate = predicate(field, dice);
            let quantifier = if field.is_many() && !predicate.starts_with("count") && dice.roll(2) == 0 {
                format!(", quantifier = {:?}", dice.pick(&["any", "all", "none"]))
            } else {
                String::new()
            };
            let assume = if dice.roll(6) == 0 { "assume = \"no\"\n" } else { "" };
            toml += &format!("[rule.detection.{name}]\n{assume}{:?} = {{ {predicate}{quantifier} }}\n", field.path());
        }
    }
    toml
}

const LIST: &str = "entry,lang,script,mode,country,note,source,valid_from,valid_to\n\
    bomb,en,Latn,stem,,,test,,\n\
    экстремист,ru,Cyrl,stem,XA,,test,,\n\
    slogan,en,Latn,literal,,,test,2020-02-29,2020-12-31\n\
    l.arme,fr,Latn,regex,XB,,test,,\n";

const TABLE: &str = "key,valid_from,valid_to,value,band,source\n\
    XA,2019-01-01,2020-02-28,0.5,low,\n\
    XA,2020-02-29,2020-12-31,1.5,low,\n\
    XA,2021-01-01,,,mid,\n\
    XB,,2020-02-15,1,high,\n\
    XB,2020-03-01,2020-06-30,2.5,mid,\n";
const ALWAYS: &str = "key,valid_from,valid_to,value,source\nXB,,,1,\nXC,,,1,\n";
const TEXTS: &str = "key,valid_from,valid_to,value,source\nbomb,2020,2020,1,\nARME,,,2,\nslogan,,2019,0,\n";
const KINDS: &str = "key,valid_from,valid_to,value,source\nred_notice,,,true,\nblue_notice,2020,,false,\n";
const HEADERS: &str = r#"
always = { version = 1, key = "country", columns = { value = { type = "integer" } } }
c      = { version = 1, key = "country", columns = { value = { type = "decimal" }, band = { type = "text" } } }
texts  = { version = 1, key = "text", columns = { value = { type = "integer" } } }
kinds  = { version = 1, key = "kind", columns = { value = { type = "flag" } } }
[defaults]
licence    = "none"
maintainer = "nobody"
as_of      = "2024"
source     = "made up"
"#;

fn check(toml: &str) -> RuleSet {
    let mut files = RuleFiles::default();
    files.insert("rules.toml", toml);
    files.insert("lexicon/x.csv", LIST);
    for (name, table) in [("c", TABLE), ("always", ALWAYS), ("texts", TEXTS), ("kinds", KINDS)] {
        files.insert(format!("context/{name}.csv"), table);
    }
    files.insert("context/lists.toml", HEADERS);
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(&files, &mut sources, &mut found).expect("a profile");
    found.sort(&sources);
    assert!(!found.has_errors(), "{}\n{toml}", render(&found, &sources, Style::Plain));
    rules
}

/// Compares the readings on some records; returns how many pairs of a record and a rule were compared.
fn compare(seed: u64, records: usize) -> usize {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let toml = rules(&mut dice);
    let rules = Arc::new(check(&toml));
    let plan = Plan::compile(Arc::clone(&rules));
    let records: Vec<Record> = (0..records).map(|_| record(&mut dice)).collect();
    let mut builder = TableBuilder::default();
    for record in &records {
        builder.push(record, Origin::default());
    }
    let table = builder.finish().expect("a table");
    let found = evaluate(&plan, &table.columns());
    for (row, record) in records.iter().enumerate() {
        assert_eq!(&table.record(row), record, "the table gives a record back as it was");
        let judged = judge(&rules, record);
        for (at, rule) in rules.rules.iter().enumerate() {
            let (slow, fast) = (judged.verdicts[at], found.verdict(at, row));
            assert_eq!(slow, fast, "seed {seed}, rule {}, record {record:#?}\n{toml}", rule.id);
            let (slow, fast) = (judged.is_open(at), found.is_open(at, row));
            assert_eq!(slow, fast, "open: seed {seed}, rule {}, record {record:#?}\n{toml}", rule.id);
        }
    }
    records.len() * rules.rules.len()
}

/// A record as a reader gives it.
fn as_read(record: &Record) -> Record {
    canonical::record(&canonical::object(record)).0
}

proptest! {
    #[test]
    fn a_record_that_was_read_is_written_and_read_back_as_it_was(seed in any::<u64>()) {
        let mut dice = Dice(seed);
        let record = as_read(&record(&mut dice));
        assert_eq!(as_read(&record), record);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn the_column_reading_says_what_the_plain_reading_says(seed in any::<u64>()) {
        assert!(compare(seed, 1 + usize::try_from(seed % 24).expect("small")) > 0);
    }
}
