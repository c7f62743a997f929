//! A rule as written: its keys read and typed, its names not yet resolved.

use sha2::{Digest, Sha256};

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
    Detection { condition: Option<(String, Span)>, selections: Vec<(String, Span, Node)> },
    /// A condition over other rules.
    Composite { condition: (String, Span) },
    /// A reviewed suppression.
    Filter(FilterSpec),
}

impl RuleSpec {
    /// The tables of fields in its scope and its selections.
    pub(super) fn tables(&self) -> impl Iterator<Item = &Table> {
        let selections = match &self.body {
            Body::Detection { selections, .. } => selections.as_slice(),
            Body::Composite { .. } | Body::Filter(_) => &[],
        };
        let selections = selections.iter().flat_map(|(_, _, node)| node.each()).filter_map(Node::table);
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
    let id = keys.text("id");
    match &id {
        None if table.get("id").is_some() => {}
        None => keys.missing("id", "give the rule a name such as `id = \"charge.treason\"`"),
        Some((id, at)) => {
            keys.name_rule(id);
            if !is_rule_id(id) {
                let problem = Diagnostic::new(Code::BadRuleId, format!("`{id}` cannot be the id of a rule")).at(*at);
                keys.report(problem.help("use lower-case letters, digits, `-` and `.`, for example `charge.treason`"));
            }
        }
    }
    let revision = match keys.integer("revision") {
        Some((number, at)) => u32::try_from(number).ok().filter(|number| *number > 0).or_else(|| {
            let problem = Diagnostic::new(Code::BadValue, format!("`revision` cannot be {number}")).at(at);
            keys.report(problem.help("start with 1 and raise it whenever the meaning changes"));
            None
        }),
        None => {
            if table.get("revision").is_none() {
                keys.missing("revision", "start with `revision = 1` and raise it whenever the meaning changes");
            }
            None
        }
    };
    let title = keys.text("title");
    if title.is_none() && table.get("title").is_none() {
        keys.missing("title", "say in one line what the rule is about");
    }
    let status = required(&mut keys, table, "status", Status::ALL, Status::word);
    let kind = required(&mut keys, table, "kind", Kind::ALL, Kind::word);
    let factor = keys.word("factor", Factor::ALL, Factor::word);
    let ground = keys.word("ground", Ground::ALL, Ground::word);
    let strength = keys.text("strength");
    let bits = keys.thousandths("bits");
    let requires = keys.text("requires");
    let tags = keys.texts("tags").into_iter().map(|(tag, _)| tag).collect();
    let false_positives: Vec<String> = keys.texts("falsepositives").into_iter().map(|(text, _)| text).collect();
    let basis_tables = keys.tables("basis");
    let scope = keys.table("scope");
    let detection = keys.table("detection");
    let composite = keys.table("composite");
    let suppression = keys.table("filter");
    let explain = keys.table("explain");
    let tests = keys.tables("test").into_iter().map(|(table, span)| (table.clone(), span)).collect();
    for planned in ["correlation", "related"] {
        keys.not_supported(planned);
    }
    keys.finish();
    let id_text = id.as_ref().map_or("", |(id, _)| id.as_str());
    if let Some(kind) = kind {
        let draft = Weights { kind, factor, ground, strength: &strength, bits: &bits, requires: &requires };
        draft.check(table, span, id_text, found);
        filter::check_shape(table, kind, id_text, found);
    }
    let basis = basis_tables.iter().filter_map(|(table, span)| basis(table, *span, id_text, found)).collect::<Vec<_>>();
    let (message, ask) = match explain {
        Some((table, span)) => {
            let mut keys = Keys::new(table, span, id_text, found);
            let both = (keys.text("message"), keys.text("ask"));
            keys.finish();
            both
        }
        None => (None, None),
    };
    let is_filter = kind == Some(Kind::Filter);
    let body = if is_filter {
        suppression_of(suppression, span, id_text, found)
    } else if table.get("correlation").is_none() || detection.is_some() || composite.is_some() {
        body(detection, composite, span, id_text, found)
    } else {
        None
    };
    let status_span = table.get("status").map_or(span, |node| node.span);
    let mut lacks = |code, message: &str, help: &str| {
        found.push(Diagnostic::new(code, message).at(status_span).help(help).rule(id_text));
    };
    let no_basis = table.get("basis").is_none_or(|node| matches!(&node.tree, Tree::List(nodes) if nodes.is_empty()));
    // A suppression is a decision on a case and not a rule of general application: it rests on its review.
    if no_basis && !is_filter {
        lacks(
            Code::MissingBasis,
            "the rule names no law it rests on",
            "add for example `basis = [{ cite = \"RPD art. 34(3)(a)\", verified = true }]`",
        );
    }
    if status == Some(Status::Stable) && !is_filter {
        if !basis.is_empty() && !basis.iter().any(|basis| basis.verified) {
            lacks(
                Code::UnverifiedBasis,
                "a stable rule needs a basis that someone has read",
                "set `verified = true` on a text that was checked, or lower `status` to `test`",
            );
        }
        if false_positives.is_empty() {
            lacks(
                Code::MissingFalsePositives,
                "a stable rule says when it is known to be wrong",
                "add `falsepositives = [\"…\"]`, or lower `status` to `test`",
            );
        }
    }
    let written = |key| explain.is_some_and(|(table, _)| table.get(key).is_some());
    if message.is_none()
        && !written("message")
        && kind.is_some_and(|kind| !matches!(kind, Kind::Concept | Kind::Filter))
    {
        lacks(
            Code::MissingMessage,
            "the rule has no message",
            "add `[rule.explain]` with `message`: what a reader of the case is told",
        );
    }
    if ask.is_none() && !written("ask") && kind == Some(Kind::Gap) {
        lacks(Code::MissingMessage, "a gap has no question", "add `ask` to `[rule.explain]`: what to ask the bureau");
    }
    let (id, id_span) = id.unwrap_or((String::new(), span));
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

fn required<T: Copy>(
    keys: &mut Keys<'_, '_>,
    table: &Table,
    key: &'static str,
    all: &[T],
    word: fn(T) -> &'static str,
) -> Option<T> {
    let value = keys.word(key, all, word);
    if table.get(key).is_none() {
        let words: Vec<&str> = all.iter().copied().map(word).collect();
        keys.missing(key, &format!("it can be: {}", words.join(", ")));
    }
    value
}

struct Weights<'a> {
    kind: Kind,
    factor: Option<Factor>,
    ground: Option<Ground>,
    strength: &'a Option<(String, Span)>,
    bits: &'a Option<(i64, Span)>,
    requires: &'a Option<(String, Span)>,
}

impl Weights<'_> {
    /// Checks that the keys for weights fit the kind of the rule.
    fn check(&self, table: &Table, span: Span, id: &str, found: &mut Diagnostics) {
        let place = |key: &str| table.get(key).map_or(span, |node| node.span);
        let kind = self.kind.word();
        let factors: Vec<&str> = Factor::ALL.iter().copied().map(Factor::word).collect();
        let grounds: Vec<&str> = Ground::ALL.iter().copied().map(Ground::word).collect();
        let mut say = |code, at, message: String| {
            let help = match code {
                Code::KindNeedsFactor => format!("add `factor`; it can be: {}", factors.join(", ")),
                Code::KindNeedsGround => format!("add `ground`; it can be: {}", grounds.join(", ")),
                Code::StrengthMissing => {
                    "add `strength` with a step of the profile's ladder, such as `strong`".to_owned()
                }
                Code::StrengthTwice => "take one of them out".to_owned(),
                Code::BadBits => "write a number above 0, such as `bits = 1.5`".to_owned(),
                Code::ContextWithoutRequires => {
                    "context counts only beside another rule; add for example `requires = \"1 of factor:a\"`".to_owned()
                }
                _ => "take it out, or change `kind`".to_owned(),
            };
            found.push(Diagnostic::new(code, message).at(at).help(help).rule(id));
        };
        if self.kind.has_bits() {
            if self.factor.is_none() && table.get("factor").is_none() {
                say(Code::KindNeedsFactor, place("kind"), format!("a rule of kind `{kind}` needs a `factor`"));
            }
            if self.ground.is_some() {
                say(Code::GroundNotAllowed, place("ground"), format!("a rule of kind `{kind}` has no `ground`"));
            }
            match (self.strength, self.bits) {
                (None, None) if table.get("strength").is_none() && table.get("bits").is_none() => {
                    say(
                        Code::StrengthMissing,
                        place("kind"),
                        format!("a rule of kind `{kind}` needs a `strength` or `bits`"),
                    );
                }
                (Some(_), Some((_, at))) => {
                    say(Code::StrengthTwice, *at, "give `strength` or `bits`, not both".to_owned());
                }
                (_, Some((bits, at))) if *bits <= 0 => {
                    say(Code::BadBits, *at, "bits are above 0; the sign comes from the kind".to_owned());
                }
                _ => {}
            }
        } else {
            if let Some((_, at)) = self
                .strength
                .as_ref()
                .map(|(text, at)| (text.as_str(), at))
                .or(self.bits.as_ref().map(|(_, at)| ("", at)))
            {
                say(Code::StrengthNotAllowed, *at, format!("a rule of kind `{kind}` carries no bits"));
            }
            if self.factor.is_some() {
                say(Code::FactorNotAllowed, place("factor"), format!("a rule of kind `{kind}` has no `factor`"));
            }
            let needs_ground = matches!(self.kind, Kind::Gate | Kind::Gap);
            if needs_ground && self.ground.is_none() && table.get("ground").is_none() {
                say(Code::KindNeedsGround, place("kind"), format!("a rule of kind `{kind}` needs a `ground`"));
            }
            if !needs_ground && self.ground.is_some() {
                say(Code::GroundNotAllowed, place("ground"), format!("a {kind} has no `ground`"));
            }
        }
        match (self.kind, self.requires) {
            (Kind::Context, None) => {
                say(
                    Code::ContextWithoutRequires,
                    place("kind"),
                    "a rule of kind `context` needs `requires`".to_owned(),
                );
            }
            (Kind::Context, Some(_)) | (_, None) => {}
            (_, Some((_, at))) => {
                say(Code::RequiresNotAllowed, *at, format!("a rule of kind `{kind}` has no `requires`"));
            }
        }
    }
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

fn suppression_of(
    suppression: Option<(&Table, Span)>,
    span: Span,
    rule: &str,
    found: &mut Diagnostics,
) -> Option<Body> {
    let Some((table, span)) = suppression else {
        let problem = Diagnostic::new(Code::BodyMissing, "the suppression has no `[rule.filter]`").at(span);
        let help = "add it with `suppresses`, `evidence`, `reason`, `reviewer`, `reviewed` and `expires`";
        found.push(problem.help(help).rule(rule));
        return None;
    };
    Some(Body::Filter(filter::read(table, span, rule, found)))
}

fn body(
    detection: Option<(&Table, Span)>,
    composite: Option<(&Table, Span)>,
    span: Span,
    rule: &str,
    found: &mut Diagnostics,
) -> Option<Body> {
    match (detection, composite) {
        (None, None) => {
            let problem =
                Diagnostic::new(Code::BodyMissing, "the rule has no `[rule.detection]` and no `[rule.composite]`");
            let help = "add `[rule.detection]` with selections, or `[rule.composite]` with a condition over rules";
            found.push(problem.at(span).help(help).rule(rule));
            None
        }
        (Some(_), Some((_, at))) => {
            let problem = Diagnostic::new(Code::BodyTwice, "the rule has both a detection and a composite");
            let problem = problem.at(at).also(span, "the rule starts here");
            found.push(problem.help("make two rules of it").rule(rule));
            None
        }
        (Some((table, _)), None) => {
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
                    (name, _) => selections.push((name.to_owned(), key.span, node.clone())),
                }
            }
            Some(Body::Detection { condition, selections })
        }
        (None, Some((table, span))) => {
            let mut keys = Keys::new(table, span, rule, found);
            let condition = keys.text("condition");
            if table.get("condition").is_none() {
                keys.missing(
                    "condition",
                    "say when the rule holds, for example `condition = \"charge.treason and not facts.violence\"`",
                );
            }
            keys.finish();
            Some(Body::Composite { condition: condition? })
        }
    }
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
