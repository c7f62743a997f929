//! The columns of a table and what each is taken for, for a person.

use std::io::{self, Write};

use super::cards::View;
use super::paint::{Line, Tone};
use super::table::aligned;
use crate::ingest::Survey;

/// Writes what a profile makes of the columns of a table.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_columns(out: &mut dyn Write, survey: &Survey, view: View) -> io::Result<()> {
    let title = Line::of(Tone::Strong, "Columns")
        .and(Tone::Plain, format!("as the profile {} takes them", survey.profile_name()));
    let table = aligned(["column", "field", "how", "filled"], &survey.lines(), view.paint);
    writeln!(out, "{}{table}", title.wrap(view.paint, "", view.width))
}
