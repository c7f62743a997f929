//! Naughty strings in text fields: every row is accounted for, every output can be read back, and no cell starts a formula.

use std::path::Path;

use serde_json::{Value, json};

use super::case::Case;
use super::run::Seen;

/// The fields that a string is put into.
const FIELDS: [&str; 8] =
    ["record_id", "family_name", "forenames", "place_of_birth", "facts_summary", "warrant_ref", "case_ref", "source"];
/// What a formula begins with in a spreadsheet.
const TRIGGERS: [char; 4] = ['=', '+', '-', '@'];

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let text = |path: &str| std::fs::read_to_string(folder.join(path)).unwrap_or_default();
    let lines = |path: &str| text(path).lines().map(str::to_owned).collect::<Vec<_>>();
    let naughty: Vec<String> = serde_json::from_str(&text("blns/blns.json")).unwrap_or_default();
    let markup = lines("xss/Intruder/xss-payload-list.txt");
    let formulas = lines("csv-injection/Intruder/csv-payload.txt");
    let mut cases: Vec<Case> = FIELDS.iter().flat_map(|field| outputs("blns", field, &naughty)).collect();
    cases.extend(["record_id", "facts_summary"].iter().flat_map(|field| outputs("xss", field, &markup)));
    cases.extend(outputs("csv-injection", "record_id", &formulas));
    cases.extend(as_table("blns", &naughty));
    cases.extend(utf8(&lines("utf8tests/utf8tests.txt")));
    cases
}

/// The strings in one field of as many records, in each form of output.
fn outputs(suite: &'static str, field: &str, strings: &[String]) -> Vec<Case> {
    let record = |string: &String| {
        let mut record = json!({"kind": "red_notice", "charges": [{"text": "Robbery"}]});
        record[field] = Value::from(string.as_str());
        format!("{record}\n")
    };
    let text: String = strings.iter().map(record).collect();
    let case = |form: &str| {
        let command = format!("scan FILE --rules RULES --all --format {form}");
        let case = Case::new(suite, format!("in {field} as {form}")).file("a.ndjson", text.as_bytes()).run(&command);
        case.exits(&[0]).covers(strings.len()).must(all_kept(strings.len()))
    };
    vec![
        case("table").must(|seen| no_control(&seen.out)),
        case("jsonl").must(|seen| json_lines(&seen.out).map(|_| ())),
        case("csv").must(no_formula),
    ]
}

/// The strings as cells of a table.
fn as_table(suite: &'static str, strings: &[String]) -> Option<Case> {
    let mut table = csv::Writer::from_writer(vec![]);
    table.write_record(["kind", "case_ref", "family_name"]).ok()?;
    for (at, string) in strings.iter().enumerate() {
        table.write_record(["red_notice", &at.to_string(), string]).ok()?;
    }
    let case = Case::new(suite, "as cells of a table").file("a.csv", table.into_inner().ok()?);
    Some(case.covers(strings.len()).must(all_kept(strings.len())))
}

/// No string is lost: equal records count as duplicates.
fn all_kept(strings: usize) -> impl Fn(&Seen) -> Result<(), String> {
    move |seen| match seen.ledger() {
        Some(ledger) if ledger.rejected == 0 && ledger.read == strings as u64 => Ok(()),
        ledger => Err(format!("{ledger:?} where {strings} rows are sound")),
    }
}

pub(super) fn no_control(text: &str) -> Result<(), String> {
    let acts = |c: &char| *c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(c));
    text.chars().find(acts).map_or(Ok(()), |c| Err(format!("prints {c:?} as it is")))
}

fn json_lines(text: &str) -> Result<Vec<Value>, String> {
    text.split_terminator('\n')
        .map(|line| serde_json::from_str(line).map_err(|error| format!("{error}: {line}")))
        .collect()
}

/// Every cell that is text is no formula: only a number may begin with a sign.
pub(super) fn no_formula(seen: &Seen) -> Result<(), String> {
    let mut table = csv::ReaderBuilder::new().from_reader(seen.out.as_bytes());
    for row in table.records() {
        let row = row.map_err(|error| format!("the table cannot be read back: {error}"))?;
        let formula = row.iter().find(|cell| starts_formula(cell) && cell.parse::<f64>().is_err());
        if let Some(cell) = formula {
            return Err(format!("a cell starts with a formula: {cell:?}"));
        }
    }
    Ok(())
}

/// White space, controls and full-width forms in front do not keep a spreadsheet from running it.
fn starts_formula(cell: &str) -> bool {
    let first = cell.chars().find(|c| !c.is_whitespace() && !c.is_control() && *c != '"');
    let narrow = |c: char| match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        c => c,
    };
    first.is_some_and(|c| TRIGGERS.contains(&narrow(c))) || cell.starts_with(['\t', '\r', '\n', '\0'])
}

/// Sound UTF-8 is read, and a line that is not costs one row, at its line.
fn utf8(lines: &[String]) -> Option<Case> {
    let (mut text, mut count, mut rejected) = (vec![], 0, 0);
    for line in lines.iter().filter(|line| !line.trim().is_empty() && !line.starts_with('#')) {
        let mut parts = line.splitn(3, ':').skip(1);
        let (Some(kind), Some(value)) = (parts.next().map(str::trim), parts.next()) else { continue };
        let bytes = if kind.ends_with("hex") { hex(value.split(':').next()?) } else { value.as_bytes().to_vec() };
        count += 1;
        // What JSON must escape is not the point here.
        let bare: Vec<u8> = bytes.into_iter().filter(|byte| *byte >= 0x20 && !b"\"\\".contains(byte)).collect();
        rejected += usize::from(kind.starts_with("invalid"));
        text.extend(
            [br#"{"kind":"red_notice","case_ref":""#, count.to_string().as_bytes(), br#"","source":""#].concat(),
        );
        text.extend(bare);
        text.extend(b"\"}\n");
    }
    let case = Case::new("utf8tests", "one row a string").file("a.ndjson", text).covers(count);
    let case = case.run("scan FILE --rules RULES --max-rejects 1000 --format jsonl");
    Some(case.exits(&[0]).must(move |seen| match seen.ledger() {
        Some(ledger) if (ledger.read, ledger.rejected) == (count as u64, rejected as u64) => Ok(()),
        ledger => Err(format!("{ledger:?} where {count} rows hold {rejected} that are not UTF-8")),
    }))
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let byte = |pair: &[u8]| u8::from_str_radix(&String::from_utf8_lossy(pair), 16).ok();
    digits.chunks(2).filter_map(byte).collect()
}
