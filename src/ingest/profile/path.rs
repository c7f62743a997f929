//! Where a value stands in a row: a column, or a path into a JSON object such as `_links.self.href` or
//! `arrest_warrants[].charge`. A list on the way is read item by item, whether or not the path says `[]`.

use serde_json::{Map, Value as Json};

use crate::ingest::cell::missing;

pub(in crate::ingest) type Object = Map<String, Json>;

/// The position of a value in the lists on its path. Values of one item of a list share it.
pub(super) type Position = Vec<usize>;

/// A path of keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ingest) struct Path {
    /// The keys, each with what is left of the path from it on: flattened tables have such names for columns.
    keys: Vec<(String, String)>,
}

/// What is at the end of a path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Seen<'a> {
    /// A value.
    Value(&'a Json),
    /// An item of a list has not the key.
    Absent,
    /// What stands where an object is expected and is none, or has no key at all.
    Whole(&'a Json),
}

/// What a row holds at a path.
#[derive(Debug, Default)]
pub(super) struct Found<'a> {
    /// Whether the row carries it, be it empty.
    pub(super) there: bool,
    pub(super) seen: Vec<(Position, Seen<'a>)>,
}

impl Path {
    /// A path as written.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let keys: Vec<String> =
            text.split('.').map(|key| key.strip_suffix("[]").unwrap_or(key).trim().to_owned()).collect();
        if keys.iter().any(|key| key.is_empty() || key.contains(['[', ']'])) {
            return None;
        }
        let rest = |from: usize| keys[from..].join(".");
        Some(Self { keys: keys.iter().enumerate().map(|(at, key)| (key.clone(), rest(at))).collect() })
    }

    /// A column, whatever its name looks like.
    pub(super) fn column(name: &str) -> Self {
        Self { keys: vec![(name.to_owned(), name.to_owned())] }
    }

    /// The path without marks of lists; the name of a column.
    pub(in crate::ingest) fn name(&self) -> &str {
        self.keys.first().map_or("", |(_, rest)| rest)
    }

    /// The keys from the row on.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().map(|(key, _)| key.as_str())
    }

    /// What a row holds here.
    pub(super) fn find<'a>(&self, row: &'a Object) -> Found<'a> {
        let mut found = Found::default();
        if let Some((value, left)) = step(row, &self.keys) {
            walk(value, left, &mut vec![], &mut found);
        }
        found
    }

    /// The texts here.
    pub(in crate::ingest) fn texts(&self, row: &Object) -> Vec<String> {
        let text = |seen| if let Seen::Value(Json::String(text)) = seen { Some(text.clone()) } else { None };
        self.find(row).seen.into_iter().filter_map(|(_, seen)| text(seen)).collect()
    }

    /// The first value here.
    pub(in crate::ingest) fn value<'a>(&self, row: &'a Object) -> Option<&'a Json> {
        self.find(row)
            .seen
            .into_iter()
            .find_map(|(_, seen)| if let Seen::Value(value) = seen { Some(value) } else { None })
    }
}

type Keys<'k> = &'k [(String, String)];

/// The value of the next key, or of all that is left taken as one key, and the keys that are left after it.
fn step<'a, 'k>(object: &'a Object, keys: Keys<'k>) -> Option<(&'a Json, Keys<'k>)> {
    let ((key, rest), left) = keys.split_first()?;
    match object.get(rest) {
        Some(value) => Some((value, &[])),
        None => object.get(key).map(|value| (value, left)),
    }
}

fn walk<'a>(value: &'a Json, keys: Keys<'_>, at: &mut Position, found: &mut Found<'a>) {
    match value {
        Json::Array(items) => {
            found.there |= items.is_empty();
            for (position, item) in items.iter().enumerate() {
                at.push(position);
                one(item, keys, at, found);
                at.pop();
            }
        }
        _ if !keys.is_empty() && value.is_null() => found.there = true,
        _ => one(value, keys, at, found),
    }
}

/// A value that is no list, or an item of one.
fn one<'a>(value: &'a Json, keys: Keys<'_>, at: &mut Position, found: &mut Found<'a>) {
    if keys.is_empty() {
        found.there = true;
        found.seen.push((at.clone(), Seen::Value(value)));
        return;
    }
    match value {
        Json::Object(object) if !object.is_empty() && missing(value).is_none() => match step(object, keys) {
            Some((value, left)) => walk(value, left, at, found),
            None => found.seen.push((at.clone(), Seen::Absent)),
        },
        _ => found.seen.push((at.clone(), Seen::Whole(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(path: &str, row: &Json) -> (bool, Vec<(Position, String)>) {
        let path = Path::parse(path).expect("a path");
        let found = path.find(row.as_object().expect("an object"));
        let seen = found.seen.into_iter().map(|(at, seen)| {
            let text = match seen {
                Seen::Value(value) => value.to_string(),
                Seen::Absent => "absent".into(),
                Seen::Whole(value) => format!("whole {value}"),
            };
            (at, text)
        });
        (found.there, seen.collect())
    }

    #[test]
    fn values_of_one_item_share_a_position() {
        let row = json!({"w": [{"c": 1}, {"d": 2}, "x"], "s": {"c": 3}});
        let want = [(vec![0], "1".to_owned()), (vec![1], "absent".into()), (vec![2], "whole \"x\"".into())];
        assert_eq!(found("w[].c", &row), (true, want.to_vec()));
        assert_eq!(found("s[].c", &row), (true, vec![(vec![], "3".into())]));
    }

    #[test]
    fn an_empty_list_is_there_and_an_absent_key_is_not() {
        for row in [json!({"w": []}), json!({"w": null})] {
            assert_eq!(found("w[].c", &row), (true, vec![]), "{row}");
        }
        assert_eq!(found("w[].c", &json!({"v": 1})), (false, vec![]));
        assert_eq!(found("w[].c", &json!({"w": [{"d": 1}]})), (false, vec![(vec![0], "absent".into())]));
    }

    #[test]
    fn a_column_may_be_named_like_a_path() {
        assert_eq!(
            found("_links.self.href", &json!({"_links.self.href": "x"})),
            (true, vec![(vec![], "\"x\"".into())])
        );
        assert_eq!(found("a.b.c", &json!({"a": {"b.c": 1}})), (true, vec![(vec![], "1".into())]));
    }

    #[test]
    fn what_is_no_path_is_refused() {
        for text in ["", "a..b", "a[0].b", "a.[]", "."] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }
}
