//! The loop of a scan: inputs chunk by chunk through the rules, each row accounted for.

use crate::engine::{Keep, Plan, Scan, ScanOptions, Scanner};
use crate::ingest::{IngestError, Ledger, ReadOptions, Reject, Source, read_all};
use crate::table::NoticeTable;

use super::exit::Done;
use super::progress::Progress;

/// How many chunks for each thread are judged together.
const CHUNKS_A_THREAD: usize = 2;

/// What to judge, with what.
#[derive(Debug)]
pub(super) struct Job<'a> {
    /// Every record is judged by each of them.
    pub(super) plans: &'a [Plan],
    pub(super) inputs: &'a [Source],
    pub(super) read: ReadOptions,
    pub(super) keep: Keep,
}

/// What came of it.
#[derive(Debug, Default)]
pub(super) struct Screened {
    /// What each plan found.
    pub(super) scans: Vec<Scan>,
    pub(super) ledgers: Vec<Ledger>,
    /// Why inputs could not be read, or not to their end.
    pub(super) failures: Vec<IngestError>,
}

/// Reads and judges all inputs. `reject` is told of every row that could not be read, in order. Parallel work runs in the
/// thread pool it is called in. An input that cannot be read keeps no other from being judged.
///
/// # Errors
/// Where no input could be read at all, and where `reject` fails.
pub(super) fn screen(
    job: &Job<'_>,
    progress: &mut Progress,
    reject: &mut dyn FnMut(&str, &Reject) -> Done<()>,
) -> Done<Screened> {
    let scanners = job.plans.iter().map(|plan| Scanner::new(plan, ScanOptions { keep: job.keep }));
    let mut scanners: Vec<Scanner<'_>> = scanners.collect();
    let mut inputs = read_all(job.inputs.to_vec(), &job.read);
    let together = rayon::current_num_threads() * CHUNKS_A_THREAD;
    let (mut waiting, mut of, mut failures) = (vec![], 0, vec![]);
    progress.doing(&inputs.name().unwrap_or_default());
    while let Some(chunk) = inputs.next() {
        let (input, chunk) = match chunk {
            Ok(chunk) => chunk,
            Err(error) => {
                failures.push(error);
                continue;
            }
        };
        let name = inputs.name().unwrap_or_default();
        if input != of {
            add(&mut scanners, of, std::mem::take(&mut waiting))?;
            of = input;
            progress.doing(&name);
        }
        chunk.rejects.iter().try_for_each(|row| reject(&name, row))?;
        progress.rows(chunk.table.len() + chunk.rejects.len());
        waiting.push(chunk.table);
        if waiting.len() >= together {
            add(&mut scanners, of, std::mem::take(&mut waiting))?;
        }
    }
    add(&mut scanners, of, waiting)?;
    let ledgers = inputs.ledgers().to_vec();
    if !failures.is_empty() && ledgers.iter().all(|ledger| ledger.read == 0) {
        return Err(failures.swap_remove(0).into());
    }
    Ok(Screened { scans: scanners.into_iter().map(Scanner::finish).collect(), ledgers, failures })
}

/// Lets every scan judge the same chunks. Columns are shared between them, not copied.
fn add(scanners: &mut [Scanner<'_>], input: usize, chunks: Vec<NoticeTable>) -> Done<()> {
    let Some((last, others)) = scanners.split_last_mut() else { return Ok(()) };
    others.iter_mut().try_for_each(|scanner| scanner.add(input, chunks.clone()))?;
    Ok(last.add(input, chunks)?)
}
