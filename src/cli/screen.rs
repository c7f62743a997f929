//! The loop of a scan: inputs chunk by chunk through the rules, each row accounted for.

use std::sync::Arc;

use crate::engine::{Company, EngineError, Keep, Plan, Scan, ScanOptions, Scanner, fields_across};
use crate::ingest::{IngestError, Ledger, ReadOptions, Reject, Source};
use crate::table::NoticeTable;

use super::exit::Done;
use super::passes::Passes;
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
    progress.doing("comparing records:");
    let (mut inputs, companies) = company(job.plans, job.inputs, &job.read)?;
    let scanners = job.plans.iter().zip(companies);
    let scanners = scanners.map(|(plan, company)| Scanner::new(plan, ScanOptions { keep: job.keep }).beside(company));
    let mut scanners: Vec<Scanner<'_>> = scanners.collect();
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
        let name = inputs.name_of(input);
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

/// The records that rules compare, for each plan; none where its rules compare none.
pub(super) type Companies = Vec<Option<Arc<Company>>>;

/// The records of all inputs for each plan whose rules compare records, from a first reading; and the second one.
pub(super) fn company(plans: &[Plan], inputs: &[Source], read: &ReadOptions) -> Done<(Passes, Companies)> {
    let compares = |plan: &Plan| plan.rules().across().next().is_some();
    let passes = Passes::new(inputs, read);
    if !plans.iter().any(compares) {
        return Ok((passes, plans.iter().map(|_| None).collect()));
    }
    let fields = plans.iter().flat_map(|plan| fields_across(plan.rules())).collect();
    let (passes, tables) = passes.first(&fields)?;
    let companies = plans.iter().map(|plan| match compares(plan) {
        true => Ok(Some(Arc::new(Company::of(plan.rules(), &tables)?))),
        false => Ok(None),
    });
    let companies = companies.collect::<Result<_, EngineError>>()?;
    Ok((passes, companies))
}

/// Lets every scan judge the same chunks. Columns are shared between them, not copied.
fn add(scanners: &mut [Scanner<'_>], input: usize, chunks: Vec<NoticeTable>) -> Done<()> {
    let Some((last, others)) = scanners.split_last_mut() else { return Ok(()) };
    others.iter_mut().try_for_each(|scanner| scanner.add(input, chunks.clone()))?;
    Ok(last.add(input, chunks)?)
}
