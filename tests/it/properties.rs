//! The two readings of the rules agree: for random records and random rules, the column reading of the engine says the
//! same as the plain reading of one record, verdict by verdict, and is open for the same reasons.

use std::collections::BTreeSet;
use std::sync::Arc;

use article3::engine::{Plan, evaluate};
use article3::ingest::canonical;
use article3::operator::{OPTIONS, operator_keys};
use article3::record::{Country, Field, Leaf, Missing, PartialDate, Record, Row, State, Type, Value};
use article3::rule::{Expr, RuleFiles, RuleSet, Verdict, judge};
use article3::table::{Origin, TableBuilder};
use proptest::prelude::{any, proptest};

use crate::given::sound;

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
const WORDS: [&str; 20] = [
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
    // Cues of the lists below, and ends of sentences.
    "not only",
    "but",
    "nowhere",
    "he",
    "They",
    "was done",
    "measure.\nHe",
    "bomb; they",
];
const DATES: [&str; 7] = ["2019", "2020-02", "2020-02-28", "2020-03-01", "2021-01-01", "2020", "2020-02-29"];
const COUNTRIES: [&str; 3] = ["XA", "XB", "XC"];

fn text(dice: &mut Dice) -> String {
    let count = 1 + dice.roll(9);
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
        Type::Text => match dice.roll(16) {
            12 => "list = \"lexicon/x\"".to_owned(),
            13 => "list = \"context/texts\", as_of = \"status_at\"".to_owned(),
            14 => format!("lookup = \"context/texts\", {} = {}", order(dice), dice.roll(3)),
            0 => format!("is = [{:?}, {}]", text(dice), words(dice)),
            1 => format!("{} = {}, word = true", dice.pick(&["contains", "lacks"]), words(dice)),
            2 => format!("contains = [{}, {}], all = true", words(dice), words(dice)),
            3 => format!("startswith = {}", words(dice)),
            4 => format!(
                "near = {{ a = {}, b = [{}, {{ list = \"lexicon/x\" }}], within = {} }}",
                words(dice),
                words(dice),
                dice.roll(3)
            ),
            5 => format!("{} = {{ list = \"lexicon/x\" }}", dice.pick(&["contains", "lacks"])),
            6 => format!("words = {{ {} = {} }}", order(dice), dice.roll(5)),
            7 => format!("re = {:?}, flags = \"i\"", dice.pick(&["b.mb", "(?-u:^)l", "экс\\w+"])),
            8 => format!("neq = {}", words(dice)),
            9 => format!("endswith = [{}, \"{}\"], cased = true", words(dice), "BOMB!"),
            10 => format!(
                "fuzzy = {{ to = [{}, {{ list = \"lexicon/names\" }}], profile = \"names/{}\", gte = {} }}",
                words(dice),
                dice.pick(&["latin-part", "exact"]),
                60 + dice.roll(41)
            ),
            11 => format!(
                "similar = {{ to = {{ field = {:?} }}, gte = {} }}",
                dice.pick(&["facts_summary", "charges.translation"]),
                1 + dice.roll(100)
            ),
            _ => format!(
                "fuzzy = {{ to = {{ field = {:?} }}, profile = \"names/latin-part\", gte = 80 }}",
                dice.pick(&["facts_summary", "charges.translation"])
            ),
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
    let own = if field.ty() == Type::Text { narrowed(own, dice) } else { own };
    match dice.roll(8) {
        0 => format!("known = {}", dice.roll(2) == 0),
        1 => format!("blank = {}", dice.roll(2) == 0),
        _ => own,
    }
}

/// A predicate on a text that perhaps counts in part of the text only.
fn narrowed(mut own: String, dice: &mut Dice) -> String {
    let takes = |keys: &[&str]| keys.iter().any(|key| own.starts_with(&format!("{key} =")));
    let (text, words) = (takes(&["contains", "startswith", "endswith", "near", "re"]), takes(&["words"]));
    if text && dice.roll(3) == 0 {
        own += &format!(", words = {{ {} = {} }}", dice.pick(&["lt", "gte"]), 1 + dice.roll(6));
    }
    if (text || words) && dice.roll(3) == 0 {
        own += ", sentence = true";
    }
    if (text || words) && dice.roll(3) == 0 {
        own += &format!(", subject = {:?}", dice.pick(&["person", "others"]));
    }
    if text && dice.roll(3) == 0 {
        own += &format!(", negated = {}", dice.roll(2) == 0);
    }
    if text && dice.roll(3) == 0 {
        own += &format!(", reported = {}", dice.roll(2) == 0);
    }
    own
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
        if number == 5 && dice.roll(2) == 0 {
            let over_rules = dice.pick(&[
                "2 of [rule.n0, rule.n2, rule.n4]",
                "1 of ground:rpd and not rule.n1",
                "all of rule.n* or rule.n0",
                "not (rule.n2 or rule.n3)",
            ]);
            toml += &format!("[rule.composite]\ncondition = {over_rules:?}\n");
            continue;
        }
        toml += &format!("[rule.detection]\ncondition = {condition:?}\n");
        for name in ["a", "b", "c"] {
            // Rules that look for the same words in the same text share one search; that has to be tried most.
            let path = if dice.roll(3) == 0 { "facts_summary" } else { dice.pick(&FIELDS) };
            let field = Field::named(path).expect("a field");
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

/// The lists that tell negations and subjects, in place of the shipped ones of the same names; and a list of names.
const CUES: [(&str, &[&str]); 10] = [
    ("negation-before", &["no", "not"]),
    ("negation-after", &["nowhere"]),
    ("negation-none", &["not only"]),
    ("negation-ends", &["but", "slogan"]),
    ("subject-person", &["he"]),
    ("subject-others", &["they", "arme slogan"]),
    ("subject-none", &["measure they"]),
    ("subject-unnamed", &["was done"]),
    ("abbreviations", &["measure."]),
    ("names", &["bomb measure", "arme"]),
];

const EXACT: &str = "version = 1\nsource = \"a test\"\nmeasure = \"exact\"\norder = \"as_written\"\n\
    min_parts = 1\npart_gte = 0\nsurplus = 50\noptional = [\"no\"]\n";

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
    for (name, entries) in CUES {
        let rows = entries.iter().map(|entry| format!("{entry},en,Latn,literal,,,test,,\n"));
        let header = LIST.split_inclusive('\n').next().expect("a header");
        files.insert(format!("lexicon/{name}.csv"), rows.fold(header.to_owned(), |list, row| list + &row));
    }
    files.insert("names/exact.toml", EXACT);
    for (name, table) in [("c", TABLE), ("always", ALWAYS), ("texts", TEXTS), ("kinds", KINDS)] {
        files.insert(format!("context/{name}.csv"), table);
    }
    files.insert("context/lists.toml", HEADERS);
    sound(&files).0
}

/// The day on which suppressions are read.
const TODAY: &str = "2026-06-01";

/// Suppressions of what rules say of records: most of them in force, others past, ahead, or of other evidence.
fn filters(toml: &str, records: &[Record], dice: &mut Dice) -> String {
    let rules = on_the_day(check(toml));
    let mut filters = String::new();
    for (row, record) in records.iter().enumerate() {
        let judged = judge(&rules, record);
        for (at, rule) in rules.rules.iter().enumerate() {
            if judged.verdicts[at] != Verdict::Yes || rule.filter.is_some() || dice.roll(3) > 0 {
                continue;
            }
            let id = toml.matches("[[rule]]").count() + filters.matches("[[rule]]").count();
            let other = judged.evidence_hash(dice.roll(rules.rules.len()));
            let evidence = if dice.roll(4) == 0 { other } else { judged.evidence_hash(at) };
            let [from, to] = dice.pick(&[
                ["2026-01-01", "2026-06-01"],
                ["2026-06-01", "2026-12-31"],
                ["2026-01-01", "2026-12-31"],
                ["2026-01-01", "2026-05-31"],
                ["2026-06-02", "2026-12-31"],
            ]);
            filters += &format!(
                "[[rule]]\nid = \"a.n{id}\"\nrevision = 1\ntitle = \"t\"\nstatus = \"test\"\nkind = \"filter\"\n\
                 scope = {{ record_id = [\"n-{row}\", \"n-{}\"] }}\nfilter = {{ suppresses = [{:?}, \"rule.n0\"], \
                 evidence = {evidence:?}, reason = \"r\", reviewer = \"R\", reviewed = {from:?}, expires = {to:?} }}\n",
                dice.roll(records.len()),
                rule.id,
            );
        }
    }
    filters
}

fn on_the_day(mut rules: RuleSet) -> RuleSet {
    rules.today = PartialDate::parse(TODAY);
    rules
}

/// What was compared: pairs of a record and a rule, and what they were made of.
#[derive(Default)]
struct Compared {
    pairs: usize,
    /// Key of a predicate, and state of the field it was asked of.
    asked: BTreeSet<(String, State)>,
    /// Forms of conditions.
    forms: BTreeSet<&'static str>,
    verdicts: BTreeSet<Verdict>,
    /// Pairs whose verdict is another because some other rule is suppressed.
    moved: usize,
}

impl Compared {
    /// Takes down what the rules ask of a record.
    fn note(&mut self, toml: &toml::Table, record: &Record) {
        let rules = toml["rule"].as_array().into_iter().flatten();
        for table in rules.filter_map(|rule| rule.get("detection")?.as_table()) {
            for (path, predicate) in table.values().filter_map(toml::Value::as_table).flatten() {
                let Some(field) = Field::named(path) else {
                    self.asked.insert((path.clone(), State::Value));
                    continue;
                };
                let mut keys = BTreeSet::new();
                keys_of(predicate, &mut keys);
                self.asked.extend(keys.into_iter().map(|key| (key, record.state(field))));
            }
        }
    }

    fn form(&mut self, expr: &Expr) {
        expr.walk(&mut |part| {
            self.forms.insert(match part {
                Expr::Clause(_) => "clause",
                Expr::Rule(_) => "rule",
                Expr::Named(..) => "named",
                Expr::Not(_) => "not",
                Expr::All(_) => "and",
                Expr::Any(_) => "or",
                Expr::AtLeast(..) => "N of",
                Expr::AssumeNo(_) => "assume",
            });
        });
    }
}

/// Every key of a table and the tables in it.
fn keys_of(value: &toml::Value, into: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => table.iter().for_each(|(key, value)| {
            into.insert(key.clone());
            keys_of(value, into);
        }),
        toml::Value::Array(values) => values.iter().for_each(|value| keys_of(value, into)),
        _ => {}
    }
}

/// Compares the readings on some records, every third time with suppressions.
fn compare(seed: u64, records: usize, compared: &mut Compared) {
    let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let mut toml = rules(&mut dice);
    let mut records: Vec<Record> = (0..records).map(|_| record(&mut dice)).collect();
    for (row, record) in records.iter_mut().enumerate() {
        record.set(Field::RECORD_ID, Leaf::One(Ok(Value::Text(format!("n-{row}")))));
    }
    let plain = toml.clone();
    if seed.is_multiple_of(3) {
        // The second time what the first suppressions made hold is suppressed too.
        for _ in 0..2 {
            toml += &filters(&toml, &records, &mut dice);
        }
    }
    agree((&toml, &plain), &records, &format!("seed {seed}"), compared);
}

/// Compares the readings on these records, by rules with and without suppressions.
fn agree((toml, plain): (&str, &str), records: &[Record], case: &str, compared: &mut Compared) {
    let plain = check(plain);
    let rules = Arc::new(on_the_day(check(toml)));
    let plan = Plan::compile(Arc::clone(&rules));
    let mut builder = TableBuilder::default();
    for record in records {
        builder.push(record, Origin::default());
    }
    let table = builder.finish().expect("a table");
    let found = evaluate(&plan, &table.columns());
    let written: toml::Table = toml.parse().expect("TOML");
    for rule in &rules.rules {
        rule.scope.iter().chain([&rule.body]).for_each(|expr| compared.form(expr));
    }
    for (row, record) in records.iter().enumerate() {
        assert_eq!(&table.record(row), record, "the table gives a record back as it was");
        compared.note(&written, record);
        let judged = judge(&rules, record);
        let before = judge(&plain, record);
        for (at, rule) in rules.rules.iter().enumerate() {
            let (slow, fast) = (judged.verdicts[at], found.verdict(at, row));
            assert_eq!(slow, fast, "{case}, rule {}, record {record:#?}\n{toml}", rule.id);
            compared.verdicts.insert(slow);
            let was = plain.position(&rule.id).map(|at| before.verdicts[at]);
            compared.moved += usize::from(was.is_some_and(|was| was != slow) && slow != Verdict::Suppressed);
            let (slow, fast) = (judged.is_open(at), found.is_open(at, row));
            assert_eq!(slow, fast, "open: {case}, rule {}, record {record:#?}\n{toml}", rule.id);
        }
    }
    compared.pairs += records.len() * plain.rules.len();
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

/// What a sentence begins or ends with stands anywhere in a text, so its phrases are no promise for the whole text.
#[test]
fn both_readings_find_the_start_and_the_end_of_a_sentence() {
    let texts = ["Slogan. Bomb now.", "Bomb now. Slogan.", "A bomb now.", "Slogan! Bomb; they", "Bomb"];
    let records: Vec<Record> = texts
        .iter()
        .map(|text| {
            let mut record = Record::default();
            let field = Field::named("facts_summary").expect("a field");
            record.set(field, Leaf::One(Ok(Value::Text((*text).to_owned()))));
            record
        })
        .collect();
    for operator in ["startswith = \"bomb\"", "endswith = \"now.\"", "startswith = \"bomb\", endswith = \"now.\""] {
        for more in [
            "",
            ", word = true",
            ", contains = \"bomb\"",
            ", subject = \"others\"",
            ", negated = true",
            ", reported = true",
        ] {
            let toml = format!(
                "[[rule]]\nid = \"rule.it\"\nrevision = 1\ntitle = \"t\"\nstatus = \"test\"\nkind = \"concept\"\n\
                basis = [{{ cite = \"x\" }}]\n[rule.detection.it]\n\
                facts_summary = {{ {operator}{more}, sentence = true }}\n"
            );
            agree((&toml, &toml), &records, more, &mut Compared::default());
        }
    }
}

/// How many pairs of a record and a rule are compared, suppressions aside.
const PAIRS: usize = 120_000;

#[test]
fn the_column_reading_says_what_the_plain_reading_says() {
    let mut compared = Compared::default();
    for seed in 0.. {
        compare(seed, 1 + usize::try_from(seed % 24).expect("small"), &mut compared);
        if compared.pairs >= PAIRS {
            break;
        }
    }
    let known = operator_keys().chain(OPTIONS.iter().copied()).chain(["quantifier", "match", "count"]);
    let asked = |key: &str, state| compared.asked.contains(&(key.to_owned(), state));
    let missing: Vec<(&str, State)> = known
        .flat_map(|key| State::ALL.iter().map(move |state| (key, *state)))
        .chain([("assume", State::Value)])
        .filter(|(key, state)| !asked(key, *state))
        .collect();
    assert!(missing.is_empty(), "never compared: {missing:?}");
    assert_eq!(compared.forms.len(), 8, "{:?}", compared.forms);
    assert_eq!(compared.verdicts.len(), Verdict::ALL.len());
    assert!(compared.moved > 100, "only {} verdicts are others because of a suppression", compared.moved);
}
