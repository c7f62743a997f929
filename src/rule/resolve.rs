//! Conditions with their names resolved: to selections of the rule, to concepts, to other rules.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use super::check::Checker;
use super::condition::{self, Condition, Group, fits};
use super::spec::RuleSpec;
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
        let mut used = BTreeSet::new();
        let expr = self.resolve(spec, &condition, selections, &mut used, &within);
        for (name, (_, span)) in selections.into_iter().flatten() {
            if !used.contains(name) && expr.is_some() {
                self.say(
                    spec,
                    Code::UnusedSelection,
                    *span,
                    format!("selection `{name}` is not used in the condition"),
                    "name it in the condition, or take it out",
                );
            }
        }
        expr
    }

    fn resolve(
        &mut self,
        spec: &RuleSpec,
        condition: &Condition,
        selections: Option<&BTreeMap<String, (Expr, Span)>>,
        used: &mut BTreeSet<String>,
        within: &dyn Fn(&Range<usize>) -> Span,
    ) -> Option<Expr> {
        let mut all = |parts: &[Condition], this: &mut Self| -> Option<Vec<Expr>> {
            let parts: Vec<Option<Expr>> =
                parts.iter().map(|part| this.resolve(spec, part, selections, used, within)).collect();
            parts.into_iter().collect()
        };
        match condition {
            Condition::And(parts) => all(parts, self).map(Expr::All),
            Condition::Or(parts) => all(parts, self).map(Expr::Any),
            Condition::Not(inner) => Some(Expr::Not(Box::new(self.resolve(spec, inner, selections, used, within)?))),
            Condition::Name(name, at) => self.name(spec, name, within(at), selections, used),
            Condition::Of(count, group, at) => {
                let members = self.members(spec, group, within(at), selections, used, within)?;
                let wanted = count.unwrap_or(members.len());
                if wanted > members.len() && self.specs.iter().any(|spec| !spec.sound) {
                    return None; // some members may only be missing because of mistakes reported already
                }
                if wanted == 0 || wanted > members.len() {
                    let message = format!(
                        "{wanted} of {} can {} be reached",
                        members.len(),
                        if wanted == 0 { "always" } else { "never" }
                    );
                    let help = format!("count from 1 to {}", members.len());
                    self.say(spec, Code::CountOutOfRange, within(at), message, &help);
                    return None;
                }
                Some(match wanted {
                    1 => Expr::Any(members),
                    wanted if wanted == members.len() => Expr::All(members),
                    wanted => Expr::AtLeast(wanted, members),
                })
            }
        }
    }

    fn name(
        &mut self,
        spec: &RuleSpec,
        name: &str,
        at: Span,
        selections: Option<&BTreeMap<String, (Expr, Span)>>,
        used: &mut BTreeSet<String>,
    ) -> Option<Expr> {
        if let Some((expr, _)) = selections.and_then(|selections| selections.get(name)) {
            used.insert(name.to_owned());
            return Some(name_it(name, expr));
        }
        match self.specs.iter().position(|spec| spec.id == name) {
            Some(rule) if self.specs[rule].kind == Kind::Filter => {
                let message = format!("`{name}` is a suppression and says nothing of a record");
                self.say(spec, Code::FilterNamed, at, message, "name the rule that it suppresses, or take it out");
                None
            }
            Some(rule) if selections.is_none() || self.specs[rule].kind == Kind::Concept || !self.specs[rule].sound => {
                Some(Expr::Rule(rule))
            }
            Some(_) => {
                let problem =
                    Diagnostic::new(Code::NotAConcept, format!("`{name}` is a rule but not a concept")).at(at);
                self.found.push(
                    problem
                        .help("a detection builds on concepts only; use `[rule.composite]` for other rules")
                        .rule(&spec.id),
                );
                None
            }
            None => {
                let (code, known): (Code, Vec<&str>) = match selections {
                    Some(selections) => (
                        Code::UnknownName,
                        selections
                            .keys()
                            .map(String::as_str)
                            .chain(
                                self.specs
                                    .iter()
                                    .filter(|spec| spec.kind == Kind::Concept)
                                    .map(|spec| spec.id.as_str()),
                            )
                            .collect(),
                    ),
                    None => (Code::UnknownRule, self.specs.iter().map(|spec| spec.id.as_str()).collect()),
                };
                let what = if selections.is_some() { "selection or concept" } else { "rule" };
                let mut problem = Diagnostic::new(code, format!("there is no {what} `{name}`")).at(at).rule(&spec.id);
                problem = match did_you_mean(name, known.iter().copied()) {
                    Some(near) => problem.help(format!("did you mean `{near}`?")),
                    None if selections.is_some() => {
                        problem.help(format!("add `[rule.detection.{name}]`, or a concept of that id"))
                    }
                    None => problem.help("add the file that holds the rule, or correct the id"),
                };
                self.found.push(problem);
                None
            }
        }
    }

    /// The rules of a group, from those of a rule.
    pub(super) fn rules_of(&mut self, spec: &RuleSpec, group: &Group) -> Vec<Expr> {
        let within = |_: &Range<usize>| spec.id_span;
        self.members(spec, group, spec.id_span, None, &mut BTreeSet::new(), &within).unwrap_or_default()
    }

    fn members(
        &mut self,
        spec: &RuleSpec,
        group: &Group,
        at: Span,
        selections: Option<&BTreeMap<String, (Expr, Span)>>,
        used: &mut BTreeSet<String>,
        within: &dyn Fn(&Range<usize>) -> Span,
    ) -> Option<Vec<Expr>> {
        let rules = |fit: &dyn Fn(&RuleSpec) -> bool, specs: &[RuleSpec]| -> Vec<Expr> {
            specs
                .iter()
                .enumerate()
                .filter(|(_, other)| other.id != spec.id && other.kind != Kind::Filter && fit(other))
                .map(|(at, _)| Expr::Rule(at))
                .collect()
        };
        let members = match group {
            Group::Names(names) => {
                let found: Vec<Option<Expr>> =
                    names.iter().map(|(name, at)| self.name(spec, name, within(at), selections, used)).collect();
                return found.into_iter().collect();
            }
            Group::Glob(glob) => match selections {
                Some(selections) => {
                    let names: Vec<&String> = selections.keys().filter(|name| fits(glob, name)).collect();
                    used.extend(names.iter().map(|name| (*name).clone()));
                    names.into_iter().map(|name| name_it(name, &selections[name].0)).collect()
                }
                None => rules(&|other| fits(glob, &other.id), self.specs),
            },
            Group::Factor(word) | Group::Ground(word) if selections.is_some() => {
                self.say(
                    spec,
                    Code::ConditionSyntax,
                    at,
                    format!("`{word}` counts rules, and a detection looks at one record"),
                    "rules are counted in `requires` and in `[rule.composite]`",
                );
                return None;
            }
            Group::Factor(word) => {
                let factor = Factor::parse(word);
                rules(&|other| other.kind == Kind::Indicator && factor.is_some() && other.factor == factor, self.specs)
            }
            Group::Ground(word) => {
                let ground = Ground::parse(word);
                rules(&|other| other.kind == Kind::Gate && ground.is_some() && other.ground == ground, self.specs)
            }
        };
        if members.is_empty() && selections.is_none() && self.specs.iter().any(|spec| !spec.sound) {
            return None; // members may only be missing because of mistakes reported already
        }
        if members.is_empty() {
            let words = |all: Vec<&str>| format!("it can be: {}", all.join(", "));
            let help = match group {
                Group::Factor(word) if Factor::parse(word).is_none() => {
                    words(Factor::ALL.iter().copied().map(Factor::word).collect())
                }
                Group::Ground(word) if Ground::parse(word).is_none() => {
                    words(Ground::ALL.iter().copied().map(Ground::word).collect())
                }
                Group::Factor(_) => "no other rule of kind `indicator` has this factor".to_owned(),
                Group::Ground(_) => "no other rule of kind `gate` has this ground".to_owned(),
                _ => "correct the pattern, in which `*` stands for anything, or add what it should match".to_owned(),
            };
            self.say(spec, Code::EmptyGroup, at, "nothing belongs to this group".to_owned(), &help);
            return None;
        }
        Some(members)
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
