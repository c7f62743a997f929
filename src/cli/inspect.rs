//! `inspect`: what a file is, in plain words. For a table also what each column is taken for, with a profile to be edited.

use std::fs::File;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use clap::Args;

use super::Io;
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::InputArgs;
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
    #[command(flatten)]
    read: InputArgs,
}

pub(super) fn run(args: &InspectArgs, io: &mut Io<'_>) -> Done {
    let options = args.read.options(None, io)?;
    let mut opening = ingest::open(&Source::parse(&args.input), &options)?;
    let survey = opening.survey()?;
    if let Some(survey) = &survey {
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
        // What the columns could be was said, and that is what was asked for.
        Err(error @ IngestError::BrokenHeader { .. }) if survey.is_some() => {
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

/// Writes a profile, never over a file that is there: it may have been edited.
fn write_profile(path: &Path, survey: &Survey, io: &mut Io<'_>) -> Done<()> {
    let name = path.file_stem().map_or_else(|| "mine".into(), |name| name.to_string_lossy());
    let shown = format!("`{}`", path.display());
    let written = File::create_new(path).and_then(|mut file| file.write_all(survey.profile(&name).as_bytes()));
    written.map_err(|error| Failure::output(&shown, error))?;
    io.say(&format!("the profile is in {}; edit it, then read the file with `--profile`\n", visible(&shown)));
    Ok(())
}
