//! Rules that say yes, or would if no review had suppressed them, in words and with the places they rest on.

use super::ask::blank_fields;
use super::case::Teller;
use super::evidence::{Evidence, evidence};
use crate::operator::{Truth, show};
use crate::record::{Field, PartialDate, Record, Row as _};
use crate::rule::{Factor, Ground, Kind, Lapse, Link, MOST_FOUND, Part, Verdict};

/// A rule that says yes, or would if it were not suppressed.
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
    /// The other records it rests on.
    pub links: Vec<Link>,
    /// A hash of what it rests on, for whoever suppresses it after a review.
    pub evidence_hash: String,
    /// The fields it found missing.
    pub missing: Vec<Field>,
    /// The review that suppresses it.
    pub suppressed: Option<Review>,
    /// Suppressions that were written for it and do not reach it, and why.
    pub lapsed: Vec<(String, Lapse)>,
}

/// A review that suppresses a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// The rule of kind `filter`.
    pub by: String,
    /// Why the rule is wrong about the record.
    pub reason: String,
    /// Who looked.
    pub reviewer: String,
    /// When.
    pub reviewed: PartialDate,
    /// The last day on which the suppression holds.
    pub expires: PartialDate,
}

impl Teller<'_> {
    /// The rules of some kinds with this verdict, the weightiest first.
    pub(super) fn findings(&self, verdict: Verdict, of: fn(Kind) -> bool) -> Vec<Finding> {
        // A rule that is off counts for nothing, but others may build on it, so that its suppression changes something.
        let told = |at: &usize| self.rules().rules[*at].active || verdict == Verdict::Suppressed;
        let says = |at: &usize| of(self.rules().rules[*at].kind) && self.given.verdicts[*at] == verdict;
        let all = (0..self.rules().rules.len()).filter(told);
        let mut found: Vec<Finding> = all.filter(says).map(|at| self.finding(at)).collect();
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
        // A concept may have no message; its title says what it holds.
        let links = self.judgement.links(&rule.body);
        let message = rule.message.fill(|part| match part {
            Part::Joined(join, field) => of_first(&links, join, *field),
            Part::Count(join) => match links.iter().filter(|link| link.is(join)).count() {
                MOST_FOUND.. => format!("{MOST_FOUND} or more"),
                count => count.to_string(),
            },
            part => self.fill(part, &evidence),
        });
        let missing = if formal { blank_fields(self.judgement, at) } else { vec![] };
        let lapses = self.judgement.lapses(at).into_iter();
        let lapses = lapses.map(|(filter, why)| (self.rules().rules[filter].id.to_string(), why));
        Finding {
            rule: rule.id.to_string(),
            revision: rule.revision,
            title: rule.title.clone(),
            kind: rule.kind,
            factor: rule.factor,
            ground: rule.ground,
            millibits: if self.counts(at) == Truth::Yes { sign * rule.millibits } else { 0 },
            message: if message.is_empty() { rule.title.clone() } else { message },
            basis: rule.basis.iter().map(|basis| basis.cite.clone()).collect(),
            evidence,
            links,
            evidence_hash: self.judgement.evidence_hash(at),
            missing,
            suppressed: self.review(at),
            lapsed: lapses.collect(),
        }
    }

    /// The review that suppresses a rule, if one does.
    fn review(&self, at: usize) -> Option<Review> {
        if self.given.verdicts[at] != Verdict::Suppressed {
            return None;
        }
        let rule = &self.rules().rules[self.judgement.suppression(at)?];
        let filter = rule.filter.as_ref()?;
        Some(Review {
            by: rule.id.to_string(),
            reason: filter.reason.clone(),
            reviewer: filter.reviewer.clone(),
            reviewed: filter.reviewed,
            expires: filter.expires,
        })
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
        // Where another field said it: of the charges for a charge, of the rest of the record for all else.
        let near = |field: Field| {
            let of_charges = field.path().starts_with(CHARGES);
            move |found: &&Evidence| found.field.starts_with(CHARGES) == of_charges
        };
        let first = |field| longest(evidence.iter().filter(near(field)).filter(|found| found.matched.is_some()));
        let any_value = |field| {
            let close: Vec<&Evidence> = evidence.iter().filter(near(field)).collect();
            let all = if close.is_empty() { evidence.iter().collect() } else { close };
            let mut values: Vec<&str> = all.into_iter().map(|found| found.value.as_str()).collect();
            values.dedup();
            (!values.is_empty()).then(|| values.into_iter().take(3).collect::<Vec<_>>().join(", "))
        };
        let found = |field| of(field).or_else(|| first(field));
        let shown = match part {
            Part::Text(text) => Some(text.clone()),
            Part::Match(field) => found(*field).and_then(|found| found.matched.clone()).or_else(|| any_value(*field)),
            Part::Entry(field) => found(*field).and_then(|found| found.entry.clone()).or_else(|| any_value(*field)),
            Part::Value(field) => self.values(*field, evidence),
            Part::Joined(..) | Part::Count(_) => None,
        };
        shown.unwrap_or_else(|| NOT_STATED.to_owned())
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
}

/// A field of the first record that a join found.
fn of_first(links: &[Link], join: &str, field: Field) -> String {
    let first = links.iter().find(|link| link.is(join)).map(|link| &link.shown);
    let cell =
        |row: &Record, at: usize| Some(show(field, &row.cell(field, at).ok()?).trim_matches(['“', '”']).to_owned());
    let values: Vec<String> =
        first.into_iter().flat_map(|row| (0..row.len(field)).filter_map(|at| cell(row, at))).collect();
    if values.is_empty() { NOT_STATED.to_owned() } else { values.join(", ") }
}

/// What stands in a message for a value that is missing.
const NOT_STATED: &str = "not stated";

/// Where the charges stand in a record.
const CHARGES: &str = "charges";

/// The evidence with the longest passage, which says most; of equals the first.
fn longest<'a>(evidence: impl Iterator<Item = &'a Evidence>) -> Option<&'a Evidence> {
    evidence.min_by_key(|found| std::cmp::Reverse(found.matched.as_ref().map_or(0, |text| text.chars().count())))
}
