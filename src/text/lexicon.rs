//! Word lists: what a CSV file of entries says, checked. A list never decides anything; rules name it.

use std::collections::BTreeMap;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::fold;
use crate::diag::{Code, Diagnostic, Diagnostics, Fix, SourceId, Span};
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
    /// ISO 15924 script.
    pub script: Arc<str>,
    /// The law or instrument it is from.
    pub source: Arc<str>,
    /// Its row.
    pub span: Span,
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

    /// Every list, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Lexicon> {
        self.lists.values().map(|list| &**list)
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
    let mut seen: BTreeMap<EntryKey, Span> = BTreeMap::new();
    let mut first = true;
    let before = found.errors();
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
        if row.iter().any(|cell| cell.contains('\n')) {
            let problem = Diagnostic::new(Code::LexiconSyntax, "a cell goes on over the end of its line").at(span);
            found.push(problem.help("close the quote; a quote inside a quoted cell is written twice"));
            continue;
        }
        if row.len() != LEXICON_COLUMNS.len() {
            let message = format!("{} cells where {} are expected", row.len(), LEXICON_COLUMNS.len());
            found.push(Diagnostic::new(Code::LexiconSyntax, message).at(span).help("quote cells that hold a comma"));
            continue;
        }
        let Some((entry, key)) = entry(&row, span, found) else { continue };
        if let std::collections::btree_map::Entry::Vacant(place) = seen.entry(key.clone()) {
            place.insert(span);
            lexicon.entries.push(entry);
        } else {
            let message = format!("`{}` stands twice after folding", entry.text);
            let problem = Diagnostic::new(Code::LexiconDuplicate, message).at(span);
            let line = Span { end: (span.end + 1).min(text.len()), ..span };
            let fix = Fix::new(format!("took out `{}`, which stood twice", entry.text)).cut(line);
            let problem = problem.also(seen[&key], "first here");
            found.push(problem.help("take one out, or limit one of them to a country or a time").fix(fix));
        }
    }
    if lexicon.entries.is_empty() && found.errors() == before {
        let problem =
            Diagnostic::new(Code::LexiconEmpty, format!("`{name}` holds no entry")).at(Span::new(source, 0..0));
        found.push(problem.help("add entries below the line that names the columns"));
    }
    lexicon
}

/// What two entries must not share: what is looked for, how, and in which records.
type EntryKey = (String, String, Option<Country>, [Option<PartialDate>; 2]);

fn is_alphanumeric(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

fn entry(row: &csv::StringRecord, span: Span, found: &mut Diagnostics) -> Option<(LexiconEntry, EntryKey)> {
    let cell = |at: usize| row.get(at).map_or("", str::trim);
    let text = cell(0);
    let mode = cell(3);
    if fold(text).trim().is_empty() {
        let problem = Diagnostic::new(Code::LexiconEntryEmpty, "nothing is left of the entry after folding").at(span);
        found.push(problem.help("take the row out, or give it words"));
        return None;
    }
    let regex = match mode {
        "literal" | "stem" => None,
        "regex" => match RegexBuilder::new(text).case_insensitive(true).size_limit(1 << 20).build() {
            Ok(regex) if regex.is_match("") => {
                let problem = Diagnostic::new(Code::LexiconRegex, "the expression matches the empty text").at(span);
                found.push(problem.help("it would match everywhere; write what must be there"));
                return None;
            }
            Ok(regex) => Some(Arc::new(regex)),
            Err(error) => {
                let text = error.to_string();
                let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
                let message = format!("the expression cannot be used: {reason}");
                let problem = Diagnostic::new(Code::LexiconRegex, message).at(span);
                found.push(problem.help("correct it, or use the mode `literal` or `stem`"));
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
                let problem = Diagnostic::new(Code::LexiconValue, format!("`{code}` is no country code")).at(span);
                found.push(problem.help("write an ISO 3166-1 alpha-2 code, or leave the cell empty"));
                return None;
            }
        },
    };
    let mut date = |at: usize| match cell(at) {
        "" => Some(None),
        text => match PartialDate::parse(text) {
            Some(date) => Some(Some(date)),
            None => {
                let problem = Diagnostic::new(Code::LexiconValue, format!("`{text}` is not a date")).at(span);
                found.push(problem.help("write `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, or leave the cell empty"));
                None
            }
        },
    };
    let (valid_from, valid_to) = (date(7)?, date(8)?);
    if let (Some(from), Some(to)) = (valid_from, valid_to)
        && from.first > to.last
    {
        let message = format!("`valid_from` {from} lies after `valid_to` {to}");
        found.push(Diagnostic::new(Code::LexiconValue, message).at(span).help("the entry would never count"));
        return None;
    }
    let tag = |text: &str| text.split('-').all(|part| (2..=8).contains(&part.len()) && is_alphanumeric(part));
    let wrong = [
        (!tag(cell(1)), "lang", "it is a BCP 47 tag, such as `en` or `ru`"),
        (
            !(cell(2).len() == 4 && is_alphanumeric(cell(2))),
            "script",
            "it is an ISO 15924 code, such as `Latn` or `Cyrl`",
        ),
        (cell(6).is_empty(), "source", "name the law or the instrument that the entry is from"),
    ];
    for (_, column, help) in wrong.iter().filter(|(wrong, ..)| *wrong) {
        let at = LEXICON_COLUMNS.iter().position(|name| name == column).unwrap_or(0);
        let message = match cell(at) {
            "" => format!("`{column}` is empty"),
            text => format!("`{column}` cannot be `{text}`"),
        };
        found.push(Diagnostic::new(Code::LexiconValue, message).at(span).help(*help));
    }
    if wrong.iter().any(|(wrong, ..)| *wrong) {
        return None;
    }
    let language = Some(cell(1)).filter(|language| !language.is_empty()).map(Arc::from);
    let key = (
        if regex.is_some() { text.to_owned() } else { fold(text).into_owned() },
        mode.to_owned(),
        country,
        [valid_from, valid_to],
    );
    let entry = LexiconEntry {
        text: text.to_owned(),
        stem: mode == "stem",
        regex,
        language,
        script: Arc::from(cell(2)),
        source: Arc::from(cell(6)),
        span,
        country,
        valid_from,
        valid_to,
    };
    Some((entry, key))
}
