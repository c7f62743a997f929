//! The lists of a rule set: word lists and context tables, each with its header.
//!
//! A CSV file in a folder `context` is a table, any other a word list. A TOML file in a folder `lexicon` or `context` holds
//! headers, never rules: a table for each list of its folder, by name, and `[defaults]` for what they share.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::context::{ContextTables, TableHeader, parse_table, shape};
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, Node, SourceId, Span, parse_toml};
use crate::text::{Grammar, Lexicons, ListHeader, NameProfiles, WrittenHeader, parse_lexicon};

/// The lists of a rule set.
#[derive(Debug, Default)]
pub(super) struct Lists {
    pub(super) lexicons: Lexicons,
    pub(super) tables: ContextTables,
    /// The ways to compare names.
    pub(super) names: NameProfiles,
    /// What tells sentences, subjects and negations.
    pub(super) grammar: Arc<Grammar>,
    /// A hash of each list, in hexadecimal.
    pub(super) hashes: BTreeMap<String, String>,
    /// What is said of each list, where something is.
    pub(super) headers: BTreeMap<String, ListHeader>,
    /// The word lists of which nothing is said, with their first lines.
    pub(super) without_header: Vec<(String, Span)>,
}

/// The files of lists, before they are read.
#[derive(Debug, Default)]
pub(super) struct ListFiles<'a> {
    lists: Vec<(&'a str, SourceId, &'a str)>,
    headers: Vec<(&'a str, SourceId, &'a str)>,
}

const DEFAULTS: &str = "defaults";

/// The folder a file stands in, as a path.
fn folder(name: &str) -> &str {
    name.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn is_in(name: &str, wanted: &str) -> bool {
    folder(name).rsplit('/').next() == Some(wanted)
}

/// Whether a file of a rule set is a list, or holds headers of lists, and no rules.
#[must_use]
pub fn is_list_file(name: &str) -> bool {
    name.ends_with(".csv") || is_in(name, "lexicon") || is_in(name, "context")
}

/// A hash of a list, in hexadecimal.
pub(super) fn list_hash(text: &str) -> String {
    crate::text::hex(&Sha256::digest(text)[..16])
}

impl<'a> ListFiles<'a> {
    /// Takes a file for which [`is_list_file`] holds. Where there is a list of this name already, that one is returned and
    /// the file is left out.
    pub(super) fn take(&mut self, name: &'a str, source: SourceId, text: &'a str) -> Option<SourceId> {
        let files = if name.ends_with(".csv") { &mut self.lists } else { &mut self.headers };
        let known = files.iter().find(|(known, ..)| *known == name && name.ends_with(".csv"));
        let known = known.map(|(_, source, _)| *source);
        if known.is_none() {
            files.push((name, source, text));
        }
        known
    }

    /// Reads all lists with their headers.
    pub(super) fn read(self, found: &mut Diagnostics) -> Lists {
        let mut headers = Headers::default();
        for (name, source, text) in &self.headers {
            headers.read(name, parse_toml(*source, text, found).iter(), found);
        }
        let mut lists = Lists::default();
        for (file, source, text) in self.lists {
            let name = file.strip_suffix(".csv").unwrap_or(file);
            lists.hashes.insert(name.to_owned(), list_hash(text));
            let start = Span::new(source, 0..text.find('\n').unwrap_or(text.len()));
            if is_in(file, "context") {
                match headers.table(name, start, found) {
                    Some(header) => lists.tables.insert(parse_table(name, header, (source, text), found)),
                    None => lists.tables.insert_unread(name),
                }
            } else {
                lists.lexicons.insert(parse_lexicon(name, source, text, found));
                if !headers.expect(name) {
                    lists.without_header.push((name.to_owned(), start));
                }
            }
        }
        headers.finish(found);
        lists.headers = headers.sound.into_iter().filter_map(|(name, header)| Some((name, header?.list()))).collect();
        lists
    }
}

/// A header that is sound.
#[derive(Debug, Clone)]
enum Header {
    List(ListHeader),
    Table(TableHeader),
}

impl Header {
    fn list(self) -> ListHeader {
        match self {
            Self::List(header) => header,
            Self::Table(header) => header.list,
        }
    }
}

/// The headers that were read, by the name of their list; `None` where one has mistakes.
#[derive(Debug, Default)]
struct Headers {
    sound: BTreeMap<String, Option<Header>>,
    places: BTreeMap<String, Span>,
    used: BTreeSet<String>,
}

impl Headers {
    fn read<'t>(
        &mut self,
        file: &str,
        tables: impl Iterator<Item = (&'t crate::diag::Key, &'t Node)>,
        found: &mut Diagnostics,
    ) {
        let (shared, own): (Vec<_>, Vec<_>) = tables.partition(|(key, _)| key.text == DEFAULTS);
        let mut defaults = WrittenHeader::default();
        for (key, node) in shared {
            let Some(table) = table(key, node, found) else { continue };
            let mut keys = Keys::new(table, key.span, "", found);
            defaults = WrittenHeader::read(&mut keys);
            keys.finish();
        }
        for (key, node) in own {
            let name = format!("{}/{}", folder(file), key.text);
            if let Some(first) = self.places.get(&name) {
                let problem = Diagnostic::new(Code::ListHeaderTwice, format!("`{name}` has two headers")).at(key.span);
                found.push(problem.also(*first, "the first stands here").help("take one of them out"));
                continue;
            }
            self.places.insert(name.clone(), key.span);
            let header = table(key, node, found).and_then(|table| {
                let mut keys = Keys::new(table, key.span, "", found);
                let written = WrittenHeader::read(&mut keys);
                let shape = is_in(file, "context").then(|| shape(&mut keys));
                let list = written.complete(&defaults, &mut keys);
                keys.finish();
                match shape {
                    None => list.map(Header::List),
                    Some(shape) => {
                        let (key, columns) = shape.complete(found)?;
                        Some(Header::Table(TableHeader { list: list?, key, columns }))
                    }
                }
            });
            self.sound.insert(name, header);
        }
    }

    /// The header of a table, which cannot be read without one.
    fn table(&mut self, name: &str, start: Span, found: &mut Diagnostics) -> Option<TableHeader> {
        self.used.insert(name.to_owned());
        match self.sound.get(name) {
            Some(Some(Header::Table(header))) => Some(header.clone()),
            Some(_) => None, // its mistakes are reported
            None => {
                let message = format!("`{name}` has no header, which says what its keys and columns are");
                let problem = Diagnostic::new(Code::TableWithoutHeader, message).at(start);
                found.push(problem.help(format!("{}, and with `key` and `columns`", missing(name))));
                None
            }
        }
    }

    /// Whether a word list has a header, sound or not.
    fn expect(&mut self, name: &str) -> bool {
        self.used.insert(name.to_owned());
        self.sound.contains_key(name)
    }

    /// Reports headers without a list.
    fn finish(&self, found: &mut Diagnostics) {
        for (name, span) in self.places.iter().filter(|(name, _)| !self.used.contains(*name)) {
            let problem = Diagnostic::new(Code::HeaderWithoutList, format!("there is no list `{name}`")).at(*span);
            let known = self.used.iter().map(String::as_str);
            found.push(problem.help(match crate::diag::did_you_mean(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("add the file `{name}.csv`, or take the header out"),
            }));
        }
    }
}

/// Where a header goes and what is in it.
pub(super) fn missing(name: &str) -> String {
    let (folder, own) = name.rsplit_once('/').unwrap_or(("", name));
    let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
    format!("write `[{own}]` in `{folder}lists.toml`, with `version`, `licence`, `maintainer` and `as_of`")
}

fn table<'t>(key: &crate::diag::Key, node: &'t Node, found: &mut Diagnostics) -> Option<&'t crate::diag::Table> {
    let table = node.table();
    if table.is_none() {
        let message = format!("`{}` is the table of a list, but this is {}", key.text, node.kind());
        let problem = Diagnostic::new(Code::WrongType, message).at(node.span);
        found.push(problem.help("write the name of the list in square brackets, and its keys below: `[name]`"));
    }
    table
}
