//! Keys and values, with the comments inside of them. What is broken over lines stays so.

use toml_edit::{Array, InlineTable, Key, RawString, Value};

use crate::rule::keys::{KeySpec, Shape};

/// The keys of the table that a key holds.
pub(super) fn below(keys: &'static [KeySpec], key: &str) -> &'static [KeySpec] {
    match keys.iter().find(|spec| spec.key == key).map(|spec| spec.shape) {
        Some(Shape::Table(keys) | Shape::Tables(keys) | Shape::Named(keys)) => keys,
        _ => &[],
    }
}

/// A key as it is written: without quotes where it can be.
pub(super) fn written(key: &str) -> String {
    Key::new(key).display_repr().into_owned()
}

pub(super) fn path_of(path: &[&Key]) -> String {
    path.iter().map(|key| written(key.get())).collect::<Vec<_>>().join(".")
}

/// What stands before the elements of an array that is broken over lines.
const INDENT: &str = "    ";

/// A value. What is broken over lines stays so, with one element a line.
pub(super) fn shown(path: &[&Key], value: &Value, keys: &'static [KeySpec], indent: &str) -> String {
    match value {
        Value::Array(array) => elements(path, array, keys, indent).shown(["[", "]"], "", indent),
        Value::InlineTable(table) => entries(table, keys, indent).shown(["{", "}"], " ", indent),
        Value::String(text) => {
            let raw = text.as_repr().and_then(|repr| repr.as_raw().as_str()).map(str::to_owned);
            let raw = raw.unwrap_or_else(|| text.display_repr().into_owned());
            // A regular expression is easiest to read in single quotes, where a backslash is a backslash.
            let regex = path.last().is_some_and(|key| key.get() == "re");
            let plain = !text.value().contains(['"', '\\']) && !text.value().contains(char::is_control);
            if raw.starts_with('\'') && !raw.starts_with("'''") && plain && !regex {
                format!("\"{}\"", text.value())
            } else {
                raw
            }
        }
        Value::Integer(number) => number.display_repr().into_owned(),
        Value::Float(number) => number.display_repr().into_owned(),
        Value::Boolean(flag) => flag.display_repr().into_owned(),
        Value::Datetime(date) => date.display_repr().into_owned(),
    }
}

/// What stands between two brackets.
#[derive(Default)]
struct Elements {
    each: Vec<Element>,
    /// Comments that stand on lines of their own below the last element so far.
    below: Vec<String>,
    broken: bool,
}

/// An element, the comments above it and the one behind it.
struct Element {
    above: Vec<String>,
    text: String,
    behind: Option<String>,
}

impl Elements {
    /// Takes what stands around elements: a comment on the line of the last one, and those on lines of their own.
    fn between(&mut self, raw: Option<&RawString>) {
        let raw = raw.and_then(RawString::as_str).unwrap_or_default();
        self.broken |= raw.contains('\n');
        for (at, comment) in raw.split('\n').map(str::trim).enumerate().filter(|(_, comment)| !comment.is_empty()) {
            match self.each.last_mut() {
                Some(last) if at == 0 && last.behind.is_none() => last.behind = Some(comment.to_owned()),
                _ => self.below.push(comment.to_owned()),
            }
        }
    }

    fn push(&mut self, text: String) {
        self.broken |= text.contains('\n');
        self.each.push(Element { above: std::mem::take(&mut self.below), text, behind: None });
    }

    fn shown(self, [open, close]: [&str; 2], gap: &str, indent: &str) -> String {
        if self.each.is_empty() && self.below.is_empty() {
            return format!("{open}{close}");
        }
        if !self.broken {
            let each: Vec<String> = self.each.into_iter().map(|element| element.text).collect();
            return format!("{open}{gap}{}{gap}{close}", each.join(", "));
        }
        let inner = format!("{indent}{INDENT}");
        let mut out = format!("{open}\n");
        for Element { above, text, behind } in self.each {
            above.iter().for_each(|comment| out += &format!("{inner}{comment}\n"));
            let behind = behind.map_or_else(String::new, |comment| format!(" {comment}"));
            out += &format!("{inner}{text},{behind}\n");
        }
        self.below.iter().for_each(|comment| out += &format!("{inner}{comment}\n"));
        format!("{out}{indent}{close}")
    }
}

/// How far in an element stands matters only to what is broken over lines, and then so is what is around it.
fn elements(path: &[&Key], array: &Array, keys: &'static [KeySpec], indent: &str) -> Elements {
    let mut all = Elements::default();
    let inner = format!("{indent}{INDENT}");
    for value in array {
        all.between(value.decor().prefix());
        all.push(shown(path, value, keys, &inner));
        all.between(value.decor().suffix());
    }
    all.between(Some(array.trailing()));
    all
}

fn entries(table: &InlineTable, keys: &'static [KeySpec], indent: &str) -> Elements {
    let mut all = Elements::default();
    let inner = format!("{indent}{INDENT}");
    for (path, value) in table.get_values() {
        all.between(path.last().and_then(|key| key.leaf_decor().prefix()));
        let below = path.first().map_or(&[][..], |key| below(keys, key.get()));
        all.push(format!("{} = {}", path_of(&path), shown(&path, value, below, &inner)));
        all.between(value.decor().suffix());
    }
    all.between(Some(table.trailing()));
    all
}
