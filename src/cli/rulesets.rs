//! What several commands need to judge: rule sets and a selection of their rules, as given on the command line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use clap::builder::PossibleValuesParser;

use super::exit::{Done, Exit, Failure};
use super::{Io, not_known};
use crate::diag::{Code, Diagnostic, Diagnostics, Sources, Span, render, summary};
use crate::record::PartialDate;
use crate::report::count;
use crate::report::run::Options;
use crate::rule::{RuleFiles, RuleSet, Selection, Status};

/// One rule set.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct RulesArgs {
    /// Folder or file with rules. Left out, the rules inside the program are used.
    #[arg(long, value_name = "PATH")]
    pub(super) rules: Option<PathBuf>,
    /// Rule set of the folder: `strict` is the one in strict.ruleset.toml. Left out, it is the one in ruleset.toml.
    #[arg(long, value_name = "NAME")]
    pub(super) ruleset: Option<String>,
}

/// Rule sets side by side.
#[derive(Debug, Clone, Args)]
pub(super) struct RuleSetsArgs {
    /// Folder or file with rules. Left out, the rules inside the program are used.
    #[arg(long, value_name = "PATH")]
    pub(super) rules: Option<PathBuf>,
    /// Rule set of the folder: `strict` is the one in strict.ruleset.toml, `default` the one in ruleset.toml. May be given
    /// several times: then the input is read once and judged by each.
    #[arg(long, value_name = "NAME")]
    pub(super) ruleset: Vec<String>,
    /// Only rules whose id fits count, as in `charge.*`; the rules they build on are still judged. May be given several
    /// times.
    #[arg(long, value_name = "GLOB")]
    pub(super) rule: Vec<String>,
    #[command(flatten)]
    pub(super) select: SelectArgs,
}

/// Which rules count.
#[derive(Debug, Clone, Args)]
pub(super) struct SelectArgs {
    /// Rules whose id fits do not count. May be given several times.
    #[arg(long, value_name = "GLOB")]
    pub(super) skip: Vec<String>,
    /// Rules of these statuses count, in place of those that the rule set names.
    #[arg(long, value_name = "STATUS,…", value_delimiter = ',',
          value_parser = PossibleValuesParser::new(Status::ALL.iter().map(|status| status.word())))]
    pub(super) status: Vec<String>,
}

impl SelectArgs {
    /// The selection, with patterns of the only rules that count.
    fn with(&self, only: &[String]) -> Selection {
        let statuses = self.status.iter().filter_map(|word| Status::parse(word)).collect();
        Selection { only: only.to_vec(), skip: self.skip.clone(), statuses }
    }
}

/// Which rule sets are wanted, and which of their rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Wanted {
    rules: Option<PathBuf>,
    /// By name; none is the rule set that is used unless another is asked for.
    sets: Vec<String>,
    selection: Selection,
    /// Whether it is repeated from the record of a run. Then a pattern may fit no rule: another rule set stood beside this one.
    repeated: bool,
    /// The day on which suppressions are read; without it their dates play no part.
    today: Option<PartialDate>,
}

impl Wanted {
    /// The same, judged on a day.
    pub(super) fn on(self, today: Option<PartialDate>) -> Self {
        Self { today, ..self }
    }

    /// What a recorded run was judged by.
    pub(super) fn of_record(then: &Options) -> Self {
        let statuses = then.status.iter().filter_map(|word| Status::parse(word)).collect();
        Self {
            rules: then.rules.as_ref().map(PathBuf::from),
            sets: then.ruleset.iter().cloned().collect(),
            selection: Selection { only: then.rule.clone(), skip: then.skip.clone(), statuses },
            repeated: true,
            today: None,
        }
    }
}

impl From<&RuleSetsArgs> for Wanted {
    fn from(args: &RuleSetsArgs) -> Self {
        let selection = args.select.with(&args.rule);
        Self { rules: args.rules.clone(), sets: args.ruleset.clone(), selection, ..Self::default() }
    }
}

impl From<&RulesArgs> for Wanted {
    fn from(args: &RulesArgs) -> Self {
        Self { rules: args.rules.clone(), sets: args.ruleset.iter().cloned().collect(), ..Self::default() }
    }
}

/// Rules as they were read, sound or not.
pub(super) struct Checked {
    pub(super) files: RuleFiles,
    pub(super) sources: Sources,
    pub(super) found: Diagnostics,
    /// The names of the rule sets; none where there is nothing but rules.
    names: Vec<String>,
    sets: Vec<Option<RuleSet>>,
}

impl Checked {
    /// The rule set that was asked for; else the first one of the folder that can be used.
    pub(super) fn rules(&self) -> Option<&RuleSet> {
        self.sets.iter().flatten().next()
    }

    /// Looks at every rule set that can be used, and adds what is found.
    pub(super) fn look(&mut self, look: impl Fn(&RuleSet, &Sources, &mut Diagnostics)) {
        let of = |rules: &Option<RuleSet>| {
            let mut own = Diagnostics::new();
            rules.iter().for_each(|rules| look(rules, &self.sources, &mut own));
            own
        };
        let problems: Vec<Diagnostics> = self.sets.iter().map(of).collect();
        self.found.extend(told_once(&self.names, problems));
    }

    /// Takes out the rules, if they are without error; else the errors are shown. `so` is what became of the command.
    pub(super) fn sound(&mut self, so: &str, io: &mut Io<'_>) -> Done<RuleSet> {
        if self.found.has_errors() {
            say(&self.found, &self.sources, io);
            return Err(Failure::usage(format!("the rules have {}; {so}", summary(&self.found))));
        }
        let rules = std::mem::take(&mut self.sets).into_iter().flatten().next();
        rules.ok_or_else(|| Failure::usage(format!("there is no rule set; {so}")))
    }
}

/// Reads and checks a rule set of a folder, by name; without a name every one, the one that is used unless another is asked
/// for first. What is wrong with them is sorted.
pub(super) fn check(path: Option<&Path>, name: Option<&str>) -> Done<Checked> {
    let files = rule_files(path)?;
    let names = match name {
        Some(name) => {
            known(&files, name)?;
            vec![name.to_owned()]
        }
        None => files.sets().into_iter().map(str::to_owned).collect(),
    };
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let sets = sets(&files, &names, &mut sources, &mut found);
    // A folder without a rule is a mistake in the path more often than a rule set.
    let sound = sets.iter().flatten().next().filter(|_| !found.has_errors());
    found.extend(sound.filter(|rules| rules.rules.is_empty()).and_then(RuleSet::nothing_counts));
    found.sort(&sources);
    Ok(Checked { files, sources, found, names, sets })
}

/// Checks rule sets by name; without any name, the rules as they are.
fn sets(files: &RuleFiles, names: &[String], sources: &mut Sources, found: &mut Diagnostics) -> Vec<Option<RuleSet>> {
    if names.is_empty() {
        return vec![RuleSet::check(files, sources, found)];
    }
    let (mut sets, mut problems) = (vec![], vec![]);
    for name in names {
        let mut own = Diagnostics::new();
        sets.push(RuleSet::check_named(files, name, sources, &mut own));
        problems.push(own);
    }
    found.extend(told_once(names, problems));
    sets
}

/// The problems of rule sets, each once. One that not all of them have names those that have it.
fn told_once(names: &[String], problems: Vec<Diagnostics>) -> Vec<Diagnostic> {
    type Place = (Option<Span>, Code);
    let mut at: BTreeMap<Place, Vec<usize>> = BTreeMap::new();
    let mut told: Vec<(Diagnostic, BTreeSet<usize>)> = vec![];
    for (set, problem) in
        problems.into_iter().enumerate().flat_map(|(set, own)| own.into_iter().map(move |one| (set, one)))
    {
        let near = at.entry((problem.span, problem.code)).or_default();
        match near.iter().find(|known| told[**known].0 == problem) {
            Some(known) => drop(told[*known].1.insert(set)),
            None => {
                near.push(told.len());
                told.push((problem, BTreeSet::from([set])));
            }
        }
    }
    let named = |(mut problem, having): (Diagnostic, BTreeSet<usize>)| {
        if having.len() < names.len() {
            let having: Vec<String> = having.iter().map(|set| format!("`{}`", names[*set])).collect();
            let of = format!("this is so in the rule set {}", having.join(", "));
            problem.help = Some(problem.help.map_or_else(|| of.clone(), |help| format!("{help}; {of}")));
        }
        problem
    };
    told.into_iter().map(named).collect()
}

/// The files of a folder, or those inside the program.
pub(super) fn rule_files(path: Option<&Path>) -> Done<RuleFiles> {
    path.map_or_else(|| Ok(RuleFiles::shipped()), read_rules)
}

/// The files of a folder, as they stand.
pub(super) fn read_rules(path: &Path) -> Done<RuleFiles> {
    RuleFiles::read(path).map_err(|error| Failure { exit: Exit::Usage, error: error.into() })
}

/// The folder that the names of the files of a rule set are relative to.
pub(super) fn folder_of(path: &Path) -> &Path {
    if path.is_dir() { path } else { path.parent().unwrap_or(path) }
}

fn known(files: &RuleFiles, name: &str) -> Done<()> {
    let sets = files.sets();
    if sets.contains(&name) { Ok(()) } else { Err(not_known("rule set", name, &sets)) }
}

/// One rule set to judge with on a day, and a selection of its rules.
pub(super) fn load_selected(
    args: &RulesArgs,
    select: &SelectArgs,
    today: Option<PartialDate>,
    io: &mut Io<'_>,
) -> Done<Arc<RuleSet>> {
    let wanted = Wanted { selection: select.with(&[]), today, ..args.into() };
    load_all(&wanted, io).and_then(|(sets, _)| first(sets))
}

/// Rules to judge with, and how many warnings there are. An error in the rules stops the command, and so does the lack of
/// any rule that counts.
pub(super) fn load(args: &RulesArgs, io: &mut Io<'_>) -> Done<(Arc<RuleSet>, usize)> {
    let (sets, warnings) = load_all(&args.into(), io)?;
    Ok((first(sets)?, warnings))
}

fn first(sets: Vec<Arc<RuleSet>>) -> Done<Arc<RuleSet>> {
    sets.into_iter().next().ok_or_else(|| Failure::usage("there is no rule set; nothing was judged"))
}

/// The same for every rule set that is wanted, in the order given.
pub(super) fn load_all(wanted: &Wanted, io: &mut Io<'_>) -> Done<(Vec<Arc<RuleSet>>, usize)> {
    let files = rule_files(wanted.rules.as_deref())?;
    let names = names(&files, wanted)?;
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let sets = sets(&files, &names, &mut sources, &mut found);
    found.sort(&sources);
    if found.has_errors() {
        say(&found, &sources, io);
        return Err(Failure::usage(format!("the rules have {}; nothing was judged", summary(&found))));
    }
    let sets: Vec<RuleSet> = sets.into_iter().flatten().collect();
    if !wanted.repeated {
        patterns_fit(&wanted.selection, &sets)?;
    }
    let mut ready = vec![];
    for (at, mut rules) in sets.into_iter().enumerate() {
        rules.select(&wanted.selection);
        rules.label = wanted.sets.get(at).cloned();
        rules.today = wanted.today;
        if let Some(problem) = rules.nothing_counts() {
            say(&std::iter::once(problem).collect(), &sources, io);
            let of = rules.label.map(|name| format!(" in the rule set `{name}`")).unwrap_or_default();
            return Err(Failure::usage(format!("no rule is active{of}; nothing was judged")));
        }
        ready.push(Arc::new(rules));
    }
    Ok((ready, found.warnings()))
}

/// Says that the rules have warnings, which keep nothing from being judged.
pub(super) fn tell_warnings(warnings: usize, io: &mut Io<'_>) {
    if warnings > 0 {
        let warnings = count(u64::try_from(warnings).unwrap_or(u64::MAX), "warning");
        io.say(&format!("the rules have {warnings}; `article3 rules check` shows them\n"));
    }
}

/// The names of the rule sets that are wanted, each known and named once.
fn names(files: &RuleFiles, wanted: &Wanted) -> Done<Vec<String>> {
    let mut seen = BTreeSet::new();
    for name in &wanted.sets {
        known(files, name)?;
        if !seen.insert(name) {
            return Err(Failure::usage(format!("the rule set `{name}` is named twice")));
        }
    }
    if wanted.sets.is_empty() && !files.sets().is_empty() && !files.has_default() {
        let names = files.sets().join("`, `");
        return Err(Failure::usage(format!("the folder has no `ruleset.toml`; choose with `--ruleset`: `{names}`")));
    }
    Ok(wanted.sets.clone())
}

/// Refuses a pattern that fits no rule of any rule set.
fn patterns_fit(selection: &Selection, sets: &[RuleSet]) -> Done<()> {
    let Some(pattern) = selection.patterns().find(|pattern| !sets.iter().any(|rules| rules.has(pattern))) else {
        return Ok(());
    };
    let ids: BTreeSet<&str> = sets.iter().flat_map(|rules| &rules.rules).map(|rule| &*rule.id).collect();
    let groups = ids.iter().filter_map(|id| Some(format!("{}.*", id.rsplit_once('.')?.0)));
    let groups: BTreeSet<String> = groups.filter(|_| pattern.contains('*')).collect();
    let known: Vec<&str> = groups.iter().map(String::as_str).chain(ids.iter().copied()).collect();
    Err(not_known("rule", pattern, &known))
}

fn say(found: &Diagnostics, sources: &Sources, io: &mut Io<'_>) {
    let text = render(found, sources, io.err.style());
    io.say(&text);
    io.say("\n");
}
