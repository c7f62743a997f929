//! Dates as intervals of days. A date that names only a year, or a year and a month, stands for every day it may mean,
//! and a comparison holds, fails or stays open accordingly. Nothing is guessed: two-digit years and dates whose day and
//! month could be swapped are refused. What written dates are read is told in `date_reading`.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::date_reading::{DateReading, DayOrder};

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

    pub(super) fn month(year: i32, month: u32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, month, 1)?;
        let (next_year, next_month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        let next = NaiveDate::from_ymd_opt(next_year, next_month, 1)?;
        Some(Self { first: day_number(first)?, last: day_number(next)? - 1 })
    }

    pub(super) fn year(year: i32) -> Option<Self> {
        let first = Self::day(year, 1, 1)?;
        let last = Self::day(year, 12, 31)?;
        Some(Self { first: first.first, last: last.last })
    }

    /// A day by its number in the year, from 1.
    pub(super) fn ordinal(year: i32, day: u32) -> Option<Self> {
        let day = day_number(NaiveDate::from_yo_opt(year, day)?)?;
        Some(Self { first: day, last: day })
    }

    /// A day by its ISO week and its place there, from Monday, which is 1.
    pub(super) fn week_day(year: i32, week: u32, day: u32) -> Option<Self> {
        let weekday = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
        let day = day_number(NaiveDate::from_isoywd_opt(year, week, weekday)?)?;
        Some(Self { first: day, last: day })
    }

    /// Reads a written date that has one meaning. `31/12/1985` is read, `01/02/1985` is not: it has two.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_in(text, None)
    }

    /// As [`PartialDate::parse`], where it may be known whether the day or the month stands first. A date that can be read
    /// in the other order only is read so all the same.
    #[must_use]
    pub fn parse_in(text: &str, order: Option<DayOrder>) -> Option<Self> {
        DateReading::of(text)?.settled(order)
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
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str) -> Option<String> {
        PartialDate::parse(text).map(|date| date.to_string())
    }

    #[test]
    fn a_date_stands_for_the_days_it_may_mean() {
        for (text, want) in [
            ("1980-03-01", "1980-03-01"),
            ("1980", "1980"),
            ("1980-03", "1980-03"),
            ("1980 or 1981", "1980-01-01..1981-12-31"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn parts_of_a_partial_date_are_ranges() {
        let year = PartialDate::parse("1980").unwrap_or(PartialDate { first: 0, last: 0 });
        assert_eq!(year.part(DatePart::Year), (1980, 1980));
        assert_eq!(year.part(DatePart::Month), (1, 12));
        assert_eq!(year.part(DatePart::Day), (1, 31));
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_again(first in -60_000..60_000_i32, length in 0..2000_i32) {
            let date = PartialDate { first, last: first + length };
            prop_assert_eq!(PartialDate::parse(&date.to_string()), Some(date));
        }
    }
}
