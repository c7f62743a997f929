//! Rules as written to rules as checked: selections to clauses, conditions to expressions, strengths to bits.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::across::AcrossReader;
use super::condition::RESERVED;
use super::lists::Lists;
use super::order::{dependents, without_gaps};
use super::overrides;
use super::resolve::name_it;
use super::scenario;
use super::selection::{Clauses, Reader};
use super::set::Written;
use super::spec::{Body, RuleSpec};
use super::{Clause, Expr, Profile, Rule, RuleSet, Template};
use crate::diag::{Code, Diagnostic, Diagnostics, Node, Sources, Span, did_you_mean};
use crate::operator::This;
use crate::record::{Field, Type};

/// The joins of a rule, by name, and whether all are sound.
type Joins = (BTreeMap<String, (Expr, Span)>, bool);

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
        let mut filters = vec![vec![]; rules.len()];
        for (at, rule) in rules.iter().enumerate() {
            rule.filter.iter().flat_map(|filter| &filter.suppresses).for_each(|target| filters[*target].push(at));
        }
        let dependents = dependents(&rules, &order);
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
            linkage: None,
            text_fields,
            by_factor: vec![],
            requires_as: vec![],
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
        let filter = match &spec.body {
            Body::Filter(written) => Some(self.filter(spec, written)),
            Body::Composite { .. } | Body::Detection { .. } | Body::Correlation { .. } => None,
        };
        let body = match &spec.body {
            Body::Filter(_) => Some(Expr::Any(vec![])),
            Body::Composite { condition } => self.condition(spec, condition, None),
            Body::Correlation { table, span } => self.across(spec, clauses).correlation(table, *span).map(|across| {
                let clause = clauses.add(Clause::Across(across));
                name_it("correlation", &clause)
            }),
            Body::Detection { condition, selections, related } => {
                let joins = self.joins(spec, related, clauses);
                self.detection(spec, condition.as_ref(), (selections, joins), clauses)
            }
        };
        let requires = spec.requires.as_ref().map(|condition| self.condition(spec, condition, None));
        let millibits = self.millibits(spec);
        let message = match &spec.message {
            Some((text, span)) => Template::parse(text, *span, (&spec.id, &spec.joins()), self.found),
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
            scope: all_or_none(scope)?,
            body: body?,
            filter: all_or_none(filter)?,
            requires: all_or_none(requires)?,
            message,
            ask: spec.ask.as_ref().map(|(ask, _)| ask.clone()),
            tests,
            hash: overrides::hash(spec),
            written: spec.written.clone(),
        })
    }

    fn detection(
        &mut self,
        spec: &RuleSpec,
        condition: Option<&(String, Span)>,
        (selections, joins): (&[(String, Span, Node)], Joins),
        clauses: &mut Clauses,
    ) -> Option<Expr> {
        let (mut named, mut sound) = joins;
        for (name, span, node) in selections {
            if RESERVED.contains(&name.as_str()) {
                let message = format!("`{name}` means something in conditions and cannot name a selection");
                self.say(spec, Code::ReservedName, *span, message, "rename the selection");
            }
            let expr = self.reader(spec, clauses).selection(name, *span, node);
            sound &= expr.is_some();
            // Of a selection with a mistake the condition still knows the name.
            named.insert(name.clone(), (expr.unwrap_or_else(|| Expr::All(vec![])), *span));
        }
        let body = match (condition, named.len()) {
            (Some(condition), _) => self.condition(spec, condition, Some(&named)),
            (None, 1) => named.iter().next().map(|(name, (expr, _))| name_it(name, expr)),
            (None, _) => {
                let help = "say how the selections go together, for example `condition = \"one and not other\"`";
                self.say(spec, Code::MissingKey, spec.id_span, "`condition` is missing".to_owned(), help);
                None
            }
        };
        body.filter(|_| sound)
    }

    /// The joins of a rule, by name, and whether all are sound. Of one with a mistake the condition still knows the name.
    fn joins(&mut self, spec: &RuleSpec, related: &[(String, Span, Node)], clauses: &mut Clauses) -> Joins {
        let (mut named, mut sound) = (BTreeMap::new(), true);
        for (name, span, node) in related {
            if RESERVED.contains(&name.as_str()) {
                let message = format!("`{name}` means something in conditions and cannot name a join");
                self.say(spec, Code::ReservedName, *span, message, "rename the join");
            }
            let across = match node.table() {
                Some(table) => self.across(spec, clauses).related(name, table, *span),
                None => {
                    let message = format!("`{name}` is a table, but this is {}", node.kind());
                    let help = format!("write `[rule.related.{name}]` and below it `on` and `where`");
                    self.say(spec, Code::WrongType, node.span, message, &help);
                    None
                }
            };
            sound &= across.is_some();
            let expr = across.map_or(Expr::All(vec![]), |across| clauses.add(Clause::Across(across)));
            named.insert(name.clone(), (expr, *span));
        }
        (named, sound)
    }

    fn across<'b>(&'b mut self, spec: &'b RuleSpec, clauses: &Clauses) -> AcrossReader<'b> {
        let (lists, opposite, most) = (self.lists, clauses.opposite, self.profile.most_compared);
        AcrossReader { rule: &spec.id, lists, opposite, most, found: self.found }
    }

    /// The weight of a rule: its step on the ladder, or the bits it names.
    fn millibits(&mut self, spec: &RuleSpec) -> i64 {
        let Some((strength, span)) = &spec.strength else { return spec.bits.map_or(0, |(bits, _)| bits) };
        let ladder = &self.profile.strengths;
        if let Some(bits) = ladder.get(strength) {
            return *bits;
        }
        let help = match did_you_mean(strength, ladder.keys().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("it has: {}", ladder.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
        };
        let message = format!("`{strength}` is not on the ladder of strengths");
        self.say(spec, Code::UnknownStrength, *span, message, &help);
        0
    }

    fn reader<'b>(&'b mut self, spec: &'b RuleSpec, clauses: &'b mut Clauses) -> Reader<'b> {
        Reader { rule: &spec.id, lists: self.lists, clauses, found: self.found, this: This::Own }
    }

    pub(super) fn say(&mut self, spec: &RuleSpec, code: Code, span: Span, message: String, help: &str) {
        self.found.push(Diagnostic::new(code, message).at(span).help(help).rule(&spec.id));
    }
}

/// What there is, unless it could not be read.
fn all_or_none<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    part.map_or(Some(None), |read| read.map(Some))
}
