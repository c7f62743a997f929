//! The texts that spans point into.
//!
//! A [`Sources`] keeps every text as it was read, so that offsets of any parser stay valid, and answers questions about
//! places without ever failing: an offset beyond the end is the end, an offset inside a character is widened to that
//! character, an id of another collection is an empty text.

use std::ops::Range;

/// Names one text of one [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// Bytes `start..end` of one text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The text.
    pub source: SourceId,
    /// The first byte.
    pub start: usize,
    /// The byte after the last.
    pub end: usize,
}

impl Span {
    /// The bytes `range` of `source`.
    #[must_use]
    pub fn new(source: SourceId, range: Range<usize>) -> Self {
        Self { source, start: range.start, end: range.end }
    }
}

/// The texts read so far, each with its name.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// No texts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps `text` under `name`, usually its path as the user wrote it. Two texts may have one name.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        // Four thousand million files do not fit into memory; if they did, the last ones would share an id.
        let id = SourceId(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        self.all.push(Source { name: name.into(), text, line_starts });
        id
    }

    /// Every text, in the order in which they were added.
    pub fn ids(&self) -> impl Iterator<Item = SourceId> {
        (0..self.all.len()).filter_map(|at| u32::try_from(at).ok()).map(SourceId)
    }

    /// The name of a text; `<unknown>` for an id of another collection.
    #[must_use]
    pub fn name(&self, id: SourceId) -> &str {
        self.source(id).map_or("<unknown>", |s| &s.name)
    }

    /// A text as it was added; empty for an id of another collection.
    #[must_use]
    pub fn text(&self, id: SourceId) -> &str {
        self.source(id).map_or("", |s| &s.text)
    }

    /// Line and column where the span starts, both from 1, the column in characters. A byte order mark has no column.
    #[must_use]
    pub fn line_column(&self, span: &Span) -> (usize, usize) {
        let at = self.clamp(span).start;
        let line = self.line_of(span.source, at);
        let start = self.line_range(span.source, line).start;
        let before = self.text(span.source).get(start..at).unwrap_or("");
        (line + 1, before.chars().count() + 1)
    }

    /// The span's bytes, made to lie within the text, in order and on character boundaries.
    pub(super) fn clamp(&self, span: &Span) -> Range<usize> {
        let text = self.text(span.source);
        let start = span.start.min(text.len());
        let end = span.end.clamp(start, text.len());
        let first = text.floor_char_boundary(start);
        first..if start == end { first } else { text.ceil_char_boundary(end) }
    }

    /// The line, from 0, that holds byte `at`.
    pub(super) fn line_of(&self, id: SourceId, at: usize) -> usize {
        self.source(id).map_or(0, |s| s.line_starts.partition_point(|start| *start <= at).saturating_sub(1))
    }

    /// The bytes of a line, from 0, without its line end and without a byte order mark.
    pub(super) fn line_range(&self, id: SourceId, line: usize) -> Range<usize> {
        let Some(source) = self.source(id) else {
            return 0..0;
        };
        let start = source.line_starts.get(line).copied().unwrap_or(source.text.len());
        let next = source.line_starts.get(line + 1).copied().unwrap_or(source.text.len());
        let mut content = source.text.get(start..next).unwrap_or("");
        content = content.strip_suffix('\n').unwrap_or(content);
        content = content.strip_suffix('\r').unwrap_or(content);
        let end = start + content.len();
        let mark = if line == 0 && content.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        start + mark..end
    }

    fn source(&self, id: SourceId) -> Option<&Source> {
        self.all.get(usize::try_from(id.0).ok()?)
    }
}

#[derive(Clone, Debug)]
struct Source {
    name: String,
    text: String,
    /// Byte offsets where lines begin, the first of them 0.
    line_starts: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(text: &str, range: Range<usize>) -> (usize, usize) {
        let mut sources = Sources::new();
        let id = sources.add("a.toml", text);
        sources.line_column(&Span::new(id, range))
    }

    #[test]
    fn columns_count_characters_not_bytes() {
        assert_eq!(place("é = 1\nñandú = 2", 14..15), (2, 6));
    }

    #[test]
    fn lines_end_with_a_line_feed_or_both() {
        assert_eq!(place("a\r\nb\r\n", 3..4), (2, 1));
        assert_eq!(place("a\n\nb", 3..4), (3, 1));
        assert_eq!(place("a\n", 2..2), (2, 1));
    }

    #[test]
    fn offsets_outside_the_text_or_inside_a_character_are_clamped() {
        assert_eq!(place("ab", 900..1000), (1, 3));
        assert_eq!(place("", 3..5), (1, 1));
        assert_eq!(place("aé", 2..2), (1, 2));
        let mut sources = Sources::new();
        let id = sources.add("a", "aéb");
        assert_eq!(sources.clamp(&Span::new(id, 2..2)), 1..1);
        assert_eq!(sources.clamp(&Span { source: id, start: 2, end: 1 }), 1..1);
        assert_eq!(sources.clamp(&Span::new(id, 0..2)), 0..3);
        assert_eq!(sources.clamp(&Span::new(id, 1..usize::MAX)), 1..4);
    }

    #[test]
    fn a_byte_order_mark_has_no_column() {
        assert_eq!(place("\u{feff}abc", 4..5), (1, 2));
        assert_eq!(place("\u{feff}abc", 0..1), (1, 1));
    }

    #[test]
    fn an_id_of_another_collection_is_an_empty_text() {
        let mut sources = Sources::new();
        let id = sources.add("a", "text");
        let other = Sources::new();
        assert_eq!(other.name(id), "<unknown>");
        assert_eq!(other.text(id), "");
        assert_eq!(other.line_column(&Span::new(id, 3..4)), (1, 1));
    }
}
