//! `rules new`: a rule to begin with.

use std::path::PathBuf;

use clap::Args;
use clap::builder::PossibleValuesParser;

use crate::cli::Io;
use crate::cli::deliver::shown;
use crate::cli::exit::{Done, Exit, Failure};
use crate::cli::replace::replace;
use crate::rule::{Kind, is_rule_id, scaffold};

/// What `rules new` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct NewArgs {
    /// Id of the rule: lower-case words, digits and `-`, joined by dots.
    id: String,
    /// What the rule does when it says yes.
    #[arg(long, default_value = Kind::Indicator.word(), value_parser = PossibleValuesParser::new(kinds()))]
    kind: String,
    /// File to put the rule at the end of. Left out, the rule is printed.
    #[arg(long, value_name = "FILE")]
    into: Option<PathBuf>,
}

/// A suppression is not begun here: it rests on a finding, and `rules/README.md` says how.
fn kinds() -> impl Iterator<Item = &'static str> {
    Kind::ALL.iter().filter(|kind| **kind != Kind::Filter).map(|kind| kind.word())
}

pub(super) fn run(args: &NewArgs, io: &mut Io<'_>) -> Done {
    if !is_rule_id(&args.id) {
        let message = format!(
            "`{}` cannot be the id of a rule; use lower-case letters, digits, `-` and `.`, for example `charge.treason`",
            args.id
        );
        return Err(Failure::usage(message));
    }
    let rule = scaffold(&args.id, Kind::parse(&args.kind).unwrap_or(Kind::Indicator));
    let Some(file) = &args.into else {
        io.out.to.write_all(rule.as_bytes())?;
        return Ok(Exit::Done);
    };
    if file.extension().is_none_or(|extension| extension != "toml") {
        return Err(Failure::usage(format!("{} is no rule file; name one that ends with `.toml`", shown(file))));
    }
    let before = match std::fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let error = anyhow::Error::new(error).context(format!("cannot read {}", shown(file)));
            return Err(Failure { exit: Exit::Usage, error });
        }
    };
    let written = before.parse::<toml::Table>().ok().and_then(|table| Some(table.get("rule")?.as_array()?.clone()));
    if written.into_iter().flatten().any(|rule| rule.get("id").and_then(|id| id.as_str()) == Some(&args.id)) {
        return Err(Failure::usage(format!("{} has a rule `{}` already; give another id", shown(file), args.id)));
    }
    let gap = match before.trim_end() {
        "" => String::new(),
        text => format!("{text}\n\n"),
    };
    replace(file, &format!("{gap}{rule}"))?;
    writeln!(io.out.to, "{}: `{}` added", crate::text::visible(&file.display().to_string()), args.id)?;
    Ok(Exit::Done)
}
