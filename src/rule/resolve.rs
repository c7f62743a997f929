//! Conditions with their names resolved: to selections of the rule, to concepts, to other rules.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::check::Checker;
use super::condition::{self, Condition, Group, fits};
use super::spec::{RuleSpec, position};
use super::{Expr, Factor, Ground, Kind};
use crate::diag::{Code, Diagnostic, Sources, Span, did_you_mean};

impl Checker<'_> {
    /// A condition with its names resolved: selections of the rule where there are any, else rules.
    pub(super) fn condition(
        &mut self,
        spec: &RuleSpec,
        written: &(String, Span),
        selections: Option<&BTreeMap<String, (Expr, Span)>>,
    ) -> Option<Expr> {
        let sources = self.sources;
        let content = content_of(sources, written);
        let within = |at: &Range<usize>| place_in(content, written.1, at);
        let condition = match condition::parse(&written.0) {
            Ok(condition) => condition,
            Err(error) => {
                let word = written.0.get(error.at.clone()).unwrap_or_default().to_lowercase();
                let help = if error.code == Code::ConditionTooDeep {
                    "give parts of it a name as concept rules, and use the names".to_owned()
                } else if matches!(word.as_str(), "and" | "or" | "not") {
                    format!("write `{word}` in small letters")
                } else {
                    "conditions use names, `and`, `or`, `not`, brackets and `N of …`".to_owned()
                };
                let problem = Diagnostic::new(error.code, error.message).at(within(&error.at)).help(help);
                self.found.push(problem.rule(&spec.id));
                return None;
            }
        };
        let mut names = Names { selections, used: BTreeSet::new(), within: &within };
        let expr = self.resolve(spec, &condition, &mut names);
        let used = names.used;
        for (name, (_, span)) in selections.into_iter().flatten() {
            if !used.contains(name) && expr.is_some() {
                let message = format!("selection `{name}` is not used in the condition");
                self.say(spec, Code::UnusedSelection, *span, message, "name it in the condition, or take it out");
            }
        }
        expr
    }

    fn resolve(&mut self, spec: &RuleSpec, condition: &Condition, names: &mut Names<'_>) -> Option<Expr> {
        let mut all = |parts: &[Condition]| -> Option<Vec<Expr>> {
            let parts: Vec<Option<Expr>> = parts.iter().map(|part| self.resolve(spec, part, names)).collect();
            parts.into_iter().collect()
        };
        match condition {
            Condition::And(parts) => all(parts).map(Expr::All),
            Condition::Or(parts) => all(parts).map(Expr::Any),
            Condition::Not(inner) => Some(Expr::Not(Box::new(self.resolve(spec, inner, names)?))),
            Condition::Name(name, at) => self.name(spec, (name, at), names),
            Condition::Of(count, group, at) => {
                let members = self.members(spec, (group, at), names)?;
                self.counted(spec, *count, members, (names.within)(at))
            }
        }
    }

    /// So many of the members, all without a number.
    fn counted(&mut self, spec: &RuleSpec, count: Option<usize>, members: Vec<Expr>, at: Span) -> Option<Expr> {
        let (wanted, reachable) = (count.unwrap_or(members.len()), members.len());
        if wanted > reachable && self.is_incomplete() {
            return None;
        }
        match wanted {
            wanted if wanted == 0 || wanted > reachable => {
                let when = if wanted == 0 { "always" } else { "never" };
                let message = format!("{wanted} of {reachable} can {when} be reached");
                self.say(spec, Code::CountOutOfRange, at, message, &format!("count from 1 to {reachable}"));
                None
            }
            1 => Some(Expr::Any(members)),
            wanted if wanted == reachable => Some(Expr::All(members)),
            wanted => Some(Expr::AtLeast(wanted, members)),
        }
    }

    /// Whether a rule may only be missing because of mistakes that are reported already.
    fn is_incomplete(&self) -> bool {
        self.specs.iter().any(|spec| !spec.sound)
    }

    fn name(&mut self, spec: &RuleSpec, (name, at): (&str, &Range<usize>), names: &mut Names<'_>) -> Option<Expr> {
        if let Some((expr, _)) = names.selections.and_then(|selections| selections.get(name)) {
            names.used.insert(name.to_owned());
            return Some(name_it(name, expr));
        }
        let at = (names.within)(at);
        let Some(rule) = position(self.specs, name) else {
            self.unknown(spec, (name, at), names);
            return None;
        };
        let named = &self.specs[rule];
        if named.kind == Kind::Filter {
            let message = format!("`{name}` is a suppression and says nothing of a record");
            self.say(spec, Code::FilterNamed, at, message, "name the rule that it suppresses, or take it out");
            return None;
        }
        if names.selections.is_some() && named.kind != Kind::Concept && named.sound {
            let help = "a detection builds on concepts only; use `[rule.composite]` for other rules";
            self.say(spec, Code::NotAConcept, at, format!("`{name}` is a rule but not a concept"), help);
            return None;
        }
        Some(Expr::Rule(rule))
    }

    /// Reports a name that names nothing.
    fn unknown(&mut self, spec: &RuleSpec, (name, at): (&str, Span), names: &Names<'_>) {
        let may_name = |other: &&RuleSpec| names.selections.is_none() || other.kind == Kind::Concept;
        let rules = self.specs.iter().filter(may_name).map(|other| other.id.as_str());
        let own = names.selections.into_iter().flat_map(BTreeMap::keys).map(String::as_str);
        let near = did_you_mean(name, own.chain(rules)).map(|near| format!("did you mean `{near}`?"));
        let (code, what, remedy) = match names.selections {
            Some(_) => {
                let remedy = format!("add `[rule.detection.{name}]`, or a concept of that id");
                (Code::UnknownName, "selection or concept", remedy)
            }
            None => (Code::UnknownRule, "rule", "add the file that holds the rule, or correct the id".to_owned()),
        };
        self.say(spec, code, at, format!("there is no {what} `{name}`"), &near.unwrap_or(remedy));
    }

    /// The rules of a group, from those of a rule.
    pub(super) fn rules_of(&mut self, spec: &RuleSpec, group: &Group) -> Vec<Expr> {
        let within = |_: &Range<usize>| spec.id_span;
        let mut names = Names { selections: None, used: BTreeSet::new(), within: &within };
        self.members(spec, (group, &(0..0)), &mut names).unwrap_or_default()
    }

    fn members(
        &mut self,
        spec: &RuleSpec,
        (group, at): (&Group, &Range<usize>),
        names: &mut Names<'_>,
    ) -> Option<Vec<Expr>> {
        let at = (names.within)(at);
        let specs = self.specs;
        let rules = |fit: &dyn Fn(&RuleSpec) -> bool| -> Vec<Expr> {
            let fits = |other: &RuleSpec| other.id != spec.id && other.kind != Kind::Filter && fit(other);
            specs.iter().enumerate().filter(|(_, other)| fits(other)).map(|(at, _)| Expr::Rule(at)).collect()
        };
        let members = match (group, names.selections) {
            (Group::Names(all), _) => {
                let found: Vec<Option<Expr>> =
                    all.iter().map(|(name, at)| self.name(spec, (name, at), names)).collect();
                return found.into_iter().collect();
            }
            (Group::Glob(glob), Some(selections)) => {
                let fitting: Vec<_> = selections.iter().filter(|(name, _)| fits(glob, name)).collect();
                names.used.extend(fitting.iter().map(|(name, _)| (*name).clone()));
                fitting.into_iter().map(|(name, (expr, _))| name_it(name, expr)).collect()
            }
            (Group::Glob(glob), None) => rules(&|other| fits(glob, &other.id)),
            (Group::Factor(word) | Group::Ground(word), Some(_)) => {
                let message = format!("`{word}` counts rules, and a detection looks at one record");
                let help = "rules are counted in `requires` and in `[rule.composite]`";
                self.say(spec, Code::ConditionSyntax, at, message, help);
                return None;
            }
            (Group::Factor(word), None) => Factor::parse(word)
                .map_or(vec![], |factor| rules(&|other| other.kind == Kind::Indicator && other.factor == Some(factor))),
            (Group::Ground(word), None) => Ground::parse(word)
                .map_or(vec![], |ground| rules(&|other| other.kind == Kind::Gate && other.ground == Some(ground))),
        };
        if members.is_empty() {
            if names.selections.is_some() || !self.is_incomplete() {
                self.say(spec, Code::EmptyGroup, at, "nothing belongs to this group".to_owned(), &filling(group));
            }
            return None;
        }
        Some(members)
    }
}

/// What the names in a condition may name, and which of it they do.
struct Names<'a> {
    /// The selections of the rule; none where names are of rules.
    selections: Option<&'a BTreeMap<String, (Expr, Span)>>,
    used: BTreeSet<String>,
    /// Where a part of the condition stands in its file.
    within: &'a dyn Fn(&Range<usize>) -> Span,
}

/// What to do about a group without members.
fn filling(group: &Group) -> String {
    let words = |all: Vec<&str>| format!("it can be: {}", all.join(", "));
    match group {
        Group::Factor(word) if Factor::parse(word).is_none() => {
            words(Factor::ALL.iter().copied().map(Factor::word).collect())
        }
        Group::Ground(word) if Ground::parse(word).is_none() => {
            words(Ground::ALL.iter().copied().map(Ground::word).collect())
        }
        Group::Factor(_) => "no other rule of kind `indicator` has this factor".to_owned(),
        Group::Ground(_) => "no other rule of kind `gate` has this ground".to_owned(),
        _ => "correct the pattern, in which `*` stands for anything, or add what it should match".to_owned(),
    }
}

/// Where the content of a string begins in its file; `None` where an escape in it moves places.
pub(super) fn content_of(sources: &Sources, (text, span): &(String, Span)) -> Option<usize> {
    let raw = sources.text(span.source).get(span.start..span.end).unwrap_or_default();
    raw.find(text.as_str()).filter(|at| *at > 0).map(|at| span.start + at)
}

/// Where a part of a condition stands in its file. An escape in the string moves places; then it is the whole string.
pub(super) fn place_in(content: Option<usize>, span: Span, part: &Range<usize>) -> Span {
    let Some(content) = content else { return span };
    let (start, end) = (content + part.start, content + part.end.max(part.start + 1));
    Span { source: span.source, start, end: end.min(span.end) }
}

pub(super) fn name_it(name: &str, expr: &Expr) -> Expr {
    Expr::Named(Arc::from(name), Box::new(expr.clone()))
}
