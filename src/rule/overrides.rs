//! `[[override]]`: what a rule set changes in rules, most of them of a base, each time with a reason.
//!
//! In go rules as written, out come the same rules with another weight or status, or turned off; what was changed, by whom
//! and why stays with the rule. An override that names no rule, changes nothing or says a thing a second time is reported:
//! no override is without effect.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::condition::fits;
use super::ruleset::Head;
use super::spec::RuleSpec;
use super::{Kind, Status};
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, Node, Span, Table, did_you_mean};

/// What an override changed in a rule, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overridden {
    /// The rule set that did it.
    pub by: String,
    /// What it changed, in words: `weight weak instead of strong`.
    pub change: String,
    /// Why.
    pub reason: String,
}

/// An override as written.
#[derive(Debug)]
pub(super) struct OverrideSpec {
    id: (String, Span),
    changes: Vec<(Change, Span)>,
    reason: String,
}

/// One thing that an override changes.
#[derive(Debug)]
enum Change {
    Weight(Weight),
    Status(Status),
    Off(bool),
}

/// What a rule weighs, as written.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Weight {
    /// A step of the ladder.
    Step(String),
    /// Thousandths of a bit.
    Bits(i64),
}

impl Weight {
    fn of(spec: &RuleSpec) -> Option<Self> {
        let step = spec.strength.as_ref().map(|(step, _)| Self::Step(step.clone()));
        step.or(spec.bits.map(|(bits, _)| Self::Bits(bits)))
    }

    fn shown(&self) -> String {
        match self {
            Self::Step(step) => step.clone(),
            Self::Bits(bits) => {
                let text = format!("{}.{:03}", bits / 1000, bits % 1000);
                format!("{} bits", text.trim_end_matches('0').trim_end_matches('.'))
            }
        }
    }
}

/// Reads an override.
pub(super) fn parse(table: &Table, span: Span, found: &mut Diagnostics) -> Option<OverrideSpec> {
    let mut keys = Keys::new(table, span, "", found);
    let id = keys.text("id");
    if !keys.has("id") {
        keys.missing("id", "name the rule, or several with `*`: `id = \"charge.*\"`");
    }
    let weight = weight(&mut keys).map(Change::Weight);
    let status = keys.word("status", Status::ALL, Status::word).map(Change::Status);
    let off = keys.flag("off").map(Change::Off);
    let reason = keys.text("reason");
    let why = "say why, for whoever reads the cases";
    match &reason {
        None if !keys.has("reason") => keys.missing("reason", why),
        Some((text, at)) if text.trim().is_empty() => {
            keys.report(Diagnostic::new(Code::BadValue, "`reason` is empty").at(*at).help(why));
        }
        _ => {}
    }
    if !["weight", "status", "off"].into_iter().any(|key| keys.has(key)) {
        let problem = Diagnostic::new(Code::OverrideWithoutEffect, "the override changes nothing").at(span);
        keys.report(problem.help("add `weight`, `status` or `off = true`, or take it out"));
    }
    keys.finish();
    let place = |change: &Change| table.get(change.key()).map_or(span, |node| node.span);
    let changes = [weight, status, off].into_iter().flatten().map(|change| (place(&change), change));
    Some(OverrideSpec { id: id?, changes: changes.map(|(at, change)| (change, at)).collect(), reason: reason?.0 })
}

fn weight(keys: &mut Keys<'_, '_>) -> Option<Weight> {
    if let Some(step) = keys.node("weight").and_then(Node::text) {
        return Some(Weight::Step(step.to_owned()));
    }
    let (bits, at) = keys.thousandths("weight")?;
    if bits <= 0 {
        let problem = Diagnostic::new(Code::BadBits, "a weight is above 0; the sign comes from the kind").at(at);
        keys.report(
            problem.help("write a step such as `weight = \"weak\"`, or a number of bits such as `weight = 0.8`"),
        );
        return None;
    }
    Some(Weight::Bits(bits))
}

impl Change {
    fn key(&self) -> &'static str {
        match self {
            Self::Weight(_) => "weight",
            Self::Status(_) => "status",
            Self::Off(_) => "off",
        }
    }

    /// Changes a rule and says what was changed, or why nothing was.
    fn apply(&self, at: Span, spec: &mut RuleSpec) -> Result<String, String> {
        let id = &spec.id;
        match self {
            Self::Weight(_) if !spec.kind.has_bits() => {
                Err(format!("`{id}` is a rule of kind `{}` and carries no bits", spec.kind.word()))
            }
            Self::Weight(weight) => {
                let before = Weight::of(spec);
                if before.as_ref() == Some(weight) {
                    return Err(format!("`{id}` has this weight already"));
                }
                let before = before.map_or_else(|| "none".to_owned(), |weight| weight.shown());
                (spec.strength, spec.bits) = match weight {
                    Weight::Step(step) => (Some((step.clone(), at)), None),
                    Weight::Bits(bits) => (None, Some((*bits, at))),
                };
                Ok(format!("weight {} instead of {before}", weight.shown()))
            }
            Self::Status(status) if spec.status == *status => Err(format!("`{id}` has this status already")),
            Self::Status(status) => {
                let before = std::mem::replace(&mut spec.status, *status);
                Ok(format!("status {} instead of {}", status.word(), before.word()))
            }
            Self::Off(true) if spec.kind == Kind::Concept => Err(format!(
                "`{id}` is a concept and counts for nothing itself; turn off what builds on it, or replace it"
            )),
            Self::Off(off) if spec.off == *off => Err(format!("`{id}` is {} already", if *off { "off" } else { "on" })),
            Self::Off(off) => {
                spec.off = *off;
                Ok(if *off { "off" } else { "on again" }.to_owned())
            }
        }
    }
}

/// Applies the overrides of a rule set to the rules it builds on and to its own. A rule of a base that is turned off, and
/// that the rule set writes itself, gives its place to that one.
pub(super) fn apply(head: &Head, bases: &mut Vec<RuleSpec>, own: &mut [RuleSpec], found: &mut Diagnostics) {
    let mut names: BTreeMap<&str, Span> = BTreeMap::new();
    let mut told = BTreeMap::new();
    for one in &head.overrides {
        let (id, at) = (one.id.0.as_str(), one.id.1);
        if let Some(first) = names.insert(id, at) {
            let problem = Diagnostic::new(Code::OverrideTwice, format!("`{id}` is overridden twice")).at(at);
            found.push(problem.also(first, "the first stands here").help("make one override of the two"));
            continue;
        }
        if let Some(replacing) = replaced(one, bases, own) {
            note(replacing, &head.name, "replaces the rule of this id in the base".to_owned(), &one.reason);
            continue;
        }
        let mut fitting: Vec<&mut RuleSpec> =
            bases.iter_mut().chain(own.iter_mut()).filter(|spec| fits(id, &spec.id)).collect();
        for (change, at) in &one.changes {
            Applying { by: &head.name, one, change, at: *at, found }.to(&mut fitting, &mut told);
        }
        if fitting.is_empty() {
            found.push(unknown(id, bases, own).at(at));
        }
    }
}

/// The rule that takes the place of one of a base, which is gone then.
fn replaced<'a>(one: &OverrideSpec, bases: &mut Vec<RuleSpec>, own: &'a mut [RuleSpec]) -> Option<&'a mut RuleSpec> {
    let off = one.changes.iter().any(|(change, _)| matches!(change, Change::Off(true)));
    let replacing = own.iter_mut().find(|spec| off && spec.id == one.id.0)?;
    let base = bases.iter().position(|spec| spec.id == one.id.0)?;
    bases.remove(base);
    Some(replacing)
}

fn unknown(id: &str, bases: &[RuleSpec], own: &[RuleSpec]) -> Diagnostic {
    let problem = Diagnostic::new(Code::OverrideUnknownRule, format!("there is no rule `{id}` to override"));
    match did_you_mean(id, bases.iter().chain(own).map(|spec| spec.id.as_str())) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("name a rule of this rule set or of one that it extends; `*` stands for anything"),
    }
}

/// One change of one override at work.
struct Applying<'a, 'f> {
    by: &'a str,
    one: &'a OverrideSpec,
    change: &'a Change,
    at: Span,
    found: &'f mut Diagnostics,
}

impl Applying<'_, '_> {
    /// Changes rules. `told` holds what this rule set has changed so far: rule and key, and where.
    fn to(self, rules: &mut [&mut RuleSpec], told: &mut BTreeMap<(String, &'static str), Span>) {
        let key = self.change.key();
        let (mut some, mut why) = (rules.is_empty(), None);
        for spec in rules {
            if !spec.sound {
                some = true; // what it lacks is reported already
                continue;
            }
            if let Some(first) = told.insert((spec.id.clone(), key), self.at) {
                let message = format!("the {key} of `{}` is overridden twice", spec.id);
                let problem =
                    Diagnostic::new(Code::OverrideTwice, message).at(self.at).also(first, "the first time here");
                self.found.push(problem.help("name in each override only rules that no other one names"));
                some = true;
                continue;
            }
            match self.change.apply(self.at, spec) {
                Ok(change) => {
                    note(spec, self.by, change, &self.one.reason);
                    some = true;
                }
                Err(reason) => why = Some(reason),
            }
        }
        if !some {
            let message = format!("`{key}` changes nothing: {}", why.unwrap_or_default());
            let problem = Diagnostic::new(Code::OverrideWithoutEffect, message).at(self.at);
            self.found.push(problem.help("correct it, or take it out"));
        }
    }
}

fn note(spec: &mut RuleSpec, by: &str, change: String, reason: &str) {
    spec.overridden.push(Overridden { by: by.to_owned(), change, reason: reason.to_owned() });
}

/// The hash of a rule with what overrides changed in it.
pub(super) fn hash(spec: &RuleSpec) -> String {
    if spec.overridden.is_empty() {
        return spec.hash.clone();
    }
    let changes: Vec<&str> = spec.overridden.iter().map(|one| one.change.as_str()).collect();
    crate::text::hex(&Sha256::digest(format!("{}\n{}", spec.hash, changes.join("\n")))[..16])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_weight_reads_as_it_is_written() {
        let shown = |bits| Weight::Bits(bits).shown();
        assert_eq!(
            [shown(2000), shown(1350), shown(5), shown(10_000)],
            ["2 bits", "1.35 bits", "0.005 bits", "10 bits"]
        );
        assert_eq!(Weight::Step("weak".to_owned()).shown(), "weak");
    }
}
