//! A page for a terminal: paragraphs wrapped to its width, tables aligned, cards as a scan shows them.

use super::cards::{View, card};
use super::page::{Block, Page, Piece, Words};
use super::paint::{Line, Tone};
use super::table::aligned_rows;

impl Page {
    /// The page as lines.
    #[must_use]
    pub fn text(&self, view: View) -> String {
        let wrap = |mark: &str, line: &Line| line.wrap(view.paint, mark, view.width);
        let mut out = wrap("", &Line::of(Tone::Strong, &self.title));
        let mut under_heading = false;
        for block in &self.blocks {
            if !under_heading {
                out.push('\n');
            }
            under_heading = matches!(block, Block::Heading(_));
            match block {
                Block::Heading(text) => out += &wrap("", &Line::of(Tone::Strong, text)),
                Block::Paragraph(words) => out += &wrap("", &Line::of(Tone::Plain, text(words))),
                Block::List(lines) => {
                    let line = |(depth, words): &(usize, Words)| {
                        wrap(&"  ".repeat(depth + 1), &Line::of(Tone::Plain, text(words)))
                    };
                    out.extend(lines.iter().map(line));
                }
                Block::Table(heading, rows) => {
                    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(text).collect()).collect();
                    out += &aligned_rows(heading, &rows, view.paint);
                }
                Block::Card(case) => out.extend(card(case).iter().map(|(part, line)| wrap(&part.mark(case), line))),
            }
        }
        out
    }
}

fn text(words: &Words) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) | Piece::Code(text) => text.clone(),
        Piece::Link(text, to) => format!("{text} ({to})"),
    };
    words.0.iter().map(piece).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Paint;

    #[test]
    fn a_page_keeps_to_the_width_and_stands_apart_in_blocks() {
        let view = View { paint: Paint { colour: false }, width: 40, more: 0 };
        let cell = |text: &str| Words::of(text);
        let page = Page {
            title: "Title".to_owned(),
            blocks: vec![
                Block::Heading("First".to_owned()),
                Block::Paragraph(cell("one two three `four` five six seven eight nine")),
                Block::Table(vec!["a", "b"], vec![vec![cell("`x`"), cell("1")], vec![cell("寻"), cell("2")]]),
                Block::List(vec![(0, cell("y")), (1, cell("z"))]),
            ],
        };
        let shown =
            "Title\n\nFirst\none two three four five six seven eight\nnine\n\na   b\nx   1\n寻  2\n\n  y\n    z\n";
        assert_eq!(page.text(view), shown);
    }
}
