//! Findings as other programs read them, with the places and the other records they rest on.

use serde::Serialize;

use super::{MOST_LINKS, is_zero};
use crate::explain::{self, Linked};
use crate::report::Bits;
use crate::rule::Verdict;

#[derive(Debug, Serialize)]
pub(super) struct Gap<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "String::is_empty")]
    basis: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    evidence_hash: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lapsed: Vec<Lapsed<'a>>,
    #[serde(flatten)]
    links: Links<'a>,
}

#[derive(Debug, Serialize)]
pub(super) struct Finding<'a> {
    rule: &'a str,
    revision: u32,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    factor: Option<&'static str>,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<Bits>,
    message: &'a str,
    basis: &'a [String],
    evidence: Vec<Evidence<'a>>,
    evidence_hash: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppressed: Option<Suppressed<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lapsed: Vec<Lapsed<'a>>,
    #[serde(flatten)]
    links: Links<'a>,
}

#[derive(Debug, Serialize)]
pub(super) struct Mitigating<'a> {
    rule: &'a str,
    bits: Bits,
    message: &'a str,
    evidence: Vec<Evidence<'a>>,
    evidence_hash: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    lapsed: Vec<Lapsed<'a>>,
    #[serde(flatten)]
    links: Links<'a>,
}

#[derive(Debug, Serialize)]
struct Evidence<'a> {
    field: &'a str,
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<usize>,
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    matched: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<&'a str>,
    #[serde(rename = "lang", skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
}

/// The review that suppresses a finding.
#[derive(Debug, Serialize)]
struct Suppressed<'a> {
    by: &'a str,
    reason: &'a str,
    reviewer: &'a str,
    reviewed: String,
    expires: String,
}

/// A suppression that was written for a finding and does not reach it.
#[derive(Debug, Serialize)]
struct Lapsed<'a> {
    by: &'a str,
    why: &'static str,
}

/// Other records, and how many more there are.
#[derive(Debug, Serialize)]
pub(super) struct Links<'a> {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    links_more: usize,
}

/// Another record that a finding or a case rests on.
#[derive(Debug, Serialize)]
struct Link<'a> {
    record_id: &'a str,
    #[serde(rename = "as")]
    roles: Vec<&'a str>,
    why: Vec<&'a str>,
}

/// One entry for each field that is missing; one without a field where the gap names none.
pub(super) fn gaps(gap: &explain::Finding) -> Vec<Gap<'_>> {
    let entry = |field| Gap {
        rule: &gap.rule,
        basis: gap.basis.join("; "),
        field,
        evidence_hash: &gap.evidence_hash,
        lapsed: lapsed(gap),
        links: Links::of_finding(gap),
    };
    match gap.missing.as_slice() {
        [] => vec![entry(None)],
        missing => missing.iter().map(|field| entry(Some(field.path()))).collect(),
    }
}

pub(super) fn finding(finding: &explain::Finding) -> Finding<'_> {
    Finding {
        rule: &finding.rule,
        revision: finding.revision,
        kind: finding.kind.word(),
        factor: finding.factor.map(crate::rule::Factor::word),
        verdict: if finding.suppressed.is_some() { Verdict::Suppressed } else { Verdict::Yes }.word(),
        bits: finding.kind.has_bits().then_some(Bits(finding.millibits)),
        message: &finding.message,
        basis: &finding.basis,
        evidence: finding.evidence.iter().map(evidence).collect(),
        evidence_hash: &finding.evidence_hash,
        suppressed: finding.suppressed.as_ref().map(suppressed),
        lapsed: lapsed(finding),
        links: Links::of_finding(finding),
    }
}

pub(super) fn mitigating(finding: &explain::Finding) -> Mitigating<'_> {
    Mitigating {
        rule: &finding.rule,
        bits: Bits(finding.millibits),
        message: &finding.message,
        evidence: finding.evidence.iter().map(evidence).collect(),
        evidence_hash: &finding.evidence_hash,
        lapsed: lapsed(finding),
        links: Links::of_finding(finding),
    }
}

fn evidence(evidence: &explain::Evidence) -> Evidence<'_> {
    Evidence {
        field: &evidence.field,
        value: &evidence.value,
        start: evidence.start,
        end: evidence.end,
        matched: evidence.matched.as_deref(),
        entry: evidence.entry.as_deref(),
        list: evidence.list.as_deref(),
        language: evidence.language.as_deref(),
    }
}

fn suppressed(review: &explain::Review) -> Suppressed<'_> {
    Suppressed {
        by: &review.by,
        reason: &review.reason,
        reviewer: &review.reviewer,
        reviewed: review.reviewed.to_string(),
        expires: review.expires.to_string(),
    }
}

fn lapsed(finding: &explain::Finding) -> Vec<Lapsed<'_>> {
    finding.lapsed.iter().map(|(by, why)| Lapsed { by, why: why.word() }).collect()
}

impl<'a> Links<'a> {
    pub(super) fn of(mut all: impl ExactSizeIterator<Item = Linked<'a>>) -> Self {
        let link = |Linked { record_id, roles, why }| Link { record_id, roles, why };
        let links = all.by_ref().take(MOST_LINKS).map(link).collect();
        Self { links, links_more: all.len() }
    }

    fn of_finding(finding: &'a explain::Finding) -> Self {
        Self::of(finding.links.iter().map(Linked::from))
    }
}
