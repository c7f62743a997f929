//! Rules as written to rules as checked: selections to clauses, conditions to expressions, strengths to bits.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::condition::RESERVED;
use super::lists::Lists;
use super::order::{verdict_needs, without_gaps};
use super::overrides;
use super::resolve::name_it;
use super::scenario;
use super::selection::{Clauses, Reader};
use super::set::Written;
use super::spec::{Body, RuleSpec};
use super::{Clause, Expr, Profile, Rule, RuleSet, Template};
use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span, did_you_mean};
use crate::record::{Field, Type};

/// What the rules of a set are checked with.
pub(super) struct Checker<'a> {
    pub(super) profile: &'a Profile,
    pub(super) lists: &'a Lists,
    pub(super) specs: &'a [RuleSpec],
    pub(super) sources: &'a Sources,
    pub(super) found: &'a mut Diagnostics,
}

impl Checker<'_> {
    pub(super) fn check(mut self) -> RuleSet {
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
        let needs: Vec<BTreeSet<usize>> = rules.iter().map(verdict_needs).collect();
        let suppresses = |at: &usize, rule| rules[*at].filter.as_ref().is_some_and(|it| it.suppresses.contains(&rule));
        let filters =
            (0..rules.len()).map(|rule| (0..rules.len()).filter(|at| suppresses(at, rule)).collect()).collect();
        let dependents = (0..rules.len())
            .map(|rule| {
                let mut reached = BTreeSet::from([rule]);
                let builds_on = |at: &usize| {
                    *at != rule && {
                        let reaches = needs[*at].iter().any(|need| reached.contains(need));
                        reaches && reached.insert(*at)
                    }
                };
                order.iter().copied().filter(builds_on).collect()
            })
            .collect();
        RuleSet {
            profile: self.profile.clone(),
            rules,
            clauses: clauses.all.clone(),
            written: Written { clauses, ..Written::default() },
            order,
            hash: String::new(),
            list_hashes: BTreeMap::new(),
            list_headers: BTreeMap::new(),
            list_files: BTreeMap::new(),
            text_fields,
            by_factor: vec![],
            bases: vec![],
            label: None,
            dependents,
            filters,
            today: None,
        }
    }

    /// A rule, if what it names could be resolved. Whether it is sound is for the caller to see from what was found.
    pub(super) fn rule(&mut self, spec: &RuleSpec, clauses: &mut Clauses) -> Option<Rule> {
        let scope = spec.scope.as_ref().map(|(table, span)| {
            let scope = self.reader(spec, clauses).table("scope", *span, table);
            scope.map(|scope| Expr::Named("scope".into(), Box::new(scope)))
        });
        let mut filter = None;
        let body = match &spec.body {
            Body::Filter(written) => {
                filter = self.filter(spec, written);
                filter.is_some().then(|| Expr::Any(vec![]))
            }
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
            active: !spec.off && self.profile.statuses.contains(&spec.status),
            off: spec.off,
            overridden: spec.overridden.clone(),
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
            filter,
            requires: match requires {
                Some(requires) => Some(requires?),
                None => None,
            },
            message,
            ask: spec.ask.as_ref().map(|(ask, _)| ask.clone()),
            tests,
            hash: overrides::hash(spec),
            written: spec.written.clone(),
        })
    }

    fn reader<'b>(&'b mut self, spec: &'b RuleSpec, clauses: &'b mut Clauses) -> Reader<'b> {
        Reader { rule: &spec.id, lists: self.lists, clauses, found: self.found }
    }

    pub(super) fn say(&mut self, spec: &RuleSpec, code: Code, span: Span, message: String, help: &str) {
        self.found.push(Diagnostic::new(code, message).at(span).help(help).rule(&spec.id));
    }
}
