//! Changes of a selection: fields, operators, options and values.

use super::change::{Change, Edit, at, with, without};
use crate::diag::{Key, Node, Span, Table, Tree};
use crate::operator::OPTIONS;
use crate::record::Field;

/// An array longer than this is a list of words, whose entries are not tested one by one.
const SHORT: usize = 8;

/// More words between two texts than any record has.
const UNLIMITED: i64 = 1_000_000;

/// Operators and what each becomes. The first table keeps the edge and turns the side, or turns the whole; the second
/// moves the edge.
const TURNED: [(&str, &str); 8] = [
    ("is", "neq"),
    ("neq", "is"),
    ("before", "after"),
    ("after", "before"),
    ("lt", "gte"),
    ("gte", "lt"),
    ("lte", "gt"),
    ("gt", "lte"),
];
const EDGES: [(&str, &str); 6] =
    [("lt", "lte"), ("lte", "lt"), ("gt", "gte"), ("gte", "gt"), ("startswith", "contains"), ("endswith", "contains")];

/// The changes of a selection: a table of fields, or alternatives.
pub(super) fn selection(node: &Node) -> Vec<Change<Node>> {
    let Tree::List(tables) = &node.tree else {
        return node.table().map(|table| joined(node, table)).unwrap_or_default();
    };
    let mut changes = vec![];
    for (place, one) in tables.iter().enumerate() {
        let put = |to: Node| {
            let mut tables = tables.clone();
            tables[place] = to;
            at(node, Tree::List(tables))
        };
        if tables.len() > 1 {
            let to = at(node, Tree::List(without(tables, place)));
            changes.push(Change::new(to, one.span, Edit::OutOfOr, "this alternative is taken out".to_owned()));
        }
        let inner = one.table().map(fields).unwrap_or_default();
        changes.extend(inner.into_iter().map(|change| change.map(|table| put(at(one, Tree::Table(table))))));
    }
    changes
}

/// The changes of a selection that is one table, its fields joined by `or` among them.
fn joined(node: &Node, table: &Table) -> Vec<Change<Node>> {
    let mut changes: Vec<Change<Node>> =
        fields(table).into_iter().map(|change| change.map(|table| at(node, Tree::Table(table)))).collect();
    let is_assume = |key: &Key| key.text == "assume";
    let asked: Vec<&Key> = table.iter().map(|(key, _)| key).filter(|key| !is_assume(key)).collect();
    if let [first, _, ..] = asked[..] {
        let alone = |field: &&Key| -> Node {
            let own = |key: &Key| is_assume(key) || key.span == field.span;
            let entries = table.iter().filter(|(key, _)| own(key)).map(|(key, node)| (key.clone(), node.clone()));
            at(node, Tree::Table(entries.collect()))
        };
        let to = at(node, Tree::List(asked.iter().map(alone).collect()));
        let what = "one of these fields is enough".to_owned();
        changes.push(Change::new(to, first.span, Edit::Joined, what));
    }
    changes
}

/// The changes of a table of fields.
pub(super) fn fields(table: &Table) -> Vec<Change<Table>> {
    let several = table.iter().filter(|(key, _)| key.text != "assume").count() > 1;
    let mut changes = vec![];
    for (place, (key, node)) in table.iter().enumerate() {
        if key.text == "assume" {
            let what = "`assume` is taken out".to_owned();
            changes.push(Change::new(with(table, place, None), key.span, Edit::Assume, what));
            continue;
        }
        let whole = together(key, node);
        if several {
            let what = format!("`{}` is taken out", key.text);
            changes.push(Change::new(with(table, place, None), whole, Edit::OutOfAnd, what));
        }
        let what = format!("`{}` is read as its opposite", key.text);
        let turned = Change::new(table.clone(), whole, Edit::Opposite, what);
        changes.push(Change { opposite: Some(key.span), ..turned });
        let many = Field::named(&key.text).is_some_and(Field::is_many);
        let inner = predicate(node, if many { Cells::Many } else { Cells::One });
        let put = |to: Node| with(table, place, Some((key.clone(), to)));
        changes.extend(inner.into_iter().map(|change| change.map(put)));
    }
    changes
}

/// What a predicate is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cells {
    /// A field with one value.
    One,
    /// A list.
    Many,
    /// A field of one element, inside `match`.
    Bound,
}

/// The changes of what is asked about a field.
fn predicate(node: &Node, cells: Cells) -> Vec<Change<Node>> {
    let mut changes = vec![];
    let Tree::Table(table) = &node.tree else {
        let named = |name: &str| (Key { text: name.to_owned(), span: node.span }, node.clone());
        if cells == Cells::Bound {
            let to = at(node, Tree::Table([named("neq")].into_iter().collect()));
            changes.push(Change::new(to, node.span, Edit::Operator, "`neq` stands for `is`".to_owned()));
        }
        let table = [named("is")].into_iter().collect();
        changes.extend(every(node, &table, cells));
        changes.extend(values(node));
        return changes;
    };
    for change in entries(table, cells).into_iter().chain(inside(table)) {
        changes.push(change.map(|table| at(node, Tree::Table(table))));
    }
    changes.extend(every(node, table, cells));
    changes
}

/// Every element must hold instead of one.
fn every(node: &Node, table: &Table, cells: Cells) -> Option<Change<Node>> {
    let of_elements = table.iter().any(|(key, _)| !matches!(key.text.as_str(), "count" | "known" | "blank"));
    if cells != Cells::Many || !of_elements || table.get("quantifier").is_some() {
        return None;
    }
    let quantifier = Key { text: "quantifier".to_owned(), span: node.span };
    let all = at(node, Tree::Text("all".to_owned()));
    let entries = table.iter().map(|(key, node)| (key.clone(), node.clone())).chain([(quantifier, all)]);
    let what = "every element must fit instead of one".to_owned();
    Some(Change::new(at(node, Tree::Table(entries.collect())), node.span, Edit::Quantifier, what))
}

fn is_operator(key: &Key) -> bool {
    key.text != "quantifier" && !OPTIONS.contains(&key.text.as_str())
}

/// Operators, options and the quantifier of a predicate: taken out, or turned into another.
fn entries(table: &Table, cells: Cells) -> Vec<Change<Table>> {
    let operators = table.iter().filter(|(key, _)| is_operator(key)).count();
    let mut changes = vec![];
    for (place, (key, node)) in table.iter().enumerate() {
        let (name, whole) = (key.text.as_str(), together(key, node));
        let mut push = |edit, what: String, entry| {
            changes.push(Change::new(with(table, place, entry), whole, edit, what));
        };
        if name == "quantifier" {
            let other = if node.text() == Some("all") { "any" } else { "all" };
            let what = format!("`quantifier` is \"{other}\"");
            push(Edit::Quantifier, what, Some((key.clone(), at(node, Tree::Text(other.to_owned())))));
            continue;
        }
        if OPTIONS.contains(&name) {
            if !matches!(node.tree, Tree::Flag(false)) {
                push(Edit::Option, format!("`{name}` is taken out"), None);
            }
            continue;
        }
        if operators > 1 {
            push(Edit::OutOfAnd, format!("`{name}` is taken out"), None);
        }
        // A predicate of one operator is read as its opposite already.
        let alone = operators == 1 && cells == Cells::One;
        let turned = TURNED.iter().filter(|(own, _)| *own == name && (!alone || matches!(name, "before" | "after")));
        for (_, other) in turned.chain(EDGES.iter().filter(|(own, _)| *own == name)) {
            let what = format!("`{other}` stands for `{name}`");
            push(Edit::Operator, what, Some((Key { text: (*other).to_owned(), span: key.span }, node.clone())));
        }
        if let (Tree::Flag(flag), "known" | "blank", false) = (&node.tree, name, alone) {
            let what = format!("`{name} = {}` stands for `{name} = {flag}`", !flag);
            push(Edit::Operator, what, Some((key.clone(), at(node, Tree::Flag(!flag)))));
        }
    }
    changes
}

/// Changes inside the values of operators.
fn inside(table: &Table) -> Vec<Change<Table>> {
    let mut changes = vec![];
    for (place, (key, node)) in table.iter().enumerate().filter(|(_, (key, _))| is_operator(key)) {
        let put = |to: Node| with(table, place, Some((key.clone(), to)));
        let inner = match (key.text.as_str(), &node.tree) {
            ("match", Tree::Table(bound)) => self::bound(node, bound),
            ("near", Tree::Table(near)) => {
                changes.extend(one_side(key, near).map(|(side, change)| {
                    change.map(|to| with(table, place, Some((Key { text: "contains".to_owned(), ..side }, to))))
                }));
                self::near(node, near)
            }
            ("count" | "words" | "year" | "month" | "day", Tree::Table(bounds)) => {
                let inner = entries(bounds, Cells::Bound).into_iter();
                inner.map(|change| change.map(|bounds| at(node, Tree::Table(bounds)))).collect()
            }
            _ => values(node),
        };
        changes.extend(inner.into_iter().map(|change| change.map(put)));
    }
    changes
}

/// Changes of bounds on a number.
pub(super) fn bounds(table: &Table) -> Vec<Change<Table>> {
    entries(table, Cells::Bound)
}

/// Changes of a `match`: its fields taken out, and what each of them asks.
fn bound(node: &Node, table: &Table) -> Vec<Change<Node>> {
    let mut changes = vec![];
    for (place, (key, value)) in table.iter().enumerate() {
        if table.iter().count() > 1 {
            let what = format!("`{}` is taken out of `match`", key.text);
            changes.push(Change::new(with(table, place, None), together(key, value), Edit::OutOfAnd, what));
        }
        let put = |to: Node| with(table, place, Some((key.clone(), to)));
        changes.extend(predicate(value, Cells::Bound).into_iter().map(|change| change.map(put)));
    }
    changes.into_iter().map(|change| change.map(|table| at(node, Tree::Table(table)))).collect()
}

/// Changes of a `near`: the distance, and the texts of each side.
fn near(node: &Node, table: &Table) -> Vec<Change<Node>> {
    let mut changes = vec![];
    for (place, (key, value)) in table.iter().enumerate() {
        let put = |to: Node| at(node, Tree::Table(with(table, place, Some((key.clone(), to)))));
        if key.text == "within" {
            let to = put(at(value, Tree::Integer(UNLIMITED)));
            let what = "`within` sets no limit".to_owned();
            changes.push(Change::new(to, together(key, value), Edit::Option, what));
        }
        changes.extend(values(value).into_iter().map(|change| change.map(put)));
    }
    changes
}

/// A `near` of which only one side must occur.
fn one_side<'a>(near: &'a Key, table: &'a Table) -> impl Iterator<Item = (Key, Change<Node>)> + 'a {
    [("a", "b"), ("b", "a")].into_iter().filter_map(|(kept, gone)| {
        let what = format!("side `{gone}` is taken out of `near`");
        let at = together(table.key(gone)?, table.get(gone)?);
        Some((near.clone(), Change::new(table.get(kept)?.clone(), at, Edit::OutOfAnd, what)))
    })
}

/// The values of a short array, taken out one by one.
fn values(node: &Node) -> Vec<Change<Node>> {
    let Tree::List(nodes) = &node.tree else { return vec![] };
    if !(2..=SHORT).contains(&nodes.len()) {
        return vec![];
    }
    let one = |(place, value): (usize, &Node)| {
        let to = at(node, Tree::List(without(nodes, place)));
        Change::new(to, value.span, Edit::Value, format!("`{value}` is taken out"))
    };
    nodes.iter().enumerate().map(one).collect()
}

/// The place of a key and its value, where they stand side by side.
fn together(key: &Key, node: &Node) -> Span {
    if node.span.start < key.span.end { key.span } else { Span { end: node.span.end, ..key.span } }
}
