//! `similar`: a text that is at least so many percent like another field's text, by the shingles they have in common. A
//! text without words says nothing to compare and is unknown.

use std::sync::Arc;

use super::draft::{Built, Draft};
use super::{Here, Operator, Truth};
use crate::diag::{Code, Diagnostic, Node, Span, Tree};
use crate::record::{Field, Value};
use crate::text::Shingles;

/// Likeness to the text of another field; where that is a list, to any of its texts.
#[derive(Debug)]
struct Similar {
    to: Field,
    gte: u32,
}

/// What a text has to compare; none where it has no words.
fn shingles(value: Value<&str>) -> Option<Shingles> {
    let Value::Text(text) = value else { return None };
    Some(Shingles::of(text)).filter(|shingles| !shingles.is_empty())
}

impl Operator for Similar {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Some(own) = shingles(value) else { return Truth::Unknown };
        here.any_other(self.to, |other| {
            shingles(other).map_or(Truth::Unknown, |other| Truth::of(own.percent(&other) >= self.gte))
        })
    }

    fn reads(&self) -> Vec<Field> {
        vec![self.to]
    }

    fn describe(&self) -> String {
        format!("is a text at least {} % like `{}`", self.gte, self.to.path())
    }
}

impl Draft<'_> {
    fn bad_similar(&mut self, span: Span, message: &str) {
        let problem = Diagnostic::new(Code::BadSimilar, message).at(span);
        self.report(problem.help("write for example `similar = { to = { field = \"charges.wording\" }, gte = 80 }`"));
    }

    pub(super) fn similar(&mut self) -> Built {
        let Some(table) = self.value.table() else {
            self.bad_similar(self.value.span, "`similar` takes a table");
            return None;
        };
        for (key, _) in table.iter().filter(|(key, _)| !["to", "gte"].contains(&key.text.as_str())) {
            let problem = Diagnostic::new(Code::UnknownKey, format!("unknown key `{}` in `similar`", key.text));
            self.report(problem.at(key.span).help("`similar` has `to` and `gte`"));
        }
        let gte = match table.get("gte") {
            Some(Node { tree: Tree::Integer(percent), .. }) if (1..=100).contains(percent) => {
                u32::try_from(*percent).ok()
            }
            wrong => {
                let span = wrong.map_or(self.value.span, |node| node.span);
                self.bad_similar(span, "`similar` needs `gte`, a whole number from 1 to 100");
                None
            }
        };
        let to = match table.get("to").map(|node| (node.span, self.reference(node))) {
            Some((_, Some(field))) => field,
            wrong => {
                let span = wrong.map_or(self.value.span, |(span, _)| span);
                self.bad_similar(span, "`similar` needs `to`, another field: `{ field = \"…\" }`");
                None
            }
        };
        Some(Arc::new(Similar { to: to?, gte: gte? }))
    }
}
