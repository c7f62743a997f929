//! Diagnostics as text, in the look of the Rust compiler.
//!
//! The only place that knows annotate-snippets. The text depends on the diagnostics and sources alone: not on the
//! terminal, its width or the environment.

use annotate_snippets::{Annotation, AnnotationKind, Element, Level, Origin, Padding, Renderer, Snippet};

use super::excerpt::{Excerpt, Mark, safe};
use super::{Diagnostic, Diagnostics, Severity, SourceId, Sources, Span};

/// Lines are cut before they come here; the renderer's own cut would lose the labels of wide scripts.
const WIDTH: usize = 10_000;
/// Longest message and help shown, in characters; longer ones quote a hostile value.
const LONGEST_MESSAGE: usize = 600;
/// Longest label and file name shown, in characters.
const LONGEST_LABEL: usize = 200;
/// Most places shown for one diagnostic: a list of ten thousand duplicates is not read.
const MOST_PLACES: usize = 8;
/// Places of one file more lines apart get excerpts of their own; the renderer's work grows with the lines between.
const FAR: usize = 100;

/// Whether the text carries terminal colours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Characters only.
    Plain,
    /// ANSI colours, for a terminal.
    Colour,
}

/// All diagnostics in their present order, a blank line between them; empty if there are none.
#[must_use]
pub fn render(diagnostics: &Diagnostics, sources: &Sources, style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Colour => Renderer::styled(),
    };
    let renderer = renderer.term_width(WIDTH);
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&one(&renderer, diagnostic, sources));
        out.push('\n');
    }
    out
}

/// How many problems there are, in words: `2 errors, 1 warning`, or `no problems`.
#[must_use]
pub fn summary(diagnostics: &Diagnostics) -> String {
    let count = |n: usize, word: &str| match n {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts: Vec<String> = [count(diagnostics.errors(), "error"), count(diagnostics.warnings(), "warning")]
        .into_iter()
        .flatten()
        .collect();
    if parts.is_empty() { "no problems".to_owned() } else { parts.join(", ") }
}

fn one(renderer: &Renderer, diagnostic: &Diagnostic, sources: &Sources) -> String {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(safe(&diagnostic.message, LONGEST_MESSAGE)).id(diagnostic.code.code());
    let mut elements = places(diagnostic, sources);
    if let Some(rule) = &diagnostic.rule {
        let rule = safe(rule, LONGEST_LABEL);
        elements.push(Level::NOTE.message(format!("in rule `{rule}`")).into());
    }
    if !diagnostic.notes.is_empty() {
        let lines: Vec<String> = diagnostic.notes.iter().map(|line| safe(line, LONGEST_MESSAGE)).collect();
        elements.push(Level::NOTE.message(lines.join("\n")).into());
    }
    if let Some(help) = &diagnostic.help {
        elements.push(Level::HELP.message(safe(help, LONGEST_MESSAGE)).into());
    }
    let report = [title.elements(elements)];
    let text = renderer.render(&report);
    // The renderer pads lines with blanks, and marks an excerpt below an origin of ours as that of another file.
    let lines: Vec<&str> = text.lines().filter(|line| !is_lone_colons(line)).map(str::trim_end).collect();
    lines.join("\n")
}

/// Whether a line reads `:::` and nothing else, colours aside. No line of a source does: each begins with a bar.
fn is_lone_colons(line: &str) -> bool {
    let mut in_colour = false;
    let visible = line.chars().filter(|c| {
        let starts = *c == '\u{1b}';
        let hidden = starts || in_colour;
        in_colour = hidden && (starts || *c != 'm');
        !hidden && *c != ' '
    });
    visible.eq(":::".chars())
}

/// The parts of sources that the diagnostic points into, its own first, each as an arrow and an excerpt.
fn places<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Vec<Element<'a>> {
    let primary = diagnostic.span.iter().map(|span| (*span, diagnostic.label.as_deref(), true));
    let secondary = diagnostic.secondary.iter().map(|(span, label)| (*span, Some(label.as_str()), false));
    let mut files: Vec<(Span, Vec<Mark<'a>>)> = Vec::new();
    for (span, label, primary) in primary.chain(secondary).take(MOST_PLACES) {
        let label = label.map(|text| safe(text, LONGEST_LABEL).into());
        let mark = Mark { range: sources.clamp(&span), label, primary };
        let near = |(first, _): &&mut (Span, Vec<Mark<'a>>)| is_near(sources, first, &span);
        match files.iter_mut().find(near) {
            Some((_, marks)) => marks.push(mark),
            None => files.push((span, vec![mark])),
        }
    }
    let mut elements = Vec::new();
    for (first, marks) in files {
        if !elements.is_empty() {
            elements.push(Padding.into());
        }
        // The place is given here and not left to the renderer, which would count columns in the excerpt.
        let (line, column) = sources.line_column(&first);
        let name = safe(sources.name(first.source), LONGEST_LABEL);
        elements.push(Origin::path(name).line(line).char_column(column).into());
        elements.push(snippet(sources, first.source, marks).into());
    }
    elements
}

/// Whether two places are shown in one excerpt.
fn is_near(sources: &Sources, a: &Span, b: &Span) -> bool {
    let line = |span: &Span| sources.line_of(span.source, sources.clamp(span).start);
    a.source == b.source && line(a).abs_diff(line(b)) <= FAR
}

fn snippet<'a>(sources: &Sources, source: SourceId, marks: Vec<Mark<'a>>) -> Snippet<'a, Annotation<'a>> {
    let Excerpt { text, first_line, marks } = Excerpt::new(sources, source, marks);
    let annotations = marks.into_iter().map(|mark| {
        let kind = if mark.primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(mark.range).label(mark.label)
    });
    Snippet::source(text).line_start(first_line).annotations(annotations)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::Code;

    const RULE: &str = "[[rule]]\nid = \"x\"\n\n[rule.detection.tall]\nheigth = { gte = 190 }\n";

    fn rule_file() -> (Sources, SourceId) {
        let mut sources = Sources::new();
        let id = sources.add("rules/a.toml", RULE);
        (sources, id)
    }

    fn at(source: SourceId, part: &str) -> Span {
        let start = RULE.find(part).unwrap_or(RULE.len());
        Span::new(source, start..start + part.len())
    }

    fn plain(diagnostic: Diagnostic, sources: &Sources) -> String {
        render(&std::iter::once(diagnostic).collect(), sources, Style::Plain)
    }

    fn unknown_field(source: SourceId) -> Diagnostic {
        Diagnostic::new(Code::UnknownField, "unknown field `heigth`")
            .at(at(source, "heigth"))
            .label("no record has it")
            .help("did you mean `height`?")
    }

    #[test]
    fn a_problem_shows_code_place_line_and_remedy() {
        let (sources, id) = rule_file();
        assert_eq!(
            plain(unknown_field(id).rule("x"), &sources),
            "\
error[A301]: unknown field `heigth`
 --> rules/a.toml:5:1
  |
5 | heigth = { gte = 190 }
  | ^^^^^^ no record has it
  |
  = note: in rule `x`
  = help: did you mean `height`?
"
        );
    }

    #[test]
    fn other_places_are_shown_with_their_own_labels() {
        let (mut sources, id) = rule_file();
        let other = sources.add("rules/b.toml", "id = \"x\"");
        let twice = Diagnostic::new(Code::DuplicateRuleId, "two rules have the id `x`")
            .at(at(id, "\"x\""))
            .label("again here")
            .also(at(id, "[rule.detection.tall]"), "in this rule")
            .also(Span::new(other, 5..8), "first here");
        assert_eq!(
            plain(twice, &sources),
            "\
error[A206]: two rules have the id `x`
 --> rules/a.toml:2:6
  |
2 | id = \"x\"
  |      ^^^ again here
3 |
4 | [rule.detection.tall]
  | --------------------- in this rule
  |
 ::: rules/b.toml:1:6
  |
1 | id = \"x\"
  |      --- first here
"
        );
    }

    #[test]
    fn places_far_apart_in_one_file_are_shown_apart() {
        let mut sources = Sources::new();
        let id = sources.add("a.csv", "x\n".repeat(1000));
        let twice = Diagnostic::new(Code::LexiconDuplicate, "`x` stands twice")
            .at(Span::new(id, 1000..1001))
            .also(Span::new(id, 0..1), "first here");
        assert_eq!(
            plain(twice, &sources),
            "\
warning[A505]: `x` stands twice
   --> a.csv:501:1
    |
501 | x
    | ^
    |
   ::: a.csv:1:1
    |
  1 | x
    | - first here
"
        );
    }

    #[test]
    fn a_problem_without_a_place_is_its_message_and_remedy() {
        let none = Diagnostic::new(Code::NoActiveRule, "no rule is active").help("check `include`");
        let expected = "error[A702]: no rule is active\n |\n = help: check `include`\n";
        assert_eq!(plain(none, &Sources::new()), expected);
    }

    #[test]
    fn one_blank_line_stands_between_two_problems() {
        let (sources, id) = rule_file();
        let unused = Diagnostic::new(Code::UnusedSelection, "selection `tall` is not used").at(at(id, "tall"));
        let found = [unused, unknown_field(id)].into_iter().collect();
        let text = render(&found, &sources, Style::Plain);
        assert!(text.starts_with("warning[A407]: selection"));
        assert_eq!(text.matches("\n\n").count(), 1);
        assert!(text.contains("^^^^\n\nerror[A301]"), "{text}");
        assert_eq!(render(&Diagnostics::new(), &sources, Style::Plain), "");
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let (mut sources, id) = rule_file();
        let other = sources.add("b", "id");
        let found = std::iter::once(unknown_field(id).also(Span::new(other, 0..2), "here")).collect();
        let coloured = render(&found, &sources, Style::Colour);
        assert!(coloured.contains(&format!("{}", annotate_snippets::renderer::DEFAULT_ERROR_STYLE)));
        let mut bare = String::new();
        for (i, part) in coloured.split('\u{1b}').enumerate() {
            bare.push_str(if i == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) });
        }
        let bare: Vec<_> = bare.lines().map(str::trim_end).collect();
        assert_eq!(bare, render(&found, &sources, Style::Plain).lines().collect::<Vec<_>>());
    }

    #[test]
    fn text_of_a_hostile_file_cannot_reach_the_terminal() {
        let evil = "\u{1b}[2J\u{7}\u{202e}\r\u{0}\u{9b}31m\u{2028}";
        let mut sources = Sources::new();
        let id = sources.add(evil, format!("{}\nnext", evil.repeat(5_000)));
        let bad = Diagnostic::new(Code::BadValue, evil.repeat(5_000))
            .at(Span::new(id, 30_000..90_000))
            .label(evil)
            .also(Span::new(id, 3..4), evil)
            .help(format!("{evil}\nerror[A101]: forged"))
            .rule(evil);
        let text = plain(bad, &sources);
        assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
        assert!(!text.contains(['\u{202e}', '\u{2028}']));
        assert!(!text.contains("\nerror[A101]"));
        assert!(text.len() < 30_000, "{}", text.len());
    }

    #[test]
    fn the_column_is_that_of_the_file_even_where_the_line_is_cut() {
        let mut sources = Sources::new();
        let id = sources.add("a", format!("\u{feff}\t{}heigth{}", "é".repeat(1000), " ".repeat(1000)));
        let text = plain(Diagnostic::new(Code::UnknownField, "x").at(Span::new(id, 2004..2010)), &sources);
        assert!(text.contains(" --> a:1:1002\n"), "{text}");
        assert!(text.contains(" ^^^^^^\n"), "{text}");
    }

    #[test]
    fn no_span_makes_rendering_fail() {
        let texts = ["", "\n", "a", "é\r\n", "\r\n\r\n", "\u{feff}", "\t\n\u{301}漢\n", "a\u{2028}b\u{b}c"];
        for text in texts {
            let mut sources = Sources::new();
            let id = sources.add("a", text);
            for start in 0..text.len() + 3 {
                for end in 0..text.len() + 3 {
                    let span = Span { source: id, start, end };
                    let reversed = Span { source: id, start: end, end: start };
                    let problem = Diagnostic::new(Code::BadValue, text).at(span).label("l").also(reversed, "");
                    for style in [Style::Plain, Style::Colour] {
                        let found = std::iter::once(problem.clone()).collect();
                        assert!(render(&found, &sources, style).contains("A204"));
                        assert!(render(&found, &Sources::new(), style).contains("<unknown>"));
                    }
                }
            }
        }
    }

    #[test]
    fn the_summary_counts_in_words() {
        let error = Diagnostic::new(Code::UnknownField, "");
        let warning = Diagnostic::new(Code::UnusedSelection, "");
        let of = |list: &[&Diagnostic]| summary(&list.iter().map(|d| (*d).clone()).collect());
        assert_eq!(of(&[]), "no problems");
        assert_eq!(of(&[&warning]), "1 warning");
        assert_eq!(of(&[&error, &warning, &error]), "2 errors, 1 warning");
    }
}
