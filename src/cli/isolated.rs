//! `isolated`: reads standard input for a process of this program that fears what is in it. Not for people.

use std::fs::File;
use std::os::fd::AsFd;

use clap::Args;
use clap::builder::PossibleValuesParser;
use rlimit::Resource;

use super::Io;
use super::exit::{Done, Exit, Failure};
use crate::ingest::isolate::{Request, serve};
use crate::ingest::{Format, Limit, Limits};

/// How much of the program comes into memory while it reads.
const OF_PROGRAM: u64 = 32 * 1024 * 1024;

/// What `isolated` is asked for.
#[derive(Debug, Args)]
pub(super) struct IsolatedArgs {
    /// Format of the input.
    #[arg(long, value_parser = PossibleValuesParser::new(Format::ALL.map(Format::name)))]
    format: String,
    /// Name of the input, for messages.
    #[arg(long)]
    name: String,
    /// Sheet of a workbook.
    #[arg(long)]
    sheet: Option<String>,
    /// Row of the header, 0 if there is none.
    #[arg(long)]
    header_row: Option<u64>,
    /// What the input may take.
    #[arg(long = "limit", value_name = "NAME=VALUE")]
    limits: Vec<String>,
}

pub(super) fn run(args: &IsolatedArgs, io: &mut Io<'_>) -> Done {
    let format = Format::parse(&args.format).ok_or_else(|| Failure::usage("there is no such format"))?;
    let limits = args.limits.iter().try_fold(Limits::default(), |limits, limit| limits.set(limit));
    let limits = limits.map_err(Failure::usage)?;
    let failed = |error: std::io::Error| Failure { exit: Exit::Input, error: error.into() };
    bound(limits.get(Limit::MemoryBytes)).map_err(failed)?;
    let input = File::from(std::io::stdin().as_fd().try_clone_to_owned().map_err(failed)?);
    let (name, sheet, header_row) = (args.name.clone(), args.sheet.clone(), args.header_row);
    serve(&Request { format, name, limits, sheet, header_row }, input, io.out.to)?;
    Ok(Exit::Done)
}

/// Lets this process take so much memory, and leave no image of it when it breaks off.
///
/// The system bounds addresses, not memory. What is mapped already is mostly the program, of which little is ever in
/// memory; it is added to the bound, less what of it is in memory by now and what may still come.
fn bound(memory: u64) -> std::io::Result<()> {
    let (mapped, resident) = taken().unwrap_or((0, 0));
    let addresses = memory.saturating_sub(resident + OF_PROGRAM).saturating_add(mapped);
    let (_, most) = Resource::AS.get()?;
    let addresses = addresses.min(most);
    Resource::AS.set(addresses, addresses)?;
    Resource::CORE.set(0, 0)
}

/// How much this process has mapped, and how much of it is in memory, in bytes. Only Linux says so.
fn taken() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let of = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().strip_suffix(" kB")?.parse::<u64>().ok()?.checked_mul(1024)
    };
    Some((of("VmSize:")?, of("VmRSS:")?))
}
