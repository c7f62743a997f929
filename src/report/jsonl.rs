//! One JSON object a line: the contract. See [`super::wire`] for its shape.

use std::io::{self, Write};

use super::{CaseWriter, wire};
use crate::explain::Case;

/// Writes one JSON object a line.
#[derive(Debug)]
pub struct JsonLines<W> {
    out: W,
}

impl<W: Write> JsonLines<W> {
    /// A writer to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> CaseWriter for JsonLines<W> {
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn case(&mut self, case: &Case) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, &wire::Case::from(case))?;
        self.out.write_all(b"\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
