//! Small tables for people: columns as wide as their widest cell, two blanks between them.

use unicode_width::UnicodeWidthStr;

use super::paint::{Paint, Tone};
use crate::text::visible;

/// Rows under a heading as aligned lines. The last column is not padded, and what is hidden
/// in a cell is shown as its code.
#[must_use]
pub fn aligned<const N: usize>(heading: [&str; N], rows: &[[String; N]], paint: Paint) -> String {
    aligned_rows(&heading, rows, paint)
}

/// The same where the number of columns is not fixed: each row has as many cells as the heading.
pub(super) fn aligned_rows<R: AsRef<[String]>>(heading: &[&str], rows: &[R], paint: Paint) -> String {
    let shown = |row: &R| row.as_ref().iter().map(|cell| visible(cell).into_owned()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    let mut widths: Vec<usize> = heading.iter().map(|cell| cell.width()).collect();
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut out = paint.tone(Tone::Strong, &line(heading, &widths));
    out.push('\n');
    for row in rows {
        out.push_str(&line(&row, &widths));
        out.push('\n');
    }
    out
}

fn line<S: AsRef<str>>(row: &[S], widths: &[usize]) -> String {
    let mut out = String::new();
    for (cell, width) in row.iter().map(AsRef::as_ref).zip(widths) {
        out.push_str(cell);
        out.push_str(&" ".repeat(width.saturating_sub(cell.width()) + 2));
    }
    out.truncate(out.trim_end().len());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_by_what_they_take_on_screen() {
        let rows = [["寻".to_owned(), "1".to_owned()], ["abc".to_owned(), "2".to_owned()]];
        assert_eq!(aligned(["x", "n"], &rows, Paint { colour: false }), "x    n\n寻   1\nabc  2\n");
    }
}
