//! `verify`: runs a recorded scan again and compares what comes out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;

use super::Io;
use super::deliver::Target;
use super::exit::{Done, Exit, Failure};
use super::progress::Progress;
use super::read::{InputArgs, RulesArgs, load};
use super::rejected::Noticed;
use super::scan::{keep, pool, record};
use super::screen::Job;
use crate::engine::Plan;
use crate::ingest::Source;
use crate::report::run::{Engine, Output, Rules, Run, SCHEMA_VERSION};
use crate::text::visible;

/// What `verify` is asked for.
#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    /// The run.json that `scan --out` wrote, or its folder. Inputs and rules are looked for where they were then.
    run: PathBuf,
}

impl VerifyArgs {
    /// The record of the run, where its folder was named too.
    fn file(&self) -> PathBuf {
        if self.run.is_dir() { self.run.join("run.json") } else { self.run.clone() }
    }
}

pub(super) fn run(args: &VerifyArgs, io: &mut Io<'_>) -> Done {
    let then = recorded(args)?;
    let rules = RulesArgs { rules: then.options.rules.as_ref().map(PathBuf::from) };
    let (rules, _) = load(&rules, io)?;
    let inputs: Vec<Source> = then.inputs.iter().map(|input| Source::parse(&input.file)).collect();
    if inputs.contains(&Source::Stdin) {
        return Err(Failure::usage("the run read standard input, which is gone; scan a file to have a run to verify"));
    }
    let read = InputArgs::of_record(&then.options.input)?.options(None, io)?;
    let mut differences = before(&then, &Rules::of(&rules));
    let plan = Plan::compile(rules);
    let mut progress = Progress::new(io.err.terminal);
    let job = Job { plan: &plan, inputs: &inputs, read, keep: keep(then.options.all) };
    let mut again = || record(&job, &then.options, &Target::Nowhere, &mut progress, &mut Noticed::silent());
    let (now, _) = pool(None)?.install(&mut again)?;
    progress.done();
    differences.extend(after(args, &then, &now)?);
    if differences.is_empty() {
        writeln!(io.out.to, "The run comes out as recorded: same inputs, same rules, same output, byte for byte.")?;
        return Ok(Exit::Done);
    }
    for difference in &differences {
        writeln!(io.out.to, "{}", visible(difference))?;
    }
    Err(Failure::unverified("the run does not come out as recorded"))
}

fn recorded(args: &VerifyArgs) -> Done<Run> {
    let path = args.file();
    let name = path.display();
    let failure = |exit, error, what: String| Failure { exit, error: anyhow::Error::from_boxed(error).context(what) };
    let text = std::fs::read_to_string(&path)
        .map_err(|error| failure(Exit::Input, error.into(), format!("cannot read `{name}`")))?;
    let run: Run = serde_json::from_str(&text)
        .map_err(|error| failure(Exit::Input, error.into(), format!("`{name}` is no record of a run")))?;
    if run.schema_version != SCHEMA_VERSION {
        let version = run.schema_version;
        return Err(Failure::usage(format!(
            "`{name}` has schema version {version}; this program reads {SCHEMA_VERSION}"
        )));
    }
    Ok(run)
}

/// What is different before anything is judged.
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
    if all.is_empty() && was.hash != rules.hash {
        all.push("The rule files changed, but neither a rule's meaning nor a list.".to_owned());
    }
    all
}

/// What is different in inputs and outputs, of the run done again and of the files it left.
fn after(args: &VerifyArgs, then: &Run, now: &Run) -> Done<Vec<String>> {
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
    for output in &then.outputs {
        let path = args.file().with_file_name(&output.file);
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
