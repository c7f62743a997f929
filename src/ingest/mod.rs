//! Bytes to records: reads CSV, XLSX, NDJSON, JSON and Parquet into chunks of a [`NoticeTable`] and keeps account of it.
//!
//! ```text
//! names ── expand ──▶ Input: unpacked, decoded ── a format cuts ──▶ rows ── a profile maps ──▶ canonical form ──▶ Record
//!                                                                                                              │
//!                                                             NoticeTable + Ledger ◀── Reader: duplicates, conflicts
//! ```
//!
//! [`read`] recognises format and profile, unless they are given, and returns a [`Reader`]. A format cuts the input into rows,
//! in order; a profile, which is data, understands a row as a record, in parallel. A row that cannot be read becomes a
//! [`Reject`] with its place, reason and text, one that an earlier row says already is a duplicate, and the [`Ledger`] holds
//! that rows read are rows accepted, rejected or duplicates. An input that cannot be trusted as a whole is an
//! [`IngestError`]. Nothing is guessed: what cannot be read is invalid and keeps its text.
//!
//! [`expand`] turns what a user names into inputs. Inputs packed with gzip or zstd are unpacked, and text in another encoding
//! is decoded, as they are read. All formats but XLSX are streamed. What an input may take is bounded by [`Limits`]; files whose decoder a
//! damaged file can break are read by a process of their own, see [`isolate`]. [`raw_rows`] hands out rows as they are cut,
//! before any profile.

mod blanks;
pub mod canonical;
mod cell;
mod content;
mod csv;
mod decode;
mod encoding;
mod error;
mod expand;
mod header;
mod held;
mod input;
mod interpret;
pub mod isolate;
mod join;
mod json;
mod ledger;
mod limits;
mod lines;
mod list;
mod literal;
mod many;
mod ndjson;
mod oddities;
mod opening;
mod order;
mod parquet;
mod profile;
mod raw;
mod reader;
mod recognise;
mod rows;
mod seen;
mod strict;
mod unpack;
mod xlsx;

use std::io::BufRead;
use std::path::{Path, PathBuf};

use serde::{Serialize, Serializer};

pub use blanks::Blanks;
pub use cell::CellOptions;
pub use csv::DialectChoice;
pub use encoding::{Detected, Encoding, Evidence};
pub use error::IngestError;
pub use expand::{Expanded, expand};
pub use ledger::{Ledger, Reject, Warning};
pub use limits::{Limit, Limits};
pub use many::{Inputs, read_all};
pub use oddities::{Oddity, oddities, of_record as oddities_of};
pub use opening::Opening;
pub use order::{DateEvidence, DayOrders, FieldOrder};
pub use profile::{Profile, Survey, TableLayout};
pub use raw::{RawRows, Row, raw_rows};
pub use reader::Reader;
pub use unpack::Packing;

use crate::record::PartialDate;
use crate::table::NoticeTable;

/// How many rows a chunk has unless told otherwise.
const CHUNK_ROWS: usize = 8192;
/// The name of threads in which a library reads what it may not be made for. A panic there is an error about the file.
pub const UNTRUSTED: &str = "reading an untrusted file";
/// The name that stands for standard input.
const STDIN: &str = "-";
/// What the extension of a name says of the format.
const EXTENSIONS: [(&str, Format); 9] = [
    ("ndjson", Format::Ndjson),
    ("jsonl", Format::Ndjson),
    // The name is used for NDJSON too: the content decides between the two.
    ("json", Format::Json),
    ("csv", Format::Csv),
    ("tsv", Format::Csv),
    ("xlsx", Format::Xlsx),
    ("xlsm", Format::Xlsx),
    ("parquet", Format::Parquet),
    ("pq", Format::Parquet),
];

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

    /// The format that the extension of a file's name tells. That of a packed file stands before `.gz` or `.zst`.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let extension = |path: &Path| path.extension().map(|own| own.to_string_lossy().to_ascii_lowercase());
        let is_packed = |own: String| Packing::ALL.iter().any(|packing| packing.extension() == own);
        let inner = if extension(path).is_some_and(is_packed) { Path::new(path.file_stem()?) } else { path };
        let own = extension(inner)?;
        EXTENSIONS.iter().find(|(known, _)| *known == own).map(|(_, format)| *format)
    }

    /// The known extensions, for messages.
    pub(crate) fn extensions() -> String {
        EXTENSIONS.map(|(extension, _)| format!(".{extension}")).join(", ")
    }

    /// Whether files of this format are no text.
    fn is_binary(self) -> bool {
        matches!(self, Self::Parquet | Self::Xlsx)
    }
}

impl Serialize for Format {
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
    /// The encoding of a text without byte order mark; recognised if not given.
    pub encoding: Option<Encoding>,
    /// The kind of records that carry none, as a position in the vocabulary of `kind`.
    pub kind: Option<u8>,
    /// The sheet of a workbook; the first visible one that has a cell if not given.
    pub sheet: Option<String>,
    /// How many rows of the input a chunk has at most.
    pub chunk_rows: usize,
    /// What an input may take.
    pub limits: Limits,
    /// The day on which is read: a birth after it cannot be right.
    pub today: Option<PartialDate>,
    /// How a table is laid out; found out where nothing is said.
    pub dialect: DialectChoice,
    /// The program that reads files whose decoder a damaged file can break: run with the arguments of
    /// [`isolate::Request`], it serves their rows. Left out, they are read by this process.
    pub isolate: Option<PathBuf>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            profile: None,
            encoding: None,
            kind: None,
            sheet: None,
            chunk_rows: CHUNK_ROWS,
            limits: Limits::default(),
            today: None,
            dialect: DialectChoice::default(),
            isolate: None,
        }
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
    open(source, options)?.reader()
}

/// Opens an input without reading its rows.
///
/// # Errors
/// As [`read`], but for the columns of a table.
pub fn open(source: &Source, options: &ReadOptions) -> Result<Opening, IngestError> {
    Opening::of(input::Input::of(source, options)?, options)
}

/// Opens an input that is already there. Its name stands in messages, and its extension helps to recognise it.
///
/// # Errors
/// As [`read`].
pub fn read_from(name: &str, input: Box<dyn BufRead + Send>, options: &ReadOptions) -> Result<Reader, IngestError> {
    Opening::of(input::Input::open(name, input, options)?, options)?.reader()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Country, Field, Leaf, Value};

    #[test]
    fn names_and_values_of_formats_agree() {
        for format in Format::ALL {
            assert_eq!(Format::parse(format.name()), Some(format));
            assert_eq!(serde_json::to_value(format).ok(), Some(format.name().into()));
        }
        assert_eq!(Format::parse("xls"), None);
    }

    #[test]
    fn the_name_inside_a_packing_tells_the_format() {
        let of_name = |name: &str| Format::of_name(Path::new(name));
        assert_eq!(of_name("a.csv"), Some(Format::Csv));
        assert_eq!(of_name("x/A.JSONL.GZ"), Some(Format::Ndjson));
        assert_eq!(of_name("a.parquet.zst"), Some(Format::Parquet));
        for name in ["-", "a", "a.gz", ".gz", "a.csv.gz.gz", "a.txt", "csv"] {
            assert_eq!(of_name(name), None, "{name}");
        }
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
        assert_eq!((ledger.format, ledger.profile_name()), (Some(Format::Json), "interpol-api"));
        assert_eq!((ledger.read, ledger.accepted, ledger.rejected), (186, 186, 0));
        assert_eq!(asked_by_russia, 138);
        assert_eq!(ledger.invalid_cells.len(), 0, "{:?}", ledger.invalid_cells);
    }
}
