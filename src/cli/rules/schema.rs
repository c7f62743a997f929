//! `rules schema`: the rule language for editors.

use clap::Args;

use crate::cli::Io;
use crate::cli::exit::{Done, Exit};
use crate::rule::{SchemaOf, schema};

/// What `rules schema` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct SchemaArgs {
    /// The schema of `ruleset.toml` in place of that of rule files.
    #[arg(long)]
    ruleset: bool,
}

pub(super) fn run(args: &SchemaArgs, io: &mut Io<'_>) -> Done {
    let of = if args.ruleset { SchemaOf::RuleSet } else { SchemaOf::Rules };
    let text = serde_json::to_string_pretty(&schema(of)).map_err(std::io::Error::from)?;
    writeln!(io.out.to, "{text}")?;
    Ok(Exit::Done)
}
