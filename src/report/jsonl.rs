//! One JSON object a line: the contract. See [`super::wire`] for its shape.
//!
//! What would act on a terminal, turn the direction of text or end a line for some readers is written as an escape. That
//! changes no value: whoever reads the JSON gets the text as it was.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::Formatter;

use super::{CaseWriter, wire};
use crate::explain::Case;

/// Writes one JSON object a line.
#[derive(Debug)]
pub struct JsonLines<W> {
    out: W,
}

impl<W: Write> JsonLines<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> CaseWriter for JsonLines<W> {
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn case(&mut self, case: &Case) -> io::Result<()> {
        write_line(&mut self.out, &wire::Case::from(case))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes a value as one line of JSON.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_line(mut out: impl Write, value: &impl Serialize) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut out, Inert))?;
    out.write_all(b"\n")
}

/// Compact JSON without a character that acts.
struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        for part in fragment.split_inclusive(acts) {
            match part.chars().next_back().filter(|c| acts(*c)) {
                // All of them are in the first plane.
                Some(c) => write!(out, "{}\\u{:04x}", &part[..part.len() - c.len_utf8()], u32::from(c))?,
                None => out.write_all(part.as_bytes())?,
            }
        }
        Ok(())
    }
}

/// Control characters, line and paragraph separators, and what turns the direction of the text behind it.
pub(super) fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_is_escaped_and_reads_back_as_it_was() {
        let text = "a\u{1b}[31m\u{9b}2J\u{7f}\n\u{85}\u{2028}\u{2029}\u{202e}b\u{2066}é寻😀\"\\";
        let mut line = vec![];
        write_line(&mut line, &text).expect("memory can be written");
        let line = String::from_utf8(line).expect("JSON is UTF-8");
        assert_eq!(line.trim_end(), r#""a\u001b[31m\u009b2J\u007f\n\u0085\u2028\u2029\u202eb\u2066é寻😀\"\\""#);
        assert_eq!(serde_json::from_str::<String>(&line).ok().as_deref(), Some(text));
    }
}
