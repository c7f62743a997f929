//! `completions`: what a shell needs to complete commands and options.

use clap::Args;
use clap_complete::Shell;

use super::Io;
use super::exit::{Done, Exit};

/// What `completions` is asked for.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs, mut command: clap::Command, io: &mut Io<'_>) -> Done {
    let mut script = vec![];
    clap_complete::generate(args.shell, &mut command, "article3", &mut script);
    io.out.to.write_all(&script)?;
    Ok(Exit::Done)
}
