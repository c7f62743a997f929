//! Bytes to records: reads NDJSON, JSON, CSV, XLSX and Parquet into chunks of a [`NoticeTable`] and keeps account of it.
//!
//! [`read`] recognises format and profile, unless they are given, and returns a [`Reader`]. A format cuts the input into rows,
//! in order; a profile understands a row as a record, in parallel. A row that cannot be read becomes a [`Reject`] with its
//! place, reason and text, and the [`Ledger`] holds that rows read are rows accepted plus rows rejected. An input that cannot
//! be trusted as a whole is an [`IngestError`]. Nothing is guessed: what cannot be read is invalid and keeps its text.
//!
//! NDJSON, CSV and the rows of XLSX are streamed; JSON and Parquet are read whole. A line has at most 16 MiB.

pub mod canonical;
mod cell;
mod content;
mod csv;
mod error;
mod header;
mod input;
mod interpol;
mod interpret;
mod json;
mod ledger;
mod limits;
mod ndjson;
mod parquet;
mod reader;
mod recognise;
mod rows;
mod strict;
mod warrants;
mod xlsx;

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;

use serde::{Serialize, Serializer};

pub use error::IngestError;
pub use ledger::{Ledger, Reject};
pub use limits::{Limit, Limits};
pub use reader::Reader;

use crate::table::NoticeTable;

/// How many rows a chunk has unless told otherwise.
const CHUNK_ROWS: usize = 8192;
/// The name of threads in which a library reads what it may not be made for. A panic there is an error about the file.
pub const UNTRUSTED: &str = "reading an untrusted file";
/// The name that stands for standard input.
const STDIN: &str = "-";

/// How the bytes are laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// A list of objects, one object, or a page of INTERPOL's API.
    Json,
    /// Rows of cells under a header line.
    Csv,
    /// A sheet of a workbook, with cells under a header row.
    Xlsx,
    /// Columns, lists and structs.
    Parquet,
}

/// How a row becomes a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// Keys are fields.
    Canonical,
    /// Keys are those of INTERPOL's public API.
    InterpolApi,
    /// Columns are fields.
    Table,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Ndjson, Self::Json, Self::Csv, Self::Xlsx, Self::Parquet];

    /// The name used on the command line and in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.name() == name)
    }
}

impl Profile {
    /// Every profile.
    pub const ALL: [Self; 3] = [Self::Canonical, Self::InterpolApi, Self::Table];

    /// The name used on the command line and in the ledger.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Canonical => "canonical",
            Self::InterpolApi => "interpol-api",
            Self::Table => "table",
        }
    }

    /// The profile of this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }
}

impl Serialize for Format {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl Serialize for Profile {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// How an input is read.
#[derive(Debug, Clone)]
pub struct ReadOptions {
    /// The format; recognised if not given.
    pub format: Option<Format>,
    /// The profile; recognised if not given.
    pub profile: Option<Profile>,
    /// The kind of records that carry none, as a position in the vocabulary of `kind`.
    pub kind: Option<u8>,
    /// The sheet of a workbook; the first visible one that has a cell if not given.
    pub sheet: Option<String>,
    /// How many rows of the input a chunk has at most.
    pub chunk_rows: usize,
    /// What an input may take.
    pub limits: Limits,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self { format: None, profile: None, kind: None, sheet: None, chunk_rows: CHUNK_ROWS, limits: Limits::default() }
    }
}

/// Where bytes come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// Standard input.
    Stdin,
}

impl Source {
    /// The source of this name: `-` is standard input, all else a path.
    #[must_use]
    pub fn parse(name: &str) -> Self {
        if name == STDIN { Self::Stdin } else { Self::Path(PathBuf::from(name)) }
    }

    /// The name of the source.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Path(path) => path.display().to_string(),
            Self::Stdin => STDIN.to_owned(),
        }
    }
}

/// A number of rows that were read together.
#[derive(Debug)]
pub struct Chunk {
    /// The rows that became records.
    pub table: NoticeTable,
    /// The rows that did not.
    pub rejects: Vec<Reject>,
}

/// Opens an input.
///
/// # Errors
/// Fails where the input cannot be opened, its format is not understood, or it is no sound JSON, header, XLSX or Parquet file.
pub fn read(source: &Source, options: &ReadOptions) -> Result<Reader, IngestError> {
    let name = source.name();
    let input: Box<dyn BufRead + Send> = match source {
        Source::Path(path) => {
            Box::new(BufReader::new(File::open(path).map_err(|error| IngestError::io(&name, error))?))
        }
        Source::Stdin => Box::new(BufReader::new(std::io::stdin())),
    };
    read_from(&name, input, options)
}

/// Opens an input that is already there. Its name stands in messages, and its extension helps to recognise it.
///
/// # Errors
/// As [`read`].
pub fn read_from(name: &str, input: Box<dyn BufRead + Send>, options: &ReadOptions) -> Result<Reader, IngestError> {
    let input = input::Input::open(name, input).map_err(|error| IngestError::io(name, error))?;
    Reader::open(input, options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Country, Field, Leaf, Value};
    use std::path::Path;

    #[test]
    fn names_and_values_of_formats_and_profiles_agree() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.name()), Some(format));
            assert_eq!(serde_json::to_value(format).ok(), Some(format.name().into()));
        }
        for profile in Profile::ALL {
            assert_eq!(Profile::parse(profile.name()), Some(profile));
            assert_eq!(serde_json::to_value(profile).ok(), Some(profile.name().into()));
        }
        assert_eq!(Format::parse("xls"), None);
    }

    #[test]
    fn a_dash_is_standard_input() {
        assert_eq!(Source::parse("-"), Source::Stdin);
        assert_eq!(Source::parse("a/b.csv").name(), "a/b.csv");
        assert_eq!(Source::Stdin.name(), "-");
    }

    #[test]
    fn a_file_that_is_not_there_is_said_to_be_so() {
        let error = read(&Source::parse("/no/such/file.csv"), &ReadOptions::default()).expect_err("no such file");
        assert!(matches!(error, IngestError::NotFound { .. }), "{error}");
        let error = read(&Source::parse("/"), &ReadOptions::default()).expect_err("a folder");
        assert!(matches!(error, IngestError::Unreadable { .. }), "{error}");
    }

    #[test]
    fn the_published_notices_are_read_without_a_reject() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/details_186_deidentified.json");
        if !path.exists() {
            #[expect(clippy::print_stderr, reason = "whoever reads the test log must see that nothing was checked")]
            {
                eprintln!("skipped: {} is not here", path.display());
            }
            return;
        }
        let mut reader = read(&Source::Path(path), &ReadOptions::default()).expect("the file can be opened");
        let russia = Leaf::One(Ok(Value::Country(Country::parse("RU").expect("a country"))));
        let mut asked_by_russia = 0;
        for chunk in reader.by_ref() {
            let table = chunk.expect("the file can be read").table;
            asked_by_russia +=
                (0..table.len()).filter(|row| table.record(*row).leaf(Field::REQUESTING_COUNTRY) == &russia).count();
        }
        let ledger = reader.ledger();
        assert_eq!((ledger.format, ledger.profile), (Format::Json, Profile::InterpolApi));
        assert_eq!((ledger.read, ledger.accepted, ledger.rejected), (186, 186, 0));
        assert_eq!(asked_by_russia, 138);
        assert_eq!(ledger.invalid_cells.len(), 0, "{:?}", ledger.invalid_cells);
    }
}
