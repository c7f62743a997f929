//! Word lists: what a CSV file of entries says, checked. A list never decides anything; rules name it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::fold;
use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Span};
use crate::record::{Country, PartialDate};

/// The columns of a lexicon file, in this order.
pub const LEXICON_COLUMNS: [&str; 9] =
    ["entry", "lang", "script", "mode", "country", "note", "source", "valid_from", "valid_to"];

/// One entry of a list.
#[derive(Debug, Clone)]
pub struct LexiconEntry {
    /// The entry as written.
    pub text: String,
    /// Whether each of its words may go on with more letters.
    pub stem: bool,
    /// The expression, where the entry is one.
    pub regex: Option<Arc<Regex>>,
    /// BCP 47 language.
    pub language: Option<Arc<str>>,
    /// Counts only in records this country asked for.
    pub country: Option<Country>,
    /// Counts only in records of this day or later.
    pub valid_from: Option<PartialDate>,
    /// Counts only in records of this day or earlier.
    pub valid_to: Option<PartialDate>,
}

/// A list of entries.
#[derive(Debug)]
pub struct Lexicon {
    /// The name rules use: `lexicon/treason`.
    pub name: Arc<str>,
    /// Its entries, in the order of the file.
    pub entries: Vec<LexiconEntry>,
}

/// All lists of a rule set, by name.
#[derive(Debug, Default)]
pub struct Lexicons {
    lists: BTreeMap<Arc<str>, Arc<Lexicon>>,
}

impl Lexicons {
    /// A list by name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Lexicon>> {
        self.lists.get(name)
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.keys().map(|name| &**name)
    }

    /// Adds a list.
    pub fn insert(&mut self, lexicon: Lexicon) {
        self.lists.insert(Arc::clone(&lexicon.name), Arc::new(lexicon));
    }
}

/// Reads a lexicon file. Sound entries are returned; every mistake is reported with its line.
pub fn parse_lexicon(name: &str, source: SourceId, text: &str, found: &mut Diagnostics) -> Lexicon {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut lexicon = Lexicon { name: Arc::from(name), entries: vec![] };
    let mut seen = BTreeSet::new();
    let mut first = true;
    for row in reader.records() {
        let row = match row {
            Ok(row) => row,
            Err(error) => {
                found.push(Diagnostic::new(Code::LexiconSyntax, error.to_string()).at(Span::new(source, 0..0)));
                continue;
            }
        };
        let start = row.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
        let end = text.get(start..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| start + length);
        let span = Span::new(source, start..end);
        if std::mem::take(&mut first) {
            if !row.iter().map(str::trim).eq(LEXICON_COLUMNS) {
                let problem = Diagnostic::new(Code::LexiconSyntax, "the first line does not name the columns").at(span);
                found.push(problem.help(format!("write `{}`", LEXICON_COLUMNS.join(","))));
                return lexicon;
            }
            continue;
        }
        if row.len() != LEXICON_COLUMNS.len() {
            let message = format!("{} cells where {} are expected", row.len(), LEXICON_COLUMNS.len());
            found.push(Diagnostic::new(Code::LexiconSyntax, message).at(span).help("quote cells that hold a comma"));
            continue;
        }
        let Some((entry, key)) = entry(&row, span, found) else { continue };
        if seen.insert(key) {
            lexicon.entries.push(entry);
        } else {
            let message = format!("`{}` stands twice after folding", entry.text);
            found.push(Diagnostic::new(Code::LexiconDuplicate, message).at(span));
        }
    }
    if lexicon.entries.is_empty() {
        found.push(Diagnostic::new(Code::LexiconEmpty, format!("`{name}` holds no entry")).at(Span::new(source, 0..0)));
    }
    lexicon
}

type EntryKey = (String, String, Option<Country>);

fn entry(row: &csv::StringRecord, span: Span, found: &mut Diagnostics) -> Option<(LexiconEntry, EntryKey)> {
    let cell = |at: usize| row.get(at).map_or("", str::trim);
    let text = cell(0);
    let mode = cell(3);
    if fold(text).trim().is_empty() {
        found.push(Diagnostic::new(Code::LexiconEntryEmpty, "the entry is empty").at(span));
        return None;
    }
    let regex = match mode {
        "literal" | "stem" => None,
        "regex" => match RegexBuilder::new(text).case_insensitive(true).size_limit(1 << 20).build() {
            Ok(regex) => Some(Arc::new(regex)),
            Err(error) => {
                found.push(Diagnostic::new(Code::LexiconRegex, error.to_string()).at(span));
                return None;
            }
        },
        _ => {
            let problem = Diagnostic::new(Code::LexiconMode, format!("`{mode}` is no mode")).at(span);
            found.push(problem.help("the fourth cell is `literal`, `stem` or `regex`"));
            return None;
        }
    };
    let country = match cell(4) {
        "" => None,
        code => match Country::parse(code) {
            Some(country) => Some(country),
            None => {
                found.push(Diagnostic::new(Code::LexiconValue, format!("`{code}` is no country code")).at(span));
                return None;
            }
        },
    };
    let mut date = |at: usize| match cell(at) {
        "" => Some(None),
        text => match PartialDate::parse(text) {
            Some(date) => Some(Some(date)),
            None => {
                found.push(Diagnostic::new(Code::LexiconValue, format!("`{text}` is not a date")).at(span));
                None
            }
        },
    };
    let (valid_from, valid_to) = (date(7)?, date(8)?);
    let language = Some(cell(1)).filter(|language| !language.is_empty()).map(Arc::from);
    let key = (if regex.is_some() { text.to_owned() } else { fold(text).into_owned() }, mode.to_owned(), country);
    let entry =
        LexiconEntry { text: text.to_owned(), stem: mode == "stem", regex, language, country, valid_from, valid_to };
    Some((entry, key))
}
