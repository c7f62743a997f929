//! `re`: a regular expression over the text as written, unfolded, in linear time.

use std::sync::Arc;

use regex::RegexBuilder;

use super::draft::{Built, Draft};
use super::pattern::{Pattern, PatternSource, Patterns, describe};
use super::{Found, Here, Operator, Truth};
use crate::diag::{Code, Diagnostic};
use crate::record::Value;
use crate::text::Folded;

/// The largest compiled size of one regular expression, in bytes.
const REGEX_LIMIT: usize = 1 << 20;

/// Looks for a regular expression.
#[derive(Debug)]
pub(super) struct Matches {
    pub(super) pattern: Patterns,
}

impl Operator for Matches {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        let places = self.pattern.places(text, &Folded::new(""), here);
        places.iter().map(|place| place.counts).max().unwrap_or(Truth::No)
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        self.pattern.found(text, &Folded::new(""), here, Truth::Yes)
    }

    fn describe(&self) -> String {
        format!("matches the expression {}", describe(&self.pattern))
    }
}

fn pattern(regex: regex::Regex, text: &str) -> Pattern {
    Pattern {
        source: PatternSource::Regex(Arc::new(regex)),
        entry: text.to_owned(),
        list: None,
        language: None,
        country: None,
        valid_from: None,
        valid_to: None,
    }
}

/// Whether an expression can match no character at all.
fn matches_nothing_else(text: &str) -> bool {
    regex_syntax::parse(text).is_ok_and(|parsed| parsed.properties().maximum_len() == Some(0))
}

/// Whether an expression matches the empty text, and so any, or whatever single character a text holds.
fn matches_everything(regex: &regex::Regex) -> bool {
    const ANY: [&str; 8] = ["a", "Z", "5", " ", "-", "ж", "中", "ع"];
    regex.is_match("") || ANY.iter().all(|text| regex.is_match(text))
}

impl Draft<'_> {
    pub(super) fn regex(&mut self) -> Built {
        let Some(text) = self.value.text() else {
            self.wrong_type(self.value.span, "`re` takes an expression", "write it in single quotes");
            return None;
        };
        let mut flags = String::new();
        if let Some((written, span)) =
            self.option("flags").map(|node| (node.text().unwrap_or("?").to_owned(), node.span))
        {
            if let Some(flag) = written.chars().find(|flag| !matches!(flag, 'i' | 'm' | 's')) {
                let problem = Diagnostic::new(Code::BadRegex, format!("`{flag}` is no flag")).at(span);
                self.report(problem.help("`flags` may hold the letters i, m and s"));
                return None;
            }
            flags = if written.is_empty() { written } else { format!("(?{written})") };
        }
        // The flags are part of the expression, so that two expressions that differ in them alone are two.
        let mut builder = RegexBuilder::new(&format!("{flags}{text}"));
        builder.size_limit(REGEX_LIMIT).dfa_size_limit(REGEX_LIMIT).nest_limit(50);
        match builder.build() {
            Ok(_) if matches_nothing_else(text) => {
                let problem = Diagnostic::new(Code::BadRegex, "the expression matches nothing but the empty text");
                self.report(problem.at(self.value.span).help("name what must be there"));
                None
            }
            Ok(regex) => {
                if matches_everything(&regex) {
                    let problem = Diagnostic::new(Code::MatchesAll, "the expression matches every text");
                    let help = "name what must be there; whether there is a text at all is asked with `known`";
                    self.report(problem.at(self.value.span).help(help));
                }
                Some(Arc::new(Matches { pattern: Patterns::new(vec![pattern(regex, text)]) }))
            }
            Err(error) => {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                let problem = Diagnostic::new(Code::BadRegex, format!("the expression cannot be used: {reason}"));
                self.report(problem.at(self.value.span).help("correct it, or use `contains` or `near`"));
                None
            }
        }
    }
}
