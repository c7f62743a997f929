//! `inspect`: what a file is, in plain words.

use clap::Args;

use super::Io;
use super::exit::{Done, Exit};
use super::progress::Progress;
use super::read::InputArgs;
use crate::ingest::{self, Source};
use crate::report::contents::{Contents, write_contents};

/// What `inspect` is asked for.
#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// File with records. `-` reads standard input.
    input: String,
    #[command(flatten)]
    read: InputArgs,
}

pub(super) fn run(args: &InspectArgs, io: &mut Io<'_>) -> Done {
    let mut reader = ingest::read(&Source::parse(&args.input), &args.read.options(None)?)?;
    let mut progress = Progress::new(io.err.terminal);
    progress.doing(&args.input);
    let mut contents = Contents::default();
    for chunk in reader.by_ref() {
        let chunk = chunk?;
        progress.rows(chunk.table.len() + chunk.rejects.len());
        contents.add(&chunk.table, &chunk.rejects);
    }
    progress.done();
    let view = io.view();
    write_contents(io.out.to, &contents, reader.ledger(), view)?;
    Ok(Exit::Done)
}
