//! Equality with any of some values, and `neq`, known and different from all of them. Texts are equal where they are equal
//! after folding; a date is equal to a written date where it lies within it.

use std::sync::Arc;

use super::draft::{Built, Draft};
use super::{Here, Mask, Operator, Truth};
use crate::diag::{Code, Diagnostic, Node};
use crate::record::{Field, Value};
use crate::table::{Column, Values};
use crate::text::fold;

/// Equality with any of some values.
#[derive(Debug)]
pub(super) struct Equals {
    pub(super) values: Vec<Value>,
    pub(super) wanted: bool,
    pub(super) field: Field,
    pub(super) cased: bool,
}

/// Whether two values of one type are the same. Two dates that each may mean several days can be the same or not.
pub(super) fn same(a: Value<&str>, b: Value<&str>) -> Truth {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Truth::of(fold(a.trim()) == fold(b.trim())),
        (Value::Date(a), Value::Date(b)) => Truth::between(a.is_day() && a == b, a.last < b.first || b.last < a.first),
        _ => Truth::of(a == b),
    }
}

impl Equals {
    fn one(&self, value: Value<&str>, wanted: &Value) -> Truth {
        match (value, wanted) {
            (Value::Text(text), Value::Text(wanted)) if self.cased => Truth::of(text == wanted),
            (Value::Text(text), Value::Text(wanted)) => Truth::of(fold(text.trim()) == fold(wanted.trim())),
            (Value::Date(date), Value::Date(wanted)) => Truth::between(
                date.first >= wanted.first && date.last <= wanted.last,
                date.last < wanted.first || date.first > wanted.last,
            ),
            (value, wanted) => Truth::of(value == wanted.borrowed()),
        }
    }

    fn turned(&self, truth: Truth) -> Truth {
        if self.wanted { truth } else { !truth }
    }
}

impl Operator for Equals {
    fn holds(&self, value: Value<&str>, _here: &Here<'_>) -> Truth {
        let any = self.values.iter().map(|wanted| self.one(value, wanted)).max();
        self.turned(any.unwrap_or(Truth::No))
    }

    fn mask(&self, column: &Column<'_>, into: &mut Mask) -> bool {
        let mut set = |at: usize, equal: bool| into.set(at, self.turned(Truth::of(equal)), false);
        match column.values {
            Values::Term(all) => {
                let mut wanted = [false; 256];
                for value in &self.values {
                    if let Value::Term(term) = value {
                        wanted[usize::from(*term)] = true;
                    }
                }
                all.iter().enumerate().for_each(|(at, term)| set(at, wanted[usize::from(*term)]));
            }
            Values::Country(all) => {
                let wanted: Vec<u32> = self
                    .values
                    .iter()
                    .filter_map(|value| match value {
                        Value::Country(country) => Some(country.packed()),
                        _ => None,
                    })
                    .collect();
                all.iter().enumerate().for_each(|(at, country)| set(at, wanted.contains(country)));
            }
            Values::Number(all) => {
                all.iter().enumerate().for_each(|(at, number)| set(at, self.values.contains(&Value::Number(*number))));
            }
            Values::Flag(all) => {
                all.values()
                    .iter()
                    .enumerate()
                    .for_each(|(at, flag)| set(at, self.values.contains(&Value::Flag(flag))));
            }
            Values::Text(_) | Values::Date(..) | Values::Object => return false,
        }
        true
    }

    fn denies(&self) -> bool {
        !self.wanted
    }

    fn turns(&self) -> Option<Vec<Value>> {
        (!self.cased).then(|| self.values.clone())
    }

    fn describe(&self) -> String {
        let words: Vec<String> = self.values.iter().map(|value| super::show(self.field, &value.borrowed())).collect();
        let verb = if self.wanted { "is" } else { "is known and is not" };
        format!("{verb} {}", words.join(" or "))
    }
}

impl Draft<'_> {
    pub(super) fn equals(&mut self, wanted: bool) -> Built {
        if let Some(field) = self.reference(self.value) {
            return self.same_as(field?, wanted);
        }
        let cased = self.flag("cased");
        let values = self.values();
        if values.is_empty() { None } else { Some(Arc::new(Equals { values, wanted, field: self.field, cased })) }
    }

    fn values(&mut self) -> Vec<Value> {
        let nodes: Vec<Node> = self.value.each().to_vec();
        if nodes.is_empty() {
            self.empty_array(self.value.span);
        }
        for node in nodes.iter().filter(|node| node.text().is_some_and(|text| fold(text).trim().is_empty())) {
            let problem = Diagnostic::new(Code::EmptyValue, "no value is equal to an empty text").at(node.span);
            self.report(problem.help("to ask for an empty field write `blank = true`"));
        }
        let written = |node: &&Node| node.text().is_none_or(|text| !fold(text).trim().is_empty());
        nodes.iter().filter(written).filter_map(|node| self.value(node)).collect()
    }
}
