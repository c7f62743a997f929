//! `persons`: which records are read as one person's.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::batch::BatchArgs;
use super::deliver::{create, shown};
use super::exit::{Done, Exit, Failure};
use super::passes::Passes;
use super::progress::Progress;
use super::read::spare;
use super::rejected::Noticed;
use super::rulesets::{RulesArgs, load};
use super::scan::file_view;
use super::{Io, not_known};
use crate::ingest::{IngestError, Ledger};
use crate::operator::show;
use crate::persons::{self, Identity, LinkProfile, Linker, PartKind, Persons, compare};
use crate::record::{Field, Record, Row as _, Type, Value};
use crate::report::View;
use crate::report::persons::{Entry, Group, Linked, NOTE, Pair, told, write_csv, write_json, write_text, write_thin};
use crate::report::summary::accounts;
use crate::table::NoticeTable;

/// What `persons` is asked for.
#[derive(Debug, Args)]
pub(super) struct PersonsArgs {
    #[command(flatten)]
    rules: RulesArgs,
    /// How persons are written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// Show the person of this record only.
    #[arg(long, value_name = "RECORD", conflicts_with = "all")]
    id: Option<String>,
    /// Show persons with one record too.
    #[arg(long)]
    all: bool,
    /// File for what is written. `-` is standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    #[command(flatten)]
    batch: BatchArgs,
}

/// How persons are written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a person to read.
    #[default]
    Text,
    /// One JSON object a line, with records and links.
    Jsonl,
    /// A line for each record: its id and the person it is read as.
    Csv,
}

pub(super) fn run(args: &PersonsArgs, io: &mut Io<'_>) -> Done {
    let started = Instant::now();
    let read = args.batch.options(io)?;
    let inputs = args.batch.sources(io)?;
    spare(&inputs, std::slice::from_ref(&args.output))?;
    let (rules, _) = load(&args.rules, io)?;
    let profile = rules.linkage().ok_or_else(|| Failure::usage("the linkage profile of the rule set has mistakes"))?;
    let (mut progress, mut noticed) = args.batch.told(io);
    let pool = args.batch.pool()?;
    let book = pool.install(|| Book::read(Passes::new(&inputs, &read), profile, (&mut progress, &mut noticed)))?;
    progress.done();
    if let Some(id) = args.id.as_ref().filter(|id| !book.ids.iter().any(|own| own == *id)) {
        return Err(not_known("record with the id", id, &book.ids));
    }
    if args.output.as_os_str() == "-" {
        let view = io.view();
        book.write(args, io.out.to, view)?;
    } else {
        let mut file = create(&args.output)?;
        book.write(args, &mut file, file_view()).map_err(|error| Failure::output(&shown(&args.output), error))?;
    }
    if !args.batch.quiet {
        io.say(&accounts(&book.ledgers));
        io.say(&told(&book.numbers(), started.elapsed().as_secs_f64()));
    }
    Ok(noticed.ending(&book.failures, "", io).unwrap_or(Exit::Done))
}

/// All records, as far as they are linked and shown.
struct Book<'p> {
    profile: &'p LinkProfile,
    tables: Vec<NoticeTable>,
    /// Where each table begins.
    starts: Vec<usize>,
    ids: Vec<String>,
    persons: Persons,
    ledgers: Vec<Ledger>,
    failures: Vec<IngestError>,
}

/// Two records by position, and what is said of them.
type Told = (u32, u32, Says);

/// What is said of two records that are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Says {
    /// They hold a person together.
    Linked,
    /// They were kept apart, because two others would have come together that contradict each other.
    Apart(Option<(u32, u32, PartKind)>),
}

/// What is shown of a record besides what links it.
const SHOWN: [&str; 4] = ["kind", "requesting_country", "requested_at", "status"];

impl<'p> Book<'p> {
    fn read(mut passes: Passes, profile: &'p LinkProfile, told: (&mut Progress, &mut Noticed)) -> Done<Self> {
        let (progress, noticed) = told;
        let shown = SHOWN.iter().filter_map(|path| Field::named(path));
        let fields: BTreeSet<Field> = persons::FIELDS.into_iter().chain(shown).collect();
        let mut linker = Linker::new(profile);
        let (mut tables, mut starts, mut ids, mut failures) = (vec![], vec![], vec![], vec![]);
        progress.doing(&passes.name().unwrap_or_default());
        while let Some(next) = passes.next() {
            let (input, chunk) = match next {
                Ok(next) => next,
                Err(error) => {
                    failures.push(error);
                    continue;
                }
            };
            let name = passes.name_of(input);
            chunk.rejects.iter().try_for_each(|row| noticed.add(&name, row))?;
            progress.rows(chunk.table.len() + chunk.rejects.len());
            let table = chunk.table.project(&fields).map_err(crate::engine::EngineError::from)?;
            let columns = table.columns();
            linker.add(&columns);
            starts.push(ids.len());
            ids.extend((0..columns.rows()).map(|row| match columns.row(row).cell(Field::RECORD_ID, 0) {
                Ok(Value::Text(id)) => id.to_owned(),
                _ => String::new(),
            }));
            drop(columns);
            tables.push(table);
        }
        let ledgers = passes.ledgers().to_vec();
        if !failures.is_empty() && ledgers.iter().all(|ledger| ledger.read == 0) {
            return Err(failures.swap_remove(0).into());
        }
        Ok(Self { profile, tables, starts, ids, persons: linker.finish(), ledgers, failures })
    }

    fn record(&self, at: u32) -> Record {
        let at = at as usize;
        let table = self.starts.partition_point(|start| *start <= at).saturating_sub(1);
        self.tables.get(table).map_or_else(Record::default, |rows| rows.record(at - self.starts[table]))
    }

    fn id(&self, at: u32) -> &str {
        self.ids.get(at as usize).map_or("", String::as_str)
    }

    /// Records by person, each person called by the first id of its records, in the order of these. An id that several
    /// records have names a person only where there is no other: two persons may hold it.
    fn members(&self, all: bool) -> Vec<(&str, Vec<u32>)> {
        let mut ids: Vec<&str> = self.ids.iter().map(String::as_str).collect();
        ids.sort_unstable();
        let shared: BTreeSet<&str> = ids.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
        let named = |records: &[u32]| {
            let mut records = records.to_vec();
            records.sort_by(|a, b| self.id(*a).cmp(self.id(*b)));
            let own = records.iter().find(|at| !shared.contains(self.id(**at)));
            (own.or(records.first()).map_or("", |first| self.id(*first)), records)
        };
        let mut members: Vec<(&str, Vec<u32>)> = self.persons.several().map(|(_, records)| named(records)).collect();
        if all {
            let count = u32::try_from(self.persons.len()).unwrap_or(u32::MAX);
            let single = (0..count).filter(|at| {
                self.persons.person(*at as usize).is_some_and(|person| self.persons.records(person).is_empty())
            });
            members.extend(single.map(|at| named(&[at])));
        }
        members.sort_unstable();
        members
    }

    fn write(&self, args: &PersonsArgs, out: &mut (dyn Write + Send), view: View) -> std::io::Result<()> {
        if args.format == Format::Csv {
            return write_csv(out, &self.rows(args));
        }
        let links = self.links();
        let mut members = self.members(args.all || args.id.is_some());
        if let Some(id) = &args.id {
            members.retain(|(_, records)| records.iter().any(|at| self.id(*at) == id));
        }
        for (person, records) in &members {
            let group = self.group(person, records, &links);
            match args.format {
                Format::Jsonl => write_json(out, &group)?,
                _ => write_text(out, &group, view)?,
            }
        }
        if args.format == Format::Text {
            match &args.id {
                Some(id) if members.is_empty() => write_thin(out, id, view)?,
                None if members.is_empty() => writeln!(out, "No two records are read as one person's.\n")?,
                _ => {}
            }
            writeln!(out, "{NOTE}")?;
        }
        out.flush()
    }

    /// The person of each record.
    fn rows(&self, args: &PersonsArgs) -> Vec<(String, String)> {
        let members = self.members(true);
        let mut rows: Vec<(String, String)> = members
            .iter()
            .flat_map(|(person, records)| records.iter().map(|at| (self.id(*at).to_owned(), (*person).to_owned())))
            .collect();
        let thin = (0..self.ids.len()).filter(|at| self.persons.person(*at).is_none());
        rows.extend(thin.map(|at| (self.ids[at].clone(), String::new())));
        if let Some(id) = &args.id {
            let own = rows.iter().filter(|(record, person)| record == id && !person.is_empty());
            let own: BTreeSet<String> = own.map(|(_, person)| person.clone()).collect();
            rows.retain(|(record, person)| record == id || own.contains(person));
        }
        rows.sort_unstable();
        rows
    }

    /// The pairs that hold persons together, and those kept apart, by record.
    fn links(&self) -> BTreeMap<u32, Vec<Told>> {
        let linked = self.persons.links().iter().map(|(a, b)| (*a, *b, Says::Linked));
        let apart = self.persons.refused().iter().map(|refused| (refused.a, refused.b, Says::Apart(refused.because)));
        let mut by_record: BTreeMap<u32, Vec<Told>> = BTreeMap::new();
        for pair in linked.chain(apart) {
            by_record.entry(pair.0).or_default().push(pair);
            if pair.2 != Says::Linked {
                by_record.entry(pair.1).or_default().push(pair);
            }
        }
        by_record
    }

    fn group(&self, person: &str, records: &[u32], links: &BTreeMap<u32, Vec<Told>>) -> Group {
        let pairs = records.iter().flat_map(|at| links.get(at).map(Vec::as_slice).unwrap_or_default());
        let pairs: BTreeSet<Told> = pairs.copied().chain(self.equals(records)).collect();
        let mut pairs: Vec<Pair> = pairs.into_iter().map(|pair| self.pair(pair)).collect();
        pairs.sort_unstable_by(|a, b| (!a.linked, -a.points, a).cmp(&(!b.linked, -b.points, b)));
        let mut records: Vec<Entry> = records.iter().map(|at| entry(&self.record(*at))).collect();
        records.sort_unstable();
        Group { person: person.to_owned(), records, links: pairs }
    }

    /// Records that say the same of who they are about, each with the first of them, which stands for all in the links.
    fn equals(&self, records: &[u32]) -> Vec<Told> {
        let mut first: BTreeMap<Identity, u32> = BTreeMap::new();
        let with_first = |at: &u32| {
            let own = *first.entry(Identity::of(&self.record(*at), self.profile)).or_insert(*at);
            (own != *at).then_some((own, *at, Says::Linked))
        };
        records.iter().filter_map(with_first).collect()
    }

    fn pair(&self, (a, b, says): Told) -> Pair {
        let (a, b) = if self.id(a) <= self.id(b) { (a, b) } else { (b, a) };
        let comparison = compare(&self.record(a), &self.record(b), self.profile);
        let mut why: Vec<String> = comparison.parts.iter().map(ToString::to_string).collect();
        if let Says::Apart(because) = says {
            why.push(self.kept_apart(because));
        }
        let linked = says == Says::Linked;
        Pair { a: self.id(a).to_owned(), b: self.id(b).to_owned(), linked, points: comparison.points, why }
    }

    /// Why two records that are alike are read as about two persons.
    fn kept_apart(&self, because: Option<(u32, u32, PartKind)>) -> String {
        let Some((a, b, kind)) = because else {
            return "they would bring together too many names to hold each against the other".to_owned();
        };
        let parts = compare(&self.record(a), &self.record(b), self.profile).parts;
        let part = parts.iter().find(|part| part.kind == kind).map(ToString::to_string).unwrap_or_default();
        format!("they would bring together {} and {}: {part}", self.id(a), self.id(b))
    }

    fn numbers(&self) -> Linked {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        Linked {
            records: number(self.persons.len()),
            several: (
                number(self.persons.several().count()),
                number(self.persons.several().map(|(_, records)| records.len()).sum()),
            ),
            thin: number((0..self.persons.len()).filter(|at| self.persons.person(*at).is_none()).count()),
            apart: number(self.persons.refused().len()),
            profile: format!("{}, version {}", self.profile.name, self.profile.version),
        }
    }
}

fn entry(record: &Record) -> Entry {
    let text = |field: Field| {
        Some(match (record.cell(field, 0).ok()?, field.ty()) {
            (Value::Text(text), _) => text.to_owned(),
            (Value::Term(term), Type::Term(vocabulary)) => vocabulary.word(term).to_owned(),
            (value, _) => show(field, &value),
        })
    };
    let name: Vec<String> = [Field::FAMILY_NAME, Field::FORENAMES].into_iter().filter_map(text).collect();
    Entry {
        record_id: text(Field::RECORD_ID).unwrap_or_default(),
        name: (!name.is_empty()).then(|| name.join(", ")),
        date_of_birth: text(Field::DATE_OF_BIRTH),
        kind: text(Field::KIND),
        requesting_country: text(Field::REQUESTING_COUNTRY),
        requested_at: text(Field::REQUESTED_AT),
        status: Field::named("status").and_then(text),
    }
}
