//! Persons to bytes: which records are read as one person's, and why, part by part.
//!
//! In go [`Group`]s made by whoever read the records, in any order; out come text, JSON lines or a table. A person is
//! called by the first id of its records; what is written depends on neither the order of the records nor on threads.

use std::io::{self, Write};

use serde::Serialize;

use super::View;
use super::paint::{Line, Tone};
use super::words::count;
use super::write_line;

/// The records that are read as one person's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Group {
    /// The first id of its records.
    pub person: String,
    /// Its records, by id.
    pub records: Vec<Entry>,
    /// The links that hold it together, and pairs that are alike and were kept apart.
    pub links: Vec<Pair>,
}

/// A record, as far as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Entry {
    /// Its id.
    pub record_id: String,
    /// The name as written, family name first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The birth date as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date_of_birth: Option<String>,
    /// Kind of instrument.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Who asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requesting_country: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requested_at: Option<String>,
    /// What became of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
}

/// Two records held against each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Pair {
    /// The id of one.
    pub a: String,
    /// The id of the other.
    pub b: String,
    /// Whether they are linked; else they are alike and kept apart.
    pub linked: bool,
    /// What they have in common counts so much.
    pub points: i32,
    /// Why, part by part.
    pub why: Vec<String>,
}

/// What was linked, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Linked {
    /// Number of records.
    pub records: u64,
    /// Persons with two records or more, and the records they have.
    pub several: (u64, u64),
    /// Records that say too little to tell whose they are.
    pub thin: u64,
    /// Pairs that are alike and were kept apart.
    pub apart: u64,
    /// The linkage profile and its version.
    pub profile: String,
}

/// Says what all of this is not.
pub const NOTE: &str = "That records are read as one person is a reason to look, not a finding about a person.";

/// What a record must say so that it can be linked.
const NEEDED: &str = "that takes a name of two parts with a birth date, or a person id";

/// Writes a person as text.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_text(out: &mut dyn Write, group: &Group, view: View) -> io::Result<()> {
    let put =
        |out: &mut dyn Write, line: Line, indent: &str| write!(out, "{}", line.wrap(view.paint, indent, view.width));
    let read = match group.records.len() {
        1 => "read as nobody else's".to_owned(),
        records => format!("{records} records read as one person"),
    };
    put(out, Line::of(Tone::Strong, group.person.as_str()).and(Tone::Plain, read), "")?;
    for entry in &group.records {
        let facts = [&entry.kind, &entry.requesting_country, &entry.requested_at, &entry.status];
        let facts: Vec<String> = facts.into_iter().flatten().map(|fact| fact.replace('_', " ")).collect();
        let born = entry.date_of_birth.as_ref().map(|date| format!(", born {date}")).unwrap_or_default();
        let name = entry.name.as_deref().unwrap_or("no name");
        let line = Line::of(Tone::Plain, entry.record_id.as_str()).and(Tone::Plain, format!("{name}{born}"));
        put(out, line.and(Tone::Dim, facts.join(", ")), "  ")?;
    }
    for pair in &group.links {
        let (tone, what) = if pair.linked { (Tone::Dim, "linked") } else { (Tone::Notable, "kept apart") };
        let head = format!("{} and {}, {} points:", pair.a, pair.b, pair.points);
        put(out, Line::of(tone, what).and(Tone::Plain, head).and(Tone::Plain, pair.why.join("; ")), "    ")?;
    }
    writeln!(out)
}

/// Writes that nobody could tell whose a record is.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_thin(out: &mut dyn Write, record: &str, view: View) -> io::Result<()> {
    let line =
        Line::of(Tone::Strong, record).and(Tone::Plain, format!("says too little to tell whose it is: {NEEDED}"));
    writeln!(out, "{}", line.wrap(view.paint, "", view.width))
}

/// Writes a person as a line of JSON.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_json(out: &mut dyn Write, group: &Group) -> io::Result<()> {
    write_line(out, group)
}

/// Writes which person each record is read as: a line each, by person and record; the person of a record that says too
/// little is empty.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_csv(out: &mut dyn Write, records: &[(String, String)]) -> io::Result<()> {
    let mut csv = ::csv::Writer::from_writer(out);
    csv.write_record(["record_id", "person"])?;
    for (record, person) in records {
        csv.write_record([super::csv::safe(record), super::csv::safe(person)])?;
    }
    csv.flush()
}

/// The numbers in a few lines.
#[must_use]
pub fn told(linked: &Linked, seconds: f64) -> String {
    let (persons, records) = linked.several;
    let thin = match linked.thin {
        0 => String::new(),
        thin => format!("thin       {} that cannot be linked: {NEEDED}\n", count(thin, "record")),
    };
    let apart = match linked.apart {
        0 => String::new(),
        apart => format!("apart      {} alike and kept apart, because something contradicts\n", count(apart, "pair")),
    };
    format!(
        "persons    {} with several records, {} in all; {} read\n{thin}{apart}profile    {}\ntime       {seconds:.1} s\n",
        count(persons, "person"),
        count(records, "record"),
        count(linked.records, "record"),
        linked.profile
    )
}
