//! Suppressions: somebody has looked at what a rule says of a record and found that it is wrong there.
//!
//! In goes `[rule.filter]`, out comes a [`Filter`]; a judgement asks it of every rule that says yes. A suppression reaches
//! only what was looked at: the rule by its id, the records by theirs, what the verdict rests on by a hash, the time by two
//! dates. Where one of these is no longer so the rule says yes again, and the [`Lapse`] is told. Nothing here reads a clock:
//! the day is [`RuleSet::today`](super::RuleSet::today).

use super::check::Checker;
use super::evidence::HASH_BYTES;
use super::spec::{RuleSpec, position};
use super::{Judgement, Kind, Verdict};
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, Node, Span, Table, did_you_mean};
use crate::operator::Truth;
use crate::record::PartialDate;

/// The fields that name records, of which the scope of a suppression names one by equality. A case number is none: several
/// countries give the same.
const NAMING: [&str; 2] = ["record_id", "person_id"];

/// A reviewed suppression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The rules it suppresses, by position.
    pub suppresses: Vec<usize>,
    /// The evidence hashes of what was looked at.
    pub evidence: Vec<String>,
    /// Why what they say is wrong there.
    pub reason: String,
    /// Who looked.
    pub reviewer: String,
    /// The day of the review, on which it begins.
    pub reviewed: PartialDate,
    /// The last day on which it holds.
    pub expires: PartialDate,
}

/// Why a suppression does not reach a verdict it was written for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lapse {
    /// Its review lies ahead.
    NotBegun(PartialDate),
    /// Its last day is past.
    Expired(PartialDate),
    /// The verdict rests on something else than what was looked at, which had these hashes.
    EvidenceChanged(Vec<String>),
}

impl Lapse {
    /// The word used in output.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::NotBegun(_) => "not_begun",
            Self::Expired(_) => "expired",
            Self::EvidenceChanged(_) => "evidence_changed",
        }
    }
}

impl Filter {
    /// Why it does not reach a verdict with this evidence hash, if so. Without a day its dates play no part.
    fn lapse(&self, hash: &str, today: Option<PartialDate>) -> Option<Lapse> {
        match today {
            Some(today) if today.last > self.expires.last => Some(Lapse::Expired(self.expires)),
            Some(today) if today.first < self.reviewed.first => Some(Lapse::NotBegun(self.reviewed)),
            _ if !self.evidence.iter().any(|known| known == hash) => {
                Some(Lapse::EvidenceChanged(self.evidence.clone()))
            }
            _ => None,
        }
    }
}

impl Judgement<'_> {
    /// The suppression that reaches a rule's yes, if one does: the first by id.
    #[must_use]
    pub fn suppression(&self, rule: usize) -> Option<usize> {
        self.reviews(rule).into_iter().find(|(_, lapse)| lapse.is_none()).map(|(filter, _)| filter)
    }

    /// The suppressions that were written for this record and do not reach the rule's yes, and why.
    #[must_use]
    pub fn lapses(&self, rule: usize) -> Vec<(usize, Lapse)> {
        if self.verdicts[rule] != Verdict::Yes {
            return vec![];
        }
        self.reviews(rule).into_iter().filter_map(|(filter, lapse)| Some((filter, lapse?))).collect()
    }

    /// The suppressions of a rule that are about this record, and why they do not reach it.
    fn reviews(&self, rule: usize) -> Vec<(usize, Option<Lapse>)> {
        let rules = self.rules();
        let about = |at: &&usize| {
            let filter = &rules.rules[**at];
            filter.active && filter.scope.as_ref().is_some_and(|scope| self.truth(scope) == Truth::Yes)
        };
        let about: Vec<usize> = rules.filters_of(rule).iter().filter(about).copied().collect();
        if about.is_empty() {
            return vec![];
        }
        let hash = self.evidence_hash(rule);
        let review = |at: usize| Some((at, rules.rules[at].filter.as_ref()?.lapse(&hash, rules.today)));
        about.into_iter().filter_map(review).collect()
    }
}

/// A suppression as written.
#[derive(Debug, Clone)]
pub(super) struct FilterSpec {
    suppresses: Vec<(String, Span)>,
    evidence: Vec<String>,
    reason: String,
    reviewer: String,
    reviewed: Option<(PartialDate, Span)>,
    expires: Option<(PartialDate, Span)>,
}

/// Reads a `[rule.filter]`.
pub(super) fn read(table: &Table, span: Span, rule: &str, found: &mut Diagnostics) -> FilterSpec {
    let mut keys = Keys::new(table, span, rule, found);
    let suppresses = names(&mut keys, "suppresses", "name the rule, for example `suppresses = \"charge.treason\"`");
    let evidence = names(&mut keys, "evidence", "copy the `evidence_hash` that the output gives beside the finding");
    let evidence = evidence.into_iter().map(|(hash, at)| well_formed(hash, at, &mut keys)).collect();
    let reason = said(&mut keys, "reason", "say in a sentence why the rule is wrong about this record");
    let reviewer = said(&mut keys, "reviewer", "say who looked: a name or initials");
    let reviewed = day(&mut keys, "reviewed", "say when, for example `reviewed = \"2026-03-01\"`");
    let expires =
        day(&mut keys, "expires", "no suppression is for ever; say until when, as in `expires = \"2026-09-01\"`");
    keys.finish();
    FilterSpec { suppresses, evidence, reason, reviewer, reviewed, expires }
}

/// One text or several; at least one.
fn names(keys: &mut Keys<'_, '_>, key: &'static str, help: &str) -> Vec<(String, Span)> {
    match keys.node(key) {
        None => keys.missing(key, help),
        Some(node) if node.each().is_empty() => {
            let problem = Diagnostic::new(Code::BadValue, format!("`{key}` is empty")).at(node.span);
            keys.report(problem.help(help));
        }
        Some(_) => return keys.one_or_more(key),
    }
    vec![]
}

fn well_formed(hash: String, at: Span, keys: &mut Keys<'_, '_>) -> String {
    let digit = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'a'..=b'f');
    if hash.len() != 2 * HASH_BYTES || !hash.bytes().all(digit) {
        let problem = Diagnostic::new(Code::BadEvidenceHash, format!("`{hash}` is no evidence hash")).at(at);
        keys.report(problem.help(
            "copy the 16 characters that the output gives as `evidence_hash` and `article3 explain` as evidence hash",
        ));
    }
    hash
}

/// A text that says something.
fn said(keys: &mut Keys<'_, '_>, key: &'static str, help: &str) -> String {
    match keys.text(key) {
        Some((text, at)) if text.trim().is_empty() => {
            keys.report(Diagnostic::new(Code::BadValue, format!("`{key}` is empty")).at(at).help(help));
        }
        Some((text, _)) => return text,
        None if keys.has(key) => {}
        None => keys.missing(key, help),
    }
    String::new()
}

fn day(keys: &mut Keys<'_, '_>, key: &'static str, help: &str) -> Option<(PartialDate, Span)> {
    let Some((text, at)) = keys.text(key) else {
        if !keys.has(key) {
            keys.missing(key, help);
        }
        return None;
    };
    let day = PartialDate::parse(&text).filter(|day| day.is_day());
    if day.is_none() {
        let problem = Diagnostic::new(Code::BadDate, format!("`{text}` is no day")).at(at);
        keys.report(problem.help("write year, month and day, as in `2026-03-01`"));
    }
    day.map(|day| (day, at))
}

/// Reports what a filter has that only other rules have, and a `[rule.filter]` in another rule.
pub(super) fn check_shape(table: &Table, kind: Kind, rule: &str, found: &mut Diagnostics) {
    let foreign: &[&str] = match kind {
        Kind::Filter => &["detection", "composite", "correlation", "related", "explain"],
        _ => &["filter"],
    };
    for key in foreign.iter().filter_map(|key| table.key(key)) {
        let message = format!("a rule of kind `{}` has no `{}`", kind.word(), key.text);
        let problem = Diagnostic::new(Code::FilterBody, message).at(key.span).rule(rule);
        found.push(problem.help(match kind {
            Kind::Filter => "take it out; a suppression says all it has to say in `[rule.filter]`",
            _ => "take it out, or write the suppression as a rule of its own, of kind `filter`",
        }));
    }
}

impl Checker<'_> {
    /// A suppression with its rules found. `None` where something is wrong with it.
    pub(super) fn filter(&mut self, spec: &RuleSpec, filter: &FilterSpec) -> Option<Filter> {
        self.scope_names_records(spec);
        let suppresses: Vec<Option<usize>> =
            filter.suppresses.iter().map(|(id, at)| self.suppressed(spec, id, *at)).collect();
        let (reviewed, expires) = (filter.reviewed?, filter.expires?);
        self.within_the_limit(spec, reviewed.0, expires);
        Some(Filter {
            suppresses: suppresses.into_iter().collect::<Option<_>>()?,
            evidence: filter.evidence.clone(),
            reason: filter.reason.clone(),
            reviewer: filter.reviewer.clone(),
            reviewed: reviewed.0,
            expires: expires.0,
        })
    }

    fn scope_names_records(&mut self, spec: &RuleSpec) {
        let names = |table: &Table| {
            table.iter().any(|(key, node)| NAMING.contains(&key.text.as_str()) && is_plain_equality(node))
        };
        if spec.scope.as_ref().is_some_and(|(table, _)| names(table)) {
            return;
        }
        let (at, message) = match &spec.scope {
            Some((_, at)) => (*at, "the scope of the suppression names no record"),
            None => (spec.id_span, "the suppression has no scope"),
        };
        let help = "name what was looked at, by `record_id = \"…\"` or `person_id = \"…\"` in `[rule.scope]`; several ids stand \
                    in an array; for records that nobody looked at change the rule";
        self.say(spec, Code::FilterScope, at, message.to_owned(), help);
    }

    /// The position of a rule that is to be suppressed.
    fn suppressed(&mut self, spec: &RuleSpec, id: &str, at: Span) -> Option<usize> {
        match position(self.specs, id) {
            Some(rule) if self.specs[rule].kind != Kind::Filter => return Some(rule),
            Some(_) => {
                let message = format!("`{id}` is a suppression, and suppressions are not suppressed");
                self.say(spec, Code::FilterTarget, at, message, "to end it, take its rule out");
            }
            None => {
                let known = self.specs.iter().filter(|other| other.kind != Kind::Filter).map(|other| other.id.as_str());
                let help = match did_you_mean(id, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "correct the id, add the file that holds the rule, or take the suppression out".to_owned(),
                };
                self.say(spec, Code::UnknownRule, at, format!("there is no rule `{id}`"), &help);
            }
        }
        None
    }

    /// A suppression lasts no longer than the rule set allows. It is counted from the review, so that rules are sound or not
    /// whatever the day.
    fn within_the_limit(&mut self, spec: &RuleSpec, reviewed: PartialDate, (expires, at): (PartialDate, Span)) {
        let Some(longest) = self.profile.longest_suppression else {
            let message = "the rule set does not say how long a suppression may last".to_owned();
            let help = "add for example `[profile.suppression]` with `longest_days = 365` to `ruleset.toml`";
            self.say(spec, Code::FilterDates, at, message, help);
            return;
        };
        let days = i64::from(expires.last) - i64::from(reviewed.first);
        if days < 0 {
            let message = format!("the suppression ends before its review on {reviewed}");
            self.say(spec, Code::FilterDates, at, message, "correct `expires` or `reviewed`");
        } else if days > longest {
            let message = format!("the suppression ends {days} days after its review; the rule set allows {longest}");
            let latest = i64::from(reviewed.first) + longest;
            let latest = i32::try_from(latest).map_or(expires, |day| PartialDate { first: day, last: day });
            let help = format!("write `{latest}` or an earlier day, and look at the record again then");
            self.say(spec, Code::FilterDates, at, message, &help);
        }
    }
}

/// Whether a predicate is equality with texts: a text, an array of them, or either behind `is`.
fn is_plain_equality(node: &Node) -> bool {
    let node = node.table().and_then(|table| table.get("is")).unwrap_or(node);
    !node.each().is_empty() && node.each().iter().all(|each| each.text().is_some())
}
