//! `field`: equality with another field. Where the other field is a list, equality with any of its cells.

use std::sync::Arc;

use super::draft::{Built, Draft, This, a, unknown_field};
use super::equals::same;
use super::{Here, Operator, Truth};
use crate::diag::{Code, Diagnostic, Node};
use crate::record::{Field, Value};

/// Equality with another field.
#[derive(Debug)]
pub(super) struct Same {
    pub(super) other: Field,
    pub(super) wanted: bool,
}

impl Operator for Same {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let truth = here.any_other(self.other, |other| same(value, other));
        if self.wanted { truth } else { !truth }
    }

    fn reads(&self) -> Vec<Field> {
        vec![self.other]
    }

    fn denies(&self) -> bool {
        !self.wanted
    }

    fn describe(&self) -> String {
        let verb = if self.wanted { "is the same as" } else { "is not the same as" };
        format!("{verb} `{}`", self.other.path())
    }
}

impl Draft<'_> {
    /// A `{ field = "…" }`: `None` where it is none, `Some(None)` where it is a wrong one.
    pub(super) fn reference(&mut self, node: &Node) -> Option<Option<Field>> {
        let written = node.table()?.get("field")?.clone();
        Some(self.other_field(&written))
    }

    fn other_field(&mut self, node: &Node) -> Option<Field> {
        let Some(path) = node.text() else {
            self.wrong_type(node.span, "`field` takes the name of a field", "write it in quotes");
            return None;
        };
        let of_this = path.strip_prefix("this.");
        let Some(other) = Field::named(of_this.unwrap_or(path)) else {
            self.found.push(unknown_field(of_this.unwrap_or(path), node.span).rule(self.rule));
            return None;
        };
        let other = if of_this.is_some() && self.this == This::Judged { other.of_this() } else { other };
        if other.ty() != self.field.ty() {
            let message = format!(
                "`{}` is {} and `{path}` is {}: they cannot be compared",
                self.field.path(),
                a(self.field.ty()),
                a(other.ty())
            );
            self.report(
                Diagnostic::new(Code::FieldTypeMismatch, message).at(node.span).help("name a field of the same type"),
            );
            return None;
        }
        Some(other)
    }

    pub(super) fn same(&mut self, wanted: bool) -> Built {
        let field = self.other_field(self.value)?;
        self.same_as(field, wanted)
    }

    pub(super) fn same_as(&mut self, other: Field, wanted: bool) -> Built {
        Some(Arc::new(Same { other, wanted }))
    }
}
