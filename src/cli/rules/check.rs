//! `rules check`: all that is wrong with rule files, and what is hardly meant.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::explain_code;
use crate::cli::Io;
use crate::cli::exit::{Done, Exit};
use crate::cli::read::{InputArgs, sources};
use crate::cli::replace::replace;
use crate::cli::rulesets::{Checked, check};
use crate::diag::{Code, apply_fixes, render, summary, to_sarif, write_json};
use crate::ingest;
use crate::record::Record;
use crate::report::count;
use crate::rule::{Allows, Subject, is_checked, lint};
use crate::text::visible;

/// How often fixes are applied before it is given up: each time some may make others possible.
const ROUNDS: usize = 8;

/// What `rules check` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    /// Folder or file with rules.
    #[arg(required_unless_present = "explain")]
    path: Option<PathBuf>,
    /// Only this rule set of the folder. Left out, every one is checked.
    #[arg(long, value_name = "NAME", requires = "path")]
    ruleset: Option<String>,
    /// How problems are written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
    /// Exit with 1 for warnings too.
    #[arg(long)]
    strict: bool,
    /// Correct in the files what can be corrected without changing what any rule says, and tell what was done.
    #[arg(long)]
    fix: bool,
    /// Say what a code means, with an example.
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
    /// File with records, in which no pattern should be common. May be given several times.
    #[arg(long, value_name = "FILE")]
    corpus: Vec<String>,
}

/// How problems are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For a person, with the lines they are about.
    Text,
    /// One JSON object a line.
    Json,
    /// SARIF 2.1.0, for editors and code hosts.
    Sarif,
}

pub(super) fn run(args: &CheckArgs, io: &mut Io<'_>) -> Done {
    if let Some(code) = &args.explain {
        return explain_code::run(code, io);
    }
    let corpus = corpus(&args.corpus, io)?;
    let mut checked = looked_at(args, &corpus)?;
    if args.fix {
        fix(args, &corpus, &mut checked, io)?;
    }
    match args.format {
        Form::Json => {
            for problem in &checked.found {
                write_json(problem, &checked.sources, &mut io.out.to)?;
            }
        }
        Form::Sarif => write!(io.out.to, "{}", to_sarif(&checked.found, &checked.sources))?,
        Form::Text => {
            let text = render(&checked.found, &checked.sources, io.out.style());
            let gap = if text.is_empty() { "" } else { "\n" };
            writeln!(io.out.to, "{text}{gap}{}", last_line(&checked))?;
        }
    }
    let met = checked.found.has_errors() || args.strict && checked.found.warnings() > 0;
    Ok(if met { Exit::Found } else { Exit::Done })
}

/// Checks the rules; those without errors are looked at by every lint. What their authors allow is left out.
fn looked_at(args: &CheckArgs, corpus: &[Record]) -> Done<Checked> {
    let mut checked = check(args.path.as_deref(), args.ruleset.as_deref())?;
    if checked.found.has_errors() {
        return Ok(checked);
    }
    if checked.rules().is_some() {
        checked.look(|rules, sources, found| lint(&Subject { rules, sources, corpus }, found));
        let mut allows = Allows::read(&checked.sources);
        allows.take(&mut checked.found, &checked.sources);
        let judged = Code::ALL.iter().copied().filter(|code| is_checked(*code, corpus));
        checked.found.extend(allows.problems(&judged.collect::<Vec<_>>()));
    }
    checked.found.sort(&checked.sources);
    Ok(checked)
}

/// Applies fixes until none is left, and says what was done.
fn fix(args: &CheckArgs, corpus: &[Record], checked: &mut Checked, io: &mut Io<'_>) -> Done<()> {
    for _ in 0..ROUNDS {
        let fixed = apply_fixes(&checked.found, &checked.sources);
        if fixed.is_empty() {
            return Ok(());
        }
        for one in fixed {
            let name = checked.sources.name(one.source);
            replace(Path::new(name), &one.text)?;
            for done in one.done {
                io.say(&visible(&format!("{name}: {done}")));
                io.say("\n");
            }
        }
        *checked = looked_at(args, corpus)?;
    }
    Ok(())
}

/// The records of a corpus.
fn corpus(names: &[String], io: &mut Io<'_>) -> Done<Vec<Record>> {
    let mut records = vec![];
    if names.is_empty() {
        return Ok(records);
    }
    let options = InputArgs::default().options(io)?;
    for source in sources(names, io)? {
        for chunk in ingest::read(&source, &options)? {
            let table = chunk?.table;
            records.extend((0..table.len()).map(|row| table.record(row)));
        }
    }
    Ok(records)
}

fn last_line(checked: &Checked) -> String {
    let lists = checked.files.iter().filter(|(name, _)| name.ends_with(".csv")).count();
    let files = checked.files.iter().count();
    let rules = checked.rules().map_or(0, |rules| rules.rules.len());
    let counted = |number, word| count(u64::try_from(number).unwrap_or(u64::MAX), word);
    format!(
        "{}: {}, {}, {}",
        summary(&checked.found),
        counted(files, "file"),
        counted(rules, "sound rule"),
        counted(lists, "list")
    )
}
