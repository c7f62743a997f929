//! One record as a case.

use super::ask::{Question, blank_fields, questions};
use super::change::{Change, changes};
use super::evidence::{Evidence, evidence};
use crate::engine::{Assessment, Judged, Outcome, Verdicts, counts};
use crate::operator::{Truth, show};
use crate::record::{Field, Record, Row as _, Value};
use crate::rule::{Factor, Ground, Judgement, Kind, Part, Reason, RuleSet, Verdict, judge};
use crate::table::Origin;

/// A record with its outcome and the reasons for it.
#[derive(Debug, Clone)]
pub struct Case {
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
    /// Rules that a missing value keeps undecided.
    pub unknown: Vec<UnknownRule>,
    /// What would change the outcome: the outcome it would be, and the rules with the verdicts they would have.
    pub would_change: Vec<(Outcome, Vec<(String, Verdict)>)>,
    /// What to ask the requesting bureau.
    pub ask: Vec<Question>,
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

/// A rule that says yes.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The rule.
    pub rule: String,
    /// Its revision.
    pub revision: u32,
    /// What it is about.
    pub title: String,
    /// Its kind.
    pub kind: Kind,
    /// Its factor.
    pub factor: Option<Factor>,
    /// Its ground.
    pub ground: Option<Ground>,
    /// Its weight in thousandths of a bit; negative for a mitigator, 0 where what it requires does not hold.
    pub millibits: i64,
    /// What it says.
    pub message: String,
    /// The law it rests on.
    pub basis: Vec<String>,
    /// The places it rests on.
    pub evidence: Vec<Evidence>,
    /// The fields it found missing.
    pub missing: Vec<Field>,
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
    debug_assert_eq!(judge(rules, record).verdicts, judgement.verdicts, "the two readings of the rules agree");
    let shown = |field| {
        record.cell(field, 0).ok().map(|value| match value {
            Value::Term(_) => term(record, field),
            Value::Text(text) => text.to_owned(),
            value => show(field, &value),
        })
    };
    let changes = if judged.assessment.outcome.is_flagged() {
        changes(&mut judgement, &judged.verdicts, &judged.assessment)
    } else {
        vec![]
    };
    let teller = Teller { judgement: &judgement, given: &judged.verdicts, record };
    let findings = teller.findings(|kind| matches!(kind, Kind::Gate | Kind::Indicator | Kind::Context));
    let speaks = judged.assessment.outcome.is_flagged() || !findings.is_empty();
    let open = teller.undecided();
    let named = |field: &str| Field::named(field).and_then(shown);
    let name: Vec<String> = [named("family_name"), named("forenames")].into_iter().flatten().collect();
    Case {
        record_id: shown(Field::RECORD_ID).unwrap_or_default(),
        kind: shown(Field::KIND),
        requesting_country: shown(Field::REQUESTING_COUNTRY),
        name: (!name.is_empty()).then(|| name.join(", ")),
        rank: judged.rank,
        factors: teller.factors(&judged.assessment),
        gates: teller.gates(),
        gaps: teller.findings(|kind| kind == Kind::Gap),
        mitigating: teller.findings(|kind| kind == Kind::Mitigator),
        unknown: if speaks { teller.unknown(&open) } else { vec![] },
        would_change: changes.iter().map(|change| teller.change(change)).collect(),
        ask: if speaks { questions(&judgement, &open) } else { vec![] },
        findings,
        assessment: judged.assessment.clone(),
        locator: Locator {
            file: file.to_owned(),
            line: origin.line,
            sha256: origin.sha256.map(|hash| crate::text::hex(&hash)),
        },
    }
}

fn term(record: &Record, field: Field) -> String {
    match (record.cell(field, 0), field.ty()) {
        (Ok(Value::Term(term)), crate::record::Type::Term(vocabulary)) => vocabulary.word(term).to_owned(),
        _ => String::new(),
    }
}

/// The evidence with the longest passage, which says most; of equals the first.
fn longest<'a>(evidence: impl Iterator<Item = &'a Evidence>) -> Option<&'a Evidence> {
    evidence.min_by_key(|found| std::cmp::Reverse(found.matched.as_ref().map_or(0, |text| text.chars().count())))
}

/// Puts what a judgement says into words.
struct Teller<'a> {
    judgement: &'a Judgement<'a>,
    given: &'a Verdicts,
    record: &'a Record,
}

impl Teller<'_> {
    fn rules(&self) -> &RuleSet {
        self.judgement.rules()
    }

    /// Whether the bits of a rule count.
    fn counts(&self, at: usize) -> Truth {
        counts(self.rules(), &self.given.verdicts, at)
    }

    fn active(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.rules().rules.len()).filter(|at| self.rules().rules[*at].active)
    }

    /// The rules of some kinds that say yes, the weightiest first.
    fn findings(&self, of: fn(Kind) -> bool) -> Vec<Finding> {
        let says_yes = |at: &usize| of(self.rules().rules[*at].kind) && self.given.verdicts[*at] == Verdict::Yes;
        let mut found: Vec<Finding> = self.active().filter(says_yes).map(|at| self.finding(at)).collect();
        found.sort_by(|a, b| {
            let order = |finding: &Finding| (finding.kind != Kind::Gate, -finding.millibits.abs());
            order(a).cmp(&order(b)).then_with(|| a.rule.cmp(&b.rule))
        });
        found
    }

    fn finding(&self, at: usize) -> Finding {
        let rule = &self.rules().rules[at];
        let places = self.judgement.places(&rule.body);
        let evidence: Vec<Evidence> = places.iter().filter_map(|place| evidence(place, self.record)).collect();
        let sign = if rule.kind == Kind::Mitigator { -1 } else { 1 };
        let formal = matches!(rule.kind, Kind::Gap | Kind::Gate);
        let missing = if formal { blank_fields(self.judgement, at) } else { vec![] };
        Finding {
            rule: rule.id.to_string(),
            revision: rule.revision,
            title: rule.title.clone(),
            kind: rule.kind,
            factor: rule.factor,
            ground: rule.ground,
            millibits: if self.counts(at) == Truth::Yes { sign * rule.millibits } else { 0 },
            message: rule.message.fill(|part| self.fill(part, &evidence)),
            basis: rule.basis.iter().map(|basis| basis.cite.clone()).collect(),
            evidence,
            missing,
        }
    }

    /// What a placeholder shows.
    fn fill(&self, part: &Part, evidence: &[Evidence]) -> String {
        let of = |field: Field| {
            let path = field.path();
            let list = field.spec().list;
            longest(evidence.iter().filter(|found| match list {
                // A match in a charge's wording is shown as one in its text or its translation.
                Some(list) => found.field.starts_with(list) && found.matched.is_some(),
                None => found.field == path,
            }))
        };
        let first = || longest(evidence.iter().filter(|found| found.matched.is_some()));
        let any_value = || {
            let mut values: Vec<&str> = evidence.iter().map(|found| found.value.as_str()).collect();
            values.dedup();
            (!values.is_empty()).then(|| values.into_iter().take(3).collect::<Vec<_>>().join(", "))
        };
        let shown = match part {
            Part::Text(text) => Some(text.clone()),
            Part::Match(field) => of(*field).or_else(first).and_then(|found| found.matched.clone()).or_else(any_value),
            Part::Entry(field) => of(*field).or_else(first).and_then(|found| found.entry.clone()).or_else(any_value),
            Part::Value(field) => self.values(*field, evidence),
        };
        shown.unwrap_or_else(|| "not stated".to_owned())
    }

    /// The values of a field: those among the evidence where there are any, else all.
    fn values(&self, field: Field, evidence: &[Evidence]) -> Option<String> {
        let count = self.record.len(field);
        let cell = |at: usize| {
            let value = self.record.cell(field, at).ok()?;
            Some((field.cell_path(at), show(field, &value).trim_matches(['“', '”']).to_owned()))
        };
        let all: Vec<(String, String)> = (0..count).filter_map(cell).collect();
        let proven: Vec<String> = all
            .iter()
            .filter(|(path, _)| evidence.iter().any(|found| found.field == *path))
            .map(|(_, value)| value.clone())
            .collect();
        let shown = if proven.is_empty() { all.into_iter().map(|(_, value)| value).collect() } else { proven };
        (!shown.is_empty()).then(|| shown.join(", "))
    }

    fn gates(&self) -> Vec<GateCase> {
        let gate = |at: usize| {
            let rule = &self.rules().rules[at];
            let verdict = self.given.verdicts[at];
            let says = match verdict {
                Verdict::Yes | Verdict::No => true,
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
            Kind::Gap | Kind::Concept => false,
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
