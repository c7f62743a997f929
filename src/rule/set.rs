//! A rule set: files to checked rules, with every name resolved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::condition::{self, Condition, Group, RESERVED, fits};
use super::scenario;
use super::selection::{Clauses, Reader};
use super::spec::{self, Body, RuleSpec};
use super::{Clause, Expr, Factor, Ground, Kind, Profile, Rule, RuleFiles, Template};
use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span, did_you_mean};
use crate::record::{Field, Type};
use crate::text::{Lexicons, parse_lexicon};

/// Checked rules, ready to be judged by or compiled into a plan.
#[derive(Debug)]
pub struct RuleSet {
    /// The numbers.
    pub profile: Profile,
    /// The rules, by id.
    pub rules: Vec<Rule>,
    /// Every clause of every rule, once.
    pub clauses: Vec<Clause>,
    /// Positions of rules such that a rule stands after those it builds on.
    pub order: Vec<usize>,
    /// A hash of the whole set, in hexadecimal.
    pub hash: String,
    /// A hash of each list, in hexadecimal.
    pub list_hashes: BTreeMap<String, String>,
    text_fields: Vec<Field>,
    by_factor: Vec<(Factor, Vec<usize>)>,
    dependents: Vec<Vec<usize>>,
}

impl RuleSet {
    /// Checks the files of a rule set. What is sound is returned, what is not is reported; a caller who wants to run the
    /// rules looks at the report first. `None` where there is no usable profile.
    pub fn check(files: &RuleFiles, sources: &mut Sources, found: &mut Diagnostics) -> Option<Self> {
        let mut lexicons = Lexicons::default();
        let mut list_hashes = BTreeMap::new();
        let mut digest = Sha256::new();
        let mut specs = vec![];
        let mut profile = None;
        for (name, text) in files.iter() {
            let source = sources.add(files.shown(name), text);
            digest.update(format!("{name}:{}:{text}", text.len()));
            if let Some(list) = name.strip_suffix(".csv") {
                list_hashes.insert(list.to_owned(), crate::text::hex(&Sha256::digest(text)[..16]));
                lexicons.insert(parse_lexicon(list, source, text, found));
            } else if name == "ruleset.toml" {
                profile = Some(Profile::parse(source, text, found));
            } else {
                specs.extend(spec::parse(source, text, found));
            }
        }
        // Rules are checked beside a profile with mistakes too, so that those of both show together.
        let usable = !matches!(profile, Some(None));
        let profile = match profile.flatten() {
            Some(profile) => profile,
            None => {
                let text = RuleFiles::shipped().get("ruleset.toml").unwrap_or_default().to_owned();
                let source = sources.add("ruleset.toml (shipped)", &text);
                Profile::parse(source, &text, found)?
            }
        };
        without_echoes(found);
        specs.sort_by(|a, b| a.id.cmp(&b.id));
        without_duplicates(&mut specs, found);
        let hash = crate::text::hex(&digest.finalize()[..16]);
        let mut set = Checker { profile: &profile, lexicons: &lexicons, specs: &specs, sources, found }.check();
        set.list_hashes = list_hashes;
        set.hash = hash;
        set.profile = profile;
        usable.then_some(set)
    }

    /// The problem that no rule counts, if none does. A run looks at this: without a rule every record would be clear.
    #[must_use]
    pub fn nothing_counts(&self) -> Option<Diagnostic> {
        if self.rules.iter().any(|rule| rule.active) {
            return None;
        }
        let words: Vec<&str> = self.profile.statuses.iter().map(|status| status.word()).collect();
        let problem = Diagnostic::new(Code::NoActiveRule, "no rule is active");
        Some(problem.help(match (self.rules.is_empty(), words.is_empty()) {
            (true, _) => "no rule was read; give a folder with rules".to_owned(),
            (false, true) => "`statuses` in `ruleset.toml` is empty".to_owned(),
            (false, false) => {
                format!("by `statuses` in `ruleset.toml` only rules of status {} count", words.join(" or "))
            }
        }))
    }

    /// The position of a rule.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.rules.binary_search_by(|rule| rule.id.as_ref().cmp(id)).ok()
    }

    /// For each factor, the rules in use that weigh it, heaviest first.
    #[must_use]
    pub fn by_factor(&self) -> &[(Factor, Vec<usize>)] {
        &self.by_factor
    }

    /// The rules whose verdict builds on a rule's, directly or through others, each after those it builds on itself.
    #[must_use]
    pub fn dependents(&self, rule: usize) -> &[usize] {
        &self.dependents[rule]
    }

    /// The text fields that some clause looks into.
    #[must_use]
    pub fn text_fields(&self) -> &[Field] {
        &self.text_fields
    }
}

/// Takes out what was only said because a value could not be read at all.
fn without_echoes(found: &mut Diagnostics) {
    let unread: Vec<Option<Span>> =
        found.iter().filter(|problem| problem.code == Code::TomlSyntax).map(|problem| problem.span).collect();
    let echo = |problem: &Diagnostic| problem.code == Code::WrongType && unread.contains(&problem.span);
    if !unread.is_empty() {
        *found = std::mem::take(found).into_iter().filter(|problem| !echo(problem)).collect();
    }
}

fn without_duplicates(specs: &mut Vec<RuleSpec>, found: &mut Diagnostics) {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    specs.retain(|spec| match first.get(&spec.id) {
        _ if spec.id.is_empty() => true,
        None => {
            first.insert(spec.id.clone(), spec.id_span);
            true
        }
        Some(other) => {
            let problem = Diagnostic::new(Code::DuplicateRuleId, format!("there are two rules `{}`", spec.id));
            let problem = problem.at(spec.id_span).also(*other, "the first stands here");
            found.push(problem.help("rename one of them").rule(&spec.id));
            false
        }
    });
}

struct Checker<'a> {
    profile: &'a Profile,
    lexicons: &'a Lexicons,
    specs: &'a [RuleSpec],
    sources: &'a Sources,
    found: &'a mut Diagnostics,
}

impl Checker<'_> {
    fn check(mut self) -> RuleSet {
        let mut clauses = Clauses::default();
        let mut rules: Vec<Option<Rule>> = vec![];
        for spec in self.specs {
            let before = self.found.errors();
            let rule = self.rule(spec, &mut clauses);
            rules.push(rule.filter(|_| spec.sound && self.found.errors() == before));
        }
        let (order, in_circle) = self.order(&rules);
        for at in in_circle {
            rules[at] = None;
        }
        let (rules, order) = without_gaps(rules, &order);
        let mut text_fields: Vec<Field> =
            clauses.all.iter().flat_map(Clause::fields).filter(|field| field.ty() == Type::Text).collect();
        text_fields.sort_unstable();
        text_fields.dedup();
        let by_factor = Factor::ALL
            .iter()
            .map(|factor| {
                let weighs =
                    |at: &usize| rules[*at].active && rules[*at].kind.has_bits() && rules[*at].factor == Some(*factor);
                let mut members: Vec<usize> = (0..rules.len()).filter(weighs).collect();
                members.sort_by_key(|at| (-rules[*at].millibits, *at));
                (*factor, members)
            })
            .collect();
        let dependents = (0..rules.len())
            .map(|rule| {
                let mut reached = BTreeSet::from([rule]);
                let builds_on = |at: &usize| {
                    *at != rule && {
                        let reaches = verdict_needs(&rules[*at]).iter().any(|need| reached.contains(need));
                        reaches && reached.insert(*at)
                    }
                };
                order.iter().copied().filter(builds_on).collect()
            })
            .collect();
        RuleSet {
            profile: self.profile.clone(),
            rules,
            clauses: clauses.all,
            order,
            hash: String::new(),
            list_hashes: BTreeMap::new(),
            text_fields,
            by_factor,
            dependents,
        }
    }

    fn rule(&mut self, spec: &RuleSpec, clauses: &mut Clauses) -> Option<Rule> {
        let scope = spec.scope.as_ref().map(|(table, span)| {
            let scope = self.reader(spec, clauses).table("scope", *span, table);
            scope.map(|scope| Expr::Named("scope".into(), Box::new(scope)))
        });
        let body = match &spec.body {
            Body::Composite { condition } => self.condition(spec, condition, None),
            Body::Detection { condition, selections } => {
                let mut named = BTreeMap::new();
                let mut sound = true;
                for (name, span, node) in selections {
                    if RESERVED.contains(&name.as_str()) {
                        self.say(
                            spec,
                            Code::ReservedName,
                            *span,
                            format!("`{name}` means something in conditions and cannot name a selection"),
                            "rename the selection",
                        );
                    }
                    match self.reader(spec, clauses).selection(name, *span, node) {
                        Some(expr) => {
                            named.insert(name.clone(), (expr, *span));
                        }
                        None => {
                            named.insert(name.clone(), (Expr::All(vec![]), *span));
                            sound = false;
                        }
                    }
                }
                let body = match (condition, named.len()) {
                    (Some(condition), _) => self.condition(spec, condition, Some(&named)),
                    (None, 1) => named.iter().next().map(|(name, (expr, _))| name_it(name, expr)),
                    (None, _) => {
                        let help =
                            "say how the selections go together, for example `condition = \"one and not other\"`";
                        self.say(spec, Code::MissingKey, spec.id_span, "`condition` is missing".to_owned(), help);
                        None
                    }
                };
                body.filter(|_| sound)
            }
        };
        let requires = spec.requires.as_ref().map(|condition| self.condition(spec, condition, None));
        let millibits = match (&spec.strength, &spec.bits) {
            (Some((strength, span)), _) => match self.profile.strengths.get(strength) {
                Some(bits) => *bits,
                None => {
                    let known: Vec<&str> = self.profile.strengths.keys().map(String::as_str).collect();
                    let problem = Diagnostic::new(
                        Code::UnknownStrength,
                        format!("`{strength}` is not on the ladder of strengths"),
                    );
                    let help = match did_you_mean(strength, known.iter().copied()) {
                        Some(near) => format!("did you mean `{near}`?"),
                        None => format!("it has: {}", known.join(", ")),
                    };
                    self.found.push(problem.at(*span).help(help).rule(&spec.id));
                    0
                }
            },
            (None, Some((bits, _))) => *bits,
            (None, None) => 0,
        };
        let message = match &spec.message {
            Some((text, span)) => Template::parse(text, *span, &spec.id, self.found),
            None => Template::default(),
        };
        let tests = scenario::read(spec, self.specs, self.found);
        Some(Rule {
            id: Arc::from(spec.id.as_str()),
            revision: spec.revision,
            tags: spec.tags.clone(),
            title: spec.title.clone(),
            status: spec.status,
            active: self.profile.statuses.contains(&spec.status),
            kind: spec.kind,
            factor: spec.factor,
            ground: spec.ground,
            millibits,
            basis: spec.basis.clone(),
            false_positives: spec.false_positives.clone(),
            scope: match scope {
                Some(scope) => Some(scope?),
                None => None,
            },
            body: body?,
            requires: match requires {
                Some(requires) => Some(requires?),
                None => None,
            },
            message,
            ask: spec.ask.as_ref().map(|(ask, _)| ask.clone()),
            tests,
            hash: spec.hash.clone(),
        })
    }

    fn reader<'b>(&'b mut self, spec: &'b RuleSpec, clauses: &'b mut Clauses) -> Reader<'b> {
        Reader { rule: &spec.id, lexicons: self.lexicons, clauses, found: self.found }
    }

    fn say(&mut self, spec: &RuleSpec, code: Code, span: Span, message: String, help: &str) {
        self.found.push(Diagnostic::new(code, message).at(span).help(help).rule(&spec.id));
    }

    /// A condition with its names resolved: selections of the rule where there are any, else rules.
    fn condition(
        &mut self,
        spec: &RuleSpec,
        (text, span): &(String, Span),
        selections: Option<&BTreeMap<String, (Expr, Span)>>,
    ) -> Option<Expr> {
        let raw = self.sources.text(span.source).get(span.start..span.end).unwrap_or_default();
        let content = span.start + raw.find(text.as_str()).unwrap_or(0);
        let within = |at: &std::ops::Range<usize>| {
            // An escape in the string moves places; then the whole string is shown.
            if content == span.start {
                return *span;
            }
            let (start, end) = (content + at.start, content + at.end.max(at.start + 1));
            Span { source: span.source, start, end: end.min(span.end) }
        };
        let condition = match condition::parse(text) {
            Ok(condition) => condition,
            Err(error) => {
                let help = if error.code == Code::ConditionTooDeep {
                    "give parts of it a name as concept rules, and use the names"
                } else {
                    "conditions use names, `and`, `or`, `not`, brackets and `N of …`"
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
        within: &dyn Fn(&std::ops::Range<usize>) -> Span,
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

    fn members(
        &mut self,
        spec: &RuleSpec,
        group: &Group,
        at: Span,
        selections: Option<&BTreeMap<String, (Expr, Span)>>,
        used: &mut BTreeSet<String>,
        within: &dyn Fn(&std::ops::Range<usize>) -> Span,
    ) -> Option<Vec<Expr>> {
        let rules = |fit: &dyn Fn(&RuleSpec) -> bool, specs: &[RuleSpec]| -> Vec<Expr> {
            specs
                .iter()
                .enumerate()
                .filter(|(_, other)| other.id != spec.id && fit(other))
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

    /// Rules in an order in which each stands after those it builds on, and the rules of which that cannot be said.
    fn order(&mut self, rules: &[Option<Rule>]) -> (Vec<usize>, Vec<usize>) {
        let needs: Vec<BTreeSet<usize>> =
            rules.iter().map(|rule| rule.as_ref().map(named_rules).unwrap_or_default()).collect();
        let mut done = vec![false; rules.len()];
        let mut order = vec![];
        loop {
            let next: Vec<usize> =
                (0..rules.len()).filter(|at| !done[*at] && needs[*at].iter().all(|need| done[*need])).collect();
            if next.is_empty() {
                break;
            }
            for at in next {
                done[at] = true;
                order.push(at);
            }
        }
        let in_circle: Vec<usize> = (0..rules.len()).filter(|at| !done[*at]).collect();
        let mut told = BTreeSet::new();
        for at in &in_circle {
            let reached = reach(&needs, *at);
            let circle: Vec<usize> =
                reached.iter().copied().filter(|other| reach(&needs, *other).contains(at)).collect();
            // A rule that only builds on a circle goes with it, and is not what has to be mended.
            if !reached.contains(at) || !told.insert(circle.clone()) {
                continue;
            }
            let spec = &self.specs[*at];
            let others = circle.iter().filter(|other| *other != at).map(|other| &self.specs[*other]);
            let names: Vec<String> = others.clone().map(|other| format!("`{}`", other.id)).collect();
            let message = match names.is_empty() {
                true => format!("`{}` builds on itself", spec.id),
                false => format!("`{}` builds on itself through {}", spec.id, names.join(", ")),
            };
            let mut problem = Diagnostic::new(Code::RuleCycle, message).at(spec.id_span).rule(&spec.id);
            for other in others {
                problem = problem.also(other.id_span, "on the same circle");
            }
            self.found.push(problem.help("take one of the references out of a condition or a `requires`"));
        }
        (order, in_circle)
    }
}

fn name_it(name: &str, expr: &Expr) -> Expr {
    Expr::Named(Arc::from(name), Box::new(expr.clone()))
}

/// The rules that can be reached from a rule over one reference or more.
fn reach(needs: &[BTreeSet<usize>], from: usize) -> BTreeSet<usize> {
    let mut reached = BTreeSet::new();
    let mut next: Vec<usize> = needs[from].iter().copied().collect();
    while let Some(at) = next.pop() {
        if reached.insert(at) {
            next.extend(&needs[at]);
        }
    }
    reached
}

/// The rules a rule names, in its body or in what it requires.
fn named_rules(rule: &Rule) -> BTreeSet<usize> {
    rules_in(&rule.scope.iter().chain([&rule.body]).chain(&rule.requires).collect::<Vec<_>>())
}

/// The rules whose verdicts a rule's own verdict builds on.
fn verdict_needs(rule: &Rule) -> BTreeSet<usize> {
    rules_in(&rule.scope.iter().chain([&rule.body]).collect::<Vec<_>>())
}

fn rules_in(exprs: &[&Expr]) -> BTreeSet<usize> {
    let mut named = BTreeSet::new();
    for expr in exprs {
        expr.walk(&mut |part| {
            if let Expr::Rule(at) = part {
                named.insert(*at);
            }
        });
    }
    named
}

/// Takes out rules that are not sound and renumbers the rest. A rule that builds on one that is not sound goes too.
fn without_gaps(mut rules: Vec<Option<Rule>>, order: &[usize]) -> (Vec<Rule>, Vec<usize>) {
    for at in order {
        let broken =
            rules[*at].as_ref().is_some_and(|rule| named_rules(rule).iter().any(|need| rules[*need].is_none()));
        if broken {
            rules[*at] = None;
        }
    }
    let mut to = vec![None; rules.len()];
    let mut next = 0;
    for (at, rule) in rules.iter().enumerate() {
        if rule.is_some() {
            to[at] = Some(next);
            next += 1;
        }
    }
    let mut kept: Vec<Rule> = rules.into_iter().flatten().collect();
    for rule in &mut kept {
        for expr in rule.scope.iter_mut().chain([&mut rule.body]).chain(&mut rule.requires) {
            renumber(expr, &to);
        }
    }
    (kept, order.iter().filter_map(|at| to[*at]).collect())
}

fn renumber(expr: &mut Expr, to: &[Option<usize>]) {
    match expr {
        Expr::Rule(at) => *at = to[*at].unwrap_or(*at),
        Expr::Clause(_) => {}
        Expr::Named(_, inner) | Expr::Not(inner) | Expr::AssumeNo(inner) => renumber(inner, to),
        Expr::All(parts) | Expr::Any(parts) | Expr::AtLeast(_, parts) => {
            parts.iter_mut().for_each(|part| renumber(part, to));
        }
    }
}
