//! `convert`: records of any form to the canonical one.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::Io;
use super::deliver::{create, shown};
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::{InputArgs, sources, spare};
use super::rejected::{Noticed, RejectArgs};
use crate::ingest::{IngestError, Inputs, canonical, read_all};
use crate::report::CanonicalParquet;
use crate::report::summary::accounts;
use crate::table::NoticeTable;

/// What `convert` is asked for.
#[derive(Debug, Args)]
pub(super) struct ConvertArgs {
    /// Files, folders or patterns with records. `-` reads standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    /// Form to write. Left out, the name of the output tells, and it is ndjson otherwise.
    #[arg(long, value_enum)]
    to: Option<Form>,
    /// File for the records. `-` is standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Print no account of what was read.
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    read: InputArgs,
    #[command(flatten)]
    rejects: RejectArgs,
}

/// A form of canonical records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// One JSON object a line.
    Ndjson,
    /// Columns, for a data frame.
    Parquet,
}

impl ConvertArgs {
    fn form(&self) -> Form {
        let by_name = || match self.output.extension().and_then(|extension| extension.to_str()) {
            Some("parquet" | "pq") => Form::Parquet,
            _ => Form::Ndjson,
        };
        self.to.unwrap_or_else(by_name)
    }
}

pub(super) fn run(args: &ConvertArgs, io: &mut Io<'_>) -> Done {
    let inputs = sources(&args.inputs, io)?;
    spare(&inputs, std::slice::from_ref(&args.output))?;
    let to_stream = args.output.as_os_str() == "-";
    if to_stream && io.out.terminal && args.form() == Form::Parquet {
        return Err(Failure::usage("Parquet is not for reading; write it to a file with `--output FILE`"));
    }
    let mut inputs = read_all(inputs, &args.read.options(io)?);
    let mut noticed = Noticed::new(args.rejects);
    let mut progress = Progress::new(io.err.terminal && !args.quiet && !to_stream);
    let form = args.form();
    let mut write = |out: &mut (dyn Write + Send)| all(&mut inputs, form.writer(out)?, &mut noticed, &mut progress);
    let failures = if to_stream { write(&mut *io.out.to) } else { aside(&args.output, &mut write) }?;
    progress.done();
    if !args.quiet {
        io.say(&accounts(inputs.ledgers()));
    }
    Ok(noticed.ending(&failures, "", io).unwrap_or(Exit::Done))
}

/// Writes to a file of another name, which takes the place of the output when all is written: what stands there is not lost
/// to a command that fails.
fn aside(
    output: &Path,
    write: &mut dyn FnMut(&mut (dyn Write + Send)) -> Done<Vec<IngestError>>,
) -> Done<Vec<IngestError>> {
    // What is no file, such as a pipe, is written to as it is.
    if output.exists() && !output.is_file() {
        return write(&mut *create(output)?).map_err(|failure| failure.naming(&shown(output)));
    }
    let mut name = output.as_os_str().to_owned();
    name.push(".part");
    let part = PathBuf::from(name);
    let failures = match write(&mut *create(&part).map_err(|failure| failure.naming(&shown(output)))?) {
        Ok(failures) => failures,
        Err(failure) => {
            // The failure matters more than what is left of it.
            let _ = std::fs::remove_file(&part);
            return Err(failure.naming(&shown(output)));
        }
    };
    std::fs::rename(&part, output).map_err(|error| Failure::output(&shown(output), error))?;
    Ok(failures)
}

/// Writes all records; gives the inputs that could not be read to their end.
fn all(
    inputs: &mut Inputs,
    mut to: Writer<'_>,
    noticed: &mut Noticed,
    progress: &mut Progress,
) -> Done<Vec<IngestError>> {
    let mut failures = vec![];
    while let Some(chunk) = inputs.next() {
        match chunk {
            Err(error) => failures.push(error),
            Ok((_, chunk)) => {
                let name = inputs.name().unwrap_or_default();
                progress.doing(&name);
                progress.rows(chunk.table.len() + chunk.rejects.len());
                chunk.rejects.iter().try_for_each(|row| noticed.add(&name, row))?;
                to.write(&chunk.table)?;
            }
        }
    }
    if !failures.is_empty() && inputs.ledgers().iter().all(|ledger| ledger.read == 0) {
        return Err(failures.swap_remove(0).into());
    }
    to.finish()?;
    Ok(failures)
}

/// Records on their way out.
enum Writer<'a> {
    Lines(&'a mut (dyn Write + Send)),
    Columns(Box<CanonicalParquet<&'a mut (dyn Write + Send)>>),
}

impl Form {
    fn writer(self, out: &mut (dyn Write + Send)) -> io::Result<Writer<'_>> {
        match self {
            Self::Ndjson => Ok(Writer::Lines(out)),
            Self::Parquet => CanonicalParquet::new(out).map(|columns| Writer::Columns(Box::new(columns))),
        }
    }
}

impl Writer<'_> {
    fn write(&mut self, table: &NoticeTable) -> io::Result<()> {
        match self {
            Self::Lines(out) => lines(table, *out),
            Self::Columns(columns) => columns.write(table),
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Lines(out) => out.flush(),
            Self::Columns(columns) => columns.finish(),
        }
    }
}

fn lines(table: &NoticeTable, out: &mut (dyn Write + Send)) -> io::Result<()> {
    let columns = table.columns();
    for row in 0..table.len() {
        let object = canonical::object(&columns.record(row));
        serde_json::to_writer(&mut *out, &object)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
