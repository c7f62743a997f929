//! Corrections that need no author: exact edits of the text, which leave all else as it is, comments included.
//!
//! In go diagnostics with a [`Fix`], out come the corrected texts. An edit that would touch what another edit has touched
//! is left for the next time. A fix never changes what a rule says of any record.

use std::collections::BTreeMap;

use super::{Diagnostics, SourceId, Sources, Span};

/// A correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// What was done, in the past tense.
    pub title: String,
    edits: Vec<Edit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Edit {
    /// Takes out a place.
    Cut(Span),
    /// Takes out an element of an array, with the comma that sets it apart.
    CutFromArray(Span),
}

impl Fix {
    /// A correction of which `title` says what was done.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), edits: vec![] }
    }

    /// Takes out a place.
    #[must_use]
    pub fn cut(mut self, span: Span) -> Self {
        self.edits.push(Edit::Cut(span));
        self
    }

    /// Takes out an element of an array.
    #[must_use]
    pub fn cut_from_array(mut self, span: Span) -> Self {
        self.edits.push(Edit::CutFromArray(span));
        self
    }
}

impl Edit {
    fn span(self, sources: &Sources) -> Span {
        match self {
            Self::Cut(span) => span,
            Self::CutFromArray(span) => element(sources.text(span.source), span),
        }
    }
}

/// An element of an array with the comma that sets it apart, and with its line where it stands there alone.
fn element(text: &str, span: Span) -> Span {
    let (before, after) = (text.get(..span.start).unwrap_or(""), text.get(span.end..).unwrap_or(""));
    let Some((blank, rest)) = after.split_once(',').filter(|(blank, _)| blank.trim().is_empty()) else {
        let start = before.trim_end();
        return Span { start: start.strip_suffix(',').unwrap_or(start).len(), ..span };
    };
    let indent = |text: &str, rest: &str| text.len() - rest.len();
    let (left, right) = (before.trim_end_matches([' ', '\t']), rest.trim_start_matches([' ', '\t']));
    let end = span.end + blank.len() + 1 + indent(rest, right);
    if left.ends_with('\n') && right.starts_with('\n') {
        return Span { start: span.start - indent(before, left), end: end + 1, ..span };
    }
    // What follows on the line moves up; a comment stays.
    Span { end, ..span }
}

/// A text with corrections.
#[derive(Debug)]
pub struct Fixed {
    /// Which text.
    pub source: SourceId,
    /// The text as corrected.
    pub text: String,
    /// What was done, in the order of the text.
    pub done: Vec<String>,
}

/// Applies every fix that can be applied, text by text.
#[must_use]
pub fn apply_fixes(found: &Diagnostics, sources: &Sources) -> Vec<Fixed> {
    let mut by_source: BTreeMap<SourceId, Vec<(Span, &str)>> = BTreeMap::new();
    for fix in found.iter().filter_map(|problem| problem.fix.as_ref()) {
        for edit in &fix.edits {
            let span = edit.span(sources);
            by_source.entry(span.source).or_default().push((span, &fix.title));
        }
    }
    let fixed = by_source.into_iter().map(|(source, mut edits)| {
        edits.sort();
        let original = sources.text(source);
        let (mut text, mut done, mut end) = (String::new(), vec![], 0);
        for (span, title) in edits {
            let range = sources.clamp(&span);
            if range.start >= end {
                text.push_str(original.get(end..range.start).unwrap_or(""));
                done.push(title.to_owned());
                end = range.end;
            }
        }
        text.push_str(original.get(end..).unwrap_or(""));
        Fixed { source, text, done }
    });
    fixed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Diagnostic};

    fn fixed(text: &str, edits: &[(&str, bool)]) -> String {
        let mut sources = Sources::new();
        let source = sources.add("a", text);
        let fix = |(what, in_array): &(&str, bool)| {
            let start = text.find(what).expect("it is there");
            let span = Span::new(source, start..start + what.len());
            let fix = Fix::new("took it out");
            let fix = if *in_array { fix.cut_from_array(span) } else { fix.cut(span) };
            Diagnostic::new(Code::EntryContained, "idle").at(span).fix(fix)
        };
        let found: Diagnostics = edits.iter().map(fix).collect();
        apply_fixes(&found, &sources).swap_remove(0).text
    }

    #[test]
    fn an_element_goes_with_its_comma_and_comments_stay() {
        assert_eq!(fixed("x = [\"a\", \"b\", \"c\"]", &[("\"b\"", true)]), "x = [\"a\", \"c\"]");
        assert_eq!(fixed("x = [\"a\", \"b\"] # why", &[("\"b\"", true)]), "x = [\"a\"] # why");
        assert_eq!(fixed("x = [\n  \"a\",\n  \"b\",\n]", &[("\"b\"", true)]), "x = [\n  \"a\",\n]");
        assert_eq!(fixed("x = [\n  \"a\", # one\n  \"b\",\n]", &[("\"a\"", true)]), "x = [\n  # one\n  \"b\",\n]");
    }

    #[test]
    fn what_was_touched_is_left_for_the_next_time() {
        assert_eq!(fixed("abcdef", &[("bcd", false), ("cde", false)]), "aef");
        assert_eq!(fixed("abcdef", &[("ef", false), ("ab", false)]), "cd");
    }
}
