//! `rules diff`: what differs between two rule sets in how they judge.

use std::path::Path;

use clap::{Args, ValueEnum};

use crate::cli::Io;
use crate::cli::exit::{Done, Exit};
use crate::cli::rulesets::check;
use crate::report::rule_diff;
use crate::rule::{Diff, RuleFiles, RuleSet};

/// The rules inside the program, by name.
const SHIPPED: &str = "shipped";

/// What `rules diff` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct DiffArgs {
    /// Folder or file with the rules as they were; `shipped` is the rules inside the program.
    a: String,
    /// Folder or file with the rules as they are.
    b: String,
    /// How differences are written.
    #[arg(long, value_enum, default_value_t = Form::Text)]
    format: Form,
}

/// How differences are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// For a person.
    Text,
    /// One JSON object.
    Json,
}

pub(super) fn run(args: &DiffArgs, io: &mut Io<'_>) -> Done {
    let (a, b) = (rules(&args.a, io)?, rules(&args.b, io)?);
    let diff = Diff::between((&a.0, &a.1), (&b.0, &b.1));
    match args.format {
        Form::Text => io.out.to.write_all(rule_diff(&diff, io.view()).as_bytes())?,
        Form::Json => {
            let text = serde_json::to_string_pretty(&diff).map_err(std::io::Error::from)?;
            writeln!(io.out.to, "{text}")?;
        }
    }
    Ok(if diff.is_empty() { Exit::Done } else { Exit::Found })
}

fn rules(name: &str, io: &mut Io<'_>) -> Done<(RuleFiles, RuleSet)> {
    let mut checked = check((name != SHIPPED).then_some(Path::new(name)), None)?;
    // That a rule changed without a higher revision is what is looked for here, not what keeps it from being seen.
    checked.found =
        checked.found.into_iter().filter(|problem| problem.code != crate::diag::Code::RevisionNotRaised).collect();
    let rules = checked.sound("nothing was compared", io)?;
    Ok((checked.files, rules))
}
