//! An input: its bytes unpacked and, if it is text, as UTF-8; its beginning, which tells what it is.
//!
//! A format reads an input as a stream or line by line. Binary formats get the unpacked bytes, text formats UTF-8 without a
//! byte order mark. Lines are those of the file as it lies there, and the account is of its own bytes, packed or not.
//! Errors come again when reading goes on, so that whoever gathers rows can hand on those before the fault.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Chain, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::decode::Decoded;
use super::encoding::{Detected, Text};
use super::limits::Limits;
use super::recognise::is_binary;
use super::unpack::{Packing, Unpacked};
use super::{Format, IngestError, ReadOptions, Source};

/// How much of the beginning is looked at to recognise format and profile.
const HEAD: u64 = 64 * 1024;
const BUFFER: usize = 256 * 1024;

type Raw = Chain<Cursor<Vec<u8>>, Unpacked>;

enum Content {
    Binary(Raw),
    Text(Decoded<Raw>),
}

impl Content {
    fn open(mut raw: Unpacked, name: &str, options: &ReadOptions) -> io::Result<Self> {
        let head = head(&mut raw)?;
        if raw.packing().is_some() && Packing::of(&head).is_some() {
            let text = "it is packed twice; unpack it once and read what comes out";
            return Err(io::Error::new(ErrorKind::InvalidData, text));
        }
        let text = text(&head, name, options.format);
        let stream = Cursor::new(head.clone()).chain(raw);
        Ok(match text {
            None => Self::Binary(stream),
            Some(text) => Self::Text(Decoded::open(stream, &head, text, options.encoding)?),
        })
    }

    fn unpacked(&self) -> &Unpacked {
        match self {
            Self::Binary(raw) => raw.get_ref().1,
            Self::Text(decoded) => decoded.raw().get_ref().1,
        }
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Binary(raw) => raw.read(buffer),
            Self::Text(decoded) => decoded.read(buffer),
        }
    }
}

/// What kind of text begins so; none if it is no text.
fn text(head: &[u8], name: &str, given: Option<Format>) -> Option<Text> {
    let is_binary = is_binary(head);
    match given.or_else(|| Format::of_name(Path::new(name)).filter(|_| !is_binary)) {
        Some(format) if format.is_binary() => None,
        Some(Format::Ndjson | Format::Json) => Some(Text::Json),
        Some(_) => Some(Text::Table),
        None if is_binary => None,
        None if matches!(head.trim_ascii().first(), Some(b'{' | b'[')) => Some(Text::Json),
        None => Some(Text::Table),
    }
}

/// The beginning of a stream. An error after it comes again.
fn head(stream: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut head = vec![];
    match stream.take(HEAD).read_to_end(&mut head) {
        Err(error) if head.is_empty() => Err(error),
        _ => Ok(head),
    }
}

/// An input whose beginning is known.
pub(super) struct Input {
    name: String,
    path: Option<PathBuf>,
    limits: Limits,
    stream: BufReader<Chain<Cursor<Vec<u8>>, Content>>,
}

impl Input {
    /// Opens a source and reads its beginning.
    pub(super) fn of(source: &Source, options: &ReadOptions) -> Result<Self, IngestError> {
        let name = source.name();
        match source {
            Source::Stdin => Self::open(&name, Box::new(BufReader::new(io::stdin())), options),
            Source::Path(path) => {
                let file = File::open(path).map_err(|error| IngestError::io(&name, error))?;
                let input = Self::open(&name, Box::new(BufReader::new(file)), options)?;
                let path = input.packing().is_none().then(|| path.clone());
                Ok(Self { path, ..input })
            }
        }
    }

    /// Takes an input and reads its beginning.
    pub(super) fn open(name: &str, input: Box<dyn BufRead + Send>, options: &ReadOptions) -> Result<Self, IngestError> {
        let stream = || {
            let mut content = Content::open(Unpacked::open(input, options.limits)?, name, options)?;
            let head = head(&mut content)?;
            Ok(BufReader::with_capacity(BUFFER, Cursor::new(head).chain(content)))
        };
        let stream = stream().map_err(|error| IngestError::io(name, error))?;
        Ok(Self { name: name.to_owned(), path: None, limits: options.limits, stream })
    }

    /// The file as it lies there, opened anew so that it can be read at any place. None for what is no file or is packed.
    pub(super) fn file(&self) -> io::Result<Option<File>> {
        match &self.path {
            Some(path) if path.metadata()?.is_file() => File::open(path).map(Some),
            _ => Ok(None),
        }
    }

    /// What the input may take.
    pub(super) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// How the input was named.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The beginning of the input.
    pub(super) fn head(&self) -> &[u8] {
        self.stream.get_ref().get_ref().0.get_ref()
    }

    /// Reads what has not been read yet, for the account alone: a format may have read the file by its path.
    pub(super) fn skip_to_end(&mut self) -> io::Result<()> {
        io::copy(&mut self.stream, &mut io::sink()).map(drop)
    }

    /// What comes next, as much as is at hand; nothing at the end.
    pub(super) fn ahead(&mut self) -> io::Result<&[u8]> {
        while let Err(error) = self.stream.fill_buf() {
            if error.kind() != ErrorKind::Interrupted {
                return Err(error);
            }
        }
        self.stream.fill_buf()
    }

    /// Number and SHA-256 of the bytes read so far, as they lie in the file.
    pub(super) fn account(&self) -> (u64, String) {
        self.content().unpacked().account()
    }

    /// How the input is packed, if it is.
    pub(super) fn packing(&self) -> Option<Packing> {
        self.content().unpacked().packing()
    }

    /// The encoding, if it is text; final at the end.
    pub(super) fn detected(&self) -> Option<Detected> {
        match self.content() {
            Content::Binary(_) => None,
            Content::Text(decoded) => Some(decoded.detected()),
        }
    }

    fn content(&self) -> &Content {
        self.stream.get_ref().get_ref().1
    }
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer)
    }
}

impl BufRead for Input {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.stream.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.stream.consume(count);
    }
}

/// SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The column of the byte at `at`, in characters counted from 1.
pub(super) fn column(bytes: &[u8], at: usize) -> u64 {
    let before = String::from_utf8_lossy(&bytes[..at.min(bytes.len())]);
    u64::try_from(before.chars().count() + 1).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::lines::Lines;
    use crate::text::hex;
    use std::io::Write;

    fn input(name: &str, bytes: Vec<u8>, options: &ReadOptions) -> Input {
        Input::open(name, Box::new(Cursor::new(bytes)), options).expect("memory can be read")
    }

    fn lines(bytes: Vec<u8>) -> Lines {
        Lines::of(input("test", bytes, &ReadOptions::default()))
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
        encoder.write_all(bytes).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    fn utf_16(text: &str) -> Vec<u8> {
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    }

    #[test]
    fn the_hash_is_of_the_bytes_as_they_came() {
        let mut lines = lines("\u{feff}abc\n".as_bytes().to_vec());
        assert_eq!(lines.input.head(), b"abc\n");
        assert_eq!(lines.next().expect("readable").expect("a line").bytes, b"abc\n");
        assert!(lines.next().expect("readable").is_none());
        assert_eq!(lines.input.account(), (7, hex(&sha256("\u{feff}abc\n".as_bytes()))));
    }

    #[test]
    fn text_is_unpacked_and_decoded_and_its_lines_keep_their_numbers() {
        let packed = gzip(&utf_16("\u{feff}имя\nодин\n\nдва"));
        let mut lines = Lines::of(input("a.csv.gz", packed.clone(), &ReadOptions::default()));
        assert_eq!(lines.input.head(), "имя\nодин\n\nдва".as_bytes());
        let read: Vec<(u64, Vec<u8>)> =
            std::iter::from_fn(|| lines.next().expect("sound")).map(|line| (line.number, line.bytes)).collect();
        assert_eq!(read[3], (4, "два".as_bytes().to_vec()));
        assert_eq!(lines.input.packing(), Some(Packing::Gzip));
        assert_eq!(lines.input.detected().map(|found| found.encoding.name()), Some("UTF-16LE"));
        assert_eq!(lines.input.account(), (packed.len() as u64, hex(&sha256(&packed))));
    }

    fn all(mut input: Input) -> Vec<u8> {
        let mut bytes = vec![];
        input.read_to_end(&mut bytes).expect("memory can be read");
        bytes
    }

    #[test]
    fn binary_formats_get_the_bytes_as_they_are() {
        let bytes = b"PAR1\xff\xfe\0\xe9";
        for (name, format) in [("-", None), ("a.parquet", None), ("a.csv", None), ("a.csv", Some(Format::Parquet))] {
            let input = input(name, bytes.to_vec(), &ReadOptions { format, ..ReadOptions::default() });
            assert_eq!((input.head(), input.detected()), (bytes.as_slice(), None), "{name}");
            assert_eq!(all(input), bytes);
        }
        let damaged = b"\xff\xfe\0\xe9";
        assert_eq!(all(input("a.parquet.gz", gzip(damaged), &ReadOptions::default())), damaged);
    }

    #[test]
    fn what_came_before_damage_is_read_first() {
        let text: String = (0..200_000_u32).map(|row| format!("{}\n", row.wrapping_mul(2_654_435_761))).collect();
        let packed = gzip(text.as_bytes());
        for length in [100, packed.len() / 2] {
            let mut lines = Lines::of(input("a.csv.gz", packed[..length].to_vec(), &ReadOptions::default()));
            let (mut read, mut error) = (vec![], None);
            while error.is_none() {
                match lines.next() {
                    Ok(line) => read.extend(line.expect("an error comes before the end").bytes),
                    Err(found) => error = Some(IngestError::io("a.csv.gz", found).to_string()),
                }
            }
            assert!(read.len() > length / 2 && text.as_bytes().starts_with(&read), "{} of {length} bytes", read.len());
            assert_eq!(
                error.unwrap_or_default(),
                format!(
                    "`a.csv.gz` cannot be read to its end: the gzip data is cut off after {length} bytes; fetch the file again"
                )
            );
        }
    }

    #[test]
    fn what_is_packed_twice_is_refused() {
        let input = Box::new(Cursor::new(gzip(&gzip(b"abc"))));
        let error = Input::open("a.gz", input, &ReadOptions::default()).err().map(|error| error.to_string());
        assert!(error.is_some_and(|error| error.contains("packed twice; unpack it once")));
    }

    #[test]
    fn a_file_that_is_not_packed_can_be_sought_in() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, bytes, want) in [("a.csv", b"a".to_vec(), true), ("b.csv", gzip(b"a"), false)] {
            let path = folder.path().join(name);
            std::fs::write(&path, &bytes).expect("a file");
            let mut input = Input::of(&Source::Path(path.clone()), &ReadOptions::default()).expect("a file");
            assert_eq!(input.file().expect("readable").is_some(), want);
            input.skip_to_end().expect("sound");
            assert_eq!(input.account(), (bytes.len() as u64, hex(&sha256(&bytes))));
        }
    }
}
