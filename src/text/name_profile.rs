//! Name profiles as written to name profiles as checked: the files `names/….toml` of a rule set.
//!
//! Every mistake is reported with its place. A profile with a mistake is not used.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fold::fold;
use super::names::{Measure, NameProfile};
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, SourceId, Span, parse_toml};

/// The name profiles of a rule set, by name. A profile with mistakes is known, but cannot be used.
#[derive(Debug, Default)]
pub struct NameProfiles {
    all: BTreeMap<String, Option<Arc<NameProfile>>>,
}

impl NameProfiles {
    /// The profile of a name: nothing where there is none, nothing inside where it has mistakes.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Option<&Arc<NameProfile>>> {
        self.all.get(name).map(Option::as_ref)
    }

    /// Every name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.all.keys().map(String::as_str)
    }

    /// Reads the file of a profile and adds it.
    pub fn read(&mut self, name: &str, source: SourceId, text: &str, found: &mut Diagnostics) {
        self.all.insert(name.to_owned(), parse(name, source, text, found).map(Arc::new));
    }
}

fn parse(name: &str, source: SourceId, text: &str, found: &mut Diagnostics) -> Option<NameProfile> {
    let before = found.errors();
    let document = parse_toml(source, text, found);
    let mut keys = Keys::new(&document, Span::new(source, 0..0), "", found);
    for (key, help) in [
        ("version", "a whole number from 1, raised whenever the profile compares otherwise"),
        ("source", "say what the choices rest on"),
        ("measure", "`jaro_winkler` or `exact`"),
        ("order", "`any` or `as_written`"),
        ("min_parts", "how many parts a name needs to be compared, from 1"),
        ("part_gte", "how alike two parts must be to be the same part, in percent"),
        ("surplus", "what a part too many counts against the whole, in percent of a part"),
    ] {
        if !keys.has(key) {
            keys.missing(key, help);
        }
    }
    keys.text("source");
    let version = whole(&mut keys, "version", 1, i64::from(u32::MAX));
    let measure = word(&mut keys, "measure", &Measure::ALL);
    let any_order = word(&mut keys, "order", &[(true, "any"), (false, "as_written")]);
    let min_parts = whole(&mut keys, "min_parts", 1, 5);
    let part_gte = whole(&mut keys, "part_gte", 0, 100);
    let initial = whole(&mut keys, "initial", 0, 100);
    let surplus = whole(&mut keys, "surplus", 0, 100);
    let optional = keys.texts("optional").into_iter().map(|(part, _)| fold(&part).trim().to_owned()).collect();
    keys.finish();
    if found.errors() > before {
        return None;
    }
    Some(NameProfile {
        name: Arc::from(name),
        version: version?,
        measure: measure?,
        any_order: any_order?,
        optional,
        min_parts: usize::try_from(min_parts?).ok()?,
        part_gte: part_gte?,
        initial,
        surplus: surplus?,
    })
}

fn whole(keys: &mut Keys<'_, '_>, key: &'static str, least: i64, most: i64) -> Option<u32> {
    let (number, span) = keys.integer(key)?;
    if !(least..=most).contains(&number) {
        let problem = Diagnostic::new(Code::BadNameProfile, format!("`{key}` cannot be {number}")).at(span);
        keys.report(problem.help(format!("write a whole number from {least} to {most}")));
        return None;
    }
    u32::try_from(number).ok()
}

fn word<T: Copy>(keys: &mut Keys<'_, '_>, key: &'static str, known: &[(T, &str)]) -> Option<T> {
    let (word, span) = keys.text(key)?;
    let one = known.iter().find(|(_, name)| *name == word).map(|(one, _)| *one);
    if one.is_none() {
        let words: Vec<String> = known.iter().map(|(_, name)| format!("`{name}`")).collect();
        let problem = Diagnostic::new(Code::BadNameProfile, format!("`{key}` cannot be `{word}`")).at(span);
        keys.report(problem.help(format!("it can be {}", words.join(" or "))));
    }
    one
}
