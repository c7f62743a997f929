//! Which format an input has: by the extension of its name first, then by how it begins. And the keys of its first row, which
//! tell the profile.

use std::path::Path;

use super::csv::Found;
use super::input::Input;
use super::lines::without_line_end;
use super::profile::is_known_name;
use super::strict::{is_object, string_end};
use super::{DialectChoice, Format, IngestError, ReadOptions};

const PARQUET: &[u8] = b"PAR1";
const ZIP: &[u8] = b"PK\x03\x04";
const XML: &[u8] = b"<";
/// Parts near the beginning of a workbook.
const WORKBOOK: [&[u8]; 2] = [b"[Content_Types].xml", b"xl/"];

/// How other kinds of files begin.
const FOREIGN: [(&[u8], &str); 4] = [
    (ZIP, "is a zip archive; unpack it first, or, if it is a spreadsheet, save it as XLSX or CSV"),
    (
        b"\xd0\xcf\x11\xe0",
        "is an old spreadsheet (XLS) or one with a password; save it as XLSX or CSV, without a password",
    ),
    (b"%PDF", "is a PDF"),
    (XML, "looks like XML or HTML"),
];

/// Whether a file that begins so is no text.
pub(super) fn is_binary(head: &[u8]) -> bool {
    head.starts_with(PARQUET) || FOREIGN.iter().any(|(start, _)| *start != XML && head.starts_with(start))
}

/// Format of an input, unless the options name it.
pub(super) fn recognise(input: &Input, options: &ReadOptions) -> Result<Format, IngestError> {
    let head = input.head();
    if let Some(format) = options.format {
        return Ok(format);
    }
    let by_name = by_name(input.name(), head);
    if let Some(seen) = by_name.and_then(|format| other_than_named(format, head, &options.dialect)) {
        return Err(unknown(input, Some(seen)));
    }
    by_name.or_else(|| by_content(head, &options.dialect)).ok_or_else(|| unknown(input, None))
}

/// What a file begins like that its name says is something else.
fn other_than_named(format: Format, head: &[u8], choice: &DialectChoice) -> Option<String> {
    if format.is_binary() {
        return None;
    }
    // What is wrong with JSON is told with its place by whoever reads it.
    let foreign =
        FOREIGN.iter().find(|(start, _)| head.starts_with(start) && (format == Format::Csv || *start != b"<"));
    if let Some((_, seen)) = foreign {
        return Some((*seen).to_owned());
    }
    let begins = |first: &[u8]| head.trim_ascii_start().starts_with(first);
    let like = match format {
        Format::Csv if begins(b"{\"") || begins(b"[{") => "JSON",
        Format::Ndjson if begins(b"[{") => "a list in JSON",
        Format::Json if by_content(head, choice) == Some(Format::Csv) => "a table",
        _ => return None,
    };
    Some(format!("is named like {} and begins like {like}", format.name()))
}

/// The keys of the first object of an input whose rows are objects written as text.
pub(super) fn keys(format: Format, head: &[u8]) -> Vec<String> {
    match format {
        Format::Ndjson => {
            head.split(|byte| *byte == b'\n').map(first_keys).find(|keys| !keys.is_empty()).unwrap_or_default()
        }
        Format::Json => first_keys(head),
        Format::Csv | Format::Xlsx | Format::Parquet => vec![],
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

fn by_name(name: &str, head: &[u8]) -> Option<Format> {
    match Format::of_name(Path::new(name))? {
        Format::Json if has_object_a_line(head) => Some(Format::Ndjson),
        format => Some(format),
    }
}

fn by_content(head: &[u8], choice: &DialectChoice) -> Option<Format> {
    if head.starts_with(PARQUET) {
        return Some(Format::Parquet);
    }
    if head.starts_with(ZIP) && WORKBOOK.iter().any(|part| contains(head, part)) {
        return Some(Format::Xlsx);
    }
    match head.trim_ascii().first() {
        None => Some(Format::Ndjson),
        Some(b'[') => Some(Format::Json),
        Some(b'{') => Some(if has_object_a_line(head) { Format::Ndjson } else { Format::Json }),
        Some(_) => Found::of(head, choice).names.iter().any(|name| is_known_name(name)).then_some(Format::Csv),
    }
}

/// Whether there are several lines and at least half of them are objects of their own: some may be broken.
fn has_object_a_line(head: &[u8]) -> bool {
    let lines = head.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    // The last line may be cut off.
    let (whole, rest): (Vec<_>, Vec<_>) = lines.partition(|line| line.ends_with(b"\n"));
    let objects = whole.iter().filter(|line| is_object(line)).count();
    objects > 0 && objects * 2 >= whole.len() && whole.len() + rest.len() > 1
}

/// The first line that is not blank.
fn first_line(head: &[u8]) -> &[u8] {
    let lines = head.split(|byte| *byte == b'\n').map(without_line_end);
    lines.into_iter().find(|line| !line.trim_ascii().is_empty()).unwrap_or_default()
}

/// The keys of the first object in a JSON text that may be cut off or broken.
fn first_keys(text: &[u8]) -> Vec<String> {
    let (mut keys, mut depth, mut at) =
        (vec![], 0_usize, text.iter().position(|byte| *byte == b'{').unwrap_or(text.len()));
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth <= 1 => break,
            b'}' | b']' => depth -= 1,
            b'"' => {
                let Some(end) = string_end(text, at + 1) else { break };
                let is_key = text[end..]
                    .trim_ascii_start()
                    .get(1..)
                    .is_some_and(|rest| rest.trim_ascii_start().starts_with(b":"));
                if depth == 1 && is_key {
                    keys.push(String::from_utf8_lossy(&text[at + 1..end]).into_owned());
                }
                at = end;
            }
            _ => {}
        }
        at += 1;
    }
    keys
}

fn unknown(input: &Input, seen: Option<String>) -> IngestError {
    let head = input.head();
    let foreign = || FOREIGN.iter().find(|(start, _)| head.starts_with(start)).map(|(_, seen)| (*seen).to_owned());
    let seen = match seen.or_else(foreign) {
        Some(seen) => seen,
        None => {
            let start: String =
                String::from_utf8_lossy(first_line(head)).chars().filter(|c| !c.is_control()).take(40).collect();
            format!("begins with `{start}`")
        }
    };
    let understood = Format::ALL.map(Format::name).join(", ");
    IngestError::UnknownFormat { name: input.name().to_owned(), seen, understood }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn seen(name: &str, text: &[u8]) -> Result<Format, String> {
        let input = Input::open(name, Box::new(Cursor::new(text.to_vec())), &ReadOptions::default())
            .expect("memory can be read");
        recognise(&input, &ReadOptions::default()).map_err(|error| error.to_string())
    }

    fn profile(name: &str, text: &str) -> String {
        let input = Box::new(Cursor::new(text.as_bytes().to_vec()));
        let reader = crate::ingest::read_from(name, input, &ReadOptions::default()).expect("the input can be opened");
        reader.ledger().profile_name().to_owned()
    }

    #[test]
    fn the_extension_decides_before_the_content() {
        assert_eq!(seen("a.jsonl", b"[1]"), Ok(Format::Ndjson));
        assert_eq!(seen("A.CSV", b"{}"), Ok(Format::Csv));
        assert_eq!(seen("a.parquet", b""), Ok(Format::Parquet));
        assert_eq!(seen("a.json", b"{\n}"), Ok(Format::Json));
        assert_eq!(seen("a.json", b"{\"kind\":1}\n{\"kind\":1}\n"), Ok(Format::Ndjson));
    }

    #[test]
    fn the_content_decides_where_the_name_says_nothing() {
        assert_eq!(seen("-", b"PAR1"), Ok(Format::Parquet));
        assert_eq!(seen("-", b""), Ok(Format::Ndjson));
        assert_eq!(seen("-", b" [{\"kind\":"), Ok(Format::Json));
        assert_eq!(seen("-", b"{\"kind\":1}\n\n{\"ki"), Ok(Format::Ndjson));
        assert_eq!(seen("-", b"{]\n{\"kind\":1}\n"), Ok(Format::Ndjson));
        assert_eq!(seen("-", b"{\n\"charges\": [\n{\"text\":1}\n]}"), Ok(Format::Json));
        assert_eq!(seen("-", b"\"kind\";sex\n"), Ok(Format::Csv));
    }

    #[test]
    fn keys_tell_the_profile() {
        for text in [
            r#"[{"a": {"x": 1}, "arrest_warrants" : []}]"#,
            r#"{"total": 1, "_embedded": {"notices": []}}"#,
            r#"{"status":404,"name":"NotFoundError","message":"Not Found"}"#,
        ] {
            assert_eq!(profile("a.json", text), "interpol-api", "{text}");
        }
        assert_eq!(profile("a.csv", "entity_id,forename,name\n"), "interpol-api");
        let ours = r#"{"kind":"sltd","forename":"a misspelt key","charges":[{"entity_id":1}]}"#;
        assert_eq!(profile("a.json", ours), "canonical");
        assert_eq!(profile("a.json", r#"{"facts_summary":"\"entity_id\": 1"}"#), "canonical");
        assert_eq!(profile("a.csv", "kind,sex\n"), "table");
        assert_eq!(profile("a.csv", "Forename,Surname,Charge\n"), "table");
        assert_eq!(profile("a.csv", "id,schema,name,sanctions,dataset\n"), "opensanctions-csv");
        assert_eq!(profile("a.json", r#"{"id":"1","schema":"Person","properties":{}}"#), "opensanctions-ftm");
    }

    #[test]
    fn what_is_not_understood_is_named_with_a_remedy() {
        let error = seen("a.zip", b"PK\x03\x04").expect_err("not understood");
        assert!(error.contains("is a zip archive; unpack it first"), "{error}");
        assert!(error.contains("understood are ndjson, json, csv, xlsx, parquet"), "{error}");
        assert!(seen("-", b"hello world").expect_err("not understood").contains("begins with `hello world`"));
    }

    #[test]
    fn a_name_that_the_content_gives_the_lie_is_not_believed() {
        for (name, text, like) in [
            ("a.csv", "{\"kind\":\"sltd\"}\n", "is named like csv and begins like JSON"),
            ("a.csv", "<html>", "looks like XML or HTML"),
            ("a.ndjson", " [{\"kind\":\"sltd\"}]", "is named like ndjson and begins like a list in JSON"),
            ("a.json", "record_id,kind\n1,sltd\n", "is named like json and begins like a table"),
            ("a.csv", "%PDF-1.7", "is a PDF"),
        ] {
            assert!(seen(name, text.as_bytes()).is_err_and(|error| error.contains(like)), "{name} {text}");
        }
    }

    #[test]
    fn a_profile_that_cannot_read_the_format_is_refused() {
        let options = ReadOptions { profile: crate::ingest::Profile::built_in("table"), ..ReadOptions::default() };
        let input = Box::new(Cursor::new(b"[]".to_vec()));
        let error = crate::ingest::read_from("a.json", input, &options).expect_err("refused").to_string();
        assert!(error.starts_with("profile `table` reads csv or xlsx, but `a.json` is json"), "{error}");
    }
}
