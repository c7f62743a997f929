//! Patterns that are so short, or so common in a corpus, that they say little. By which limits stands in the profile.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lint, Subject, Use, lists, uses};
use crate::diag::{Code, Diagnostic, Diagnostics, Node, Span};
use crate::record::{Field, Record, Row, Value};
use crate::text::{Folded, Matcher, Mode, Phrase, fold, is_dense};

pub(super) const SHORT: Lint = Lint { code: Code::PatternShort, find: short };

pub(super) const COMMON: Lint = Lint { code: Code::PatternCommon, find: common };

/// Something that is looked for, where it stands, and in which fields.
struct Sought<'a> {
    text: &'a str,
    span: Span,
    mode: Mode,
    fields: BTreeSet<Field>,
    rule: Option<&'a str>,
}

/// Whether a key takes texts that are looked for, and where in a word they may stand.
fn anywhere(one: &Use<'_>) -> Option<Mode> {
    match one.key {
        "contains" | "lacks" | "a" | "b" => Some(Mode::Substring),
        "startswith" => Some(Mode::Prefix),
        "endswith" => Some(Mode::Suffix),
        _ => None,
    }
}

fn sought<'a>(subject: &Subject<'a>) -> Vec<Sought<'a>> {
    let mut all = vec![];
    let mut fields: BTreeMap<&str, BTreeSet<Field>> = BTreeMap::new();
    for one in uses(subject) {
        let Some(mode) = anywhere(&one) else { continue };
        let mode = if one.option("word") { Mode::Whole } else { mode };
        for list in lists::lists(one.value) {
            fields.entry(list).or_default().insert(one.field);
        }
        let own = |node: &'a Node| {
            let (text, fields) = (node.text()?, BTreeSet::from([one.field]));
            Some(Sought { text, span: node.span, mode, fields, rule: Some(one.rule.id.as_str()) })
        };
        all.extend(one.value.each().iter().filter_map(own));
    }
    for list in subject.rules.written.lists.lexicons.iter() {
        let Some(fields) = fields.get(&*list.name) else { continue };
        for entry in list.entries.iter().filter(|entry| entry.regex.is_none()) {
            let mode = if entry.stem { Mode::Stem } else { Mode::Whole };
            let fields = fields.clone();
            all.push(Sought { text: &entry.text, span: entry.span, mode, fields, rule: None });
        }
    }
    all
}

impl Sought<'_> {
    fn problem(&self, code: Code, message: String) -> Diagnostic {
        let problem = Diagnostic::new(code, message).at(self.span);
        match self.rule {
            Some(rule) => problem.rule(rule),
            None => problem,
        }
    }
}

fn short(subject: &Subject<'_>, found: &mut Diagnostics) {
    let Some(limits) = &subject.rules.profile.lint else { return };
    for one in sought(subject) {
        let letters: Vec<char> = fold(one.text).chars().filter(|c| c.is_alphanumeric()).collect();
        let least = match one.mode {
            _ if letters.iter().any(|c| is_dense(*c)) => limits.shortest_dense,
            Mode::Whole => limits.shortest_word,
            Mode::Stem => limits.shortest_stem,
            _ => limits.shortest_part,
        };
        if letters.len() >= least {
            continue;
        }
        let what = match one.mode {
            Mode::Whole => "as a whole word",
            Mode::Stem => "at the start of any word",
            _ => "inside words too",
        };
        let message =
            format!("`{}` has {} of at least {least} letters, and is looked for {what}", one.text, letters.len());
        let help = "write more of it, or look for whole words";
        found.push(one.problem(Code::PatternShort, message).help(help));
    }
}

fn common(subject: &Subject<'_>, found: &mut Diagnostics) {
    let Some(limits) = subject.rules.profile.lint.as_ref().filter(|_| !subject.corpus.is_empty()) else { return };
    let all = sought(subject);
    let records = subject.corpus.len();
    for (one, hits) in all.iter().zip(hits(&all, subject.corpus)) {
        if hits * 100 > limits.most_matched * records {
            let percent = hits * 100 / records;
            let message = format!("`{}` occurs in {hits} of {records} records, {percent} percent", one.text);
            let help = "make it more specific, or ask for a second sign beside it";
            found.push(one.problem(Code::PatternCommon, message).help(help));
        }
    }
}

/// In how many records each pattern occurs, in any of its fields. A cased one is looked for folded, which finds a little
/// more.
fn hits(all: &[Sought<'_>], corpus: &[Record]) -> Vec<usize> {
    let fields: BTreeSet<Field> = all.iter().flat_map(|one| one.fields.iter().copied()).collect();
    let matchers: Vec<(Field, Vec<usize>, Matcher)> = fields
        .into_iter()
        .map(|field| {
            let here = all.iter().enumerate().filter(|(_, one)| one.fields.contains(&field));
            let (places, phrases) = here.filter_map(|(at, one)| Some((at, Phrase::new(one.text, one.mode)?))).unzip();
            (field, places, Matcher::new(phrases))
        })
        .collect();
    let mut hits = vec![0; all.len()];
    for record in corpus {
        let mut here = BTreeSet::new();
        for (field, places, matcher) in &matchers {
            for text in texts(record, *field) {
                matcher.hits(Folded::new(text).as_str(), |phrase, _| _ = here.insert(places[phrase]));
            }
        }
        here.into_iter().for_each(|at: usize| hits[at] += 1);
    }
    hits
}

fn texts(record: &Record, field: Field) -> impl Iterator<Item = &str> {
    (0..record.len(field)).filter_map(move |at| match record.cell(field, at) {
        Ok(Value::Text(text)) => Some(text),
        _ => None,
    })
}
