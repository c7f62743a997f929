//! Changes of joins and correlations: their keys, what must hold of other records, and how many there must be.

use super::change::{Change, Edit, at, with, without};
use super::selection::{bounds, selection};
use crate::diag::{Key, Node, Table, Tree};

/// The changes of a join.
pub(super) fn related(table: &Table) -> Vec<Change<Table>> {
    changes(table, &["where", "apart", "count"])
}

/// The changes of a correlation.
pub(super) fn correlation(table: &Table) -> Vec<Change<Table>> {
    changes(table, &["where", "similar", "share"])
}

/// The changes of either; what may be left out is left out once.
fn changes(table: &Table, optional: &[&str]) -> Vec<Change<Table>> {
    let mut changes = vec![];
    for (place, (key, node)) in table.iter().enumerate() {
        if optional.contains(&key.text.as_str()) {
            let what = format!("`{}` is taken out", key.text);
            changes.push(Change::new(with(table, place, None), key.span, Edit::OutOfAnd, what));
        }
        let put = |to: Node| with(table, place, Some((key.clone(), to)));
        changes.extend(inside(key, node).into_iter().map(|change| change.map(put)));
    }
    if let Some(span) = table.key("timespan") {
        let gone = ["time", "timespan"];
        let kept = table.iter().filter(|(key, _)| !gone.contains(&key.text.as_str()));
        let to = kept.map(|(key, node)| (key.clone(), node.clone())).collect();
        changes.push(Change::new(to, span.span, Edit::OutOfAnd, "`timespan` sets no limit".to_owned()));
    }
    changes
}

fn inside(key: &Key, node: &Node) -> Vec<Change<Node>> {
    match (key.text.as_str(), &node.tree) {
        ("where", _) => selection(node),
        ("on" | "apart" | "group_by", Tree::List(keys)) if keys.len() > 1 => {
            let one = |(place, key): (usize, &Node)| {
                let to = at(node, Tree::List(without(keys, place)));
                Change::new(to, key.span, Edit::OutOfAnd, format!("`{key}` is no key"))
            };
            keys.iter().enumerate().map(one).collect()
        }
        ("steps", Tree::List(steps)) => {
            let one = |(place, step): (usize, &Node)| {
                let put = |to: Node| {
                    let mut steps = steps.clone();
                    steps[place] = to;
                    at(node, Tree::List(steps))
                };
                selection(step).into_iter().map(|change| change.map(put)).collect::<Vec<_>>()
            };
            steps.iter().enumerate().flat_map(one).collect()
        }
        ("count" | "condition" | "share", Tree::Table(table)) => {
            bounds(table).into_iter().map(|change| change.map(|table| at(node, Tree::Table(table)))).collect()
        }
        _ => vec![],
    }
}
