//! `inspect`: what a file is, in plain words. For a table also what each column is taken for, with a profile to be edited.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Io;
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::InputArgs;
use super::rejected::{Noticed, RejectArgs};
use crate::ingest::{self, IngestError, Reader, Source, Survey};
use crate::report::contents::{Contents, write_contents};
use crate::report::write_columns;
use crate::text::visible;

/// What `inspect` is asked for.
#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// File with records. `-` reads standard input.
    input: String,
    /// Write a profile for a table with these columns, to be edited and given as `--profile`. It holds names of columns, and
    /// nothing that the cells say.
    #[arg(long, value_name = "FILE")]
    write_profile: Option<PathBuf>,
    /// Print the first rows as they are cut, before any profile: one JSON text a line. Left out, N is all.
    #[arg(long, value_name = "N", num_args = 0..=1, default_missing_value = "18446744073709551615")]
    rows: Option<u64>,
    #[command(flatten)]
    read: InputArgs,
    #[command(flatten)]
    rejects: RejectArgs,
}

pub(super) fn run(args: &InspectArgs, io: &mut Io<'_>) -> Done {
    if let Some(most) = args.rows {
        return rows(args, most, io);
    }
    let options = args.read.options(io)?;
    let mut opening = ingest::open(&Source::parse(&args.input), &options)?;
    let survey = opening.survey()?;
    if let Some(survey) = survey.as_ref().filter(|survey| !survey.is_plain()) {
        let view = io.view();
        write_columns(io.out.to, survey, view)?;
    }
    if let Some(path) = &args.write_profile {
        let Some(survey) = &survey else {
            return Err(Failure::usage("`--write-profile` is for tables; the rows of this file are objects with keys"));
        };
        // Names of people must not get into a profile, which is free to be passed on.
        if survey.header_looks_like_data() {
            return Err(Failure::usage(
                "the first row looks like data; put a row with the names of the columns before it",
            ));
        }
        write_profile(path, survey, io)?;
    }
    match opening.reader() {
        Ok(reader) => contents(args, reader, io),
        // A profile was asked for and written: the columns can be used with it, once it is edited.
        Err(error @ IngestError::BrokenHeader { .. }) if args.write_profile.is_some() => {
            io.say(&format!("{}\n", visible(&error.to_string())));
            Ok(Exit::Done)
        }
        Err(error) => Err(error.into()),
    }
}

fn contents(args: &InspectArgs, mut reader: Reader, io: &mut Io<'_>) -> Done {
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
    Ok(noticed.ending(&failures, "", io).unwrap_or(Exit::Done))
}

/// Prints rows as they are cut. What is wrong with one is said on standard error.
fn rows(args: &InspectArgs, most: u64, io: &mut Io<'_>) -> Done {
    let mut rows = ingest::raw_rows(&Source::parse(&args.input), &args.read.options(io)?)?;
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

/// Writes a profile, never over a file that is there: it may have been edited.
fn write_profile(path: &Path, survey: &Survey, io: &mut Io<'_>) -> Done<()> {
    let name = path.file_stem().map_or_else(|| "mine".into(), |name| name.to_string_lossy());
    let shown = format!("`{}`", path.display());
    let written = File::create_new(path).and_then(|mut file| file.write_all(survey.profile(&name).as_bytes()));
    written.map_err(|error| Failure::output(&shown, error))?;
    io.say(&format!("the profile is in {}; edit it, then read the file with `--profile`\n", visible(&shown)));
    Ok(())
}
