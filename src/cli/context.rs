//! `context`: context tables made from what publishers offer.

use std::collections::BTreeMap;
use std::fs;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use clap::builder::PossibleValuesParser;
use clap::{Args, Subcommand, ValueEnum};

use super::Io;
use super::exit::{Done, Exit, Failure};
use super::read::{day, this_day};
use crate::context::{Account, ImportError, Imported, Order, Publisher, Refused, Validity, import, publishers};
use crate::text::visible;

/// How many refused rows of one reason are named.
const NAMED: usize = 12;

/// What can be done with context tables.
#[derive(Debug, Subcommand)]
pub(super) enum ContextCommand {
    /// Make a context table from a publisher's own download.
    Import(ImportArgs),
}

/// What `context import` is asked for.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Whose tables these are.
    #[arg(value_name = "PUBLISHER", value_parser = PossibleValuesParser::new(publishers().iter().map(|known| known.name.as_str())))]
    publisher: String,
    /// CSV files as downloaded.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// The table to write, `context/NAME.csv` in a folder of rules. Its header is written beside it, as `NAME.toml`.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// A figure to write, and perhaps the column or series it is read from. May be given several times. Left out, all that
    /// are known and found. One alone is the column `value`.
    #[arg(long = "column", value_name = "NAME[=FROM]")]
    columns: Vec<String>,
    /// When a figure counts: from the day by which it was published, or in the year that it describes.
    #[arg(long, value_enum, default_value_t = Valid::Publication)]
    valid: Valid,
    /// The years to keep, as in `2000..2024`.
    #[arg(long, value_name = "FROM..TO")]
    years: Option<String>,
    /// The day of the download. Left out, the date of this computer.
    #[arg(long, value_name = "DATE")]
    as_of: Option<String>,
    /// Write over a table that is there, as its next version.
    #[arg(long)]
    replace: bool,
}

/// When a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Valid {
    /// From the day by which it was published, until the next one.
    Publication,
    /// In the year that it describes, though it was published later.
    Year,
}

pub(super) fn run(command: &ContextCommand, io: &mut Io<'_>) -> Done {
    let ContextCommand::Import(args) = command;
    let publisher = publishers().iter().find(|known| known.name == args.publisher);
    let publisher = publisher.ok_or_else(|| Failure::usage(format!("`{}` is no publisher", args.publisher)))?;
    let order = Order {
        publisher,
        columns: args.columns.iter().map(|text| column(text)).collect(),
        validity: match args.valid {
            Valid::Publication => Validity::Publication,
            Valid::Year => Validity::Year,
        },
        years: args.years.as_deref().map(years).transpose()?,
    };
    let as_of = args.as_of.as_deref().map_or_else(|| Ok(this_day()), day)?;
    let target = Target::of(args)?;
    let files: Vec<(String, String)> = args.files.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    let imported = import(&order, &files)?;
    let header = imported.header(&target.name, publisher, (target.version, as_of));
    write(&args.out, &imported.csv)?;
    write(&target.header, &header)?;
    io.say(&account(&imported, publisher, args));
    Ok(Exit::Done)
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        let exit = if matches!(error, ImportError::Column { .. }) { Exit::Usage } else { Exit::Input };
        Self { exit, error: error.into() }
    }
}

/// Where to write, and what the table is called there.
struct Target {
    name: String,
    header: PathBuf,
    version: u32,
}

impl Target {
    fn of(args: &ImportArgs) -> Done<Self> {
        let out = &args.out;
        let name = out.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let is_csv = out.extension().is_some_and(|extension| extension == "csv");
        if !is_csv || name.is_empty() || !name.chars().all(plain) {
            let shown = visible(&out.display().to_string()).into_owned();
            let help = "name it in lower case letters, digits and `-`, as in `context/rule-of-law.csv`";
            return Err(Failure::usage(format!("`{shown}` cannot be the name of a table; {help}")));
        }
        if args.files.iter().any(|file| same_file::is_same_file(file, out).unwrap_or(false)) {
            return Err(Failure::usage("the table would replace the download; give another name"));
        }
        let header = out.with_extension("toml");
        if !args.replace && (out.exists() || header.exists()) {
            let shown = visible(&out.display().to_string()).into_owned();
            return Err(Failure::usage(format!("`{shown}` or its header is there; to replace them say `--replace`")));
        }
        let before = fs::read_to_string(&header).ok().and_then(|text| text.parse::<toml::Table>().ok());
        let version = before.and_then(|table| table.get(&name)?.get("version")?.as_integer());
        let version = version.and_then(|version| u32::try_from(version).ok()).unwrap_or(0);
        Ok(Self { name, header, version: version.saturating_add(1) })
    }
}

/// `NAME` or `NAME=FROM`.
fn column(text: &str) -> (String, Option<String>) {
    match text.split_once('=') {
        Some((name, from)) => (name.to_owned(), Some(from.to_owned())),
        None => (text.to_owned(), None),
    }
}

fn years(text: &str) -> Done<RangeInclusive<i32>> {
    let year = |text: &str| text.parse::<i32>().ok().filter(|year| (1000..10_000).contains(year));
    let range = text.split_once("..").and_then(|(from, to)| Some(year(from)?..=year(to)?));
    range
        .filter(|range| !range.is_empty())
        .ok_or_else(|| Failure::usage(format!("`{text}` are no years; write them as in `--years 2000..2024`")))
}

fn read(path: &Path) -> Done<(String, String)> {
    let name = path.display().to_string();
    let failure = |error: anyhow::Error| Failure { exit: Exit::Input, error };
    let bytes =
        fs::read(path).map_err(|error| failure(anyhow::Error::new(error).context(format!("cannot read `{name}`"))))?;
    if bytes.starts_with(b"PK") {
        let message = format!("`{name}` is a workbook or an archive; save the sheet as CSV in UTF-8, or unpack it");
        return Err(failure(anyhow::Error::msg(message)));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok((name, text)),
        Err(_) => Err(failure(anyhow::Error::msg(format!("`{name}` is not in UTF-8; save it as CSV in UTF-8")))),
    }
}

fn write(path: &Path, text: &str) -> Done<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let written = folder.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    written.map_err(|error| Failure::output(&format!("`{}`", path.display()), error))
}

/// What became of every row, and what was written.
fn account(imported: &Imported, publisher: &Publisher, args: &ImportArgs) -> String {
    let mut text: String = imported.accounts.iter().map(of_file).collect();
    let out = visible(&args.out.display().to_string()).into_owned();
    text += &format!(
        "wrote {out}: {} rows of {} countries, and its header {}\n",
        imported.rows,
        imported.countries,
        args.out.with_extension("toml").display()
    );
    text += &format!("licence: {}; to be cited as: {}\n", publisher.licence, publisher.source);
    text
}

fn shown(detail: &str) -> String {
    if detail.is_empty() { "(empty)".to_owned() } else { visible(detail).into_owned() }
}

fn of_file(account: &Account) -> String {
    let mut by_reason: BTreeMap<&str, Vec<(&Refused, usize)>> = BTreeMap::new();
    for (refused, count) in &account.refused {
        by_reason.entry(refused.reason()).or_default().push((refused, *count));
    }
    let refused: usize = account.refused.values().sum();
    let file = visible(&account.file).into_owned();
    let mut text = format!("{file}: {} rows = {} used + {refused} refused\n", account.read, account.used);
    for (reason, rows) in by_reason {
        let count: usize = rows.iter().map(|(_, count)| count).sum();
        let details: Vec<&str> = rows.iter().filter_map(|(row, _)| row.detail()).collect();
        let more = if details.len() > NAMED { format!(" and {} more", details.len() - NAMED) } else { String::new() };
        let named: Vec<String> = details.iter().take(NAMED).map(|detail| shown(detail)).collect();
        let named = if named.is_empty() { String::new() } else { format!(": {}{more}", named.join("; ")) };
        text += &format!("  refused {count}, {reason}{named}\n");
    }
    text
}
