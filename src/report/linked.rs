//! The other records that a finding or a case rests on, as lines for a person. Which records are read as one person is a
//! reading, and the words say so.

use super::paint::{Line, Tone};
use super::words::count;
use crate::explain::{Case, Finding};

/// How many other records a card names.
const ON_A_CARD: usize = 5;

/// How many other records the full explanation names under a finding.
const UNDER_A_FINDING: usize = 100;

/// The other records of a case, for a card.
pub(super) fn of_case(case: &Case) -> Vec<Line> {
    let links = case.links();
    let shown = links.iter().take(ON_A_CARD);
    let lines = shown.map(|linked| line(linked.record_id, &linked.roles.join(", "), &linked.why.join("; ")));
    lines.chain(more(links.len(), ON_A_CARD)).collect()
}

/// The other records of a finding, in full.
pub(super) fn of_finding(finding: &Finding) -> Vec<Line> {
    let shown = finding.links.iter().take(UNDER_A_FINDING);
    let lines = shown.map(|link| line(&link.record_id, &link.role, &link.why.join("; ")));
    lines.chain(more(finding.links.len(), UNDER_A_FINDING)).collect()
}

fn line(record_id: &str, roles: &str, why: &str) -> Line {
    let line = Line::of(Tone::Plain, "record").and(Tone::Strong, record_id);
    if why.is_empty() {
        return line.and(Tone::Dim, format!("[{roles}]"));
    }
    line.and(Tone::Plain, format!("· {why}")).and(Tone::Dim, format!("[{roles}]"))
}

fn more(all: usize, shown: usize) -> Option<Line> {
    let more = all.saturating_sub(shown);
    (more > 0).then(|| Line::of(Tone::Dim, format!("and {}", count(more as u64, "more record"))))
}
