//! `lt`, `lte`, `gt`, `gte`: order of numbers and dates, against a literal or another field. Dates are intervals: an order
//! holds where it holds for every day each side may mean.

use super::{Here, Mask, Operator, Truth};
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

    fn words(self, of_dates: bool) -> &'static str {
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
