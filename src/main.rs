//! The command line of article3: takes the arguments, hands them to the library, and leaves with its exit code.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::process::ExitCode;
use std::thread;

use article3::cli::{self, Exit};
use article3::ingest::UNTRUSTED;

fn main() -> ExitCode {
    set_hook(Box::new(|fault| {
        // A library that gives up on a damaged file is no fault of ours; whoever waits for the thread says what happened.
        if thread::current().name() != Some(UNTRUSTED) {
            cli::report_fault(fault.location());
        }
    }));
    let code = catch_unwind(AssertUnwindSafe(|| cli::run_here(std::env::args_os())));
    ExitCode::from(code.unwrap_or(Exit::Internal).code())
}
