//! `rules list`: the rules in a table.

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::Serialize;

use crate::cli::Io;
use crate::cli::exit::{Done, Exit};
use crate::cli::rulesets::{RulesArgs, load};
use crate::report::run::Override;
use crate::report::{Bits, Paint, signed_bits, table::aligned};
use crate::rule::{Factor, Ground, Kind, Rule};

/// What `rules list` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct ListArgs {
    #[command(flatten)]
    rules: RulesArgs,
    /// Only rules of this kind.
    #[arg(long, value_parser = PossibleValuesParser::new(Kind::ALL.iter().map(|kind| kind.word())))]
    kind: Option<String>,
    /// Print a JSON list.
    #[arg(long)]
    json: bool,
}

/// A rule in the list.
#[derive(Serialize)]
struct Listed<'a> {
    id: &'a str,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ground: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<Bits>,
    status: &'static str,
    active: bool,
    revision: u32,
    title: &'a str,
    /// What overrides changed, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    overridden: Vec<Override>,
}

pub(super) fn run(args: &ListArgs, io: &mut Io<'_>) -> Done {
    let (rules, _) = load(&args.rules, io)?;
    let kind = args.kind.as_deref().and_then(Kind::parse);
    let rules: Vec<Listed<'_>> =
        rules.rules.iter().filter(|rule| kind.is_none_or(|kind| rule.kind == kind)).map(listed).collect();
    if args.json {
        let text = serde_json::to_string_pretty(&rules).map_err(std::io::Error::from)?;
        writeln!(io.out.to, "{text}")?;
        return Ok(Exit::Done);
    }
    let rows: Vec<[String; 6]> = rules.iter().map(row).collect();
    let heading = ["id", "kind", "factor or ground", "bits", "status", "title"];
    let paint = Paint { colour: io.out.colour };
    io.out.to.write_all(aligned(heading, &rows, paint).as_bytes())?;
    Ok(Exit::Done)
}

fn listed(rule: &Rule) -> Listed<'_> {
    Listed {
        id: &rule.id,
        kind: rule.kind.word(),
        factor: rule.factor.map(Factor::word),
        ground: rule.ground.map(Ground::word),
        bits: signed_bits(rule),
        status: rule.status.word(),
        active: rule.active,
        revision: rule.revision,
        title: &rule.title,
        overridden: rule.overridden.iter().map(Override::of).collect(),
    }
}

fn row(rule: &Listed<'_>) -> [String; 6] {
    let off = if rule.active { "" } else { " (off)" };
    let overridden = if rule.overridden.is_empty() { "" } else { " (overridden)" };
    [
        rule.id.to_owned(),
        rule.kind.to_owned(),
        rule.factor.or(rule.ground).unwrap_or("-").to_owned(),
        rule.bits.map_or_else(|| "-".to_owned(), |bits| bits.to_string()),
        format!("{}{off}{overridden}", rule.status),
        rule.title.to_owned(),
    ]
}
