//! The shape of a case as other programs read it. Names, order and shape change only together with [`SCHEMA_VERSION`];
//! keys may be added. Keys with nothing to say are left out, except those of the first line of the contract and the lists
//! inside a finding or factor.

mod finding;

use serde::Serialize;

use super::Bits;
use crate::explain;
use finding::{Finding, Gap, Links, Mitigating, finding, gaps, mitigating};

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
