//! `scan`: judges records and writes the cases.

use std::path::PathBuf;
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::Io;
use super::deliver::{Format, Rejects, Show, Target, create, output_files, shown, write_cases};
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::{InputArgs, RulesArgs, load, sources, spare};
use super::rejected::{Noticed, RejectArgs};
use super::screen::{Job, Screened, screen};
use crate::engine::{Keep, Outcome, Plan};
use crate::report::run::{Options, Rules, Run};
use crate::report::summary::summary;
use crate::report::{Paint, View, count};

/// Cards shown on a terminal unless told otherwise.
const CARDS: usize = 20;
/// Columns of a table in a file.
const FILE_WIDTH: usize = 100;

/// What `scan` is asked for.
#[derive(Debug, Args)]
pub(super) struct ScanArgs {
    /// Files, folders or patterns with records: NDJSON, JSON, CSV, XLSX or Parquet. `-` reads standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    #[command(flatten)]
    rules: RulesArgs,
    /// How cases are written. Left out, it is table, or jsonl with `--out`.
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// Folder for the cases, the rejected rows and run.json, which `verify` reads.
    #[arg(long, value_name = "DIR", conflicts_with = "output")]
    out: Option<PathBuf>,
    /// File for the cases. `-` is standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Write every record, also those without any sign.
    #[arg(long)]
    all: bool,
    /// Leave CSV texts as they are, even where a spreadsheet would run them as a formula or a terminal obey them. Texts in
    /// XLSX are never changed and never run.
    #[arg(long)]
    raw: bool,
    /// Show at most so many cards. Left out, it is 20 on a terminal and all otherwise.
    #[arg(long, value_name = "N")]
    cards: Option<usize>,
    /// Use so many threads. Left out, one for each core. The result is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// Read so many rows at a time. The result is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    chunk_rows: Option<u32>,
    /// Exit with 1 if a record comes out like this or worse.
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Level>,
    /// Print no summary.
    #[arg(long)]
    quiet: bool,
    #[command(flatten)]
    input: InputArgs,
    #[command(flatten)]
    rejects: RejectArgs,
}

/// An outcome that lets a run fail.
#[derive(Debug, Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Level {
    NeedsInformation,
    Partial,
    LikelyNonCompliant,
}

impl Level {
    fn outcome(self) -> Outcome {
        match self {
            Self::NeedsInformation => Outcome::NeedsInformation,
            Self::Partial => Outcome::Partial,
            Self::LikelyNonCompliant => Outcome::LikelyNonCompliant,
        }
    }
}

impl ScanArgs {
    /// The options that decide what is written.
    fn settings(&self) -> Done<Options> {
        let left_out = if self.out.is_some() { Format::Jsonl } else { Format::Table };
        Ok(Options {
            rules: self.rules.rules.as_ref().map(|path| path.display().to_string()),
            format: self.format.unwrap_or(left_out).name().to_owned(),
            all: self.all,
            raw: self.raw,
            limit: self.cards.and_then(|cards| u64::try_from(cards).ok()),
            input: self.input.recorded()?,
        })
    }

    /// The files that are written.
    fn outputs(&self) -> Vec<PathBuf> {
        match &self.out {
            Some(folder) => output_files().map(|name| folder.join(name)).collect(),
            None => vec![self.output.clone()],
        }
    }
}

pub(super) fn run(args: &ScanArgs, io: &mut Io<'_>) -> Done {
    let started = Instant::now();
    let read = args.input.options(args.chunk_rows.and_then(|rows| usize::try_from(rows).ok()), io)?;
    let inputs = sources(&args.inputs, io)?;
    spare(&inputs, &args.outputs())?;
    let (rules, warnings) = load(&args.rules, read.today, io)?;
    let plan = Plan::compile(rules);
    let mut noticed = Noticed::new(args.rejects);
    let mut progress = Progress::new(io.err.terminal && !args.quiet);
    let job = Job { plan: &plan, inputs: &inputs, read, keep: keep(args.all) };
    let screened = pool(args.threads.map(usize::from))?.install(|| match &args.out {
        Some(folder) => {
            let target = Target::Folder(folder.clone());
            let recorded = record(&job, &args.settings()?, &target, &mut progress, &mut noticed);
            recorded.and_then(|(run, screened)| write_run(&run, &target).map(|()| screened))
        }
        None => stream(args, &job, io, &mut progress, &mut noticed),
    })?;
    progress.done();
    if !args.quiet {
        if warnings > 0 {
            let warnings = count(u64::try_from(warnings).unwrap_or(u64::MAX), "warning");
            io.say(&format!("the rules have {warnings}; `article3 rules check` shows them\n"));
        }
        let seconds = started.elapsed().as_secs_f64();
        io.say(&summary(&screened.ledgers, &screened.scan, &Rules::of(plan.rules()), seconds));
    }
    Ok(ending(args, &screened, &noticed, io))
}

/// The records that are kept to be written.
pub(super) fn keep(all: bool) -> Keep {
    if all { Keep::All } else { Keep::Flagged }
}

/// A thread pool of its own: one level of parallelism, as wide as asked for.
pub(super) fn pool(threads: Option<usize>) -> Done<rayon::ThreadPool> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
    builder.build().map_err(|error| Failure { exit: Exit::Internal, error: error.into() })
}

/// Cases to one stream.
fn stream(
    args: &ScanArgs,
    job: &Job<'_>,
    io: &mut Io<'_>,
    progress: &mut Progress,
    noticed: &mut Noticed,
) -> Done<Screened> {
    let screened = screen(job, progress, &mut |file, reject| noticed.add(file, reject))?;
    progress.done();
    let to_stream = args.output.as_os_str() == "-";
    let format = args.format.unwrap_or(Format::Table);
    let on_terminal = to_stream && io.out.terminal;
    if on_terminal && matches!(format, Format::Parquet | Format::Xlsx) {
        let name = format.name();
        return Err(Failure::usage(format!("{name} is not for reading here; write it to a file with `--output FILE`")));
    }
    let limit = args.cards.or_else(|| on_terminal.then_some(CARDS));
    let view = if to_stream { io.view() } else { file_view() };
    let show = Show { format, raw: args.raw, limit, view };
    if to_stream {
        write_cases(io.out.to, &screened, job.plan.rules(), show)?;
    } else {
        let mut file = create(&args.output)?;
        let written = write_cases(&mut file, &screened, job.plan.rules(), show);
        written.map_err(|error| Failure::output(&shown(&args.output), error))?;
    }
    Ok(screened)
}

/// Cases and rejected rows to a folder, or to nowhere, and the record of it.
pub(super) fn record(
    job: &Job<'_>,
    options: &Options,
    target: &Target,
    progress: &mut Progress,
    noticed: &mut Noticed,
) -> Done<(Run, Screened)> {
    target.prepare()?;
    let format = Format::named(&options.format)
        .ok_or_else(|| Failure::usage(format!("there is no output format `{}`", options.format)))?;
    let mut rejects = Rejects::to(target);
    let screened = screen(job, progress, &mut |file, reject| {
        rejects.write(file, reject)?;
        noticed.add(file, reject)
    })?;
    let limit = options.limit.and_then(|limit| usize::try_from(limit).ok());
    let show = Show { format, raw: options.raw, limit, view: file_view() };
    let mut cases = target.open(format.file())?;
    let written = write_cases(&mut cases, &screened, job.plan.rules(), show);
    written.map_err(|error| Failure::output(&format!("`{}`", format.file()), error))?;
    let outputs = [Some(cases.finish()?), rejects.finish()?].into_iter().flatten().collect();
    Ok((Run::of(job.plan.rules(), &screened.scan, &screened.ledgers, options.clone(), outputs), screened))
}

fn write_run(run: &Run, target: &Target) -> Done<()> {
    use std::io::Write as _;
    let mut file = target.open("run.json")?;
    let text = serde_json::to_string_pretty(run).map_err(std::io::Error::from);
    let written = text.and_then(|text| file.write_all(format!("{text}\n").as_bytes()));
    written.map_err(|error| Failure::output("`run.json`", error))?;
    file.finish().map(|_| ())
}

fn file_view() -> View {
    View { paint: Paint { colour: false }, width: FILE_WIDTH, more: 0 }
}

/// How the run ends.
fn ending(args: &ScanArgs, screened: &Screened, noticed: &Noticed, io: &mut Io<'_>) -> Exit {
    let kept = if args.out.is_some() { "; they are in rejects.jsonl" } else { "" };
    if let Some(exit) = noticed.ending(args.rejects, &screened.failures, kept, io) {
        return exit;
    }
    let met = |level: Level| {
        Outcome::ALL.iter().zip(screened.scan.outcomes).any(|(outcome, rows)| *outcome <= level.outcome() && rows > 0)
    };
    if args.fail_on.is_some_and(met) { Exit::Found } else { Exit::Done }
}
