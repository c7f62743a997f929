//! One cell of a sheet as a JSON value. A date is one only where the cell says so: a plain number is never taken for a date.

use calamine::{CellErrorType, DataRef};
use serde_json::{Number, Value as Json};

use crate::record::PartialDate;

const MILLISECONDS_A_DAY: i64 = 86_400_000;
/// 9999-12-31, the last day a spreadsheet knows, counted in the 1900 system.
const LAST_DAY: i64 = 2_958_465;
/// The first whole number that a float, and so a spreadsheet, cannot tell from the next.
pub(super) const INEXACT: f64 = 9_007_199_254_740_992.0;

/// From which day a workbook counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Epoch {
    /// Day 1 is 1900-01-01. Day 60 is 1900-02-29, which never was.
    Y1900,
    /// Day 0 is 1904-01-01.
    Y1904,
}

/// The value of a cell. What holds nothing is the empty text: also `#N/A`, which says that there is no value. Other errors
/// keep their text.
pub(super) fn json(value: &DataRef<'_>, epoch: Epoch) -> Json {
    match value {
        DataRef::Empty | DataRef::Error(CellErrorType::NA) => "".into(),
        DataRef::Error(error) => error.to_string().into(),
        DataRef::String(text) => text.as_str().into(),
        DataRef::SharedString(text) => (*text).into(),
        DataRef::Bool(flag) => (*flag).into(),
        DataRef::Int(whole) => (*whole).into(),
        DataRef::Float(float) => number(*float),
        DataRef::DateTime(time) if time.is_datetime() => {
            date(time.as_f64(), epoch).map_or_else(|| number(time.as_f64()), Json::from)
        }
        DataRef::DateTime(span) => number(span.as_f64()),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).into(),
        DataRef::DurationIso(text) => text.as_str().into(),
    }
}

/// A number as it is stored, a whole one without a fraction.
fn number(number: f64) -> Json {
    #[expect(clippy::cast_possible_truncation, reason = "a whole number below 2^53 is exact in both types")]
    if number.abs() < INEXACT && number.trunc().total_cmp(&number).is_eq() {
        return (number as i64).into();
    }
    Number::from_f64(number).map_or_else(|| number.to_string().into(), Json::Number)
}

/// The day and time that a serial number stands for, as ISO 8601; a time of no day as a time. None where the calendar has
/// no such day.
fn date(serial: f64, epoch: Epoch) -> Option<String> {
    if !serial.is_finite() {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "it saturates, and what is too large is refused below")]
    let whole = (serial * MILLISECONDS_A_DAY as f64).round() as i64;
    let (day, rest) = (whole.div_euclid(MILLISECONDS_A_DAY), whole.rem_euclid(MILLISECONDS_A_DAY));
    let time = time(rest);
    let since_1970 = match (epoch, day) {
        (_, 0) if rest > 0 => return Some(time),
        (Epoch::Y1900, 1..=59) => day - 25_568,
        (Epoch::Y1900, 61..=LAST_DAY) => day - 25_569,
        (Epoch::Y1904, 0..) if day <= LAST_DAY - 1462 => day - 24_107,
        _ => return None,
    };
    let day = i32::try_from(since_1970).ok()?;
    let day = PartialDate { first: day, last: day };
    Some(if rest == 0 { day.to_string() } else { format!("{day}T{time}") })
}

fn time(milliseconds: i64) -> String {
    let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let fraction = if rest == 0 { String::new() } else { format!(".{rest:03}") };
    format!("{hours:02}:{minutes:02}:{seconds:02}{fraction}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{ExcelDateTime, ExcelDateTimeType};
    use serde_json::json;

    #[test]
    fn both_date_systems_come_to_the_same_days() {
        let day = |serial: f64, epoch| date(serial, epoch).unwrap_or_default();
        assert_eq!(day(29_343.0, Epoch::Y1900), "1980-05-02");
        assert_eq!(day(29_343.0 - 1462.0, Epoch::Y1904), "1980-05-02");
        assert_eq!(day(1.0, Epoch::Y1900), "1900-01-01");
        assert_eq!((day(59.0, Epoch::Y1900), day(61.0, Epoch::Y1900)), ("1900-02-28".into(), "1900-03-01".into()));
        assert_eq!(day(0.0, Epoch::Y1904), "1904-01-01");
        assert_eq!(day(2_958_465.0, Epoch::Y1900), "9999-12-31");
        assert_eq!(day(2_957_003.0, Epoch::Y1904), "9999-12-31");
    }

    #[test]
    fn a_time_of_day_is_kept_and_rounded_into_the_next_day() {
        let day = |serial| date(serial, Epoch::Y1900).unwrap_or_default();
        assert_eq!(day(29_343.0 + 10.0 / 24.0), "1980-05-02T10:00:00");
        assert_eq!(day(29_343.5 + 0.5 / 86_400.0), "1980-05-02T12:00:00.500");
        assert_eq!(day(29_343.999_999_999_9), "1980-05-03");
        assert_eq!(day(0.5), "12:00:00");
    }

    #[test]
    fn a_day_that_never_was_stays_a_number() {
        for serial in [60.0, 60.5, 0.0, -1.0, -0.5, 2_958_466.0, 1e300, f64::NAN] {
            assert_eq!(date(serial, Epoch::Y1900), None, "{serial}");
        }
        assert_eq!(date(2_957_004.0, Epoch::Y1904), None);
        let leap = DataRef::DateTime(ExcelDateTime::new(60.0, ExcelDateTimeType::DateTime, false));
        assert_eq!(json(&leap, Epoch::Y1900), json!(60));
    }

    #[test]
    fn a_number_is_no_date_and_a_whole_one_has_no_fraction() {
        assert_eq!(json(&DataRef::Float(29_343.0), Epoch::Y1900).to_string(), "29343");
        assert_eq!(json(&DataRef::Float(0.15), Epoch::Y1900).to_string(), "0.15");
        assert_eq!(json(&DataRef::Float(123_456_789_012_345.0), Epoch::Y1900).to_string(), "123456789012345");
        assert_eq!(json(&DataRef::Float(f64::INFINITY), Epoch::Y1900), json!("inf"));
    }

    #[test]
    fn not_available_is_blank_and_other_errors_keep_their_text() {
        assert_eq!(json(&DataRef::Error(CellErrorType::NA), Epoch::Y1900), json!(""));
        assert_eq!(json(&DataRef::Error(CellErrorType::Ref), Epoch::Y1900), json!("#REF!"));
        assert_eq!(json(&DataRef::Bool(false), Epoch::Y1900), json!(false));
    }
}
