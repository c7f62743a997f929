//! The shape of a case as other programs read it. Names, order and shape change only together with [`SCHEMA_VERSION`];
//! keys may be added. Keys with nothing to say are left out, except those of the first line of the contract and the lists
//! inside a finding or factor.

use serde::Serialize;

use super::Bits;
use crate::explain::{self, Linked};
use crate::rule::Verdict;

/// How many linked records a list of them names. The rest is counted.
pub const MOST_LINKS: usize = 100;

/// The version of the shape.
pub const SCHEMA_VERSION: u32 = 1;

/// A case.
#[derive(Debug, Serialize)]
pub struct Case<'a> {
    schema_version: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    ruleset: Option<&'a str>,
    record_id: &'a str,
    kind: Option<&'a str>,
    requesting_country: Option<&'a str>,
    outcome: &'static str,
    grounds: Vec<&'static str>,
    targeting: Targeting<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gates: Vec<Gate<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    gaps: Vec<Gap<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    findings: Vec<Finding<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    mitigating: Vec<Mitigating<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<Unknown<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    would_change: Vec<Change<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ask: Vec<Ask<'a>>,
    #[serde(flatten)]
    links: Links<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    timeline: Vec<Moment<'a>>,
    #[serde(skip_serializing_if = "is_zero")]
    timeline_more: usize,
    locator: Locator<'a>,
}

#[derive(Debug, Serialize)]
struct Targeting<'a> {
    score_bits: Bits,
    low_bits: Bits,
    high_bits: Bits,
    band: &'static str,
    settled: bool,
    rank: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    factors: Vec<Factor<'a>>,
}

#[derive(Debug, Serialize)]
struct Factor<'a> {
    factor: &'static str,
    bits: Bits,
    capped: bool,
    #[serde(rename = "for")]
    plus: &'a [String],
    against: &'a [String],
    unknown: &'a [String],
}

#[derive(Debug, Serialize)]
struct Gate<'a> {
    rule: &'a str,
    ground: &'static str,
    verdict: &'static str,
}

#[derive(Debug, Serialize)]
struct Gap<'a> {
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
struct Finding<'a> {
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

/// Other records, and how many more there are.
#[derive(Debug, Serialize)]
struct Links<'a> {
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

/// Something that happened to the person.
#[derive(Debug, Serialize)]
struct Moment<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
    record_id: &'a str,
    /// Further records that tell of it.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    also: &'a [String],
    what: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<&'a str>,
    text: &'a str,
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

#[derive(Debug, Serialize)]
struct Mitigating<'a> {
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
struct Unknown<'a> {
    rule: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits_if_yes: Option<Bits>,
    pivotal: Vec<Pivotal>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    silent: &'a [String],
}

#[derive(Debug, Serialize)]
struct Pivotal {
    field: &'static str,
    state: &'static str,
}

#[derive(Debug, Serialize)]
struct Change<'a> {
    to: &'static str,
    #[serde(rename = "if")]
    flips: Vec<(&'a str, &'static str)>,
}

#[derive(Debug, Serialize)]
struct Ask<'a> {
    question: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bits_settled: Option<Bits>,
}

#[derive(Debug, Serialize)]
struct Locator<'a> {
    file: &'a str,
    line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<&'a str>,
}

impl<'a> From<&'a explain::Case> for Case<'a> {
    fn from(case: &'a explain::Case) -> Self {
        let changes = case.would_change.iter().map(|(to, flips)| Change {
            to: to.word(),
            flips: flips.iter().map(|(rule, verdict)| (rule.as_str(), verdict.word())).collect(),
        });
        Self {
            schema_version: SCHEMA_VERSION,
            ruleset: case.ruleset.as_deref(),
            record_id: &case.record_id,
            kind: case.kind.as_deref(),
            requesting_country: case.requesting_country.as_deref(),
            outcome: case.assessment.outcome.word(),
            grounds: case.assessment.grounds.iter().map(|ground| ground.word()).collect(),
            targeting: targeting(case),
            gates: case.gates.iter().map(gate).collect(),
            gaps: case.gaps.iter().flat_map(gaps).collect(),
            findings: case.findings.iter().chain(&case.suppressed).map(finding).collect(),
            mitigating: case.mitigating.iter().map(mitigating).collect(),
            unknown: case.unknown.iter().map(unknown).collect(),
            would_change: changes.collect(),
            ask: case.ask.iter().map(ask).collect(),
            links: Links::of(case.links().into_iter()),
            timeline: case.timeline.moments.iter().map(moment).collect(),
            timeline_more: case.timeline.more,
            locator: Locator {
                file: &case.locator.file,
                line: case.locator.line,
                sha256: case.locator.sha256.as_deref(),
            },
        }
    }
}

fn targeting(case: &explain::Case) -> Targeting<'_> {
    let assessment = &case.assessment;
    let factors = case.factors.iter().map(|factor| Factor {
        factor: factor.factor.word(),
        bits: Bits(factor.millibits),
        capped: factor.capped,
        plus: &factor.plus,
        against: &factor.minus,
        unknown: &factor.unknown,
    });
    Targeting {
        score_bits: Bits(assessment.total),
        low_bits: Bits(assessment.low),
        high_bits: Bits(assessment.high),
        band: assessment.band.word(),
        settled: assessment.settled,
        rank: case.rank,
        factors: factors.collect(),
    }
}

fn gate(gate: &explain::GateCase) -> Gate<'_> {
    Gate { rule: &gate.rule, ground: gate.ground.word(), verdict: gate.verdict.word() }
}

/// One entry for each field that is missing; one without a field where the gap names none.
fn gaps(gap: &explain::Finding) -> Vec<Gap<'_>> {
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

fn finding(finding: &explain::Finding) -> Finding<'_> {
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

impl<'a> Links<'a> {
    fn of(mut all: impl ExactSizeIterator<Item = Linked<'a>>) -> Self {
        let link = |Linked { record_id, roles, why }| Link { record_id, roles, why };
        let links = all.by_ref().take(MOST_LINKS).map(link).collect();
        Self { links, links_more: all.len() }
    }

    fn of_finding(finding: &'a explain::Finding) -> Self {
        Self::of(finding.links.iter().map(Linked::from))
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

fn moment(moment: &explain::Moment) -> Moment<'_> {
    let (first, also) =
        moment.records.split_first().map_or(("", [].as_slice()), |(first, also)| (first.as_str(), also));
    Moment {
        at: moment.at.map(|at| at.to_string()),
        record_id: first,
        also,
        what: moment.kind.word(),
        by: moment.by.as_deref(),
        text: &moment.text,
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

fn mitigating(finding: &explain::Finding) -> Mitigating<'_> {
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

fn unknown(unknown: &explain::UnknownRule) -> Unknown<'_> {
    let pivotal = |reason: &crate::rule::Reason| Pivotal { field: reason.field.path(), state: reason.state.name() };
    Unknown {
        rule: &unknown.rule,
        bits_if_yes: unknown.kind.has_bits().then_some(Bits(unknown.millibits)),
        pivotal: unknown.pivotal.iter().map(pivotal).collect(),
        silent: &unknown.silent,
    }
}

fn ask(question: &explain::Question) -> Ask<'_> {
    Ask {
        question: &question.text,
        field: question.field.map(crate::record::Field::path),
        article: question.article.as_deref(),
        bits_settled: (question.millibits != 0).then_some(Bits(question.millibits)),
    }
}
