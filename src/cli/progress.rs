//! A sign of life for runs that take a while: on a terminal, after a second.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::text::visible;

/// A shorter run needs no sign.
const PATIENCE: Duration = Duration::from_secs(1);

/// Rows read so far, shown on standard error.
#[derive(Debug)]
pub(super) struct Progress {
    bar: ProgressBar,
    started: Instant,
    wanted: bool,
}

impl Progress {
    /// Nothing shown yet. `wanted` is whether anyone would see it.
    pub(super) fn new(wanted: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {human_pos} rows, {per_sec}, {elapsed}") {
            bar.set_style(style);
        }
        Self { bar, started: Instant::now(), wanted }
    }

    /// Says what is being done.
    pub(super) fn doing(&self, what: &str) {
        self.bar.set_message(visible(what).into_owned());
    }

    /// Counts rows.
    pub(super) fn rows(&mut self, rows: usize) {
        self.bar.inc(u64::try_from(rows).unwrap_or(u64::MAX));
        if self.wanted && self.started.elapsed() > PATIENCE {
            self.wanted = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
        }
    }

    /// Takes the sign away.
    pub(super) fn done(&self) {
        self.bar.finish_and_clear();
    }
}
