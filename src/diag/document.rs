//! A TOML file as a tree in which every key and value knows its place. Parsing goes on after a mistake, so that all of a
//! file's mistakes are reported together.

use std::fmt;
use std::num::IntErrorKind;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Code, Diagnostic, Diagnostics, SourceId, Span};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub tree: Tree,
}

/// A TOML value.
#[derive(Debug, Clone)]
pub enum Tree {
    /// A string.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// A number with a fraction, as written.
    Decimal(String),
    /// `true` or `false`.
    Flag(bool),
    /// A date or time, as written.
    Date(String),
    /// An array.
    List(Vec<Node>),
    /// A table.
    Table(Table),
}

/// A key and where it stands.
#[derive(Debug, Clone)]
pub struct Key {
    /// The key.
    pub text: String,
    /// Where it stands.
    pub span: Span,
}

/// The entries of a table, in the order of the file.
#[derive(Debug, Clone, Default)]
pub struct Table {
    entries: Vec<(Key, Node)>,
}

impl Table {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries.iter().find(|(known, _)| known.text == key).map(|(_, node)| node)
    }

    /// A key as written.
    #[must_use]
    pub fn key(&self, key: &str) -> Option<&Key> {
        self.entries.iter().find(|(known, _)| known.text == key).map(|(known, _)| known)
    }

    /// This table laid over another: its values stand, and those of the other where it has none. Tables that both have are
    /// laid over each other in turn, as deep as they go.
    #[must_use]
    pub fn over(&self, other: &Self) -> Self {
        let mut entries = self.entries.clone();
        for (key, below) in other.iter() {
            match entries.iter_mut().find(|(known, _)| known.text == key.text) {
                Some((_, node)) => {
                    if let (Tree::Table(own), Tree::Table(below)) = (&node.tree, &below.tree) {
                        node.tree = Tree::Table(own.over(below));
                    }
                }
                None => entries.push((key.clone(), below.clone())),
            }
        }
        Self { entries }
    }

    /// Keys and values in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&Key, &Node)> {
        self.entries.iter().map(|(key, node)| (key, node))
    }

    /// Whether the table has no entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl FromIterator<(Key, Node)> for Table {
    fn from_iter<I: IntoIterator<Item = (Key, Node)>>(entries: I) -> Self {
        Self { entries: entries.into_iter().collect() }
    }
}

/// The value on one line, without its place: equal for two values only if they say the same.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.tree {
            Tree::Text(text) => write!(f, "{text:?}"),
            Tree::Integer(number) => write!(f, "{number}"),
            Tree::Decimal(text) | Tree::Date(text) => f.write_str(text),
            Tree::Flag(flag) => write!(f, "{flag}"),
            Tree::List(nodes) => {
                let parts: Vec<String> = nodes.iter().map(Self::to_string).collect();
                write!(f, "[{}]", parts.join(", "))
            }
            Tree::Table(table) => {
                let parts: Vec<String> = table.iter().map(|(key, node)| format!("{:?} = {node}", key.text)).collect();
                write!(f, "{{ {} }}", parts.join(", "))
            }
        }
    }
}

impl Node {
    /// What kind of value it is, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.tree {
            Tree::Text(_) => "a string",
            Tree::Integer(_) => "a whole number",
            Tree::Decimal(_) => "a number",
            Tree::Flag(_) => "true or false",
            Tree::Date(_) => "a date without quotes",
            Tree::List(_) => "an array",
            Tree::Table(_) => "a table",
        }
    }

    /// The text, if it is a string.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match &self.tree {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The table, if it is one.
    #[must_use]
    pub fn table(&self) -> Option<&Table> {
        match &self.tree {
            Tree::Table(table) => Some(table),
            _ => None,
        }
    }

    /// The elements of an array, or the value itself as the only one.
    #[must_use]
    pub fn each(&self) -> &[Node] {
        match &self.tree {
            Tree::List(nodes) => nodes,
            _ => std::slice::from_ref(self),
        }
    }

    /// The number in thousandths, if it is a number with at most three decimals.
    #[must_use]
    pub fn thousandths(&self) -> Option<i64> {
        match &self.tree {
            Tree::Integer(number) => number.checked_mul(1000),
            Tree::Decimal(text) => {
                let (sign, text) = match text.strip_prefix('-') {
                    Some(rest) => (-1, rest),
                    None => (1, text.strip_prefix('+').unwrap_or(text)),
                };
                let (whole, fraction) = text.split_once('.')?;
                if fraction.len() > 3 {
                    return None;
                }
                let padded = format!("{fraction:0<3}");
                Some(sign * (whole.parse::<i64>().ok()?.checked_mul(1000)? + padded.parse::<i64>().ok()?))
            }
            _ => None,
        }
    }
}

/// Reads a TOML document. What is sound is returned; every syntax error is reported.
pub fn parse_toml(source: SourceId, text: &str, found: &mut Diagnostics) -> Table {
    let (document, errors) = DeTable::parse_recoverable(text);
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let message = error.message().lines().next().unwrap_or("the file is not valid TOML").to_owned();
        let help = if message.contains("duplicate") {
            "a key stands once in a table; for alternatives under one name write `[[rule.detection.name]]` for each"
        } else if message.contains("string") {
            "close the quote"
        } else if message.contains("boolean") || message.contains("value") {
            "write text in quotes"
        } else {
            "correct the marked place; what could be read of the file was checked all the same"
        };
        found.push(Diagnostic::new(Code::TomlSyntax, message).at(Span::new(source, span)).help(help));
    }
    table(source, document.get_ref(), found)
}

fn table(source: SourceId, written: &DeTable<'_>, found: &mut Diagnostics) -> Table {
    let mut entries: Vec<(Key, Node)> = written
        .iter()
        .map(|(key, value)| {
            let key = Key { text: key.get_ref().to_string(), span: Span::new(source, key.span()) };
            (key, node(source, value, found))
        })
        .collect();
    entries.sort_by_key(|(key, _)| (key.span.start, key.text.clone()));
    Table { entries }
}

fn node(source: SourceId, value: &Spanned<DeValue<'_>>, found: &mut Diagnostics) -> Node {
    let span = Span::new(source, value.span());
    let tree = match value.get_ref() {
        DeValue::String(text) => Tree::Text(text.to_string()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Tree::Integer(number),
            // The parser leaves it to its caller to read the digits.
            Err(error) => {
                let too_large = matches!(error.kind(), IntErrorKind::PosOverflow | IntErrorKind::NegOverflow);
                let message = if too_large { "the number is too large" } else { "this is not a number" };
                let help = "write it in digits, from -9223372036854775808 to 9223372036854775807";
                found.push(Diagnostic::new(Code::TomlSyntax, message).at(span).help(help));
                Tree::Decimal(number.as_str().to_owned())
            }
        },
        DeValue::Float(number) => Tree::Decimal(number.as_str().to_owned()),
        DeValue::Boolean(flag) => Tree::Flag(*flag),
        DeValue::Datetime(date) => Tree::Date(date.to_string()),
        DeValue::Array(values) => Tree::List(values.iter().map(|value| node(source, value, found)).collect()),
        DeValue::Table(written) => Tree::Table(table(source, written, found)),
    };
    Node { span, tree }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Sources;

    #[test]
    fn a_table_laid_over_another_keeps_its_own_values_and_takes_the_rest() {
        let table = |text: &str| {
            let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
            parse_toml(sources.add("a", text), text, &mut found)
        };
        let over = table("x = 1\n[t]\na = 1\n[u]\nb = 1").over(&table("x = 2\ny = 3\n[t]\na = 2\nc = 4\n[u]\n[v]"));
        let number = |table: &Table, key: &str| table.get(key).and_then(Node::thousandths);
        assert_eq!((number(&over, "x"), number(&over, "y")), (Some(1000), Some(3000)));
        let inner = over.get("t").and_then(Node::table).expect("a table");
        assert_eq!((number(inner, "a"), number(inner, "c")), (Some(1000), Some(4000)));
        assert_eq!(over.iter().map(|(key, _)| key.text.as_str()).collect::<Vec<_>>(), ["x", "t", "u", "y", "v"]);
    }
}
