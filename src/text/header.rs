//! The header of a list: who keeps it, which version it is, how fresh, and under which licence it may be passed on.
//!
//! Headers stand in TOML files beside the lists, a table for each list by its name; `[defaults]` holds what the lists of
//! the file share. In goes such a table, out comes a [`ListHeader`] and what is wrong with it.

use crate::diag::{Code, Diagnostic, Keys, Tree};
use crate::record::PartialDate;

/// What is said of a list as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListHeader {
    /// What the list holds, in one line.
    pub title: Option<String>,
    /// Raised with every change, from 1.
    pub version: u32,
    /// Under which terms it may be passed on.
    pub licence: String,
    /// Who keeps it right.
    pub maintainer: String,
    /// The day as of which it is right.
    pub as_of: PartialDate,
    /// What it was made from, to be cited.
    pub source: Option<String>,
    /// Where that can be read.
    pub url: Option<String>,
    /// What a reader should know besides.
    pub note: Option<String>,
}

/// A header as one table has it: what it leaves out, `[defaults]` may say.
#[derive(Debug, Clone, Default)]
pub(crate) struct WrittenHeader {
    present: Vec<&'static str>,
    title: Option<String>,
    version: Option<u32>,
    licence: Option<String>,
    maintainer: Option<String>,
    as_of: Option<PartialDate>,
    source: Option<String>,
    url: Option<String>,
    note: Option<String>,
}

/// What every header has, and what to write.
const REQUIRED: [(&str, &str); 4] = [
    ("version", "add `version = 1`, and raise it with every change of the list"),
    ("licence", "say under which terms the list may be passed on, such as `licence = \"CC BY 4.0\"`"),
    ("maintainer", "name who keeps the list right"),
    ("as_of", "add the day as of which the list is right, such as `as_of = \"2024-12-31\"`"),
];

impl WrittenHeader {
    pub(crate) fn read(keys: &mut Keys<'_, '_>) -> Self {
        let mut text = |key| keys.text(key).map(|(text, _)| text);
        let mut header = Self {
            present: vec![],
            title: text("title"),
            version: None,
            licence: text("licence"),
            maintainer: text("maintainer"),
            as_of: None,
            source: text("source"),
            url: text("url"),
            note: text("note"),
        };
        header.version = version(keys);
        header.as_of = day(keys);
        header.present = REQUIRED.iter().map(|(key, _)| *key).filter(|key| keys.has(key)).collect();
        header
    }

    /// The header, with what the defaults add. `None` where something is missing, which is reported.
    pub(crate) fn complete(self, defaults: &Self, keys: &mut Keys<'_, '_>) -> Option<ListHeader> {
        for (key, help) in REQUIRED {
            if !self.present.contains(&key) && !defaults.present.contains(&key) {
                keys.missing(key, help);
            }
        }
        let or = |own: Option<String>, shared: &Option<String>| own.or_else(|| shared.clone());
        Some(ListHeader {
            title: or(self.title, &defaults.title),
            version: self.version.or(defaults.version)?,
            licence: or(self.licence, &defaults.licence)?,
            maintainer: or(self.maintainer, &defaults.maintainer)?,
            as_of: self.as_of.or(defaults.as_of)?,
            source: or(self.source, &defaults.source),
            url: or(self.url, &defaults.url),
            note: or(self.note, &defaults.note),
        })
    }
}

fn version(keys: &mut Keys<'_, '_>) -> Option<u32> {
    let (number, span) = keys.integer("version")?;
    let version = u32::try_from(number).ok().filter(|version| *version > 0);
    if version.is_none() {
        let problem = Diagnostic::new(Code::BadListHeader, format!("`version` cannot be {number}")).at(span);
        keys.report(problem.help("count versions from 1"));
    }
    version
}

fn day(keys: &mut Keys<'_, '_>) -> Option<PartialDate> {
    let node = keys.node("as_of")?;
    let (Tree::Text(text) | Tree::Date(text)) = &node.tree else {
        let problem = Diagnostic::new(Code::WrongType, format!("`as_of` is a date, but this is {}", node.kind()));
        keys.report(problem.at(node.span).help("write a date in quotes, such as `\"2024-12-31\"`"));
        return None;
    };
    let day = PartialDate::parse(text);
    if day.is_none() {
        let problem = Diagnostic::new(Code::BadListHeader, format!("`{text}` is not a date")).at(node.span);
        keys.report(problem.help("write `YYYY-MM-DD`, `YYYY-MM` or `YYYY`"));
    }
    day
}
