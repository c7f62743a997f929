//! A file of labels: CSV with a header, or one JSON object a line, with the same names.
//!
//! In go bytes, out come [`Labels`] or every fault with its line and its remedy: a label is never guessed, and a record that
//! is labelled in two ways has no label. Columns of other names are not read, and named.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::label::{Label, Labelled};
use crate::diag::did_you_mean;
use crate::rule::Factor;
use crate::text::hex;

/// The columns of a file of labels. The first two are needed.
pub const COLUMNS: [&str; 8] =
    ["record_id", "label", "ground", "letters", "letters_against", "chapter", "case", "note"];

/// A table with more columns is none of labels.
const MOST_COLUMNS: usize = 1000;

/// The labels of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    /// The file, as it was named.
    pub file: String,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
    /// The labels, in the order of their ids, each id once.
    pub all: Vec<Labelled>,
    /// Lines that say again what an earlier one says.
    pub repeated: u64,
    /// Columns that are not read.
    pub ignored: Vec<String>,
}

/// Something wrong in a file of labels.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The line, counted from 1; none where the file as a whole is meant.
    pub line: Option<u64>,
    /// What is wrong, and what to do.
    pub text: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}", self.text),
            None => f.write_str(&self.text),
        }
    }
}

impl Labels {
    /// Reads a file of labels.
    ///
    /// # Errors
    /// Every fault of the file, in the order of its lines.
    pub fn parse(file: &str, bytes: &[u8]) -> Result<Self, Vec<Fault>> {
        let whole = |text: &str| vec![Fault { line: None, text: text.to_owned() }];
        let text = std::str::from_utf8(bytes).map_err(|_ignored| whole("it is not UTF-8; save it as UTF-8"))?;
        let text = text.trim_start_matches('\u{feff}');
        let mut reading = Reading::default();
        if text.trim_start().starts_with('{') {
            reading.json(text);
        } else {
            reading.csv(text);
        }
        if reading.faults.is_empty() && reading.labels.is_empty() {
            return Err(whole("it holds no label"));
        }
        if !reading.faults.is_empty() {
            return Err(reading.faults);
        }
        Ok(Self {
            file: file.to_owned(),
            sha256: hex(&Sha256::digest(bytes)),
            all: reading.labels.into_values().map(|(labelled, _)| labelled).collect(),
            repeated: reading.repeated,
            ignored: reading.ignored.into_iter().collect(),
        })
    }

    /// The place of a record's label in [`Labels::all`].
    #[must_use]
    pub fn position(&self, record_id: &str) -> Option<usize> {
        self.all.binary_search_by(|labelled| labelled.record_id.as_str().cmp(record_id)).ok()
    }
}

/// The cells of a line by the name of their column.
type Cells = BTreeMap<String, String>;

/// What was read so far.
#[derive(Default)]
struct Reading {
    /// By record, each with its line.
    labels: BTreeMap<String, (Labelled, u64)>,
    repeated: u64,
    ignored: BTreeSet<String>,
    faults: Vec<Fault>,
}

impl Reading {
    fn fault(&mut self, line: u64, text: impl Into<String>) {
        self.faults.push(Fault { line: Some(line), text: text.into() });
    }

    fn csv(&mut self, text: &str) {
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).from_reader(text.as_bytes());
        let header: Vec<String> = match reader.headers() {
            Ok(header) => header.iter().map(|name| name.trim().to_lowercase()).collect(),
            Err(error) => return self.fault(1, error.to_string()),
        };
        if header.len() > MOST_COLUMNS {
            return self.fault(1, format!("it has {} columns; the columns are {}", header.len(), COLUMNS.join(", ")));
        }
        for name in COLUMNS {
            let near = did_you_mean(name, header.iter().map(String::as_str));
            let near = near.map(|near| format!(" (is it `{near}`?)")).unwrap_or_default();
            match header.iter().filter(|known| *known == name).count() {
                0 if COLUMNS[..2].contains(&name) => {
                    self.fault(1, format!("there is no column `{name}`{near}; the columns are {}", COLUMNS.join(", ")));
                }
                0 | 1 => {}
                _ => self.fault(1, format!("the column `{name}` stands there twice; take one out")),
            }
        }
        if !self.faults.is_empty() {
            return;
        }
        for row in reader.records() {
            match row {
                Err(error) => self.fault(error.position().map_or(1, csv::Position::line), error.to_string()),
                Ok(row) => {
                    let line = row.position().map_or(1, csv::Position::line);
                    if row.len() != header.len() {
                        let so = format!("it has {} cells and the header has {}", row.len(), header.len());
                        self.fault(line, format!("{so}; put a cell that holds a comma into double quotes"));
                        continue;
                    }
                    let cells = header.iter().cloned().zip(row.iter().map(str::to_owned)).collect();
                    self.line(line, cells);
                }
            }
        }
    }

    fn json(&mut self, text: &str) {
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            let number = u64::try_from(at).map_or(u64::MAX, |at| at + 1);
            match serde_json::from_str::<Map<String, Json>>(line) {
                Err(error) => self.fault(number, format!("it is no JSON object: {error}")),
                Ok(object) => match object.into_iter().filter_map(cell).collect() {
                    Ok(cells) => self.line(number, cells),
                    Err(name) => self.fault(number, format!("`{name}` is neither text nor a list of texts")),
                },
            }
        }
    }

    /// Takes a line in, or says what is wrong with it.
    fn line(&mut self, line: u64, cells: Cells) {
        let filled: Cells = cells
            .into_iter()
            .map(|(name, cell)| (name, cell.trim().to_owned()))
            .filter(|(_, cell)| !cell.is_empty())
            .collect();
        if filled.is_empty() {
            return;
        }
        self.ignored.extend(filled.keys().filter(|name| !COLUMNS.contains(&name.as_str())).cloned());
        match labelled(filled) {
            Err(text) => self.fault(line, text),
            Ok(labelled) => self.add(line, labelled),
        }
    }

    fn add(&mut self, line: u64, labelled: Labelled) {
        let fault = match self.labels.get(&labelled.record_id) {
            None => {
                self.labels.insert(labelled.record_id.clone(), (labelled, line));
                return;
            }
            Some((known, _)) if *known == labelled => {
                self.repeated += 1;
                return;
            }
            Some((known, first)) => {
                let other = match (known.label.word(), labelled.label.word()) {
                    (there, here) if there == here => "other columns say something else".to_owned(),
                    (there, here) => format!("`{there}` there, `{here}` here"),
                };
                let id = &known.record_id;
                format!("`{id}` is labelled in line {first} already ({other}); keep one of the two lines")
            }
        };
        self.fault(line, fault);
    }
}

/// What stands between the cells: what the header has most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or_default();
    let often = |delimiter: &u8| header.bytes().filter(|byte| byte == delimiter).count();
    // Of equals the last one wins, so the comma stands last.
    [b'\t', b';', b','].into_iter().max_by_key(often).unwrap_or(b',')
}

/// A value of an object as a cell; none where it is null. The error is the name.
fn cell((name, value): (String, Json)) -> Option<Result<(String, String), String>> {
    let text = match value {
        Json::Null => return None,
        // What is not read may have any shape.
        _ if !COLUMNS.contains(&name.as_str()) => "…".to_owned(),
        Json::String(text) => text,
        Json::Number(number) => number.to_string(),
        Json::Array(parts) if parts.iter().all(Json::is_string) => {
            parts.iter().filter_map(Json::as_str).collect::<Vec<_>>().join(" ")
        }
        _ => return Some(Err(name)),
    };
    Some(Ok((name, text)))
}

/// The cells of a line as a label; the error is what is wrong.
fn labelled(mut cells: Cells) -> Result<Labelled, String> {
    let record_id = cells.remove("record_id").ok_or("it has no `record_id`; give the id of the record")?;
    let words = Label::ALL.map(Label::word);
    let word = cells
        .remove("label")
        .ok_or_else(|| format!("`{record_id}` has no label; give one of {}, or take the line out", words.join(", ")))?;
    let label = Label::parse(&word).ok_or_else(|| {
        let near = did_you_mean(&word, words).map(|near| format!("; did you mean `{near}`?"));
        format!("`{word}` is no label{}", near.unwrap_or_else(|| format!("; the labels are {}", words.join(", "))))
    })?;
    let mut rest = |name: &str| cells.remove(name);
    Ok(Labelled {
        record_id,
        label,
        ground: rest("ground"),
        letters: factors(&rest("letters").unwrap_or_default())?,
        letters_against: factors(&rest("letters_against").unwrap_or_default())?,
        chapter: rest("chapter"),
        case: rest("case"),
        note: rest("note"),
    })
}

/// The factors that a cell names, in order, each once.
fn factors(cell: &str) -> Result<Vec<Factor>, String> {
    let between = |c: char| c.is_whitespace() || matches!(c, ',' | ';' | '|');
    let factor = |word: &str| {
        Factor::parse(&word.to_lowercase()).ok_or_else(|| {
            let known: Vec<&str> = Factor::ALL.iter().map(|factor| factor.word()).collect();
            format!("`{word}` is no factor; the factors are {}, with a blank between two", known.join(", "))
        })
    };
    let named: Result<BTreeSet<Factor>, String> =
        cell.split(between).filter(|word| !word.is_empty()).map(factor).collect();
    Ok(named?.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Labels, Vec<String>> {
        let faults = |faults: Vec<Fault>| faults.iter().map(Fault::to_string).collect();
        Labels::parse("labels", text.as_bytes()).map_err(faults)
    }

    #[test]
    fn a_table_and_lines_of_json_say_the_same() {
        let table = "record_id,label,ground,letters,letters_against,chapter,case,note\nn-2,compliant,,,,3.4,,\n\
                     n-1,not_compliant,art3,\"d, A\",d,3.4,c-1,\"why, so\"\n";
        let lines = "{\"record_id\":\"n-1\",\"label\":\"not_compliant\",\"ground\":\"art3\",\"letters\":[\"a\",\"d\"],\"letters_against\":\"d\",\
                     \"chapter\":\"3.4\",\"case\":\"c-1\",\"note\":\"why, so\"}\n\n\
                     {\"record_id\":\"n-2\",\"label\":\"compliant\",\"chapter\":\"3.4\",\"note\":null}\n";
        let (table, lines) = (parse(table).expect("a table"), parse(lines).expect("lines"));
        assert_eq!(table.all, lines.all);
        assert_eq!(table.all[0].letters, [Factor::A, Factor::D]);
        assert_eq!(table.all[0].letters_against, [Factor::D]);
        assert_eq!((table.position("n-2"), table.position("n-3")), (Some(1), None));
        let semicolons = parse("\u{feff}Record_ID;Label\nn-1;partial\n").expect("a table");
        assert_eq!(semicolons.all[0].label, Label::Partial);
    }

    #[test]
    fn a_record_with_two_labels_is_a_fault_and_the_same_line_twice_is_none() {
        let twice = "record_id,label\nn-1,compliant\nn-1,compliant\n";
        assert_eq!(parse(twice).map(|labels| (labels.all.len(), labels.repeated)), Ok((1, 1)));
        let two = parse("record_id,label\nn-1,compliant\nn-2,partial\nn-1,not_compliant\n").expect_err("two values");
        let said = "line 4: `n-1` is labelled in line 2 already (`compliant` there, `not_compliant` here)";
        assert_eq!(two, [format!("{said}; keep one of the two lines")]);
        let other = parse("record_id,label,letters\nn-1,compliant,a\nn-1,compliant,b\n").expect_err("two values");
        assert!(other[0].contains("in line 2 already (other columns say something else)"), "{other:?}");
    }

    #[test]
    fn every_fault_has_its_line_and_a_remedy() {
        let faults = parse("record_id,label,letters\nn-1,complaint\n,partial\nn-3,\nn-4,partial,h\nn-5,partial,a,b\n");
        let faults = faults.expect_err("faults");
        let begins =
            ["line 2: it has 2 cells", "line 3: it has 2", "line 4: it has 2", "line 5: `h` is", "line 6: it has 4"];
        assert!(faults.iter().zip(begins).all(|(fault, begin)| fault.starts_with(begin)), "{faults:?}");
        let faults = parse("record_id,label\nn-1,complaint\n,partial\nn-3,\n").expect_err("faults");
        assert!(faults[0].ends_with("did you mean `compliant`?"), "{faults:?}");
        assert!(faults[1].contains("give the id") && faults[2].contains("take the line out"), "{faults:?}");
        let faults = parse("id,label\nn-1,compliant\n").expect_err("a fault");
        assert!(faults[0].starts_with("line 1: there is no column `record_id`"), "{faults:?}");
        assert_eq!(parse("record_id,label\n"), Err(vec!["it holds no label".to_owned()]));
        assert!(Labels::parse("labels", b"record_id,label\n\xff,compliant\n").is_err());
    }

    #[test]
    fn what_is_not_read_is_named() {
        let labels = parse("record_id,label,letter\nn-1,compliant,a\n").expect("labels");
        assert_eq!(labels.ignored, ["letter"]);
        let labels = parse("{\"record_id\":\"n-1\",\"label\":\"compliant\",\"records\":[{}]}").expect("labels");
        assert_eq!(labels.ignored, ["records"]);
    }
}
