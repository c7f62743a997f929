//! The other records that a finding or a case rests on, as lines for a person. Which records are read as one person is a
//! reading, and the words say so.

use super::paint::{Line, Tone};
use super::words::count;
use crate::explain::{Case, Finding, Linked};

/// How many other records a card names.
const ON_A_CARD: usize = 5;

/// How many other records the full explanation names under a finding.
const UNDER_A_FINDING: usize = 100;

/// The other records of a case, for a card.
pub(super) fn of_case(case: &Case) -> Vec<Line> {
    let links = case.links();
    let shown = links.iter().take(ON_A_CARD);
    shown.map(line).chain(more(links.len(), ON_A_CARD)).collect()
}

/// The other records of a finding, in full.
pub(super) fn of_finding(finding: &Finding) -> Vec<Line> {
    let shown = finding.links.iter().take(UNDER_A_FINDING);
    shown.map(|link| line(&link.into())).chain(more(finding.links.len(), UNDER_A_FINDING)).collect()
}

fn line(linked: &Linked<'_>) -> Line {
    let line = Line::of(Tone::Plain, "record").and(Tone::Strong, linked.record_id);
    let why = linked.why.join("; ");
    let line = if why.is_empty() { line } else { line.and(Tone::Plain, format!("· {why}")) };
    line.and(Tone::Dim, format!("[{}]", linked.roles.join(", ")))
}

fn more(all: usize, shown: usize) -> Option<Line> {
    let more = all.saturating_sub(shown);
    (more > 0).then(|| Line::of(Tone::Dim, format!("and {}", count(more as u64, "more record"))))
}
