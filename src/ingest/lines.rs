//! An input line by line. A line over the limit `row-bytes` is cut, and reading goes on with the next one.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use super::Limit;
use super::input::Input;

/// How much of an overlong line is kept, to show it.
const SHOWN_OF_LONG_LINE: usize = 4096;

/// One line with its line end.
pub(super) struct Line {
    /// Line number, counted from 1.
    pub(super) number: u64,
    /// The bytes, line end included.
    pub(super) bytes: Vec<u8>,
    /// Whether the line is longer than the limit `row-bytes` and only its beginning is here.
    pub(super) cut: bool,
}

/// An input line by line. Lines can be put back.
pub(super) struct Lines {
    pub(super) input: Input,
    returned: VecDeque<Line>,
    number: u64,
    end: u8,
}

impl Lines {
    pub(super) fn of(input: Input) -> Self {
        Self { input, returned: VecDeque::new(), number: 0, end: b'\n' }
    }

    /// Sets the byte that ends a line, where it is not a line feed.
    pub(super) fn end_with(&mut self, end: u8) {
        self.end = end;
    }

    /// The next line.
    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.returned.pop_front() {
            return Ok(Some(line));
        }
        let mut bytes = vec![];
        let longest = self.input.limits().size(Limit::RowBytes);
        let most = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
        if self.input.by_ref().take(most).read_until(self.end, &mut bytes)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        let cut = bytes.len() > longest;
        if cut {
            if bytes.last() != Some(&self.end) {
                skip_line(&mut self.input, self.end)?;
            }
            bytes.truncate(SHOWN_OF_LONG_LINE);
            bytes.shrink_to_fit();
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

fn skip_line(stream: &mut impl BufRead, end: u8) -> io::Result<()> {
    loop {
        let buffer = stream.fill_buf()?;
        let (count, done) = match buffer.iter().position(|byte| *byte == end) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::{Limits, ReadOptions};
    use std::io::Cursor;

    fn lines_with(bytes: Vec<u8>, options: &ReadOptions) -> Lines {
        Lines::of(Input::open("test", Box::new(Cursor::new(bytes)), options).expect("memory can be read"))
    }

    fn lines(bytes: Vec<u8>) -> Lines {
        lines_with(bytes, &ReadOptions::default())
    }

    #[test]
    fn an_overlong_line_is_cut_and_the_next_one_is_read() {
        let longest = Limits::default().size(Limit::RowBytes);
        let mut bytes = vec![b'x'; longest + 5];
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
    fn the_limit_is_the_length_of_a_line_with_its_end() {
        let options = ReadOptions { limits: Limits::default().with(Limit::RowBytes, 4), ..ReadOptions::default() };
        let mut lines = lines_with(b"abc\nabcd\nabcde\nabcd".to_vec(), &options);
        let cut: Vec<bool> = std::iter::from_fn(|| lines.next().expect("readable")).map(|line| line.cut).collect();
        assert_eq!(cut, [false, true, true, false]);
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
