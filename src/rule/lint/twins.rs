//! Rules that ask the same in other words.

use std::collections::BTreeMap;

use super::{Lint, Subject};
use crate::diag::{Code, Diagnostic, Diagnostics, Node, Span, Table, Tree};
use crate::rule::spec::{Body, RuleSpec};
use crate::rule::{Expr, Rule, RuleSet};
use crate::text::fold;

pub(super) const TWINS: Lint = Lint { code: Code::SameMeaning, find: twins };

fn twins(subject: &Subject<'_>, found: &mut Diagnostics) {
    let mut first: BTreeMap<String, (Span, &str)> = BTreeMap::new();
    for (spec, rule) in subject.each() {
        let meaning = meaning(subject.rules, spec, rule);
        let Some((span, id)) = first.get(&meaning) else {
            first.insert(meaning, (spec.id_span, &spec.id));
            continue;
        };
        let problem = Diagnostic::new(Code::SameMeaning, format!("`{}` asks the same as `{id}`", spec.id));
        let problem = problem.at(spec.id_span).also(*span, "the other stands here");
        found.push(problem.help("take one out, or let both build on one concept").rule(&spec.id));
    }
}

/// A text that is equal for two rules only if they ask the same: names of selections, the order of keys and of values, and
/// spellings that folding makes equal do not count.
fn meaning(rules: &RuleSet, spec: &RuleSpec, rule: &Rule) -> String {
    let scope = spec.scope.as_ref().map_or_else(String::new, |(table, _)| of_table(table));
    let selections = match &spec.body {
        Body::Detection { selections, .. } => {
            selections.iter().map(|(name, _, node)| (name.as_str(), of_node(node))).collect()
        }
        Body::Composite { .. } | Body::Correlation { .. } | Body::Filter(_) => BTreeMap::new(),
    };
    let requires =
        rule.requires.as_ref().map_or_else(String::new, |requires| of_expr(rules, &BTreeMap::new(), requires));
    format!("{scope}|{}|{requires}", of_expr(rules, &selections, &rule.body))
}

fn of_expr(rules: &RuleSet, selections: &BTreeMap<&str, String>, expr: &Expr) -> String {
    let part = |part: &Expr| of_expr(rules, selections, part);
    match expr {
        Expr::Named(name, inner) => selections.get(&**name).cloned().unwrap_or_else(|| part(inner)),
        Expr::Rule(at) => rules.rules[*at].id.to_string(),
        Expr::Clause(at) => format!("{at}"),
        Expr::Not(inner) => format!("not({})", part(inner)),
        Expr::AssumeNo(inner) => format!("assume({})", part(inner)),
        Expr::All(parts) if parts.len() == 1 => part(&parts[0]),
        Expr::All(parts) => sorted("all", parts.iter().map(part)),
        Expr::Any(parts) => sorted("any", parts.iter().map(part)),
        Expr::AtLeast(wanted, parts) => sorted(&wanted.to_string(), parts.iter().map(part)),
    }
}

fn sorted(word: &str, parts: impl Iterator<Item = String>) -> String {
    let mut parts: Vec<String> = parts.collect();
    parts.sort();
    parts.dedup();
    format!("{word}({})", parts.join(","))
}

fn of_table(table: &Table) -> String {
    let as_written =
        matches!(table.get("cased").map(|node| &node.tree), Some(Tree::Flag(true))) || table.get("re").is_some();
    let value = |node: &Node| if as_written { written(node) } else { of_node(node) };
    sorted("all", table.iter().map(|(key, node)| format!("{}={}", key.text, value(node))))
}

fn of_node(node: &Node) -> String {
    match &node.tree {
        Tree::Text(text) => format!("{:?}", fold(text)),
        Tree::List(nodes) if nodes.len() != 1 => sorted("any", nodes.iter().map(of_node)),
        Tree::List(nodes) => nodes.iter().map(of_node).collect(),
        Tree::Table(table) => of_table(table),
        _ => written(node),
    }
}

/// A value in which every letter counts.
fn written(node: &Node) -> String {
    match &node.tree {
        Tree::Text(text) | Tree::Decimal(text) | Tree::Date(text) => format!("{text:?}"),
        Tree::Integer(number) => number.to_string(),
        Tree::Flag(flag) => flag.to_string(),
        Tree::List(nodes) => sorted("any", nodes.iter().map(written)),
        Tree::Table(table) => of_table(table),
    }
}
