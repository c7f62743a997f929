//! A rule as written: its keys read and typed, its names not yet resolved.

use sha2::{Digest, Sha256};

use super::demands::{Demands, Reported};
use super::filter::{self, FilterSpec};
use super::{Basis, Factor, Ground, Kind, Overridden, Status, Written};
use crate::diag::Keys;
use crate::diag::{Code, Diagnostic, Diagnostics, Node, SourceId, Span, Table, Tree, parse_toml};

/// A rule as written.
#[derive(Debug, Clone)]
pub struct RuleSpec {
    /// Whether its keys are sound. A rule that is not is still checked, so that all its mistakes show together.
    pub(super) sound: bool,
    pub(super) id: String,
    pub(super) id_span: Span,
    pub(super) revision: u32,
    pub(super) tags: Vec<String>,
    pub(super) title: String,
    pub(super) status: Status,
    pub(super) kind: Kind,
    pub(super) factor: Option<Factor>,
    pub(super) ground: Option<Ground>,
    pub(super) strength: Option<(String, Span)>,
    pub(super) bits: Option<(i64, Span)>,
    pub(super) requires: Option<(String, Span)>,
    pub(super) basis: Vec<Basis>,
    pub(super) false_positives: Vec<String>,
    pub(super) scope: Option<(Table, Span)>,
    pub(super) body: Body,
    pub(super) message: Option<(String, Span)>,
    pub(super) ask: Option<(String, Span)>,
    pub(super) tests: Vec<(Table, Span)>,
    pub(super) hash: String,
    /// Whether an override turns it off.
    pub(super) off: bool,
    /// What overrides changed.
    pub(super) overridden: Vec<Overridden>,
    pub(super) written: Written,
}

/// The body of a rule as written.
#[derive(Debug, Clone)]
pub(super) enum Body {
    /// Selections and a condition over them.
    Detection {
        condition: Option<(String, Span)>,
        selections: Vec<(String, Span, Node)>,
        /// Joins with other records, by name.
        related: Vec<(String, Span, Node)>,
    },
    /// A group of records.
    Correlation { table: Table, span: Span },
    /// A condition over other rules.
    Composite { condition: (String, Span) },
    /// A reviewed suppression.
    Filter(FilterSpec),
}

impl RuleSpec {
    /// What its messages can call other records.
    pub(super) fn joins(&self) -> Vec<&str> {
        match &self.body {
            Body::Detection { related, .. } => related.iter().map(|(name, ..)| name.as_str()).collect(),
            Body::Correlation { .. } => vec![super::across::GROUP],
            Body::Composite { .. } | Body::Filter(_) => vec![],
        }
    }

    /// The tables of fields in its scope and its selections.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Table> {
        let nodes: Vec<&Node> = match &self.body {
            Body::Detection { selections, related, .. } => {
                let joined = related.iter().filter_map(|(_, _, node)| node.table()?.get("where"));
                selections.iter().map(|(_, _, node)| node).chain(joined).collect()
            }
            Body::Correlation { table, .. } => ["where", "steps"].iter().filter_map(|key| table.get(key)).collect(),
            Body::Composite { .. } | Body::Filter(_) => vec![],
        };
        let selections = nodes.into_iter().flat_map(Node::each).filter_map(Node::table);
        self.scope.iter().map(|(table, _)| table).chain(selections)
    }
}

/// Reads a rule file. Mistakes are reported; rules with one are marked, and left out only where nothing can be checked.
pub(super) fn parse(source: SourceId, text: &str, found: &mut Diagnostics) -> Vec<RuleSpec> {
    let before = found.errors();
    let document = parse_toml(source, text, found);
    let mut keys = Keys::new(&document, Span::new(source, 0..0), "", found);
    let rules = keys.tables("rule");
    keys.finish();
    if rules.is_empty() && found.errors() == before {
        let problem = Diagnostic::new(Code::NoRules, "the file holds no `[[rule]]`").at(Span::new(source, 0..0));
        found.push(problem.help("add a rule, or take the file out of the folder"));
    }
    rules.into_iter().filter_map(|(table, span)| rule(table, span, found)).collect()
}

fn rule(table: &Table, span: Span, found: &mut Diagnostics) -> Option<RuleSpec> {
    let before = found.errors();
    let mut keys = Keys::new(table, span, "", found);
    let (id, id_span) = id(&mut keys).unwrap_or((String::new(), span));
    let revision = revision(&mut keys);
    let title = keys.text("title");
    if !keys.has("title") {
        keys.missing("title", "say in one line what the rule is about");
    }
    let status = required(&mut keys, "status", Status::ALL, Status::word);
    let kind = required(&mut keys, "kind", Kind::ALL, Kind::word);
    let factor = keys.word("factor", Factor::ALL, Factor::word);
    let ground = keys.word("ground", Ground::ALL, Ground::word);
    let strength = keys.text("strength");
    let bits = keys.thousandths("bits");
    let requires = keys.text("requires");
    let tags = keys.texts("tags").into_iter().map(|(tag, _)| tag).collect();
    let false_positives: Vec<String> = keys.texts("falsepositives").into_iter().map(|(text, _)| text).collect();
    let basis_tables = keys.tables("basis");
    let scope = keys.table("scope");
    let bodies = Bodies {
        detection: keys.table("detection"),
        composite: keys.table("composite"),
        correlation: keys.table("correlation"),
        filter: keys.table("filter"),
        related: keys.table("related"),
    };
    let explain = keys.table("explain");
    let tests = keys.tables("test").into_iter().map(|(table, span)| (table.clone(), span)).collect();
    keys.finish();
    let basis = basis_tables.iter().filter_map(|(table, span)| basis(table, *span, &id, found)).collect::<Vec<_>>();
    let demands = Demands {
        kind,
        status,
        factor,
        ground,
        strength: strength.as_ref().map(|(_, at)| *at),
        bits,
        requires: requires.as_ref().map(|(_, at)| *at),
        basis: &basis,
        false_positives: &false_positives,
    };
    demands.check(&mut Reported { table, span, id: &id, found });
    if let Some(kind) = kind {
        filter::check_shape(table, kind, &id, found);
    }
    let [message, ask] = explain.map_or([None, None], |explain| explanation(explain, &id, found));
    let body = match kind {
        Some(Kind::Filter) => bodies.suppression(span, &id, found),
        _ => bodies.of_rule(span, &id, found),
    };
    Some(RuleSpec {
        sound: found.errors() == before,
        id,
        id_span,
        revision: revision.unwrap_or(1),
        tags,
        title: title.map_or_else(String::new, |(title, _)| title),
        status: status.unwrap_or(Status::Test),
        kind: kind.unwrap_or(Kind::Concept),
        factor,
        ground,
        strength,
        bits,
        requires,
        basis,
        false_positives,
        scope: scope.map(|(table, span)| (table.clone(), span)),
        body: body?,
        message,
        ask,
        tests,
        hash: hash(table),
        off: false,
        overridden: vec![],
        written: Written::of(table),
    })
}

fn id(keys: &mut Keys<'_, '_>) -> Option<(String, Span)> {
    if !keys.has("id") {
        keys.missing("id", "give the rule a name such as `id = \"charge.treason\"`");
    }
    let (id, at) = keys.text("id")?;
    keys.name_rule(&id);
    if !is_rule_id(&id) {
        let problem = Diagnostic::new(Code::BadRuleId, format!("`{id}` cannot be the id of a rule")).at(at);
        keys.report(problem.help("use lower-case letters, digits, `-` and `.`, for example `charge.treason`"));
    }
    Some((id, at))
}

fn revision(keys: &mut Keys<'_, '_>) -> Option<u32> {
    if !keys.has("revision") {
        keys.missing("revision", "start with `revision = 1` and raise it whenever the meaning changes");
    }
    let (number, at) = keys.integer("revision")?;
    let revision = u32::try_from(number).ok().filter(|number| *number > 0);
    if revision.is_none() {
        let problem = Diagnostic::new(Code::BadValue, format!("`revision` cannot be {number}")).at(at);
        keys.report(problem.help("start with 1 and raise it whenever the meaning changes"));
    }
    revision
}

/// What the rule says, and what it asks.
fn explanation((table, span): (&Table, Span), rule: &str, found: &mut Diagnostics) -> [Option<(String, Span)>; 2] {
    let mut keys = Keys::new(table, span, rule, found);
    let both = ["message", "ask"].map(|key| keys.text(key));
    keys.finish();
    both
}

fn required<T: Copy>(keys: &mut Keys<'_, '_>, key: &'static str, all: &[T], word: fn(T) -> &'static str) -> Option<T> {
    if !keys.has(key) {
        let words: Vec<&str> = all.iter().copied().map(word).collect();
        keys.missing(key, &format!("it can be: {}", words.join(", ")));
    }
    keys.word(key, all, word)
}

fn basis(table: &Table, span: Span, rule: &str, found: &mut Diagnostics) -> Option<Basis> {
    let mut keys = Keys::new(table, span, rule, found);
    let cite = keys.text("cite");
    if table.get("cite").is_none() {
        keys.missing("cite", "name the instrument and article, for example `cite = \"RPD art. 34(3)(a)\"`");
    }
    let url = keys.text("url").map(|(url, _)| url);
    let verified = keys.flag("verified").unwrap_or(false);
    keys.finish();
    Some(Basis { cite: cite?.0, url, verified })
}

/// The tables of which a rule has one.
struct Bodies<'a> {
    detection: Option<(&'a Table, Span)>,
    composite: Option<(&'a Table, Span)>,
    correlation: Option<(&'a Table, Span)>,
    filter: Option<(&'a Table, Span)>,
    related: Option<(&'a Table, Span)>,
}

impl Bodies<'_> {
    fn suppression(&self, span: Span, rule: &str, found: &mut Diagnostics) -> Option<Body> {
        let Some((table, span)) = self.filter else {
            let problem = Diagnostic::new(Code::BodyMissing, "the suppression has no `[rule.filter]`").at(span);
            let help = "add it with `suppresses`, `evidence`, `reason`, `reviewer`, `reviewed` and `expires`";
            found.push(problem.help(help).rule(rule));
            return None;
        };
        Some(Body::Filter(filter::read(table, span, rule, found)))
    }

    fn of_rule(&self, span: Span, rule: &str, found: &mut Diagnostics) -> Option<Body> {
        let bodies = [("detection", self.detection), ("composite", self.composite), ("correlation", self.correlation)];
        let mut written = bodies.iter().filter_map(|(name, body)| Some((*name, (*body)?)));
        let (first, second) = (written.next(), written.next());
        if let (Some((one, _)), Some((other, (_, at)))) = (first, second) {
            let problem = Diagnostic::new(Code::BodyTwice, format!("the rule has both a {one} and a {other}"));
            let problem = problem.at(at).also(span, "the rule starts here");
            found.push(problem.help("make two rules of it").rule(rule));
            return None;
        }
        if let (Some((_, at)), Some((body @ ("composite" | "correlation"), _))) = (self.related, first) {
            let problem = Diagnostic::new(Code::BadAcross, format!("a {body} has no `related`")).at(at);
            found.push(problem.help("joins belong to `[rule.detection]`, whose condition names them").rule(rule));
        }
        match first {
            None if self.related.is_some() => Some(detection(&Table::default(), self.related, rule, found)),
            None => {
                let message = "the rule has none of `[rule.detection]`, `[rule.correlation]` and `[rule.composite]`";
                let problem = Diagnostic::new(Code::BodyMissing, message);
                let help = "add `[rule.detection]` with selections, `[rule.correlation]` with what is asked of a group of \
                            records, or `[rule.composite]` with a condition over rules";
                found.push(problem.at(span).help(help).rule(rule));
                None
            }
            Some(("detection", (table, _))) => Some(detection(table, self.related, rule, found)),
            Some(("composite", (table, span))) => composite(table, span, rule, found),
            Some((_, (table, span))) => Some(Body::Correlation { table: table.clone(), span }),
        }
    }
}

fn detection(table: &Table, related: Option<(&Table, Span)>, rule: &str, found: &mut Diagnostics) -> Body {
    let joins = related.into_iter().flat_map(|(table, _)| table.iter());
    let related: Vec<_> = joins.map(|(key, node)| (key.text.clone(), key.span, node.clone())).collect();
    let mut condition = None;
    let mut selections = vec![];
    for (key, node) in table.iter() {
        match (key.text.as_str(), &node.tree) {
            ("condition", Tree::Text(text)) => condition = Some((text.clone(), node.span)),
            ("condition", _) => {
                let message = format!("`condition` is a string, but this is {}", node.kind());
                let problem = Diagnostic::new(Code::WrongType, message).at(node.span);
                found.push(problem.help("write it in quotes").rule(rule));
            }
            (name, _) if related.iter().any(|(join, ..)| join == name) => {
                let problem = Diagnostic::new(Code::BadAcross, format!("`{name}` names a selection and a join"));
                found.push(problem.at(key.span).help("rename one of them").rule(rule));
            }
            (name, _) => selections.push((name.to_owned(), key.span, node.clone())),
        }
    }
    Body::Detection { condition, selections, related }
}

fn composite(table: &Table, span: Span, rule: &str, found: &mut Diagnostics) -> Option<Body> {
    let mut keys = Keys::new(table, span, rule, found);
    let condition = keys.text("condition");
    if !keys.has("condition") {
        let help = "say when the rule holds, for example `condition = \"charge.treason and not facts.violence\"`";
        keys.missing("condition", help);
    }
    keys.finish();
    Some(Body::Composite { condition: condition? })
}

/// The position of a rule among rules that stand in the order of their ids.
pub(super) fn position(specs: &[RuleSpec], id: &str) -> Option<usize> {
    let first = specs.partition_point(|spec| spec.id.as_str() < id);
    specs.get(first).is_some_and(|spec| spec.id == id).then_some(first)
}

/// Whether a text is well formed as the id of a rule.
#[must_use]
pub fn is_rule_id(id: &str) -> bool {
    !id.is_empty()
        && id.split('.').all(|part| !part.is_empty() && !part.starts_with('-') && !part.ends_with('-'))
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.'))
        && id.starts_with(|c: char| c.is_ascii_lowercase())
}

/// A hash of what a rule means: its keys and values, without tests, comments and the order of keys.
fn hash(table: &Table) -> String {
    fn write(node: &Node, into: &mut Sha256) {
        match &node.tree {
            Tree::Text(text) => into.update(format!("s{}:{text}", text.len())),
            Tree::Integer(number) => into.update(format!("i{number}")),
            Tree::Decimal(text) => into.update(format!("f{text}")),
            Tree::Flag(flag) => into.update(format!("b{flag}")),
            Tree::Date(text) => into.update(format!("d{text}")),
            Tree::List(nodes) => {
                into.update(format!("l{}", nodes.len()));
                nodes.iter().for_each(|node| write(node, into));
            }
            Tree::Table(table) => write_table(table, into, &[]),
        }
    }
    fn write_table(table: &Table, into: &mut Sha256, without: &[&str]) {
        let mut entries: Vec<_> = table.iter().filter(|(key, _)| !without.contains(&key.text.as_str())).collect();
        entries.sort_by(|(a, _), (b, _)| a.text.cmp(&b.text));
        into.update(format!("t{}", entries.len()));
        for (key, node) in entries {
            into.update(format!("k{}:{}", key.text.len(), key.text));
            write(node, into);
        }
    }
    let mut digest = Sha256::new();
    write_table(table, &mut digest, &["test"]);
    crate::text::hex(&digest.finalize()[..16])
}
