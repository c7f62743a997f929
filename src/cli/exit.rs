//! How a command ends: the table of exit codes, and a failure that knows its own.

use std::io;

use crate::engine::EngineError;
use crate::ingest::IngestError;

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done,
    /// A `--fail-on` level was met, or a check failed.
    Found,
    /// The command line, a rule or the configuration is wrong.
    Usage,
    /// Finished, but more rows were rejected than allowed.
    Rejected,
    /// An input cannot be read or is over a limit.
    Input,
    /// An output cannot be written.
    Output,
    /// A run does not come out as recorded.
    Unverified,
    /// A fault of the program.
    Internal,
}

impl Exit {
    /// Every way to end. A run that is interrupted ends with 130, by the system.
    pub const ALL: [Self; 8] = [
        Self::Done,
        Self::Found,
        Self::Usage,
        Self::Rejected,
        Self::Input,
        Self::Output,
        Self::Unverified,
        Self::Internal,
    ];

    /// The exit code.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Found => 1,
            Self::Usage => 2,
            Self::Rejected => 3,
            Self::Input => 4,
            Self::Output => 5,
            Self::Unverified => 6,
            Self::Internal => 70,
        }
    }

    /// How a command ends whose input cannot be read.
    pub(super) fn of(error: &IngestError) -> Self {
        match error {
            IngestError::WrongProfile { .. } => Self::Usage,
            _ => Self::Input,
        }
    }

    /// What it means, for the help.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Found => "a `--fail-on` level was met, or a check failed",
            Self::Usage => "the command line, a rule or the configuration is wrong",
            Self::Rejected => "finished, but more rows were rejected than `--max-rejects` allows",
            Self::Input => "an input cannot be read or is over a limit",
            Self::Output => "an output cannot be written",
            Self::Unverified => "a run does not come out as recorded",
            Self::Internal => "a fault of the program",
        }
    }
}

/// Why a command could not do what it was asked for.
#[derive(Debug)]
pub(super) struct Failure {
    pub(super) exit: Exit,
    pub(super) error: anyhow::Error,
}

/// What a command comes to.
pub(super) type Done<T = Exit> = Result<T, Failure>;

impl Failure {
    pub(super) fn usage(message: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, error: anyhow::Error::msg(message.into()) }
    }

    pub(super) fn unverified(message: impl Into<String>) -> Self {
        Self { exit: Exit::Unverified, error: anyhow::Error::msg(message.into()) }
    }

    /// An output that cannot be written. `what` names it.
    pub(super) fn output(what: &str, error: io::Error) -> Self {
        let error = anyhow::Error::new(error).context(format!("cannot write {what}"));
        Self { exit: Exit::Output, error }
    }

    /// The same, naming the output that could not be written.
    pub(super) fn naming(self, what: &str) -> Self {
        if self.exit != Exit::Output {
            return self;
        }
        match self.error.downcast::<io::Error>() {
            Ok(error) => Self::output(what, error),
            Err(error) => Self { exit: Exit::Output, error },
        }
    }

    /// Whether the reader of the output has gone away, which is no failure.
    pub(super) fn is_closed_pipe(&self) -> bool {
        let cause = self.error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
        self.exit == Exit::Output && cause.is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    }
}

/// Standard output cannot be written to.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::output("to standard output", error)
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        Self { exit: Exit::of(&error), error: error.into() }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        Self { exit: Exit::Internal, error: error.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_exit_has_a_code_and_a_meaning_of_its_own() {
        let codes: BTreeSet<u8> = Exit::ALL.iter().map(|exit| exit.code()).collect();
        let meanings: BTreeSet<&str> = Exit::ALL.iter().map(|exit| exit.meaning()).collect();
        assert_eq!((codes.len(), meanings.len()), (Exit::ALL.len(), Exit::ALL.len()));
        assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 70].into());
    }

    #[test]
    fn an_output_is_named_once() {
        let full = Failure::from(io::Error::other("disk full")).naming("`a`");
        assert_eq!((full.exit, format!("{:#}", full.error)), (Exit::Output, "cannot write `a`: disk full".to_owned()));
    }

    #[test]
    fn only_a_pipe_closed_while_writing_is_no_failure() {
        let closed = || io::Error::from(io::ErrorKind::BrokenPipe);
        assert!(Failure::from(closed()).is_closed_pipe());
        assert!(!Failure::from(io::Error::other("disk full")).is_closed_pipe());
        assert!(!Failure { exit: Exit::Input, error: closed().into() }.is_closed_pipe());
    }
}
