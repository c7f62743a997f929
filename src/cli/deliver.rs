//! Cases to where they were asked for: a stream or a folder, in one of the formats.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::exit::{Done, Failure};
use super::screen::Screened;
use crate::engine::{Kept, Plan, Scan};
use crate::explain;
use crate::ingest::{Ledger, Reject};
use crate::report::run::{Output, Record};
use crate::report::{Cards, CaseWriter, Csv, JsonLines, Parquet, View, Xlsx, write_line};
use crate::rule::RuleSet;
use crate::table::Columns;

/// How many cases are explained together; as many are in memory at a time.
const TOGETHER: usize = 64;

/// The record of a run in its folder.
pub(super) const RUN: &str = "run.json";

/// How cases are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Cards for a person, the most urgent first.
    Table,
    /// One JSON object a line: the full case.
    Jsonl,
    /// A table of comma-separated values.
    Csv,
    /// The same table as a workbook.
    Xlsx,
    /// The same table for a data frame.
    Parquet,
}

impl Format {
    /// The name on the command line.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Jsonl => "jsonl",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// The format of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::value_variants().iter().copied().find(|format| format.name() == name)
    }

    /// The file in a folder of outputs.
    pub(super) fn file(self) -> &'static str {
        match self {
            Self::Table => "cases.txt",
            Self::Jsonl => "cases.jsonl",
            Self::Csv => "cases.csv",
            Self::Xlsx => "cases.xlsx",
            Self::Parquet => "cases.parquet",
        }
    }
}

/// How cases are shown.
#[derive(Debug, Clone, Copy)]
pub(super) struct Show {
    pub(super) format: Format,
    /// Whether CSV texts are left as they are.
    pub(super) raw: bool,
    /// The most cards of a table.
    pub(super) limit: Option<usize>,
    pub(super) view: View,
}

/// The cases of one rule set.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cases<'a> {
    scan: &'a Scan,
    rules: &'a RuleSet,
    ledgers: &'a [Ledger],
}

impl<'a> Cases<'a> {
    /// The cases of each rule set, in the order of the plans they were judged by.
    pub(super) fn of(screened: &'a Screened, plans: &'a [Plan]) -> Vec<Self> {
        let sets = screened.scans.iter().zip(plans);
        sets.map(|(scan, plan)| Self { scan, rules: plan.rules(), ledgers: &screened.ledgers }).collect()
    }

    pub(super) fn scan(&self) -> &'a Scan {
        self.scan
    }

    pub(super) fn rules(&self) -> &'a RuleSet {
        self.rules
    }

    /// Which cases are shown, as chunk and row, and how many are not: cards by rank, all else in input order.
    fn places(&self, show: Show) -> (Vec<(usize, usize)>, usize) {
        let chunks = &self.scan.chunks;
        let rows = |(chunk, kept): (usize, &Kept)| (0..kept.judged.len()).map(move |row| (chunk, row));
        let mut places: Vec<(usize, usize)> = chunks.iter().enumerate().flat_map(rows).collect();
        if show.format != Format::Table {
            return (places, 0);
        }
        places.sort_by_key(|(chunk, row)| chunks[*chunk].judged[*row].rank);
        let shown = show.limit.unwrap_or(usize::MAX).min(places.len());
        let more = places.len() - shown;
        places.truncate(shown);
        (places, more)
    }

    fn write(&self, places: &[(usize, usize)], writer: &mut dyn CaseWriter) -> io::Result<()> {
        let columns: Vec<Columns<'_>> = self.scan.chunks.iter().map(|kept| kept.table.columns()).collect();
        let case = |(chunk, row): &(usize, usize)| {
            let kept = &self.scan.chunks[*chunk];
            let (record, file) = (columns[*chunk].record(*row), &self.ledgers[kept.input].file);
            Some(explain::case(&record, &kept.judged[*row], self.rules, file, kept.table.origin(*row)?))
        };
        for some in places.chunks(TOGETHER) {
            let cases: Vec<_> = some.par_iter().filter_map(case).collect();
            cases.iter().try_for_each(|case| writer.case(case))?;
        }
        Ok(())
    }
}

/// Writes the cases of one rule set after the other.
pub(super) fn write_cases(out: &mut (dyn Write + Send), sets: &[Cases<'_>], show: Show) -> io::Result<()> {
    let places: Vec<(Vec<(usize, usize)>, usize)> = sets.iter().map(|cases| cases.places(show)).collect();
    let mut view = show.view;
    view.more = u64::try_from(places.iter().map(|(_, more)| more).sum::<usize>()).unwrap_or(u64::MAX);
    let mut writer: Box<dyn CaseWriter + '_> = match show.format {
        Format::Table => Box::new(Cards::new(&mut *out, view)),
        Format::Jsonl => Box::new(JsonLines::new(&mut *out)),
        Format::Csv if show.raw => Box::new(Csv::raw(&mut *out)),
        Format::Csv => Box::new(Csv::new(&mut *out)),
        Format::Xlsx => Box::new(Xlsx::new(&mut *out)),
        Format::Parquet => Box::new(Parquet::new(&mut *out)),
    };
    writer.begin()?;
    for (cases, (places, _)) in sets.iter().zip(&places) {
        cases.write(places, &mut *writer)?;
    }
    writer.finish()?;
    drop(writer);
    out.flush()
}

/// Every file that a run may leave in its folder.
pub(super) fn output_files() -> impl Iterator<Item = &'static str> {
    [RUN, "rejects.jsonl"].into_iter().chain(Format::value_variants().iter().map(|format| format.file()))
}

/// Where output files go.
#[derive(Debug, Clone)]
pub(super) enum Target {
    /// A folder.
    Folder(PathBuf),
    /// Nowhere: they are only hashed, to be compared.
    Nowhere,
}

impl Target {
    /// Makes the folder and takes away what an earlier run left there and this one may not write.
    pub(super) fn prepare(&self) -> Done<()> {
        let Self::Folder(folder) = self else { return Ok(()) };
        std::fs::create_dir_all(folder).map_err(|error| Failure::output(&shown(folder), error))?;
        let earlier = std::fs::read_to_string(folder.join(RUN)).ok().and_then(|text| Record::parse(&text).ok());
        if let Some(Record::Several(runs)) = earlier {
            runs.folders().try_for_each(|name| clear(&folder.join(name)))?;
        }
        clear(folder)
    }

    /// Writes the record of a run, or of several.
    pub(super) fn write_record(&self, record: &impl Serialize) -> Done<Output> {
        let mut file = self.open(RUN)?;
        let text = serde_json::to_string_pretty(record).map_err(io::Error::from);
        let written = text.and_then(|text| file.write_all(format!("{text}\n").as_bytes()));
        written.map_err(|error| Failure::output(&format!("`{RUN}`"), error))?;
        file.finish()
    }

    /// A file of this name.
    pub(super) fn open(&self, name: &str) -> Done<Tap> {
        let to: Box<dyn Write + Send> = match self {
            Self::Folder(folder) => create(&folder.join(name))?,
            Self::Nowhere => Box::new(io::sink()),
        };
        Ok(Tap { name: name.to_owned(), to, hash: Sha256::new(), bytes: 0 })
    }
}

/// Takes away the outputs of an earlier run.
fn clear(folder: &Path) -> Done<()> {
    for stale in output_files() {
        let path = folder.join(stale);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Failure::output(&shown(&path), error)),
            _ => {}
        }
    }
    Ok(())
}

/// A new file; one of the same name is overwritten.
pub(super) fn create(path: &Path) -> Done<Box<dyn Write + Send>> {
    match File::create(path) {
        Ok(file) => Ok(Box::new(BufWriter::new(file))),
        Err(error) => Err(Failure::output(&shown(path), error)),
    }
}

pub(super) fn shown(path: &Path) -> String {
    format!("`{}`", path.display())
}

/// A file that is hashed as it is written.
pub(super) struct Tap {
    name: String,
    to: Box<dyn Write + Send>,
    hash: Sha256,
    bytes: u64,
}

impl Tap {
    /// Writes out what is held back and says what was written.
    pub(super) fn finish(mut self) -> Done<Output> {
        self.flush().map_err(|error| Failure::output(&format!("`{}`", self.name), error))?;
        Ok(Output { file: self.name, sha256: crate::text::hex(&self.hash.finalize()), bytes: self.bytes })
    }
}

impl Write for Tap {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        self.bytes += u64::try_from(written).unwrap_or(u64::MAX);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

/// A rejected row, as it is written.
#[derive(Serialize)]
struct RejectLine<'a> {
    file: &'a str,
    #[serde(flatten)]
    reject: &'a Reject,
}

/// `rejects.jsonl`, made when the first row is rejected.
pub(super) struct Rejects {
    target: Target,
    file: Option<Tap>,
}

impl Rejects {
    pub(super) fn to(target: &Target) -> Self {
        Self { target: target.clone(), file: None }
    }

    pub(super) fn write(&mut self, file: &str, reject: &Reject) -> Done<()> {
        let tap = match &mut self.file {
            Some(tap) => tap,
            None => self.file.insert(self.target.open("rejects.jsonl")?),
        };
        let written = write_line(tap, &RejectLine { file, reject });
        written.map_err(|error| Failure::output("`rejects.jsonl`", error))
    }

    /// What was written, if any row was rejected.
    pub(super) fn finish(self) -> Done<Option<Output>> {
        self.file.map(Tap::finish).transpose()
    }
}
