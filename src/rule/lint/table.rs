//! The truth table of the conditions of one rule, and where their parts stand in its file.

use std::collections::{BTreeMap, BTreeSet};

use super::diagram::{Bounded, Diagram, Diagrams};
use super::{Subject, questions};
use crate::diag::{Sources, Span};
use crate::operator::Truth;
use crate::rule::spec::{Body, RuleSpec};
use crate::rule::{Expr, Rule, RuleSet};

/// Conditions of one rule and their truth table.
pub(super) struct Table<'a> {
    rules: &'a RuleSet,
    spec: &'a RuleSpec,
    pub(super) conditions: Vec<(&'a Expr, Span)>,
    sources: &'a Sources,
    /// Concepts are what they ask, not a question of their own.
    through: bool,
    pub(super) diagrams: Diagrams,
    clauses: BTreeMap<usize, Diagram>,
    verdicts: BTreeMap<usize, Diagram>,
}

impl<'a> Table<'a> {
    /// A table of some conditions. `through` makes concepts what they ask, and not questions of their own.
    pub(super) fn new(
        subject: &Subject<'a>,
        spec: &'a RuleSpec,
        conditions: &[(&'a Expr, Span)],
        through: bool,
    ) -> Bounded<Self> {
        let Subject { rules, sources, .. } = *subject;
        let mut asked = BTreeMap::new();
        let mut seen = BTreeSet::new();
        let mut next: Vec<&Expr> = conditions.iter().map(|(expr, _)| *expr).collect();
        while let Some(expr) = next.pop() {
            expr.walk(&mut |part| match part {
                Expr::Clause(at) => drop(asked.insert(*at, &rules.clauses[*at])),
                Expr::Rule(at) if through && seen.insert(*at) => {
                    next.extend(rules.rules[*at].scope.iter().chain([&rules.rules[*at].body]));
                }
                _ => {}
            });
        }
        let mut diagrams = Diagrams::default();
        let clauses = questions::clauses(&asked, &mut diagrams)?;
        let conditions = conditions.to_vec();
        Ok(Self { rules, spec, conditions, sources, through, diagrams, clauses, verdicts: BTreeMap::new() })
    }

    /// A condition as a diagram.
    pub(super) fn diagram(&mut self, expr: &Expr) -> Bounded {
        match expr {
            Expr::Clause(at) => Ok(self.clauses.get(at).copied().unwrap_or(Diagram::of(Truth::Unknown))),
            Expr::Rule(at) => self.verdict(*at),
            Expr::Named(_, inner) => self.diagram(inner),
            Expr::Not(inner) => {
                let inner = self.diagram(inner)?;
                self.diagrams.not(inner)
            }
            Expr::AssumeNo(inner) => {
                let inner = self.diagram(inner)?;
                self.diagrams.assume_no(inner)
            }
            Expr::All(parts) => self.joined(parts, Join::All),
            Expr::Any(parts) => self.joined(parts, Join::Any),
            Expr::AtLeast(wanted, parts) => {
                let parts = parts.iter().map(|part| self.diagram(part)).collect::<Bounded<Vec<Diagram>>>()?;
                self.diagrams.at_least(*wanted, &parts)
            }
        }
    }

    fn joined(&mut self, parts: &[Expr], join: Join) -> Bounded {
        let parts = parts.iter().map(|part| self.diagram(part)).collect::<Bounded<Vec<Diagram>>>()?;
        parts.into_iter().rev().try_fold(join.of_none(), |all, part| self.join(join, part, all))
    }

    /// Two parts, joined.
    pub(super) fn join(&mut self, join: Join, a: Diagram, b: Diagram) -> Bounded {
        match join {
            Join::All => self.diagrams.and(a, b),
            Join::Any => self.diagrams.or(a, b),
        }
    }

    /// What another rule says: a question of its own, or what it asks.
    fn verdict(&mut self, at: usize) -> Bounded {
        if let Some(known) = self.verdicts.get(&at) {
            return Ok(*known);
        }
        let diagram = if self.through {
            let other: &'a Rule = &self.rules.rules[at];
            let body = self.diagram(&other.body)?;
            let scope = other.scope.as_ref().map_or(Ok(Diagram::of(Truth::Yes)), |scope| self.diagram(scope))?;
            self.diagrams.and(scope, body)?
        } else {
            let question = self.diagrams.question()?;
            self.diagrams.ask(question, [Truth::No, Truth::Unknown, Truth::Yes].map(Diagram::of).to_vec())
        };
        self.verdicts.insert(at, diagram);
        Ok(diagram)
    }
}

/// How many parts of an `and` or `or` are shown one by one.
const MOST_SHOWN: usize = 6;

/// How parts are joined.
#[derive(Clone, Copy)]
pub(super) enum Join {
    /// By `and`.
    All,
    /// By `or`.
    Any,
}

impl Join {
    /// What no part at all comes to.
    pub(super) fn of_none(self) -> Diagram {
        Diagram::of(Truth::of(matches!(self, Self::All)))
    }
}

/// Whether some missing value leaves a condition of a rule undecided. Of one too large for a table it is taken to be so.
pub(super) fn can_be_unknown(subject: &Subject<'_>, spec: &RuleSpec, expr: &Expr) -> bool {
    let reaches = |mut table: Table<'_>| {
        let diagram = table.diagram(expr)?;
        Ok(table.diagrams.reaches(diagram, Truth::Unknown))
    };
    Table::new(subject, spec, &[(expr, spec.id_span)], true).and_then(reaches).unwrap_or(true)
}

/// Where a part of a condition stands.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// The condition.
    pub(super) span: Span,
    /// The selection it is in, if any.
    pub(super) selection: Option<&'a str>,
}

impl<'a> Table<'a> {
    /// A part of a condition, as one would write it.
    pub(super) fn text(&self, expr: &Expr) -> String {
        let list = |parts: &[Expr], word: &str| parts.iter().map(|part| self.text(part)).collect::<Vec<_>>().join(word);
        match expr {
            Expr::Clause(at) => self.rules.clauses[*at].describe().replace('`', ""),
            Expr::Rule(at) => self.rules.rules[*at].id.to_string(),
            Expr::Named(name, _) => name.to_string(),
            Expr::Not(inner) => format!("not {}", self.text(inner)),
            Expr::All(parts) => format!("({})", list(parts, " and ")),
            Expr::Any(parts) => format!("({})", list(parts, " or ")),
            Expr::AtLeast(wanted, parts) => format!("{wanted} of [{}]", list(parts, ", ")),
            Expr::AssumeNo(inner) => self.text(inner),
        }
    }

    /// The same for a reader: of a long list of parts, such as a group stands for, the first and the last.
    pub(super) fn shown(&self, expr: &Expr) -> String {
        let (parts, word) = match expr {
            Expr::All(parts) => (parts, "and"),
            Expr::Any(parts) => (parts, "or"),
            _ => return self.text(expr),
        };
        match parts.as_slice() {
            [one] => self.text(one),
            [first, .., last] if parts.len() > MOST_SHOWN => {
                format!("({} {word} … {word} {})", self.text(first), self.text(last))
            }
            _ => self.text(expr),
        }
    }

    /// Where a part stands: its field in a selection, its last mention in a condition, or the whole.
    pub(super) fn place(&self, part: &Expr, around: &Around<'_>) -> Span {
        if let Some(name) = around.selection {
            return self.in_selection(part, name).unwrap_or(around.span);
        }
        let name = self.text(part);
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '*');
        let condition = self.source(around.span);
        let whole = |(at, _): &(usize, &str)| {
            let (before, after) = (&condition[..*at], &condition[at + name.len()..]);
            !before.ends_with(is_name) && !after.starts_with(is_name)
        };
        match condition.rmatch_indices(&name).find(whole) {
            Some((at, _)) => {
                let start = around.span.start + at;
                Span { start, end: start + name.len(), ..around.span }
            }
            None => around.span,
        }
    }

    /// The text of a condition as it stands in its file.
    fn source(&self, span: Span) -> &'a str {
        self.sources.text(span.source).get(span.start..span.end).unwrap_or_default()
    }

    fn in_selection(&self, part: &Expr, name: &str) -> Option<Span> {
        let mut field = None;
        part.walk(&mut |part| {
            if let Expr::Clause(at) = part {
                field = field.or(self.rules.clauses[*at].over());
            }
        });
        let key = |table: &crate::diag::Table| table.key(field?.path()).map(|key| key.span);
        if name == "scope" {
            return key(&self.spec.scope.as_ref()?.0);
        }
        let Body::Detection { selections, .. } = &self.spec.body else { return None };
        let (_, span, node) = selections.iter().find(|(selection, ..)| selection == name)?;
        node.each().iter().filter_map(|node| key(node.table()?)).next_back().or(Some(*span))
    }
}
