//! Formats that are read at any place and not from first to last byte: Parquet, whose table of contents stands at the end.
//!
//! A file is read where it lies; what comes through a pipe or was packed is held in memory, up to the limit `held-bytes`.
//! The reading is done here or, where the caller names a program for it, by a child process (see [`super::isolate`]): a
//! damaged file of such a format can make its decoder take all memory or break off, and no check in front sees them all.

use std::fs::File;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use serde::{Deserialize, Serialize};

use super::csv::Dialect;
use super::input::Input;
use super::isolate::Request;
use super::rows::{Layout, Opened, RawRow, RowSource, gather};
use super::{Format, IngestError, Limit, Limits, ReadOptions, isolate, parquet, xlsx};

/// Bytes that can be read at any place.
#[derive(Debug)]
pub(super) enum Held {
    File(File),
    Memory(Cursor<Vec<u8>>),
}

impl Held {
    /// All of a stream, up to the limit.
    pub(super) fn all(name: &str, stream: impl Read, limits: &Limits) -> Result<Self, IngestError> {
        let most = limits.get(Limit::HeldBytes);
        let mut bytes = vec![];
        let read = stream.take(most.saturating_add(1)).read_to_end(&mut bytes);
        match read {
            Err(error) => Err(IngestError::io(name, error)),
            Ok(read) if u64::try_from(read).is_ok_and(|read| read <= most) => Ok(Self::Memory(Cursor::new(bytes))),
            Ok(_) => Err(too_long(name, limits)),
        }
    }

    fn of(input: &mut Input, limits: &Limits) -> Result<Self, IngestError> {
        match input.file().map_err(|error| IngestError::io(input.name(), error))? {
            Some(file) => Ok(Self::File(file)),
            None => {
                let name = input.name().to_owned();
                Self::all(&name, input, limits)
            }
        }
    }

    /// All bytes in memory, for a format that must have them there.
    pub(super) fn whole(&mut self, name: &str, limits: &Limits) -> Result<Vec<u8>, IngestError> {
        match Self::all(name, self, limits)? {
            Self::Memory(bytes) => Ok(bytes.into_inner()),
            Self::File(_) => Ok(vec![]),
        }
    }

    /// How many bytes there are.
    pub(super) fn len(&mut self) -> io::Result<u64> {
        self.seek(SeekFrom::End(0))
    }
}

/// A stream that is longer than what may be held of it.
pub(super) fn too_long(name: &str, limits: &Limits) -> IngestError {
    let reason =
        limits.over(Limit::HeldBytes, "what comes through a pipe or is packed must be held in memory, and is longer");
    IngestError::TooLarge { name: name.to_owned(), reason }
}

impl Read for Held {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => file.read(buffer),
            Self::Memory(bytes) => bytes.read(buffer),
        }
    }
}

impl Seek for Held {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        match self {
            Self::File(file) => file.seek(to),
            Self::Memory(bytes) => bytes.seek(to),
        }
    }
}

/// What stands above the rows of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Heading {
    /// The names of the columns.
    pub(super) names: Vec<String>,
    /// Where that was found, in words.
    pub(super) says: String,
}

/// What cuts held bytes into rows.
pub(super) trait Cutter: Send {
    /// What stands above the rows, where they are cells without names.
    fn heading(&self) -> Option<&Heading> {
        None
    }

    /// What whoever reads the account should know of the file as a whole; asked for when the rows have ended.
    fn warnings(&self) -> Vec<String> {
        vec![]
    }

    /// The next row; none at the end. One without bytes shows itself. After an error it is not asked again.
    fn next(&mut self) -> Result<Option<RawRow>, IngestError>;
}

/// The cutter of a format.
pub(super) fn cutter(request: &Request, held: Held) -> Result<Box<dyn Cutter>, IngestError> {
    let Request { format, name, limits, .. } = request;
    match format {
        Format::Parquet => parquet::open(name, held, limits),
        Format::Xlsx => xlsx::open(request, held),
        Format::Ndjson | Format::Json | Format::Csv => {
            Err(IngestError::Reported(format!("`{name}` is {}, which is read from first to last byte", format.name())))
        }
    }
}

/// Opens an input whose format is read at any place.
pub(super) fn open(mut input: Input, format: Format, options: &ReadOptions) -> Result<Opened, IngestError> {
    let request = Request {
        format,
        name: input.name().to_owned(),
        limits: options.limits,
        sheet: options.sheet.clone(),
        header_row: options.dialect.header_row,
    };
    let cutter = match &options.isolate {
        Some(program) => isolate::start(program, &mut input, &request)?,
        None => cutter(&request, Held::of(&mut input, &options.limits)?)?,
    };
    Ok(Opened { layout: cutter.heading().map(layout), rows: Box::new(Rows { input, cutter, failed: None }) })
}

fn layout(Heading { names, says }: &Heading) -> Layout {
    Layout { names: names.clone(), dialect: Dialect::default(), says: says.clone() }
}

/// Rows as they are cut, here or in another process.
struct Rows {
    input: Input,
    cutter: Box<dyn Cutter>,
    /// Why nothing more can be cut. It is told when the rows before it were handed on.
    failed: Option<IngestError>,
}

impl RowSource for Rows {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        let rows = gather(most, || match &self.failed {
            Some(_) => Ok(None),
            None => self.cutter.next().map(|row| row.map(RawRow::showing_itself)).or_else(|error| {
                self.failed = Some(error);
                Ok(None)
            }),
        })?;
        if rows.is_empty() {
            if let Some(error) = self.failed.take() {
                return Err(error);
            }
            self.input.skip_to_end().map_err(|error| IngestError::io(self.input.name(), error))?;
        }
        Ok(rows)
    }

    fn input(&self) -> &Input {
        &self.input
    }

    fn warnings(&self) -> Vec<String> {
        self.cutter.warnings()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::rows::Body;
    use std::collections::VecDeque;

    /// Rows, and then an error that is told once.
    struct Breaking(VecDeque<RawRow>, bool);

    impl Cutter for Breaking {
        fn next(&mut self) -> Result<Option<RawRow>, IngestError> {
            if self.0.is_empty() && !std::mem::replace(&mut self.1, true) {
                return Err(IngestError::Xlsx { name: "a".to_owned(), reason: "it is damaged".to_owned() });
            }
            Ok(self.0.pop_front())
        }
    }

    #[test]
    fn an_error_after_rows_of_a_batch_is_told_when_they_were_handed_on() {
        let input = Input::open("a", Box::new(Cursor::new(vec![])), &ReadOptions::default()).expect("memory");
        let row = || RawRow::of(1, vec![], Body::Values(vec![]));
        let cutter = Box::new(Breaking([row(), row()].into(), false));
        let mut rows = Rows { input, cutter, failed: None };
        assert!(rows.batch(10).is_ok_and(|rows| rows.len() == 2));
        assert!(rows.batch(10).is_err_and(|error| error.to_string().contains("it is damaged")));
    }

    #[test]
    fn what_must_be_held_is_bounded() {
        let limits = Limits::default().with(Limit::HeldBytes, 3);
        assert!(Held::all("-", b"abc".as_slice(), &limits).is_ok());
        let error = Held::all("-", b"abcd".as_slice(), &limits).expect_err("too long").to_string();
        assert!(error.contains("longer than 3 bytes (limit `held-bytes`)"), "{error}");
    }
}
