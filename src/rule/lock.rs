//! `rules.lock`: what every rule of a set meant when someone last looked at it.
//!
//! In goes a checked rule set, out comes the text of the file; in goes the file beside the rules as they are, out come
//! problems. A rule that judges otherwise than it did must carry a higher revision, so that two cases judged by "the same
//! rule" were. The file holds hashes, no rules: it says that something changed, and `article3 rules diff` says what.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::meaning::digest;
use super::ruleset::effective;
use super::spec::RuleSpec;
use super::{RuleFiles, RuleSet, Written};
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, SourceId, Span, Table, parse_toml};

/// The name of the file, beside `ruleset.toml`.
pub const LOCK_FILE: &str = "rules.lock";
/// The layout of the file that is read and written.
const LAYOUT: i64 = 1;
/// What to do once the change is meant.
const RELOCK: &str = "look at the change, then run `article3 rules lock` on the folder";

/// What is known of a rule: its revision and hashes of its meaning, its wording and its tests.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Locked {
    revision: u32,
    meaning: String,
    wording: String,
    tests: String,
}

impl Locked {
    fn of(revision: u32, written: &Written) -> Self {
        let Written { meaning, wording, tests } = written;
        Self { revision, meaning: digest(meaning), wording: digest(wording), tests: digest(tests) }
    }
}

/// The text of `rules.lock` for a rule set as it stands.
#[must_use]
pub fn lock(files: &RuleFiles, rules: &RuleSet) -> String {
    let mut out =
        "# Written by `article3 rules lock`: what each rule meant when it was last looked at. Not to be edited.\n"
            .to_owned();
    let _ = write!(out, "layout = {LAYOUT}\n\n");
    if let Some((version, numbers)) = ruleset(files) {
        let _ = write!(out, "[ruleset]\nversion = {}\nmeaning = \"{numbers}\"\n\n", quoted(&version));
    }
    out += "[rules]\n";
    for rule in &rules.rules {
        let Locked { revision, meaning, wording, tests } = Locked::of(rule.revision, &rule.written);
        let id = quoted(&rule.id);
        let _ = writeln!(
            out,
            "{id} = {{ revision = {revision}, meaning = \"{meaning}\", wording = \"{wording}\", tests = \"{tests}\" }}"
        );
    }
    out += "\n[lists]\n";
    for (list, hash) in &rules.list_hashes {
        let _ = writeln!(out, "{} = \"{hash}\"", quoted(list));
    }
    out
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// The version of a rule set, and a hash of all else that its file says, with the numbers of those it extends.
fn ruleset(files: &RuleFiles) -> Option<(String, String)> {
    let mut table = effective(files, files.set_file(None))?;
    let entries = table.as_object_mut()?;
    entries.remove("name");
    let version = entries.remove("version")?.as_str()?.to_owned();
    Some((version, digest(&table)))
}

/// The rules of a set beside its lock.
pub(super) struct Compare<'a> {
    pub(super) files: &'a RuleFiles,
    pub(super) specs: &'a [RuleSpec],
    pub(super) lists: &'a BTreeMap<String, String>,
    pub(super) found: &'a mut Diagnostics,
}

impl Compare<'_> {
    /// Reports what is not as it was locked.
    pub(super) fn with(mut self, source: SourceId, text: &str) {
        let mut problems = Diagnostics::new();
        let document = parse_toml(source, text, &mut problems);
        let whole = Span::new(source, 0..0);
        let mut keys = Keys::new(&document, whole, "", &mut problems);
        let layout = keys.integer("layout");
        let (ruleset, rules, lists) = (keys.table("ruleset"), keys.table("rules"), keys.table("lists"));
        keys.finish();
        let (Some((LAYOUT, _)), Some((rules, _)), Some((lists, _)), false) =
            (layout, rules, lists, problems.has_errors())
        else {
            let why = problems.iter().next().map_or_else(
                || "it is not of the layout that this program writes".to_owned(),
                |first| first.message.clone(),
            );
            let at = problems.iter().find_map(|problem| problem.span).unwrap_or(whole);
            self.unreadable(&why, at);
            return;
        };
        self.rules(rules);
        self.lists(lists);
        if let Some((table, span)) = ruleset {
            self.ruleset(table, span);
        }
    }

    fn unreadable(&mut self, why: &str, at: Span) {
        let problem = Diagnostic::new(Code::LockUnreadable, format!("the lock cannot be read: {why}")).at(at);
        self.found
            .push(problem.help("restore the file as `article3 rules lock` wrote it, or take it away and lock anew"));
    }

    fn rules(&mut self, locked: &Table) {
        let present: BTreeSet<&str> = self.specs.iter().map(|spec| spec.id.as_str()).collect();
        for spec in self.specs.iter().filter(|spec| !spec.id.is_empty()) {
            match (locked.key(&spec.id), locked.get(&spec.id)) {
                (Some(key), Some(node)) => match node.table().and_then(|table| read(table, node.span)) {
                    Some(was) => self.rule(spec, &was, key.span),
                    None => self.unreadable(&format!("what it says of `{}` is not complete", spec.id), node.span),
                },
                _ => {
                    let problem = Diagnostic::new(Code::LockMembers, format!("`{}` is not in the lock", spec.id));
                    self.found.push(problem.at(spec.id_span).help(RELOCK).rule(&spec.id));
                }
            }
        }
        for (key, _) in locked.iter().filter(|(key, _)| !present.contains(key.text.as_str())) {
            let problem =
                Diagnostic::new(Code::LockMembers, format!("`{}` is in the lock, and there is no such rule", key.text));
            self.found.push(problem.at(key.span).help(RELOCK));
        }
    }

    fn rule(&mut self, spec: &RuleSpec, was: &Locked, place: Span) {
        let is = Locked::of(spec.revision, &spec.written);
        let (id, now, then) = (&spec.id, is.revision, was.revision);
        if now < then || now == then && is.meaning != was.meaning {
            let message = match now < then {
                true => format!("the revision of `{id}` went back from {then} to {now}"),
                false => format!("`{id}` no longer means what it did, and its revision is still {now}"),
            };
            let problem = Diagnostic::new(Code::RevisionNotRaised, message).at(spec.id_span).also(place, "locked here");
            let help = format!(
                "if the change is meant, write `revision = {}` and run `article3 rules lock` on the folder; `article3 rules diff` says what changed",
                then + 1
            );
            self.found.push(problem.help(help).rule(id));
            return;
        }
        let parts = [
            ("meaning", is.meaning == was.meaning && now == then),
            ("wording", is.wording == was.wording),
            ("tests", is.tests == was.tests),
        ];
        let other: Vec<&str> = parts.into_iter().filter(|(_, same)| !same).map(|(part, _)| part).collect();
        if !other.is_empty() {
            let message = format!("`{id}` changed since it was locked: its {}", other.join(", its "));
            let problem = Diagnostic::new(Code::LockOutdated, message).at(spec.id_span).also(place, "locked here");
            self.found.push(problem.help(RELOCK).rule(id));
        }
    }

    fn lists(&mut self, locked: &Table) {
        let place = |list: &str| locked.key(list).map(|key| key.span);
        let mut say = |message: String, at: Option<Span>| {
            let problem = Diagnostic::new(Code::LockedListChanged, message).help(RELOCK);
            self.found.push(match at.or_else(|| locked.iter().next().map(|(key, _)| key.span)) {
                Some(at) => problem.at(at),
                None => problem,
            });
        };
        for (list, hash) in self.lists {
            if locked.get(list).and_then(|node| node.text()) != Some(hash) {
                let readers: Vec<String> = self
                    .specs
                    .iter()
                    .filter(|spec| spec.written.names(list))
                    .map(|spec| format!("`{}`", spec.id))
                    .collect();
                let readers = if readers.is_empty() {
                    "no rule reads it".to_owned()
                } else {
                    format!("read by {}", readers.join(", "))
                };
                let what = if place(list).is_some() { "is not as it was locked" } else { "is not in the lock" };
                say(format!("the list `{list}` {what}; {readers}"), place(list));
            }
        }
        for (key, _) in locked.iter().filter(|(key, _)| !self.lists.contains_key(&key.text)) {
            say(format!("the list `{}` is in the lock, and there is no such list", key.text), Some(key.span));
        }
    }

    fn ruleset(&mut self, table: &Table, span: Span) {
        let text = |key: &str| table.get(key).and_then(|node| node.text()).unwrap_or_default().to_owned();
        let was = (text("version"), text("meaning"));
        if let Some(is) = ruleset(self.files).filter(|is| *is != was) {
            let message = match is.0 == was.0 {
                true => format!(
                    "the numbers of the rule set are not as they were locked, and its version is still `{}`",
                    is.0
                ),
                false => format!("the rule set is not as it was locked: version `{}`, then `{}`", is.0, was.0),
            };
            self.found.push(Diagnostic::new(Code::LockedListChanged, message).at(span).help(RELOCK));
        }
    }
}

/// What the lock says of a rule.
fn read(table: &Table, span: Span) -> Option<Locked> {
    let mut problems = Diagnostics::new();
    let mut keys = Keys::new(table, span, "", &mut problems);
    let revision = keys.integer("revision").and_then(|(number, _)| u32::try_from(number).ok());
    let mut text = |key| keys.text(key).map(|(text, _)| text);
    Some(Locked { revision: revision?, meaning: text("meaning")?, wording: text("wording")?, tests: text("tests")? })
}
