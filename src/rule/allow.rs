//! `# allow: A910 (reason)`: a warning that its author has looked at and lets stand.
//!
//! In go the texts of a rule set and what was found in them, out come the findings that no comment allows. A comment
//! counts for its own line and the one below. It never allows an error, it needs a reason, and one that allows nothing is
//! itself a warning, so that a list of exceptions cannot outlive what it excepts.

use crate::diag::{Code, Diagnostic, Diagnostics, Fix, Severity, SourceId, Sources, Span};

/// What stands before the codes.
const MARK: &str = "# allow:";

/// One comment.
#[derive(Debug)]
struct Allow {
    span: Span,
    /// What goes where the comment goes: its line where it stands there alone. None in a list, where other cells follow.
    cut: Option<Span>,
    line: usize,
    codes: Vec<Named>,
    reason: String,
}

/// A code as a comment names it.
#[derive(Debug)]
struct Named {
    word: String,
    code: Option<Code>,
    used: bool,
}

/// The comments of the texts read so far.
#[derive(Debug)]
pub struct Allows {
    all: Vec<Allow>,
}

impl Allows {
    /// Reads the comments of every text.
    #[must_use]
    pub fn read(sources: &Sources) -> Self {
        Self { all: sources.ids().flat_map(|source| comments(source, sources.text(source))).collect() }
    }

    /// Takes out the warnings that a comment at their line, or at the line above, allows. Returns them, each with the
    /// reason of its author.
    pub fn take(&mut self, found: &mut Diagnostics, sources: &Sources) -> Vec<(Diagnostic, String)> {
        let mut taken = vec![];
        let mut kept = Diagnostics::new();
        for problem in std::mem::take(found) {
            match self.reason(&problem, sources) {
                Some(reason) => taken.push((problem, reason)),
                None => kept.push(problem),
            }
        }
        *found = kept;
        taken
    }

    fn reason(&mut self, problem: &Diagnostic, sources: &Sources) -> Option<String> {
        let span = problem.span.filter(|_| problem.severity() == Severity::Warning)?;
        let line = sources.line_column(&span).0;
        let near = |allow: &&mut Allow| {
            allow.span.source == span.source
                && (allow.line == line || allow.line + 1 == line)
                && !allow.reason.is_empty()
        };
        let mut reason = None;
        for allow in self.all.iter_mut().filter(near) {
            for named in allow.codes.iter_mut().filter(|named| named.code == Some(problem.code)) {
                named.used = true;
                reason = Some(allow.reason.clone());
            }
        }
        reason
    }

    /// What is wrong with the comments: no reason, an unknown code, and for one of the codes that were `judged`, nothing
    /// that it allows.
    #[must_use]
    pub fn problems(&self, judged: &[Code]) -> Diagnostics {
        self.all.iter().flat_map(|allow| allow.problems(judged)).collect()
    }
}

impl Allow {
    fn problems(&self, judged: &[Code]) -> Vec<Diagnostic> {
        let bad = |message: String, help: &str| Diagnostic::new(Code::BadAllow, message).at(self.span).help(help);
        let form = "write `# allow: A910 (why this may stand)`";
        if self.codes.is_empty() {
            return vec![bad("the comment allows no code".to_owned(), form)];
        }
        if self.reason.is_empty() {
            return vec![bad("the comment gives no reason, and allows nothing".to_owned(), form)];
        }
        let one = |named: &Named| match named.code {
            None => Some(bad(format!("there is no code `{}`", named.word), "`article3 rules check` names the codes")),
            Some(code) if code.severity() == Severity::Error => {
                Some(bad(format!("`{code}` is an error, which nothing allows"), "correct what it is about"))
            }
            Some(code) if !named.used && judged.contains(&code) => {
                let message = format!("there is no `{code}` here to allow");
                let help = "take the comment out; it counts for its own line and the one below";
                let problem = Diagnostic::new(Code::UnusedAllow, message).at(self.span).help(help);
                let alone = self.cut.filter(|_| self.codes.len() == 1);
                Some(match alone {
                    Some(cut) => problem.fix(Fix::new(format!("took out a comment that allowed no `{code}`")).cut(cut)),
                    None => problem,
                })
            }
            Some(_) => None,
        };
        self.codes.iter().filter_map(one).collect()
    }
}

/// The comments of one text. In a list, which has no comments, they stand in the note of an entry.
fn comments(source: SourceId, text: &str) -> Vec<Allow> {
    let mut all = vec![];
    let mut start = 0;
    for (line, content) in text.split_inclusive('\n').enumerate() {
        if let Some((at, written)) = content.find(MARK).and_then(|at| Some((at, content.get(at + MARK.len()..)?))) {
            let (codes, rest) = written.split_once('(').unwrap_or((written, ""));
            let reason = rest.rsplit_once(')').map_or("", |(reason, _)| reason.trim());
            let span = Span::new(source, start + at..start + content.trim_end().len());
            let before = content.get(..at).unwrap_or_default().trim_end().len();
            let ends = content.trim_end().ends_with(')');
            let cut = ends.then(|| match before {
                0 => Span::new(source, start..start + content.len()),
                _ => Span::new(source, start + before..start + content.trim_end().len()),
            });
            all.push(Allow { span, cut, line: line + 1, codes: codes_in(codes), reason: reason.to_owned() });
        }
        start += content.len();
    }
    all
}

fn codes_in(text: &str) -> Vec<Named> {
    let words = text.split([',', ' ', '\t', '\r', '\n']).filter(|word| !word.is_empty());
    words.map(|word| Named { word: word.to_owned(), code: Code::parse(word), used: false }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of warnings on the second line, and what is said of the comments.
    fn allowed(text: &str) -> (usize, Vec<Code>) {
        let mut sources = Sources::new();
        let source = sources.add("a.toml", text);
        let second = text.find('\n').map_or(0, |at| at + 1);
        let mut found: Diagnostics = [Code::UnusedSelection, Code::UnknownField]
            .into_iter()
            .map(|code| Diagnostic::new(code, "wrong").at(Span::new(source, second..second + 1)))
            .collect();
        let mut allows = Allows::read(&sources);
        allows.take(&mut found, &sources);
        (found.iter().count(), allows.problems(&[Code::UnusedSelection]).iter().map(|p| p.code).collect())
    }

    #[test]
    fn a_comment_counts_for_its_line_and_the_one_below() {
        assert_eq!(allowed("# allow: A407 (kept for later)\nx = 1\n"), (1, vec![]));
        assert_eq!(allowed("y = 1\nx = 1 # allow: A407 (kept for later (soon))\n"), (1, vec![]));
        assert_eq!(allowed("y = 1\nx = 1\n# allow: A407 (too late)\n"), (2, vec![Code::UnusedAllow]));
    }

    #[test]
    fn a_comment_without_a_reason_or_a_known_code_allows_nothing() {
        assert_eq!(allowed("# allow: A407\nx = 1\n"), (2, vec![Code::BadAllow]));
        assert_eq!(allowed("# allow: A407 ( )\nx = 1\n"), (2, vec![Code::BadAllow]));
        assert_eq!(allowed("# allow: (why not)\nx = 1\n"), (2, vec![Code::BadAllow]));
        assert_eq!(allowed("# allow: A407, A999 (one of them)\nx = 1\n"), (1, vec![Code::BadAllow]));
    }

    #[test]
    fn an_error_is_never_allowed() {
        assert_eq!(allowed("# allow: A407, A301 (I know)\nx = 1\n"), (1, vec![Code::BadAllow]));
    }

    #[test]
    fn a_comment_that_allows_nothing_goes_with_its_line_or_leaves_the_rest_of_it() {
        let fixed = |text: &str| {
            let mut sources = Sources::new();
            sources.add("a.toml", text);
            let found = Allows::read(&sources).problems(&[Code::UnusedSelection]);
            crate::diag::apply_fixes(&found, &sources).pop().map(|fixed| fixed.text)
        };
        assert_eq!(fixed("x = 1 # allow: A407 (why)\ny = 2\n").as_deref(), Some("x = 1\ny = 2\n"));
        assert_eq!(fixed("x = 1\n  # allow: A407 (why)\ny = 2\n").as_deref(), Some("x = 1\ny = 2\n"));
        assert_eq!(fixed("word,en,Latn,stem,,# allow: A407 (why),law,,\n"), None, "cells follow");
    }

    #[test]
    fn what_another_command_judges_is_not_missed_here() {
        assert_eq!(allowed("x = 1 # allow: A105 (judged elsewhere)\ny = 2\n"), (2, vec![]));
    }
}
