//! Words of one script, looked for in prose of any script.

use std::collections::{BTreeMap, BTreeSet};

use super::{Lint, Subject, Use, lists, uses};
use crate::diag::{Code, Diagnostic, Diagnostics};
use crate::text::is_dense;

pub(super) const ONE_SCRIPT: Lint = Lint { code: Code::OneScript, find: one_script };

fn one_script(subject: &Subject<'_>, found: &mut Diagnostics) {
    let of_lists: BTreeMap<&str, BTreeSet<&str>> = subject
        .rules
        .written
        .lists
        .lexicons
        .iter()
        .map(|list| (&*list.name, list.entries.iter().map(|entry| &*entry.script).collect()))
        .collect();
    for one in uses(subject).iter().filter(|one| one.field.spec().prose) {
        let Some(scripts) = scripts(one, &of_lists) else { continue };
        let mut scripts = scripts.into_iter();
        if let (Some(only), None) = (scripts.next(), scripts.next()) {
            let message = format!("`{}` is worded in any script, and only {only} is looked for", one.field.path());
            let problem = Diagnostic::new(Code::OneScript, message).at(one.value.span);
            found.push(problem.help("add words of other scripts, best in a list").rule(&one.rule.id));
        }
    }
}

/// The scripts of all that one operator looks for; none where it looks for no words.
fn scripts<'a>(one: &Use<'_>, of_lists: &BTreeMap<&str, BTreeSet<&'a str>>) -> Option<BTreeSet<&'a str>> {
    if !matches!(one.key, "contains" | "startswith" | "endswith" | "a" | "b") {
        return None;
    }
    let own = one.value.each().iter().filter_map(|node| node.text()).flat_map(|text| text.chars().filter_map(script));
    let mut all: BTreeSet<&'a str> = own.collect();
    all.extend(lists::lists(one.value).filter_map(|list| of_lists.get(list)).flatten());
    (!all.is_empty()).then_some(all)
}

/// The script of a letter, roughly: enough to tell one script from several.
fn script(c: char) -> Option<&'static str> {
    if !c.is_alphabetic() {
        return None;
    }
    Some(match crate::text::script(c) {
        Some(crate::text::Script::Latin) => "Latn",
        Some(crate::text::Script::Cyrillic) => "Cyrl",
        Some(crate::text::Script::Greek) => "Grek",
        None if ('\u{600}'..='\u{77f}').contains(&c) => "Arab",
        None if is_dense(c) => "Hani",
        None => "another script",
    })
}
