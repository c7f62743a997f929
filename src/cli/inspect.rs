//! `inspect`: what a file is, in plain words.

use clap::Args;

use super::Io;
use super::exit::{Done, Exit};
use super::progress::Progress;
use super::read::InputArgs;
use super::rejected::{Noticed, RejectArgs};
use crate::ingest::{self, Source};
use crate::report::contents::{Contents, write_contents};
use crate::text::visible;

/// What `inspect` is asked for.
#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// File with records. `-` reads standard input.
    input: String,
    #[command(flatten)]
    read: InputArgs,
    #[command(flatten)]
    rejects: RejectArgs,
    /// Print the first rows as they are cut, before any profile: one JSON text a line. Left out, N is all.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "18446744073709551615")]
    rows: Option<u64>,
}

pub(super) fn run(args: &InspectArgs, io: &mut Io<'_>) -> Done {
    if let Some(most) = args.rows {
        return rows(args, most, io);
    }
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

/// Prints rows as they are cut. What is wrong with one is said on standard error.
fn rows(args: &InspectArgs, most: u64, io: &mut Io<'_>) -> Done {
    let mut rows = ingest::raw_rows(&Source::parse(&args.input), &args.read.options(None)?)?;
    let say = |io: &mut Io<'_>, text: &str| io.say(&format!("{}\n", visible(text)));
    if let Some(layout) = rows.layout() {
        say(io, &format!("{}: {layout}", args.input));
    }
    let mut exit = Exit::Done;
    for row in rows.by_ref().take(usize::try_from(most).unwrap_or(usize::MAX)) {
        let row = row?;
        if let Some(warning) = row.warning {
            say(io, &format!("line {}: warning: {warning}", row.line));
        }
        match row.content {
            Ok(content) => writeln!(io.out.to, "{content}")?,
            Err(reject) => {
                exit = Exit::Rejected;
                let column = reject.column.map_or_else(String::new, |column| format!(", column {column}"));
                say(io, &format!("line {}{column}: {}", reject.line, reject.reason));
            }
        }
    }
    rows.warnings().iter().for_each(|warning| say(io, &format!("warning: {warning}")));
    Ok(exit)
}
