//! What is wrong with a file that a person wrote, and where.
//!
//! In goes what the reader of a rule, lexicon, test or profile found: a [`Code`] from the one catalogue, a message with
//! the offending text, a [`Span`] of bytes in a source held by [`Sources`], and a remedy. Out comes text in the look of
//! the Rust compiler ([`render()`]) and a count ([`summary`]).
//!
//! Problems are collected, never thrown: one bad rule does not hide the next. Nothing here fails or panics, whatever
//! the file holds; a span that lies outside its text is clamped, and what is printed holds no control characters but
//! the line feeds and colours put there by the renderer.
//!
//! This module does not print, does not read files and does not decide an exit status.

mod code;
mod document;
mod excerpt;
mod fix;
mod json;
mod keys;
mod render;
mod sarif;
mod source;
mod suggest;

pub use code::{Code, Severity};
pub use document::{Key, Node, Table, Tree, parse_toml};
pub use fix::{Fix, Fixed, apply_fixes};
pub use json::write_json;
pub(crate) use keys::Keys;
pub use render::{Style, render, summary};
pub use sarif::to_sarif;
pub use source::{SourceId, Sources, Span};
pub use suggest::did_you_mean;

/// One problem in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which problem of the catalogue this is; it settles the severity.
    pub code: Code,
    /// The problem in one line: lower case, names and values in backticks.
    pub message: String,
    /// Where it is; none for a problem of a whole file or rule set.
    pub span: Option<Span>,
    /// What stands beside the carets under the span.
    pub label: Option<String>,
    /// Other places that matter, each with its label.
    pub secondary: Vec<(Span, String)>,
    /// What explains the problem further, line by line.
    pub notes: Vec<String>,
    /// The remedy.
    pub help: Option<String>,
    /// The id of the rule the problem is in.
    pub rule: Option<String>,
    /// A correction that changes no verdict, where there is one.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// A problem without a place; the other methods add to it.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            span: None,
            label: None,
            secondary: Vec::new(),
            notes: Vec::new(),
            help: None,
            rule: None,
            fix: None,
        }
    }

    /// Says where the problem is.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// Writes `text` beside the carets; shown only together with a span.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = Some(text.into());
        self
    }

    /// Shows another place with its own label.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push((span, text.into()));
        self
    }

    /// Adds a line that explains the problem further.
    #[must_use]
    pub fn note(mut self, line: impl Into<String>) -> Self {
        self.notes.push(line.into());
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Names the rule the problem is in.
    #[must_use]
    pub fn rule(mut self, id: impl Into<String>) -> Self {
        self.rule = Some(id.into());
        self
    }

    /// Adds a correction that needs no author.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.fix = Some(fix);
        self
    }

    /// The severity of the code.
    #[must_use]
    pub fn severity(&self) -> Severity {
        self.code.severity()
    }
}

/// The problems found so far, in the order they were found until [`Diagnostics::sort`] is called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    found: Vec<Diagnostic>,
}

impl Diagnostics {
    /// No problems.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Adds problems, for example those of another collection.
    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.found.extend(diagnostics);
    }

    /// The problems in their present order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.found.iter()
    }

    /// Whether any problem is an error.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.iter().any(|d| d.severity() == Severity::Error)
    }

    /// How many problems are errors.
    #[must_use]
    pub fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    /// How many problems are warnings.
    #[must_use]
    pub fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    /// Whether there is no problem at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Orders the problems by source name, position, code, rule and message, so that the order in which files were read
    /// does not show. Those without a place come last. What is said twice in every respect is said once.
    pub fn sort(&mut self, sources: &Sources) {
        self.found.sort_by(|a, b| {
            let key = |d: &Diagnostic| {
                let place = d.span.map(|s| (sources.name(s.source), s.source, s.start, s.end));
                (place.is_none(), place)
            };
            key(a)
                .cmp(&key(b))
                .then_with(|| a.code.cmp(&b.code))
                .then_with(|| a.rule.cmp(&b.rule))
                .then_with(|| a.message.cmp(&b.message))
        });
        self.found.dedup();
    }

    fn count(&self, severity: Severity) -> usize {
        self.iter().filter(|d| d.severity() == severity).count()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.found.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self { found: diagnostics.into_iter().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_and_warnings_are_counted_apart() {
        let mut found = Diagnostics::new();
        assert!(found.is_empty() && !found.has_errors());
        found.push(Diagnostic::new(Code::UnusedSelection, "selection `a` is not used"));
        assert!(!found.is_empty() && !found.has_errors());
        found.extend([Diagnostic::new(Code::UnknownField, "unknown field `x`")]);
        assert!(found.has_errors());
        assert_eq!((found.errors(), found.warnings()), (1, 1));
    }

    #[test]
    fn order_of_reading_does_not_show_after_sorting() {
        let mut sources = Sources::new();
        let late = sources.add("b.toml", "xyz");
        let early = sources.add("a.toml", "xyz");
        let at = |source, start| Span::new(source, start..start + 1);
        let mut found = Diagnostics::new();
        found.push(Diagnostic::new(Code::NoActiveRule, "no rule is active"));
        found.push(Diagnostic::new(Code::UnknownField, "1").at(at(late, 0)));
        found.push(Diagnostic::new(Code::UnknownField, "2").at(at(early, 2)));
        found.push(Diagnostic::new(Code::UnknownOperator, "3").at(at(early, 1)));
        found.push(Diagnostic::new(Code::UnknownField, "4").at(at(early, 1)));
        let mut reversed: Diagnostics = found.iter().rev().cloned().collect();
        found.sort(&sources);
        reversed.sort(&sources);
        assert_eq!(found, reversed);
        let messages: Vec<_> = found.iter().map(|d| d.message.as_str()).collect();
        assert_eq!(messages, ["4", "3", "2", "1", "no rule is active"]);
        let twice: Vec<Diagnostic> = found.iter().cloned().collect();
        found.extend(twice);
        found.sort(&sources);
        assert_eq!(found, reversed, "what is said twice is said once");
    }
}
