//! Lists that no rule names, concepts that no rule builds on, entries that another entry makes idle.

use std::collections::BTreeSet;

use super::{Lint, Subject, Use, uses};
use crate::diag::{Code, Diagnostic, Diagnostics, Fix, Key, Node, Span};
use crate::rule::lists::missing;
use crate::rule::{Clause, Kind};
use crate::text::{Lexicon, LexiconEntry, Matcher, Mode, Phrase, fold};

pub(super) const NO_HEADER: Lint = Lint { code: Code::ListWithoutHeader, find: no_header };

fn no_header(subject: &Subject<'_>, found: &mut Diagnostics) {
    for (name, at) in &subject.rules.written.lists.without_header {
        let problem = Diagnostic::new(Code::ListWithoutHeader, format!("`{name}` has no header")).at(*at);
        found.push(problem.help(missing(name)));
    }
}

pub(super) const UNUSED_LIST: Lint = Lint { code: Code::UnusedList, find: unused_lists };

fn unused_lists(subject: &Subject<'_>, found: &mut Diagnostics) {
    let rules = subject.rules;
    let asked = rules.clauses.iter().flat_map(Clause::lists);
    let named: BTreeSet<&str> = asked.chain(rules.profile.reading.names()).collect();
    for list in subject.rules.written.lists.lexicons.iter().filter(|list| !named.contains(&*list.name)) {
        let Some(first) = list.entries.first() else { continue };
        let problem = Diagnostic::new(Code::UnusedList, format!("no rule names the list `{}`", list.name));
        let problem = problem.at(Span::new(first.span.source, 0..0));
        found.push(
            problem.help(format!("write `{{ list = \"{}\" }}` where it is meant, or take the file out", list.name)),
        );
    }
}

/// The lists that a value names.
pub(super) fn lists(value: &Node) -> impl Iterator<Item = &str> {
    value.each().iter().filter_map(|part| part.table()?.get("list")?.text())
}

pub(super) const UNUSED_CONCEPT: Lint = Lint { code: Code::UnusedConcept, find: unused_concepts };

fn unused_concepts(subject: &Subject<'_>, found: &mut Diagnostics) {
    let named: BTreeSet<usize> = subject.each().flat_map(|(_, rule)| rule.builds_on()).collect();
    let named: BTreeSet<&str> = named.into_iter().map(|at| &*subject.rules.rules[at].id).collect();
    let partial = subject.rules.profile.partial.rule.as_ref().map(|(id, _)| id.as_str());
    for (spec, rule) in subject.each() {
        if rule.kind == Kind::Concept && !named.contains(&*rule.id) && partial != Some(&*rule.id) {
            let problem = Diagnostic::new(Code::UnusedConcept, format!("no rule builds on the concept `{}`", rule.id));
            let help = "name it in the condition of a rule, take it out, or give it another kind";
            found.push(problem.at(spec.id_span).help(help).rule(&spec.id));
        }
    }
}

pub(super) const CONTAINED: Lint = Lint { code: Code::EntryContained, find: contained };

/// Entries that decide nothing and show nothing of their own: wherever one of them occurs an entry does that is as wide,
/// of the same language and from the same source.
fn contained(subject: &Subject<'_>, found: &mut Diagnostics) {
    let uses = uses(subject);
    // In `near`, at the start or end of a text, where all must occur or letters count, a longer entry can decide.
    let plain = |(key, _): (&Key, &Node)| matches!(key.text.as_str(), "contains" | "word" | "quantifier");
    let anywhere = |one: &&Use<'_>| one.key == "contains" && one.beside.iter().all(plain);
    let elsewhere: BTreeSet<&str> = uses.iter().filter(|one| !anywhere(one)).flat_map(|one| lists(one.value)).collect();
    let named: BTreeSet<&str> = uses.iter().filter(anywhere).flat_map(|one| lists(one.value)).collect();
    for list in subject.rules.written.lists.lexicons.iter() {
        if named.contains(&*list.name) && !elsewhere.contains(&*list.name) {
            contained_entries(list, found);
        }
    }
    for one in uses.iter().filter(anywhere) {
        contained_texts(one, found);
    }
}

fn contained_entries(list: &Lexicon, found: &mut Diagnostics) {
    let mode = |entry: &LexiconEntry| if entry.stem { Mode::Stem } else { Mode::Whole };
    let entries: Vec<&LexiconEntry> = list.entries.iter().filter(|entry| entry.regex.is_none()).collect();
    let phrases: Vec<Phrase> = entries.iter().filter_map(|entry| Phrase::new(&entry.text, mode(entry))).collect();
    if phrases.len() != entries.len() {
        return;
    }
    let matcher = Matcher::new(phrases);
    for (at, entry) in entries.iter().enumerate() {
        let mut wider = None;
        matcher.hits(&fold(&entry.text), |other, _| {
            if other != at && wider.is_none() && covers(entries[other], entry) {
                wider = Some(other);
            }
        });
        let Some(wider) = wider.map(|other| entries[other]) else { continue };
        let message = format!("`{}` occurs only where `{}` does", entry.text, wider.text);
        let problem =
            Diagnostic::new(Code::EntryContained, message).at(entry.span).also(wider.span, "this one finds it");
        let whole_line = Span { end: entry.span.end + 1, ..entry.span };
        found.push(
            problem
                .help("take the row out; keep it where it is of another law or language, and say so in those cells")
                .fix(Fix::new(format!("took out `{}`, which `{}` finds", entry.text, wider.text)).cut(whole_line)),
        );
    }
}

/// Whether an entry whose words stand in another counts wherever the other counts, and shows the same.
fn covers(wider: &LexiconEntry, entry: &LexiconEntry) -> bool {
    (wider.stem || !entry.stem)
        && (wider.country.is_none() || wider.country == entry.country)
        && wider.valid_from.is_none_or(|from| entry.valid_from.is_some_and(|own| own.first >= from.first))
        && wider.valid_to.is_none_or(|to| entry.valid_to.is_some_and(|own| own.last <= to.last))
        && wider.language == entry.language
        && wider.source == entry.source
}

/// Texts that stand in the rule itself.
fn contained_texts(one: &Use<'_>, found: &mut Diagnostics) {
    let mode = if one.option("word") { Mode::Whole } else { Mode::Substring };
    let texts: Vec<(&str, Span)> = one.value.each().iter().filter_map(|node| Some((node.text()?, node.span))).collect();
    let phrases: Vec<Phrase> = texts.iter().filter_map(|(text, _)| Phrase::new(text, mode)).collect();
    if phrases.len() != texts.len() || phrases.len() < 2 {
        return;
    }
    let matcher = Matcher::new(phrases);
    let mut gone = BTreeSet::new();
    for (at, (text, span)) in texts.iter().enumerate() {
        let mut wider = None;
        matcher.hits(&fold(text), |other, _| {
            if other != at && wider.is_none() && !gone.contains(&other) {
                wider = Some(other);
            }
        });
        let Some(wider) = wider else { continue };
        gone.insert(at);
        let message = format!("`{text}` occurs only where `{}` does", texts[wider].0);
        let problem =
            Diagnostic::new(Code::EntryContained, message).at(*span).also(texts[wider].1, "this one finds it");
        let title = format!("took out `{text}`, which `{}` finds", texts[wider].0);
        let fix = Fix::new(title).cut_from_array(*span);
        found.push(problem.help("take it out").rule(&one.rule.id).fix(fix));
    }
}
