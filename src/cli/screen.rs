//! The loop of a scan: inputs chunk by chunk through the rules, each row accounted for.

use crate::engine::{Keep, Plan, Scan, ScanOptions, Scanner, Tally};
use crate::ingest::{self, Ledger, ReadOptions, Reject, Source};
use crate::record::{Field, Row as _, Value};
use crate::rule::RuleSet;

use super::exit::Done;
use super::progress::Progress;

/// How many chunks for each thread are judged together.
const CHUNKS_A_THREAD: usize = 2;

/// What to judge, with what.
#[derive(Debug)]
pub(super) struct Job<'a> {
    pub(super) plan: &'a Plan,
    pub(super) inputs: &'a [String],
    pub(super) read: ReadOptions,
    pub(super) keep: Keep,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Screened {
    pub(super) scan: Scan,
    /// For each chunk of the scan, the input it is from.
    pub(super) inputs: Vec<usize>,
    pub(super) ledgers: Vec<Ledger>,
}

/// Reads and judges all inputs. `reject` is told of every row that could not be read, in order. Parallel work runs in the
/// thread pool it is called in.
pub(super) fn screen(
    job: &Job<'_>,
    progress: &mut Progress,
    reject: &mut dyn FnMut(&str, &Reject) -> Done<()>,
) -> Done<Screened> {
    let rules = job.plan.rules();
    let mut screened = Screened::default();
    screened.scan.tallies = vec![Tally::default(); rules.rules.len()];
    for (at, name) in job.inputs.iter().enumerate() {
        progress.doing(name);
        let (scan, ledger) = one(job, name, progress, reject)?;
        screened.inputs.extend(std::iter::repeat_n(at, scan.chunks.len()));
        screened.ledgers.push(ledger);
        add(&mut screened.scan, scan);
    }
    if job.inputs.len() > 1 {
        rank(&mut screened, rules);
    }
    Ok(screened)
}

fn one(
    job: &Job<'_>,
    name: &str,
    progress: &mut Progress,
    reject: &mut dyn FnMut(&str, &Reject) -> Done<()>,
) -> Done<(Scan, Ledger)> {
    let mut reader = ingest::read(&Source::parse(name), &job.read)?;
    let mut scanner = Scanner::new(job.plan, ScanOptions { keep: job.keep });
    let together = rayon::current_num_threads() * CHUNKS_A_THREAD;
    let mut tables = vec![];
    for chunk in reader.by_ref() {
        let chunk = chunk?;
        for row in &chunk.rejects {
            reject(name, row)?;
        }
        progress.rows(chunk.table.len() + chunk.rejects.len());
        tables.push(chunk.table);
        if tables.len() >= together {
            scanner.add(std::mem::take(&mut tables))?;
        }
    }
    scanner.add(tables)?;
    Ok((scanner.finish(), reader.ledger().clone()))
}

/// Adds the scan of a further input.
fn add(sum: &mut Scan, more: Scan) {
    for (sum, more) in sum.tallies.iter_mut().zip(more.tallies) {
        sum.yes += more.yes;
        sum.no += more.no;
        sum.unknown += more.unknown;
        sum.not_applicable += more.not_applicable;
    }
    sum.outcomes.iter_mut().zip(more.outcomes).for_each(|(sum, more)| *sum += more);
    sum.grounds.iter_mut().zip(more.grounds).for_each(|(sum, more)| *sum += more);
    sum.records += more.records;
    sum.chunks.extend(more.chunks);
}

/// One queue out of those of several inputs, in the engine's order: outcome, kinds that stand first, score, input.
fn rank(screened: &mut Screened, rules: &RuleSet) {
    let mut queue = vec![];
    for (chunk, (table, judged)) in screened.scan.chunks.iter().enumerate() {
        let columns = table.columns();
        for (row, judged) in judged.iter().enumerate() {
            let view = columns.row(row);
            let kind = view.cell(Field::KIND, 0);
            let waits = !matches!(kind, Ok(Value::Term(kind)) if rules.profile.queue_first.contains(&kind));
            let assessment = &judged.assessment;
            queue.push((assessment.outcome, waits, -assessment.total, chunk, row));
        }
    }
    queue.sort_unstable();
    for (rank, (.., chunk, row)) in (1..).zip(queue) {
        screened.scan.chunks[chunk].1[row].rank = rank;
    }
}
