//! What a file holds: its fields and how well they are filled, its kinds of record, its dates, one record as an example.

use std::collections::BTreeMap;
use std::io::{self, Write};

use super::cards::View;
use super::paint::{Line, Tone};
use super::table::aligned;
use super::words::{balance, count, dates, oddities, plain};
use crate::ingest::Ledger;
use crate::operator::show;
use crate::record::{Field, Leaf, Missing, PartialDate, Record, Row, State, Value};
use crate::table::NoticeTable;

/// Lines of the example.
const LINES: usize = 100;
/// The longest text of the example, in characters.
const LONGEST: usize = 160;

/// What was counted so far.
#[derive(Debug, Default)]
pub struct Contents {
    rows: u64,
    fields: BTreeMap<Field, Filled>,
    kinds: BTreeMap<String, u64>,
    requesters: BTreeMap<String, u64>,
    sample: Option<Record>,
}

/// How one field is filled.
#[derive(Debug, Default)]
struct Filled {
    states: [u64; State::ALL.len()],
    dates: Option<(PartialDate, PartialDate)>,
}

impl Contents {
    /// Counts a chunk.
    pub fn add(&mut self, table: &NoticeTable) {
        let columns = table.columns();
        for field in columns.fields().filter(|field| !field.spec().derived) {
            let filled = self.fields.entry(field).or_insert_with(|| Filled::after(self.rows));
            for row in 0..table.len() {
                let view = columns.row(row);
                filled.states[state(&view, field) as usize] += 1;
                for cell in (0..view.len(field)).map(|at| view.cell(field, at)) {
                    if let Ok(Value::Date(date)) = cell {
                        filled.see(date);
                    }
                }
            }
        }
        for (field, filled) in &mut self.fields {
            if columns.get(*field).is_none() {
                filled.states[State::NotCarried as usize] += rows(table);
            }
        }
        for row in 0..table.len() {
            let view = columns.row(row);
            for (field, counts) in [(Field::KIND, &mut self.kinds), (Field::REQUESTING_COUNTRY, &mut self.requesters)] {
                if let Ok(value) = view.cell(field, 0) {
                    *counts.entry(show(field, &value)).or_default() += 1;
                }
            }
        }
        if self.sample.is_none() && !table.is_empty() {
            self.sample = Some(table.record(0));
        }
        self.rows += rows(table);
    }
}

impl Filled {
    /// A field that the rows before did not carry.
    fn after(rows: u64) -> Self {
        let mut filled = Self::default();
        filled.states[State::NotCarried as usize] = rows;
        filled
    }

    fn see(&mut self, date: PartialDate) {
        let (first, last) = self.dates.get_or_insert((date, date));
        if date.first < first.first {
            *first = date;
        }
        if date.last > last.last {
            *last = date;
        }
    }

    fn row(&self, field: Field) -> [String; 7] {
        let number = |state| match self.states[state as usize] {
            0 => "-".to_owned(),
            rows => rows.to_string(),
        };
        [
            field.path().to_owned(),
            number(State::Value),
            number(State::Blank),
            number(State::Withheld),
            number(State::Invalid),
            number(State::NotCarried),
            self.dates.map_or_else(String::new, |(first, last)| format!("{first} to {last}")),
        ]
    }
}

fn rows(table: &NoticeTable) -> u64 {
    u64::try_from(table.len()).unwrap_or(u64::MAX)
}

/// Writes what a file holds.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_contents(out: &mut dyn Write, contents: &Contents, ledger: &Ledger, view: View) -> io::Result<()> {
    let line = |mark: &str, line: &Line| line.wrap(view.paint, mark, view.width);
    let strong = |text: &str| line("", &Line::of(Tone::Strong, text));
    let head = Line::of(Tone::Strong, &ledger.file)
        .and(Tone::Plain, format!("is {}, read as {},", ledger.format_name(), ledger.profile_name()))
        .and(Tone::Plain, format!("{} long", count(ledger.bytes, "byte")));
    let head = match ledger.packing {
        Some(packing) => head.and(Tone::Plain, format!("packed with {}", packing.name())),
        None => head,
    };
    writeln!(out, "{}{}", line("", &head), balance(ledger))?;
    if let Some(encoding) = ledger.encoding.and_then(|found| found.remark()) {
        write!(out, "{}", line("", &Line::of(Tone::Plain, format!("Encoding: {encoding}"))))?;
    }
    if let Some(layout) = &ledger.layout {
        write!(out, "{}", line("", &Line::of(Tone::Plain, format!("Layout: {layout}"))))?;
    }
    let odd = oddities(ledger);
    if !odd.is_empty() {
        write!(out, "{}", line("", &Line::of(Tone::Notable, format!("warning: {odd}"))))?;
    }
    for said in dates(ledger) {
        write!(out, "{}", line("", &Line::of(Tone::Plain, format!("Dates: {said}"))))?;
    }
    for warning in &ledger.warnings {
        let place = warning.line.map(|line| format!("line {line}: ")).unwrap_or_default();
        write!(out, "{}", line("  ", &Line::of(Tone::Notable, format!("warning: {place}{}", warning.text))))?;
    }
    let more = ledger.warned.saturating_sub(u64::try_from(ledger.warnings.len()).unwrap_or(u64::MAX));
    if more > 0 {
        write!(out, "{}", line("  ", &Line::of(Tone::Notable, format!("warning: and {more} more of this file"))))?;
    }
    for (what, counts) in [("Kinds of record", &contents.kinds), ("Requesting countries", &contents.requesters)] {
        if !counts.is_empty() {
            write!(out, "\n{}{}", strong(what), line("  ", &Line::of(Tone::Plain, listed(counts))))?;
        }
    }
    if !ledger.ignored_fields.is_empty() {
        let ignored = ledger.ignored_fields.iter().map(|(name, rows)| (name.clone(), *rows)).collect();
        write!(
            out,
            "\n{}{}",
            strong("Ignored: not fields of a record"),
            line("  ", &Line::of(Tone::Plain, listed(&ignored)))
        )?;
    }
    let table: Vec<_> = contents.fields.iter().map(|(field, filled)| filled.row(*field)).collect();
    let heading = ["field", "value", "empty", "withheld", "unreadable", "not carried", "dates"];
    write!(out, "\n{}", aligned(heading, &table, view.paint))?;
    if let Some(record) = &contents.sample {
        write!(out, "\n{}", strong("The first record"))?;
        for (field, text) in example(record) {
            let shown = Line::of(Tone::Dim, format!("{field}:")).and(Tone::Plain, text);
            write!(out, "{}", line("  ", &shown))?;
        }
    }
    Ok(())
}

/// The most frequent first.
fn listed(counts: &BTreeMap<String, u64>) -> String {
    let mut all: Vec<_> = counts.iter().collect();
    all.sort_by_key(|(word, rows)| (std::cmp::Reverse(**rows), word.as_str()));
    all.iter().map(|(word, rows)| format!("{} ({rows})", plain(word))).collect::<Vec<_>>().join(", ")
}

/// The state of a field in a row. A list whose cells all lack a value is in the state of the first one.
fn state(row: &impl Row, field: Field) -> State {
    let mut cells = (0..row.len(field)).map(|at| row.cell(field, at));
    match cells.next() {
        Some(Err(first)) if cells.all(|cell| cell.is_err()) => first,
        _ => row.state(field),
    }
}

/// The fields of a record that say something, as far as they can be taken in.
fn example(record: &Record) -> Vec<(String, String)> {
    let mut lines = vec![];
    for (field, leaf) in record.leaves().filter(|(field, _)| !field.spec().derived) {
        for (at, cell) in leaf.cells().iter().enumerate() {
            let text = match cell {
                Ok(Value::Object) | Err(Missing::NotCarried) => continue,
                Ok(value) => show(field, &value.borrowed()),
                Err(missing) => missing.state().name().replace('_', " "),
            };
            lines.push((field.cell_path(at), shortened(&text)));
            if lines.len() >= LINES {
                lines.push(("…".to_owned(), "the record goes on".to_owned()));
                return lines;
            }
        }
        if let Leaf::Many(Err(missing)) = leaf {
            lines.push((field.path().to_owned(), missing.state().name().replace('_', " ")));
        }
    }
    lines
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
