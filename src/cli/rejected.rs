//! Rows that could not be read, and inputs that could not be read to their end: how they are shown and how a command ends then.

use clap::{Args, ValueEnum};

use super::Io;
use super::exit::{Done, Exit, Failure};
use crate::ingest::{IngestError, Reject};
use crate::report::count;
use crate::text::visible;

/// Rejected rows shown on standard error.
const SHOWN: u64 = 5;

/// What to do about rows that cannot be read.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Reading")]
pub(super) struct RejectArgs {
    /// Exit with 3 if more rows than this cannot be read.
    #[arg(long, value_name = "N", default_value_t = 0)]
    max_rejects: u64,
    /// What to do at a row that cannot be read: skip it and go on, or stop.
    #[arg(long, value_enum, value_name = "WHAT", default_value_t)]
    on_reject: OnReject,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum OnReject {
    #[default]
    Skip,
    Stop,
}

/// The rejected rows that are shown, and how many there are.
#[derive(Debug)]
pub(super) struct Noticed {
    shown: String,
    rows: u64,
    args: RejectArgs,
}

impl Noticed {
    pub(super) fn new(args: RejectArgs) -> Self {
        Self { shown: String::new(), rows: 0, args }
    }

    /// For a run that is only done again.
    pub(super) fn silent() -> Self {
        Self::new(RejectArgs::default())
    }

    /// Takes note of a row.
    ///
    /// # Errors
    /// If the command is to stop at it.
    pub(super) fn add(&mut self, file: &str, reject: &Reject) -> Done<()> {
        self.rows += 1;
        let column = reject.column.map(|column| format!(", column {column}")).unwrap_or_default();
        let what = format!("{}, line {}{column}: {}", visible(file), reject.line, visible(&reject.reason));
        if self.args.on_reject == OnReject::Stop {
            let error = anyhow::Error::msg(format!("{what}; stopped there, as `--on-reject stop` asks"));
            return Err(Failure { exit: Exit::Rejected, error });
        }
        if self.rows <= SHOWN {
            self.shown.push_str(&format!("  {what}\n"));
        }
        Ok(())
    }

    /// Says which rows and inputs could not be read, and gives the exit code if that makes the command fail. `kept` says
    /// where the rows are to be found. An answer from part of the input is no answer to rely on, so this weighs more than
    /// whatever else was found.
    pub(super) fn ending(&self, failures: &[IngestError], kept: &str, io: &mut Io<'_>) -> Option<Exit> {
        if self.rows > 0 {
            let more = self.rows.saturating_sub(SHOWN);
            let rest = if more > 0 { format!("  and {more} more\n") } else { String::new() };
            io.say(&format!("{} could not be read{kept}:\n{}{rest}", count(self.rows, "row"), self.shown));
        }
        for failure in failures {
            io.say(&format!("error: {}\n", visible(&failure.to_string())));
        }
        if let Some(first) = failures.first() {
            return Some(Exit::of(first));
        }
        if self.rows > self.args.max_rejects {
            io.say(&format!("error: more rows were rejected than `--max-rejects {}` allows\n", self.args.max_rejects));
            return Some(Exit::Rejected);
        }
        None
    }
}
