//! The world as a command sees it: where it writes, and what reads there.

use std::fmt;
use std::io::{IsTerminal, Write};

use clap::ValueEnum;

use crate::diag::Style;
use crate::report::{Paint, View};

/// Columns of a terminal that does not tell.
pub(super) const WIDTH: usize = 100;
/// A line is no wider than this, however wide the terminal: longer lines are hard to read.
const WIDEST: usize = 140;

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// One of the two streams a command writes to.
pub struct Stream<'a> {
    /// Where to write.
    pub to: &'a mut (dyn Write + Send),
    /// Whether a person reads there as it is written.
    pub terminal: bool,
    /// Whether it is to have colour.
    pub colour: bool,
}

/// All that a command writes to.
#[derive(Debug)]
pub struct Io<'a> {
    /// Standard output, for what was asked for.
    pub out: Stream<'a>,
    /// Standard error, for all else.
    pub err: Stream<'a>,
    /// Columns of the terminal.
    pub width: usize,
}

impl Io<'_> {
    /// Follows the choice of colour that was made on the command line.
    pub(super) fn choose(&mut self, colour: Colour) {
        for stream in [&mut self.out, &mut self.err] {
            match colour {
                Colour::Auto => {}
                Colour::Always => stream.colour = true,
                Colour::Never => stream.colour = false,
            }
        }
    }

    /// How people see what is written to standard output.
    pub(super) fn view(&self) -> View {
        View { paint: Paint { colour: self.out.colour }, width: self.width, more: 0 }
    }

    /// Says something on standard error. Where nobody can hear it, there is nobody to tell so.
    pub(super) fn say(&mut self, text: &str) {
        let _ = self.err.to.write_all(text.as_bytes());
    }
}

impl Stream<'_> {
    /// How diagnostics look here.
    pub(super) fn style(&self) -> Style {
        if self.colour { Style::Colour } else { Style::Plain }
    }
}

impl fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stream").field("terminal", &self.terminal).field("colour", &self.colour).finish_non_exhaustive()
    }
}

/// The columns of the terminal, within what can be read.
pub(super) fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(width, _)| usize::from(width.0)).clamp(40, WIDEST)
}

/// Whether a stream is to have colour when nothing was said: `NO_COLOR` and `TERM=dumb` forbid it, `FORCE_COLOR` wants it,
/// and a terminal takes it.
pub(super) fn colour_of(stream: &(impl anstream::stream::RawStream + IsTerminal)) -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if set("FORCE_COLOR") && !set("NO_COLOR") {
        return std::env::var_os("FORCE_COLOR").is_some_and(|value| value != "0");
    }
    anstream::AutoStream::choice(stream) != anstream::ColorChoice::Never
}
