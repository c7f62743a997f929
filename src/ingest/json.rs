//! A JSON file: a list of objects, one object, or a page of INTERPOL's API with a list of notices. It is read whole, and if
//! it is not sound to its end none of it is taken.

use serde_json::value::RawValue;

use super::IngestError;
use super::input::Input;
use super::rows::{Body, Opened, RawRow, RowSource, gather};
use super::strict::{self, Fault, Members};

struct Document {
    input: Input,
    text: Vec<u8>,
    /// Where the rows are, last one first.
    ranges: Vec<std::ops::Range<usize>>,
    /// How far lines and columns are counted.
    at: Place,
}

#[derive(Clone, Copy)]
struct Place {
    offset: usize,
    line: u64,
    column: u64,
}

pub(super) fn open(mut input: Input) -> Result<Opened, IngestError> {
    let text = input.rest().map_err(|error| IngestError::io(input.name(), error))?;
    let mut ranges = match strict::utf8(&text) {
        Ok(_) if text.trim_ascii().is_empty() => vec![],
        Ok(all) => objects(all).map_err(|fault| broken(input.name(), &text, fault))?,
        Err(fault) => return Err(IngestError::NotUtf8 { name: input.name().to_owned(), line: fault.line }),
    };
    ranges.reverse();
    Ok(Opened::of(Document { input, text, ranges, at: Place { offset: 0, line: 1, column: 1 } }))
}

fn broken(name: &str, text: &[u8], fault: Fault) -> IngestError {
    let objects = text.trim_ascii().starts_with(b"{") && fault.reason.contains("trailing characters");
    let remedy = if objects {
        "if it holds one object a line, read it with `--input-format ndjson`"
    } else {
        "fetch or write the file again"
    };
    let Fault { line, column, reason } = fault;
    IngestError::BrokenJson { name: name.to_owned(), line, column, reason, remedy }
}

/// Where the objects are that stand for records, in order.
fn objects(text: &str) -> Result<Vec<std::ops::Range<usize>>, Fault> {
    let at_fault = |error: serde_json::Error| strict::fault(text.as_bytes(), &error);
    let mut found: Vec<&RawValue> = vec![];
    if text.trim_start().starts_with('[') {
        let items: Vec<&RawValue> = serde_json::from_str(text).map_err(at_fault)?;
        items.into_iter().for_each(|item| expand(item, &mut found));
    } else {
        expand(serde_json::from_str(text).map_err(at_fault)?, &mut found);
    }
    // Raw values are slices of the text: where they start is the distance of the addresses.
    let start = |raw: &RawValue| raw.get().as_ptr().addr() - text.as_ptr().addr();
    Ok(found.into_iter().map(|raw| start(raw)..start(raw) + raw.get().len()).collect())
}

/// Puts the notices of a page in its place.
fn expand<'a>(raw: &'a RawValue, found: &mut Vec<&'a RawValue>) {
    match page(raw) {
        Some(notices) => found.extend(notices),
        None => found.push(raw),
    }
}

fn page(raw: &RawValue) -> Option<Vec<&RawValue>> {
    // Most objects are no pages, and this tells without reading them.
    if !raw.get().contains("\"notices\"") {
        return None;
    }
    let notices = member(member(raw, "_embedded")?, "notices")?;
    serde_json::from_str(notices.get()).ok()
}

fn member<'a>(raw: &'a RawValue, name: &str) -> Option<&'a RawValue> {
    let Members(members) = serde_json::from_str(raw.get()).ok()?;
    members.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

impl RowSource for Document {
    fn batch(&mut self, most: usize) -> Result<Vec<RawRow>, IngestError> {
        gather(most, || {
            let Some(range) = self.ranges.pop() else { return Ok(None) };
            self.at = self.at.until(&self.text, range.start);
            let Place { line, column, .. } = self.at;
            Ok(Some(RawRow { column, ..RawRow::of(line, self.text[range].to_vec(), Body::Json) }))
        })
    }

    fn input(&self) -> &Input {
        &self.input
    }
}

impl Place {
    /// The place of a later byte.
    fn until(self, text: &[u8], offset: usize) -> Self {
        let number = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let between = &text[self.offset..offset];
        let characters = |bytes: &[u8]| number(bytes.iter().filter(|byte| **byte & 0xc0 != 0x80).count());
        let breaks = between.iter().filter(|byte| **byte == b'\n').count();
        let column = match between.iter().rposition(|byte| *byte == b'\n') {
            Some(at) => characters(&between[at + 1..]) + 1,
            None => self.column + characters(between),
        };
        Self { offset, line: self.line + number(breaks), column }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::ReadOptions;
    use std::io::Cursor;

    fn rows(text: &str) -> Vec<(u64, u64, String)> {
        let input = Input::open("test", Box::new(Cursor::new(text.as_bytes().to_vec())), &ReadOptions::default())
            .expect("memory can be read");
        let mut rows = open(input).expect("sound JSON").rows;
        let rows = rows.batch(100).expect("sound JSON");
        rows.into_iter().map(|row| (row.line, row.column, String::from_utf8_lossy(&row.bytes).into_owned())).collect()
    }

    fn error(text: &[u8]) -> String {
        let input = Input::open("a.json", Box::new(Cursor::new(text.to_vec())), &ReadOptions::default())
            .expect("memory can be read");
        open(input).err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn each_object_of_a_list_is_a_row_with_its_place() {
        assert_eq!(
            rows("[\n{\"я\":1}, {\"b\":\n2},\n 3]"),
            [(2, 1, "{\"я\":1}".into()), (2, 10, "{\"b\":\n2}".into()), (4, 2, "3".into())]
        );
        assert_eq!(rows(" {}"), [(1, 2, "{}".into())]);
        assert_eq!(rows("\n \n"), []);
        assert_eq!(rows("[]"), []);
    }

    #[test]
    fn a_page_stands_for_its_notices() {
        let page = r#"{"total":2,"_embedded":{"notices":[{"a":1},{"a":2}]}}"#;
        assert_eq!(rows(page).len(), 2);
        assert_eq!(rows(&format!("[{page},{page}]")).len(), 4);
        assert_eq!(rows(r#"{"_embedded":{"notices":[]}}"#), []);
        assert_eq!(rows(r#"{"text":"\"notices\""}"#).len(), 1);
    }

    #[test]
    fn a_file_that_is_not_sound_to_its_end_is_refused_with_the_place_and_a_remedy() {
        assert_eq!(
            error(b"[{\"a\":1},\n{\"a\":}]"),
            "`a.json` cannot be read: not valid JSON: expected value at line 2, column 6; fetch or write the file again"
        );
        assert!(error(b"{}\n{}").ends_with("read it with `--input-format ndjson`"));
        assert!(error(b"[{}\n,\"\xff\"]").starts_with("`a.json` is not UTF-8 (line 2)"));
    }
}
