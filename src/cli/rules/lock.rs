//! `rules lock`: writes down what each rule means, so that a change of it shows.

use std::path::PathBuf;

use clap::Args;

use crate::cli::Io;
use crate::cli::exit::{Done, Exit, Failure};
use crate::cli::replace::replace;
use crate::cli::rulesets::check;
use crate::report::count;
use crate::rule::{LOCK_FILE, lock};

/// What `rules lock` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct LockArgs {
    /// Folder with a rule set.
    path: PathBuf,
    /// Write nothing: exit with 1 if the lock would change.
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &LockArgs, io: &mut Io<'_>) -> Done {
    if !args.path.is_dir() {
        return Err(Failure::usage("a lock stands beside the rules of a folder; give the folder"));
    }
    let mut checked = check(Some(&args.path), None)?;
    let rules = checked.sound("the lock was left as it was", io)?;
    let new = lock(&checked.files, &rules);
    let rules = count(u64::try_from(rules.rules.len()).unwrap_or(u64::MAX), "rule");
    if checked.files.get(LOCK_FILE) == Some(&new) {
        writeln!(io.out.to, "{LOCK_FILE} is up to date: {rules}")?;
        return Ok(Exit::Done);
    }
    if args.check {
        writeln!(io.out.to, "{LOCK_FILE} is not up to date")?;
        return Ok(Exit::Found);
    }
    replace(&args.path.join(LOCK_FILE), &new)?;
    writeln!(io.out.to, "{LOCK_FILE} written: {rules}")?;
    Ok(Exit::Done)
}
