//! A file that is read by a process of its own, so that whatever a hostile file does to its decoder ends there.
//!
//! The parent runs a program with the arguments of a [`Request`] and the file as standard input; the child calls [`serve`],
//! which writes one message a line: the rows, and at last how many there were or what is wrong. The parent believes
//! none of it beyond that: a line has a longest length, a row a longest time, and a child that ends without a last message
//! was broken by the file. The child sets its own bounds on memory (`cli`), for it alone knows what it takes at the start.

mod message;

use std::fs::File;
use std::io::{self, BufRead, Cursor, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use self::message::{Message, send};
use super::held::{self, Cutter, Heading, Held};
use super::input::Input;
use super::rows::RawRow;
use super::{Format, IngestError, Limit, Limits};

/// The command that reads for another process.
pub const COMMAND: &str = "isolated";
/// How much is taken from the child at a time, and how often that before it has to wait.
const TAKEN: usize = 64 * 1024;
const AHEAD: usize = 4;
/// What a message may be longer than the row in it.
const ENVELOPE: u64 = 1024 * 1024;
const BROKEN: &str =
    "the file is damaged in a way that breaks its decoder; write it again, or convert it to another format";

/// What the child is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The format of the file on standard input.
    pub format: Format,
    /// The name of the file, for messages.
    pub name: String,
    /// What the file may take.
    pub limits: Limits,
    /// The sheet of a workbook; the first visible one that has a cell if not given.
    pub sheet: Option<String>,
    /// The row of a sheet's header, counted from 1, 0 if there is none; found out if not given.
    pub header_row: Option<u64>,
}

impl Request {
    /// The arguments of the program.
    #[must_use]
    pub fn arguments(&self) -> Vec<String> {
        let Self { format, name, limits, sheet, header_row } = self;
        let mut all = vec![COMMAND.to_owned(), format!("--format={}", format.name()), format!("--name={name}")];
        all.extend(sheet.iter().map(|sheet| format!("--sheet={sheet}")));
        all.extend(header_row.iter().map(|row| format!("--header-row={row}")));
        all.extend(Limit::ALL.iter().map(|limit| format!("--limit={}={}", limit.name(), limits.get(*limit))));
        all
    }
}

/// Reads a file for another process: the child's side. Whatever is wrong with the file is a message too.
///
/// # Errors
/// Fails where the messages cannot be written.
pub fn serve(request: &Request, file: File, out: &mut dyn Write) -> io::Result<()> {
    let mut rows = 0;
    let sent = catch_unwind(AssertUnwindSafe(|| send_rows(request, file, out, &mut rows)));
    let last = match sent {
        Ok(Ok(warnings)) => Message::End(rows, warnings),
        Ok(Err(Stop::Output(error))) => return Err(error),
        Ok(Err(Stop::Input(error))) => Message::Error(error.to_string()),
        Err(_) => {
            let error = IngestError::Unsafe { name: request.name.clone(), reason: BROKEN.to_owned(), rows };
            Message::Error(error.to_string())
        }
    };
    send(&last, out)?;
    out.flush()
}

/// What ends the sending of rows early.
enum Stop {
    Input(IngestError),
    Output(io::Error),
}

fn send_rows(request: &Request, file: File, out: &mut dyn Write, rows: &mut u64) -> Result<Vec<String>, Stop> {
    let Request { name, limits, .. } = request;
    let held = if file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        Held::File(file)
    } else {
        Held::all(name, file, limits).map_err(Stop::Input)?
    };
    let mut cutter = held::cutter(request, held).map_err(Stop::Input)?;
    if let Some(heading) = cutter.heading() {
        send(&Message::Heading(heading.clone()), out).map_err(Stop::Output)?;
    }
    while let Some(row) = cutter.next().map_err(Stop::Input)? {
        send(&Message::Row(row.into()), out).map_err(Stop::Output)?;
        *rows += 1;
    }
    Ok(cutter.warnings())
}

/// The rows that a child reads: the parent's side.
struct Isolated {
    name: String,
    child: Kept,
    from: Patient,
    heading: Option<Heading>,
    /// A first message that is no heading.
    first: Option<Message>,
    limits: Limits,
    rows: u64,
    ended: bool,
    warnings: Vec<String>,
}

/// Has a program read an input.
pub(super) fn start(program: &Path, input: &mut Input, request: &Request) -> Result<Box<dyn Cutter>, IngestError> {
    Isolated::start(program, input, request).map(|isolated| Box::new(isolated) as Box<dyn Cutter>)
}

impl Isolated {
    fn start(program: &Path, input: &mut Input, request: &Request) -> Result<Self, IngestError> {
        let limits = request.limits;
        let failed = |error| IngestError::io(input.name(), error);
        let file = input.file().map_err(failed)?;
        let mut command = Command::new(program);
        command.args(request.arguments()).env_clear().env("POLARS_MAX_THREADS", "1").env("MALLOC_ARENA_MAX", "2");
        command.stdin(file.map_or_else(Stdio::piped, Stdio::from)).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = Kept(command.spawn().map_err(failed)?);
        let from = Patient::of(child.0.stdout.take(), &limits).map_err(failed)?;
        if let Some(to) = child.0.stdin.take() {
            hand_over(input, to, &limits)?;
        }
        let (heading, first, rows, ended, warnings) = (None, None, 0, false, vec![]);
        let name = request.name.clone();
        let mut new = Self { name, child, from, heading, first, limits, rows, ended, warnings };
        match new.receive()? {
            Message::Heading(heading) => new.heading = Some(heading),
            Message::Error(error) => return Err(IngestError::Reported(error)),
            other => new.first = Some(other),
        }
        Ok(new)
    }

    fn receive(&mut self) -> Result<Message, IngestError> {
        let longest = self.limits.get(Limit::RowBytes).saturating_add(ENVELOPE);
        let mut line = vec![];
        match (&mut self.from).take(longest).read_until(b'\n', &mut line) {
            Err(error) if error.kind() == io::ErrorKind::TimedOut => {
                let reason = self.limits.over(Limit::Seconds, "the next row took more seconds");
                Err(self.unsound(reason))
            }
            Err(error) => Err(IngestError::io(&self.name, error)),
            Ok(_) if line.ends_with(b"\n") => {
                serde_json::from_slice(&line).map_err(|_not_a_message| self.unsound(BROKEN.to_owned()))
            }
            Ok(length) if u64::try_from(length).is_ok_and(|length| length >= longest) => {
                let reason = self.limits.over(Limit::RowBytes, "a row is longer");
                Err(self.unsound(reason))
            }
            Ok(_) => {
                let reason = self.child.0.wait().map_or_else(|error| error.to_string(), |status| self.ending(status));
                Err(self.unsound(reason))
            }
        }
    }

    /// Why a child ended before it was done.
    fn ending(&self, status: ExitStatus) -> String {
        if is_abort(status) {
            self.limits.over(Limit::MemoryBytes, "reading it broke off, most likely because it takes more memory")
        } else {
            BROKEN.to_owned()
        }
    }

    fn unsound(&self, reason: String) -> IngestError {
        IngestError::Unsafe { name: self.name.clone(), reason, rows: self.rows }
    }
}

impl Cutter for Isolated {
    fn heading(&self) -> Option<&Heading> {
        self.heading.as_ref()
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    fn next(&mut self) -> Result<Option<RawRow>, IngestError> {
        if self.ended {
            return Ok(None);
        }
        let message = match self.first.take() {
            Some(first) => first,
            None => self.receive()?,
        };
        match message {
            Message::Row(row) => {
                self.rows += 1;
                Ok(Some(row.into()))
            }
            Message::End(rows, warnings) if rows == self.rows => {
                self.ended = true;
                self.warnings = warnings;
                Ok(None)
            }
            Message::Error(error) => Err(IngestError::Reported(error)),
            Message::End(..) | Message::Heading(_) => Err(self.unsound(BROKEN.to_owned())),
        }
    }
}

/// Gives the child an input that is no file. It writes nothing before it has it all, so neither waits for the other; a
/// child that is gone by then is found out when it is listened to.
fn hand_over(input: &mut Input, mut to: impl Write, limits: &Limits) -> Result<(), IngestError> {
    let most = limits.get(Limit::HeldBytes);
    let copied = io::copy(&mut input.by_ref().take(most.saturating_add(1)), &mut to);
    match copied {
        Ok(copied) if copied > most => Err(held::too_long(input.name(), limits)),
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(IngestError::io(input.name(), error)),
        _ => Ok(()),
    }
}

/// Whether a process broke itself off or was killed: what Rust does where there is no more memory.
#[cfg(unix)]
fn is_abort(status: ExitStatus) -> bool {
    const ABORTED: i32 = 6;
    const KILLED: i32 = 9;
    matches!(std::os::unix::process::ExitStatusExt::signal(&status), Some(ABORTED | KILLED))
}

#[cfg(not(unix))]
fn is_abort(status: ExitStatus) -> bool {
    !status.success()
}

/// A child that does not outlive its parent's interest in it.
struct Kept(Child);

impl Drop for Kept {
    fn drop(&mut self) {
        // It may be gone already, and then neither has anything to do.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What a child writes, with an end to the waiting for it.
struct Patient {
    parts: Receiver<io::Result<Vec<u8>>>,
    part: Cursor<Vec<u8>>,
    patience: Duration,
}

impl Patient {
    fn of(from: Option<impl Read + Send + 'static>, limits: &Limits) -> io::Result<Self> {
        let (sender, parts) = sync_channel(AHEAD);
        if let Some(mut from) = from {
            thread::Builder::new().spawn(move || {
                while let Some(part) = part(&mut from) {
                    if sender.send(part).is_err() {
                        break;
                    }
                }
            })?;
        }
        let patience = Duration::from_secs(limits.get(Limit::Seconds));
        Ok(Self { parts, part: Cursor::default(), patience })
    }
}

fn part(from: &mut impl Read) -> Option<io::Result<Vec<u8>>> {
    let mut part = vec![0; TAKEN];
    match from.read(&mut part) {
        Ok(0) => None,
        Ok(length) => {
            part.truncate(length);
            Some(Ok(part))
        }
        Err(error) => Some(Err(error)),
    }
}

impl BufRead for Patient {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.part.fill_buf()?.is_empty() {
            self.part = match self.parts.recv_timeout(self.patience) {
                Ok(part) => Cursor::new(part?),
                Err(RecvTimeoutError::Timeout) => return Err(io::ErrorKind::TimedOut.into()),
                Err(RecvTimeoutError::Disconnected) => Cursor::default(),
            };
        }
        self.part.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.part.consume(count);
    }
}

impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_limit_is_handed_on() {
        let limits = Limits::default().with(Limit::PageBytes, 7);
        let request = Request {
            format: Format::Parquet,
            name: "-x y".into(),
            limits,
            sheet: Some("a b".into()),
            header_row: Some(0),
        };
        let arguments = request.arguments();
        assert_eq!(arguments[..3], ["isolated", "--format=parquet", "--name=-x y"]);
        let given = arguments.iter().filter_map(|argument| argument.strip_prefix("--limit="));
        assert_eq!(given.clone().count(), Limit::ALL.len());
        assert_eq!(given.map(str::to_owned).try_fold(Limits::default(), |limits, one| limits.set(&one)), Ok(limits));
    }

    #[test]
    fn what_is_wrong_with_the_file_is_the_last_message() {
        let mut file = tempfile::tempfile().expect("a file");
        file.write_all(b"no Parquet").expect("it can be written");
        let mut out = vec![];
        let request = Request {
            format: Format::Parquet,
            name: "a.parquet".into(),
            limits: Limits::default(),
            sheet: None,
            header_row: None,
        };
        serve(&request, file, &mut out).expect("memory can be written");
        let message: Message = serde_json::from_slice(&out).expect("one message");
        assert!(matches!(&message, Message::Error(error) if error.contains("`a.parquet`")), "{message:?}");
    }
}
