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
mod tests {
    use super::*;
    use crate::ingest::decode::Decoded;
    use std::io::{Cursor, Read};

    fn read(bytes: &[u8], text: Text, given: Option<Encoding>) -> (Vec<u8>, Detected) {
        let mut decoded = Decoded::open(Cursor::new(bytes), bytes, text, given).expect("memory can be read");
        let mut out = vec![];
        decoded.read_to_end(&mut out).expect("memory can be read");
        (out, decoded.detected())
    }

    fn table(bytes: &[u8]) -> (String, &'static str, Evidence) {
        let (out, detected) = read(bytes, Text::Table, None);
        (String::from_utf8_lossy(&out).into_owned(), detected.encoding.name(), detected.evidence)
    }

    fn encoding(name: &str) -> &'static encoding_rs::Encoding {
        encoding_rs::Encoding::for_label(name.as_bytes()).expect("an encoding")
    }

    /// The text in an encoding; `encoding_rs` itself does not write UTF-16.
    fn encoded(text: &str, name: &str) -> Vec<u8> {
        match name {
            "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => encoding(name).encode(text).0.into_owned(),
        }
    }

    /// Made-up rows in the languages an encoding is used for.
    const TEXTS: &[(&str, &[&str], &[&str])] = &[
        (
            "Spanish",
            &["utf-8", "utf-16le", "utf-16be", "windows-1252", "iso-8859-1"],
            &[
                "estafa agravada en la ciudad",
                "año de la infracción",
                "participación en reunión pública",
                "daños y corrupción",
            ],
        ),
        (
            "French",
            &["utf-8", "windows-1252", "iso-8859-1", "iso-8859-15"],
            &[
                "escroquerie aggravée",
                "préjudice estimé à l’étranger",
                "participation à une réunion",
                "manœuvre dénoncée, sœur arrêtée",
            ],
        ),
        (
            "German",
            &["utf-8", "windows-1252", "iso-8859-1"],
            &[
                "Betrug in größerem Umfang",
                "Übertretung von Auflagen",
                "Zugehörigkeit zu einer Vereinigung",
                "Fälschung öffentlicher Urkunden",
            ],
        ),
        (
            "Polish",
            &["utf-8", "utf-16le", "iso-8859-2", "windows-1250"],
            &[
                "oszustwo na dużą skalę",
                "udział w zorganizowanej grupie przestępczej",
                "kradzież z włamaniem",
                "groźby karalne wobec świadków, pomówienie",
            ],
        ),
        (
            "Czech",
            &["utf-8", "iso-8859-2", "windows-1250"],
            &[
                "podvod velkého rozsahu",
                "účast na zločinném spolčení",
                "padělání veřejné listiny",
                "šíření poplašné zprávy, výtržnictví",
            ],
        ),
        (
            "Turkish",
            &["utf-8", "utf-16le", "windows-1254", "iso-8859-9"],
            &[
                "nitelikli dolandırıcılık",
                "silahlı örgüte üye olma suçu",
                "görevi kötüye kullanma",
                "gösteri yürüyüşüne katılmak, şüpheli",
            ],
        ),
        (
            "Russian",
            &["utf-8", "utf-16le", "utf-16be", "windows-1251", "koi8-r"],
            &[
                "мошенничество в особо крупном размере",
                "участие в публичном мероприятии",
                "злоупотребление полномочиями",
                "распространение заведомо ложных сведений",
            ],
        ),
        (
            "Arabic",
            &["utf-8", "utf-16le", "utf-16be", "windows-1256"],
            &["احتيال وخيانة أمانة", "المشاركة في تجمع غير مرخص", "نشر أخبار كاذبة", "الانضمام إلى جماعة محظورة"],
        ),
        (
            "Chinese",
            &["utf-8", "utf-16le", "utf-16be", "gb18030"],
            &["涉嫌合同诈骗罪", "参加非法集会", "职务侵占和挪用资金", "散布虚假信息，扰乱公共秩序"],
        ),
        (
            "Japanese",
            &["utf-8", "utf-16le", "utf-16be", "shift_jis"],
            &["詐欺および横領の疑い", "無許可の集会への参加", "虚偽の情報を広めた罪", "カタカナと漢字とひらがなの記録"],
        ),
    ];

    const HEADER: &str = "record_id,kind,requesting_country,charges.text,date_of_birth\n";

    /// A table of 48 rows; only each `step`th one has letters beyond ASCII.
    fn rows(phrases: &[&str], step: usize) -> String {
        let phrase =
            |at: usize| if at.is_multiple_of(step) { phrases[at / step % phrases.len()] } else { "a plain text" };
        let row = |at: usize| format!("{at},red_notice,XA,{} ({at}),19{}-01-02\n", phrase(at), 50 + at);
        std::iter::once(HEADER.to_owned()).chain((0..48).map(row)).collect()
    }

    #[test]
    fn a_byte_order_mark_is_always_understood() {
        for (language, encodings, phrases) in TEXTS {
            for name in encodings.iter().filter(|name| name.starts_with("utf")) {
                let text = rows(phrases, 1);
                let (read, encoding, evidence) = table(&encoded(&format!("\u{feff}{text}"), name));
                assert_eq!(
                    (encoding.to_lowercase().as_str(), evidence),
                    (*name, Evidence::ByteOrderMark),
                    "{language}"
                );
                assert!(read == text, "{language} in {name}");
            }
        }
    }

    #[test]
    fn text_without_a_mark_is_read_exactly_in_at_least_95_of_100_rows() {
        for step in [1, 8] {
            let (mut exact, mut all, mut wrong) = (0, 0, vec![]);
            for (language, encodings, phrases) in TEXTS {
                for name in *encodings {
                    let bytes = encoded(&rows(phrases, step), name);
                    // What the encoding has no letter for cannot come back.
                    let text = encoding(name).decode(&bytes).0;
                    let (read, found, evidence) = table(&bytes);
                    let same = read.lines().zip(text.lines()).filter(|(read, text)| read == text).count();
                    (exact, all) = (exact + same, all + text.lines().count());
                    if read != text {
                        wrong.push(format!("{language} in {name} read as {found}, {evidence}: {same} rows exact"));
                    }
                }
            }
            assert!(exact * 100 >= all * 95, "{exact} of {all} rows are exact: {wrong:#?}");
        }
    }

    #[test]
    fn many_letters_that_agree_are_likely_and_few_are_uncertain() {
        let (_, _, phrases) = TEXTS.iter().find(|text| text.0 == "Russian").expect("a language");
        let evidence = |step| table(&encoded(&rows(phrases, step), "koi8-r")).2;
        assert_eq!((evidence(1), table(b"caf\xe9\n").2), (Evidence::Likely, Evidence::Uncertain));
        assert_eq!(table(&b"\xe9\xe9\n".repeat(100)).2, Evidence::Uncertain);
    }

    #[test]
    fn a_few_damaged_bytes_do_not_change_the_reading_of_the_rest() {
        let text = "имя\nодин\nдва\n".as_bytes();
        let damaged = [b"\xff\n".as_slice(), text, b"\xe9\n", text, b"\xd0"].concat();
        let (out, detected) = read(&damaged, Text::Table, None);
        assert_eq!((out, detected.evidence, detected.replaced), (damaged, Evidence::MostlyUtf8, 0));
        assert_eq!(table(b"abc\n").2, Evidence::OnlyAscii);
        assert_eq!(table("abc\nя".as_bytes()).2, Evidence::ValidUtf8);
    }

    #[test]
    fn json_is_utf_8_unless_the_user_or_its_bytes_say_otherwise() {
        let damaged = b"{\"a\":\"\xe9\"}\n{}\n";
        let (out, detected) = read(damaged, Text::Json, None);
        assert_eq!((out, detected.evidence), (damaged.to_vec(), Evidence::Standard));
        let text = "{\"a\":\"имя\"}";
        let (out, detected) = read(&encoded(text, "windows-1251"), Text::Json, Encoding::parse("cp1251").ok());
        assert_eq!((out, detected.evidence), (text.as_bytes().to_vec(), Evidence::Given));
        let (out, detected) = read(&encoded(text, "utf-16be"), Text::Json, None);
        assert_eq!((out, detected.evidence), (text.as_bytes().to_vec(), Evidence::ZeroBytes));
    }

    #[test]
    fn a_zero_byte_here_and_there_is_not_utf_16() {
        for text in ["123\0", "a,\0\n1,2\n", "[\"a\0a\"]", "\0\0\0\0", "", "\0"] {
            assert_eq!(table(text.as_bytes()), (text.to_owned(), "UTF-8", Evidence::OnlyAscii), "{text:?}");
        }
        assert_eq!(table(b"a\0,\0b\0\n\0").1, "UTF-16LE");
    }

    #[test]
    fn an_encoding_that_is_not_known_is_answered_with_some_that_are() {
        assert!(Encoding::parse("klingon").is_err_and(|error| error.contains("`windows-1251`")));
        assert_eq!(Encoding::parse("latin1").map(Encoding::name), Ok("windows-1252"));
    }
}
