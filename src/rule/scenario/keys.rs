//! The keys of a test of one record, read and typed.

use std::collections::BTreeMap;

use super::fixture::fixture;
use super::{Evidence, RuleTest};
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, Node, Span, Table, Tree, did_you_mean};
use crate::operator::{Truth, a, unknown_field};
use crate::record::{Field, Record, Type};
use crate::rule::spec::RuleSpec;
use crate::rule::{Verdict, fits};

/// Reads a test. `None` where it is not sound; then what is wrong was reported.
pub(super) fn test(
    table: &Table,
    span: Span,
    (spec, all): (&RuleSpec, &[RuleSpec]),
    found: &mut Diagnostics,
) -> Option<RuleTest> {
    let before = found.errors();
    let rule = spec.id.as_str();
    let mut keys = Keys::new(table, span, rule, found);
    let name = keys.text("name");
    if table.get("name").is_none() {
        keys.missing("name", "say in a few words what the test shows");
    }
    let expect = keys.word("expect", &Verdict::ALL, Verdict::word);
    if table.get("expect").is_none() {
        keys.missing("expect", "it can be: yes, no, unknown, not_applicable, suppressed");
    }
    let given = keys.table("given");
    let results = keys.table("results");
    if results.is_none() && table.get("given").is_none() {
        keys.missing("given", "describe a record: `given = { kind = \"red_notice\" }`, or verdicts: `results = { … }`");
    }
    let others = keys.tables("others");
    for laid_over in ["cases", "table", "expect_by_id"] {
        keys.node(laid_over); // simple tests were made of them; they are keys all the same
    }
    let missing = missing(&mut keys, table, expect);
    let evidence = evidence(&mut keys, table);
    let counts = keys.word("counts", &[Truth::Yes, Truth::No, Truth::Unknown], Truth::name);
    if let (Some(key), None) = (table.key("counts"), &spec.requires) {
        let problem = Diagnostic::new(Code::BadTest, "`counts` says whether `requires` holds, and the rule has none");
        keys.report(problem.at(key.span).help("take it out; it is for rules of kind `context`"));
    }
    let todo = keys.text("todo");
    if let Some((_, at)) = todo.as_ref().filter(|(reason, _)| reason.trim().is_empty()) {
        let problem = Diagnostic::new(Code::BadTest, "`todo` says why the test is known to fail").at(*at);
        keys.report(problem.help("write for example `todo = \"names in Thai are not split yet\"`"));
    }
    let not_carried = keys.texts("not_carried");
    keys.finish();
    let results = results.map(|(table, _)| verdicts(table, spec, all, found)).unwrap_or_default();
    let given = given.map_or_else(Record::default, |(table, span)| {
        let table = not_carried.iter().fold(table.clone(), |table, out| take_out(&table, out, rule, found));
        fixture(&table, span, rule, found)
    });
    let others = others.into_iter().map(|(table, span)| fixture(table, span, rule, found)).collect();
    if found.errors() > before {
        return None;
    }
    let (name, expect) = (name?.0, expect?);
    Some(RuleTest {
        name,
        span,
        given,
        others,
        results,
        expect,
        counts,
        missing,
        evidence,
        todo: todo.map(|(todo, _)| todo),
    })
}

fn field(keys: &mut Keys<'_, '_>, path: &str, at: Span) -> Option<Field> {
    let field = Field::named(path);
    if field.is_none() {
        keys.report(unknown_field(path, at));
    }
    field
}

/// The fields that must be among those that decide; `None` where nothing is said of them.
fn missing(keys: &mut Keys<'_, '_>, table: &Table, expect: Option<Verdict>) -> Option<Vec<Field>> {
    let paths = keys.texts("missing");
    let written = table.get("missing")?;
    let fields = paths.iter().filter_map(|(path, at)| field(keys, path, *at)).collect();
    if let Some(expect) = expect.filter(|expect| *expect != Verdict::Unknown) {
        let message = format!("`missing` says nothing where {} is expected", expect.word());
        let problem = Diagnostic::new(Code::BadTest, message).at(written.span);
        keys.report(problem.help("`missing` goes with `expect = \"unknown\"`"));
    }
    Some(fields)
}

/// The texts that must have matched: an array, or a table of fields.
fn evidence(keys: &mut Keys<'_, '_>, table: &Table) -> Evidence {
    let exact = keys.flag("exact").unwrap_or(false);
    if let (Some(key), None) = (table.key("exact"), table.get("evidence")) {
        let problem = Diagnostic::new(Code::BadTest, "`exact` goes with `evidence`").at(key.span);
        keys.report(problem.help("name what must match, or take it out"));
    }
    let Some(Node { tree: Tree::Table(by_field), .. }) = table.get("evidence") else {
        let anywhere = keys.texts("evidence").into_iter().map(|(text, _)| text).collect();
        return Evidence { anywhere, exact, ..Evidence::default() };
    };
    keys.node("evidence");
    let mut of = BTreeMap::new();
    for (key, node) in by_field.iter() {
        let Some(field) = field(keys, &key.text, key.span) else { continue };
        let texts: Option<Vec<String>> = node.each().iter().map(|node| Some(node.text()?.to_owned())).collect();
        let problem = match texts {
            Some(texts) if field.ty() == Type::Text => {
                of.insert(field, texts);
                continue;
            }
            Some(_) => {
                let message =
                    format!("`{}` is {}; evidence is words that were found in a text", key.text, a(field.ty()));
                Diagnostic::new(Code::BadTest, message).at(key.span).help("name a field that holds text")
            }
            None => {
                let problem = Diagnostic::new(Code::BadTest, "evidence is text, or an array of texts").at(node.span);
                problem.help("write for example `evidence = { facts_summary = [\"fired a shot\"] }`")
            }
        };
        keys.report(problem);
    }
    Evidence { of, exact, ..Evidence::default() }
}

/// The verdicts that a test sets, by the id of the rule. A pattern sets those of every rule that fits, and an id goes
/// before a pattern.
fn verdicts(table: &Table, own: &RuleSpec, all: &[RuleSpec], found: &mut Diagnostics) -> BTreeMap<String, Verdict> {
    let mut verdicts = BTreeMap::new();
    let (patterns, ids): (Vec<_>, Vec<_>) = table.iter().partition(|(key, _)| key.text.contains('*'));
    for (key, node) in patterns.into_iter().chain(ids) {
        let fitting = || all.iter().map(|spec| spec.id.as_str()).filter(|id| *id != own.id && fits(&key.text, id));
        if fitting().next().is_none() {
            let problem = Diagnostic::new(Code::UnknownRule, format!("there is no rule `{}`", key.text)).at(key.span);
            let problem = match did_you_mean(&key.text, all.iter().map(|spec| spec.id.as_str())) {
                Some(near) => problem.help(format!("did you mean `{near}`?")),
                None => problem.help("a result names the id of another rule, or a pattern with `*`"),
            };
            found.push(problem.rule(&own.id));
        }
        match node.text().and_then(|word| Verdict::ALL.into_iter().find(|verdict| verdict.word() == word)) {
            Some(verdict) => verdicts.extend(fitting().map(|id| (id.to_owned(), verdict))),
            None => found.push(
                Diagnostic::new(Code::BadTest, "this is no verdict")
                    .at(node.span)
                    .help("a result is yes, no, unknown, not_applicable or suppressed")
                    .rule(&own.id),
            ),
        }
    }
    verdicts
}

/// A record without a field. What is not there cannot be taken out.
fn take_out(table: &Table, (path, at): &(String, Span), rule: &str, found: &mut Diagnostics) -> Table {
    let problem = match Field::named(path) {
        None => Some(Diagnostic { code: Code::TestUnknownField, ..unknown_field(path, *at) }),
        Some(_) if !has(table, path) => {
            let message = format!("`{path}` is not given, so that it is not carried as it is");
            Some(Diagnostic::new(Code::BadTest, message).at(*at).help("take it out of `not_carried`"))
        }
        Some(_) => None,
    };
    found.extend(problem.map(|problem| problem.rule(rule)));
    dropped(table, path)
}

fn has(table: &Table, path: &str) -> bool {
    match path.split_once('.') {
        None => table.get(path).is_some(),
        Some((first, rest)) => table
            .get(first)
            .is_some_and(|node| node.each().iter().filter_map(Node::table).any(|table| has(table, rest))),
    }
}

fn dropped(table: &Table, path: &str) -> Table {
    let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
    let inside = |node: &Node, rest: &str| match &node.tree {
        Tree::Table(table) => Node { span: node.span, tree: Tree::Table(dropped(table, rest)) },
        _ => node.clone(),
    };
    let each = |node: &Node, rest: &str| match &node.tree {
        Tree::List(nodes) => {
            Node { span: node.span, tree: Tree::List(nodes.iter().map(|node| inside(node, rest)).collect()) }
        }
        _ => inside(node, rest),
    };
    let kept = table.iter().filter_map(|(key, node)| match (key.text == first, rest) {
        (true, None) => None,
        (true, Some(rest)) => Some((key.clone(), each(node, rest))),
        (false, _) => Some((key.clone(), node.clone())),
    });
    kept.collect()
}
