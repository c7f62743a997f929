//! `inspect`: what a file is, in plain words.

use clap::Args;

use super::Io;
use super::exit::{Done, Exit};
use super::progress::Progress;
use super::read::InputArgs;
use super::rejected::{Noticed, RejectArgs};
use crate::ingest::{self, Source};
use crate::report::contents::{Contents, write_contents};

/// What `inspect` is asked for.
#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// File with records. `-` reads standard input.
    input: String,
    #[command(flatten)]
    read: InputArgs,
    #[command(flatten)]
    rejects: RejectArgs,
}

pub(super) fn run(args: &InspectArgs, io: &mut Io<'_>) -> Done {
    let mut reader = ingest::read(&Source::parse(&args.input), &args.read.options(None)?)?;
    let mut progress = Progress::new(io.err.terminal);
    progress.doing(&args.input);
    let mut contents = Contents::default();
    let (mut noticed, mut failures) = (Noticed::new(args.rejects), vec![]);
    for chunk in reader.by_ref() {
        match chunk {
            Ok(chunk) => {
                progress.rows(chunk.table.len() + chunk.rejects.len());
                chunk.rejects.iter().try_for_each(|row| noticed.add(&args.input, row))?;
                contents.add(&chunk.table);
            }
            Err(error) => failures.push(error),
        }
    }
    progress.done();
    if reader.ledger().read == 0 && !failures.is_empty() {
        return Err(failures.swap_remove(0).into());
    }
    let view = io.view();
    write_contents(io.out.to, &contents, reader.ledger(), view)?;
    io.out.to.flush()?;
    Ok(noticed.ending(args.rejects, &failures, "", io).unwrap_or(Exit::Done))
}
