//! `rules fmt`: rule files and lists in one layout.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::cli::Io;
use crate::cli::deliver::shown;
use crate::cli::exit::{Done, Exit, Failure};
use crate::cli::replace::replace;
use crate::cli::rulesets::{folder_of, read_rules};
use crate::report::count;
use crate::rule::format;
use crate::text::visible;

/// What `rules fmt` is asked for.
#[derive(Debug, Args)]
pub(in crate::cli) struct FmtArgs {
    /// Folder with rules and lists, or one of the files.
    path: PathBuf,
    /// Write nothing: name the files that are not laid out, and exit with 1 if there is one.
    #[arg(long)]
    check: bool,
}

pub(super) fn run(args: &FmtArgs, io: &mut Io<'_>) -> Done {
    let files = read_rules(&args.path)?;
    let (mut changed, mut left) = (0, 0);
    let laid_out = files.iter().filter(|(name, _)| name.ends_with(".toml") || name.ends_with(".csv"));
    for (name, text) in laid_out {
        let path = folder_of(&args.path).join(name);
        match format(name, text) {
            Err(error) => {
                left += 1;
                io.say(&visible_line(&path, &error.to_string()));
            }
            Ok(new) if new == text => {}
            Ok(new) => {
                changed += 1;
                writeln!(io.out.to, "{}", visible(&path.display().to_string()))?;
                if !args.check {
                    replace(&path, &new)?;
                }
            }
        }
    }
    let said = if args.check { "not laid out" } else { "laid out" };
    io.say(&format!("{} {said}\n", count(changed, "file")));
    match (left, args.check && changed > 0) {
        (0, false) => Ok(Exit::Done),
        (0, true) => Ok(Exit::Found),
        (left, _) => Err(Failure::usage(format!("{} left as it was", count(left, "file")))),
    }
}

fn visible_line(path: &Path, text: &str) -> String {
    format!("{}: {text}\n", visible(&shown(path)))
}
