//! One case: what goes in, which command reads it, what must come out.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::run::{LONGEST, PEAK, Seen};

/// The ways a command may end, whatever it is given.
const DONE: [i32; 5] = [0, 2, 3, 4, 5];
/// How much of the output stands in a failure.
const SHOWN: usize = 300;

/// What must hold of what was seen, or what is wrong.
type Want = Box<dyn Fn(&Seen) -> Result<(), String> + Send + Sync>;
/// Writes the bytes of a file. Large ones are not held in memory.
type Bytes = Box<dyn Fn(&mut dyn Write) -> io::Result<()> + Send + Sync>;

pub(super) struct Case {
    pub(super) suite: &'static str,
    /// How many cases of a corpus it stands for: many strings fit into one file.
    pub(super) covers: usize,
    name: String,
    files: Vec<(String, Bytes)>,
    input: String,
    command: String,
    exits: Vec<i32>,
    wants: Vec<Want>,
}

impl Case {
    /// A case that is inspected, unless it says otherwise.
    pub(super) fn new(suite: &'static str, name: impl Into<String>) -> Self {
        let (name, command) = (name.into(), "inspect FILE".to_owned());
        let (files, input, exits, wants) = (vec![], String::new(), DONE.to_vec(), vec![]);
        Self { suite, covers: 1, name, files, input, command, exits, wants }
    }

    /// A file that the case makes. The first one is the input.
    pub(super) fn file(self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        self.written(name, move |out| out.write_all(&bytes))
    }

    /// The same for a file too large to be held.
    pub(super) fn written<F>(mut self, name: &str, write: F) -> Self
    where
        F: Fn(&mut dyn Write) -> io::Result<()> + Send + Sync + 'static,
    {
        if self.input.is_empty() {
            self.input = name.to_owned();
        }
        self.files.push((name.to_owned(), Box::new(write)));
        self
    }

    /// A file that is there, or a name that the program is to make sense of.
    pub(super) fn at(mut self, path: &Path) -> Self {
        self.input = path.display().to_string();
        self
    }

    /// The command line. `FILE` stands for the input, `RULES` for a folder with a few rules.
    pub(super) fn run(mut self, command: &str) -> Self {
        command.clone_into(&mut self.command);
        self
    }

    pub(super) fn covers(mut self, cases: usize) -> Self {
        self.covers = cases;
        self
    }

    /// The only exit statuses that will do.
    pub(super) fn exits(mut self, exits: &[i32]) -> Self {
        self.exits = exits.to_vec();
        self
    }

    /// What one of the two streams must say, in whatever case and wherever lines are broken.
    pub(super) fn says(self, text: &str) -> Self {
        let text = text.to_lowercase();
        self.must(move |seen| if seen.said().contains(&text) { Ok(()) } else { Err(format!("does not say `{text}`")) })
    }

    pub(super) fn never_says(self, text: &str) -> Self {
        let text = text.to_lowercase();
        self.must(move |seen| if seen.said().contains(&text) { Err(format!("says `{text}`")) } else { Ok(()) })
    }

    /// How many rows are accepted and rejected.
    pub(super) fn rows(self, accepted: u64, rejected: u64) -> Self {
        self.must(move |seen| match seen.ledger() {
            Some(ledger) if (ledger.accepted, ledger.rejected) == (accepted, rejected) => Ok(()),
            Some(ledger) => Err(format!("{ledger:?} where {accepted} rows are sound and {rejected} are not")),
            None => Err("prints no account of the rows".to_owned()),
        })
    }

    /// How many rows are exact duplicates.
    pub(super) fn duplicates(self, duplicates: u64) -> Self {
        self.must(move |seen| match seen.ledger() {
            Some(ledger) if ledger.duplicates == duplicates => Ok(()),
            ledger => Err(format!("{ledger:?} where {duplicates} rows are duplicates")),
        })
    }

    pub(super) fn must<F>(mut self, want: F) -> Self
    where
        F: Fn(&Seen) -> Result<(), String> + Send + Sync + 'static,
    {
        self.wants.push(Box::new(want));
        self
    }

    /// Writes the files into a folder and returns the arguments.
    pub(super) fn prepare(&self, folder: &Path, rules: &Path) -> io::Result<Vec<String>> {
        for (name, write) in &self.files {
            let path = folder.join(name);
            std::fs::create_dir_all(path.parent().unwrap_or(folder))?;
            let mut out = BufWriter::new(File::create(path)?);
            write(&mut out)?;
            out.flush()?;
        }
        let word = |word: &str| match word {
            "FILE" => self.input.clone(),
            "RULES" => rules.display().to_string(),
            other => other.to_owned(),
        };
        Ok(self.command.split_whitespace().map(word).collect())
    }

    /// What does not hold; empty where everything does.
    pub(super) fn judge(&self, seen: &Seen) -> Vec<String> {
        let mut wrong: Vec<String> = self.wants.iter().filter_map(|want| want(seen).err()).collect();
        match seen.exit {
            Some(exit) if self.exits.contains(&exit) => wrong.extend(self.names_the_place(seen, exit)),
            Some(exit) => wrong.push(format!("exits with {exit}")),
            None => wrong.push(format!("ends by a signal after {:.1} s", seen.took.as_secs_f64())),
        }
        for text in ["panicked", "fault of its own", "unexpected argument", "unrecognized subcommand"] {
            if seen.said().contains(text) {
                wrong.push(format!("says `{text}`"));
            }
        }
        if seen.took > LONGEST {
            wrong.push(format!("takes {:.1} s", seen.took.as_secs_f64()));
        }
        if seen.peak > PEAK {
            wrong.push(format!("takes {} MiB", seen.peak >> 20));
        }
        wrong.extend(seen.ledgers().iter().filter(|ledger| !ledger.balances()).map(|ledger| format!("{ledger:?}")));
        if self.reads() && matches!(seen.exit, Some(0 | 3)) && seen.ledgers().is_empty() {
            wrong.push("prints no account of the rows".to_owned());
        }
        if self.command.starts_with("inspect ") && !self.command.contains("--rows") {
            let acts = |c: &char| *c != '\n' && (c.is_control() || ('\u{202a}'..='\u{202e}').contains(c));
            wrong.extend(seen.out.chars().chain(seen.err.chars()).find(acts).map(|c| format!("prints {c:?} as it is")));
        }
        wrong
    }

    fn reads(&self) -> bool {
        ["inspect", "scan", "convert"].iter().any(|command| self.command.starts_with(command))
            && !["--quiet", "--rows", "--on-reject stop"].iter().any(|option| self.command.contains(option))
    }

    fn names_the_place(&self, seen: &Seen, exit: i32) -> Option<String> {
        let file = PathBuf::from(&self.input);
        let file = file.file_name().map_or_else(|| self.input.clone(), |name| name.to_string_lossy().into_owned());
        let said = seen.said();
        match exit {
            3 | 4 if !said.contains(&file.to_lowercase()) => Some(format!("does not name `{file}`")),
            3 if !["line ", "row "].iter().any(|place| said.contains(place)) => Some("names no line".to_owned()),
            _ => None,
        }
    }

    /// The case and what is wrong with it, for the report.
    pub(super) fn report(&self, seen: &Seen, wrong: &[String]) -> String {
        let mut report = format!("{} {} [{}]: {}", self.suite, self.name, self.command, wrong.join("; "));
        let exit = seen.exit.map_or_else(|| "-".to_owned(), |exit| exit.to_string());
        let said: String = format!("{} {}", seen.err.trim(), seen.out.trim()).chars().take(SHOWN).collect();
        let _ = write!(report, "\n    exit {exit}: {}", said.escape_debug());
        report
    }
}
