//! How well the encoding of a text is told.

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
    let phrase = |at: usize| if at.is_multiple_of(step) { phrases[at / step % phrases.len()] } else { "a plain text" };
    let row = |at: usize| format!("{at},red_notice,XA,{} ({at}),19{}-01-02\n", phrase(at), 50 + at);
    std::iter::once(HEADER.to_owned()).chain((0..48).map(row)).collect()
}

#[test]
fn a_byte_order_mark_is_always_understood() {
    for (language, encodings, phrases) in TEXTS {
        for name in encodings.iter().filter(|name| name.starts_with("utf")) {
            let text = rows(phrases, 1);
            let (read, encoding, evidence) = table(&encoded(&format!("\u{feff}{text}"), name));
            assert_eq!((encoding.to_lowercase().as_str(), evidence), (*name, Evidence::ByteOrderMark), "{language}");
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
