//! What commands that read whole inputs in parallel have in common: the inputs, how they are read, how wide the work is, and
//! what is told on the way. The result is the same for any number of threads and rows at a time.

use clap::Args;

use super::Io;
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::{InputArgs, sources};
use super::rejected::{Noticed, RejectArgs};
use crate::ingest::{ReadOptions, Source};

/// A batch of records.
#[derive(Debug, Args)]
pub(super) struct BatchArgs {
    /// Files, folders or patterns with records: NDJSON, JSON, CSV, XLSX or Parquet. `-` reads standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Use so many threads. Left out, one for each core. The result is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// Read so many rows at a time. The result is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    chunk_rows: Option<u32>,
    /// Print no summary.
    #[arg(long)]
    pub(super) quiet: bool,
    #[command(flatten)]
    pub(super) input: InputArgs,
    #[command(flatten)]
    rejects: RejectArgs,
}

impl BatchArgs {
    /// The options of the reader.
    pub(super) fn options(&self, io: &mut Io<'_>) -> Done<ReadOptions> {
        let options = self.input.options(io)?;
        let rows = self.chunk_rows.and_then(|rows| usize::try_from(rows).ok());
        Ok(ReadOptions { chunk_rows: rows.unwrap_or(options.chunk_rows), ..options })
    }

    /// What is read.
    pub(super) fn sources(&self, io: &mut Io<'_>) -> Done<Vec<Source>> {
        sources(&self.inputs, io)
    }

    /// The threads to work in.
    pub(super) fn pool(&self) -> Done<rayon::ThreadPool> {
        pool(self.threads.map(usize::from))
    }

    /// What is told on the way: how far it is, and the rows that cannot be read.
    pub(super) fn told(&self, io: &Io<'_>) -> (Progress, Noticed) {
        (Progress::new(io.err.terminal && !self.quiet), Noticed::new(self.rejects))
    }
}

/// A thread pool of its own: one level of parallelism, as wide as asked for.
pub(super) fn pool(threads: Option<usize>) -> Done<rayon::ThreadPool> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
    builder.build().map_err(|error| Failure { exit: Exit::Internal, error: error.into() })
}
