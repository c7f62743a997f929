//! The loop of a scan: inputs chunk by chunk through the rules, each row accounted for.

use crate::engine::{Keep, Plan, Scan, ScanOptions, Scanner};
use crate::ingest::{self, Ledger, ReadOptions, Reject, Source};

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
    pub(super) ledgers: Vec<Ledger>,
}

/// Reads and judges all inputs. `reject` is told of every row that could not be read, in order. Parallel work runs in the
/// thread pool it is called in.
pub(super) fn screen(
    job: &Job<'_>,
    progress: &mut Progress,
    reject: &mut dyn FnMut(&str, &Reject) -> Done<()>,
) -> Done<Screened> {
    let mut scanner = Scanner::new(job.plan, ScanOptions { keep: job.keep });
    let mut ledgers = vec![];
    for (at, name) in job.inputs.iter().enumerate() {
        progress.doing(name);
        ledgers.push(one((at, name), &job.read, &mut scanner, progress, reject)?);
    }
    Ok(Screened { scan: scanner.finish(), ledgers })
}

fn one(
    (at, name): (usize, &str),
    read: &ReadOptions,
    scanner: &mut Scanner<'_>,
    progress: &mut Progress,
    reject: &mut dyn FnMut(&str, &Reject) -> Done<()>,
) -> Done<Ledger> {
    let mut reader = ingest::read(&Source::parse(name), read)?;
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
            scanner.add(at, std::mem::take(&mut tables))?;
        }
    }
    scanner.add(at, tables)?;
    Ok(reader.ledger().clone())
}
