//! What several commands need to read: inputs and rules, as given on the command line.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::exit::{Done, Exit, Failure};
use super::{Io, not_known};
use crate::diag::{Diagnostics, Sources, did_you_mean, render, summary};
use crate::ingest::{Format, Profile, ReadOptions};
use crate::record::{Field, Type, Vocabulary};
use crate::rule::{RuleFiles, RuleSet};

/// How inputs are read.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct InputArgs {
    /// Format of the input. Left out, it is recognised.
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(Format::ALL.map(Format::name)))]
    pub(super) input_format: Option<String>,
    /// How rows become records: canonical, table, interpol-api, opensanctions-csv, opensanctions-ftm, or a file of your own.
    /// Left out, it is recognised.
    #[arg(long, value_name = "NAME|FILE.toml")]
    pub(super) profile: Option<String>,
    /// Kind of the records that name none, for example red_notice.
    #[arg(long)]
    pub(super) kind: Option<String>,
}

impl InputArgs {
    /// The options of the reader.
    pub(super) fn options(&self, chunk_rows: Option<usize>, io: &mut Io<'_>) -> Done<ReadOptions> {
        let defaults = ReadOptions::default();
        Ok(ReadOptions {
            format: self.input_format.as_deref().and_then(Format::parse),
            profile: self.profile.as_deref().map(|name| profile(name, io)).transpose()?,
            kind: self.kind.as_deref().map(kind).transpose()?,
            chunk_rows: chunk_rows.unwrap_or(defaults.chunk_rows),
            limits: defaults.limits,
        })
    }
}

/// The profile of this name, or in this file.
fn profile(name: &str, io: &mut Io<'_>) -> Done<Profile> {
    if let Some(profile) = Profile::built_in(name) {
        return Ok(profile);
    }
    let path = Path::new(name);
    if path.extension().is_none() && !path.exists() {
        let near = did_you_mean(name, Profile::names()).map(|near| format!("; did you mean `{near}`?"));
        let names = Profile::names().collect::<Vec<_>>().join("`, `");
        return Err(Failure::usage(format!(
            "there is no profile `{name}`; built in are `{names}`, and one of your own is a `.toml` file{}",
            near.unwrap_or_default()
        )));
    }
    let text = std::fs::read_to_string(path).map_err(|error| {
        let error = anyhow::Error::new(error).context(format!("cannot read the profile `{}`", path.display()));
        Failure { exit: Exit::Usage, error }
    })?;
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let source = sources.add(name, text.as_str());
    let profile = Profile::parse(source, &text, &mut found);
    found.sort(&sources);
    if !found.is_empty() {
        let style = io.err.style();
        io.say(&render(&found, &sources, style));
        io.say("\n");
    }
    profile.ok_or_else(|| Failure::usage(format!("the profile has {}; nothing was read", summary(&found))))
}

/// The kinds of record.
pub(super) fn kinds() -> Option<&'static Vocabulary> {
    match Field::KIND.ty() {
        Type::Term(kinds) => Some(kinds),
        _ => None,
    }
}

/// The position of a kind in its vocabulary.
pub(super) fn kind(word: &str) -> Done<u8> {
    let terms = kinds().map(|kinds| kinds.terms).unwrap_or_default();
    kinds().and_then(|kinds| kinds.position(word)).ok_or_else(|| not_known("kind", word, terms))
}

/// Where rules come from.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct RulesArgs {
    /// Folder or file with rules. Left out, the rules inside the program are used.
    #[arg(long, value_name = "PATH")]
    pub(super) rules: Option<PathBuf>,
}

/// Rules as they were read, sound or not.
pub(super) struct Checked {
    pub(super) files: RuleFiles,
    pub(super) sources: Sources,
    pub(super) found: Diagnostics,
    pub(super) rules: Option<RuleSet>,
}

/// Reads and checks rules and sorts what is wrong with them.
pub(super) fn check(path: Option<&Path>) -> Done<Checked> {
    let files = match path {
        None => RuleFiles::shipped(),
        Some(path) => RuleFiles::read(path).map_err(|error| {
            let error = anyhow::Error::new(error).context(format!("cannot read the rules in `{}`", path.display()));
            Failure { exit: Exit::Usage, error }
        })?,
    };
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(&files, &mut sources, &mut found);
    found.sort(&sources);
    Ok(Checked { files, sources, found, rules })
}

/// Rules to judge with, and how many warnings there are. An error in the rules stops the command, and so does the lack of
/// any rule that counts.
pub(super) fn load(args: &RulesArgs, io: &mut Io<'_>) -> Done<(Arc<RuleSet>, usize)> {
    let Checked { sources, found, rules, .. } = check(args.rules.as_deref())?;
    if found.has_errors() {
        let style = io.err.style();
        io.say(&render(&found, &sources, style));
        io.say("\n");
        return Err(Failure::usage(format!("the rules have {}; nothing was judged", summary(&found))));
    }
    let Some(rules) = rules else { return Err(Failure::usage("there is no rule set; nothing was judged")) };
    if let Some(problem) = rules.nothing_counts() {
        let style = io.err.style();
        io.say(&render(&std::iter::once(problem).collect(), &sources, style));
        io.say("\n");
        return Err(Failure::usage("no rule is active; nothing was judged"));
    }
    Ok((Arc::new(rules), found.warnings()))
}
