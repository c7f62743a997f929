//! Selections to clauses: which fields a selection asks about, with which operators, over which cells.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::lists::Lists;
use super::{Clause, Expr, Quantifier};
use crate::diag::{Code, Diagnostic, Diagnostics, Key, Node, Span, Table, Tree, did_you_mean};
use crate::operator::{
    Draft, Narrowing, OPTIONS, Operator, This, a, bounds, build, leaves_nothing, never_true, operator_keys,
    takes_option, unknown_field,
};
use crate::record::{Field, Type};

/// The clauses of a rule set, each once, and the operators they are made of. An operator that is written twice is built
/// once: its list is folded once, however many rules name it.
#[derive(Debug, Clone, Default)]
pub(super) struct Clauses {
    pub(super) all: Vec<Clause>,
    known: BTreeMap<String, usize>,
    operators: BTreeMap<String, Arc<dyn Operator>>,
    /// Every predicate of every rule, in the order in which they were read.
    pub(super) leaves: Vec<Leaf>,
    /// The predicate that is read as its opposite, by the place of its key. Only a mutant has one.
    pub(super) opposite: Option<Span>,
}

/// One predicate of a rule: a field, and what is asked about it.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// The rule it stands in.
    pub rule: Arc<str>,
    /// Where it stands: the name of the field.
    pub place: Span,
    /// The clauses that ask it.
    pub expr: Expr,
}

impl Clauses {
    pub(super) fn add(&mut self, clause: Clause) -> Expr {
        let key = clause.describe_fully();
        let next = self.all.len();
        let at = *self.known.entry(key).or_insert(next);
        if at == next {
            self.all.push(clause);
        }
        Expr::Clause(at)
    }
}

impl Clause {
    /// A text that is equal for two clauses only if they ask the same of the same operators.
    fn describe_fully(&self) -> String {
        match self {
            Self::Cells { over, quantifier, tests } => {
                format!("{over:?} {quantifier:?} {:?}", identities(tests))
            }
            Self::Across(across) => across.id.clone(),
            Self::Count { .. } => format!("{self:?}"),
        }
    }
}

/// Which operator a test of a field is. An operator that is written twice is built once, so that this tells tests apart.
pub(super) type TestId = (Field, *const ());

/// Which operators some tests are. They must live as long as this is compared.
pub(super) fn identities(tests: &[(Field, Arc<dyn Operator>)]) -> Vec<TestId> {
    tests.iter().map(|(field, test)| (*field, Arc::as_ptr(test).cast())).collect()
}

/// What selections are checked with.
pub(super) struct Reader<'a> {
    pub(super) rule: &'a str,
    pub(super) lists: &'a Lists,
    pub(super) clauses: &'a mut Clauses,
    pub(super) found: &'a mut Diagnostics,
    /// Which record `this` is.
    pub(super) this: This,
}

/// Whether a key asks about the list itself and not about its elements.
fn is_of_the_list(key: &str) -> bool {
    matches!(key, "quantifier" | "count")
}

impl Reader<'_> {
    fn report(&mut self, problem: Diagnostic) {
        self.found.push(problem.rule(self.rule));
    }

    /// A selection: a table, or an array of tables of which one must hold.
    pub(super) fn selection(&mut self, name: &str, span: Span, node: &Node) -> Option<Expr> {
        let mut parts = vec![];
        let tables = node.each();
        let mut sound = !tables.is_empty();
        for node in tables {
            match &node.tree {
                Tree::Table(table) => match self.table(name, span, table) {
                    Some(part) => parts.push(part),
                    None => sound = false,
                },
                _ => {
                    let message = format!("selection `{name}` is a table of fields, but this is {}", node.kind());
                    let help = format!("write `[rule.detection.{name}]` and below it the fields");
                    self.report(Diagnostic::new(Code::WrongType, message).at(node.span).help(help));
                    sound = false;
                }
            }
        }
        if tables.is_empty() {
            let problem = Diagnostic::new(Code::EmptySelection, format!("selection `{name}` is empty")).at(span);
            self.report(problem.help("add a field, or remove it"));
        }
        if !sound {
            return None;
        }
        Some(if parts.len() == 1 { parts.remove(0) } else { Expr::Any(parts) })
    }

    /// The fields of one table, all of which must hold.
    pub(super) fn table(&mut self, name: &str, span: Span, table: &Table) -> Option<Expr> {
        let mut parts = vec![];
        let mut assume_no = false;
        let mut sound = true;
        let mut fields = 0;
        for (key, node) in table.iter() {
            if key.text == "assume" {
                match node.text() {
                    Some("no") => assume_no = true,
                    _ => {
                        let problem = Diagnostic::new(Code::BadValue, "`assume` can only be \"no\"").at(node.span);
                        self.report(problem.help("write `assume = \"no\"`, or take it out"));
                        sound = false;
                    }
                }
                continue;
            }
            fields += 1;
            let leaf = self.field(key, node);
            if let Some(expr) = leaf.clone() {
                self.clauses.leaves.push(Leaf { rule: Arc::from(self.rule), place: key.span, expr });
            }
            match leaf {
                Some(expr) if self.clauses.opposite == Some(key.span) => parts.push(Expr::Not(Box::new(expr))),
                Some(expr) => parts.push(expr),
                None => sound = false,
            }
        }
        if fields == 0 {
            let problem = Diagnostic::new(Code::EmptySelection, format!("`{name}` names no field")).at(span);
            self.report(problem.help("add a field, or remove it"));
            return None;
        }
        let all = if parts.len() == 1 { parts.remove(0) } else { Expr::All(parts) };
        sound.then(|| if assume_no { Expr::AssumeNo(Box::new(all)) } else { all })
    }

    fn field(&mut self, key: &Key, node: &Node) -> Option<Expr> {
        let Some(field) = Field::named(&key.text) else {
            self.report(unknown_field(&key.text, key.span));
            return None;
        };
        let Tree::Table(table) = &node.tree else {
            let tests = self.operators(field, None, key, node)?;
            return Some(self.cells(field, Quantifier::Any, tests));
        };
        if table.is_empty() {
            let problem = Diagnostic::new(Code::EmptyPredicate, format!("`{}` asks nothing", key.text)).at(key.span);
            self.report(problem.help("add an operator, or take the field out"));
            return None;
        }
        let quantifier = self.quantifier(field, table)?;
        let mut exprs = vec![];
        let mut sound = true;
        if let Some(count) = table.get("count") {
            if field.is_many() {
                match bounds(count, self.found, self.rule) {
                    Some(bounds) => exprs.push(self.clauses.add(Clause::Count { over: field, bounds })),
                    None => sound = false,
                }
            } else {
                let message = format!("`count` counts lists, but `{}` is a single value", field.path());
                let at = table.key("count").map_or(count.span, |key| key.span);
                self.report(
                    Diagnostic::new(Code::OperatorType, message)
                        .at(at)
                        .help("to ask whether there is a value write `known = true`"),
                );
                sound = false;
            }
        }
        let only_counts = table.get("count").is_some() && table.iter().all(|(key, _)| is_of_the_list(&key.text));
        if let Some(key) = table.key("quantifier").filter(|_| only_counts) {
            let problem = Diagnostic::new(Code::OptionMisplaced, "`quantifier` changes nothing here").at(key.span);
            self.report(problem.help("it says how many elements must hold, and `count` asks about none; take it out"));
            sound = false;
        }
        if let Some(bound) = table.get("match") {
            match self.bound(field, bound) {
                Some(tests) => exprs.push(self.cells(field, quantifier, tests)),
                None => sound = false,
            }
        }
        match self.operators(field, Some(table), key, node) {
            Some(tests) if !tests.is_empty() => exprs.push(self.cells(field, quantifier, tests)),
            Some(_) => {}
            None => sound = false,
        }
        if exprs.is_empty() && sound {
            let problem = Diagnostic::new(Code::EmptyPredicate, format!("`{}` asks nothing", key.text)).at(key.span);
            self.report(problem.help("add an operator, or take the field out"));
            return None;
        }
        sound.then(|| if exprs.len() == 1 { exprs.remove(0) } else { Expr::All(exprs) })
    }

    fn cells(&mut self, over: Field, quantifier: Quantifier, tests: Vec<(Field, Arc<dyn Operator>)>) -> Expr {
        self.clauses.add(Clause::Cells { over, quantifier, tests })
    }

    fn quantifier(&mut self, field: Field, table: &Table) -> Option<Quantifier> {
        let Some(node) = table.get("quantifier") else { return Some(Quantifier::Any) };
        let quantifier = match node.text() {
            Some("any") => Some(Quantifier::Any),
            Some("all") => Some(Quantifier::All),
            Some("none") => Some(Quantifier::None),
            _ => None,
        };
        if quantifier.is_none() {
            let problem = Diagnostic::new(Code::BadQuantifier, "`quantifier` is any, all or none").at(node.span);
            self.report(match node.text().and_then(|text| did_you_mean(text, ["any", "all", "none"])) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("it says how many elements must hold; leave it out for `any`"),
            });
        } else if !field.is_many() {
            let message = format!("`{}` is a single value and takes no `quantifier`", field.path());
            let at = table.key("quantifier").map_or(node.span, |key| key.span);
            self.report(Diagnostic::new(Code::BadQuantifier, message).at(at).help("take it out"));
            return None;
        }
        quantifier
    }

    /// The tests of a `match`: all on the same object.
    fn bound(&mut self, list: Field, node: &Node) -> Option<Vec<(Field, Arc<dyn Operator>)>> {
        let (Type::Object, Some(table)) = (list.ty(), node.table()) else {
            let problem = if list.ty() == Type::Object {
                let message = format!("`match` takes a table, but this is {}", node.kind());
                Diagnostic::new(Code::MatchNotObjects, message).help("write `match = { field = value }`")
            } else {
                let message = format!("`match` works on lists of objects, but `{}` is {}", list.path(), a(list.ty()));
                Diagnostic::new(Code::MatchNotObjects, message).help("write the operator directly")
            };
            self.report(problem.at(node.span));
            return None;
        };
        let mut tests = vec![];
        let mut sound = true;
        for (key, node) in table.iter() {
            let path = format!("{}.{}", list.path(), key.text);
            let Some(field) = Field::named(&path) else {
                let known: Vec<&str> = list.children().map(Field::key).collect();
                let problem = Diagnostic::new(Code::UnknownField, format!("`{}` has no `{}`", list.path(), key.text));
                let help = match did_you_mean(&key.text, known.iter().copied()) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("it has: {}", known.join(", ")),
                };
                self.report(problem.at(key.span).help(help));
                sound = false;
                continue;
            };
            // An element is one already: what counts elements has no place inside.
            let inner = ["quantifier", "match", "count"].into_iter().find_map(|name| node.table()?.key(name));
            if let Some(inner) = inner {
                let message = format!("`{}` has no place inside `match`, which looks at one element", inner.text);
                let problem = Diagnostic::new(Code::OptionMisplaced, message).at(inner.span);
                self.report(problem.help(format!("write it beside `match`, or outside on `{path}`")));
                sound = false;
                continue;
            }
            match self.operators(field, node.table(), key, node) {
                Some(more) if more.is_empty() => {
                    let problem = Diagnostic::new(Code::EmptyPredicate, format!("`{}` asks nothing", key.text));
                    self.report(problem.at(key.span).help("add an operator, or take the field out"));
                    sound = false;
                }
                Some(more) => tests.extend(more),
                None => sound = false,
            }
        }
        if tests.is_empty() && sound {
            let problem = Diagnostic::new(Code::EmptyPredicate, "`match` asks nothing").at(node.span);
            self.report(problem.help("name fields of the objects, as in `match = { subject = \"extradition\" }`"));
            return None;
        }
        sound.then_some(tests)
    }

    /// The operators of a predicate: a bare value is equality, a table names them.
    fn operators(
        &mut self,
        field: Field,
        table: Option<&Table>,
        key: &Key,
        node: &Node,
    ) -> Option<Vec<(Field, Arc<dyn Operator>)>> {
        let mut tests = vec![];
        let mut sound = true;
        if let Some(table) = table.filter(|table| leaves_nothing(table)) {
            let bound = table.iter().filter(|(key, _)| matches!(key.text.as_str(), "lt" | "lte" | "gt" | "gte"));
            self.report(never_true(bound.map(|(key, _)| key.span).last().unwrap_or(key.span)));
            return None;
        }
        let Some(table) = table else {
            if field.ty() == Type::Object {
                let problem = Diagnostic::new(Code::ContainerField, format!("`{}` is a list of objects", field.path()));
                self.report(
                    problem.at(key.span).help("name one of its fields, or use `match`, `count`, `known` or `blank`"),
                );
                return None;
            }
            let is = Key { text: "is".to_owned(), span: key.span };
            let test = self.build(field, &is, node, None)?;
            return Some(vec![(field, test)]);
        };
        let mut in_text = vec![];
        for (key, value) in table.iter() {
            let name = key.text.as_str();
            if matches!(name, "quantifier" | "match" | "count") {
                continue;
            }
            let taken = table.iter().any(|(other, _)| takes_option(&other.text, name));
            if OPTIONS.contains(&name) {
                if !taken || name == "cased" && field.ty() != Type::Text {
                    let message = format!("`{name}` changes nothing here");
                    let users: Vec<&str> = operator_keys().filter(|operator| takes_option(operator, name)).collect();
                    let help = match taken {
                        true => "it is for text; take it out".to_owned(),
                        false => format!("it goes with {} on the same field", users.join(", ")),
                    };
                    self.report(Diagnostic::new(Code::OptionMisplaced, message).at(key.span).help(help));
                    sound = false;
                }
                continue;
            }
            if taken {
                continue;
            }
            match self.build(field, key, value, Some(table)) {
                Some(test) if takes_option(name, "sentence") => in_text.push(test),
                Some(test) => tests.push((field, test)),
                None => sound = false,
            }
        }
        if sound && !in_text.is_empty() {
            if let Some(narrowing) = Narrowing::read(table, &self.lists.grammar, self.rule, self.found).ok()? {
                in_text = narrowing.groups(in_text).into_iter().map(|group| self.narrowed(narrowing, group)).collect();
            }
            tests.extend(in_text.into_iter().map(|test| (field, test)));
        }
        sound.then_some(tests)
    }

    /// Text operators in part of a text, built once.
    fn narrowed(&mut self, narrowing: Narrowing, inner: Vec<Arc<dyn Operator>>) -> Arc<dyn Operator> {
        let which: Vec<*const ()> = inner.iter().map(|operator| Arc::as_ptr(operator).cast()).collect();
        let known = self.clauses.operators.entry(format!("{narrowing:?} {which:?}"));
        Arc::clone(known.or_insert_with(|| narrowing.over(inner, &self.lists.grammar)))
    }

    fn build(&mut self, field: Field, key: &Key, value: &Node, table: Option<&Table>) -> Option<Arc<dyn Operator>> {
        let beside: String =
            table.into_iter().flat_map(Table::iter).map(|(key, node)| format!("{} {node} ", key.text)).collect();
        let written = format!("{} {} {value} {beside}", field.path(), key.text);
        if let Some(known) = self.clauses.operators.get(&written) {
            return Some(Arc::clone(known));
        }
        let before = self.found.iter().len();
        let Lists { lexicons, names, tables, .. } = self.lists;
        let built = build(&mut Draft {
            rule: self.rule,
            field,
            key,
            value,
            table,
            lexicons,
            names,
            tables,
            this: self.this,
            found: self.found,
        })?;
        // What something was said about is built again, so that it is said at every place.
        if self.found.iter().len() == before {
            self.clauses.operators.insert(written, Arc::clone(&built));
        }
        Some(built)
    }
}
