//! A page for people, as HTML or Markdown: headings, paragraphs, lists, tables and cards of cases, nothing more.
//!
//! In goes a [`Page`], out come bytes that hold all they need: no script, no font, no address to fetch. Every text is foreign
//! until it is escaped here, hidden characters show as their codes, and each text finds its own direction, so that a word in
//! Arabic does not turn the sentence around it. Equal pages give equal bytes.

use std::fmt::Write as _;

use super::cards::{Part, card};
use super::paint::Line;
use crate::explain::Case;
use crate::text::visible;

/// How pages are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Markup {
    /// A page of its own.
    Html,
    /// For a repository or a wiki.
    Markdown,
}

impl Markup {
    /// The ending of a file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Markdown => "md",
        }
    }
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Text.
    Text(String),
    /// A name of the rule language.
    Code(String),
    /// Text that leads somewhere. An address that is not of the web is shown and not linked.
    Link(String, String),
}

/// A line of text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words(pub Vec<Piece>);

impl Words {
    /// Text in which names stand in backticks.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let piece = |(at, part): (usize, &str)| {
            if at % 2 == 1 { Piece::Code(part.to_owned()) } else { Piece::Text(part.to_owned()) }
        };
        Self(text.split('`').enumerate().filter(|(_, part)| !part.is_empty()).map(piece).collect())
    }

    /// Text that leads somewhere.
    #[must_use]
    pub fn link(text: impl Into<String>, to: impl Into<String>) -> Self {
        Self(vec![Piece::Link(text.into(), to.into())])
    }

    /// With more behind it.
    #[must_use]
    pub fn and(mut self, more: Self) -> Self {
        self.0.extend(more.0);
        self
    }
}

/// A part of a page.
#[derive(Debug, Clone)]
pub enum Block {
    /// A heading of a section.
    Heading(String),
    /// A paragraph.
    Paragraph(Words),
    /// Lines, each so many steps in.
    List(Vec<(usize, Words)>),
    /// A table: its heading and its rows.
    Table(Vec<&'static str>, Vec<Vec<Words>>),
    /// The card of a case.
    Card(Box<Case>),
}

/// A page.
#[derive(Debug, Clone)]
pub struct Page {
    /// Its title.
    pub title: String,
    /// Its parts.
    pub blocks: Vec<Block>,
}

impl Page {
    /// A page with nothing on it yet.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), blocks: vec![] }
    }

    /// The bytes of the page.
    #[must_use]
    pub fn write(&self, markup: Markup) -> String {
        match markup {
            Markup::Html => self.html(),
            Markup::Markdown => self.markdown(),
        }
    }

    fn html(&self) -> String {
        let title = escaped(&self.title);
        let mut out = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<h1 dir=\"auto\">{title}</h1>\n"
        );
        for block in &self.blocks {
            match block {
                Block::Heading(text) => out += &format!("<h2>{}</h2>\n", escaped(text)),
                Block::Paragraph(words) => out += &format!("<p dir=\"auto\">{}</p>\n", html(words)),
                Block::List(lines) => html_list(lines, &mut out),
                Block::Table(heading, rows) => html_table(heading, rows, &mut out),
                Block::Card(case) => html_list(&listed(case), &mut out),
            }
        }
        out + "</body>\n</html>\n"
    }

    fn markdown(&self) -> String {
        let mut out = format!("# {}\n", marked(&self.title));
        for block in &self.blocks {
            out.push('\n');
            match block {
                Block::Heading(text) => out += &format!("## {}\n", marked(text)),
                Block::Paragraph(words) => out += &format!("{}\n", markdown(words)),
                Block::List(lines) => markdown_list(lines, &mut out),
                Block::Card(case) => markdown_list(&listed(case), &mut out),
                Block::Table(heading, rows) => {
                    let _ = writeln!(out, "| {} |\n|{}", heading.join(" | "), "---|".repeat(heading.len()));
                    for row in rows {
                        let _ = writeln!(out, "| {} |", row.iter().map(markdown).collect::<Vec<_>>().join(" | "));
                    }
                }
            }
        }
        out
    }
}

/// Sizes are relative, colours few, and what is printed breaks between lines and not through them.
const STYLE: &str = "\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 Georgia, 'Times New Roman', serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; line-height: 1.25; }
h2 { font-size: 1.1rem; margin: 1.8rem 0 .4rem; border-bottom: 1px solid #8886; }
p, ul, table { margin: .4rem 0; }
ul { padding-inline-start: 1.2rem; }
code { font: .88em/1.4 ui-monospace, Menlo, Consolas, monospace; background: #8882; padding: 0 .2em; border-radius: .2em; overflow-wrap: break-word; unicode-bidi: isolate; }
table { border-collapse: collapse; width: 100%; font-size: .94rem; }
th, td { text-align: start; vertical-align: top; padding: .25rem .8rem .25rem 0; border-bottom: 1px solid #8883; overflow-wrap: break-word; }
th { white-space: nowrap; }
@media print { body { margin: 0; max-width: none; font-size: 10.5pt; } h2 { break-after: avoid; } tr, li { break-inside: avoid; } a { color: inherit; } a[href^=http]::after { content: ' (' attr(href) ')'; } }
";

fn html_list(lines: &[(usize, Words)], out: &mut String) {
    let mut open = 0;
    for (depth, words) in lines {
        while open > depth + 1 {
            *out += "</li></ul>";
            open -= 1;
        }
        *out += if open == depth + 1 { "</li>\n" } else { "\n" };
        while open < depth + 1 {
            *out += if open == *depth { "<ul>" } else { "<ul><li>" };
            open += 1;
        }
        let _ = write!(out, "<li dir=\"auto\">{}", html(words));
    }
    *out += &"</li></ul>".repeat(open);
    out.push('\n');
}

fn markdown_list(lines: &[(usize, Words)], out: &mut String) {
    for (depth, words) in lines {
        let _ = writeln!(out, "{}- {}", "  ".repeat(*depth), markdown(words));
    }
}

/// A card as lines of a list.
fn listed(case: &Case) -> Vec<(usize, Words)> {
    let line = |(part, line): (Part, Line)| {
        let (depth, word) = part.on_page(case);
        (depth, Words(vec![Piece::Text(format!("{word}{}", line.text()))]))
    };
    card(case).into_iter().map(line).collect()
}

fn html_table(heading: &[&str], rows: &[Vec<Words>], out: &mut String) {
    let cells: String = heading.iter().map(|cell| format!("<th>{}</th>", escaped(cell))).collect();
    let _ = write!(out, "<table>\n<thead><tr>{cells}</tr></thead>\n<tbody>\n");
    for row in rows {
        let cells: String = row.iter().map(|cell| format!("<td dir=\"auto\">{}</td>", html(cell))).collect();
        let _ = writeln!(out, "<tr>{cells}</tr>");
    }
    *out += "</tbody>\n</table>\n";
}

fn html(words: &Words) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => escaped(text),
        Piece::Code(text) => format!("<code dir=\"auto\">{}</code>", escaped(text)),
        Piece::Link(text, to) if is_safe(to) => format!("<a href=\"{}\">{}</a>", escaped(to), escaped(text)),
        Piece::Link(text, to) => format!("{} ({})", escaped(text), escaped(to)),
    };
    words.0.iter().map(piece).collect()
}

fn markdown(words: &Words) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => marked(text),
        Piece::Code(text) => format!("`{}`", visible(text).replace('`', "'").replace('|', "\\|")),
        Piece::Link(text, to) if is_safe(to) => {
            format!("[{}](<{}>)", marked(text), to.replace('<', "%3C").replace('>', "%3E").replace('|', "%7C"))
        }
        Piece::Link(text, to) => format!("{} ({})", marked(text), marked(to)),
    };
    words.0.iter().map(piece).collect()
}

/// Whether an address can be followed without harm: one of the web, or a page beside this one.
fn is_safe(to: &str) -> bool {
    let web = to.starts_with("https://") || to.starts_with("http://");
    let beside =
        !to.is_empty() && to.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'));
    (web || beside) && !to.chars().any(|c| c.is_control() || c.is_whitespace())
}

fn escaped(text: &str) -> String {
    visible(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// Text in which nothing is markup.
fn marked(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible(text).chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#' | '&' | '~') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(text: &str) -> Page {
        let words = || Words::of(text).and(Words::link(text, "javascript:alert(1)"));
        Page {
            title: text.to_owned(),
            blocks: vec![
                Block::Heading(text.to_owned()),
                Block::Paragraph(words()),
                Block::List(vec![(0, words()), (2, words()), (1, words())]),
                Block::Table(vec!["a"], vec![vec![words()]]),
            ],
        }
    }

    #[test]
    fn no_text_of_a_rule_becomes_markup() {
        let hostile = "<script>x</script> \"'&<b> [a](http://x) | *b* \u{202e}\u{1b}[31m";
        let html = page(hostile).write(Markup::Html);
        assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains("href=\""), "{html}");
        assert!(!html.contains(['\u{202e}', '\u{1b}']), "{html}");
        let markdown = page(hostile).write(Markup::Markdown);
        assert!(markdown.contains("\\<script\\>x\\</script\\>") && !markdown.contains("\n<script"), "{markdown}");
        assert!(!markdown.contains("[a](http") && !markdown.contains("](<javascript"), "{markdown}");
    }

    #[test]
    fn lists_are_closed_as_often_as_they_are_opened() {
        let html = page("x").write(Markup::Html);
        for tag in ["ul", "li", "table", "tr", "p", "code"] {
            let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
            assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}: {html}");
        }
    }

    #[test]
    fn names_in_backticks_are_code_and_addresses_of_the_web_are_links() {
        let words = Words::of("some `roles` is x").and(Words::link("RPD", "https://example.org/a?b&c"));
        let page = Page { blocks: vec![Block::Paragraph(words)], ..Page::new("t") };
        let html = page.write(Markup::Html);
        assert!(
            html.contains("some <code dir=\"auto\">roles</code> is x<a href=\"https://example.org/a?b&amp;c\">RPD</a>"),
            "{html}"
        );
        assert!(page.write(Markup::Markdown).ends_with("\nsome `roles` is x[RPD](<https://example.org/a?b&c>)\n"));
    }
}
