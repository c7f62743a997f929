//! A rule set: files to checked rules, with every name resolved.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::check::Checker;
use super::lock::{Compare, LOCK_FILE};
use super::spec::{self, RuleSpec};
use super::{Clause, Factor, Profile, Rule, RuleFiles};
use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span};
use crate::record::Field;
use crate::text::{Lexicons, parse_lexicon};

/// Checked rules, ready to be judged by or compiled into a plan.
#[derive(Debug)]
pub struct RuleSet {
    /// The numbers.
    pub profile: Profile,
    /// The rules, by id.
    pub rules: Vec<Rule>,
    /// Every clause of every rule, once.
    pub clauses: Vec<Clause>,
    /// Positions of rules such that a rule stands after those it builds on.
    pub order: Vec<usize>,
    /// A hash of the whole set, in hexadecimal.
    pub hash: String,
    /// A hash of each list, in hexadecimal.
    pub list_hashes: BTreeMap<String, String>,
    pub(super) text_fields: Vec<Field>,
    pub(super) by_factor: Vec<(Factor, Vec<usize>)>,
    pub(super) dependents: Vec<Vec<usize>>,
}

impl RuleSet {
    /// Checks the files of a rule set. What is sound is returned, what is not is reported; a caller who wants to run the
    /// rules looks at the report first. `None` where there is no usable profile.
    pub fn check(files: &RuleFiles, sources: &mut Sources, found: &mut Diagnostics) -> Option<Self> {
        let mut lexicons = Lexicons::default();
        let mut list_hashes = BTreeMap::new();
        let mut digest = Sha256::new();
        let mut specs = vec![];
        let mut profile = None;
        let mut lock = None;
        for (name, text) in files.iter() {
            let source = sources.add(files.shown(name), text);
            if name == LOCK_FILE {
                lock = Some((source, text));
                continue;
            }
            digest.update(format!("{name}:{}:{text}", text.len()));
            if let Some(list) = name.strip_suffix(".csv") {
                list_hashes.insert(list.to_owned(), crate::text::hex(&Sha256::digest(text)[..16]));
                lexicons.insert(parse_lexicon(list, source, text, found));
            } else if name == "ruleset.toml" {
                profile = Some(Profile::parse(source, text, found));
            } else {
                specs.extend(spec::parse(source, text, found));
            }
        }
        // Rules are checked beside a profile with mistakes too, so that those of both show together.
        let usable = !matches!(profile, Some(None));
        let profile = match profile.flatten() {
            Some(profile) => profile,
            None => {
                let text = RuleFiles::shipped().get("ruleset.toml").unwrap_or_default().to_owned();
                let source = sources.add("ruleset.toml (shipped)", &text);
                Profile::parse(source, &text, found)?
            }
        };
        without_echoes(found);
        specs.sort_by(|a, b| a.id.cmp(&b.id));
        without_duplicates(&mut specs, found);
        if let Some((source, text)) = lock {
            Compare { files, specs: &specs, lists: &list_hashes, found }.with(source, text);
        }
        let hash = crate::text::hex(&digest.finalize()[..16]);
        let mut set = Checker { profile: &profile, lexicons: &lexicons, specs: &specs, sources, found }.check();
        set.list_hashes = list_hashes;
        set.hash = hash;
        set.profile = profile;
        usable.then_some(set)
    }

    /// The problem that no rule counts, if none does. A run looks at this: without a rule every record would be clear.
    #[must_use]
    pub fn nothing_counts(&self) -> Option<Diagnostic> {
        if self.rules.iter().any(|rule| rule.active) {
            return None;
        }
        let words: Vec<&str> = self.profile.statuses.iter().map(|status| status.word()).collect();
        let problem = Diagnostic::new(Code::NoActiveRule, "no rule is active");
        Some(problem.help(match (self.rules.is_empty(), words.is_empty()) {
            (true, _) => "no rule was read; give a folder with rules".to_owned(),
            (false, true) => "`statuses` in `ruleset.toml` is empty".to_owned(),
            (false, false) => {
                format!("by `statuses` in `ruleset.toml` only rules of status {} count", words.join(" or "))
            }
        }))
    }

    /// The position of a rule.
    #[must_use]
    pub fn position(&self, id: &str) -> Option<usize> {
        self.rules.binary_search_by(|rule| rule.id.as_ref().cmp(id)).ok()
    }

    /// For each factor, the rules in use that weigh it, heaviest first.
    #[must_use]
    pub fn by_factor(&self) -> &[(Factor, Vec<usize>)] {
        &self.by_factor
    }

    /// The rules whose verdict builds on a rule's, directly or through others, each after those it builds on itself.
    #[must_use]
    pub fn dependents(&self, rule: usize) -> &[usize] {
        &self.dependents[rule]
    }

    /// The text fields that some clause looks into.
    #[must_use]
    pub fn text_fields(&self) -> &[Field] {
        &self.text_fields
    }
}

/// Takes out what was only said because a value could not be read at all.
fn without_echoes(found: &mut Diagnostics) {
    let unread: Vec<Option<Span>> =
        found.iter().filter(|problem| problem.code == Code::TomlSyntax).map(|problem| problem.span).collect();
    let echo = |problem: &Diagnostic| problem.code == Code::WrongType && unread.contains(&problem.span);
    if !unread.is_empty() {
        *found = std::mem::take(found).into_iter().filter(|problem| !echo(problem)).collect();
    }
}

fn without_duplicates(specs: &mut Vec<RuleSpec>, found: &mut Diagnostics) {
    let mut first: BTreeMap<String, Span> = BTreeMap::new();
    specs.retain(|spec| match first.get(&spec.id) {
        _ if spec.id.is_empty() => true,
        None => {
            first.insert(spec.id.clone(), spec.id_span);
            true
        }
        Some(other) => {
            let problem = Diagnostic::new(Code::DuplicateRuleId, format!("there are two rules `{}`", spec.id));
            let problem = problem.at(spec.id_span).also(*other, "the first stands here");
            found.push(problem.help("rename one of them").rule(&spec.id));
            false
        }
    });
}
