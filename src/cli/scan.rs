//! `scan`: judges records and writes the cases.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::Io;
use super::deliver::{Format, Rejects, Show, Target, create, output_files, shown, write_cases};
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::{InputArgs, RulesArgs, load};
use super::screen::{Job, Screened, screen};
use crate::engine::{Keep, Outcome, Plan};
use crate::ingest::{ReadOptions, Reject};
use crate::report::run::{Options, Rules, Run};
use crate::report::summary::summary;
use crate::report::{Paint, View, count};
use crate::text::visible;

/// Cards shown on a terminal unless told otherwise.
const CARDS: usize = 20;
/// Rejected rows shown on standard error.
const REJECTS: usize = 5;
/// Columns of a table in a file.
const FILE_WIDTH: usize = 100;

/// What `scan` is asked for.
#[derive(Debug, Args)]
pub(super) struct ScanArgs {
    /// Files with records: NDJSON, JSON, CSV or Parquet. `-` reads standard input.
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<String>,
    #[command(flatten)]
    rules: RulesArgs,
    #[command(flatten)]
    input: InputArgs,
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
    /// Leave CSV texts as they are, even where a spreadsheet would run them as a formula.
    #[arg(long)]
    raw: bool,
    /// Show at most so many cards. Left out, it is 20 on a terminal and all otherwise.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Use so many threads. Left out, one for each core. The result is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=512))]
    threads: Option<u16>,
    /// Read so many rows at a time. The result is the same.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    chunk_rows: Option<u32>,
    /// Exit with 3 if more rows than this cannot be read.
    #[arg(long, value_name = "N", default_value_t = 0)]
    max_rejects: u64,
    /// Exit with 1 if a record comes out like this or worse.
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Level>,
    /// Print no summary.
    #[arg(long)]
    quiet: bool,
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
    fn settings(&self) -> Options {
        let left_out = if self.out.is_some() { Format::Jsonl } else { Format::Table };
        Options {
            rules: self.rules.rules.as_ref().map(|path| path.display().to_string()),
            format: self.format.unwrap_or(left_out).name().to_owned(),
            all: self.all,
            raw: self.raw,
            limit: self.limit.and_then(|limit| u64::try_from(limit).ok()),
            input_format: self.input.input_format.clone(),
            profile: self.input.profile.clone(),
            kind: self.input.kind.clone(),
        }
    }
}

pub(super) fn run(args: &ScanArgs, io: &mut Io<'_>) -> Done {
    let started = Instant::now();
    let read = args.input.options(args.chunk_rows.and_then(|rows| usize::try_from(rows).ok()), io)?;
    if args.inputs.iter().filter(|input| *input == "-").count() > 1 {
        return Err(Failure::usage("`-` stands for standard input, which can be read once only"));
    }
    spare_inputs(args)?;
    let (rules, warnings) = load(&args.rules, io)?;
    let plan = Plan::compile(rules);
    let mut noticed = Noticed::default();
    let mut progress = Progress::new(io.err.terminal && !args.quiet);
    let screened = pool(args.threads.map(usize::from))?.install(|| match &args.out {
        Some(folder) => {
            let target = Target::Folder(folder.clone());
            let recorded = record(&plan, &args.inputs, read, &args.settings(), &target, &mut progress, &mut noticed);
            recorded.and_then(|(run, screened)| write_run(&run, &target).map(|()| screened))
        }
        None => stream(args, &plan, read, io, &mut progress, &mut noticed),
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

/// Refuses to write over a file that is to be read, by whatever name.
fn spare_inputs(args: &ScanArgs) -> Done<()> {
    let outputs: Vec<PathBuf> = match &args.out {
        Some(folder) => output_files().map(|name| folder.join(name)).collect(),
        None => vec![args.output.clone()],
    };
    for input in args.inputs.iter().filter(|input| *input != "-") {
        if outputs.iter().any(|output| is_same_file(Path::new(input), output)) {
            let message =
                format!("the output would replace the input `{}`; give another file or folder", visible(input));
            return Err(Failure::usage(message));
        }
    }
    Ok(())
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    same_file::is_same_file(a, b).unwrap_or(false)
}

/// A thread pool of its own: one level of parallelism, as wide as asked for.
pub(super) fn pool(threads: Option<usize>) -> Done<rayon::ThreadPool> {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(threads.unwrap_or(0));
    builder.build().map_err(|error| Failure { exit: Exit::Internal, error: error.into() })
}

/// Cases to one stream.
fn stream(
    args: &ScanArgs,
    plan: &Plan,
    read: ReadOptions,
    io: &mut Io<'_>,
    progress: &mut Progress,
    noticed: &mut Noticed,
) -> Done<Screened> {
    let keep = if args.all { Keep::All } else { Keep::Flagged };
    let job = Job { plan, inputs: &args.inputs, read, keep };
    let screened = screen(&job, progress, &mut |file, reject| {
        noticed.add(file, reject);
        Ok(())
    })?;
    progress.done();
    let to_stream = args.output.as_os_str() == "-";
    let format = args.format.unwrap_or(Format::Table);
    let on_terminal = to_stream && io.out.terminal;
    if on_terminal && format == Format::Parquet {
        return Err(Failure::usage("Parquet is not for reading; write it to a file with `--output FILE`"));
    }
    let limit = args.limit.or_else(|| on_terminal.then_some(CARDS));
    let view = if to_stream { io.view() } else { file_view() };
    let show = Show { format, raw: args.raw, limit, view };
    if to_stream {
        write_cases(io.out.to, &screened, plan.rules(), show)?;
    } else {
        let mut file = create(&args.output)?;
        let written = write_cases(&mut file, &screened, plan.rules(), show);
        written.map_err(|error| Failure::output(&shown(&args.output), error))?;
    }
    Ok(screened)
}

/// Cases and rejected rows to a folder, or to nowhere, and the record of it.
pub(super) fn record(
    plan: &Plan,
    inputs: &[String],
    read: ReadOptions,
    options: &Options,
    target: &Target,
    progress: &mut Progress,
    noticed: &mut Noticed,
) -> Done<(Run, Screened)> {
    target.prepare()?;
    let format = Format::named(&options.format)
        .ok_or_else(|| Failure::usage(format!("there is no output format `{}`", options.format)))?;
    let mut rejects = Rejects::to(target);
    let keep = if options.all { Keep::All } else { Keep::Flagged };
    let job = Job { plan, inputs, read, keep };
    let screened = screen(&job, progress, &mut |file, reject| {
        noticed.add(file, reject);
        rejects.write(file, reject)
    })?;
    let limit = options.limit.and_then(|limit| usize::try_from(limit).ok());
    let show = Show { format, raw: options.raw, limit, view: file_view() };
    let mut cases = target.open(format.file())?;
    let written = write_cases(&mut cases, &screened, plan.rules(), show);
    written.map_err(|error| Failure::output(&format!("`{}`", format.file()), error))?;
    let outputs = [Some(cases.finish()?), rejects.finish()?].into_iter().flatten().collect();
    Ok((Run::of(plan.rules(), &screened.scan, &screened.ledgers, options.clone(), outputs), screened))
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

/// The rejected rows that are shown, and how many there are.
#[derive(Debug, Default)]
pub(super) struct Noticed {
    shown: String,
    rows: u64,
}

impl Noticed {
    fn add(&mut self, file: &str, reject: &Reject) {
        self.rows += 1;
        if self.rows <= u64::try_from(REJECTS).unwrap_or(u64::MAX) {
            let column = reject.column.map(|column| format!(", column {column}")).unwrap_or_default();
            let (file, reason) = (visible(file), visible(&reject.reason));
            self.shown.push_str(&format!("  {file}, line {}{column}: {reason}\n", reject.line));
        }
    }
}

/// How the run ends. Rows that could not be read weigh more than a level that was met: the answer is not complete.
fn ending(args: &ScanArgs, screened: &Screened, noticed: &Noticed, io: &mut Io<'_>) -> Exit {
    let too_many = noticed.rows > args.max_rejects;
    if noticed.rows > 0 && (too_many || !args.quiet) {
        let head = format!("{} could not be read", count(noticed.rows, "row"));
        let kept = if args.out.is_some() { "; they are in rejects.jsonl" } else { "" };
        io.say(&format!("{head}{kept}:\n{}", noticed.shown));
    }
    if too_many {
        let allowed = args.max_rejects;
        io.say(&format!("error: more rows were rejected than `--max-rejects {allowed}` allows\n"));
        return Exit::Rejected;
    }
    let met = |level: Level| {
        Outcome::ALL.iter().zip(screened.scan.outcomes).any(|(outcome, rows)| *outcome <= level.outcome() && rows > 0)
    };
    if args.fail_on.is_some_and(met) { Exit::Found } else { Exit::Done }
}
