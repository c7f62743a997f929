//! `rules check`: all that is wrong with rule files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;

use crate::cli::Io;
use crate::cli::exit::{Done, Exit};
use crate::cli::rulesets::{Checked, check, check_set};
use crate::diag::{Diagnostic, Sources, render, summary};
use crate::report::count;
use crate::rule::RuleSet;

/// What `rules check` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct CheckArgs {
    /// Folder or file with rules.
    path: PathBuf,
    /// Only this rule set of the folder. Left out, every one is checked.
    #[arg(long, value_name = "NAME")]
    ruleset: Option<String>,
    /// How problems are written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// How problems are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// For a person, with the lines they are about.
    Text,
    /// One JSON object a line.
    Json,
}

/// A problem as other programs read it.
#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    severity: String,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
}

pub(super) fn run(args: &CheckArgs, io: &mut Io<'_>) -> Done {
    let mut checked = match &args.ruleset {
        Some(name) => check_set(&args.path, name)?,
        None => check(Some(&args.path))?,
    };
    // A folder without a rule is a mistake in the path more often than a rule set.
    let empty = checked.rules.as_ref().filter(|rules| rules.rules.is_empty() && !checked.found.has_errors());
    if let Some(problem) = empty.and_then(RuleSet::nothing_counts) {
        checked.found.push(problem);
    }
    let exit = if checked.found.has_errors() { Exit::Found } else { Exit::Done };
    match args.format {
        Form::Json => {
            for diagnostic in &checked.found {
                let problem = problem(diagnostic, &checked.sources);
                serde_json::to_writer(&mut io.out.to, &problem).map_err(std::io::Error::from)?;
                writeln!(io.out.to)?;
            }
        }
        Form::Text => {
            let text = render(&checked.found, &checked.sources, io.out.style());
            let gap = if text.is_empty() { "" } else { "\n" };
            writeln!(io.out.to, "{text}{gap}{}", last_line(&checked))?;
        }
    }
    Ok(exit)
}

fn last_line(checked: &Checked) -> String {
    let lists = checked.files.iter().filter(|(name, _)| name.ends_with(".csv")).count();
    let files = checked.files.iter().count();
    let rules = checked.rules.as_ref().map_or(0, |rules| rules.rules.len());
    let counted = |number, word| count(u64::try_from(number).unwrap_or(u64::MAX), word);
    format!(
        "{}: {}, {}, {}",
        summary(&checked.found),
        counted(files, "file"),
        counted(rules, "sound rule"),
        counted(lists, "list")
    )
}

fn problem<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Problem<'a> {
    let place = diagnostic.span.map(|span| (sources.name(span.source), sources.line_column(&span)));
    Problem {
        code: diagnostic.code.code(),
        severity: diagnostic.severity().to_string(),
        message: &diagnostic.message,
        file: place.map(|(file, _)| file),
        line: place.map(|(_, (line, _))| line),
        column: place.map(|(_, (_, column))| column),
        rule: diagnostic.rule.as_deref(),
        help: diagnostic.help.as_deref(),
    }
}
