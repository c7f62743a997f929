//! Which row of a table is its header: of a CSV file or of a sheet. Titles may stand above it, and it may not be there at all.

use std::collections::BTreeMap;

use super::profile::is_known_name;

/// In so many rows the header is sought.
pub(super) const SOUGHT: usize = 30;
/// So many known names in a row make it the header, also where other rows could be.
const TELLING: usize = 2;

/// A row of the beginning of a table.
pub(super) struct Row {
    pub(super) line: u64,
    pub(super) cells: Vec<String>,
}

impl Row {
    /// How many cells are names that are known.
    pub(super) fn known(&self) -> usize {
        self.cells.iter().filter(|cell| is_known_name(cell)).count()
    }

    /// Whether fewer cells than half are filled, as in a title above a table.
    fn is_title(&self, width: usize) -> bool {
        let filled = self.cells.iter().filter(|cell| !cell.trim().is_empty()).count();
        width > 1 && (filled < 2 || filled * 2 < width)
    }

    /// Whether it could be a header: its cells are words, no dates and numbers.
    fn is_of_words(&self) -> bool {
        let is_word = |cell: &String| cell.trim().is_empty() || cell.chars().any(char::is_alphabetic);
        self.cells.iter().all(is_word)
    }
}

/// How many cells most rows have. Of widths that are equally frequent the first one counts: the header has it.
pub(super) fn width(rows: &[Row]) -> usize {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    rows.iter().for_each(|row| *counts.entry(row.cells.len()).or_default() += 1);
    let most = counts.values().max();
    rows.iter().map(|row| row.cells.len()).find(|width| counts.get(width) == most).unwrap_or(1)
}

/// The names of columns that have none.
pub(super) fn unnamed(width: usize) -> Vec<String> {
    (1..=width).map(|number| format!("column_{number}")).collect()
}

/// A number of cells, in words.
pub(super) fn cells(number: usize) -> String {
    format!("{number} {}", if number == 1 { "cell" } else { "cells" })
}

/// Why the line that a user names cannot be the header.
pub(super) fn not_there(line: u64) -> String {
    format!("no row begins in line {line}; check `--header-row`")
}

/// The line of the header, in a table whose rows have mostly `width` cells and whose first line that is not blank is given.
///
/// # Errors
/// Says why no line can be the header, and the remedy.
pub(super) fn find(rows: &[Row], width: usize, first_line: Option<u64>) -> Result<u64, String> {
    let sought = &rows[..rows.len().min(SOUGHT)];
    let first = sought.iter().find(|row| !row.is_title(width));
    let named = sought.iter().find(|row| row.known() >= TELLING);
    let row = match (first, named) {
        (Some(first), _) if first.known() > 0 => first,
        (_, Some(named)) => named,
        (Some(first), None) if first.is_of_words() => first,
        (Some(first), None) => {
            return Err(format!(
                "line {} looks like a row of data and not like names of columns; if it is the header, say `--header-row {0}`; \
                 if there is none, say `--header-row 0`, which names the columns `column_1`, `column_2` and so on",
                first.line
            ));
        }
        // Whatever is wrong with the first line is found when it is read.
        (None, None) => {
            return first_line.ok_or_else(|| "the file is empty; check that it was written to its end".to_owned());
        }
    };
    Ok(row.line)
}
