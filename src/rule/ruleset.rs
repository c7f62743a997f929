//! The head of a rule set as written: what `ruleset.toml` says besides numbers, and which files and bases belong to it.
//!
//! In goes a file of a rule set, out comes a list of [`Layer`]s: the rule sets it builds on, each once and before those
//! that extend it, and itself last. A file belongs to the first layer that reads it. Nothing is extended that no head names.

use std::collections::BTreeSet;

use glob::{MatchOptions, Pattern};
use serde_json::Value as Json;

use super::files::{DEFAULT, PACK, folder_of, is_set, resolve, within};
use super::meaning::plain_table;
use super::overrides::{self, OverrideSpec};
use super::profile::{LANGUAGE, words};
use super::{RuleFiles, Status};
use crate::diag::{Code, Diagnostic, Diagnostics, Keys, Sources, Span, Table, did_you_mean, parse_toml};

/// The word in `extends` for the pack inside the program.
const SHIPPED: &str = "shipped";

/// How many rule sets may extend each other in turn.
const DEEPEST: usize = 64;

/// How include patterns match: a `*` stays within one folder.
const MATCH: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: false };

/// What the file of a rule set says.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) name: String,
    pub(super) version: String,
    /// Which rules count, if it says so.
    pub(super) statuses: Option<Vec<Status>>,
    pub(super) overrides: Vec<OverrideSpec>,
    pub(super) profile: Option<(Table, Span)>,
    /// Whether it could be read without a mistake.
    pub(super) sound: bool,
    include: Option<Vec<(String, Span)>>,
    extends: Vec<(String, Span)>,
}

/// The rule sets on which the file of a rule set builds, by path; for whoever reads files.
pub(super) fn bases(text: &str) -> Vec<String> {
    let (mut sources, mut unread) = (Sources::new(), Diagnostics::new());
    let document = parse_toml(sources.add("", ""), text, &mut unread);
    let paths =
        document.get("extends").map(|node| node.each()).unwrap_or_default().iter().filter_map(|node| node.text());
    paths.filter(|path| *path != SHIPPED).map(str::to_owned).collect()
}

impl Head {
    fn parse(start: Span, text: &str, found: &mut Diagnostics) -> Self {
        let before = found.errors();
        let document = parse_toml(start.source, text, found);
        let mut keys = Keys::new(&document, start, "", found);
        let name = required(&mut keys, "name");
        let version = required(&mut keys, "version");
        language(&mut keys);
        let include = keys.texts("include");
        let include = keys.has("include").then_some(include);
        let extends = keys.texts("extends");
        let alone = document.get("extends").is_none_or(|node| node.each().is_empty());
        let statuses = words(&mut keys, "statuses", Status::ALL, Status::word);
        let statuses = keys.has("statuses").then_some(statuses);
        if statuses.is_none() && alone {
            keys.missing("statuses", "say which rules count, for example `statuses = [\"stable\"]`");
        }
        let profile = keys.table("profile").map(|(table, span)| (table.clone(), span));
        if profile.is_none() && alone && !keys.has("profile") {
            let problem = Diagnostic::new(Code::BadProfile, "the rule set has no `[profile]`").at(start);
            keys.report(problem.help("add the tables of `[profile]`; those of the shipped rule set are a start"));
        }
        let written = keys.tables("override");
        keys.finish();
        let overrides = written.into_iter().filter_map(|(table, span)| overrides::parse(table, span, found)).collect();
        let sound = found.errors() == before;
        Self { name, version, statuses, overrides, profile, sound, include, extends }
    }
}

fn required(keys: &mut Keys<'_, '_>, key: &'static str) -> String {
    if !keys.has(key) {
        keys.missing(key, "a rule set has a `name`, a `version` and a `language`");
    }
    keys.text(key).map(|(text, _)| text).unwrap_or_default()
}

fn language(keys: &mut Keys<'_, '_>) {
    match keys.text("language") {
        Some((language, at)) if language != LANGUAGE => {
            let problem = Diagnostic::new(Code::UnknownLanguage, format!("language `{language}` is not known")).at(at);
            keys.report(problem.help(format!("this version reads `{LANGUAGE}`")));
        }
        None if !keys.has("language") => keys.missing("language", &format!("write `language = \"{LANGUAGE}\"`")),
        _ => {}
    }
}

/// A rule set and the files it adds to those it builds on.
#[derive(Debug)]
pub(super) struct Layer<'a> {
    /// What its file says; none for rule files without one.
    pub(super) head: Option<Head>,
    pub(super) files: Vec<File<'a>>,
}

/// A file of a rule set.
#[derive(Debug)]
pub(super) struct File<'a> {
    /// Its name among all files.
    pub(super) name: String,
    /// Its name in the folder of its rule set.
    pub(super) own: &'a str,
    pub(super) text: &'a str,
}

/// The layers of a rule set. `set` is its file, if it has one.
pub(super) fn layers<'a>(
    files: &'a RuleFiles,
    set: Option<&str>,
    sources: &mut Sources,
    found: &mut Diagnostics,
) -> Vec<Layer<'a>> {
    let mut gathering = Gathering {
        files,
        sources,
        found,
        under_way: vec![],
        done: BTreeSet::new(),
        taken: BTreeSet::new(),
        layers: vec![],
    };
    match set {
        Some(set) => gathering.set(set),
        None => gathering.add("", None),
    }
    gathering.layers
}

/// What a rule set says beside its rules, in normal form: its file, with the numbers and statuses that it has from those it
/// extends. None for rules without a rule set.
pub(super) fn effective(files: &RuleFiles, set: Option<&str>) -> Option<Json> {
    let layers = layers(files, set, &mut Sources::new(), &mut Diagnostics::new());
    let heads = layers.iter().flat_map(|layer| &layer.files).filter(|file| is_set(file.own));
    let heads: Vec<Table> = heads.filter_map(|file| files.table(&file.name)).collect();
    let mut whole = plain_table(heads.last()?);
    let profile = heads.iter().filter_map(|head| head.get("profile")?.table()).cloned();
    let profile = profile.reduce(|below, above| above.over(&below)).map(|profile| plain_table(&profile));
    let statuses = heads.iter().rev().map(plain_table).find_map(|head| head.get("statuses").cloned());
    let keys = [("profile", profile), ("statuses", statuses)];
    for (key, value) in keys.into_iter().filter_map(|(key, value)| Some((key, value?))) {
        whole.as_object_mut()?.insert(key.to_owned(), value);
    }
    Some(whole)
}

struct Gathering<'a, 'f> {
    files: &'a RuleFiles,
    sources: &'f mut Sources,
    found: &'f mut Diagnostics,
    /// The rule sets whose bases are being gathered, by file.
    under_way: Vec<String>,
    done: BTreeSet<String>,
    /// The files that belong to a layer already.
    taken: BTreeSet<String>,
    layers: Vec<Layer<'a>>,
}

impl Gathering<'_, '_> {
    fn set(&mut self, file: &str) {
        if !self.done.insert(file.to_owned()) {
            return;
        }
        let text = self.files.get(file).unwrap_or_default();
        let source = self.sources.add_once(self.files.shown(file), text);
        let head = Head::parse(Span::new(source, 0..0), text, self.found);
        self.under_way.push(file.to_owned());
        for (base, at) in &head.extends {
            if let Some(base) = self.base(file, base, *at) {
                self.set(&base);
            }
        }
        self.under_way.pop();
        self.add(file, Some(head));
    }

    /// The file of a rule set that another one extends.
    fn base(&mut self, set: &str, path: &str, at: Span) -> Option<String> {
        if path == SHIPPED {
            return Some(format!("{PACK}{DEFAULT}"));
        }
        let target = resolve(folder_of(set), path);
        let file = target.as_ref().map(|target| if is_set(target) { target.clone() } else { within(target, DEFAULT) });
        let Some(file) = file.filter(|file| self.files.get(file).is_some()) else {
            let problem = Diagnostic::new(Code::UnknownBaseSet, format!("there is no rule set `{path}`")).at(at);
            self.found.push(problem.help(no_base(path, target.as_deref())));
            return None;
        };
        if self.under_way.len() > DEEPEST {
            let problem =
                Diagnostic::new(Code::BaseCycle, format!("more than {DEEPEST} rule sets extend each other")).at(at);
            self.found.push(problem.help("let this one extend what it needs itself"));
            return None;
        }
        if let Some(start) = self.under_way.iter().position(|open| *open == file) {
            let through: Vec<String> =
                self.under_way.iter().skip(start + 1).map(|open| format!("`{}`", self.files.shown(open))).collect();
            let through = if through.is_empty() { String::new() } else { format!(" through {}", through.join(", ")) };
            let message = format!("`{}` extends itself{through}", self.files.shown(&file));
            let problem = Diagnostic::new(Code::BaseCycle, message).at(at);
            self.found.push(problem.help("take this entry out, or move what both need into a rule set of its own"));
            return None;
        }
        Some(file)
    }

    /// Adds what a rule set reads itself: the rule files it includes, and every list.
    fn add(&mut self, set: &str, head: Option<Head>) {
        let pack = set.strip_prefix(PACK).map(|_| PACK);
        let folder = pack.unwrap_or_else(|| folder_of(set));
        let below = self.files.below(folder);
        let rules: Vec<&str> =
            below.iter().map(|(name, _)| *name).filter(|name| name.ends_with(".toml") && !is_set(name)).collect();
        let include = head.as_ref().and_then(|head| head.include.as_ref());
        let chosen = include.map(|patterns| included(patterns, &rules, self.found));
        let belongs = |name: &str| match &chosen {
            _ if is_set(name) => format!("{folder}{name}") == set,
            Some(chosen) if name.ends_with(".toml") => chosen.contains(name),
            _ => true,
        };
        let mut files = vec![];
        for (own, text) in below.into_iter().filter(|(name, _)| belongs(name)) {
            let name = format!("{folder}{own}");
            if self.taken.insert(name.clone()) {
                files.push(File { name, own, text });
            }
        }
        self.layers.push(Layer { head, files });
    }
}

/// The rule files that patterns match; a pattern that matches none is reported.
fn included<'a>(patterns: &[(String, Span)], rules: &[&'a str], found: &mut Diagnostics) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::new();
    for (text, at) in patterns {
        let problem = |message: String| Diagnostic::new(Code::EmptyInclude, message).at(*at);
        let matched: Vec<&str> = match Pattern::new(text) {
            Ok(pattern) => rules.iter().copied().filter(|name| pattern.matches_with(name, MATCH)).collect(),
            Err(error) => {
                let help = "`*` stands for anything in a name, `**` for folders, `?` for one character";
                found.push(problem(format!("`{text}` is no pattern: {}", error.msg)).help(help));
                continue;
            }
        };
        if matched.is_empty() {
            let help = match did_you_mean(text, rules.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None if rules.is_empty() => "there is no rule file beside the rule set".to_owned(),
                None => "patterns are read from the folder of the rule set, and lists need no entry".to_owned(),
            };
            found.push(problem(format!("`{text}` matches no rule file")).help(help));
        }
        all.extend(matched);
    }
    all
}

/// What to do where a base is not found.
fn no_base(path: &str, target: Option<&str>) -> String {
    match target {
        None => "write a path relative to this file".to_owned(),
        Some(_) if did_you_mean(path, [SHIPPED]).is_some() => format!("did you mean `{SHIPPED}`?"),
        Some(target) if target.ends_with(".toml") && !is_set(target) => {
            "this names a rule file; name its folder, or a file such as `strict.ruleset.toml`".to_owned()
        }
        Some(_) => {
            format!("name `{SHIPPED}`, a folder with a `{DEFAULT}`, or a file such as `../common/strict.ruleset.toml`")
        }
    }
}
