//! Runs the program on a case: in a process of its own, with a limit on its time and its address space, and with its memory
//! measured.
//!
//! The memory is the sum, over the process and its children that are alive at one moment, of the most that each ever held
//! (`VmHWM`). It is looked up every two milliseconds, so what a process takes in its very last moment can be missed; the
//! limit on the address space bounds that. Where there is no `/proc`, memory is not measured.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use regex::Regex;

/// How long a case may take: what it computes, for other work on the machine is not its fault.
pub(super) const LONGEST: Duration = Duration::from_secs(10);
/// After which time a case that may compute nothing and wait for ever is ended.
const HANGS: Duration = Duration::from_secs(120);
/// How much memory a case may take, in bytes.
pub(super) const PEAK: u64 = 512 << 20;
/// How much address space a process may take, in KiB: the memory, and what threads reserve without using it.
const ADDRESS_SPACE: &str = "1572864";
const PAUSE: Duration = Duration::from_millis(2);
/// How much of each stream is kept, in bytes.
const KEPT: u64 = 8 << 20;

/// What a run came to.
pub(super) struct Seen {
    /// The exit status; none where a signal ended it.
    pub(super) exit: Option<i32>,
    pub(super) out: String,
    pub(super) err: String,
    pub(super) took: Duration,
    /// In bytes.
    pub(super) peak: u64,
    /// What stands in the folder afterwards.
    pub(super) left: Vec<String>,
    said: String,
}

/// The account of rows that a command printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ledger {
    pub(super) read: u64,
    pub(super) accepted: u64,
    pub(super) rejected: u64,
    pub(super) duplicates: u64,
}

impl Ledger {
    pub(super) fn balances(self) -> bool {
        self.read == self.accepted + self.rejected + self.duplicates
    }
}

impl Seen {
    /// Both streams in lower case, with every white space as one space.
    pub(super) fn said(&self) -> &str {
        &self.said
    }

    pub(super) fn ledgers(&self) -> Vec<Ledger> {
        static ACCOUNT: OnceLock<Regex> = OnceLock::new();
        let account = ACCOUNT.get_or_init(|| {
            Regex::new(r"([0-9,]+) rows? = ([0-9,]+) accepted \+ ([0-9,]+) rejected(?: \+ ([0-9,]+) duplicates?)?")
                .expect("a pattern")
        });
        let number = |text: Option<regex::Match<'_>>| {
            text.and_then(|text| text.as_str().replace(',', "").parse().ok()).unwrap_or_default()
        };
        let ledger = |found: regex::Captures<'_>| Ledger {
            read: number(found.get(1)),
            accepted: number(found.get(2)),
            rejected: number(found.get(3)),
            duplicates: number(found.get(4)),
        };
        account.captures_iter(&self.said).map(ledger).collect()
    }

    pub(super) fn ledger(&self) -> Option<Ledger> {
        self.ledgers().first().copied()
    }

    /// The values that `inspect` shows of a field of the first record.
    pub(super) fn shown(&self, field: &str) -> Vec<String> {
        let of = |line: &str| {
            let (path, value) = line.strip_prefix("  ")?.split_once(": ")?;
            (path.split('[').next() == Some(field)).then(|| value.trim_matches(['“', '”']).to_owned())
        };
        let example = self.out.split_once("The first record").map_or("", |(_, example)| example);
        example.lines().filter_map(of).collect()
    }

    /// In which state `inspect` found the field of an only record: `value`, `empty`, `withheld`, `unreadable` or
    /// `not carried`.
    pub(super) fn state(&self, field: &str) -> &'static str {
        let fields = self.out.split_once("\nfield ").map_or("", |(_, fields)| fields);
        let line = fields.lines().find(|line| line.split_whitespace().next() == Some(field));
        let counts = line.into_iter().flat_map(|line| line.split_whitespace().skip(1));
        let states = ["value", "empty", "withheld", "unreadable", "not carried"];
        states.into_iter().zip(counts).find(|(_, count)| *count != "-").map_or("not carried", |(state, _)| state)
    }
}

/// Runs the program in a folder, which gets two files with what it printed.
pub(super) fn run(folder: &Path, arguments: &[String]) -> io::Result<Seen> {
    let (out, err) = (folder.join(".stdout"), folder.join(".stderr"));
    let started = Instant::now();
    let mut child = Command::new("sh")
        .args(["-c", "ulimit -v \"$0\" && exec \"$@\"", ADDRESS_SPACE, env!("CARGO_BIN_EXE_article3")])
        .args(arguments)
        .current_dir(folder)
        // With more threads and arenas more address space is reserved, on machines that have many cores.
        .envs([("RAYON_NUM_THREADS", "2"), ("MALLOC_ARENA_MAX", "2"), ("NO_COLOR", "1")])
        .env_remove("COLUMNS")
        .stdin(Stdio::null())
        .stdout(File::create(&out)?)
        .stderr(File::create(&err)?)
        .process_group(0)
        .spawn()?;
    let (mut peak, mut took) = (0, Duration::ZERO);
    let exit = loop {
        peak = peak.max(memory(child.id()));
        took = took.max(computed(child.id()).unwrap_or_else(|| started.elapsed()));
        match child.try_wait()? {
            Some(status) => break status.code(),
            None if took > LONGEST || started.elapsed() > HANGS => break kill(&mut child)?,
            None => std::thread::sleep(PAUSE),
        }
    };
    let (out, err) = (kept(&out)?, kept(&err)?);
    let entries = std::fs::read_dir(folder)?.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let left = entries.filter(|name| !name.starts_with('.')).collect();
    let said = format!("{out} {err}").split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    Ok(Seen { exit, out, err, took, peak, left, said })
}

/// Ends a process and its children.
fn kill(child: &mut Child) -> io::Result<Option<i32>> {
    Command::new("sh").args(["-c", "kill -9 \"-$0\"", &child.id().to_string()]).status()?;
    child.wait().map(|status| status.code())
}

fn kept(path: &Path) -> io::Result<String> {
    let mut bytes = vec![];
    File::open(path)?.take(KEPT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What a process and its children hold at most, in bytes.
fn memory(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let kib =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.strip_suffix("kB")?.trim().parse::<u64>().ok());
    kib.unwrap_or_default() * 1024 + children(process).into_iter().map(memory).sum::<u64>()
}

/// How long a process and its children have computed, those that have ended included; none where there is no `/proc`, or
/// the process is gone.
fn computed(process: u32) -> Option<Duration> {
    /// Of `/proc/PID/stat`, in hundredths of a second.
    const TICK: Duration = Duration::from_millis(10);
    let stat = match std::fs::read_to_string(format!("/proc/{process}/stat")) {
        Ok(stat) => stat,
        Err(_) if Path::new("/proc/self/stat").exists() => return Some(Duration::ZERO),
        Err(_) => return None,
    };
    // The second field, the name in brackets, may hold anything; times are the fields 14 to 17.
    let (_, fields) = stat.rsplit_once(')')?;
    let ticks: u32 = fields.split_whitespace().skip(11).take(4).filter_map(|ticks| ticks.parse::<u32>().ok()).sum();
    let below = children(process).into_iter().filter_map(computed).sum::<Duration>();
    Some(TICK * ticks + below)
}

fn children(process: u32) -> Vec<u32> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let of_thread = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    of_thread.flat_map(|list| list.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}
