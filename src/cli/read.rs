//! What several commands need to read: inputs, as given on the command line.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use clap::Args;
use clap::builder::PossibleValuesParser;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::exit::{Done, Exit, Failure};
use super::{Io, not_known};
use crate::diag::{Diagnostics, Sources, did_you_mean, render, summary};
use crate::ingest::{DialectChoice, Encoding, Expanded, Format, Limit, Profile, ReadOptions, Source, expand};
use crate::record::{Field, PartialDate};
use crate::text::visible;

/// How many files that are left out are named.
const SKIPPED: usize = 8;

/// How inputs are read.
#[derive(Debug, Clone, Default, Args, Serialize, Deserialize)]
#[serde(default)]
#[command(next_help_heading = "Reading")]
pub(super) struct InputArgs {
    /// Format of the input. Left out, it is recognised.
    #[arg(long, value_name = "FORMAT", value_parser = PossibleValuesParser::new(Format::ALL.map(Format::name)))]
    pub(super) input_format: Option<String>,
    /// How rows become records: canonical, table, interpol-api, opensanctions-csv, opensanctions-ftm, or a file of your own.
    /// Left out, it is recognised.
    #[arg(long, value_name = "NAME|FILE.toml")]
    pub(super) profile: Option<String>,
    /// Encoding of a text without byte order mark, for example windows-1251. Left out, it is recognised.
    #[arg(long, value_name = "NAME")]
    pub(super) encoding: Option<String>,
    /// Kind of the records that name none, for example red_notice.
    #[arg(long)]
    pub(super) kind: Option<String>,
    /// The day on which is read and judged: a birth after it cannot be right, a suppression that ended before it does not
    /// hold. Left out, the date of this computer.
    #[arg(long, value_name = "DATE")]
    pub(super) today: Option<String>,
    /// Sheet of a workbook. Left out, the first visible one that has a cell.
    #[arg(long, value_name = "NAME")]
    pub(super) sheet: Option<String>,
    /// What stands between the cells of a table: a character or `tab`. Left out, it is found out.
    #[arg(long, value_name = "CHAR")]
    pub(super) delimiter: Option<String>,
    /// What stands around the cells of a table: a character or `none`. Left out, it is found out.
    #[arg(long, value_name = "CHAR")]
    pub(super) quote: Option<String>,
    /// The line of a table's header, counted from 1; 0 if there is none. Left out, it is found out.
    #[arg(long, value_name = "LINE")]
    pub(super) header_row: Option<u64>,
    /// Raise or lower a limit on what an input may take, as in `row-bytes=64MiB`. May be given several times.
    #[arg(long = "limit", value_name = "NAME=VALUE", long_help = limits_help())]
    pub(super) limits: Vec<String>,
}

/// What each limit bounds.
fn limits_help() -> String {
    let mut text = "Raise or lower a limit on what an input may take, as in `row-bytes=64MiB`. May be given several times. The limits:\n".to_owned();
    for limit in Limit::ALL {
        text += &format!("\n  {} ({}): {}", limit.name(), limit.shown(limit.default()), limit.meaning());
    }
    text
}

impl InputArgs {
    /// The options of the reader.
    pub(super) fn options(&self, io: &mut Io<'_>) -> Done<ReadOptions> {
        let defaults = ReadOptions::default();
        Ok(ReadOptions {
            format: self.input_format.as_deref().and_then(Format::parse),
            profile: self.profile.as_deref().map(|name| profile(name, io)).transpose()?,
            encoding: self.encoding.as_deref().map(Encoding::parse).transpose().map_err(Failure::usage)?,
            kind: self.kind.as_deref().map(kind).transpose()?,
            sheet: self.sheet.clone(),
            today: Some(self.day()?),
            limits: self
                .limits
                .iter()
                .try_fold(defaults.limits, |limits, text| limits.set(text))
                .map_err(Failure::usage)?,
            dialect: DialectChoice {
                delimiter: self.delimiter.as_deref().map(|text| character("--delimiter", text)).transpose()?,
                quote: self.quote.as_deref().map(quote).transpose()?,
                header_row: self.header_row,
            },
            isolate: this_program(),
            ..defaults
        })
    }

    /// The day on which is read and judged.
    pub(super) fn day(&self) -> Done<PartialDate> {
        self.today.as_deref().map_or_else(|| Ok(this_day()), day)
    }

    /// The options as given, and the day, for the record of a run.
    pub(super) fn recorded(&self) -> Done<Map<String, Json>> {
        let effective = Self { today: Some(self.day()?.to_string()), ..self.clone() };
        match serde_json::to_value(effective) {
            Ok(Json::Object(given)) => Ok(given.into_iter().filter(|(_, value)| !is_default(value)).collect()),
            Ok(_) => Ok(Map::new()),
            Err(error) => Err(Failure { exit: Exit::Internal, error: error.into() }),
        }
    }

    /// The options of a recorded run.
    pub(super) fn of_record(given: &Map<String, Json>) -> Done<Self> {
        let read = serde_json::from_value(Json::Object(given.clone()));
        read.map_err(|error| Failure::usage(format!("the run was read with options that are not understood: {error}")))
    }
}

fn is_default(value: &Json) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

/// The inputs that names on the command line stand for. Files in folders that are left out are named.
pub(super) fn sources(names: &[String], io: &mut Io<'_>) -> Done<Vec<Source>> {
    if names.iter().filter(|name| *name == "-").count() > 1 {
        return Err(Failure::usage("`-` stands for standard input, which can be read once only"));
    }
    let Expanded { sources, skipped } = expand(names)?;
    for path in skipped.iter().take(SKIPPED) {
        let name = path.display().to_string();
        io.say(&format!("left out: {}; it is a link, cannot be looked into, or has a name that tells no format; if it is to be read, name it\n", visible(&name)));
    }
    if skipped.len() > SKIPPED {
        io.say(&format!("left out: {} more files of the folder\n", skipped.len() - SKIPPED));
    }
    Ok(sources)
}

/// Refuses to write over a file that is to be read, by whatever name.
pub(super) fn spare(sources: &[Source], outputs: &[PathBuf]) -> Done<()> {
    // A pipe is not opened to be looked at: what is in it would be lost.
    let replaced = |input: &Path| {
        input.is_file() && outputs.iter().any(|output| same_file::is_same_file(input, output).unwrap_or(false))
    };
    for source in sources {
        if matches!(source, Source::Path(path) if replaced(path)) {
            let name = source.name();
            return Err(Failure::usage(format!(
                "the output would replace the input `{name}`; give another file or folder"
            )));
        }
    }
    Ok(())
}

pub(super) fn day(text: &str) -> Done<PartialDate> {
    PartialDate::parse(text)
        .filter(|date| date.is_day())
        .ok_or_else(|| Failure::usage(format!("`{text}` is no day; write it as in `--today 2024-12-31`")))
}

/// The date of this computer, in universal time.
pub(super) fn this_day() -> PartialDate {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs() / 86_400);
    let day = i32::try_from(since).unwrap_or(i32::MAX);
    PartialDate { first: day, last: day }
}

/// A quote, or that there is none.
fn quote(text: &str) -> Done<Option<u8>> {
    if text == "none" { Ok(None) } else { character("--quote", text).map(Some) }
}

/// A character that may have a meaning in a table.
fn character(option: &str, text: &str) -> Done<u8> {
    let text = if matches!(text, "tab" | "\\t") { "\t" } else { text };
    match text.as_bytes() {
        [byte] if !byte.is_ascii_alphanumeric() && !matches!(byte, b'\n' | b'\r') => Ok(*byte),
        _ => Err(Failure::usage(format!(
            "`{text}` cannot be used for `{option}`; give one character, such as `;`, or a word that its help names"
        ))),
    }
}

/// This program, to read in a process of its own what could break it. Where it cannot be run again, or the system has no
/// bounds for a process, it reads itself.
fn this_program() -> Option<PathBuf> {
    if cfg!(unix) { std::env::current_exe().ok() } else { None }
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

/// The position of a kind in its vocabulary.
pub(super) fn kind(word: &str) -> Done<u8> {
    let kinds = Field::KIND.vocabulary();
    let terms = kinds.map(|kinds| kinds.terms).unwrap_or_default();
    kinds.and_then(|kinds| kinds.position(word)).ok_or_else(|| not_known("kind", word, terms))
}
