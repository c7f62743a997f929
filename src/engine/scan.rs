//! Chunk after chunk: judged in parallel, kept where they will be shown, counted always.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use thiserror::Error;

use super::assess::{Assessment, Outcome, Verdicts, assess};
use super::company::Company;
use super::evaluate::{Beside, ChunkVerdicts, evaluate_beside};
use super::plan::Plan;
use super::standing::Standing;
use crate::operator::Others;
use crate::record::{Field, Row as _, State, Value};
use crate::rule::{Ground, Lapse, Verdict};
use crate::table::{Columns, NoticeTable};

/// What can go wrong while scanning.
#[derive(Debug, Error)]
pub enum EngineError {
    /// Rows could not be picked out of a table.
    #[error("rows could not be taken from a table: {0}")]
    Table(#[from] polars::prelude::PolarsError),
    /// The records are not those that were compared with each other.
    #[error("the input changed while it was read: record {0} is not where it was; run it again")]
    Changed(String),
}

/// Which records are kept to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Those with any outcome but `no_indicator`, and those of which a verdict is suppressed.
    Flagged,
    /// All.
    All,
}

/// How to scan.
#[derive(Debug, Clone, Copy)]
pub struct ScanOptions {
    /// Which records are kept.
    pub keep: Keep,
}

/// A record that was kept: its row in the chunk's table, its verdicts and its assessment.
#[derive(Debug)]
pub struct Judged {
    /// What every rule says.
    pub verdicts: Verdicts,
    /// Score and outcome.
    pub assessment: Assessment,
    /// Place in the review queue, from 1. Given when the scan is finished.
    pub rank: u64,
    /// The records beside it, and its position among them; none where it was judged by itself.
    pub beside: Option<(Arc<Company>, usize)>,
}

impl Judged {
    /// The records beside it. What is read of them is kept as long as this view of them is.
    #[must_use]
    pub fn others(&self) -> Option<Arc<dyn Others>> {
        self.beside.as_ref().map(|(company, at)| company.seen_from(*at))
    }
}

/// How often a rule said what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// It held.
    pub yes: u64,
    /// It did not hold.
    pub no: u64,
    /// A missing value decided.
    pub unknown: u64,
    /// The record was outside its scope.
    pub not_applicable: u64,
    /// It held, and was suppressed after a review.
    pub suppressed: u64,
}

impl Tally {
    /// Counts a verdict.
    pub fn count(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Yes => &mut self.yes,
            Verdict::No => &mut self.no,
            Verdict::Unknown => &mut self.unknown,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Suppressed => &mut self.suppressed,
        } += 1;
    }

    fn add(&mut self, more: Self) {
        self.yes += more.yes;
        self.no += more.no;
        self.unknown += more.unknown;
        self.not_applicable += more.not_applicable;
        self.suppressed += more.suppressed;
    }
}

/// A suppression that did not reach verdicts it was written for, which therefore count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lapsed {
    /// The suppression.
    pub filter: String,
    /// The rule whose yes it does not reach.
    pub rule: String,
    /// Why.
    pub why: Lapse,
    /// In how many records.
    pub records: u64,
    /// The first of them.
    pub record_id: String,
    /// What the verdict rests on there.
    pub evidence_hash: String,
}

/// Lapses by filter, rule and reason.
type Lapses = BTreeMap<(usize, usize, Lapse), Lapsed>;

/// The records of a chunk that were kept.
#[derive(Debug)]
pub struct Kept {
    /// Which input they are from, as it was told to [`Scanner::add`].
    pub input: usize,
    /// The records.
    pub table: NoticeTable,
    /// What was found, row by row.
    pub judged: Vec<Judged>,
}

/// The result of a scan.
#[derive(Debug, Default)]
pub struct Scan {
    /// The kept records, chunk by chunk in input order.
    pub chunks: Vec<Kept>,
    /// For each rule of the rule set, how often it said what.
    pub tallies: Vec<Tally>,
    /// Suppressions that did not reach what they were written for, one entry for each rule and reason.
    pub lapsed: Vec<Lapsed>,
    /// Number of records by outcome, in the order of [`Outcome::ALL`].
    pub outcomes: [u64; 4],
    /// Number of records by ground, in the order of [`Ground::ALL`].
    pub grounds: [u64; 5],
    /// Number of records.
    pub records: u64,
    /// Number of records with at least one text in which some rule looks for words.
    pub with_text: u64,
}

/// A scan under way. Chunks are given in input order; the pool that parallel work runs in is the caller's.
#[derive(Debug)]
pub struct Scanner<'a> {
    plan: &'a Plan,
    options: ScanOptions,
    company: Option<Arc<Company>>,
    /// How many records of the company stand before those that are added.
    before: usize,
    scan: Scan,
    lapses: Lapses,
}

/// What one chunk adds.
struct Part {
    table: NoticeTable,
    kept: Vec<Judged>,
    tallies: Vec<Tally>,
    lapses: Lapses,
    outcomes: [u64; 4],
    grounds: [u64; 5],
    records: u64,
    with_text: u64,
}

impl<'a> Scanner<'a> {
    /// A scan of nothing yet.
    #[must_use]
    pub fn new(plan: &'a Plan, options: ScanOptions) -> Self {
        let scan = Scan { tallies: vec![Tally::default(); plan.rules.rules.len()], ..Scan::default() };
        Self { plan, options, company: None, before: 0, scan, lapses: Lapses::new() }
    }

    /// The same, with the records of all inputs, which are compared with each other. They are those that are added
    /// afterwards, in the same order.
    #[must_use]
    pub fn beside(self, company: Option<Arc<Company>>) -> Self {
        Self { company, ..self }
    }

    /// The same, where the records that are added begin at a position of the company.
    #[must_use]
    pub fn from_record(self, before: usize) -> Self {
        Self { before, ..self }
    }

    /// Judges some chunks of an input, in parallel, and adds them in the order given.
    ///
    /// # Errors
    /// Where polars cannot pick the kept rows out of a chunk.
    pub fn add(&mut self, input: usize, tables: Vec<NoticeTable>) -> Result<(), EngineError> {
        let mut end = self.before.saturating_add(usize::try_from(self.scan.records).unwrap_or(usize::MAX));
        let numbered = tables.into_iter().map(|table| {
            let start = end;
            end += table.len();
            (start, table)
        });
        let chunks: Vec<(usize, NoticeTable)> = numbered.collect();
        let this = &*self;
        let parts: Vec<_> = chunks.into_par_iter().map(|(start, table)| this.judge_chunk(start, table)).collect();
        for part in parts {
            let (part, rows) = part?;
            let table = if rows.len() == part.table.len() { part.table } else { part.table.select(&rows)? };
            for (sum, more) in self.scan.tallies.iter_mut().zip(&part.tallies) {
                sum.add(*more);
            }
            for (key, lapsed) in part.lapses {
                let records = lapsed.records;
                self.lapses.entry(key).and_modify(|known| known.records += records).or_insert(lapsed);
            }
            self.scan.outcomes.iter_mut().zip(part.outcomes).for_each(|(sum, more)| *sum += more);
            self.scan.grounds.iter_mut().zip(part.grounds).for_each(|(sum, more)| *sum += more);
            self.scan.records += part.records;
            self.scan.with_text += part.with_text;
            if !part.kept.is_empty() {
                self.scan.chunks.push(Kept { input, table, judged: part.kept });
            }
        }
        Ok(())
    }

    /// The finished scan, with every kept record ranked for review.
    #[must_use]
    pub fn finish(mut self) -> Scan {
        let mut queue = vec![];
        for (chunk, kept) in self.scan.chunks.iter().enumerate() {
            let columns = kept.table.columns();
            for (row, judged) in kept.judged.iter().enumerate() {
                let standing = Standing::of(&self.plan.rules, &columns.row(row), &judged.assessment);
                queue.push((standing, chunk, row));
            }
        }
        queue.sort_unstable();
        for (rank, (_, chunk, row)) in queue.into_iter().enumerate() {
            self.scan.chunks[chunk].judged[row].rank = u64::try_from(rank).map_or(u64::MAX, |rank| rank + 1);
        }
        self.scan.lapsed = self.lapses.into_values().collect();
        self.scan
    }
}

impl Scanner<'_> {
    /// Judges a chunk; `start` is how many records were before it.
    fn judge_chunk(&self, start: usize, table: NoticeTable) -> Result<(Part, Vec<usize>), EngineError> {
        let beside = self.company.as_ref().map(|company| (company, start));
        if let Some((company, start)) = beside {
            company.holds(start, &table.columns()).map_err(EngineError::Changed)?;
        }
        Ok(judge_chunk((self.plan, self.options), table, beside))
    }
}

fn judge_chunk(
    (plan, options): (&Plan, ScanOptions),
    table: NoticeTable,
    beside: Option<Beside<'_>>,
) -> (Part, Vec<usize>) {
    let rules = plan.rules.rules.len();
    let (found, with_text) = {
        let columns = table.columns();
        let has_text = |row: &usize| {
            let view = columns.row(*row);
            plan.texts.iter().any(|text| view.state(text.field) == State::Value)
        };
        (evaluate_beside(plan, &columns, beside), (0..columns.rows()).filter(has_text).count() as u64)
    };
    let mut part = Part {
        kept: vec![],
        tallies: vec![Tally::default(); rules],
        lapses: lapses(plan, &found, &table.columns()),
        outcomes: [0; 4],
        grounds: [0; 5],
        records: 0,
        with_text,
        table,
    };
    let mut rows = vec![];
    for row in 0..part.table.len() {
        let verdicts = Verdicts {
            verdicts: (0..rules).map(|rule| found.verdict(rule, row)).collect(),
            open: (0..rules).map(|rule| found.is_open(rule, row)).collect(),
        };
        for (tally, verdict) in part.tallies.iter_mut().zip(&verdicts.verdicts) {
            tally.count(*verdict);
        }
        let assessment = assess(&plan.rules, &verdicts);
        part.records += 1;
        for (count, outcome) in part.outcomes.iter_mut().zip(Outcome::ALL) {
            *count += u64::from(outcome == assessment.outcome);
        }
        for (count, ground) in part.grounds.iter_mut().zip(Ground::ALL) {
            *count += u64::from(assessment.grounds.contains(ground));
        }
        let shown = assessment.outcome.is_flagged() || verdicts.verdicts.contains(&Verdict::Suppressed);
        if options.keep == Keep::All || shown {
            rows.push(row);
            let beside = beside.map(|(company, start)| (Arc::clone(company), start + row));
            part.kept.push(Judged { verdicts, assessment, rank: 0, beside });
        }
    }
    (part, rows)
}

/// The suppressions that do not reach a verdict of a chunk they are about.
fn lapses(plan: &Plan, found: &ChunkVerdicts, columns: &Columns<'_>) -> Lapses {
    let id = |at: usize| plan.rules.rules[at].id.to_string();
    let mut all = Lapses::new();
    for row in 0..columns.rows() {
        for lapse in found.lapses(row) {
            let first = || Lapsed {
                filter: id(lapse.filter),
                rule: id(lapse.rule),
                why: lapse.why.clone(),
                records: 0,
                record_id: match columns.row(row).cell(Field::RECORD_ID, 0) {
                    Ok(Value::Text(id)) => id.to_owned(),
                    _ => String::new(),
                },
                evidence_hash: lapse.evidence_hash.clone(),
            };
            all.entry((lapse.filter, lapse.rule, lapse.why.clone())).or_insert_with(first).records += 1;
        }
    }
    all
}
