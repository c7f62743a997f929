//! Dates as people and programs write them, read into [`PartialDate`]s.
//!
//! In goes the text of one cell, out comes how it can be read: one way, or two where day and month may change places
//! (`01/02/1985`), or none. Read are digits in the order year, month, day or with the year last, `00` for an unknown month
//! or day; ISO's compact, week and ordinal dates; a month by its name; two years that bound a time (`1980 or 1981`,
//! `1980-1985`); `c. 1980`, which is the year before to the year after; and the interval that [`PartialDate`] shows. A time
//! of day is dropped and moves no day, whatever its zone.
//!
//! Nothing is guessed. Not read are two-digit years, bare numbers that a spreadsheet or a computer clock may mean, several
//! dates in one text, and years out of [`YEARS`]: they are slips or belong to another calendar.

use std::ops::RangeInclusive;

use super::date::PartialDate;
use super::date_parts::{Part, parts, without_time};
use super::spelling::{digit, plain};

/// The years that a record about a living or lately deceased person may name. Years of the Persian and Islamic calendars
/// lie below, of the Buddhist and Jewish ones above.
const YEARS: RangeInclusive<i32> = 1800..=2150;
/// How many years `about` reaches to either side.
const ABOUT_YEARS: i32 = 1;
/// No written date is longer, in bytes.
const LONGEST: usize = 100;

/// Which of day and month stands first where the year stands last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DayOrder {
    /// `31/12/1985`.
    DayFirst,
    /// `12/31/1985`.
    MonthFirst,
}

impl DayOrder {
    /// Both orders.
    pub const ALL: [Self; 2] = [Self::DayFirst, Self::MonthFirst];

    /// The name used in profiles and in the account of an input.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::DayFirst => "day-first",
            Self::MonthFirst => "month-first",
        }
    }
}

/// How a written date can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateReading {
    /// In one way.
    One {
        /// What it means.
        date: PartialDate,
        /// The order of day and month, where the date has a reading in this one only.
        shows: Option<DayOrder>,
    },
    /// In two ways, of which another must tell the right one.
    Two {
        /// What it means if the day stands first.
        day_first: PartialDate,
        /// What it means if the month stands first.
        month_first: PartialDate,
    },
}

impl DateReading {
    /// How the text can be read; none if it is no date.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        // A superscript is a note, which would become a digit of the year.
        let is_note = |c: char| c.is_numeric() && digit(c).is_none();
        if text.len() > LONGEST || !text.is_ascii() && text.contains(is_note) {
            return None;
        }
        let plain = plain(text);
        let text = plain.trim();
        let (text, about) = match text.strip_prefix('~') {
            Some(year) => (year, true),
            None => (text, false),
        };
        if let Some((first, last)) = text.split_once("..") {
            return interval(first, last).map(Self::sure);
        }
        let parts = parts(without_time(text).trim_end_matches('.'))?;
        match (parts.as_slice(), about) {
            ([Part::About, year @ ..], false) | (year, true) => about_year(year).map(Self::sure),
            (parts, false) if parts.iter().any(|part| matches!(part, Part::Month(_))) => named(parts).map(Self::sure),
            (parts, false) => numbered(parts),
        }
    }

    /// The date, if the order of day and month is known or does not matter.
    #[must_use]
    pub fn settled(self, order: Option<DayOrder>) -> Option<PartialDate> {
        match (self, order) {
            (Self::One { date, .. }, _)
            | (Self::Two { day_first: date, .. }, Some(DayOrder::DayFirst))
            | (Self::Two { month_first: date, .. }, Some(DayOrder::MonthFirst)) => Some(date),
            (Self::Two { .. }, None) => None,
        }
    }

    fn sure(date: PartialDate) -> Self {
        Self::One { date, shows: None }
    }

    /// Day and month in either order before a year.
    fn year_last(a: u32, b: u32, year: i32) -> Option<Self> {
        match (calendar(year, b, a), calendar(year, a, b)) {
            (Some(one), Some(other)) if one == other => Some(Self::sure(one)),
            (Some(day_first), Some(month_first)) => Some(Self::Two { day_first, month_first }),
            (Some(date), None) => Some(Self::One { date, shows: Some(DayOrder::DayFirst) }),
            (None, Some(date)) => Some(Self::One { date, shows: Some(DayOrder::MonthFirst) }),
            (None, None) => None,
        }
    }
}

/// A date of numbers and marks.
fn numbered(parts: &[Part<'_>]) -> Option<DateReading> {
    use Part::{Mark, Number, Or, Week};
    let sure = |date: Option<PartialDate>| date.map(DateReading::sure);
    match *parts {
        [Number(whole)] if whole.len() == 8 => {
            sure(calendar(year(&whole[..4])?, small(&whole[4..6])?, small(&whole[6..])?))
        }
        [Number(y)] => sure(calendar(year(y)?, 0, 0)),
        [Number(y), Or, Number(z)] => sure(years(year(y)?, year(z)?)),
        [Number(y), Mark('-' | '/'), Number(z)] if (y.len(), z.len()) == (4, 4) => sure(years(year(y)?, year(z)?)),
        [Number(y), Mark('-'), Number(day)] if day.len() == 3 => {
            sure(PartialDate::ordinal(year(y)?, day.parse().ok()?))
        }
        [Number(y), Mark('-'), Week, Number(week), Mark('-'), Number(day)] if week.len() == 2 && day.len() == 1 => {
            sure(PartialDate::week_day(year(y)?, small(week)?, small(day)?))
        }
        [Number(m), Mark(_), Number(y)] if y.len() == 4 => sure(calendar(year(y)?, small(m)?, 0)),
        [Number(y), Mark(_), Number(m)] => sure(calendar(year(y)?, small(m)?, 0)),
        [Number(a), Mark(first), Number(b), Mark(second), Number(c)] if first == second => match year(a) {
            Some(year) => sure(calendar(year, small(b)?, small(c)?)),
            None => DateReading::year_last(small(a)?, small(b)?, year(c)?),
        },
        _ => None,
    }
}

/// A date whose month has a name. Marks between its pieces say nothing further.
fn named(parts: &[Part<'_>]) -> Option<PartialDate> {
    use Part::{Mark, Month, Number};
    if matches!(parts, [Mark(_), ..] | [.., Mark(_)]) {
        return None;
    }
    let parts: Vec<Part<'_>> = parts.iter().copied().filter(|part| !matches!(part, Mark(_))).collect();
    match *parts.as_slice() {
        [Number(y), Month(month)] | [Month(month), Number(y)] => calendar(year(y)?, month, 0),
        [Number(a), Month(month), Number(b)] => match year(a) {
            Some(year) => calendar(year, month, nonzero(b)?),
            None => calendar(year(b)?, month, nonzero(a)?),
        },
        [Month(month), Number(day), Number(y)] => calendar(year(y)?, month, nonzero(day)?),
        _ => None,
    }
}

fn about_year(parts: &[Part<'_>]) -> Option<PartialDate> {
    let [Part::Number(y)] = parts else { return None };
    let year = year(y)?;
    years(year - ABOUT_YEARS, year + ABOUT_YEARS)
}

/// Two days as [`PartialDate`] shows an interval.
fn interval(first: &str, last: &str) -> Option<PartialDate> {
    use Part::{Mark, Number};
    let day = |text: &str| match *parts(text)?.as_slice() {
        [Number(y), Mark('-'), Number(month), Mark('-'), Number(day)] => {
            calendar(year(y)?, small(month)?, nonzero(day)?)
        }
        _ => None,
    };
    let (first, last) = (day(first)?.first, day(last)?.last);
    (first <= last).then_some(PartialDate { first, last })
}

fn years(first: i32, last: i32) -> Option<PartialDate> {
    let (from, until) = (calendar(first, 0, 0)?, calendar(last, 0, 0)?);
    (first <= last).then_some(PartialDate { first: from.first, last: until.last })
}

/// The day, the month if the day is 0, the year if both are.
fn calendar(year: i32, month: u32, day: u32) -> Option<PartialDate> {
    match (month, day) {
        (0, 0) => PartialDate::year(year),
        (month, 0) => PartialDate::month(year, month),
        (month, day) => PartialDate::day(year, month, day),
    }
}

/// A year of four digits that may be meant.
fn year(digits: &str) -> Option<i32> {
    if digits.len() == 4 { digits.parse().ok().filter(|year| YEARS.contains(year)) } else { None }
}

/// A day, month or week: one or two digits.
fn small(digits: &str) -> Option<u32> {
    if digits.len() <= 2 { digits.parse().ok() } else { None }
}

fn nonzero(digits: &str) -> Option<u32> {
    small(digits).filter(|day| *day > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::date::DatePart;
    use super::*;

    fn shown(text: &str) -> Option<String> {
        PartialDate::parse(text).map(|date| date.to_string())
    }

    fn assert_all(want: &str, texts: &[&str]) {
        for text in texts {
            assert_eq!(shown(text).as_deref(), Some(want), "{text}");
        }
    }

    #[test]
    fn a_day_is_read_in_every_form_that_has_one_meaning() {
        assert_all("1977-03-31", &["1977-03-31", "1977/3/31", "1977.03.31", "31.3.1977", "31.03.1977.", "31-03-1977"]);
        assert_all("1977-03-31", &["03/31/1977", "19770331", "1977-W13-4", "1977-090", "  1977-03-31\u{a0}"]);
        assert_all("1977-03-03", &["03/03/1977", "3.3.1977"]);
    }

    #[test]
    fn months_have_names_in_six_languages() {
        assert_all(
            "1977-03-31",
            &["31 March 1977", "March 31st, 1977", "31-MAR-1977", "1977-Mar-31", "the 31st of March 1977"],
        );
        assert_all(
            "1977-03-31",
            &["31 mars 1977", "31 de marzo de 1977", "31 марта 1977 г.", "31 Mart 1977", "٣١ مارس ١٩٧٧"],
        );
        assert_all(
            "1991-08-01",
            &["1er août 1991", "1 AOUT 1991", "1 августа 1991 года", "1 Ağustos 1991", "1 آب 1991"],
        );
        assert_all("1991-01-09", &["9 كانون الثاني 1991", "9 Ocak 1991", "9 января 1991", "janv. 9 1991"]);
        assert_all("1991-01", &["January 1991", "enero de 1991", "1991 январь"]);
    }

    #[test]
    fn a_time_of_day_moves_no_day_whatever_its_zone() {
        assert_all(
            "1991-12-31",
            &[
                "1991-12-31T23:59:59Z",
                "1991-12-31T23:30:00-11:00",
                "1991/12/31 00:00",
                "1991-12-31 00:30:00.000 +1400",
                "31/12/1991 11:59 PM",
                "31 Dec 1991 10:00:00 UTC",
                "19911231T235959Z",
            ],
        );
    }

    #[test]
    fn digits_of_other_scripts_and_direction_marks_are_read() {
        assert_all("1977-03-31", &["３１／０３／１９７７", "١٩٧٧/٠٣/٣١", "۱۹۷۷-۰۳-۳۱", "\u{200f}31/\u{200f}3/1977"]);
        assert_eq!(shown("1977-03-3\u{b9}"), None, "a superscript is a note");
        assert_eq!(shown("\u{202e}1977-03-31"), None, "what is seen is another date");
    }

    #[test]
    fn what_is_not_known_to_the_day_is_all_the_days_it_may_be() {
        assert_all("1977", &["1977/00/00", "00/00/1977", "1977-00", "1977"]);
        assert_all("1977-03", &["1977-03-00", "00/03/1977", "03/00/1977", "03/1977", "1977/3"]);
        assert_all(
            "1976-01-01..1978-12-31",
            &["c. 1977", "ca 1977", "~1977", "circa 1977", "около 1977 г.", "vers 1977"],
        );
        assert_all(
            "1977-01-01..1978-12-31",
            &["1977 or 1978", "1977-1978", "1977 – 1978", "1977/1978", "1977 ou 1978"],
        );
    }

    #[test]
    fn what_has_two_meanings_or_none_is_not_a_date() {
        for text in [
            "01/02/1985",
            "01/02/85",
            "85",
            "31-DEC-85",
            "1985-13",
            "1985-02-30",
            "31/04/1985",
            "29/02/1900",
            "",
            "-",
            "unknown",
            "1985--01",
            "1985-85",
            "1986-1985",
            "29342",
            "60",
            "-1",
            "0",
            "325987200",
            "1985-01-01 1986-01-01",
            "1985-01-01 10:30 1986-01-01",
            "1985-01-01; 1986-01-01",
            "31 May - 2 June 1985",
            "2-5 May 1985",
            "1985 1986",
            "12/31",
            "31 May",
            "c. May 1985",
            "c. c. 1985",
            "about",
            "may",
            "1985..1986",
            "05..06",
            "..",
            "1985-W54-1",
            "1985-366",
            "1985-W01-8",
            "1985/01-02",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn years_of_other_calendars_are_not_read() {
        for text in [
            "۱۳۵۹/۰۲/۱۲",
            "1400/06/22",
            "1400/06/22 AH",
            "2523/05/02",
            "5745-01-01",
            "9999-12-31",
            "0980",
            "1 May 1377",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_shows_its_order_if_the_other_one_gives_no_date() {
        for (text, order) in [
            ("31/12/1985", Some(DayOrder::DayFirst)),
            ("12.31.1985 10:00", Some(DayOrder::MonthFirst)),
            ("05/05/1985", None),
            ("01/02/1985", None),
            ("1985-12-31", None),
            ("31 December 1985", None),
            ("31/12/85", None),
            ("x", None),
        ] {
            let shown = match DateReading::of(text) {
                Some(DateReading::One { shows, .. }) => shows,
                _ => None,
            };
            assert_eq!(shown, order, "{text}");
        }
    }

    #[test]
    fn a_known_order_settles_what_has_two_meanings_and_nothing_else() {
        let read = |text, order| PartialDate::parse_in(text, Some(order)).map(|date| date.to_string());
        assert_eq!(read("01/02/1985", DayOrder::DayFirst).as_deref(), Some("1985-02-01"));
        assert_eq!(read("01/02/1985", DayOrder::MonthFirst).as_deref(), Some("1985-01-02"));
        assert_eq!(read("12/31/1985", DayOrder::DayFirst).as_deref(), Some("1985-12-31"));
        assert_eq!(read("01/02/85", DayOrder::DayFirst), None);
    }

    proptest! {
        #[test]
        fn whatever_the_text_a_reading_lies_in_the_years_that_may_be_meant(text in "[0-9 /.-]{4,12}|[0-9a-z,~:/.-]{0,20}|\\PC*") {
            for order in DayOrder::ALL {
                if let Some(date) = PartialDate::parse_in(&text, Some(order)) {
                    let (first, last) = date.part(DatePart::Year);
                    prop_assert!(first <= last && first >= 1800 - 1 && last <= 2150 + 1 && date.first <= date.last);
                }
            }
        }
    }
}
