//! `lt`, `lte`, `gt`, `gte`: order of numbers and dates, against a literal or another field. Dates are intervals: an order
//! holds where it holds for every day each side may mean.

use std::sync::Arc;

use super::draft::{Built, Draft};
use super::{Here, Mask, Operator, Truth};
use crate::diag::{Code, Diagnostic, Diagnostics, Node, Span, Table, Tree};
use crate::record::{Field, PartialDate, Value};
use crate::table::{Column, Values};

/// One of the four orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Order {
    Lt,
    Lte,
    Gt,
    Gte,
}

impl Order {
    pub(super) fn parse(key: &str) -> Option<Self> {
        match key {
            "lt" => Some(Self::Lt),
            "lte" => Some(Self::Lte),
            "gt" => Some(Self::Gt),
            "gte" => Some(Self::Gte),
            _ => None,
        }
    }

    /// The order of two ranges of possible numbers.
    pub(super) fn holds(self, (low, high): (i64, i64), (other_low, other_high): (i64, i64)) -> Truth {
        match self {
            Self::Lt => Truth::between(high < other_low, low >= other_high),
            Self::Lte => Truth::between(high <= other_low, low > other_high),
            Self::Gt => Truth::between(low > other_high, high <= other_low),
            Self::Gte => Truth::between(low >= other_high, high < other_low),
        }
    }

    /// The order of two values.
    pub(super) fn between<T: Ord + Copy>(self, a: T, b: T) -> bool {
        match self {
            Self::Lt => a < b,
            Self::Lte => a <= b,
            Self::Gt => a > b,
            Self::Gte => a >= b,
        }
    }

    pub(super) fn words(self, of_dates: bool) -> &'static str {
        match (self, of_dates) {
            (Self::Lt, true) => "is before",
            (Self::Lte, true) => "is not after",
            (Self::Gt, true) => "is after",
            (Self::Gte, true) => "is not before",
            (Self::Lt, false) => "is less than",
            (Self::Lte, false) => "is at most",
            (Self::Gt, false) => "is more than",
            (Self::Gte, false) => "is at least",
        }
    }
}

/// What a value is compared with. A literal date is all of its days: `gte = "2022"` means from its first day,
/// `gt = "2022"` from the day after its last.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    Number(i64),
    Date(PartialDate),
    Field(Field),
}

pub(super) fn range(value: Value<&str>) -> Option<(i64, i64)> {
    match value {
        Value::Number(number) => Some((number, number)),
        Value::Date(date) => Some((i64::from(date.first), i64::from(date.last))),
        _ => None,
    }
}

/// A comparison.
#[derive(Debug)]
pub(super) struct Compare {
    pub(super) order: Order,
    pub(super) side: Side,
}

impl Compare {
    fn literal(&self) -> Option<(i64, i64)> {
        match self.side {
            Side::Number(number) => Some((number, number)),
            Side::Date(date) => {
                let edge = match self.order {
                    Order::Lt | Order::Gte => date.first,
                    Order::Lte | Order::Gt => date.last,
                };
                Some((i64::from(edge), i64::from(edge)))
            }
            Side::Field(_) => None,
        }
    }
}

impl Operator for Compare {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Some(own) = range(value) else { return Truth::No };
        match (self.literal(), self.side) {
            (Some(edge), _) => self.order.holds(own, edge),
            (None, Side::Field(field)) => {
                here.any_other(field, |other| range(other).map_or(Truth::No, |other| self.order.holds(own, other)))
            }
            _ => Truth::No,
        }
    }

    fn mask(&self, column: &Column<'_>, into: &mut Mask) -> bool {
        let Some(edge) = self.literal() else { return false };
        match column.values {
            Values::Number(all) => {
                for (at, number) in all.iter().enumerate() {
                    into.set(at, self.order.holds((*number, *number), edge), false);
                }
            }
            Values::Date(first, last) => {
                for (at, (first, last)) in first.iter().zip(last).enumerate() {
                    into.set(at, self.order.holds((i64::from(*first), i64::from(*last)), edge), false);
                }
            }
            _ => return false,
        }
        true
    }

    fn reads(&self) -> Vec<Field> {
        match self.side {
            Side::Field(field) => vec![field],
            _ => vec![],
        }
    }

    fn turns(&self) -> Option<Vec<Value>> {
        match self.side {
            Side::Number(number) => Some(vec![Value::Number(number)]),
            Side::Date(date) => Some(vec![Value::Date(date)]),
            Side::Field(_) => None,
        }
    }

    fn describe(&self) -> String {
        match self.side {
            Side::Number(number) => format!("{} {number}", self.order.words(false)),
            Side::Date(date) => format!("{} {date}", self.order.words(true)),
            Side::Field(field) => {
                let dates = field.ty() == crate::record::Type::Date;
                format!("{} `{}`", self.order.words(dates), field.path())
            }
        }
    }
}

/// Bounds on a number that is counted, not stored: words, list lengths, parts of a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// Each bound with its edge; all must hold.
    bounds: Vec<(Bound, i64)>,
}

/// One bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Bound {
    Exactly,
    Order(Order),
}

impl Bounds {
    pub(super) fn exactly(number: i64) -> Self {
        Self { bounds: vec![(Bound::Exactly, number)] }
    }

    /// At least so many.
    #[must_use]
    pub fn at_least(number: i64) -> Self {
        Self { bounds: vec![(Bound::Order(Order::Gte), number)] }
    }

    pub(super) fn ordered(orders: Vec<(Order, i64)>) -> Self {
        Self { bounds: orders.into_iter().map(|(order, edge)| (Bound::Order(order), edge)).collect() }
    }

    /// Whether a number known to lie in `low..=high` keeps all bounds.
    #[must_use]
    pub fn hold(&self, low: i64, high: i64) -> Truth {
        let one = |(bound, edge): &(Bound, i64)| match bound {
            Bound::Exactly => Truth::between(low == *edge && high == *edge, *edge < low || *edge > high),
            Bound::Order(order) => order.holds((low, high), (*edge, *edge)),
        };
        self.bounds.iter().map(one).min().unwrap_or(Truth::Yes)
    }

    /// The numbers that it compares with.
    pub(crate) fn edges(&self) -> Vec<i64> {
        self.bounds.iter().map(|(_, edge)| *edge).collect()
    }

    /// The bounds in words.
    #[must_use]
    pub fn describe(&self) -> String {
        let words = |(bound, edge): &(Bound, i64)| match bound {
            Bound::Exactly => format!("of exactly {edge}"),
            Bound::Order(Order::Lt) => format!("below {edge}"),
            Bound::Order(Order::Lte) => format!("of at most {edge}"),
            Bound::Order(Order::Gt) => format!("above {edge}"),
            Bound::Order(Order::Gte) => format!("of at least {edge}"),
        };
        self.bounds.iter().map(words).collect::<Vec<_>>().join(" and ")
    }
}

impl Draft<'_> {
    pub(super) fn compare(&mut self) -> Built {
        let order = Order::parse(&self.key.text)?;
        let side = match self.reference(self.value) {
            Some(field) => Side::Field(field?),
            None => match self.value(self.value)? {
                Value::Number(number) => Side::Number(number),
                Value::Date(date) => Side::Date(date),
                _ => return None,
            },
        };
        Some(Arc::new(Compare { order, side }))
    }
}

/// Bounds on a number: a whole number, or a table of `lt`, `lte`, `gt`, `gte`.
pub(crate) fn bounds(node: &Node, found: &mut Diagnostics, rule: &str) -> Option<Bounds> {
    match &node.tree {
        Tree::Integer(number) => Some(Bounds::exactly(*number)),
        Tree::Table(table) if leaves_nothing(table) => {
            found.push(never_true(node.span).rule(rule));
            None
        }
        Tree::Table(table) if !table.is_empty() => {
            let mut orders = vec![];
            for (key, value) in table.iter() {
                match (Order::parse(&key.text), &value.tree) {
                    (Some(order), Tree::Integer(edge)) => orders.push((order, *edge)),
                    (Some(_), _) => {
                        let problem =
                            Diagnostic::new(Code::WrongType, format!("`{}` takes a whole number here", key.text));
                        found.push(problem.at(value.span).help("write it without quotes").rule(rule));
                        return None;
                    }
                    (None, _) => {
                        let problem =
                            Diagnostic::new(Code::UnknownOperator, format!("`{}` is no bound", key.text)).at(key.span);
                        found.push(problem.help("use lt, lte, gt or gte").rule(rule));
                        return None;
                    }
                }
            }
            Some(Bounds::ordered(orders))
        }
        _ => {
            let message = format!("a number is counted here, but this is {}", node.kind());
            let problem = Diagnostic::new(Code::WrongType, message).at(node.span);
            found.push(problem.help("write a whole number, or bounds such as `{ gte = 3 }`").rule(rule));
            None
        }
    }
}

/// Whether bounds written beside each other leave no value: `gte = 5` with `lt = 3`.
pub(crate) fn leaves_nothing(table: &Table) -> bool {
    let number = |node: &Node, last: bool| match &node.tree {
        Tree::Integer(number) => Some(*number),
        Tree::Text(text) | Tree::Date(text) => {
            PartialDate::parse(text).map(|date| i64::from(if last { date.last } else { date.first }))
        }
        _ => None,
    };
    // The least and the greatest value that each bound leaves.
    let edge = |key: &str| {
        let node = table.get(key)?;
        match key {
            "gt" => number(node, true)?.checked_add(1),
            "gte" => number(node, false),
            "lt" => number(node, false)?.checked_sub(1),
            _ => number(node, true),
        }
    };
    let least = ["gt", "gte"].into_iter().filter_map(edge).max();
    let most = ["lt", "lte"].into_iter().filter_map(edge).min();
    matches!((least, most), (Some(least), Some(most)) if least > most)
}

/// The diagnostic for bounds that leave no value.
pub(crate) fn never_true(span: Span) -> Diagnostic {
    let problem = Diagnostic::new(Code::NeverTrue, "no value keeps all of these bounds").at(span);
    problem.help("correct the bounds, or make two selections and join them with `or`")
}
