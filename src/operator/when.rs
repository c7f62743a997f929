//! `before` and `after`, with `within` so many days: one date against another, both intervals of days.

use std::sync::Arc;

use super::compare::range;
use super::draft::{Built, Draft};
use super::{Here, Operator, Truth};
use crate::diag::{Code, Diagnostic};
use crate::record::{Field, PartialDate, Value};

/// What a date is compared with.
#[derive(Debug, Clone, Copy)]
pub(super) enum Moment {
    Date(PartialDate),
    Field(Field),
}

/// A date before or after another, at most so many days apart.
#[derive(Debug)]
pub(super) struct When {
    pub(super) before: bool,
    pub(super) moment: Moment,
    pub(super) within_days: Option<i64>,
}

impl When {
    /// Days from the earlier to the later date must be at least 1 and at most `within_days`.
    fn between(&self, own: (i64, i64), other: (i64, i64)) -> Truth {
        let (earlier, later) = if self.before { (own, other) } else { (other, own) };
        let (least, most) = (later.0 - earlier.1, later.1 - earlier.0);
        let longest = self.within_days.unwrap_or(i64::MAX);
        Truth::between(least >= 1 && most <= longest, most < 1 || least > longest)
    }
}

impl Operator for When {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Some(own) = range(value) else { return Truth::No };
        match self.moment {
            // A written year is all of its days: before it is before its first, after it is after its last.
            Moment::Date(date) => {
                let edge = i64::from(if self.before { date.first } else { date.last });
                self.between(own, (edge, edge))
            }
            Moment::Field(field) => {
                here.any_other(field, |other| range(other).map_or(Truth::No, |other| self.between(own, other)))
            }
        }
    }

    fn reads(&self) -> Vec<Field> {
        match self.moment {
            Moment::Field(field) => vec![field],
            Moment::Date(_) => vec![],
        }
    }

    fn turns(&self) -> Option<Vec<Value>> {
        let Moment::Date(date) = self.moment else { return None };
        let days = i32::try_from(self.within_days.unwrap_or(0)).ok()?;
        let days = if self.before { days.checked_neg()? } else { days };
        Some(vec![Value::Date(date), Value::Date(date.plus_days(days))])
    }

    fn describe(&self) -> String {
        let side = if self.before { "before" } else { "after" };
        let moment = match self.moment {
            Moment::Date(date) => date.to_string(),
            Moment::Field(field) => format!("`{}`", field.path()),
        };
        match self.within_days {
            Some(days) => format!("is at most {days} days {side} {moment}"),
            None => format!("is {side} {moment}"),
        }
    }
}

impl Draft<'_> {
    pub(super) fn when(&mut self, before: bool) -> Built {
        let moment = match self.reference(self.value) {
            Some(field) => Moment::Field(field?),
            None => match self.value(self.value)? {
                Value::Date(date) => Moment::Date(date),
                _ => return None,
            },
        };
        let within_days = match self.option("within").cloned() {
            None => None,
            Some(node) => {
                let days =
                    node.text().and_then(|text| text.strip_suffix('d')).and_then(|days| days.parse::<i64>().ok());
                match days {
                    Some(days) if days > 0 => Some(days),
                    _ => {
                        let problem =
                            Diagnostic::new(Code::BadDuration, "`within` is not a number of days").at(node.span);
                        self.report(problem.help("write for example `within = \"180d\"`"));
                        return None;
                    }
                }
            }
        };
        Some(Arc::new(When { before, moment, within_days }))
    }
}
