//! Why an input as a whole cannot be read. What is wrong with one row is a [`super::Reject`] instead.

use std::io;

use super::Format;

/// Why an input cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// There is no such file.
    #[error("there is no file `{name}`; check the path, or give `-` to read standard input")]
    NotFound {
        /// The input.
        name: String,
    },
    /// The operating system refused or broke off.
    #[error("cannot read `{name}`: {source}; check that it is a file and that you may read it")]
    Unreadable {
        /// The input.
        name: String,
        /// What the operating system said.
        source: io::Error,
    },
    /// The bytes are damaged, or more than the limits allow.
    #[error("`{name}` cannot be read to its end: {reason}")]
    BrokenOff {
        /// The input.
        name: String,
        /// What is wrong, and the remedy.
        reason: String,
    },
    /// A folder has no file with a known extension.
    #[error(
        "the folder `{name}` has no file that can be read (other files there: {others}); read are those that end in {}, \
         packed with gzip (.gz) or zstd (.zst) or not; name any other file itself",
        Format::extensions()
    )]
    NothingInFolder {
        /// The folder.
        name: String,
        /// How many other files lie there.
        others: usize,
    },
    /// A pattern gives no file.
    #[error("no file matches `{name}`: {reason}; check the pattern, or name a file or folder")]
    NoMatch {
        /// The pattern.
        name: String,
        /// Why.
        reason: String,
    },
    /// Neither extension nor content tell the format.
    #[error(
        "cannot tell the format of `{name}`: it {seen}; understood are {understood}; name the format with \
         `--input-format`, or convert the file"
    )]
    UnknownFormat {
        /// The input.
        name: String,
        /// What stands at the beginning, in words.
        seen: String,
        /// The formats there are.
        understood: String,
    },
    /// The profile cannot read this format.
    #[error("profile `{profile}` reads {reads}, but `{name}` is {format}; leave `--profile` out to have it recognised")]
    WrongProfile {
        /// The input.
        name: String,
        /// The profile asked for.
        profile: String,
        /// The formats it reads.
        reads: &'static str,
        /// The format of the input.
        format: &'static str,
    },
    /// The text is in another encoding.
    #[error("`{name}` is not UTF-8 (line {line}); name its encoding with `--encoding`, or save it as UTF-8")]
    NotUtf8 {
        /// The input.
        name: String,
        /// The first line that is not UTF-8, counted from 1.
        line: u64,
    },
    /// A JSON file that cannot be read to its end. The rows before the fault were delivered.
    #[error("`{name}` cannot be read: {reason} at line {line}, column {column}; {remedy}")]
    BrokenJson {
        /// The input.
        name: String,
        /// Line of the fault, counted from 1.
        line: u64,
        /// Column of the fault in characters, counted from 1.
        column: u64,
        /// What is wrong.
        reason: String,
        /// Which rows were read, and what to do about the rest.
        remedy: String,
    },
    /// The header line of a CSV file cannot be used.
    #[error("the header line of `{name}` cannot be used: {reason}")]
    BrokenHeader {
        /// The input.
        name: String,
        /// What is wrong, and the remedy.
        reason: String,
    },
    /// The input is over a limit.
    #[error("`{name}` cannot be read: {reason}")]
    TooLarge {
        /// The input.
        name: String,
        /// Which limit, and how to raise it.
        reason: String,
    },
    /// A workbook that cannot be read.
    #[error("`{name}` cannot be read as XLSX: {reason}")]
    Xlsx {
        /// The input.
        name: String,
        /// What is wrong, and the remedy.
        reason: String,
    },
    /// A Parquet file that cannot be read.
    #[error("`{name}` cannot be read as Parquet: {reason}; write it again, or convert it to NDJSON")]
    Parquet {
        /// The input.
        name: String,
        /// What polars said.
        reason: String,
    },
    /// The process that reads a file came to no good end.
    #[error("`{name}` could not be read safely: {reason}; {}", rows_read(*rows))]
    Unsafe {
        /// The input.
        name: String,
        /// What became of it, and the remedy.
        reason: String,
        /// How many rows had been read.
        rows: u64,
    },
    /// What the process that reads a file says is wrong with it.
    #[error("{0}")]
    Reported(String),
    /// The records could not be put into columns.
    #[error("the records of `{name}` do not fit a table: {reason}; try a smaller file and report this")]
    Table {
        /// The input.
        name: String,
        /// What polars said.
        reason: String,
    },
}

/// Which rows of an input were read before something went wrong.
pub(super) fn rows_read(rows: u64) -> String {
    match rows {
        0 => "no row was read".to_owned(),
        1 => "row 1 was read".to_owned(),
        rows => format!("rows 1 to {rows} were read"),
    }
}

impl IngestError {
    /// What the operating system said, as an error about the input.
    pub(super) fn io(name: &str, source: io::Error) -> Self {
        let name = name.to_owned();
        match source.kind() {
            io::ErrorKind::NotFound => Self::NotFound { name },
            // The operating system knows no such error: it is about the data.
            io::ErrorKind::InvalidData => Self::BrokenOff { name, reason: source.to_string() },
            _ => Self::Unreadable { name, source },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_names_the_input_and_the_remedy() {
        let gone = IngestError::io("a.csv", io::Error::from(io::ErrorKind::NotFound));
        assert_eq!(gone.to_string(), "there is no file `a.csv`; check the path, or give `-` to read standard input");
        let shut = IngestError::io("a.csv", io::Error::from(io::ErrorKind::PermissionDenied)).to_string();
        assert!(shut.starts_with("cannot read `a.csv`: permission denied"), "{shut}");
        assert!(shut.ends_with("check that it is a file and that you may read it"), "{shut}");
    }
}
