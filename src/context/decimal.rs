//! Numbers of tables, exactly as they were published: fixed point, so that what is compared is what is written.

use std::fmt;

/// How many decimals are kept.
const DECIMALS: usize = 6;
/// One, in the unit that is counted in.
const ONE: i64 = 1_000_000;

/// A number with up to six decimals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    millionths: i64,
}

impl Decimal {
    /// Reads a number such as `-1.25`. `None` for anything else, for more than six decimals, and for what is too large.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (digits, fraction) = split(text)?;
        (fraction.len() <= DECIMALS).then_some(())?;
        Self::of(text, digits, fraction)
    }

    /// Reads a number with any count of decimals, perhaps with an exponent, and rounds it, half away from zero. The text is
    /// rounded, not a machine number: nothing is lost on the way.
    #[must_use]
    pub fn rounded(text: &str, decimals: usize) -> Option<Self> {
        let plain = without_exponent(text)?;
        let decimals = decimals.min(DECIMALS);
        let (digits, fraction) = split(&plain)?;
        let kept = fraction.get(..decimals.min(fraction.len()))?;
        let truncated = Self::of(&plain, digits, kept)?;
        let up = fraction.as_bytes().get(decimals).is_some_and(|next| *next >= b'5');
        let step = if up { ONE / 10_i64.checked_pow(u32::try_from(decimals).ok()?)? } else { 0 };
        let sign = if plain.starts_with('-') { -1 } else { 1 };
        Some(Self { millionths: truncated.millionths.checked_add(sign * step)? })
    }

    /// A whole number. `None` where it is too large.
    #[must_use]
    pub fn whole(number: i64) -> Option<Self> {
        Some(Self { millionths: number.checked_mul(ONE)? })
    }

    /// How many hundredths `part` is of `whole`, rounded. `None` where there is no whole.
    #[must_use]
    pub fn percent(part: Self, whole: Self, decimals: usize) -> Option<Self> {
        (whole.millionths > 0).then_some(())?;
        let unit = i128::from(ONE / 10_i64.checked_pow(u32::try_from(decimals.min(DECIMALS)).ok()?)?);
        let (part, whole) = (i128::from(part.millionths) * 100 * i128::from(ONE), i128::from(whole.millionths) * unit);
        let rounded = (2 * part + whole).div_euclid(2 * whole) * unit;
        Some(Self { millionths: i64::try_from(rounded).ok()? })
    }

    /// The sum. `None` where it is too large.
    #[must_use]
    pub fn plus(self, other: Self) -> Option<Self> {
        Some(Self { millionths: self.millionths.checked_add(other.millionths)? })
    }

    /// Whether nothing stands behind the point.
    #[must_use]
    pub fn is_whole(self) -> bool {
        self.millionths % ONE == 0
    }

    fn of(text: &str, digits: &str, fraction: &str) -> Option<Self> {
        let whole = digits.parse::<i64>().ok()?.checked_mul(ONE)?;
        let fraction = format!("{fraction:0<DECIMALS$}").parse::<i64>().ok()?;
        let size = whole.checked_add(fraction)?;
        Some(Self { millionths: if text.starts_with('-') { -size } else { size } })
    }
}

/// The digits before and behind the point.
fn split(text: &str) -> Option<(&str, &str)> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (digits, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    (!digits.is_empty() && is_number(digits) && is_number(fraction)).then_some((digits, fraction))
}

/// The same number with its exponent written out.
fn without_exponent(text: &str) -> Option<String> {
    let Some((number, exponent)) = text.split_once(['e', 'E']) else { return Some(text.to_owned()) };
    let shift: i32 = exponent.parse().ok().filter(|shift: &i32| shift.abs() <= 40)?;
    let (digits, fraction) = split(number)?;
    let sign = if number.starts_with('-') { "-" } else { "" };
    let all = format!("{digits}{fraction}");
    let point = i32::try_from(digits.len()).ok()? + shift;
    let zeros = |count: i32| "0".repeat(usize::try_from(count).unwrap_or(0));
    Some(match usize::try_from(point) {
        Ok(point) if point < all.len() && point > 0 => format!("{sign}{}.{}", &all[..point], &all[point..]),
        Ok(point) if point >= all.len() => format!("{sign}{all}{}", "0".repeat(point - all.len())),
        _ => format!("{sign}0.{}{all}", zeros(-point)),
    })
}

impl fmt::Display for Decimal {
    /// Without zeros that say nothing: `-1.25`, `40`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.millionths < 0 { "-" } else { "" };
        let size = self.millionths.unsigned_abs();
        let one = ONE.unsigned_abs();
        let fraction = format!("{:0>DECIMALS$}", size % one);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{fraction}", size / one)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(number: Option<Decimal>) -> Option<String> {
        number.map(|number| number.to_string())
    }

    #[test]
    fn a_number_is_shown_as_it_was_written() {
        for text in ["0", "-1.25", "0.000001", "-0.5", "9000000000000", "40"] {
            assert_eq!(shown(Decimal::parse(text)).as_deref(), Some(text));
        }
        assert_eq!(shown(Decimal::parse("+1.50")).as_deref(), Some("1.5"));
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".5", "1,5", "1.2.3", "NaN", "1e3", "0.0000001", "99999999999999999999", " 1"] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn rounding_reads_the_text_and_goes_away_from_zero() {
        for (text, decimals, wanted) in [
            ("-1.78807544708252", 3, "-1.788"),
            ("0.0755626423454285", 3, "0.076"),
            ("-0.0005", 3, "-0.001"),
            ("0.9995", 3, "1"),
            ("2.675", 2, "2.68"),
            ("1.25e-05", 6, "0.000013"),
            ("1.5E3", 0, "1500"),
            ("-3.2e1", 1, "-32"),
            ("-0.0004", 3, "0"),
        ] {
            assert_eq!(shown(Decimal::rounded(text, decimals)).as_deref(), Some(wanted), "{text}");
        }
        assert_eq!(Decimal::rounded("..", 2), None);
        assert_eq!(Decimal::rounded("1e99", 2), None);
    }

    #[test]
    fn a_share_is_rounded_once() {
        let number = |text| Decimal::parse(text).expect("a number");
        assert_eq!(shown(Decimal::percent(number("1"), number("3"), 1)).as_deref(), Some("33.3"));
        assert_eq!(shown(Decimal::percent(number("2"), number("3"), 1)).as_deref(), Some("66.7"));
        assert_eq!(Decimal::percent(number("0"), number("0"), 1), None);
    }
}
