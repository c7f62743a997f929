//! Joins and correlations as written to those as checked. Every mistake is reported with its place.

use std::sync::Arc;

use super::correlation::{Correlation, CorrelationKind};
use super::key::{Key, PERSON};
use super::related::Related;
use super::{Across, Part, Question};
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, Node, Span, Table, Tree, did_you_mean};
use crate::operator::{Bounds, This, a, bounds, unknown_field};
use crate::record::{Field, Type};
use crate::rule::lists::Lists;
use crate::rule::selection::{Clauses, Reader};

/// What joins are checked with.
pub(in crate::rule) struct AcrossReader<'a> {
    pub(in crate::rule) rule: &'a str,
    pub(in crate::rule) lists: &'a Lists,
    /// The predicate that is read as its opposite.
    pub(in crate::rule) opposite: Option<Span>,
    /// How many records are compared at most, by the profile.
    pub(in crate::rule) most: Option<usize>,
    pub(in crate::rule) found: &'a mut Diagnostics,
}

/// What a join is called that has no name: the other records of a correlation.
pub(in crate::rule) const GROUP: &str = "group";

impl AcrossReader<'_> {
    /// `[rule.related.NAME]`
    pub(in crate::rule) fn related(&mut self, name: &str, table: &Table, span: Span) -> Option<Arc<Across>> {
        let before = self.found.errors();
        let mut keys = Keys::new(table, span, self.rule, self.found);
        let [on, apart, condition, count] = ["on", "apart", "where", "count"].map(|key| keys.node(key));
        if on.is_none() {
            keys.missing(
                "on",
                "say what both records have in common, for example `on = [\"person\", \"requesting_country\"]`",
            );
        }
        keys.finish();
        let on = self.keys(on, true);
        let apart = self.keys(apart, true);
        let condition = condition.map_or(Some(Part::default()), |node| self.part("where", node, This::Judged));
        let count = count.map_or(Some(Bounds::at_least(1)), |node| bounds(node, self.found, self.rule));
        if self.found.errors() > before {
            return None;
        }
        let related = Related {
            name: Arc::from(name),
            on: on?,
            apart: apart?,
            condition: condition?,
            count: count?,
            most: self.most,
        };
        Some(Across::new(name, Question::Related(related)))
    }

    /// `[rule.correlation]`
    pub(in crate::rule) fn correlation(&mut self, table: &Table, span: Span) -> Option<Arc<Across>> {
        let before = self.found.errors();
        let mut keys = Keys::new(table, span, self.rule, self.found);
        let kinds: Vec<CorrelationKind> = CorrelationKind::ALL.iter().map(|(kind, _)| *kind).collect();
        let kind = keys.word("type", &kinds, CorrelationKind::word);
        for (key, help) in [
            ("type", "it can be: event_count, value_count, temporal, temporal_ordered"),
            (
                "group_by",
                "say what the records of a group have in common, for example `group_by = [\"requesting_country\"]`",
            ),
        ] {
            if !keys.has(key) {
                keys.missing(key, help);
            }
        }
        let [events, group_by, value, steps, time, timespan, similar, condition, share] =
            ["where", "group_by", "field", "steps", "time", "timespan", "similar", "condition", "share"]
                .map(|key| keys.node(key));
        keys.finish();
        let written = Written { table, span, kind };
        self.fitting(&written);
        let group_by = self.keys(group_by, false);
        let value = value.and_then(|node| self.key(node, false));
        let steps = self.steps(steps);
        let events = events.map_or(Some(Part::default()), |node| self.part("where", node, This::Own));
        let time = time.and_then(|node| self.field_of(node, "time", Type::Date));
        let days = timespan.and_then(|node| self.days(node));
        let similar = similar.and_then(|node| self.similar(node));
        let condition = condition.map_or(Some(Bounds::at_least(1)), |node| bounds(node, self.found, self.rule));
        let share = share.and_then(|node| bounds(node, self.found, self.rule));
        if self.found.errors() > before {
            return None;
        }
        let correlation = Correlation {
            kind: kind?,
            events: events?,
            group_by: group_by?,
            value,
            steps: steps?,
            time,
            days,
            similar,
            condition: condition?,
            share,
        };
        Some(Across::new(GROUP, Question::Correlation(correlation)))
    }

    /// Keys that go together with the type of a correlation, and with each other.
    fn fitting(&mut self, written: &Written<'_>) {
        use CorrelationKind::{EventCount, Temporal, TemporalOrdered, ValueCount};
        let has = |key: &str| written.table.get(key).is_some();
        let needs = |key, of: &[CorrelationKind]| written.kind.is_some_and(|kind| of.contains(&kind)) && !has(key);
        let idle = |key, of: &[CorrelationKind]| written.kind.is_some_and(|kind| !of.contains(&kind)) && has(key);
        let mut problems = vec![];
        if needs("field", &[ValueCount]) {
            problems.push((
                "type",
                "`value_count` needs `field`, whose values are counted",
                "add for example `field = \"person\"`",
            ));
        }
        if needs("steps", &[Temporal, TemporalOrdered]) {
            problems.push((
                "type",
                "this type needs `steps`, what must occur",
                "add for example `steps = [{ kind = \"red_notice\" }, { kind = \"diffusion\" }]`",
            ));
        }
        if needs("condition", &[EventCount, ValueCount]) {
            problems.push(("type", "a count needs a `condition`", "add for example `condition = { gte = 3 }`"));
        }
        if idle("field", &[ValueCount]) {
            problems.push((
                "field",
                "`field` changes nothing here",
                "it goes with `type = \"value_count\"`; take it out",
            ));
        }
        if idle("steps", &[Temporal, TemporalOrdered]) {
            problems.push((
                "steps",
                "`steps` changes nothing here",
                "it goes with `temporal` and `temporal_ordered`; take it out",
            ));
        }
        if idle("condition", &[EventCount, ValueCount]) {
            problems.push(("condition", "`condition` changes nothing here", "every step must occur; take it out"));
        }
        if idle("where", &[EventCount, ValueCount]) {
            problems.push((
                "where",
                "`where` changes nothing here",
                "say in each of the `steps` which records it is; take it out",
            ));
        }
        if idle("share", &[EventCount]) || has("share") && (has("timespan") || has("similar")) {
            problems.push((
                "share",
                "`share` is of all records of a group",
                "it goes with `type = \"event_count\"` without `timespan` and `similar`",
            ));
        }
        if has("timespan") && !has("time") {
            problems.push((
                "timespan",
                "`timespan` needs `time`, the date of an event",
                "add for example `time = \"requested_at\"`",
            ));
        }
        if written.kind == Some(TemporalOrdered) && !has("time") {
            problems.push((
                "type",
                "an order needs `time`, the date of an event",
                "add for example `time = \"requested_at\"`",
            ));
        }
        if has("time") && !has("timespan") && written.kind != Some(TemporalOrdered) {
            problems.push(("time", "`time` changes nothing here", "add `timespan`, or take it out"));
        }
        for (key, message, help) in problems {
            let at = written.table.key(key).map_or(written.span, |key| key.span);
            self.report(Diagnostic::new(Code::BadAcross, message).at(at).help(help));
        }
    }

    fn report(&mut self, problem: Diagnostic) {
        self.found.push(problem.rule(self.rule));
    }

    /// A condition on a record, with clauses of its own.
    fn part(&mut self, name: &str, node: &Node, this: This) -> Option<Part> {
        let mut clauses = Clauses::default();
        clauses.opposite = self.opposite;
        let mut reader = Reader { rule: self.rule, lists: self.lists, clauses: &mut clauses, found: self.found, this };
        let expr = reader.selection(name, node.span, node)?;
        Some(Part::new(expr, clauses.all))
    }

    fn steps(&mut self, node: Option<&Node>) -> Option<Vec<Part>> {
        let Some(node) = node else { return Some(vec![]) };
        if node.each().len() < 2 {
            self.report(
                Diagnostic::new(Code::BadAcross, "a sequence has at least two `steps`").at(node.span).help(
                    "name what must occur, as in `steps = [{ kind = \"red_notice\" }, { kind = \"diffusion\" }]`",
                ),
            );
            return None;
        }
        node.each().iter().map(|step| self.part("steps", step, This::Own)).collect()
    }

    fn keys(&mut self, node: Option<&Node>, pairs: bool) -> Option<Vec<Key>> {
        let Some(node) = node else { return Some(vec![]) };
        if node.each().is_empty() {
            let problem = Diagnostic::new(Code::BadAcross, "an empty list joins nothing").at(node.span);
            self.report(problem.help("name a field, or `person`, the linked person"));
        }
        let keys: Vec<Option<Key>> = node.each().iter().map(|node| self.key(node, pairs)).collect();
        keys.into_iter().collect()
    }

    /// A key: the name of a field, `person`, or two fields where the sides differ.
    fn key(&mut self, node: &Node, pairs: bool) -> Option<Key> {
        match &node.tree {
            Tree::Text(name) if name == PERSON => Some(Key::Person),
            Tree::Text(name) => {
                let field = self.field(name, node.span)?;
                Some(Key::Fields { other: field, this: field })
            }
            Tree::Table(table) if pairs => self.pair(table, node.span),
            _ => {
                let help = "write the name of a field in quotes, or `\"person\"`, the linked person";
                let problem = Diagnostic::new(Code::WrongType, format!("a key is a name, but this is {}", node.kind()));
                self.report(problem.at(node.span).help(help));
                None
            }
        }
    }

    fn pair(&mut self, table: &Table, span: Span) -> Option<Key> {
        let mut keys = Keys::new(table, span, self.rule, self.found);
        let sides = ["field", "this"].map(|side| keys.text(side));
        for side in ["field", "this"] {
            if !keys.has(side) {
                keys.missing(side, "a key of two sides is `{ field = \"record_id\", this = \"co_accused\" }`");
            }
        }
        keys.finish();
        let [other, this] = sides.map(|side| side.and_then(|(name, at)| self.field(&name, at)));
        let (other, this) = (other?, this?);
        if other.ty() != this.ty() {
            let message = format!(
                "`{}` is {} and `{}` is {}: they have nothing in common",
                other.path(),
                a(other.ty()),
                this.path(),
                a(this.ty())
            );
            self.report(
                Diagnostic::new(Code::FieldTypeMismatch, message).at(span).help("name two fields of the same type"),
            );
            return None;
        }
        Some(Key::Fields { other, this })
    }

    fn field(&mut self, name: &str, at: Span) -> Option<Field> {
        match Field::named(name) {
            Some(field) if field.ty() == Type::Object => {
                let problem = Diagnostic::new(Code::ContainerField, format!("`{name}` is a list of objects")).at(at);
                self.report(problem.help("name one of its fields"));
                None
            }
            Some(field) => Some(field),
            None => {
                let near = did_you_mean(name, [PERSON]);
                let problem = unknown_field(name, at);
                self.report(if near.is_some() { problem.help("did you mean `person`?") } else { problem });
                None
            }
        }
    }

    fn field_of(&mut self, node: &Node, key: &str, ty: Type) -> Option<Field> {
        let Some(name) = node.text() else {
            let problem = Diagnostic::new(Code::WrongType, format!("`{key}` takes the name of a field")).at(node.span);
            self.report(problem.help("write it in quotes"));
            return None;
        };
        let field = self.field(name, node.span)?;
        if field.ty() != ty || field.is_many() {
            let message = format!("`{key}` takes one value that is {}, but `{name}` is {}", a(ty), a(field.ty()));
            self.report(Diagnostic::new(Code::BadAcross, message).at(node.span).help("name another field"));
            return None;
        }
        Some(field)
    }

    fn days(&mut self, node: &Node) -> Option<i32> {
        let days = node.text().and_then(|text| text.strip_suffix('d')).and_then(|days| days.parse::<i32>().ok());
        let days = days.filter(|days| (0..=LONGEST_DAYS).contains(days));
        if days.is_none() {
            let problem = Diagnostic::new(Code::BadDuration, "`timespan` is not a number of days").at(node.span);
            self.report(problem.help("write for example `timespan = \"30d\"`"));
        }
        days
    }

    fn similar(&mut self, node: &Node) -> Option<(Field, u32)> {
        let Some(table) = node.table() else {
            let problem = Diagnostic::new(Code::WrongType, "`similar` takes a table").at(node.span);
            self.report(problem.help("write `similar = { field = \"facts_summary\", gte = 80 }`"));
            return None;
        };
        let mut keys = Keys::new(table, node.span, self.rule, self.found);
        let field = keys.node("field");
        let gte = keys.integer("gte");
        for key in ["field", "gte"] {
            if !keys.has(key) {
                keys.missing(key, "write `similar = { field = \"facts_summary\", gte = 80 }`");
            }
        }
        keys.finish();
        let field = field.and_then(|node| self.field_of(node, "field", Type::Text));
        let (percent, at) = gte?;
        let Some(percent) = u32::try_from(percent).ok().filter(|percent| (1..=100).contains(percent)) else {
            let problem = Diagnostic::new(Code::BadAcross, "`gte` in `similar` is a whole number from 1 to 100").at(at);
            self.report(problem.help("write how near two texts must be, in percent"));
            return None;
        };
        Some((field?, percent))
    }
}

/// A timespan is no longer than a thousand years, so that no date leaves the calendar.
const LONGEST_DAYS: i32 = 366_000;

/// A correlation as written.
struct Written<'a> {
    table: &'a Table,
    span: Span,
    kind: Option<CorrelationKind>,
}
