//! The pieces of a written date: numbers, marks and the words of `date_words.csv`, which are names of months in six languages
//! and words such as `or`, `about` and the `de` between day and month.
//!
//! In goes text in plain spelling, out come its pieces, or none where something has no place in a date. What the pieces mean
//! together is not decided here.

use std::collections::HashMap;
use std::sync::LazyLock;

use regex::Regex;

use super::spelling::plain;

/// A piece of a written date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part<'t> {
    /// Digits.
    Number(&'t str),
    /// `-`, `/` or `.` between two numbers.
    Mark(char),
    /// A month by its name.
    Month(u32),
    /// The year is one of two, or between them.
    Or,
    /// The year is not quite known.
    About,
    /// The `W` of a week date.
    Week,
    /// A word that changes nothing, such as the `de` between day and month.
    Beside,
}

static WORDS: LazyLock<HashMap<String, Part<'static>>> = LazyLock::new(|| {
    let lines = include_str!("date_words.csv").lines().skip(1).filter_map(|line| {
        let mut cells = line.split(',');
        let part = match cells.next()? {
            "or" => Part::Or,
            "about" => Part::About,
            "beside" => Part::Beside,
            month => Part::Month(month.parse().ok()?),
        };
        Some((part, cells.nth(1)?))
    });
    let words = lines.flat_map(|(part, words)| words.split('|').map(move |word| (plain(word), part)));
    words.chain([("w".to_owned(), Part::Week)]).collect()
});

/// The pieces of a date in plain spelling; none if one of them has no place in a date.
pub(super) fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    let mut parts = vec![];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let (part, after) = match c {
            '0'..='9' => {
                let (number, after) = run(rest, |c| c.is_ascii_digit());
                (Some(Part::Number(number)), after)
            }
            '-' | '/' | '.' => (Some(Part::Mark(c)), &rest[1..]),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => (Some(Part::Mark('-')), &rest[c.len_utf8()..]),
            _ if c.is_alphabetic() => word(rest).map(|(part, after)| (Some(part), after))?,
            ',' | '،' => (None, &rest[c.len_utf8()..]),
            _ if c.is_whitespace() => (None, &rest[c.len_utf8()..]),
            _ => return None,
        };
        parts.extend(part.filter(|part| *part != Part::Beside));
        rest = after;
    }
    Some(parts)
}

/// The word at the start, two words if they make one name, and what follows it and its full stop.
fn word(text: &str) -> Option<(Part<'static>, &str)> {
    let (one, after) = run(text, char::is_alphabetic);
    let (next, after_two) = run(after.trim_start(), char::is_alphabetic);
    let two = WORDS.get(&format!("{one} {next}")).map(|part| (*part, after_two));
    let (part, after) = two.or_else(|| Some((*WORDS.get(one)?, after)))?;
    Some((part, after.strip_prefix('.').unwrap_or(after)))
}

/// The characters at the start that are of a sort, and the rest.
fn run(text: &str, of_sort: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !of_sort(c)).unwrap_or(text.len()))
}

/// A date, then hours and minutes, and nothing after them but a zone.
static WITH_TIME: LazyLock<Regex> = LazyLock::new(|| {
    let time = r"(?:t\d{4}(?:\d\d)?|(?:t|\s+)\d{1,2}:\d\d(?::\d\d(?:[.,]\d+)?)?)";
    let zone = r"\s?(?:[ap]m)?\s?(?:z|utc|gmt)?\s?(?:[+-]\d\d:?(?:\d\d)?)?\s?(?:z|utc|gmt)?";
    Regex::new(&format!("^(.*[0-9]){time}{zone}$")).expect("a fixed pattern")
});

/// The text without a time of day at its end.
pub(super) fn without_time(text: &str) -> &str {
    if !text.contains([':', 't']) {
        return text;
    }
    let date = WITH_TIME.captures(text).and_then(|found| found.get(1));
    date.map_or(text, |date| date.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_of_a_date_means_two_things() {
        let lines = include_str!("date_words.csv").lines().skip(1);
        let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
        assert!(rows.iter().all(|row| row.len() == 3));
        let mut meanings: HashMap<String, &str> = HashMap::new();
        for (meaning, word) in rows.iter().flat_map(|row| row[2].split('|').map(|word| (row[0], word))) {
            assert_eq!(*meanings.entry(plain(word)).or_insert(meaning), meaning, "{word}");
            assert!(plain(word).split(' ').all(|part| part.chars().all(char::is_alphabetic)), "{word}");
        }
    }

    #[test]
    fn only_a_time_after_a_date_is_taken_off() {
        assert_eq!(without_time("1985-12-31 10:30:59.5 +01:00"), "1985-12-31");
        assert_eq!(without_time("31 dec 1985 9:05 pm"), "31 dec 1985");
        for text in ["1985-12-31 10:30 1986-12-31", "10:30", "1985-12-31 at 10:30", "1 sept 1985", "1985-12-31 12"] {
            assert_eq!(without_time(text), text);
        }
    }
}
