//! Dates as intervals of days. A date that names only a year, or a year and a month, stands for every day it may mean,
//! and a comparison holds, fails or stays open accordingly. Nothing is guessed: two-digit years and dates whose day and
//! month could be swapped are refused.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

/// The days a written date may mean: `first..=last`, counted from 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PartialDate {
    /// The earliest day.
    pub first: i32,
    /// The latest day.
    pub last: i32,
}

/// Which part of a date a rule asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    /// The year.
    Year,
    /// The month, 1 to 12.
    Month,
    /// The day of the month, 1 to 31.
    Day,
}

const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

fn day_number(date: NaiveDate) -> Option<i32> {
    i32::try_from(date.signed_duration_since(EPOCH).num_days()).ok()
}

fn civil(day: i32) -> NaiveDate {
    let distance = Days::new(u64::from(day.unsigned_abs()));
    let date = if day < 0 { EPOCH.checked_sub_days(distance) } else { EPOCH.checked_add_days(distance) };
    date.unwrap_or(EPOCH)
}

impl PartialDate {
    /// A single day, if the calendar has it.
    #[must_use]
    pub fn day(year: i32, month: u32, day: u32) -> Option<Self> {
        let day = day_number(NaiveDate::from_ymd_opt(year, month, day)?)?;
        Some(Self { first: day, last: day })
    }

    fn month(year: i32, month: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let next = NaiveDate::from_ymd_opt(next_year, next_month, 1)?;
        Some(Self { first: day_number(first)?, last: day_number(next)? - 1 })
    }

    fn year(year: i32) -> Option<Self> {
        let first = Self::day(year, 1, 1)?;
        let last = Self::day(year, 12, 31)?;
        Some(Self { first: first.first, last: last.last })
    }

    /// Reads `YYYY-MM-DD`, `YYYY-MM`, `YYYY`, the same with `/` or `.`, `00` for an unknown month or day, and a
    /// date-time, of which the day is taken as written. `31/12/1985` is read, `01/02/1985` is not: it has two meanings.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let text = match text.split_once(['T', ' ']) {
            Some((day, time)) if time.starts_with(|c: char| c.is_ascii_digit()) => day,
            _ => text,
        };
        let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
        if parts.len() > 3 || parts.iter().any(|part| part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit())) {
            return None;
        }
        let number = |part: &str| -> Option<u32> { if part.len() <= 4 { part.parse().ok() } else { None } };
        let year = |part: &str| -> Option<i32> {
            if part.len() == 4 { part.parse().ok().filter(|year| *year > 0) } else { None }
        };
        match *parts.as_slice() {
            [y] => Self::year(year(y)?),
            [y, m] => Self::year_first(year(y)?, number(m)?, 0),
            [a, b, c] if a.len() == 4 => Self::year_first(year(a)?, number(b)?, number(c)?),
            [a, b, c] => {
                let (a, b, year) = (number(a)?, number(b)?, year(c)?);
                match (a, b) {
                    (0, 0) => Self::year(year),
                    _ if a == b => Self::day(year, a, b),
                    _ if a > 12 => Self::day(year, b, a),
                    _ if b > 12 => Self::day(year, a, b),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn year_first(year: i32, month: u32, day: u32) -> Option<Self> {
        match (month, day) {
            (0, 0) => Self::year(year),
            (month, 0) => Self::month(year, month),
            (month, day) => Self::day(year, month, day),
        }
    }

    /// Whether one single day is meant.
    #[must_use]
    pub fn is_day(self) -> bool {
        self.first == self.last
    }

    /// The same interval, `days` later.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self { first: self.first.saturating_add(days), last: self.last.saturating_add(days) }
    }

    /// The least and the greatest number the part may be.
    #[must_use]
    pub fn part(self, part: DatePart) -> (i64, i64) {
        let (first, last) = (civil(self.first), civil(self.last));
        let same_year = first.year() == last.year();
        let same_month = same_year && first.month() == last.month();
        match part {
            DatePart::Year => (i64::from(first.year()), i64::from(last.year())),
            DatePart::Month if same_year => (i64::from(first.month()), i64::from(last.month())),
            DatePart::Month => (1, 12),
            DatePart::Day if same_month => (i64::from(first.day()), i64::from(last.day())),
            DatePart::Day => (1, 31),
        }
    }
}

impl fmt::Display for PartialDate {
    /// `1980`, `1980-03`, `1980-03-01`; an interval that is no calendar year, month or day as `first..last`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, last) = (civil(self.first), civil(self.last));
        if self.is_day() {
            write!(f, "{}", first.format("%Y-%m-%d"))
        } else if Self::year(first.year()) == Some(*self) {
            write!(f, "{:04}", first.year())
        } else if Self::month(first.year(), first.month()) == Some(*self) {
            write!(f, "{}", first.format("%Y-%m"))
        } else {
            write!(f, "{}..{}", first.format("%Y-%m-%d"), last.format("%Y-%m-%d"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Option<String> {
        PartialDate::parse(text).map(|date| date.to_string())
    }

    #[test]
    fn a_date_stands_for_the_days_it_may_mean() {
        for (text, want) in [
            ("1980-03-01", "1980-03-01"),
            ("1980/03/01", "1980-03-01"),
            ("1980", "1980"),
            ("1980/00/00", "1980"),
            ("1980-03-00", "1980-03"),
            ("1980-03", "1980-03"),
            ("2024-02-29T23:59:59Z", "2024-02-29"),
            ("31/12/1985", "1985-12-31"),
            ("05/05/1985", "1985-05-05"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn what_has_two_meanings_or_none_is_not_a_date() {
        for text in [
            "01/02/1985",
            "01/02/85",
            "85",
            "1985-13",
            "1985-02-30",
            "",
            "-",
            "unknown",
            "19850101",
            "٢٠٢٠",
            "1985--01",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn parts_of_a_partial_date_are_ranges() {
        let year = PartialDate::parse("1980").unwrap_or(PartialDate { first: 0, last: 0 });
        assert_eq!(year.part(DatePart::Year), (1980, 1980));
        assert_eq!(year.part(DatePart::Month), (1, 12));
        assert_eq!(year.part(DatePart::Day), (1, 31));
    }
}
