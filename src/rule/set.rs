//! A rule set: files to checked rules, with every name resolved.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use sha2::Digest as _;

use super::check::Checker;
use super::files::{DEFAULT, UNDECODED};
use super::layered::Layered;
use super::lists::Lists;
use super::lock::{Compare, LOCK_FILE};
use super::order::named_rules;
use super::reading::{add_shipped_names, linkage};
use super::ruleset::{Head, layers};
use super::selection::{Clauses, Leaf};
use super::spec::{self, RuleSpec};
use super::{Across, Clause, Expr, Factor, Kind, Profile, Rule, RuleFiles};
use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span, did_you_mean};
use crate::persons::LinkProfile;
use crate::record::{Field, PartialDate};
use crate::text::{Lexicon, ListHeader};

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
    /// The rule sets that it extends, from the bottom up: name and version.
    pub bases: Vec<(String, String)>,
    /// The name by which it was chosen, for rows of several rule sets to be told apart.
    pub label: Option<String>,
    /// What is said of each list, by its name, where it has a header.
    pub list_headers: BTreeMap<String, ListHeader>,
    /// The name of the file of each list.
    pub(super) list_files: BTreeMap<String, String>,
    pub(super) linkage: Option<Arc<LinkProfile>>,
    pub(super) text_fields: Vec<Field>,
    pub(super) by_factor: Vec<(Factor, Vec<usize>)>,
    /// For each rule the first rule that requires the same.
    pub(super) requires_as: Vec<Option<usize>>,
    pub(super) dependents: Vec<Vec<usize>>,
    pub(super) filters: Vec<Vec<usize>>,
    /// The day on which suppressions are read. Without it their dates play no part, as in the tests that stand in rules.
    pub today: Option<PartialDate>,
    pub(super) written: Written,
}

/// What a set was read from, for those who change a rule and check it again.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// The rules, in the order of their ids.
    pub(super) specs: Vec<RuleSpec>,
    pub(super) lists: Lists,
    pub(super) clauses: Clauses,
}

impl Written {
    fn spec(&self, id: &str) -> Option<&RuleSpec> {
        self.specs.get(spec::position(&self.specs, id)?)
    }
}

impl RuleSet {
    /// Checks the rule set of a folder that is used unless another one is asked for. What is sound is returned, what is not
    /// is reported; a caller who wants to run the rules looks at the report first. `None` where there is no usable profile.
    pub fn check(files: &RuleFiles, sources: &mut Sources, found: &mut Diagnostics) -> Option<Self> {
        Self::check_file(files, files.set_file(None), sources, found)
    }

    /// The same for the rule set of this name; `None` also where the folder has none.
    pub fn check_named(files: &RuleFiles, name: &str, sources: &mut Sources, found: &mut Diagnostics) -> Option<Self> {
        Self::check_file(files, Some(files.set_file(Some(name))?), sources, found)
    }

    fn check_file(
        files: &RuleFiles,
        set: Option<&str>,
        sources: &mut Sources,
        found: &mut Diagnostics,
    ) -> Option<Self> {
        let layers = layers(files, set, sources, found);
        let mut read = Layered::default();
        for layer in &layers {
            read.layer(layer, files, sources, found);
        }
        let heads: Vec<&Head> = layers.iter().filter_map(|layer| layer.head.as_ref()).collect();
        let own = Profile::of(&heads, found);
        let usable = own.is_some() || heads.is_empty();
        let partial = own.as_ref().and_then(|profile| partial_rule(profile, &read.specs));
        found.extend(partial);
        // Rules are checked beside a profile with mistakes too, so that those of both show together.
        let profile = match own {
            Some(profile) => profile,
            None => shipped_profile(sources, found)?,
        };
        let mut lists = read.lists.read(found);
        lists.names = read.names;
        add_shipped_names(&mut lists.names, &read.specs, sources, found);
        lists.grammar = Arc::new(profile.reading.grammar(&lists.lexicons, &read.specs, sources, found));
        without_echoes(sources, found);
        let (mut specs, digest) = (read.specs, read.digest);
        specs.sort_by(|a, b| a.id.cmp(&b.id));
        // The lock is that of the rule set that is used unless another is asked for, with all that it extends.
        let lock = files.get(LOCK_FILE).filter(|_| set.is_none_or(|set| set == DEFAULT));
        if let Some(text) = lock {
            let source = sources.add_once(files.shown(LOCK_FILE), text);
            Compare { files, specs: &specs, lists: &lists.hashes, found }.with(source, text);
        }
        let linkage = linkage(profile.linkage.as_ref(), &read.linkages, sources, found);
        let mut set = Checker { profile: &profile, lists: &lists, specs: &specs, sources, found }.check();
        set.linkage = linkage;
        set.list_hashes = lists.hashes.clone();
        set.list_headers = lists.headers.clone();
        let all = layers.iter().flat_map(|layer| &layer.files);
        set.list_files =
            all.filter_map(|file| Some((file.own.strip_suffix(".csv")?.to_owned(), file.name.clone()))).collect();
        set.hash = crate::text::hex(&digest.finalize()[..16]);
        set.bases = heads.iter().rev().skip(1).rev().map(|head| (head.name.clone(), head.version.clone())).collect();
        set.profile = profile;
        set.written = Written { specs, lists, ..set.written };
        set.weigh();
        usable.then_some(set)
    }

    /// Sorts the rules that count by what they weigh.
    pub(super) fn weigh(&mut self) {
        let rules = &self.rules;
        let members = |factor: Factor| {
            let weighs =
                |at: &usize| rules[*at].active && rules[*at].kind.has_bits() && rules[*at].factor == Some(factor);
            let mut members: Vec<usize> = (0..rules.len()).filter(weighs).collect();
            members.sort_by_key(|at| (-rules[*at].millibits, *at));
            (factor, members)
        };
        self.by_factor = Factor::ALL.iter().copied().map(members).collect();
        let mut first = BTreeMap::new();
        let requires_as = self.rules.iter().enumerate().map(|(at, rule)| {
            let requires = rule.requires.as_ref()?;
            Some(*first.entry(format!("{requires:?}")).or_insert(at))
        });
        self.requires_as = requires_as.collect();
    }

    /// The problem that no rule counts, if none does. A run looks at this: without a rule every record would be clear.
    #[must_use]
    pub fn nothing_counts(&self) -> Option<Diagnostic> {
        let active = || self.rules.iter().filter(|rule| rule.active);
        if active().any(|rule| !matches!(rule.kind, Kind::Concept | Kind::Filter)) {
            return None;
        }
        let words: Vec<&str> = self.profile.statuses.iter().map(|status| status.word()).collect();
        let problem = Diagnostic::new(Code::NoActiveRule, "no rule is active");
        let fitting = self.rules.iter().any(|rule| self.profile.statuses.contains(&rule.status));
        Some(problem.help(match (self.rules.is_empty(), words.is_empty()) {
            (true, _) => "no rule was read; give a folder with rules".to_owned(),
            (false, true) => "`statuses` in `ruleset.toml` is empty".to_owned(),
            (false, false) if active().next().is_some() => {
                "only concepts are left, and a concept counts for nothing itself".to_owned()
            }
            (false, false) if fitting => "every rule that could count is turned off or left out".to_owned(),
            (false, false) => format!("by `statuses` only rules of status {} count", words.join(" or ")),
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

    /// The first rule that requires the same as this one, if it requires anything.
    #[must_use]
    pub(crate) fn requires_as(&self, rule: usize) -> Option<usize> {
        self.requires_as.get(rule).copied().flatten()
    }

    /// The rules whose verdict builds on a rule's, directly or through others, each after those it builds on itself.
    #[must_use]
    pub fn dependents(&self, rule: usize) -> &[usize] {
        &self.dependents[rule]
    }

    /// The suppressions that name a rule.
    #[must_use]
    pub fn filters_of(&self, rule: usize) -> &[usize] {
        &self.filters[rule]
    }

    /// A rule and those it builds on or requires, each after those it builds on itself.
    #[must_use]
    pub fn needs(&self, rule: usize) -> Vec<usize> {
        let (mut needed, mut next) = (BTreeSet::from([rule]), vec![rule]);
        while let Some(at) = next.pop() {
            next.extend(named_rules(&self.rules[at]).into_iter().filter(|named| needed.insert(*named)));
        }
        self.order.iter().copied().filter(|at| needed.contains(at)).collect()
    }

    /// Whether a rule compares records, itself or through those it builds on.
    #[must_use]
    pub fn compares_records(&self, rule: usize) -> bool {
        self.needs(rule).into_iter().any(|at| {
            let mut found = false;
            let rule = &self.rules[at];
            for expr in rule.scope.iter().chain([&rule.body]) {
                expr.walk(&mut |part| {
                    found |=
                        matches!(part, Expr::Clause(at) if matches!(self.clauses.get(*at), Some(Clause::Across(_))));
                });
            }
            found
        })
    }

    /// The questions about other records.
    pub fn across(&self) -> impl Iterator<Item = &Arc<Across>> {
        self.clauses.iter().filter_map(|clause| match clause {
            Clause::Across(across) => Some(across),
            _ => None,
        })
    }

    /// Where a rule stands: its id.
    #[must_use]
    pub fn place(&self, rule: usize) -> Option<Span> {
        let id = &*self.rules.get(rule)?.id;
        self.written.spec(id).map(|spec| spec.id_span)
    }

    /// Every predicate of every rule.
    #[must_use]
    pub fn leaves(&self) -> &[Leaf] {
        &self.written.clauses.leaves
    }

    /// Whether a predicate stands in the scope of its rule.
    #[must_use]
    pub fn is_of_scope(&self, leaf: &Leaf) -> bool {
        let scope = self.written.spec(&leaf.rule).and_then(|spec| spec.scope.as_ref());
        scope.is_some_and(|(table, _)| table.iter().any(|(key, _)| key.span == leaf.place))
    }

    /// The lists and tables that a rule asks itself, by name.
    #[must_use]
    pub fn lists_of(&self, rule: &Rule) -> BTreeSet<&str> {
        let mut lists = BTreeSet::new();
        for expr in rule.scope.iter().chain([&rule.body]) {
            expr.walk(&mut |part| {
                if let Expr::Clause(at) = part {
                    lists.extend(self.clauses[*at].lists());
                }
            });
        }
        lists
    }

    /// The text of a list, its own or that of a base, from the files that the rule set was checked with.
    #[must_use]
    pub fn list_text<'a>(&self, list: &str, files: &'a RuleFiles) -> Option<&'a str> {
        files.get(self.list_files.get(list)?)
    }

    /// How records are linked to persons; none where the profile for it has a mistake.
    #[must_use]
    pub fn linkage(&self) -> Option<&Arc<LinkProfile>> {
        self.linkage.as_ref()
    }

    /// The lists, by name.
    pub fn lists(&self) -> impl Iterator<Item = &Lexicon> {
        self.written.lists.lexicons.iter()
    }

    /// The text fields that some clause looks into.
    #[must_use]
    pub fn text_fields(&self) -> &[Field] {
        &self.text_fields
    }
}

/// Takes out what was only said because a value, or a whole file, could not be read at all.
fn without_echoes(sources: &Sources, found: &mut Diagnostics) {
    let lost = |span: Span| sources.text(span.source).trim_matches(UNDECODED).is_empty();
    if found.iter().any(|problem| problem.code == Code::NotUtf8 && problem.span.is_some_and(lost)) {
        let echo = |problem: &Diagnostic| problem.code != Code::NotUtf8 && problem.span.is_some_and(lost);
        *found = std::mem::take(found).into_iter().filter(|problem| !echo(problem)).collect();
    }
    let unread: Vec<Option<Span>> =
        found.iter().filter(|problem| problem.code == Code::TomlSyntax).map(|problem| problem.span).collect();
    let echo = |problem: &Diagnostic| problem.code == Code::WrongType && unread.contains(&problem.span);
    if !unread.is_empty() {
        *found = std::mem::take(found).into_iter().filter(|problem| !echo(problem)).collect();
    }
}

/// The numbers of the pack, for rules that stand without a rule set or whose own numbers cannot be used.
fn shipped_profile(sources: &mut Sources, found: &mut Diagnostics) -> Option<Profile> {
    let pack = RuleFiles::shipped();
    let layers = layers(&pack, pack.set_file(None), sources, found);
    Profile::of(&layers.iter().filter_map(|layer| layer.head.as_ref()).collect::<Vec<_>>(), found)
}

/// The problem that the rule on which a partial finding rests does not exist.
fn partial_rule(profile: &Profile, specs: &[RuleSpec]) -> Option<Diagnostic> {
    let (id, at) = profile.partial.rule.as_ref().filter(|(id, _)| specs.iter().all(|spec| spec.id != *id))?;
    let message = format!("there is no rule `{id}`, so no outcome is ever `partial`");
    let problem = Diagnostic::new(Code::PartialWithoutRule, message).at(*at);
    Some(match did_you_mean(id, specs.iter().map(|spec| spec.id.as_str())) {
        Some(near) => problem.help(format!("did you mean `{near}`?")),
        None => problem.help("name the rule that says that separable charges remain, or take `rule` out"),
    })
}
