//! `year`, `month`, `day`: a part of a date within bounds.

use std::sync::Arc;

use super::compare::{Bounds, bounds};
use super::draft::{Built, Draft};
use super::{Here, Operator, Truth};
use crate::record::{DatePart, Value};

/// Bounds on a part of a date.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) part: DatePart,
    pub(super) bounds: Bounds,
}

impl Operator for Part {
    fn holds(&self, value: Value<&str>, _here: &Here<'_>) -> Truth {
        let Value::Date(date) = value else { return Truth::No };
        let (low, high) = date.part(self.part);
        self.bounds.hold(low, high)
    }

    fn describe(&self) -> String {
        let part = match self.part {
            DatePart::Year => "year",
            DatePart::Month => "month",
            DatePart::Day => "day",
        };
        format!("has a {part} {}", self.bounds.describe())
    }
}

impl Draft<'_> {
    pub(super) fn part(&mut self, part: DatePart) -> Built {
        let bounds = bounds(self.value, self.found, self.rule)?;
        Some(Arc::new(Part { part, bounds }))
    }
}
