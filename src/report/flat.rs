//! A case as one row of a table: what CSV, XLSX and Parquet hold. A view of the contract, for spreadsheets and data frames.

use std::collections::BTreeSet;

use super::Bits;
use super::wire::MOST_LINKS;
use crate::explain::{Case, Finding};

/// What stands between the entries of one cell.
const BETWEEN: &str = " | ";

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, some of it from the data.
    Text(String),
    /// Nothing.
    Nothing,
    /// A number of bits.
    Bits(Bits),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(u64),
}

/// The columns, in order.
pub const COLUMNS: [&str; 20] = [
    "record_id",
    "kind",
    "requesting_country",
    "outcome",
    "grounds",
    "score_bits",
    "low_bits",
    "high_bits",
    "band",
    "settled",
    "rank",
    "reasons",
    "mitigating",
    "questions",
    "missing",
    "file",
    "line",
    "suppressed",
    "ruleset",
    "links",
];

/// The cells of a case, one for each of [`COLUMNS`].
#[must_use]
pub fn cells(case: &Case) -> [Cell; COLUMNS.len()] {
    let assessment = &case.assessment;
    let grounds = assessment.grounds.iter().map(|ground| ground.word().to_owned());
    let maybe = |text: &Option<String>| text.clone().map_or(Cell::Nothing, Cell::Text);
    [
        Cell::Text(case.record_id.clone()),
        maybe(&case.kind),
        maybe(&case.requesting_country),
        Cell::Text(assessment.outcome.word().to_owned()),
        joined(grounds),
        Cell::Bits(Bits(assessment.total)),
        Cell::Bits(Bits(assessment.low)),
        Cell::Bits(Bits(assessment.high)),
        Cell::Text(assessment.band.word().to_owned()),
        Cell::Flag(assessment.settled),
        Cell::Number(case.rank),
        joined(case.findings.iter().chain(&case.gaps).map(reason)),
        joined(case.mitigating.iter().map(reason)),
        joined(case.ask.iter().map(|question| question.text.clone())),
        joined(missing(case).into_iter().map(str::to_owned)),
        Cell::Text(case.locator.file.clone()),
        Cell::Number(case.locator.line),
        joined(case.suppressed.iter().map(suppressed)),
        maybe(&case.ruleset),
        joined(links(case).into_iter()),
    ]
}

fn reason(finding: &Finding) -> String {
    format!("{}: {}", finding.rule, finding.message)
}

/// What was suppressed, and by whom.
fn suppressed(finding: &Finding) -> String {
    let review = finding.suppressed.as_ref();
    let review = review.map(|review| format!(" ({}, to {}: {})", review.reviewer, review.expires, review.reason));
    format!("{}{}", reason(finding), review.unwrap_or_default())
}

/// The ids of the other records it rests on.
fn links(case: &Case) -> Vec<String> {
    let links = case.links();
    let more = links.len().saturating_sub(MOST_LINKS);
    let ids = links.iter().take(MOST_LINKS).map(|linked| linked.record_id.to_owned());
    ids.chain((more > 0).then(|| format!("and {more} more"))).collect()
}

/// The fields that are missing where it matters, each once.
fn missing(case: &Case) -> BTreeSet<&'static str> {
    let gaps = case.gaps.iter().flat_map(|gap| &gap.missing).map(|field| field.path());
    let pivotal = case.unknown.iter().flat_map(|rule| &rule.pivotal).map(|reason| reason.field.path());
    gaps.chain(pivotal).collect()
}

fn joined(entries: impl Iterator<Item = String>) -> Cell {
    let entries: Vec<String> = entries.collect();
    if entries.is_empty() { Cell::Nothing } else { Cell::Text(entries.join(BETWEEN)) }
}
