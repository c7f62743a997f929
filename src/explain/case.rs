//! One record as a case.

use std::sync::Arc;

use super::ask::{Question, questions};
use super::change::{Change, changes};
use super::finding::Finding;
use super::timeline::{Timeline, timeline};
use crate::engine::{Assessment, Judged, Outcome, Verdicts, counts};
use crate::operator::{Truth, show};
use crate::record::{Field, Record, Row as _, Value};
use crate::rule::{Factor, Ground, Judgement, Kind, Reason, RuleSet, Verdict, judge, judge_among};
use crate::table::Origin;

/// A record with its outcome and the reasons for it.
#[derive(Debug, Clone)]
pub struct Case {
    /// The rule set it was judged by, where it was chosen by name.
    pub ruleset: Option<String>,
    /// The record's id.
    pub record_id: String,
    /// Kind of instrument.
    pub kind: Option<String>,
    /// Who asked.
    pub requesting_country: Option<String>,
    /// The name on the record, family name first.
    pub name: Option<String>,
    /// Score and outcome.
    pub assessment: Assessment,
    /// Place in the review queue, from 1.
    pub rank: u64,
    /// Factor by factor.
    pub factors: Vec<FactorCase>,
    /// The conditions of INTERPOL's rules that were looked at.
    pub gates: Vec<GateCase>,
    /// What INTERPOL's rules ask for and the record lacks.
    pub gaps: Vec<Finding>,
    /// What speaks for a ground.
    pub findings: Vec<Finding>,
    /// What speaks against it.
    pub mitigating: Vec<Finding>,
    /// What somebody who looked at the record has suppressed: rules of any kind, none of which counts.
    pub suppressed: Vec<Finding>,
    /// Rules that a missing value keeps undecided.
    pub unknown: Vec<UnknownRule>,
    /// What would change the outcome: the outcome it would be, and the rules with the verdicts they would have.
    pub would_change: Vec<(Outcome, Vec<(String, Verdict)>)>,
    /// What to ask the requesting bureau.
    pub ask: Vec<Question>,
    /// The history of the person, as the linked records tell it; without moments where there is nothing to tell.
    pub timeline: Timeline,
    /// Where the record stands in the input.
    pub locator: Locator,
}

/// Where a record stands in the input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locator {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
    /// SHA-256 of the record's bytes, in hexadecimal.
    pub sha256: Option<String>,
}

/// One factor of RPD art. 34(3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactorCase {
    /// The factor.
    pub factor: Factor,
    /// What it adds, in thousandths of a bit.
    pub millibits: i64,
    /// Whether a cap cut it.
    pub capped: bool,
    /// Rules that add.
    pub plus: Vec<String>,
    /// Rules that take away.
    pub minus: Vec<String>,
    /// Rules that a missing value keeps undecided.
    pub unknown: Vec<String>,
}

/// A condition of INTERPOL's rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GateCase {
    /// The rule.
    pub rule: String,
    /// Its ground.
    pub ground: Ground,
    /// What it says; yes means that the condition is not met.
    pub verdict: Verdict,
}

/// A rule that a missing value keeps undecided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRule {
    /// The rule.
    pub rule: String,
    /// What it is about.
    pub title: String,
    /// Its kind.
    pub kind: Kind,
    /// Its weight if it held, in thousandths of a bit.
    pub millibits: i64,
    /// The missing values.
    pub pivotal: Vec<Reason>,
    /// The tables that say nothing of its values, in plain words.
    pub silent: Vec<String>,
}

/// Explains a record that was judged.
#[must_use]
pub fn case(record: &Record, judged: &Judged, rules: &RuleSet, file: &str, origin: &Origin) -> Case {
    let mut judgement = Judgement::given(rules, record, judged.verdicts.verdicts.clone());
    let others = judged.others();
    if let Some(others) = &others {
        judgement = judgement.among(Arc::clone(others));
    }
    debug_assert_eq!(slow(record, judged, rules), judgement.verdicts, "the two readings of the rules agree");
    let shown = |field| {
        record.cell(field, 0).ok().map(|value| match value {
            Value::Term(_) => term(record, field),
            Value::Text(text) => text.to_owned(),
            value => show(field, &value),
        })
    };
    let reviewed = judged.verdicts.verdicts.contains(&Verdict::Suppressed);
    let changes = if judged.assessment.outcome.is_flagged() || reviewed {
        changes(&mut judgement, &judged.verdicts, &judged.assessment)
    } else {
        vec![]
    };
    let teller = Teller { judgement: &judgement, given: &judged.verdicts, record };
    let yes = |of: fn(Kind) -> bool| teller.findings(Verdict::Yes, of);
    let findings = yes(|kind| matches!(kind, Kind::Gate | Kind::Indicator | Kind::Context));
    let speaks = judged.assessment.outcome.is_flagged() || !findings.is_empty();
    let open = teller.undecided();
    let named = |field: &str| Field::named(field).and_then(shown);
    let name: Vec<String> = [named("family_name"), named("forenames")].into_iter().flatten().collect();
    Case {
        ruleset: rules.label.clone(),
        record_id: shown(Field::RECORD_ID).unwrap_or_default(),
        kind: shown(Field::KIND),
        requesting_country: shown(Field::REQUESTING_COUNTRY),
        name: (!name.is_empty()).then(|| name.join(", ")),
        rank: judged.rank,
        factors: teller.factors(&judged.assessment),
        gates: teller.gates(),
        gaps: yes(|kind| kind == Kind::Gap),
        mitigating: yes(|kind| kind == Kind::Mitigator),
        suppressed: teller.findings(Verdict::Suppressed, |_| true),
        unknown: if speaks { teller.unknown(&open) } else { vec![] },
        would_change: changes.iter().map(|change| teller.change(change)).collect(),
        ask: if speaks { questions(&judgement, &open) } else { vec![] },
        findings,
        timeline: timeline(record, others.as_deref()),
        assessment: judged.assessment.clone(),
        locator: Locator {
            file: file.to_owned(),
            line: origin.line,
            sha256: origin.sha256.map(|hash| crate::text::hex(&hash)),
        },
    }
}

/// What the slow reading says of a record.
fn slow(record: &Record, judged: &Judged, rules: &RuleSet) -> Vec<Verdict> {
    let judgement = match judged.others() {
        Some(others) => judge_among(rules, record, others),
        None => judge(rules, record),
    };
    judgement.verdicts
}

fn term(record: &Record, field: Field) -> String {
    match (record.cell(field, 0), field.ty()) {
        (Ok(Value::Term(term)), crate::record::Type::Term(vocabulary)) => vocabulary.word(term).to_owned(),
        _ => String::new(),
    }
}

/// Puts what a judgement says into words.
pub(super) struct Teller<'a> {
    pub(super) judgement: &'a Judgement<'a>,
    pub(super) given: &'a Verdicts,
    pub(super) record: &'a Record,
}

impl Teller<'_> {
    pub(super) fn rules(&self) -> &RuleSet {
        self.judgement.rules()
    }

    /// Whether the bits of a rule count.
    pub(super) fn counts(&self, at: usize) -> Truth {
        counts(self.rules(), &self.given.verdicts, at)
    }

    fn active(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.rules().rules.len()).filter(|at| self.rules().rules[*at].active)
    }

    fn gates(&self) -> Vec<GateCase> {
        let gate = |at: usize| {
            let rule = &self.rules().rules[at];
            let verdict = self.given.verdicts[at];
            let says = match verdict {
                Verdict::Yes | Verdict::No | Verdict::Suppressed => true,
                Verdict::Unknown => self.given.open[at],
                Verdict::NotApplicable => false,
            };
            (rule.kind == Kind::Gate && says).then_some(())?;
            Some(GateCase { rule: rule.id.to_string(), ground: rule.ground?, verdict })
        };
        self.active().filter_map(gate).collect()
    }

    fn factors(&self, assessment: &Assessment) -> Vec<FactorCase> {
        let name = |at: &usize| self.rules().rules[*at].id.to_string();
        let mut all = vec![];
        for ((factor, members), score) in self.rules().by_factor().iter().zip(&assessment.factors) {
            let pick = |mitigates: bool, truth: Truth| {
                let fits = |at: &&usize| {
                    (self.rules().rules[**at].kind == Kind::Mitigator) == mitigates && self.counts(**at) == truth
                };
                members.iter().filter(fits).map(name).collect::<Vec<_>>()
            };
            let (plus, minus) = (pick(false, Truth::Yes), pick(true, Truth::Yes));
            if plus.is_empty() && minus.is_empty() {
                continue;
            }
            let unknown = [pick(false, Truth::Unknown), pick(true, Truth::Unknown)].concat();
            all.push(FactorCase { factor: *factor, millibits: score.now, capped: score.capped, plus, minus, unknown });
        }
        all
    }

    /// The rules that a missing value keeps undecided and that could count, the weightiest first.
    fn undecided(&self) -> Vec<usize> {
        let could = |at: &usize| match self.rules().rules[*at].kind {
            Kind::Gate => self.given.verdicts[*at] == Verdict::Unknown && self.given.open[*at],
            Kind::Gap | Kind::Concept | Kind::Filter => false,
            _ => self.given.verdicts[*at] == Verdict::Unknown && self.counts(*at) == Truth::Unknown,
        };
        let mut all: Vec<usize> = self.active().filter(could).collect();
        all.sort_by_key(|at| {
            let rule = &self.rules().rules[*at];
            (rule.kind != Kind::Gate, -rule.millibits, *at)
        });
        all
    }

    fn unknown(&self, open: &[usize]) -> Vec<UnknownRule> {
        let one = |at: &usize| {
            let rule = &self.rules().rules[*at];
            let sign = if rule.kind == Kind::Mitigator { -1 } else { 1 };
            UnknownRule {
                rule: rule.id.to_string(),
                title: rule.title.clone(),
                kind: rule.kind,
                millibits: sign * rule.millibits,
                pivotal: self.judgement.pivotal(*at),
                silent: self.judgement.silent(*at),
            }
        };
        open.iter().map(one).collect()
    }

    fn change(&self, change: &Change) -> (Outcome, Vec<(String, Verdict)>) {
        let flips = change.flips.iter().map(|(at, verdict)| (self.rules().rules[*at].id.to_string(), *verdict));
        (change.to, flips.collect())
    }
}
