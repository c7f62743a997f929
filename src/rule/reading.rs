//! `[profile.reading]`: which lists tell negations, reports and subjects, and how far they reach.
//!
//! A list or a name profile that a rule set names and does not have is the shipped one of that name: so the lists come
//! along with the shipped numbers, and a rule set with files of the same names has its own. They are read only where some
//! rule asks for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::SHIPPED;
use super::spec::RuleSpec;
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, Node, Sources, Span, Table, did_you_mean};
use crate::persons::LinkProfile;
use crate::text::{CueKind, Grammar, LexiconEntry, Lexicons, NameProfiles, parse_lexicon};

/// The lists as named, each with its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ReadingLists {
    lists: BTreeMap<CueKind, (String, Span)>,
    negation_words: usize,
    reported_words: usize,
}

impl ReadingLists {
    /// The names of the lists.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.lists.values().map(|(name, _)| name.as_str())
    }

    /// Reads the table.
    pub(super) fn parse(table: &Table, span: Span, found: &mut Diagnostics) -> Self {
        let mut keys = Keys::new(table, span, "", found);
        let lists: BTreeMap<CueKind, (String, Span)> =
            CueKind::ALL.iter().filter_map(|(kind, key)| Some((*kind, keys.text(key)?))).collect();
        let has = |kinds: &[CueKind]| kinds.iter().any(|kind| lists.contains_key(kind));
        let negates = has(&[CueKind::NegationBefore, CueKind::NegationAfter]);
        let reports = has(&[CueKind::ReportBefore, CueKind::ReportAfter, CueKind::CallBefore]);
        let negation_words = words(&mut keys, "negation_words", negates);
        let reported_words = words(&mut keys, "reported_words", reports);
        keys.finish();
        Self { lists, negation_words, reported_words }
    }

    /// The lists themselves, as far as some rule asks for them.
    pub(super) fn grammar(
        &self,
        own: &Lexicons,
        specs: &[RuleSpec],
        sources: &mut Sources,
        found: &mut Diagnostics,
    ) -> Grammar {
        let used = is_used(specs, &["sentence", "subject", "negated", "reported"]);
        let mut lists = BTreeMap::new();
        for (kind, (name, span)) in &self.lists {
            let list = match (own.get(name), shipped(&format!("{name}.csv"))) {
                (Some(list), _) => Arc::clone(list),
                (None, Some((file, text))) if used => {
                    Arc::new(parse_lexicon(name, sources.add_once(format!("{file} (shipped)"), text), text, found))
                }
                (None, Some(_)) => continue,
                (None, None) => {
                    found.push(unknown_list(name, *span, own));
                    continue;
                }
            };
            let is_limited =
                |entry: &&LexiconEntry| entry.country.is_some() || entry.valid_from.or(entry.valid_to).is_some();
            if let Some(entry) = list.entries.iter().find(is_limited) {
                let message = format!("`{}` of `{name}` counts in some records only", entry.text);
                let problem = Diagnostic::new(Code::BadReading, message).at(*span);
                found.push(problem.help("take the country and the dates off the entry"));
            }
            lists.insert(*kind, list);
        }
        Grammar::new(lists, self.negation_words, self.reported_words)
    }
}

/// Over how many words cues reach at most; `needed` where there is a list of such cues.
fn words(keys: &mut Keys<'_, '_>, key: &'static str, needed: bool) -> usize {
    match keys.integer(key) {
        Some((words @ 1..=50, _)) => return usize::try_from(words).unwrap_or(1),
        Some((words, at)) => {
            let problem = Diagnostic::new(Code::BadReading, format!("`{key}` cannot be {words}")).at(at);
            keys.report(problem.help("write a whole number from 1 to 50"));
        }
        None if needed && !keys.has(key) => keys.missing(key, "say how many words such a cue reaches over at most"),
        None => {}
    }
    1
}

fn unknown_list(name: &str, span: Span, own: &Lexicons) -> Diagnostic {
    let problem = Diagnostic::new(Code::UnknownLexicon, format!("there is no list `{name}`")).at(span);
    problem.help(match did_you_mean(name, own.names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "a list is a file `lexicon/name.csv` beside the rules; for lists to be read give the folder, not a file of it".to_owned(),
    })
}

/// A file of the pack inside the program.
fn shipped(file: &str) -> Option<(&'static str, &'static str)> {
    SHIPPED.iter().find(|(name, _)| *name == file).copied()
}

/// Adds the shipped name profiles that are not there, if some rule compares names.
pub(super) fn add_shipped_names(
    names: &mut NameProfiles,
    specs: &[RuleSpec],
    sources: &mut Sources,
    found: &mut Diagnostics,
) {
    if !is_used(specs, &["fuzzy"]) {
        return;
    }
    for (file, text) in SHIPPED {
        if let Some(name) = name_of_profile(file).filter(|name| names.named(name).is_none()) {
            names.read(name, sources.add_once(format!("{file} (shipped)"), text), text, found);
        }
    }
}

/// Whether a rule uses one of these keys of a predicate.
fn is_used(specs: &[RuleSpec], keys: &[&str]) -> bool {
    fn in_table(table: &Table, keys: &[&str]) -> bool {
        table.iter().any(|(key, node)| keys.contains(&key.text.as_str()) || in_node(node, keys))
    }
    fn in_node(node: &Node, keys: &[&str]) -> bool {
        node.each().iter().filter_map(Node::table).any(|table| in_table(table, keys))
    }
    specs.iter().flat_map(RuleSpec::tables).any(|table| in_table(table, keys))
}

/// The linkage profile of a rule set that names none.
const LINKAGE: &str = "persons/standard";

/// The linkage profile that a rule set names, from its own files, by name, or the shipped one of that name.
pub(super) fn linkage(
    named: Option<&(String, Span)>,
    own: &BTreeMap<String, (String, &str)>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Option<Arc<LinkProfile>> {
    let name = named.map_or(LINKAGE, |(name, _)| name);
    let shipped = || shipped(&format!("{name}.toml")).map(|(file, text)| (format!("{file} (shipped)"), text));
    let file = own.get(name).map(|(shown, text)| (shown.clone(), *text)).or_else(shipped);
    if let Some((shown, text)) = file {
        return LinkProfile::parse(name, sources.add_once(shown, text), text, found).map(Arc::new);
    }
    let known = own.keys().map(String::as_str).chain(SHIPPED.iter().filter_map(|(file, _)| name_of_linkage(file)));
    let help = match did_you_mean(name, known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "a linkage profile is a file `persons/name.toml` beside the rules".to_owned(),
    };
    let problem = Diagnostic::new(Code::UnknownLinkProfile, format!("there is no linkage profile `{name}`"));
    let problem = problem.help(help);
    found.push(match named {
        Some((_, span)) => problem.at(*span),
        None => problem,
    });
    None
}

/// The name of the linkage profile that a file holds, if it holds one.
pub(super) fn name_of_linkage(file: &str) -> Option<&str> {
    file.strip_suffix(".toml").filter(|name| name.starts_with("persons/"))
}

/// The name of the name profile that a file holds, if it holds one.
pub(super) fn name_of_profile(file: &str) -> Option<&str> {
    file.strip_suffix(".toml").filter(|name| name.starts_with("names/"))
}
