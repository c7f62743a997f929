//! Messages with placeholders. A placeholder names a field, checked when the rule is read; what it shows is filled in when
//! a case is explained.

use std::fmt;

use crate::diag::{Code, Diagnostic, Diagnostics, Span};
use crate::operator::unknown_field;
use crate::record::{Field, Type};

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// Fixed text.
    Text(String),
    /// The value of a field.
    Value(Field),
    /// The text that matched in a field.
    Match(Field),
    /// The entry that matched in a field.
    Entry(Field),
    /// The value of a field of the first record that a join found.
    Joined(String, Field),
    /// How many records a join found.
    Count(String),
}

/// A message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template {
    /// Its pieces, in order.
    pub parts: Vec<Part>,
}

impl Template {
    /// Reads a message and checks its placeholders.
    pub(super) fn parse(text: &str, span: Span, (rule, joins): (&str, &[&str]), found: &mut Diagnostics) -> Self {
        let mut parts = vec![];
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            parts.push(Part::Text(before.to_owned()));
            let Some((name, after)) = after.split_once('}') else {
                let problem = Diagnostic::new(Code::BadPlaceholder, "a placeholder is not closed").at(span);
                found.push(problem.help("write `{field}`, or `{field.match}` for the text that matched").rule(rule));
                return Self { parts };
            };
            match joined(name, joins).unwrap_or_else(|| placeholder(name, span)) {
                Ok(part) => parts.push(part),
                Err(problem) => found.push((*problem).at(span).rule(rule)),
            }
            rest = after;
        }
        parts.push(Part::Text(rest.to_owned()));
        parts.retain(|part| *part != Part::Text(String::new()));
        Self { parts }
    }

    /// The message with each placeholder filled in.
    #[must_use]
    pub fn fill(&self, mut show: impl FnMut(&Part) -> String) -> String {
        self.parts
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                part => show(part),
            })
            .collect()
    }
}

/// The message as written.
impl fmt::Display for Template {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| match part {
            Part::Text(text) => f.write_str(text),
            Part::Value(field) => write!(f, "{{{}}}", field.path()),
            Part::Match(field) => write!(f, "{{{}.match}}", field.path()),
            Part::Entry(field) => write!(f, "{{{}.entry}}", field.path()),
            Part::Joined(join, field) => write!(f, "{{{join}.{}}}", field.path()),
            Part::Count(join) => write!(f, "{{{join}.count}}"),
        })
    }
}

/// What a placeholder that begins with the name of a join stands for.
fn joined(name: &str, joins: &[&str]) -> Option<Result<Part, Box<Diagnostic>>> {
    let (join, path) = name.split_once('.')?;
    let join = joins.iter().find(|known| **known == join)?;
    Some(match Field::named(path) {
        None if path == "count" => Ok(Part::Count((*join).to_owned())),
        Some(field) if field.ty() != Type::Object => Ok(Part::Joined((*join).to_owned(), field)),
        Some(_) => Err(Box::new(not_shown(name))),
        None => {
            let problem = Diagnostic::new(Code::BadPlaceholder, format!("`{{{name}}}`: a record has no `{path}`"));
            Err(Box::new(problem.help(format!("name a field, as in `{{{join}.record_id}}`, or `{{{join}.count}}`"))))
        }
    })
}

fn placeholder(name: &str, span: Span) -> Result<Part, Box<Diagnostic>> {
    if let Some(path) = name.strip_suffix(".match") {
        return match Field::named(path) {
            Some(field) if field.ty() == Type::Text => Ok(Part::Match(field)),
            Some(_) => {
                let message = format!("`{{{name}}}`: only text fields have a match");
                let problem = Diagnostic::new(Code::BadPlaceholder, message);
                Err(Box::new(problem.help(format!("write `{{{path}}}` for the value"))))
            }
            None => Err(Box::new(wrong(path, span))),
        };
    }
    // Any field with a value may be looked up in a table, whose row is its entry.
    if let Some(path) = name.strip_suffix(".entry") {
        return match Field::named(path) {
            Some(field) if field.ty() != Type::Object => Ok(Part::Entry(field)),
            Some(_) => Err(Box::new(not_shown(name))),
            None => Err(Box::new(wrong(path, span))),
        };
    }
    match Field::named(name) {
        Some(field) if field.ty() == Type::Object => Err(Box::new(not_shown(name))),
        Some(field) => Ok(Part::Value(field)),
        None => Err(Box::new(wrong(name, span))),
    }
}

fn not_shown(name: &str) -> Diagnostic {
    let message = format!("`{{{name}}}`: a list of objects cannot be shown");
    Diagnostic::new(Code::BadPlaceholder, message).help("name one of its fields")
}

fn wrong(path: &str, span: Span) -> Diagnostic {
    let mut problem = unknown_field(path, span);
    problem.code = Code::BadPlaceholder;
    problem.message = format!("unknown field `{path}` in a placeholder");
    problem
}
