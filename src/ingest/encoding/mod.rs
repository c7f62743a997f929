//! Encodings by name, and which one a text is in, with what settles it.
//!
//! What is certain comes first: a byte order mark, the encoding the user names, zero bytes in every other place. Else the
//! first byte that is not ASCII settles it, with the [`WINDOW`] that begins there: valid UTF-8 is UTF-8, and so is a text
//! whose damage is rarer than its sound characters; the rest is told by the statistics of letters.
//!
//! JSON is UTF-8 by its standard, and nothing else is guessed for it: one damaged line must not change the reading of the
//! others. JSON in another encoding is read when the user names it.

use std::collections::BTreeSet;
use std::fmt;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, ISO_8859_15, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use serde::{Serialize, Serializer};

/// How much is looked at, from the first byte on that is not ASCII.
pub(super) const WINDOW: usize = 1024 * 1024;
/// How much of that the statistics of letters need.
const SAMPLE: usize = 128 * 1024;
/// With fewer letters beyond ASCII, or fewer different ones, the statistics say little.
const LETTERS_FOR_LIKELY: usize = 40;
const KINDS_FOR_LIKELY: usize = 4;
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// An encoding of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Encoding(pub(super) &'static encoding_rs::Encoding);

impl Encoding {
    /// The encoding of this name, as the WHATWG Encoding Standard lists them.
    ///
    /// # Errors
    /// Says that there is none of this name, and names some.
    pub fn parse(name: &str) -> Result<Self, String> {
        encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()).map(Self).ok_or_else(|| {
            format!(
                "there is no encoding `{name}`; some are `utf-8`, `utf-16le`, `windows-1252`, `windows-1251`, `koi8-r`, \
                 `windows-1256`, `gb18030`, `shift_jis`"
            )
        })
    }

    /// The name of the encoding.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name()
    }
}

impl Serialize for Encoding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What an encoding was settled by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The mark at the beginning.
    ByteOrderMark,
    /// The user.
    Given,
    /// Zero bytes in every other place.
    ZeroBytes,
    /// There is nothing but ASCII.
    OnlyAscii,
    /// All that was looked at is valid UTF-8.
    ValidUtf8,
    /// More characters are valid UTF-8 than not.
    MostlyUtf8,
    /// JSON is UTF-8.
    Standard,
    /// The statistics of its letters, which agree in both halves of a sample.
    Likely,
    /// The statistics of too few letters, or of letters that do not agree.
    Uncertain,
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "by its byte order mark",
            Self::Given => "as given",
            Self::ZeroBytes => "by its pattern of zero bytes",
            Self::OnlyAscii => "nothing but ASCII",
            Self::ValidUtf8 => "valid UTF-8",
            Self::MostlyUtf8 => "mostly valid UTF-8",
            Self::Standard => "as JSON must be",
            Self::Likely => "likely, by its letters",
            Self::Uncertain => "uncertain, by its letters; name it with `--encoding` if the text looks wrong",
        })
    }
}

/// In which encoding a text was read, and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Detected {
    /// The encoding.
    pub encoding: Encoding,
    /// What settled it.
    pub evidence: Evidence,
    /// How many characters could not be decoded and stand as U+FFFD.
    pub replaced: u64,
}

impl Detected {
    /// What a reader must know: nothing where the text is ASCII or sound UTF-8.
    #[must_use]
    pub fn remark(&self) -> Option<String> {
        let Self { encoding, evidence, replaced } = self;
        if matches!(evidence, Evidence::OnlyAscii | Evidence::ValidUtf8 | Evidence::Standard) {
            return None;
        }
        let lost = match replaced {
            0 => String::new(),
            1 => "; 1 character could not be decoded and stands as \u{fffd}".to_owned(),
            many => format!("; {many} characters could not be decoded and stand as \u{fffd}"),
        };
        Some(format!("{} ({evidence}){lost}", encoding.name()))
    }
}

/// What kind of text it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Text {
    Json,
    Table,
}

/// Decodes bytes and counts the characters that could not be; nothing at the end of the text.
pub(super) fn decode(decoder: &mut Decoder, bytes: Option<&[u8]>, out: &mut Vec<u8>) -> u64 {
    let (mut rest, last) = (bytes.unwrap_or_default(), bytes.is_none());
    let (mut buffer, mut replaced) = ([0; 4096], 0);
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(rest, &mut buffer, last);
        rest = &rest[read..];
        out.extend_from_slice(&buffer[..written]);
        match result {
            DecoderResult::InputEmpty => return replaced,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                replaced += 1;
                out.extend_from_slice(REPLACEMENT);
            }
        }
    }
}

/// How many characters beyond ASCII are valid UTF-8, and how many bytes are not.
#[derive(Default)]
pub(super) struct Tally {
    sound: usize,
    damaged: usize,
}

impl Tally {
    pub(super) fn add(&mut self, bytes: &[u8]) {
        for chunk in bytes.utf8_chunks() {
            // Each character beyond ASCII has one byte from here on up.
            self.sound += chunk.valid().bytes().filter(|byte| *byte >= 0xc0).count();
            self.damaged += chunk.invalid().len();
        }
    }

    /// In no other encoding do half of the letters look like UTF-8.
    pub(super) fn is_utf8(&self) -> bool {
        self.sound > 0 && self.sound >= self.damaged
    }
}

/// UTF-16 without a mark: in text of any language, delimiters, digits and line breaks have a zero byte, always the same one
/// of two.
pub(super) fn zero_bytes(head: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    let zeros = |parity: usize| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, units) = (zeros(0), zeros(1), head.len() / 2);
    let (encoding, own, other) = if odd > even { (UTF_16LE, odd, even) } else { (UTF_16BE, even, odd) };
    // Some 2 of 100, and hardly any in the other place; a text too short for that must have one in each unit.
    let enough = own == units || (own >= 8 && own * 50 >= units);
    let whole = &head[..units * 2];
    (units > 0 && enough && other * 20 <= own && sound(encoding, whole)).then_some(encoding)
}

/// Whether all bytes can be decoded, but for a character that is cut at the end.
fn sound(encoding: &'static encoding_rs::Encoding, bytes: &[u8]) -> bool {
    decode(&mut encoding.new_decoder_without_bom_handling(), Some(bytes), &mut vec![]) == 0
}

/// The encoding of a text that begins with something else than ASCII, and what settles it.
pub(super) fn settled(window: &[u8], text: Text) -> (&'static encoding_rs::Encoding, Evidence) {
    let mut tally = Tally::default();
    tally.add(window);
    let goes_on = window.len() >= WINDOW;
    match std::str::from_utf8(window) {
        Ok(_) => (UTF_8, Evidence::ValidUtf8),
        Err(error) if goes_on && error.error_len().is_none() => (UTF_8, Evidence::ValidUtf8),
        Err(_) if tally.is_utf8() => (UTF_8, Evidence::MostlyUtf8),
        Err(_) if text == Text::Json => (UTF_8, Evidence::Standard),
        Err(_) => by_letters(&window[..window.len().min(SAMPLE)]),
    }
}

/// What the statistics of letters say. They are likely right if there are enough letters and both halves say the same.
fn by_letters(sample: &[u8]) -> (&'static encoding_rs::Encoding, Evidence) {
    let encoding = guess(sample);
    let middle = sample.len() / 2;
    let end = sample[middle..].iter().position(|byte| *byte == b'\n').map_or(middle, |at| middle + at);
    let (first, second) = sample.split_at(end);
    let letters = || sample.iter().filter(|byte| !byte.is_ascii());
    let likely = letters().count() >= LETTERS_FOR_LIKELY
        && letters().collect::<BTreeSet<_>>().len() >= KINDS_FOR_LIKELY
        && guess(first) == encoding
        && guess(second) == encoding
        && sound(encoding, sample);
    (encoding, if likely { Evidence::Likely } else { Evidence::Uncertain })
}

fn guess(sample: &[u8]) -> &'static encoding_rs::Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, false);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    if encoding == WINDOWS_1252 && is_latin_9(sample) { ISO_8859_15 } else { encoding }
}

/// The detector does not know ISO 8859-15. It has letters where windows-1252 has fractions and a few signs, which do not
/// stand in words, and it has nothing where windows-1252 has its quotes and dashes.
fn is_latin_9(sample: &[u8]) -> bool {
    let letter = |byte: u8| matches!(byte, 0xa6 | 0xa8 | 0xb8 | 0xbc | 0xbd | 0xbe);
    let in_word = |three: &[u8]| match three {
        [before, at, after] => letter(*at) && before.is_ascii_alphabetic() && after.is_ascii_alphabetic(),
        _ => false,
    };
    !sample.iter().any(|byte| (0x80..0xa0).contains(byte)) && sample.windows(3).any(in_word)
}

#[cfg(test)]
mod tests;
