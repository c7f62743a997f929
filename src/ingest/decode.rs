//! A text as a stream of UTF-8, whatever encoding it is in.
//!
//! Bytes go in; out come the same lines as UTF-8, without a byte order mark. The text passes byte for byte while it is
//! ASCII; the first other byte settles the encoding. UTF-8 passes unchanged, damage and all: each damaged row is rejected on
//! its own. What cannot be decoded in another encoding becomes U+FFFD and is counted. A text that was taken for another
//! encoding and turns out as UTF-8 ends in an error: its rows were read wrongly.

use std::io::{self, ErrorKind, Read};

use encoding_rs::{Decoder, UTF_8};

use super::encoding::{Detected, Encoding, Evidence, Tally, Text, WINDOW, decode, settled, zero_bytes};

const CHUNK: usize = 64 * 1024;

enum State {
    /// All was ASCII so far.
    Unsettled,
    /// UTF-8, handed on as it is.
    Through,
    Decode(Decoder),
    Ended,
}

/// A text as UTF-8, without byte order mark.
pub(super) struct Decoded<R> {
    raw: R,
    text: Text,
    state: State,
    detected: Detected,
    /// How much of a text that is taken for something else is valid UTF-8 after all.
    doubt: Tally,
    ready: Vec<u8>,
    taken: usize,
}

impl<R: Read> Decoded<R> {
    /// Decodes what `raw` gives, which begins with `head`.
    pub(super) fn open(mut raw: R, head: &[u8], text: Text, given: Option<Encoding>) -> io::Result<Self> {
        let certain = match encoding_rs::Encoding::for_bom(head) {
            Some((encoding, mark)) => {
                raw.read_exact(&mut [0; 3][..mark])?;
                Some((encoding, Evidence::ByteOrderMark))
            }
            None => given
                .map(|given| (given.0, Evidence::Given))
                .or_else(|| zero_bytes(head).map(|encoding| (encoding, Evidence::ZeroBytes))),
        };
        let (encoding, evidence) = certain.unwrap_or((UTF_8, Evidence::OnlyAscii));
        let state = if certain.is_some() { State::of(encoding) } else { State::Unsettled };
        let detected = Detected { encoding: Encoding(encoding), evidence, replaced: 0 };
        Ok(Self { raw, text, state, detected, doubt: Tally::default(), ready: vec![], taken: 0 })
    }

    /// The bytes below.
    pub(super) fn raw(&self) -> &R {
        &self.raw
    }

    /// The encoding as it is known so far; final at the end.
    pub(super) fn detected(&self) -> Detected {
        self.detected
    }

    /// Makes more text ready, or ends.
    fn refill(&mut self) -> io::Result<()> {
        let mut chunk = vec![0; CHUNK];
        let count = self.raw.read(&mut chunk)?;
        chunk.truncate(count);
        self.ready.clear();
        self.taken = 0;
        match self.state {
            _ if count == 0 => self.end()?,
            State::Unsettled => {
                let rest = chunk.split_off(encoding_rs::Encoding::ascii_valid_up_to(&chunk));
                self.ready = chunk;
                self.settle(rest);
            }
            State::Decode(_) => self.decode(&chunk),
            State::Through | State::Ended => self.ready = chunk,
        }
        Ok(())
    }

    /// Settles the encoding by a text that begins with something else than ASCII.
    fn settle(&mut self, mut window: Vec<u8>) {
        if window.is_empty() {
            return;
        }
        let more = u64::try_from(WINDOW.saturating_sub(window.len())).unwrap_or(0);
        // An error comes again when what is here has been handed on.
        let _ = self.raw.by_ref().take(more).read_to_end(&mut window);
        let (encoding, evidence) = settled(&window, self.text);
        self.detected = Detected { encoding: Encoding(encoding), evidence, replaced: 0 };
        self.state = State::of(encoding);
        match self.state {
            State::Decode(_) => self.decode(&window),
            _ => self.ready.append(&mut window),
        }
    }

    fn decode(&mut self, bytes: &[u8]) {
        if let State::Decode(decoder) = &mut self.state {
            self.detected.replaced += decode(decoder, Some(bytes), &mut self.ready);
        }
        if self.is_guessed() {
            self.doubt.add(bytes);
        }
    }

    fn end(&mut self) -> io::Result<()> {
        let name = self.detected.encoding.name();
        if self.is_guessed() && self.doubt.is_utf8() {
            let text = format!("it begins like {name}, but most of it is UTF-8; read it again with `--encoding utf-8`");
            return Err(io::Error::new(ErrorKind::InvalidData, text));
        }
        if let State::Decode(mut decoder) = std::mem::replace(&mut self.state, State::Ended) {
            self.detected.replaced += decode(&mut decoder, None, &mut self.ready);
        }
        Ok(())
    }

    fn is_guessed(&self) -> bool {
        matches!(self.detected.evidence, Evidence::Likely | Evidence::Uncertain)
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.taken == self.ready.len() {
            match self.state {
                State::Ended => return Ok(0),
                State::Through => return self.raw.read(buffer),
                _ => self.refill()?,
            }
        }
        let count = (&self.ready[self.taken..]).read(buffer)?;
        self.taken += count;
        Ok(count)
    }
}

impl State {
    fn of(encoding: &'static encoding_rs::Encoding) -> Self {
        if encoding == UTF_8 { Self::Through } else { Self::Decode(encoding.new_decoder_without_bom_handling()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn read(bytes: &[u8], given: &str) -> (String, Detected) {
        let given = Encoding::parse(given).ok();
        let mut decoded = Decoded::open(Cursor::new(bytes), bytes, Text::Table, given).expect("memory can be read");
        let mut out = vec![];
        decoded.read_to_end(&mut out).expect("memory can be read");
        (String::from_utf8_lossy(&out).into_owned(), decoded.detected())
    }

    #[test]
    fn text_that_turns_out_to_be_utf_8_after_all_is_an_error() {
        let mut bytes = b"caf\xe9\n".repeat(3);
        bytes.resize(WINDOW + CHUNK, b'a');
        bytes.extend("и".repeat(100).as_bytes());
        let mut decoded = Decoded::open(Cursor::new(&bytes), &bytes, Text::Table, None).expect("readable");
        for _ in 0..2 {
            let error = decoded.read_to_end(&mut vec![]).expect_err("not windows-1252").to_string();
            assert!(error.ends_with("most of it is UTF-8; read it again with `--encoding utf-8`"), "{error}");
        }
    }

    #[test]
    fn a_byte_order_mark_is_believed_before_the_user() {
        let (out, detected) = read("\u{feff}я".as_bytes(), "windows-1251");
        assert_eq!((out.as_str(), detected.evidence), ("я", Evidence::ByteOrderMark));
    }

    #[test]
    fn characters_that_cannot_be_decoded_are_counted() {
        let (out, detected) = read(b"\xff\xfea\0\0\xd8b\0\n", "");
        assert_eq!((out.as_str(), detected.replaced), ("a\u{fffd}b\u{fffd}", 2));
        let remark = "UTF-16LE (by its byte order mark); 2 characters could not be decoded and stand as \u{fffd}";
        assert_eq!(detected.remark().as_deref(), Some(remark));
        let (_, detected) = read(&[0xff; 3 * CHUNK], "shift_jis");
        assert_eq!(detected.replaced, 3 * CHUNK as u64);
    }

    /// Gives one byte at a time.
    struct Drops<R>(R);

    impl<R: Read> Read for Drops<R> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let most = buffer.len().min(1);
            self.0.read(&mut buffer[..most])
        }
    }

    #[test]
    fn the_size_of_reads_changes_nothing() {
        let text = "record_id,kind\n1,участие в публичном мероприятии\n2,злоупотребление полномочиями\n";
        let utf_16 = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let others = ["utf-8", "windows-1251", "koi8-r", "gb18030", "shift_jis"]
            .map(|name| Encoding::parse(name).expect("an encoding").0.encode(text).0.into_owned());
        for bytes in others.into_iter().chain([utf_16]) {
            let mut drops = Decoded::open(Drops(Cursor::new(&bytes)), &bytes, Text::Table, None).expect("readable");
            let mut out = String::new();
            drops.read_to_string(&mut out).expect("readable");
            assert_eq!((out, drops.detected()), read(&bytes, ""));
        }
    }
}
