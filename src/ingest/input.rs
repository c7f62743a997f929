//! Bytes: read once, hashed and counted on the way, and cut into lines of bounded length.

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Chain, Cursor, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::text::hex;

/// How much of the beginning is looked at to recognise format and profile.
const HEAD: u64 = 64 * 1024;
/// A longer line is rejected: no record is that long, and a file without line ends must not fill the memory.
pub(super) const LONGEST_LINE: usize = 16 * 1024 * 1024;
/// How much of an overlong line is kept, to show it.
const SHOWN_OF_LONG_LINE: usize = 4096;
const BUFFER: usize = 256 * 1024;
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Counts and hashes what is read through it.
struct Tap {
    input: Box<dyn BufRead + Send>,
    hash: Sha256,
    bytes: u64,
}

impl Read for Tap {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        self.hash.update(&buffer[..count]);
        self.bytes += u64::try_from(count).unwrap_or(u64::MAX);
        Ok(count)
    }
}

/// An input whose beginning is known.
pub(super) struct Input {
    name: String,
    path: Option<PathBuf>,
    stream: BufReader<Chain<Cursor<Vec<u8>>, Tap>>,
}

/// One line with its line end.
pub(super) struct Line {
    /// Line number, counted from 1.
    pub(super) number: u64,
    /// The bytes, line end included.
    pub(super) bytes: Vec<u8>,
    /// Whether the line is longer than [`LONGEST_LINE`] and only its beginning is here.
    pub(super) cut: bool,
}

impl Input {
    /// Takes an input and reads its beginning.
    pub(super) fn open(name: &str, input: Box<dyn BufRead + Send>) -> io::Result<Self> {
        let mut tap = Tap { input, hash: Sha256::new(), bytes: 0 };
        let mut head = vec![];
        tap.by_ref().take(HEAD).read_to_end(&mut head)?;
        let stream = BufReader::with_capacity(BUFFER, Cursor::new(head).chain(tap));
        Ok(Self { name: name.to_owned(), path: None, stream })
    }

    /// The same input, which is the content of this file as it lies there.
    pub(super) fn at(self, path: &Path) -> Self {
        Self { path: Some(path.to_owned()), ..self }
    }

    /// The file as it lies there, opened anew so that it can be read at any place.
    pub(super) fn file(&self) -> io::Result<Option<File>> {
        match &self.path {
            Some(path) if path.metadata()?.is_file() => File::open(path).map(Some),
            _ => Ok(None),
        }
    }

    /// How the input was named.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The beginning of the input, without a byte order mark.
    pub(super) fn head(&self) -> &[u8] {
        let head = self.stream.get_ref().get_ref().0.get_ref();
        head.strip_prefix(BYTE_ORDER_MARK).unwrap_or(head)
    }

    /// Everything that has not been read yet, without a byte order mark.
    pub(super) fn rest(&mut self) -> io::Result<Vec<u8>> {
        let mut all = vec![];
        self.stream.read_to_end(&mut all)?;
        if all.starts_with(BYTE_ORDER_MARK) {
            all.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(all)
    }

    /// Reads what is left for the sake of the account.
    pub(super) fn read_to_end(&mut self) -> io::Result<()> {
        io::copy(&mut self.stream, &mut io::sink()).map(|_| ())
    }

    /// Number and SHA-256 of the bytes read so far.
    pub(super) fn account(&self) -> (u64, String) {
        let tap = self.stream.get_ref().get_ref().1;
        (tap.bytes, hex(&tap.hash.clone().finalize()))
    }
}

/// The bytes as they come.
impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.read(buffer)
    }
}

/// An input line by line. Lines can be put back.
pub(super) struct Lines {
    pub(super) input: Input,
    returned: VecDeque<Line>,
    number: u64,
}

impl Lines {
    pub(super) fn of(input: Input) -> Self {
        Self { input, returned: VecDeque::new(), number: 0 }
    }

    /// The next line.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.returned.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = vec![];
        let stream = &mut self.input.stream;
        let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
        if stream.by_ref().take(limit).read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let cut = bytes.len() == LONGEST_LINE && !bytes.ends_with(b"\n");
        if cut {
            bytes = bytes[..SHOWN_OF_LONG_LINE].to_vec();
            skip_line(stream)?;
        }
        if self.number == 1 && bytes.starts_with(BYTE_ORDER_MARK) {
            bytes.drain(..BYTE_ORDER_MARK.len());
        }
        Ok(Some(Line { number: self.number, bytes, cut }))
    }

    /// Puts lines back, to be read again in the same order.
    pub(super) fn put_back(&mut self, lines: Vec<Line>) {
        for line in lines.into_iter().rev() {
            self.returned.push_front(line);
        }
    }
}

fn skip_line(stream: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = stream.fill_buf()?;
        let (count, done) = match buffer.iter().position(|byte| *byte == b'\n') {
            Some(at) => (at + 1, true),
            None => (buffer.len(), buffer.is_empty()),
        };
        stream.consume(count);
        if done {
            return Ok(());
        }
    }
}

/// A line without its line end.
pub(super) fn without_line_end(bytes: &[u8]) -> &[u8] {
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
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

    fn lines(bytes: Vec<u8>) -> Lines {
        Lines::of(Input::open("test", Box::new(Cursor::new(bytes))).expect("memory can be read"))
    }

    #[test]
    fn an_overlong_line_is_cut_and_the_next_one_is_read() {
        let mut bytes = vec![b'x'; LONGEST_LINE + 5];
        bytes.extend(b"\nnext");
        let mut lines = lines(bytes);
        let first = lines.next().expect("readable").expect("a line");
        assert!(first.cut);
        assert_eq!(first.bytes.len(), SHOWN_OF_LONG_LINE);
        let second = lines.next().expect("readable").expect("a line");
        assert_eq!((second.number, second.bytes.as_slice(), second.cut), (2, b"next".as_slice(), false));
        assert!(lines.next().expect("readable").is_none());
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
    fn lines_put_back_come_again_in_order() {
        let mut lines = lines(b"1\n2\n3\n".to_vec());
        let taken = vec![lines.next().expect("readable").expect("one"), lines.next().expect("readable").expect("two")];
        lines.put_back(taken);
        let numbers: Vec<u64> =
            std::iter::from_fn(|| lines.next().expect("readable")).map(|line| line.number).collect();
        assert_eq!(numbers, [1, 2, 3]);
    }
}
