//! `eval`: holds what rules make of records against labels.

use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use clap::builder::PossibleValuesParser;
use clap::{Args, ValueEnum};

use super::Io;
use super::batch::BatchArgs;
use super::deliver::{create, shown};
use super::exit::{Done, Exit, Failure};
use super::read::spare;
use super::rulesets::{RuleSetsArgs, Wanted, load_all, tell_warnings};
use super::scan::file_view;
use super::screen::{Job, screen};
use crate::engine::{Keep, Plan};
use crate::eval::{
    Account, Evaluation, Judgements, Labels, Options, Resampling, Section, evaluate, page, write_csv, write_json,
};
use crate::ingest::Source;
use crate::report::run::Rules;
use crate::report::summary::{Made, summary};
use crate::report::{Markup, View, count};
use crate::text::visible;

/// A file of labels may have so many bytes: enough for a million. A larger file is hardly one.
const MOST_BYTES: u64 = 64 * 1024 * 1024;
/// How many faults of a file of labels are shown.
const FAULTS: usize = 10;
/// How many ids are shown where none fits.
const IDS: usize = 3;

/// What `eval` is asked for.
#[derive(Debug, Args)]
pub(super) struct EvalArgs {
    /// File with the labels: a CSV table, or one JSON object a line. Its columns are record_id and label (not_compliant,
    /// partial, clarification or compliant) and, if you like, ground, letters, letters_against, chapter, case and note.
    #[arg(long, value_name = "FILE")]
    labels: PathBuf,
    #[command(flatten)]
    rules: RuleSetsArgs,
    /// How the evaluation is written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Write only these sections, as text or Markdown. JSON and CSV hold all of them.
    #[arg(long, value_name = "SECTION,…", value_delimiter = ',',
          value_parser = PossibleValuesParser::new(Section::ALL.map(Section::word)))]
    sections: Vec<String>,
    /// File for the evaluation. `-` is standard output.
    #[arg(short, long, alias = "out", value_name = "FILE", default_value = "-")]
    output: PathBuf,
    /// Explain so many of the worst errors of each kind.
    #[arg(long, value_name = "N", default_value_t = 5)]
    errors: usize,
    /// Draw so many resamples of the labelled records for the intervals; 0 leaves them out.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(..=100_000))]
    resamples: u32,
    /// The seed of the resamples. The same seed gives the same intervals.
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    #[command(flatten)]
    batch: BatchArgs,
}

/// How an evaluation is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Tables for a person at a terminal.
    Text,
    /// One JSON object with everything.
    Json,
    /// One long table of comma-separated values, a line a number.
    Csv,
    /// The tables for a report.
    Markdown,
}

pub(super) fn run(args: &EvalArgs, io: &mut Io<'_>) -> Done {
    let started = Instant::now();
    let labels = read_labels(args, io)?;
    let read = args.batch.options(io)?;
    let inputs = args.batch.sources(io)?;
    spare(&inputs, std::slice::from_ref(&args.output))?;
    spare(&[Source::Path(args.labels.clone())], std::slice::from_ref(&args.output))?;
    let (sets, warnings) = load_all(&Wanted::from(&args.rules).on(read.today), io)?;
    let plans: Vec<Plan> = sets.into_iter().map(Plan::compile).collect();
    let (mut progress, mut noticed) = args.batch.told(io);
    let job = Job { plans: &plans, inputs: &inputs, read, keep: Keep::All };
    let pool = args.batch.pool()?;
    let screened = pool.install(|| screen(&job, &mut progress, &mut |file, reject| noticed.add(file, reject)))?;
    progress.done();
    let judgements = |(scan, plan)| Judgements { scan, rules: Plan::rules(plan) };
    let sets: Vec<Judgements<'_>> = screened.scans.iter().zip(&plans).map(judgements).collect();
    let resampling = Resampling { resamples: args.resamples, seed: args.seed };
    let options = Options { resampling, errors: args.errors };
    let evaluation = pool.install(|| evaluate(&sets, &screened.ledgers, &labels, options));
    if !args.batch.quiet {
        tell_warnings(warnings, io);
        let made: Vec<Made<'_>> = sets.iter().map(made).collect();
        io.say(&summary(&screened.ledgers, &made, started.elapsed().as_secs_f64()));
    }
    let ending = noticed.ending(&screened.failures, "", io);
    match ending {
        // What could not be read is the reason.
        Some(exit) if evaluation.account.labelled == 0 => return Ok(exit),
        _ => something_labelled(&evaluation.account)?,
    }
    args.deliver(&evaluation, io)?;
    Ok(ending.unwrap_or(Exit::Done))
}

fn made<'a>(set: &Judgements<'a>) -> Made<'a> {
    Made { ruleset: set.rules.label.as_deref(), scan: set.scan, rules: Rules::of(set.rules) }
}

/// The labels. Every fault in them is shown.
fn read_labels(args: &EvalArgs, io: &mut Io<'_>) -> Done<Labels> {
    let name = args.labels.display().to_string();
    let failed = |error: std::io::Error| {
        let error = anyhow::Error::new(error)
            .context(format!("cannot read the labels `{name}`; check the path after `--labels`"));
        Failure { exit: Exit::Input, error }
    };
    let length = std::fs::metadata(&args.labels).map_err(failed)?.len();
    if length > MOST_BYTES {
        let error = anyhow::Error::msg(format!("`{name}` is {length} bytes long; labels have at most {MOST_BYTES}"));
        return Err(Failure { exit: Exit::Input, error });
    }
    let bytes = std::fs::read(&args.labels).map_err(failed)?;
    Labels::parse(&name, &bytes).map_err(|faults| {
        for fault in faults.iter().take(FAULTS) {
            io.say(&format!("{}: {}\n", visible(&name), visible(&fault.to_string())));
        }
        let faults = count(u64::try_from(faults.len()).unwrap_or(u64::MAX), "fault");
        Failure::usage(format!("the labels have {faults}; nothing was evaluated"))
    })
}

/// Refuses an evaluation of nothing: most often the ids are written in two ways.
fn something_labelled(account: &Account) -> Done<()> {
    if account.labelled > 0 {
        return Ok(());
    }
    if account.records == 0 {
        return Err(Failure::usage("no record was read; nothing was evaluated"));
    }
    let some = |names: &[String]| names.iter().take(IDS).cloned().collect::<Vec<_>>().join("`, `");
    let (records, labels) = (some(&account.unlabelled), some(&account.without_record));
    Err(Failure::usage(format!(
        "no record has a label: the records are named like `{records}`, the labels like `{labels}`; write the ids in one way"
    )))
}

impl EvalArgs {
    /// The evaluation to where it was asked for.
    fn deliver(&self, evaluation: &Evaluation<'_>, io: &mut Io<'_>) -> Done<()> {
        if self.output.as_os_str() == "-" {
            let view = io.view();
            return Ok(self.write(evaluation, view, io.out.to)?);
        }
        let named = |error| Failure::output(&shown(&self.output), error);
        let mut file = create(&self.output)?;
        self.write(evaluation, file_view(), &mut *file).map_err(named)?;
        file.flush().map_err(named)
    }

    fn write(&self, evaluation: &Evaluation<'_>, view: View, out: &mut (dyn Write + Send)) -> std::io::Result<()> {
        let page = || page(evaluation, &self.wanted());
        match self.format {
            Form::Text => out.write_all(page().text(view).as_bytes()),
            Form::Markdown => out.write_all(page().write(Markup::Markdown).as_bytes()),
            Form::Json => write_json(out, evaluation),
            Form::Csv => write_csv(out, evaluation),
        }
    }

    /// The sections that are wanted, in the order of the page.
    fn wanted(&self) -> Vec<Section> {
        let wanted =
            |section: &Section| self.sections.is_empty() || self.sections.iter().any(|word| word == section.word());
        Section::ALL.into_iter().filter(wanted).collect()
    }
}
