//! `scan`: judges records and writes the cases.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::Io;
use super::batch::BatchArgs;
use super::deliver::{Cases, Format, RUN, Rejects, Show, Target, create, output_files, shown, write_cases};
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::spare;
use super::rejected::Noticed;
use super::rulesets::{RuleSetsArgs, Wanted, load_all, tell_warnings};
use super::screen::{Job, Screened, screen};
use crate::engine::{Keep, Outcome, Plan};
use crate::report::run::{Options, Output, Rules, Run, Runs, SCHEMA_VERSION};
use crate::report::summary::{Made, summary};
use crate::report::{Paint, View};

/// Cards shown on a terminal unless told otherwise.
const CARDS: usize = 20;
/// Columns of a table in a file.
const FILE_WIDTH: usize = 100;

/// What `scan` is asked for.
#[derive(Debug, Args)]
pub(super) struct ScanArgs {
    #[command(flatten)]
    rules: RuleSetsArgs,
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
    /// Exit with 1 if a record comes out like this or worse.
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Level>,
    #[command(flatten)]
    batch: BatchArgs,
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
    /// The options that decide what is written for a rule set, by its name.
    fn settings(&self, ruleset: Option<&str>) -> Done<Options> {
        let left_out = if self.out.is_some() { Format::Jsonl } else { Format::Table };
        Ok(Options {
            rules: self.rules.rules.as_ref().map(|path| path.display().to_string()),
            ruleset: ruleset.map(str::to_owned),
            rule: self.rules.rule.clone(),
            skip: self.rules.select.skip.clone(),
            status: self.rules.select.status.clone(),
            format: self.format.unwrap_or(left_out).name().to_owned(),
            all: self.all,
            raw: self.raw,
            limit: self.cards.and_then(|cards| u64::try_from(cards).ok()),
            input: self.batch.input.recorded()?,
        })
    }

    /// The rule sets and the folder of each: the one that was given, or one in it for each of several.
    fn targets(&self, folder: &Path) -> Vec<(Option<&str>, PathBuf)> {
        match self.rules.ruleset.as_slice() {
            [] => vec![(None, folder.to_owned())],
            [one] => vec![(Some(one), folder.to_owned())],
            several => several.iter().map(|name| (Some(name.as_str()), folder.join(name))).collect(),
        }
    }

    /// The files that are written.
    fn outputs(&self) -> Vec<PathBuf> {
        match &self.out {
            Some(folder) => {
                let own = self.targets(folder).into_iter().map(|(_, folder)| folder).chain([folder.clone()]);
                own.flat_map(|folder| output_files().map(move |name| folder.join(name))).collect()
            }
            None => vec![self.output.clone()],
        }
    }
}

pub(super) fn run(args: &ScanArgs, io: &mut Io<'_>) -> Done {
    let started = Instant::now();
    let read = args.batch.options(io)?;
    let inputs = args.batch.sources(io)?;
    spare(&inputs, &args.outputs())?;
    let (sets, warnings) = load_all(&Wanted::from(&args.rules).on(read.today), io)?;
    let plans: Vec<Plan> = sets.into_iter().map(Plan::compile).collect();
    let (mut progress, mut noticed) = args.batch.told(io);
    let job = Job { plans: &plans, inputs: &inputs, read, keep: keep(args.all) };
    let screened = args.batch.pool()?.install(|| match &args.out {
        Some(folder) => keep_in(folder, args, &job, &mut progress, &mut noticed),
        None => stream(args, &job, io, &mut progress, &mut noticed),
    })?;
    progress.done();
    if !args.batch.quiet {
        tell_warnings(warnings, io);
        let seconds = started.elapsed().as_secs_f64();
        let sets = screened.scans.iter().zip(&plans).map(|(scan, plan)| (scan, plan.rules()));
        let made = sets.map(|(scan, rules)| Made { ruleset: rules.label.as_deref(), scan, rules: Rules::of(rules) });
        let made: Vec<Made<'_>> = made.collect();
        io.say(&summary(&screened.ledgers, &made, seconds));
    }
    Ok(ending(args, &screened, &noticed, io))
}

/// The records that are kept to be written.
pub(super) fn keep(all: bool) -> Keep {
    if all { Keep::All } else { Keep::Flagged }
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
        write_cases(io.out.to, &Cases::of(&screened, job.plans), show)?;
    } else {
        let mut file = create(&args.output)?;
        let written = write_cases(&mut file, &Cases::of(&screened, job.plans), show);
        written.map_err(|error| Failure::output(&shown(&args.output), error))?;
    }
    Ok(screened)
}

/// Cases to a folder, with the record of the run; of several rule sets to a folder each, with a record of all.
fn keep_in(
    folder: &Path,
    args: &ScanArgs,
    job: &Job<'_>,
    progress: &mut Progress,
    noticed: &mut Noticed,
) -> Done<Screened> {
    let whole = Target::Folder(folder.to_owned());
    whole.prepare()?;
    let wanted =
        args.targets(folder).into_iter().map(|(name, folder)| Ok((args.settings(name)?, Target::Folder(folder))));
    let wanted: Vec<(Options, Target)> = wanted.collect::<Done<_>>()?;
    let (runs, screened) = record(job, &wanted, progress, noticed)?;
    let mut written = vec![];
    for (run, (options, target)) in runs.iter().zip(&wanted) {
        let output = target.write_record(run)?;
        let folder = options.ruleset.as_deref().unwrap_or_default();
        written.push(Output { file: format!("{folder}/{RUN}"), ..output });
    }
    if written.len() > 1 {
        whole.write_record(&Runs { schema_version: SCHEMA_VERSION, runs: written })?;
    }
    Ok(screened)
}

/// Cases and rejected rows of each rule set to its target, and the record of it. The input is read once.
pub(super) fn record(
    job: &Job<'_>,
    wanted: &[(Options, Target)],
    progress: &mut Progress,
    noticed: &mut Noticed,
) -> Done<(Vec<Run>, Screened)> {
    wanted.iter().try_for_each(|(_, target)| target.prepare())?;
    let mut rejects: Vec<Rejects> = wanted.iter().map(|(_, target)| Rejects::to(target)).collect();
    let screened = screen(job, progress, &mut |file, reject| {
        rejects.iter_mut().try_for_each(|rejects| rejects.write(file, reject))?;
        noticed.add(file, reject)
    })?;
    let sets = Cases::of(&screened, job.plans);
    let mut runs = vec![];
    for ((cases, (options, target)), rejects) in sets.iter().zip(wanted).zip(rejects) {
        let outputs = [Some(write_set(*cases, options, target)?), rejects.finish()?].into_iter().flatten().collect();
        runs.push(Run::of(cases.rules(), cases.scan(), &screened.ledgers, options.clone(), outputs));
    }
    Ok((runs, screened))
}

/// The cases of one rule set to its target.
fn write_set(cases: Cases<'_>, options: &Options, target: &Target) -> Done<Output> {
    let format = Format::named(&options.format)
        .ok_or_else(|| Failure::usage(format!("there is no output format `{}`", options.format)))?;
    let limit = options.limit.and_then(|limit| usize::try_from(limit).ok());
    let show = Show { format, raw: options.raw, limit, view: file_view() };
    let mut file = target.open(format.file())?;
    let written = write_cases(&mut file, &[cases], show);
    written.map_err(|error| Failure::output(&format!("`{}`", format.file()), error))?;
    file.finish()
}

/// How a page is laid out in a file.
pub(super) fn file_view() -> View {
    View { paint: Paint { colour: false }, width: FILE_WIDTH, more: 0 }
}

/// How the run ends.
fn ending(args: &ScanArgs, screened: &Screened, noticed: &Noticed, io: &mut Io<'_>) -> Exit {
    let kept = if args.out.is_some() { "; they are in rejects.jsonl" } else { "" };
    if let Some(exit) = noticed.ending(&screened.failures, kept, io) {
        return exit;
    }
    let met = |level: Level| {
        let found = screened.scans.iter().flat_map(|scan| Outcome::ALL.iter().zip(scan.outcomes));
        found.into_iter().any(|(outcome, rows)| *outcome <= level.outcome() && rows > 0)
    };
    if args.fail_on.is_some_and(met) { Exit::Found } else { Exit::Done }
}
