//! What a rule means, apart from how it is written: the tree of its keys in one normal form.
//!
//! In goes the table of a rule as written, out come three trees: what can change a verdict, a weight or an outcome; what
//! people read; what is tried. Two rules with equal meaning judge alike: comments, the order of keys and of alternatives,
//! quotes, blanks in conditions and defaults that are written out make no difference. Lists count by name; what they hold is
//! compared apart.

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use super::condition::{self, Condition, Group};
use super::keys::{Concern, RULE, concern};
use crate::diag::{Node, Table, Tree};

/// A rule as written, in normal form.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Written {
    /// What can change a verdict, a weight or an outcome.
    pub meaning: Json,
    /// What people read: title, basis, messages and the like.
    pub wording: Json,
    /// The tests, in the order of their names.
    pub tests: Json,
}

impl Written {
    /// The normal form of a rule.
    pub(super) fn of(rule: &Table) -> Self {
        let part = |wanted: Concern| {
            let keys = rule.iter().filter(|(key, _)| concern(RULE, &key.text) == wanted);
            keys.map(|(key, node)| (key.text.as_str(), node)).collect::<Vec<_>>()
        };
        let tests = part(Concern::Tests).into_iter().flat_map(|(_, node)| node.each()).map(plain);
        Self {
            meaning: object(part(Concern::Meaning).into_iter().map(|(key, node)| (key, meaning(key, node))).collect()),
            wording: object(part(Concern::Wording).into_iter().map(|(key, node)| (key, plain(node))).collect()),
            tests: set(tests),
        }
    }
}

impl Written {
    /// Whether its meaning names a list.
    #[must_use]
    pub fn names(&self, list: &str) -> bool {
        fn holds(tree: &Json, list: &str) -> bool {
            match tree {
                Json::String(text) => text == list,
                Json::Array(parts) => parts.iter().any(|part| holds(part, list)),
                Json::Object(parts) => parts.values().any(|part| holds(part, list)),
                _ => false,
            }
        }
        holds(&self.meaning, list)
    }
}

/// A hash of a normal form, in hexadecimal: short, for it tells two versions of one rule apart and nothing else.
pub(super) fn digest(tree: &Json) -> String {
    crate::text::hex(&Sha256::digest(tree.to_string())[..8])
}

/// A TOML table with its keys in order.
pub(super) fn plain_table(table: &Table) -> Json {
    entries(table, |_, node| plain(node))
}

fn plain(node: &Node) -> Json {
    match &node.tree {
        Tree::List(nodes) => Json::Array(nodes.iter().map(plain).collect()),
        Tree::Table(table) => plain_table(table),
        _ => scalar(node),
    }
}

/// A number counts by its value, a date by its text.
fn scalar(node: &Node) -> Json {
    match &node.tree {
        Tree::Text(text) | Tree::Date(text) => Json::from(text.as_str()),
        Tree::Flag(flag) => Json::from(*flag),
        Tree::Integer(number) => Json::from(*number),
        Tree::Decimal(text) => match node.thousandths() {
            Some(number) if number % 1000 == 0 => Json::from(number / 1000),
            Some(number) => Json::from(number as f64 / 1000.0),
            None => Json::from(text.as_str()),
        },
        Tree::List(_) | Tree::Table(_) => plain(node),
    }
}

fn object(mut entries: Vec<(&str, Json)>) -> Json {
    entries.sort_by_key(|(key, _)| *key);
    Json::Object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Alternatives: their order and repetition say nothing.
fn set(parts: impl Iterator<Item = Json>) -> Json {
    let mut parts: Vec<(String, Json)> = parts.map(|part| (part.to_string(), part)).collect();
    parts.sort_by(|a, b| a.0.cmp(&b.0));
    parts.dedup_by(|a, b| a.0 == b.0);
    Json::Array(parts.into_iter().map(|(_, part)| part).collect())
}

fn meaning(key: &str, node: &Node) -> Json {
    match (key, &node.tree) {
        ("scope", Tree::Table(table)) => selection(table),
        ("detection", Tree::Table(table)) => detection(table),
        ("composite", Tree::Table(table)) => entries(table, |key, node| match key {
            "condition" => condition_of(node),
            _ => other(node),
        }),
        ("requires", _) => condition_of(node),
        ("related", Tree::Table(table)) => entries(table, |_, node| across(node)),
        ("correlation", _) => across(node),
        _ => other(node),
    }
}

/// What is asked of other records.
fn across(node: &Node) -> Json {
    let Tree::Table(table) = &node.tree else { return other(node) };
    let is_ordered = table.get("type").and_then(Node::text) == Some("temporal_ordered");
    entries(table, |key, node| match (key, &node.tree) {
        ("where", _) => alternatives(node),
        // Each step by itself; their order counts where the rule says so.
        ("steps", Tree::List(nodes)) if is_ordered => Json::Array(nodes.iter().map(alternatives).collect()),
        ("steps", Tree::List(nodes)) => set(nodes.iter().map(alternatives)),
        _ => other(node),
    })
}

/// Anything else: arrays are alternatives, and one value is an array of one.
fn other(node: &Node) -> Json {
    match &node.tree {
        Tree::List(nodes) => set(nodes.iter().map(other)),
        Tree::Table(table) => entries(table, |_, node| other(node)),
        _ => scalar(node),
    }
}

fn entries(table: &Table, each: impl Fn(&str, &Node) -> Json) -> Json {
    object(table.iter().map(|(key, node)| (key.text.as_str(), each(&key.text, node))).collect())
}

fn detection(table: &Table) -> Json {
    let selections: Vec<&str> =
        table.iter().map(|(key, _)| key.text.as_str()).filter(|key| *key != "condition").collect();
    // A rule with one selection needs no condition, and one that only names it says nothing.
    let names = |node: &Node, one: &str| matches!(node.text().map(condition::parse), Some(Ok(Condition::Name(name, _))) if name == one);
    let only = |node: &Node| matches!(selections[..], [one] if names(node, one));
    let kept = table.iter().filter(|(key, node)| key.text != "condition" || !only(node));
    let entries = kept.map(|(key, node)| {
        let value = match (key.text.as_str(), &node.tree) {
            ("condition", _) => condition_of(node),
            _ => alternatives(node),
        };
        (key.text.as_str(), value)
    });
    object(entries.collect())
}

/// A selection, or several of which one is enough.
fn alternatives(node: &Node) -> Json {
    match &node.tree {
        Tree::Table(table) => selection(table),
        Tree::List(nodes) => match &nodes[..] {
            [one] => one.table().map_or_else(|| other(one), selection),
            _ => set(nodes.iter().map(|node| node.table().map_or_else(|| other(node), selection))),
        },
        _ => other(node),
    }
}

fn selection(table: &Table) -> Json {
    entries(table, |key, node| if key == "assume" { scalar(node) } else { predicate(node) })
}

/// What is asked of a field: a plain value is equality, and what is the default need not be written.
fn predicate(node: &Node) -> Json {
    let Tree::Table(table) = &node.tree else {
        let values = node.each().iter().map(other);
        return object(vec![("is", set(values))]);
    };
    let is_default = |key: &str, node: &Node| match key {
        "quantifier" => node.text() == Some("any"),
        "word" | "all" | "cased" => matches!(node.tree, Tree::Flag(false)),
        _ => false,
    };
    let kept = table.iter().filter(|(key, node)| !is_default(&key.text, node));
    let entries = kept.map(|(key, node)| {
        let value = match (key.text.as_str(), &node.tree) {
            ("match", Tree::Table(table)) => selection(table),
            ("is" | "neq" | "contains" | "lacks" | "startswith" | "endswith" | "re", _) => {
                set(node.each().iter().map(other))
            }
            _ => other(node),
        };
        (key.text.as_str(), value)
    });
    object(entries.collect())
}

/// A condition in one spelling; one that cannot be read stays as it is.
fn condition_of(node: &Node) -> Json {
    let Some(text) = node.text() else { return other(node) };
    Json::from(condition::parse(text).map_or_else(|_| text.to_owned(), |condition| spelled(&condition, 0)))
}

/// A condition with its parts in order. `within` is how tightly what stands around binds: 1 for `and`, 2 for `not`.
fn spelled(condition: &Condition, within: u8) -> String {
    let joined = |word: &str, own: u8| {
        let mut parts: Vec<String> = same(condition).into_iter().map(|part| spelled(part, own)).collect();
        parts.sort();
        parts.dedup();
        let text = parts.join(word);
        if within > own && parts.len() > 1 { format!("({text})") } else { text }
    };
    match condition {
        Condition::Name(name, _) => name.clone(),
        Condition::Not(inner) => format!("not {}", spelled(inner, 2)),
        Condition::And(_) => joined(" and ", 1),
        Condition::Or(_) => joined(" or ", 0),
        Condition::Of(count, group, _) => {
            let group = match group {
                Group::Names(names) => {
                    let mut names: Vec<&str> = names.iter().map(|(name, _)| name.as_str()).collect();
                    names.sort_unstable();
                    format!("[{}]", names.join(", "))
                }
                Group::Glob(pattern) => pattern.clone(),
                Group::Factor(factor) => format!("factor:{factor}"),
                Group::Ground(ground) => format!("ground:{ground}"),
            };
            format!("{} of {group}", count.map_or_else(|| "all".to_owned(), |count| count.to_string()))
        }
    }
}

/// The parts of an `and` or an `or`, with those of the same in it.
fn same(condition: &Condition) -> Vec<&Condition> {
    let of_kind = |part: &Condition| {
        matches!((condition, part), (Condition::And(_), Condition::And(_)) | (Condition::Or(_), Condition::Or(_)))
    };
    let (Condition::And(parts) | Condition::Or(parts)) = condition else { return vec![condition] };
    parts.iter().flat_map(|part| if of_kind(part) { same(part) } else { vec![part] }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Diagnostics, Sources, parse_toml};

    fn written(rule: &str) -> Written {
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let source = sources.add("a.toml", rule);
        let table = parse_toml(source, rule, &mut found);
        assert!(found.is_empty(), "{rule}");
        Written::of(&table)
    }

    const RULE: &str = "id = 'a'\nrevision = 1\ntitle = 't'\nbits = 2\ndetection.one.kind = ['x', 'y']\ndetection.two.acts = { contains = 'z' }\ndetection.condition = 'one and not two'";

    #[test]
    fn what_is_written_otherwise_means_the_same() {
        let same = "# a comment\n[detection]\ncondition = \"not  two and (one)\"\n[detection.two]\nacts = { contains = ['z'], word = false, quantifier = 'any' }\n[detection.one]\nkind = { is = ['y', 'x', 'y'] }";
        let head = "bits = 2.0\nid = 'b'\nrevision = 7\ntitle = 'u'\n";
        assert_eq!(written(&format!("{head}{same}")).meaning, written(RULE).meaning);
        assert_ne!(written(&format!("{head}{same}")).wording, written(RULE).wording);
    }

    #[test]
    fn what_can_change_a_verdict_or_a_weight_is_meaning() {
        let base = written(RULE);
        for (from, to) in [
            ("bits = 2", "bits = 3"),
            ("'x', 'y'", "'x'"),
            ("'x', 'y'", "'x', 'z'"),
            ("contains = 'z'", "startswith = 'z'"),
            ("contains = 'z'", "contains = 'z', word = true"),
            ("one and not two", "one or not two"),
            ("one and not two", "not (one and two)"),
            ("detection.one.kind", "detection.one.assume = 'no'\ndetection.one.kind"),
            ("bits = 2", "bits = 2\nscope.kind = 'message'"),
            ("bits = 2", "bits = 2\nstatus = 'experimental'"),
        ] {
            assert_ne!(written(&RULE.replace(from, to)).meaning, base.meaning, "{to}");
        }
    }

    #[test]
    fn the_order_of_steps_counts_where_the_rule_says_so() {
        let rule = |kind: &str, steps: &str| {
            written(&format!("[correlation]\ntype = '{kind}'\nsteps = [{steps}]\ngroup_by = ['person']")).meaning
        };
        let (one, other) =
            ("{ kind = 'diffusion' }, { kind = 'message' }", "{ kind = 'message' }, { kind = 'diffusion' }");
        assert_eq!(rule("temporal", one), rule("temporal", other));
        assert_ne!(rule("temporal_ordered", one), rule("temporal_ordered", other));
        let plain = "{ kind = { is = ['diffusion'] } }, { kind = 'message' }";
        assert_eq!(rule("temporal_ordered", one), rule("temporal_ordered", plain));
    }

    #[test]
    fn a_condition_keeps_its_brackets_where_they_count() {
        for (text, wanted) in [
            ("b or a and not (d or c)", "a and not (c or d) or b"),
            ("(a or b) and c", "(a or b) and c"),
            ("(c and a) and b", "a and b and c"),
            ("not (a and b)", "not (a and b)"),
            ("2 of [b, a] or all of x_*", "2 of [a, b] or all of x_*"),
        ] {
            let condition = condition::parse(text);
            assert_eq!(condition.as_ref().map(|condition| spelled(condition, 0)), Ok(wanted.to_owned()), "{text}");
        }
    }

    #[test]
    fn tests_and_wording_stand_apart_from_meaning() {
        let more = format!("{RULE}\nexplain.message = 'm'\n[[test]]\nname = 'n'\nexpect = 'yes'");
        assert_eq!(written(&more).meaning, written(RULE).meaning);
        assert_ne!(written(&more).tests, written(RULE).tests);
        assert_ne!(written(&more).wording, written(RULE).wording);
    }
}
