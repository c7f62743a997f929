//! `rules coverage`: which parts of the rules no test and no record reaches.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, ValueEnum};
use rayon::prelude::*;
use serde::Serialize;

use crate::cli::Io;
use crate::cli::exit::{Done, Exit};
use crate::cli::read::{InputArgs, sources};
use crate::cli::rulesets::check;
use crate::diag::Sources;
use crate::engine::{Plan, Reached, Truths, by_records, by_tests};
use crate::ingest::read_all;
use crate::record::Field;
use crate::report::{Paint, count, table::aligned};
use crate::rule::{Clause, Expr, RuleSet};

/// What `rules coverage` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct CoverageArgs {
    /// Folder or file with rules.
    path: PathBuf,
    /// Rule set of the folder. Left out, it is the one in `ruleset.toml`.
    #[arg(long, value_name = "NAME")]
    ruleset: Option<String>,
    /// Files, folders or patterns with records. May be given several times.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    corpus: Vec<String>,
    /// How it is written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    #[command(flatten)]
    input: InputArgs,
}

/// How coverage is written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// For a person: totals, and what was not reached.
    Text,
    /// One JSON object with everything.
    Json,
}

/// What was reached, as other programs read it.
#[derive(Debug, Serialize)]
struct Coverage {
    tests: u64,
    records: u64,
    rules: Vec<RuleCoverage>,
    lists: Vec<ListCoverage>,
    fields: Vec<FieldCoverage>,
}

/// The predicates of a rule.
#[derive(Debug, Serialize)]
struct RuleCoverage {
    rule: String,
    leaves: Vec<LeafCoverage>,
}

/// One predicate.
#[derive(Debug, Serialize)]
struct LeafCoverage {
    file: String,
    line: usize,
    column: usize,
    asks: String,
    can_be_unknown: bool,
    tests: Said,
    corpus: Said,
}

/// How often a predicate said what.
#[derive(Debug, Clone, Copy, Serialize)]
struct Said {
    yes: u64,
    no: u64,
    unknown: u64,
}

/// The entries of a list.
#[derive(Debug, Serialize)]
struct ListCoverage {
    list: String,
    entries: usize,
    by_tests: usize,
    by_corpus: usize,
    reached_by_none: Vec<String>,
}

/// A field that some rule reads.
#[derive(Debug, Serialize)]
struct FieldCoverage {
    field: &'static str,
    in_tests: bool,
    in_corpus: bool,
}

pub(super) fn run(args: &CoverageArgs, io: &mut Io<'_>) -> Done {
    let mut checked = check(Some(&args.path), args.ruleset.as_deref())?;
    let rules = checked.sound("nothing was looked at", io)?;
    let plan = Plan::compile(Arc::new(rules));
    let tests = by_tests(plan.rules());
    let corpus = of_corpus(args, &plan, io)?;
    let coverage = Coverage::of(plan.rules(), &checked.sources, [&tests, &corpus]);
    match args.format {
        Form::Json => {
            serde_json::to_writer_pretty(&mut io.out.to, &coverage).map_err(std::io::Error::from)?;
            writeln!(io.out.to)?;
        }
        Form::Text => {
            let paint = Paint { colour: io.out.colour };
            io.out.to.write_all(coverage.text(paint).as_bytes())?;
        }
    }
    Ok(Exit::Done)
}

/// What the records of the corpus reach, chunk by chunk.
fn of_corpus(args: &CoverageArgs, plan: &Plan, io: &mut Io<'_>) -> Done<Reached> {
    let mut reached = Reached::nothing(plan.rules());
    let (mut rejected, mut tables) = (0, vec![]);
    let options = args.input.options(io)?;
    let together = rayon::current_num_threads();
    for chunk in read_all(sources(&args.corpus, io)?, &options) {
        let (_, chunk) = chunk?;
        rejected += chunk.rejects.len();
        tables.push(chunk.table);
        if tables.len() >= together {
            reached = reached.and(of_tables(plan, &std::mem::take(&mut tables)));
        }
    }
    if rejected > 0 {
        io.say(&format!("{} could not be read\n", counted(rejected, "row")));
    }
    Ok(reached.and(of_tables(plan, &tables)))
}

fn of_tables(plan: &Plan, tables: &[crate::table::NoticeTable]) -> Reached {
    let nothing = || Reached::nothing(plan.rules());
    tables.par_iter().map(|table| by_records(plan, table)).reduce(nothing, Reached::and)
}

fn counted(number: usize, word: &str) -> String {
    count(u64::try_from(number).unwrap_or(u64::MAX), word)
}

impl From<Truths> for Said {
    fn from(of: Truths) -> Self {
        Self { yes: of.yes, no: of.no, unknown: of.unknown }
    }
}

impl Coverage {
    fn of(rules: &RuleSet, sources: &Sources, [tests, corpus]: [&Reached; 2]) -> Self {
        let mut by_rule: BTreeMap<&str, Vec<LeafCoverage>> = BTreeMap::new();
        for ((leaf, tests), corpus) in rules.leaves().iter().zip(&tests.leaves).zip(&corpus.leaves) {
            let (line, column) = sources.line_column(&leaf.place);
            let mut clauses = vec![];
            leaf.expr.walk(&mut |part| {
                if let Expr::Clause(at) = part {
                    clauses.push(&rules.clauses[*at]);
                }
            });
            by_rule.entry(&*leaf.rule).or_default().push(LeafCoverage {
                file: sources.name(leaf.place.source).to_owned(),
                line,
                column,
                asks: clauses.iter().map(|clause| clause.describe()).collect::<Vec<_>>().join(" and "),
                can_be_unknown: clauses.iter().any(|clause| clause.can_be_unknown()),
                tests: (*tests).into(),
                corpus: (*corpus).into(),
            });
        }
        let rule = |(rule, leaves): (&str, _)| RuleCoverage { rule: rule.to_owned(), leaves };
        let mut fields: Vec<Field> = rules.clauses.iter().flat_map(Clause::fields).collect();
        fields.sort_unstable();
        fields.dedup();
        let field = |field: Field| FieldCoverage {
            field: field.path(),
            in_tests: tests.fields.contains(&field),
            in_corpus: corpus.fields.contains(&field),
        };
        Self {
            tests: tests.records,
            records: corpus.records,
            rules: by_rule.into_iter().map(rule).collect(),
            lists: rules.lists().map(|list| ListCoverage::of(list, [tests, corpus])).collect(),
            fields: fields.into_iter().map(field).collect(),
        }
    }

    fn text(&self, paint: Paint) -> String {
        let mut text = format!(
            "{} and {} were read.\n\nPredicates that came out both ways, in tests and anywhere:\n\n",
            count(self.tests, "test"),
            count(self.records, "record")
        );
        let rows: Vec<[String; 4]> = self.rules.iter().map(RuleCoverage::row).collect();
        text += &aligned(["rule", "predicates", "in tests", "anywhere"], &rows, paint);
        text += "\nEntries of lists that took part in a match; `--format json` names those that did not:\n\n";
        let rows: Vec<[String; 4]> = self.lists.iter().map(ListCoverage::row).collect();
        text += &aligned(["list", "entries", "in tests", "in records"], &rows, paint);
        let missed: Vec<[String; 3]> = self.rules.iter().flat_map(RuleCoverage::missed).collect();
        if !missed.is_empty() {
            text += "\nPredicates that never came out one of the ways they can, in no test and no record:\n\n";
            text += &aligned(["place", "never", "asks"], &missed, paint);
        }
        let fields: Vec<&str> =
            self.fields.iter().filter(|field| !field.in_tests && !field.in_corpus).map(|field| field.field).collect();
        if !fields.is_empty() {
            text += &format!("\nFields that rules read and that had no value anywhere: {}\n", fields.join(", "));
        }
        text + "\n" + &self.totals() + "\n"
    }

    fn totals(&self) -> String {
        let leaves = || self.rules.iter().flat_map(|rule| &rule.leaves);
        let entries: usize = self.lists.iter().map(|list| list.entries).sum();
        let reached: usize = self.lists.iter().map(|list| list.entries - list.reached_by_none.len()).sum();
        let fields = self.fields.iter().filter(|field| field.in_tests || field.in_corpus).count();
        format!(
            "{} of {} came out every way; {reached} of {entries} entries of lists matched; {fields} of {} had a value",
            leaves().filter(|leaf| leaf.never().is_empty()).count(),
            counted(leaves().count(), "predicate"),
            counted(self.fields.len(), "field"),
        )
    }
}

impl RuleCoverage {
    fn row(&self) -> [String; 4] {
        let both = |said: fn(&LeafCoverage) -> (u64, u64)| {
            let both = self.leaves.iter().filter(|leaf| matches!(said(leaf), (1.., 1..))).count();
            both.to_string()
        };
        let in_tests = both(|leaf| (leaf.tests.yes, leaf.tests.no));
        let anywhere = both(|leaf| (leaf.tests.yes + leaf.corpus.yes, leaf.tests.no + leaf.corpus.no));
        [self.rule.clone(), self.leaves.len().to_string(), in_tests, anywhere]
    }

    fn missed(&self) -> impl Iterator<Item = [String; 3]> {
        let missed = self.leaves.iter().filter(|leaf| !leaf.never().is_empty());
        missed.map(|leaf| [format!("{}:{}:{}", leaf.file, leaf.line, leaf.column), leaf.never(), leaf.asks.clone()])
    }
}

impl LeafCoverage {
    /// What it never said, in no test and no record.
    fn never(&self) -> String {
        let said = [
            ("yes", self.tests.yes + self.corpus.yes),
            ("no", self.tests.no + self.corpus.no),
            ("unknown", self.tests.unknown + self.corpus.unknown + u64::from(!self.can_be_unknown)),
        ];
        let never: Vec<&str> = said.into_iter().filter(|(_, often)| *often == 0).map(|(word, _)| word).collect();
        never.join(", ")
    }
}

impl ListCoverage {
    fn of(list: &crate::text::Lexicon, [tests, corpus]: [&Reached; 2]) -> Self {
        let key = |entry: &str| (list.name.to_string(), entry.to_owned());
        let mut entries: Vec<&str> = list.entries.iter().map(|entry| entry.text.as_str()).collect();
        entries.sort_unstable();
        entries.dedup();
        let reached = |by: &Reached| entries.iter().filter(|entry| by.entries.contains(&key(entry))).count();
        let none = |entry: &&&str| ![tests, corpus].iter().any(|by| by.entries.contains(&key(entry)));
        Self {
            list: list.name.to_string(),
            entries: entries.len(),
            by_tests: reached(tests),
            by_corpus: reached(corpus),
            reached_by_none: entries.iter().filter(none).map(|entry| (*entry).to_owned()).collect(),
        }
    }

    fn row(&self) -> [String; 4] {
        [self.list.clone(), self.entries.to_string(), self.by_tests.to_string(), self.by_corpus.to_string()]
    }
}
