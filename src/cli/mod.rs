//! The command line: one file a command, each with its arguments, one call of the library and one writer.
//!
//! In go arguments and the two streams of [`Io`], out come bytes there and an [`Exit`]. What was asked for goes to standard
//! output, all else to standard error. A reader that closes the pipe has seen enough: that ends a command well.

mod batch;
mod completions;
mod context;
mod convert;
mod deliver;
mod eval;
mod exit;
mod explain;
mod inspect;
mod io;
#[cfg(unix)]
mod isolated;
mod man;
mod passes;
mod persons;
mod progress;
mod read;
mod rejected;
mod replace;
mod rules;
mod rulesets;
mod scan;
mod screen;
mod verify;

use std::ffi::OsString;
use std::io::{BufWriter, IsTerminal, Write};
use std::panic::Location;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::{CommandFactory, Parser, Subcommand};

pub use exit::Exit;
use exit::{Done, Failure};
pub use io::{Colour, Io, Stream};

const AFTER_HELP: &str = "\
A flag is a reason to look, not a finding about a person.

Exit codes:
  0    done
  1    a `--fail-on` level was met, or a check failed
  2    the command line, a rule or the configuration is wrong
  3    finished, but more rows were rejected than `--max-rejects` allows
  4    an input cannot be read or is over a limit
  5    an output cannot be written
  6    a run does not come out as recorded
  70   a fault of the program
  130  interrupted";

/// Screens INTERPOL notices, diffusions, messages and travel-document entries for signs of political targeting and for
/// breaches of INTERPOL's own rules. Each flagged record comes with reasons that a lawyer can check.
#[derive(Debug, Parser)]
#[command(name = "article3", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Arguments {
    /// When to use colour.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Judge records and show those that need a look, with reasons.
    Scan(scan::ScanArgs),
    /// Explain one record in full: what every rule says of it, and why.
    Explain(explain::ExplainArgs),
    /// Show which records are read as one person's, and why, part by part.
    ///
    /// Names in any order and script, birth dates, and what supports or contradicts them are compared by the linkage
    /// profile of the rule set. Records whose names, birth dates or sexes contradict are never read as one person's.
    Persons(persons::PersonsArgs),
    /// Hold what rules make of records against labels: how often they are right, where they are wrong, what each rule adds.
    ///
    /// A label says of a record, by its id, what somebody thinks of it: not_compliant, partial, clarification or compliant.
    /// Every record is judged once, as `scan` would. Figures come with intervals that show how much hangs on the choice of
    /// records. That a figure is bad is a result and no error: the exit code is 0.
    Eval(eval::EvalArgs),
    /// Say what a file is: its format, its fields and how well they are filled.
    Inspect(inspect::InspectArgs),
    /// Turn records of any form into the canonical one, as NDJSON or Parquet.
    Convert(convert::ConvertArgs),
    /// Look at rules, check them and run their tests.
    #[command(subcommand)]
    Rules(rules::RulesCommand),
    /// Make context tables: dated figures about countries that rules look up.
    #[command(subcommand)]
    Context(context::ContextCommand),
    /// Run a recorded scan again and compare.
    Verify(verify::VerifyArgs),
    /// Print completions for a shell.
    Completions(completions::CompletionsArgs),
    /// Print the manual page.
    Man,
    /// Read standard input for another process.
    #[cfg(unix)]
    #[command(hide = true)]
    Isolated(isolated::IsolatedArgs),
}

/// Runs a command with the streams of this process.
#[must_use]
pub fn run_here(args: impl IntoIterator<Item = OsString>) -> Exit {
    let (stdout, stderr) = (std::io::stdout(), std::io::stderr());
    let (out_terminal, err_terminal) = (stdout.is_terminal(), stderr.is_terminal());
    let (out_colour, err_colour) = (io::colour_of(&stdout), io::colour_of(&stderr));
    let (mut out, mut err) = (BufWriter::new(stdout), stderr);
    let mut io = Io {
        out: Stream { to: &mut out, terminal: out_terminal, colour: out_colour },
        err: Stream { to: &mut err, terminal: err_terminal, colour: err_colour },
        width: if out_terminal { io::width() } else { io::WIDTH },
    };
    run(args, &mut io)
}

/// Runs a command.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>, io: &mut Io<'_>) -> Exit {
    let done = match Arguments::try_parse_from(args) {
        Ok(arguments) => {
            io.choose(arguments.color);
            command(arguments.command, io)
        }
        Err(error) => print_usage(&error, io),
    };
    let done = done.and_then(|exit| {
        io.out.to.flush()?;
        Ok(exit)
    });
    match done {
        Ok(exit) => exit,
        Err(failure) if failure.is_closed_pipe() => Exit::Done,
        Err(failure) => {
            io.say(&format!("error: {}\n", crate::text::visible(&format!("{:#}", failure.error))));
            failure.exit
        }
    }
}

fn command(command: Command, io: &mut Io<'_>) -> Done {
    match command {
        Command::Scan(args) => scan::run(&args, io),
        Command::Explain(args) => explain::run(&args, io),
        Command::Persons(args) => persons::run(&args, io),
        Command::Eval(args) => eval::run(&args, io),
        Command::Inspect(args) => inspect::run(&args, io),
        Command::Convert(args) => convert::run(&args, io),
        Command::Rules(command) => rules::run(&command, io),
        Command::Context(command) => context::run(&command, io),
        Command::Verify(args) => verify::run(&args, io),
        Command::Completions(args) => completions::run(&args, Arguments::command(), io),
        Command::Man => man::run(Arguments::command(), io),
        #[cfg(unix)]
        Command::Isolated(args) => isolated::run(&args, io),
    }
}

/// Help and version are what was asked for; all else is a mistake on the command line.
fn print_usage(error: &clap::Error, io: &mut Io<'_>) -> Done {
    let styled = error.render();
    let shown = |colour: bool| if colour { styled.ansi().to_string() } else { styled.to_string() };
    if error.use_stderr() {
        let text = shown(io.err.colour);
        io.say(&text);
        return Ok(Exit::Usage);
    }
    io.out.to.write_all(shown(io.out.colour).as_bytes())?;
    Ok(Exit::Done)
}

/// Says once that the program is at fault. Where in the program is said, what it was reading is not.
pub fn report_fault(place: Option<&Location<'_>>) {
    static SAID: AtomicBool = AtomicBool::new(false);
    if SAID.swap(true, Ordering::Relaxed) {
        return;
    }
    let place = place.map_or_else(String::new, |place| format!(" ({}, line {})", place.file(), place.line()));
    let text = format!(
        "error: article3 {} stopped at a fault of its own{place}. Your files are as they were. Please report this line; it \
         holds nothing from your data.\n",
        env!("CARGO_PKG_VERSION")
    );
    let _ = std::io::stderr().write_all(text.as_bytes());
}

/// How many names are listed where one is not known.
const FEW: usize = 8;

/// The failure of a name that is not known, with the nearest known one.
fn not_known<S: AsRef<str>>(what: &str, name: &str, known: &[S]) -> Failure {
    let near = crate::diag::did_you_mean(name, known.iter().map(AsRef::as_ref));
    let help = match near {
        Some(near) => format!("; did you mean `{near}`?"),
        None if (1..=FEW).contains(&known.len()) => {
            let all: Vec<String> = known.iter().map(|known| format!("`{}`", known.as_ref())).collect();
            format!("; known: {}", all.join(", "))
        }
        None => String::new(),
    };
    Failure::usage(format!("there is no {what} `{name}`{help}"))
}

/// The failure of a rule that is not there.
fn no_such_rule(id: &str, rules: &crate::rule::RuleSet) -> Failure {
    let known: Vec<&str> = rules.rules.iter().map(|rule| &*rule.id).collect();
    not_known("rule", id, &known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_help_names_every_exit_code() {
        for exit in Exit::ALL {
            let line = format!("  {:<3}  {}\n", exit.code(), exit.meaning());
            assert!(AFTER_HELP.contains(&line), "{exit:?}");
        }
    }
}
