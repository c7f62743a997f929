//! `list`: membership. A text is a member of a word list where an entry is all of it; a country, a word or a text is a
//! member of a context table where the table has a row for it on the date in question.

use std::sync::Arc;

use regex::Regex;

use super::draft::{Built, Draft};
use super::pattern::{Pattern, PatternSource, Patterns, Sighting};
use super::table::Moment;
use super::{Found, Here, Mask, Operator, Truth};
use crate::context::ContextTable;
use crate::diag::{Code, Diagnostic};
use crate::record::{Country, Field, Type, Value};
use crate::table::{Column, Values};
use crate::text::{Phrase, fold};

/// Membership of a whole text in a word list.
#[derive(Debug)]
struct InLexicon {
    name: Arc<str>,
    patterns: Patterns,
}

impl InLexicon {
    /// The entries that are all of the text and count in this record.
    fn entries(&self, text: &str, here: &Here<'_>) -> Vec<Sighting> {
        let nothing = |part: &str| fold(part).trim().is_empty();
        let places = here.folded(text, |folded| self.patterns.places(text, folded, here)).into_iter();
        places.filter(|place| nothing(&text[..place.span.start]) && nothing(&text[place.span.end..])).collect()
    }
}

impl Operator for InLexicon {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        self.entries(text, here).iter().map(|place| place.counts).max().unwrap_or(Truth::No)
    }

    fn phrases(&self) -> Option<Vec<Vec<&Phrase>>> {
        Some(vec![self.patterns.phrases()?])
    }

    fn reads(&self) -> Vec<Field> {
        self.patterns.reads()
    }

    fn waits_for(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Field> {
        let Value::Text(text) = value else { return vec![] };
        self.patterns.waits_for(&self.entries(text, here), here)
    }

    fn lists(&self) -> Vec<&str> {
        vec![&self.name]
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        let surely = self.entries(text, here).into_iter().filter(|place| place.counts == Truth::Yes);
        surely.map(|place| self.patterns.evidence(place)).collect()
    }

    fn describe(&self) -> String {
        format!("is an entry of {}", self.name)
    }
}

/// Membership among the keys of a context table.
#[derive(Debug)]
struct InTable {
    table: Arc<ContextTable>,
    moment: Moment,
}

impl InTable {
    fn member(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let says = self.table.as_of(value, self.moment.date(here));
        Truth::between(says.whole, says.rows.is_empty())
    }
}

impl Operator for InTable {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        self.member(value, here)
    }

    /// A table without dates says the same of a country in every record.
    fn mask(&self, column: &Column<'_>, into: &mut Mask) -> bool {
        if self.table.is_dated() {
            return false;
        }
        let is_member = |value| Truth::of(!self.table.as_of(value, crate::context::ANY_DAY).rows.is_empty());
        match column.values {
            Values::Country(all) => all.iter().enumerate().for_each(|(at, country)| {
                into.set(at, is_member(Value::Country(Country::from_packed(*country))), false);
            }),
            Values::Term(all) => {
                all.iter().enumerate().for_each(|(at, term)| into.set(at, is_member(Value::Term(*term)), false));
            }
            _ => return false,
        }
        true
    }

    fn reads(&self) -> Vec<Field> {
        self.moment.reads(&self.table)
    }

    fn lists(&self) -> Vec<&str> {
        vec![&self.table.name]
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let rows = self.table.as_of(value, self.moment.date(here)).rows;
        rows.iter().map(|row| self.moment.found(value, (&self.table, row), None)).collect()
    }

    fn describe(&self) -> String {
        format!("is in {}{}", self.table.name, self.moment.words(&self.table))
    }
}

impl Draft<'_> {
    pub(super) fn list(&mut self) -> Built {
        let Some(name) = self.value.text().map(str::to_owned) else {
            self.wrong_type(self.value.span, "`list` takes the name of a list or a table", "write it in quotes");
            return None;
        };
        if name.starts_with(super::TABLES) {
            let table = self.context_table(&name)?;
            let moment = self.moment()?;
            return Some(Arc::new(InTable { table, moment }));
        }
        if let Some(option) = self.table.and_then(|table| table.key("as_of")) {
            let problem = Diagnostic::new(Code::OptionMisplaced, "`as_of` changes nothing here").at(option.span);
            self.report(problem.help("entries of a word list count by `requested_at`; it is for context tables"));
            return None;
        }
        if self.field.ty() != Type::Text {
            let message =
                format!("`{name}` is a word list, and `{}` is {}", self.field.path(), super::a(self.field.ty()));
            let problem = Diagnostic::new(Code::OperatorType, message).at(self.value.span);
            self.report(problem.help("word lists are for text; for other fields name a table, as in `context/name`"));
            return None;
        }
        let lexicon = self.lexicon(&name, self.value.span)?;
        let whole = |mut pattern: Pattern| {
            if let PatternSource::Regex(regex) = &pattern.source {
                pattern.source = PatternSource::Regex(anchored(regex));
            }
            pattern
        };
        let patterns = super::pattern::of_list(&lexicon, false).map(whole).collect();
        Some(Arc::new(InLexicon { name: Arc::clone(&lexicon.name), patterns: Patterns::new(patterns) }))
    }
}

/// The expression, made to fit a text as a whole: the first of two ways to match may be the shorter one.
fn anchored(regex: &Arc<Regex>) -> Arc<Regex> {
    let whole = format!(r"\A\s*(?:{})\s*\z", regex.as_str());
    regex::RegexBuilder::new(&whole).case_insensitive(true).build().map_or_else(|_| Arc::clone(regex), Arc::new)
}
