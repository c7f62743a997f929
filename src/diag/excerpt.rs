//! The few lines of a source that a diagnostic shows, made safe for a terminal.
//!
//! In go a source and the places to mark in it; out comes a short text, the number of its first line and the marks
//! moved into it. Files are written by strangers: characters that move the cursor, change colours or reverse the
//! reading direction are shown by name, and a long line is cut around its marks, so that the size of what is shown
//! depends on the number of marks only.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::{SourceId, Sources};

/// How many characters of a long line are shown around a mark.
const SHOWN: usize = 160;
/// How many of them stand before the mark.
const BEFORE: usize = 60;
/// A line this near to its neighbour is shown in full between them; further away the renderer prints dots.
const NEAR: usize = 2;

/// A place to mark: bytes of the source before [`Excerpt::new`], bytes of the excerpt after it.
#[derive(Clone, Debug)]
pub(super) struct Mark<'a> {
    pub(super) range: Range<usize>,
    pub(super) label: Option<Cow<'a, str>>,
    pub(super) primary: bool,
}

/// Lines of one source, safe to print, with their marks.
#[derive(Debug)]
pub(super) struct Excerpt<'a> {
    pub(super) text: String,
    /// Number of the first line, from 1.
    pub(super) first_line: usize,
    pub(super) marks: Vec<Mark<'a>>,
}

impl<'a> Excerpt<'a> {
    /// The lines of `source` from the first mark to the last. A mark over several lines is drawn on its first one; the
    /// ranges must come from [`Sources::clamp`].
    pub(super) fn new(sources: &Sources, source: SourceId, marks: Vec<Mark<'a>>) -> Self {
        let mut lines: BTreeMap<usize, Vec<Mark<'a>>> = BTreeMap::new();
        for mark in marks {
            lines.entry(sources.line_of(source, mark.range.start)).or_default().push(mark);
        }
        let first_line = lines.keys().next().map_or(1, |line| line + 1);
        let mut excerpt = Self { text: String::new(), first_line, marks: Vec::new() };
        let mut previous = None;
        for (line, marks) in lines {
            if let Some(previous) = previous {
                excerpt.fill(sources, source, previous + 1..line);
            }
            excerpt.add(sources, source, line, &marks);
            previous = Some(line);
        }
        excerpt
    }

    /// Lines without marks: their text if it will be shown, else nothing but the line ends that keep the count.
    fn fill(&mut self, sources: &Sources, source: SourceId, gap: Range<usize>) {
        self.text.push('\n');
        let shown = gap.len() < NEAR;
        for line in gap {
            if shown {
                self.add(sources, source, line, &[]);
            }
            self.text.push('\n');
        }
    }

    fn add(&mut self, sources: &Sources, source: SourceId, line: usize, marks: &[Mark<'a>]) {
        let range = sources.line_range(source, line);
        let shown = Line::cut(sources.text(source).get(range.clone()).unwrap_or(""), &within(&range, marks));
        let base = self.text.len();
        // The renderer has no line after the last line feed; a space gives it one to mark.
        self.text.push_str(if shown.text.is_empty() { " " } else { &shown.text });
        for (mark, local) in marks.iter().zip(within(&range, marks)) {
            let moved = base + shown.locate(local.start)..base + shown.locate(local.end);
            self.marks.push(Mark { range: moved, ..mark.clone() });
        }
    }
}

/// The part of each mark that lies in the line, counted from the start of the line.
fn within(line: &Range<usize>, marks: &[Mark<'_>]) -> Vec<Range<usize>> {
    let local = |at: usize| at.clamp(line.start, line.end) - line.start;
    marks.iter().map(|m| local(m.range.start)..local(m.range.end)).collect()
}

/// One line as it is shown, and where each kept character went.
struct Line {
    text: String,
    /// (byte in the line, byte in `text`), both rising.
    places: Vec<(usize, usize)>,
}

impl Line {
    fn cut(line: &str, marks: &[Range<usize>]) -> Self {
        let mut shown = Self { text: String::new(), places: Vec::new() };
        let mut end = 0;
        for window in windows(line, marks) {
            match (window.start > end, shown.text.is_empty()) {
                (true, true) => shown.text.push('…'),
                (true, false) => shown.text.push_str(" … "),
                (false, _) => {}
            }
            for (at, c) in line.get(window.clone()).unwrap_or("").char_indices() {
                shown.places.push((window.start + at, shown.text.len()));
                push_safe(&mut shown.text, c);
            }
            end = window.end;
            shown.places.push((end, shown.text.len()));
        }
        if end < line.len() {
            shown.text.push('…');
        }
        shown
    }

    /// Where byte `at` of the line is shown; the end of what is shown before it if it was cut away.
    fn locate(&self, at: usize) -> usize {
        let after = self.places.partition_point(|(from, _)| *from <= at);
        after.checked_sub(1).and_then(|i| self.places.get(i)).map_or(0, |(_, to)| *to)
    }
}

/// The parts of a line to show, in order and without overlap: all of a short line, else a part around each mark.
fn windows(line: &str, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    if line.chars().nth(SHOWN).is_none() {
        return std::iter::once(0..line.len()).collect();
    }
    let mut around: Vec<_> = marks.iter().map(|m| window(line, m.start)).collect();
    if around.is_empty() {
        around.push(window(line, 0));
    }
    around.sort_by_key(|w| w.start);
    around.dedup_by(|next, kept| {
        let touches = next.start <= kept.end;
        if touches {
            kept.end = kept.end.max(next.end);
        }
        touches
    });
    around
}

/// [`SHOWN`] characters of a long line, so that byte `at` has up to [`BEFORE`] of them before it.
fn window(line: &str, at: usize) -> Range<usize> {
    let (head, tail) = line.split_at_checked(at).unwrap_or((line, ""));
    let after = SHOWN - head.chars().rev().take(BEFORE).count();
    let right: usize = tail.chars().take(after).map(char::len_utf8).sum();
    // What the end of the line does not use is given to the start.
    let before = SHOWN - tail.chars().take(after).count();
    let left: usize = head.chars().rev().take(before).map(char::len_utf8).sum();
    head.len() - left..head.len() + right
}

/// `text` on one line, safe to print and at most `longest` characters of it: of a longer text the middle is left out,
/// because messages end with the remedy.
pub(super) fn safe(text: &str, longest: usize) -> String {
    let mut out = String::new();
    if text.chars().nth(longest).is_none() {
        push_line(&mut out, text);
        return out;
    }
    let tail = longest / 3;
    let head: usize = text.chars().take(longest - tail).map(char::len_utf8).sum();
    let rest: usize = text.chars().rev().take(tail).map(char::len_utf8).sum();
    push_line(&mut out, text.get(..head).unwrap_or(""));
    out.push('…');
    push_line(&mut out, text.get(text.len() - rest..).unwrap_or(""));
    out
}

fn push_line(out: &mut String, text: &str) {
    for c in text.chars() {
        push_safe(out, if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    }
}

/// Appends a character as it may be printed. What has no shape of its own but changes how its neighbours look is
/// written as `<U+202E>`: that is also how an author finds the invisible character that makes a name wrong.
fn push_safe(out: &mut String, c: char) {
    match c {
        '\t' => out.push_str("    "),
        c if is_unsafe(c) => {
            out.push_str("<U+");
            out.push_str(&format!("{:04X}", u32::from(c)));
            out.push('>');
        }
        c => out.push(c),
    }
}

/// Control and format characters (Unicode categories Cc, Cf, Zl, Zp) that a terminal obeys or hides. The two joiners
/// are spelling in Persian and Indic scripts and stay.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(text: &str, range: Range<usize>) -> (String, String) {
        let mut sources = Sources::new();
        let id = sources.add("a", text);
        let excerpt = Excerpt::new(&sources, id, vec![Mark { range, label: None, primary: true }]);
        let marked = excerpt.text[excerpt.marks[0].range.clone()].to_owned();
        (excerpt.text, marked)
    }

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(one("a = 1\nbéb = 2\nc = 3", 6..10), ("béb = 2".to_owned(), "béb".to_owned()));
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides_of_the_mark() {
        let line = format!("{}MARK{}", "é".repeat(50_000), "ñ".repeat(50_000));
        let (text, marked) = one(&line, 100_000..100_004);
        assert_eq!(marked, "MARK");
        assert_eq!(text.chars().count(), SHOWN + 2);
        assert!(text.starts_with("…é") && text.ends_with("ñ…"));
    }

    #[test]
    fn a_mark_at_either_end_of_a_long_line_uses_the_whole_width() {
        let line = format!("FIRST{}LAST", "-".repeat(1000));
        let (text, marked) = one(&line, 0..5);
        assert_eq!((marked.as_str(), text.chars().count()), ("FIRST", SHOWN + 1));
        let (text, marked) = one(&line, 1005..1009);
        assert_eq!((marked.as_str(), text.chars().count()), ("LAST", SHOWN + 1));
    }

    #[test]
    fn two_marks_far_apart_on_one_line_are_both_shown() {
        let mut sources = Sources::new();
        let id = sources.add("a", format!("FIRST{}LAST", "-".repeat(1000)));
        let mark = |range| Mark { range, label: None, primary: false };
        let excerpt = Excerpt::new(&sources, id, vec![mark(1005..1009), mark(0..5)]);
        let shown: Vec<_> = excerpt.marks.iter().map(|m| &excerpt.text[m.range.clone()]).collect();
        assert_eq!(shown, ["LAST", "FIRST"]);
        assert!(excerpt.text.contains("- … -"));
    }

    #[test]
    fn a_mark_over_several_lines_is_drawn_on_its_first() {
        assert_eq!(one("ab\r\ncd\r\n", 1..7), ("ab".to_owned(), "b".to_owned()));
    }

    #[test]
    fn characters_that_a_terminal_obeys_are_shown_by_name() {
        let (text, marked) = one("\u{1b}[31m\tx\u{202e}y\u{0}", 0..1);
        assert_eq!(text, "<U+001B>[31m    x<U+202E>y<U+0000>");
        assert_eq!(marked, "<U+001B>");
        assert_eq!(safe("a\nb\u{9b}", 10), "a b<U+009B>");
    }

    #[test]
    fn a_long_message_keeps_its_start_and_its_remedy() {
        let message = format!("unknown field `{}`; did you mean `height`?", "x".repeat(100_000));
        let short = safe(&message, 90);
        assert_eq!(short.chars().count(), 91);
        assert!(short.starts_with("unknown field `x") && short.ends_with("did you mean `height`?"));
    }

    #[test]
    fn lines_far_apart_keep_their_numbers_without_the_text_between() {
        let mut sources = Sources::new();
        let id = sources.add("a", "first\n".to_owned() + &"secret\n".repeat(100) + "last");
        let mark = |range| Mark { range, label: None, primary: false };
        let excerpt = Excerpt::new(&sources, id, vec![mark(0..5), mark(706..710)]);
        assert_eq!(excerpt.text, format!("first{}last", "\n".repeat(101)));
        assert_eq!(&excerpt.text[excerpt.marks[1].range.clone()], "last");
    }
}
