//! How XML is laid out, seen before an XML reader sees it: how long its pieces are and what must be held of it.
//!
//! In go the bytes of one part of a workbook, piece by piece; nothing is kept of them. An XML reader holds a tag, a comment or a
//! text whole, and calamine holds the texts of a cell together, so each is bounded here while it comes in. Pieces are cut where
//! quick-xml cuts them. A document type declaration is refused: no workbook has one, and entities are made there.

use crate::ingest::limits::{Limit, Limits};

/// Elements whose text is held together: inline and shared strings, and values.
const HELD: [&[u8]; 3] = [b"is", b"si", b"v"];
/// A tag that is looked into must end within so many bytes.
const LONGEST_HEAD: usize = 4096;
/// What a cell format takes in memory beside its names, in bytes, and how often a name is copied into it.
const FORMAT: (u64, u64) = (640, 2);
/// What a string or another element takes in memory beside its text, in bytes: a generous part of a `String` that has grown.
const ELEMENT: u64 = 16;

/// What was seen of a part.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Whether it is a sheet: its rows are read one by one.
    pub(super) is_sheet: bool,
    /// Merged regions.
    pub(super) merged: u64,
    tags: u64,
    formats: u64,
    longest_name: u64,
}

/// Walks over the markup of a part.
pub(super) struct Markup<'a> {
    limits: &'a Limits,
    seen: Seen,
    place: Place,
    /// The bytes of the piece so far.
    piece: u64,
    /// The beginning of a tag.
    head: Vec<u8>,
    /// The element whose text is held, and its bytes so far.
    held: Option<(Vec<u8>, u64)>,
}

/// Where in the markup the last byte was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Text,
    /// After `<`.
    Open,
    /// In a tag, and in which quotes.
    Tag(Option<u8>),
    /// After `<!`.
    Bang,
    /// After `<!-`.
    Dash,
    /// In a comment; how many dashes stand before.
    Comment(u8),
    /// In a CDATA section; how many brackets stand before.
    CData(u8),
    /// In a processing instruction, and whether a question mark stands before.
    Instruction(bool),
}

impl<'a> Markup<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        let (place, seen) = (Place::Text, Seen::default());
        Self { limits, seen, place, piece: 0, head: Vec::with_capacity(LONGEST_HEAD), held: None }
    }

    /// Takes further bytes. The error says what is wrong with the part.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), String> {
        let mut rest = bytes;
        while !rest.is_empty() {
            let run = self.run(rest);
            if matches!(self.place, Place::Tag(_)) {
                let room = LONGEST_HEAD - self.head.len();
                self.head.extend_from_slice(&rest[..run.min(room)]);
            }
            let Some(byte) = rest.get(run) else { return self.grow(run) };
            self.grow(run + 1)?;
            self.byte(*byte)?;
            rest = &rest[run + 1..];
        }
        Ok(())
    }

    /// How many of the bytes change nothing about the place.
    fn run(&self, bytes: &[u8]) -> usize {
        let end = match self.place {
            Place::Text => bytes.iter().position(|byte| *byte == b'<'),
            Place::Tag(None) => bytes.iter().position(|byte| matches!(byte, b'>' | b'"' | b'\'')),
            Place::Tag(Some(quote)) => bytes.iter().position(|byte| *byte == quote),
            _ => Some(0),
        };
        end.unwrap_or(bytes.len())
    }

    /// What was seen.
    pub(super) fn finish(self) -> Seen {
        self.seen
    }

    fn grow(&mut self, taken: usize) -> Result<(), String> {
        let taken = u64::try_from(taken).unwrap_or(u64::MAX);
        self.piece += taken;
        let held = self.held.as_mut().map_or(0, |(_, bytes)| {
            *bytes += taken;
            *bytes
        });
        if self.piece.max(held) > self.limits.get(Limit::FieldBytes) {
            return Err(self.limits.over(Limit::FieldBytes, "a text or tag in it is longer"));
        }
        Ok(())
    }

    fn byte(&mut self, byte: u8) -> Result<(), String> {
        self.place = match (self.place, byte) {
            (Place::Text, _) => {
                self.piece = 1;
                self.head.clear();
                Place::Open
            }
            (Place::Open, b'!') => Place::Bang,
            // The question mark that opens may close too.
            (Place::Open, b'?') => Place::Instruction(true),
            (Place::Open | Place::Tag(None), b'>') => {
                self.tag()?;
                Place::Text
            }
            (Place::Open | Place::Tag(_), _) => {
                if self.head.len() < LONGEST_HEAD {
                    self.head.push(byte);
                }
                // A quote opens one, or closes the one that is open: no other byte comes here in a tag.
                let quote = matches!(byte, b'"' | b'\'').then_some(byte);
                Place::Tag(if matches!(self.place, Place::Tag(Some(_))) { None } else { quote })
            }
            (Place::Bang, b'-') => Place::Dash,
            (Place::Dash, b'-') => Place::Comment(0),
            (Place::Bang, b'[') => Place::CData(0),
            (Place::Bang | Place::Dash, _) => {
                return Err("it declares a document type, which no workbook does".to_owned());
            }
            (Place::Comment(2..), b'>') | (Place::CData(2..), b'>') | (Place::Instruction(true), b'>') => Place::Text,
            (Place::Comment(dashes), b'-') => Place::Comment(dashes.saturating_add(1)),
            (Place::CData(brackets), b']') => Place::CData(brackets.saturating_add(1)),
            (Place::Comment(_), _) => Place::Comment(0),
            (Place::CData(_), _) => Place::CData(0),
            (Place::Instruction(_), _) => Place::Instruction(byte == b'?'),
        };
        if self.place == Place::Text {
            self.piece = 0;
        }
        Ok(())
    }

    /// At the end of a tag.
    fn tag(&mut self) -> Result<(), String> {
        self.seen.tags += 1;
        let is_empty = self.head.ends_with(b"/");
        if let Some(name) = self.head.strip_prefix(b"/") {
            if self.held.as_ref().is_some_and(|(open, _)| open == name.trim_ascii_end()) {
                self.held = None;
            }
            return Ok(());
        }
        let name = name(&self.head);
        if name.len() == LONGEST_HEAD {
            return Err("the name of a tag in it is too long".to_owned());
        }
        let local = name.rsplit(|byte| *byte == b':').next().unwrap_or(name);
        match local {
            b"sheetData" => self.seen.is_sheet = true,
            b"mergeCell" => self.seen.merged += 1,
            b"xf" => self.seen.formats += 1,
            b"name" | b"numFmt" => self.seen.longest_name = self.seen.longest_name.max(self.piece),
            b"sst" => unique_count(&self.head, self.limits)?,
            _ if HELD.contains(&local) && self.held.is_none() && !is_empty => self.held = Some((name.to_vec(), 0)),
            _ => {}
        }
        Ok(())
    }
}

impl Seen {
    /// What calamine takes for the elements of a part that it keeps whole, beside their text, in bytes. Roughly, and never
    /// much too little: each cell format gets its own copy of its names.
    pub(super) fn weight(&self) -> u64 {
        let (format, copies) = FORMAT;
        let formats = self.formats.saturating_mul(format + copies * self.longest_name);
        formats.saturating_add(self.tags.saturating_mul(ELEMENT))
    }

    /// Whether a sheet poses as another part too, so that its rows would have to be held.
    pub(super) fn is_two_parts(&self) -> bool {
        self.is_sheet && self.formats > 0
    }
}

/// The name of a tag, without what follows it.
fn name(head: &[u8]) -> &[u8] {
    let end = head.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    &head[..end.unwrap_or(head.len())]
}

/// Room is made for as many strings as the table of shared strings says it has, before there is any.
fn unique_count(head: &[u8], limits: &Limits) -> Result<(), String> {
    if head.len() == LONGEST_HEAD {
        return Err("the tag of its shared strings is too long".to_owned());
    }
    let key = b"uniqueCount";
    let Some(at) = head.windows(key.len()).position(|part| part == key) else { return Ok(()) };
    let value = head[at + key.len()..].iter().skip_while(|byte| !byte.is_ascii_digit());
    let digits: String = value.take_while(|byte| byte.is_ascii_digit()).map(|byte| char::from(*byte)).collect();
    let most = limits.get(Limit::HeldBytes) / ELEMENT;
    if digits.is_empty() || digits.parse::<u64>().is_ok_and(|count| count <= most) {
        return Ok(());
    }
    Err(limits.over(Limit::HeldBytes, format_args!("it declares {digits} shared strings, which take more memory")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(xml: &str, limits: &Limits) -> Result<Seen, String> {
        let mut markup = Markup::new(limits);
        // One byte at a time: no cut may matter.
        xml.bytes().try_for_each(|byte| markup.feed(&[byte]))?;
        let bytewise = markup.finish();
        let mut markup = Markup::new(limits);
        markup.feed(xml.as_bytes())?;
        assert_eq!(format!("{bytewise:?}"), format!("{:?}", markup.finish()));
        Ok(bytewise)
    }

    fn small() -> Limits {
        Limits::default().with(Limit::FieldBytes, 40)
    }

    #[test]
    fn a_long_text_tag_comment_or_section_is_refused() {
        let long = "x".repeat(50);
        for xml in [
            format!("<a>{long}</a>"),
            format!("<a b='{long}'/>"),
            format!("<a b='<c>{}<c>{}'/>", &long[..20], &long[..20]),
            format!("<!-- {} > {} -->", &long[..20], &long[..20]),
            format!("<![CDATA[ {} > {} ]]>", &long[..20], &long[..20]),
            format!("<?a {} > {} ?>", &long[..20], &long[..20]),
        ] {
            assert!(seen(&xml, &small()).is_err_and(|reason| reason.contains("limit `field-bytes`")), "{xml}");
        }
        assert!(seen(&format!("<a>{}</a>", "<b>xxxxxxxxxx</b>".repeat(20)), &small()).is_ok());
    }

    #[test]
    fn the_runs_of_one_string_count_together() {
        let runs = "<t>xxxxxxxxxx</t>".repeat(4);
        for name in ["is", "x:is", "si", "v"] {
            assert!(seen(&format!("<{name}>{runs}</{name}>"), &small()).is_err(), "{name}");
            assert!(seen(&format!("<{name}>{runs}"), &small()).is_err(), "{name}");
            // An end with another name ends nothing, and an element without content begins nothing.
            assert!(seen(&format!("<{name}></y>{runs}"), &small()).is_err(), "{name}");
            assert!(seen(&format!("<{name}/>{runs}"), &small()).is_ok(), "{name}");
        }
    }

    #[test]
    fn a_document_type_is_refused() {
        let error = seen("<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'bb'>]><a/>", &Limits::default());
        assert!(error.is_err_and(|reason| reason.contains("document type")));
    }

    #[test]
    fn a_count_of_strings_that_are_not_there_is_refused() {
        let sst = |count: &str| seen(&format!("<x:sst count='9' uniqueCount=\"{count}\">"), &Limits::default()).is_ok();
        assert!(sst("100000") && sst(""));
        assert!(!sst("4294967295") && !sst("99999999999999999999999"));
    }

    #[test]
    fn long_names_weigh_as_often_as_they_are_copied() {
        let styles = format!("<font><name val='{}'/></font>{}", "x".repeat(1000), "<xf fontId='0'/>".repeat(1000));
        let weight = seen(&styles, &Limits::default()).map(|seen| seen.weight());
        assert!(weight.is_ok_and(|weight| weight > 2_000_000));
    }
}
