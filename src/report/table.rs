//! Small tables for people: columns as wide as their widest cell, two blanks between them.

use unicode_width::UnicodeWidthStr;

use super::paint::{Paint, Tone};
use crate::text::visible;

/// Rows under a heading as aligned lines. The last column is not padded, and what is hidden
/// in a cell is shown as its code.
#[must_use]
pub fn aligned<const N: usize>(heading: [&str; N], rows: &[[String; N]], paint: Paint) -> String {
    let rows: Vec<[String; N]> = rows.iter().map(|row| row.each_ref().map(|cell| visible(cell).into_owned())).collect();
    let mut widths = heading.map(UnicodeWidthStr::width);
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    let mut out = paint.tone(Tone::Strong, &line(&heading.map(str::to_owned), &widths));
    out.push('\n');
    for row in rows {
        out.push_str(&line(&row, &widths));
        out.push('\n');
    }
    out
}

fn line<const N: usize>(row: &[String; N], widths: &[usize; N]) -> String {
    let mut out = String::new();
    for (cell, width) in row.iter().zip(widths) {
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
