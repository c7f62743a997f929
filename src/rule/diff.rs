//! What differs between two rule sets in what they say of people, not in how they are written.
//!
//! In go two checked sets with their files, out comes a [`Diff`]: rules that came, went or have another name, and for each
//! other rule what exactly is different. Comments, the order of keys and rules, and layout make no difference. What is
//! better for anyone is not said.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value as Json;

use super::ruleset::effective;
use super::{Kind, Rule, RuleFiles, RuleSet};

/// What differs between two rule sets.
#[derive(Debug, Default, PartialEq, Serialize)]
pub struct Diff {
    /// Rules that only the second has.
    pub added: Vec<Named>,
    /// Rules that only the first has.
    pub removed: Vec<Named>,
    /// Rules with the same meaning under another id.
    pub renamed: Vec<Renamed>,
    /// Rules of both that are not the same.
    pub changed: Vec<RuleChange>,
    /// Lists that are not the same.
    pub lists: Vec<ListChange>,
    /// What is different in `ruleset.toml` and in the numbers of the rule sets it extends.
    pub ruleset: Vec<Change>,
}

/// A rule by name.
#[derive(Debug, PartialEq, Serialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Its kind, its factor or ground, its weight and whether it counts, in words.
    pub effect: String,
}

/// A rule with another id.
#[derive(Debug, PartialEq, Serialize)]
pub struct Renamed {
    /// The id in the first set.
    pub from: String,
    /// The id in the second.
    pub to: String,
    /// What it is about.
    pub title: String,
}

/// What is different in a rule.
#[derive(Debug, PartialEq, Serialize)]
pub struct RuleChange {
    /// Its id.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// Its revision in the first set and in the second.
    pub revision: [u32; 2],
    /// Whether it was written to mean something else, and its revision was not raised.
    pub unraised: bool,
    /// What can change a verdict, a weight or an outcome.
    pub meaning: Vec<Change>,
    /// Laws that came or went.
    pub basis: Vec<Change>,
    /// Tests that came, went or are not the same.
    pub tests: Vec<Change>,
    /// Keys of which only the wording is different.
    pub wording: Vec<String>,
}

/// What is different in a list.
#[derive(Debug, PartialEq, Serialize)]
pub struct ListChange {
    /// The name of the list.
    pub list: String,
    /// Rules that read it.
    pub read_by: Vec<String>,
    /// Entries that only the second has.
    pub added: Vec<String>,
    /// Entries that only the first has.
    pub removed: Vec<String>,
    /// Whether notes or sources of entries are different.
    pub notes: bool,
}

/// One thing that is different.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What it is, in words.
    pub what: String,
    /// What was, and is no more.
    pub removed: Vec<String>,
    /// What is, and was not.
    pub added: Vec<String>,
    /// What follows, where that can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<&'static str>,
}

impl Change {
    fn new(what: impl Into<String>, was: Option<String>, is: Option<String>) -> Self {
        let list = |text: Option<String>| text.into_iter().collect();
        Self { what: what.into(), removed: list(was), added: list(is), effect: None }
    }
}

impl Diff {
    /// What differs between the first set and the second.
    #[must_use]
    pub fn between(a: (&RuleFiles, &RuleSet), b: (&RuleFiles, &RuleSet)) -> Self {
        let mut removed: Vec<&Rule> = only_in(a.1, b.1);
        let mut added: Vec<&Rule> = only_in(b.1, a.1);
        let mut renamed = vec![];
        removed.retain(|was| {
            let same = |is: &&Rule| is.written.meaning == was.written.meaning && is.millibits == was.millibits;
            let Some(at) = added.iter().position(same) else { return true };
            let is = added.remove(at);
            renamed.push(Renamed { from: was.id.to_string(), to: is.id.to_string(), title: is.title.clone() });
            false
        });
        let pairs = a.1.rules.iter().filter_map(|was| Some((was, &b.1.rules[b.1.position(&was.id)?])));
        Self {
            added: added.into_iter().map(named).collect(),
            removed: removed.into_iter().map(named).collect(),
            renamed,
            changed: pairs.filter_map(|(was, is)| rule(was, is)).collect(),
            lists: lists(a, b),
            ruleset: ruleset(a.0, b.0),
        }
    }

    /// Whether nothing differs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

fn only_in<'a>(rules: &'a RuleSet, other: &RuleSet) -> Vec<&'a Rule> {
    rules.rules.iter().filter(|rule| other.position(&rule.id).is_none()).collect()
}

fn named(rule: &Rule) -> Named {
    let mut effect = vec![rule.kind.word().to_owned()];
    effect.extend(rule.factor.map(|factor| format!("factor {}", factor.word())));
    effect.extend(rule.ground.map(|ground| format!("ground: {}", ground.meaning())));
    effect.extend(weight(rule));
    effect.push(counts(rule));
    Named { id: rule.id.to_string(), title: rule.title.clone(), effect: effect.join(", ") }
}

fn weight(rule: &Rule) -> Option<String> {
    let sign = if rule.kind == Kind::Mitigator { -1 } else { 1 };
    rule.kind.has_bits().then(|| format!("{:?} bits", (sign * rule.millibits) as f64 / 1000.0))
}

fn counts(rule: &Rule) -> String {
    format!("{} ({})", rule.status.word(), if rule.active { "counts" } else { "does not count" })
}

/// What is different in a rule of both sets, if anything is.
fn rule(was: &Rule, is: &Rule) -> Option<RuleChange> {
    let mut meaning = vec![];
    let states = [("weight", weight(was), weight(is)), ("status", Some(counts(was)), Some(counts(is)))];
    meaning
        .extend(states.into_iter().filter(|(_, was, is)| was != is).map(|(what, was, is)| Change::new(what, was, is)));
    compare(&mut vec![], Some(&was.written.meaning), Some(&is.written.meaning), &mut meaning);
    // Said already, and in bits.
    meaning.retain(|change| !matches!(change.what.as_str(), "`strength`" | "`bits`" | "`status`"));
    let (old, new) = (&was.written.wording, &is.written.wording);
    let mut basis = vec![];
    compare(&mut vec!["basis"], old.get("basis"), new.get("basis"), &mut basis);
    let wording = wording(old, new);
    let tests = tests(&was.written.tests, &is.written.tests);
    let nothing = meaning.is_empty() && basis.is_empty() && tests.is_empty() && wording.is_empty();
    (!nothing || was.revision != is.revision).then(|| RuleChange {
        id: is.id.to_string(),
        title: is.title.clone(),
        revision: [was.revision, is.revision],
        unraised: is.revision <= was.revision && is.written.meaning != was.written.meaning,
        meaning,
        basis,
        tests,
        wording,
    })
}

/// The keys of which only the wording is different.
fn wording(was: &Json, is: &Json) -> Vec<String> {
    let parts = |tree: &Json| -> BTreeMap<String, String> {
        let keys = tree.as_object().into_iter().flatten().filter(|(key, _)| *key != "basis");
        let inner = |key: &str, value: &Json| match value.as_object() {
            Some(table) => table.iter().map(|(key, value)| (key.clone(), value.to_string())).collect(),
            None => vec![(key.to_owned(), value.to_string())],
        };
        keys.flat_map(|(key, value)| inner(key, value)).collect()
    };
    let (was, is) = (parts(was), parts(is));
    let keys: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    keys.into_iter().filter(|key| was.get(*key) != is.get(*key)).cloned().collect()
}

fn tests(was: &Json, is: &Json) -> Vec<Change> {
    let by_name = |tree: &Json| -> BTreeMap<String, Json> {
        let tests = tree.as_array().into_iter().flatten();
        let name = |test: &Json| test.get("name").and_then(Json::as_str).unwrap_or_default().to_owned();
        tests.map(|test| (name(test), test.clone())).collect()
    };
    let (was, is) = (by_name(was), by_name(is));
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let expects = |test: Option<&Json>| {
        test.map(|test| {
            format!("expects {}", test.get("expect").and_then(Json::as_str).unwrap_or("a verdict").replace('_', " "))
        })
    };
    let change = |name: &String| {
        let (was, is) = (was.get(name), is.get(name));
        let change = Change::new(format!("test “{name}”"), expects(was), expects(is));
        match (was == is, was.is_some() && is.is_some() && change.removed == change.added) {
            (true, _) => None,
            (false, true) => Some(Change { removed: vec![], added: vec!["gives another record".to_owned()], ..change }),
            (false, false) => Some(change),
        }
    };
    names.into_iter().filter_map(change).collect()
}

/// What is different between two trees, place by place.
fn compare<'a>(path: &mut Vec<&'a str>, was: Option<&'a Json>, is: Option<&'a Json>, into: &mut Vec<Change>) {
    match (was, is) {
        (was, is) if was == is => {}
        (Some(Json::Object(old)), Some(Json::Object(new))) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                path.push(key);
                compare(path, old.get(key), new.get(key), into);
                path.pop();
            }
        }
        (Some(Json::Array(old)), Some(Json::Array(new))) => {
            let not_in = |all: &[Json], other: &[Json]| {
                all.iter().filter(|one| !other.contains(one)).map(words).collect::<Vec<_>>()
            };
            let (removed, added) = (not_in(old, new), not_in(new, old));
            let effect = effect(path, !removed.is_empty(), !added.is_empty());
            into.push(Change { what: place(path), removed, added, effect });
        }
        (was, is) => {
            // What is asked for besides narrows a scope; an alternative does not.
            let narrows = path.first() == Some(&"scope");
            let effect = match (was.is_some(), is.is_some()) {
                (false, true) if narrows => Some("fewer records"),
                (true, false) if narrows => Some("more records"),
                _ => None,
            };
            let change = Change::new(place(path), was.map(words), is.map(words));
            into.push(Change { effect, ..change });
        }
    }
}

/// What follows for a scope from values that came or went.
fn effect(path: &[&str], removed: bool, added: bool) -> Option<&'static str> {
    match (path, removed, added) {
        (["scope", _, "is"], false, true) => Some("more records"),
        (["scope", _, "is"], true, false) => Some("fewer records"),
        _ => None,
    }
}

/// A place in a rule, in words.
fn place(path: &[&str]) -> String {
    match path {
        ["detection" | "composite", "condition"] => "condition".to_owned(),
        ["requires"] => "counts only if".to_owned(),
        ["basis"] => "law".to_owned(),
        ["detection", selection] => format!("selection `{selection}`"),
        ["detection", selection, rest @ ..] => format!("selection `{selection}`: {}", asked(rest)),
        ["scope"] => "scope".to_owned(),
        ["scope", rest @ ..] => format!("scope: {}", asked(rest)),
        _ => format!("`{}`", path.join(".")),
    }
}

fn asked(path: &[&str]) -> String {
    match path {
        ["assume"] => "unknown counts as".to_owned(),
        [field, rest @ ..] => {
            [&[format!("`{field}`")][..], &rest.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>()]
                .concat()
                .join(" ")
        }
        [] => String::new(),
    }
}

/// A value in words.
fn words(tree: &Json) -> String {
    match tree {
        Json::String(text) => format!("“{text}”"),
        Json::Array(parts) => parts.iter().map(words).collect::<Vec<_>>().join(" or "),
        Json::Object(table) => {
            let entry = |(key, value): (&String, &Json)| match (key.as_str(), value) {
                ("list", Json::String(list)) => format!("the list `{list}`"),
                ("field", Json::String(field)) => format!("the field `{field}`"),
                ("cite" | "url", Json::String(text)) => text.clone(),
                ("verified", Json::Bool(verified)) => if *verified { "read there" } else { "not verified" }.to_owned(),
                _ => format!("{key} {}", words(value)),
            };
            table.iter().map(entry).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    }
}

fn ruleset(a: &RuleFiles, b: &RuleFiles) -> Vec<Change> {
    let tree = |files: &RuleFiles| effective(files, first_set(files));
    let mut changes = vec![];
    // Rules without a rule set of their own say nothing of it.
    if let (Some(was), Some(is)) = (tree(a), tree(b)) {
        compare(&mut vec![], Some(&was), Some(&is), &mut changes);
    }
    changes
}

/// The file of the rule set of a folder that is compared: the first one, as in a check.
fn first_set(files: &RuleFiles) -> Option<&str> {
    files.set_file(files.sets().first().copied())
}

/// The entries of a list, each with what is said about it only.
fn entries(text: &str) -> BTreeMap<String, String> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heading = reader.headers().cloned().unwrap_or_default();
    let mut entries = BTreeMap::new();
    for row in reader.records().flatten() {
        let (mut entry, mut about) = (vec![], vec![]);
        for (column, cell) in heading.iter().zip(row.iter().map(str::trim)).filter(|(_, cell)| !cell.is_empty()) {
            match column.trim() {
                "note" | "source" => about.push(cell),
                _ => entry.push(cell),
            }
        }
        entries.insert(entry.join(" · "), about.join(" · "));
    }
    entries
}

fn lists(a: (&RuleFiles, &RuleSet), b: (&RuleFiles, &RuleSet)) -> Vec<ListChange> {
    let names: BTreeSet<&String> = a.1.list_hashes.keys().chain(b.1.list_hashes.keys()).collect();
    let changed = names.into_iter().filter(|list| a.1.list_hashes.get(*list) != b.1.list_hashes.get(*list));
    let change = |list: &String| {
        let of = |(files, rules): (&RuleFiles, &RuleSet)| rules.list_text(list, files).map(entries).unwrap_or_default();
        let (was, is) = (of(a), of(b));
        let not_in = |all: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<String> {
            all.keys().filter(|entry| !other.contains_key(*entry)).cloned().collect()
        };
        let notes = was.iter().any(|(entry, about)| is.get(entry).is_some_and(|other| other != about));
        let read_by =
            a.1.rules.iter().chain(&b.1.rules).filter(|rule| rule.written.names(list)).map(|rule| rule.id.to_string());
        let read_by: BTreeSet<String> = read_by.collect();
        let change = ListChange {
            list: list.clone(),
            read_by: read_by.into_iter().collect(),
            added: not_in(&is, &was),
            removed: not_in(&was, &is),
            notes,
        };
        (notes || !change.added.is_empty() || !change.removed.is_empty()).then_some(change)
    };
    changed.filter_map(change).collect()
}
