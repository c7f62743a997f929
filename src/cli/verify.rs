//! `verify`: runs a recorded scan again and compares what comes out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;

use super::Io;
use super::batch::pool;
use super::deliver::{RUN, Target};
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::InputArgs;
use super::rejected::Noticed;
use super::rulesets::{Wanted, load_all};
use super::scan::{keep, record};
use super::screen::Job;
use crate::engine::Plan;
use crate::ingest::Source;
use crate::report::run::{Engine, Output, Override, Record, Rules, Run, SCHEMA_VERSION};
use crate::text::visible;

/// What `verify` is asked for.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The run.json that `scan --out` wrote, or its folder. Inputs and rules are looked for where they were then. That of
    /// several rule sets stands for all of their runs.
    run: PathBuf,
}

pub(super) fn run(args: &VerifyArgs, io: &mut Io<'_>) -> Done {
    let file = if args.run.is_dir() { args.run.join(RUN) } else { args.run.clone() };
    let differences = match recorded(&file)? {
        Record::One(then) => differences(&file, &then, io)?,
        Record::Several(runs) => {
            let mut all = left(&file, &runs.runs)?;
            for name in runs.folders() {
                let file = file.with_file_name(name).join(RUN);
                let Record::One(then) = recorded(&file)? else { return Err(no_record(&file)) };
                let found = differences(&file, &then, io)?;
                all.extend(found.into_iter().map(|difference| format!("{name}: {difference}")));
            }
            all
        }
    };
    if differences.is_empty() {
        writeln!(io.out.to, "The run comes out as recorded: same inputs, same rules, same output, byte for byte.")?;
        return Ok(Exit::Done);
    }
    for difference in &differences {
        writeln!(io.out.to, "{}", visible(difference))?;
    }
    Err(Failure::unverified("the run does not come out as recorded"))
}

/// Runs a scan again and says what is different.
fn differences(file: &Path, then: &Run, io: &mut Io<'_>) -> Done<Vec<String>> {
    let read = InputArgs::of_record(&then.options.input)?.options(io)?;
    let (sets, _) = load_all(&Wanted::of_record(&then.options).on(read.today), io)?;
    let inputs: Vec<Source> = then.inputs.iter().map(|input| Source::parse(&input.file)).collect();
    if inputs.contains(&Source::Stdin) {
        return Err(Failure::usage("the run read standard input, which is gone; scan a file to have a run to verify"));
    }
    let plans: Vec<Plan> = sets.into_iter().map(Plan::compile).collect();
    let mut progress = Progress::new(io.err.terminal);
    let job = Job { plans: &plans, inputs: &inputs, read, keep: keep(then.options.all) };
    let wanted = [(then.options.clone(), Target::Nowhere)];
    let (now, _) = pool(None)?.install(|| record(&job, &wanted, &mut progress, &mut Noticed::silent()))?;
    progress.done();
    let mut all = vec![];
    for now in &now {
        all.extend(before(then, &now.rule_set));
        all.extend(after(file, then, now)?);
    }
    Ok(all)
}

fn recorded(path: &Path) -> Done<Record> {
    let name = path.display();
    let failure = |exit, error, what: String| Failure { exit, error: anyhow::Error::from_boxed(error).context(what) };
    let text = std::fs::read_to_string(path)
        .map_err(|error| failure(Exit::Input, error.into(), format!("cannot read `{name}`")))?;
    let record = Record::parse(&text)
        .map_err(|error| failure(Exit::Input, error.into(), format!("`{name}` is no record of a run")))?;
    if record.schema_version() != SCHEMA_VERSION {
        let version = record.schema_version();
        return Err(Failure::usage(format!(
            "`{name}` has schema version {version}; this program reads {SCHEMA_VERSION}"
        )));
    }
    Ok(record)
}

fn no_record(path: &Path) -> Failure {
    let error = anyhow::Error::msg(format!("`{}` is no record of a run", path.display()));
    Failure { exit: Exit::Input, error }
}

/// What is different in program and rules.
fn before(then: &Run, rules: &Rules) -> Vec<String> {
    let mut all = vec![];
    if then.engine != Engine::this() {
        let (was, is) = (&then.engine.version, Engine::this().version);
        all.push(format!("The program was version {was} and is version {is}."));
    }
    let was = &then.rule_set;
    let ids = |rules: &Rules| rules.rules.iter().map(|(id, rule)| (id.clone(), rule.hash.clone())).collect();
    all.extend(changed("rule", &ids(was), &ids(rules)));
    let lists = |rules: &Rules| rules.lists.iter().map(|(name, list)| (name.clone(), list.hash.clone())).collect();
    all.extend(changed("list", &lists(was), &lists(rules)));
    let bases = |rules: &Rules| rules.bases.iter().map(|base| (base.name.clone(), base.version.clone())).collect();
    all.extend(valued("The version of the base", &bases(was), &bases(rules)));
    all.extend(valued("The profile's", &was.profile, &rules.profile));
    let overrides = |rules: &Rules| rules.overrides.iter().map(|(id, all)| (id.clone(), in_words(all))).collect();
    all.extend(valued("The override of", &overrides(was), &overrides(rules)));
    if all.is_empty() && was.hash != rules.hash {
        all.push("The rule files changed, but no rule's meaning, no list, no number and no override.".to_owned());
    }
    all
}

fn in_words(overrides: &[Override]) -> String {
    let one = |one: &Override| format!("{}, by {} ({})", one.change, one.by, one.reason);
    overrides.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Names with other values than before.
fn valued(what: &str, was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) -> Vec<String> {
    let names: BTreeSet<&String> = was.keys().chain(is.keys()).collect();
    let value = |map: &BTreeMap<String, String>, name| map.get(name).map_or("nothing", String::as_str).to_owned();
    let different = names.into_iter().filter(|name| was.get(*name) != is.get(*name));
    different.map(|name| format!("{what} `{name}` was {} and is {}.", value(was, name), value(is, name))).collect()
}

/// What is different in inputs and outputs, of the run done again and of the files it left.
fn after(file: &Path, then: &Run, now: &Run) -> Done<Vec<String>> {
    let mut all = vec![];
    for (was, is) in then.inputs.iter().zip(&now.inputs) {
        if was.sha256 != is.sha256 {
            all.push(format!("The input `{}` changed.", was.file));
        }
        if (&was.profile, &was.profile_hash) != (&is.profile, &is.profile_hash) {
            all.push(format!("The profile that `{}` was read with changed.", was.file));
        }
    }
    let hashes = |outputs: &[Output]| outputs.iter().map(|out| (out.file.clone(), out.sha256.clone())).collect();
    all.extend(changed("output", &hashes(&then.outputs), &hashes(&now.outputs)));
    all.extend(left(file, &then.outputs)?);
    Ok(all)
}

/// What is different in the files that a run left beside its record.
fn left(file: &Path, outputs: &[Output]) -> Done<Vec<String>> {
    let mut all = vec![];
    for output in outputs {
        let path = file.with_file_name(&output.file);
        match std::fs::read(&path) {
            Ok(bytes) if crate::text::hex(&<sha2::Sha256 as sha2::Digest>::digest(&bytes)) == output.sha256 => {}
            Ok(_) => all.push(format!("The file `{}` is not the one that was written.", path.display())),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                all.push(format!("The file `{}` is gone.", path.display()));
            }
            Err(error) => {
                let error = anyhow::Error::new(error).context(format!("cannot read `{}`", path.display()));
                return Err(Failure { exit: Exit::Input, error });
            }
        }
    }
    Ok(all)
}

/// Names with other hashes than before, names that are gone, and names that are there for the first time.
fn changed(what: &str, was: &BTreeMap<String, String>, is: &BTreeMap<String, String>) -> Vec<String> {
    let gone_or_other = was.iter().filter_map(|(name, hash)| match is.get(name) {
        Some(same) if same == hash => None,
        Some(_) => Some(format!("The {what} `{name}` is different.")),
        None => Some(format!("The {what} `{name}` is no longer there.")),
    });
    let added = is.keys().filter(|name| !was.contains_key(*name)).map(|name| format!("The {what} `{name}` was added."));
    gone_or_other.chain(added).collect()
}
