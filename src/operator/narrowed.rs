//! `sentence`, `subject`, `negated`, `reported`: text operators that hold only in part of a text.
//!
//! The last three are a lens: what an operator finds counts only where the sentence is about whom the rule says, and is
//! negated, or only told of, or neither. `sentence` reads each sentence as a text of its own, with which all text operators of the
//! table must agree. Sentences, subjects and negations are told by the lists of the rule set (`Grammar`). Narrowing only
//! ever takes matches away, so what the operators promise of their phrases stays true. Where it is open whom a sentence
//! is about, whether a match in it counts is unknown.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::{Found, Here, Operator, Pattern, Reading, Truth};
use crate::diag::{Code, Diagnostic, Diagnostics, Table, Tree, did_you_mean};
use crate::record::{Field, Value};
use crate::text::{About, CueKind, Grammar, Mode, Passages, Phrase, Prose, Reach, Sentence, Subject};

/// What of a text counts, as a rule says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Narrowing {
    sentence: bool,
    subject: Option<Subject>,
    negated: Option<bool>,
    reported: Option<bool>,
}

/// What of the text being read counts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lens<'a> {
    passages: &'a Passages,
    /// Where the text being read begins in the text that the passages are of.
    offset: usize,
    narrowing: Narrowing,
}

impl<'a> Lens<'a> {
    /// One sentence of the text, read as a text of its own.
    fn part(self, text: &'a str, sentence: &'a Sentence) -> Option<Part<'a>> {
        Some(Part {
            text: text.get(sentence.span.clone())?,
            lens: Lens { offset: sentence.span.start, ..self },
            prose: sentence.prose(text),
            counts: self.narrowing.is_about(sentence),
        })
    }

    /// Whether a match at these bytes of the text being read counts.
    pub(super) fn counts(&self, span: &Range<usize>) -> Truth {
        let span = span.start + self.offset..span.end + self.offset;
        let is_other =
            |wanted: Option<bool>, reach: Option<&Reach>| wanted.is_some_and(|wanted| wanted != reach.is_some());
        if is_other(self.narrowing.negated, self.passages.negation(&span))
            || is_other(self.narrowing.reported, self.passages.report(&span))
        {
            return Truth::No;
        }
        let about = |sentence: &Sentence| self.narrowing.is_about(sentence);
        self.passages.around(&span).map(about).min().unwrap_or(Truth::No)
    }

    /// The sentences of the text being read, and whether they count.
    pub(super) fn parts<'t>(&self, text: &'t str) -> impl Iterator<Item = (&'t str, Truth)> {
        let own = self.offset..self.offset + text.len();
        self.passages.around(&own).filter_map(move |sentence| {
            let part = text.get(sentence.span.start - own.start..sentence.span.end - own.start)?;
            Some((part, self.narrowing.is_about(sentence)))
        })
    }
}

impl Narrowing {
    /// What the table of a predicate says. `Err` where it says something wrong, which is reported.
    pub(crate) fn read(
        table: &Table,
        grammar: &Grammar,
        rule: &str,
        found: &mut Diagnostics,
    ) -> Result<Option<Self>, ()> {
        let mut problems = vec![];
        let mut flagged = |key| flag(table, key, &mut problems);
        let (sentence, negated, reported) = (flagged("sentence"), flagged("negated"), flagged("reported"));
        let subject = subject(table, &mut problems);
        if negated.is_some() {
            problems.extend(without_lists(table, "negated", &[CueKind::NegationBefore], grammar));
        }
        if reported.is_some() {
            problems.extend(without_lists(table, "reported", &[CueKind::ReportBefore], grammar));
        }
        if subject.is_some() {
            problems.extend(without_lists(table, "subject", &[CueKind::Person, CueKind::Others], grammar));
        }
        let sound = problems.is_empty();
        found.extend(problems.into_iter().map(|problem| problem.rule(rule)));
        let one = Self { sentence: sentence == Some(true), subject, negated, reported };
        let narrows = one.sentence || subject.is_some() || negated.is_some() || reported.is_some();
        if sound { Ok(narrows.then_some(one)) } else { Err(()) }
    }

    /// The operators by what is narrowed together: all where they must hold in one sentence, else each for itself.
    pub(crate) fn groups(self, operators: Vec<Arc<dyn Operator>>) -> Vec<Vec<Arc<dyn Operator>>> {
        if self.sentence { vec![operators] } else { operators.into_iter().map(|operator| vec![operator]).collect() }
    }

    /// Operators that must hold together, narrowed.
    pub(crate) fn over(self, inner: Vec<Arc<dyn Operator>>, grammar: &Arc<Grammar>) -> Arc<dyn Operator> {
        Arc::new(Narrowed { inner, narrowing: self, grammar: Arc::clone(grammar) })
    }

    /// Whether a sentence is about whom it must be about; unknown where the sentence leaves it open.
    fn is_about(self, sentence: &Sentence) -> Truth {
        match (self.subject, sentence.about.subject()) {
            (None, _) => Truth::Yes,
            (Some(_), None) => Truth::Unknown,
            (Some(wanted), Some(subject)) => Truth::of(wanted == subject),
        }
    }

    fn describe(self) -> String {
        let whom = match self.subject {
            None => "",
            Some(Subject::Person) => " about the person",
            Some(Subject::Others) => " about others",
        };
        let place = match (self.sentence, self.subject) {
            (true, _) => format!(" in one sentence{whom}"),
            (false, Some(_)) => format!(" in sentences{whom}"),
            (false, None) => String::new(),
        };
        let is = |wanted: Option<bool>, what: &str| match wanted {
            None => String::new(),
            Some(true) => format!(", where it is {what}"),
            Some(false) => format!(", where it is not {what}"),
        };
        format!("{place}{}{}", is(self.negated, "negated"), is(self.reported, "only told of"))
    }
}

fn flag(table: &Table, key: &str, problems: &mut Vec<Diagnostic>) -> Option<bool> {
    let node = table.get(key)?;
    if let Tree::Flag(flag) = node.tree {
        return Some(flag);
    }
    let problem = Diagnostic::new(Code::WrongType, format!("`{key}` takes true or false")).at(node.span);
    problems.push(problem.help("write `true` or `false`, without quotes"));
    None
}

fn subject(table: &Table, problems: &mut Vec<Diagnostic>) -> Option<Subject> {
    let node = table.get("subject")?;
    let word = node.text().unwrap_or_default();
    let known = Subject::ALL.iter().find(|(_, name)| *name == word).map(|(subject, _)| *subject);
    if known.is_none() {
        let problem = Diagnostic::new(Code::BadValue, "`subject` is \"person\" or \"others\"").at(node.span);
        problems.push(problem.help(match did_you_mean(word, Subject::ALL.iter().map(|(_, name)| *name)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "it says whom a sentence must be about for its words to count".to_owned(),
        }));
    }
    known
}

/// The problem that an option is told by lists that the rule set does not name.
fn without_lists(table: &Table, option: &str, kinds: &[CueKind], grammar: &Grammar) -> Option<Diagnostic> {
    let lacks = kinds.iter().filter(|kind| !grammar.has(**kind));
    let missing: Vec<String> = lacks.map(|kind| format!("`{}`", kind.key())).collect();
    if missing.is_empty() {
        return None;
    }
    let message = format!("`{option}` is told by lists of words, and this rule set names none");
    let help = format!("name {} in `[profile.reading]` of `ruleset.toml`", missing.join(" and "));
    let problem = Diagnostic::new(Code::NoCueLists, message).help(help);
    Some(table.key(option).map(|key| key.span).into_iter().fold(problem, Diagnostic::at))
}

/// Text operators that hold in part of a text.
#[derive(Debug)]
struct Narrowed {
    inner: Vec<Arc<dyn Operator>>,
    narrowing: Narrowing,
    grammar: Arc<Grammar>,
}

/// A part of a text that is read as a text of its own.
struct Part<'a> {
    text: &'a str,
    lens: Lens<'a>,
    prose: &'a Prose,
    /// Whether it counts at all.
    counts: Truth,
}

impl Narrowed {
    /// Reads each part of a text: its sentences, or all of it.
    fn each_part<T>(&self, text: &str, here: &Here<'_>, mut read: impl FnMut(&Part<'_>, &Here<'_>) -> T) -> Vec<T> {
        here.prose(text, |prose| {
            let passages = prose.passages(text, &self.grammar);
            let whole = Lens { passages, offset: 0, narrowing: self.narrowing };
            let parts: Vec<Part<'_>> = if self.narrowing.sentence {
                passages.sentences.iter().filter_map(|sentence| whole.part(text, sentence)).collect()
            } else {
                vec![Part { text, lens: whole, prose, counts: Truth::Yes }]
            };
            let mut results = vec![];
            for part in parts.iter().filter(|part| part.counts != Truth::No) {
                let reading = Reading { lens: Some(part.lens), ..Reading::of_text(here.reading.row(), part.prose) };
                results.push(read(part, &Here { reading: &reading, field: here.field, position: here.position }));
            }
            results
        })
    }

    fn part_holds(&self, part: &Part<'_>, here: &Here<'_>) -> Truth {
        let all = self.inner.iter().map(|operator| operator.holds(Value::Text(part.text), here)).min();
        part.counts.min(all.unwrap_or(Truth::Yes))
    }

    /// Why what stands at `span` counts or does not.
    fn remark(&self, text: &str, passages: &Passages, span: &Range<usize>) -> Vec<String> {
        let quote = |range: &Range<usize>| format!("“{}”", text.get(range.clone()).unwrap_or_default().trim());
        let words = quote(span);
        let negation = self.narrowing.negated.map(|_| match passages.negation(span) {
            Some(negation) => format!("{words} is negated by {}", quote(&negation.cue)),
            None => format!("{words} is not negated"),
        });
        let report = self.narrowing.reported.map(|_| match passages.report(span) {
            Some(report) => format!("{words} is only told of ({})", quote(&report.cue)),
            None => format!("{words} is not only told of"),
        });
        let whom = |subject: &Subject| match subject {
            Subject::Person => "the person",
            Subject::Others => "others",
        };
        let subject = self.narrowing.subject.and_then(|_| {
            Some(match &passages.around(span).next()?.about {
                About::Named(subject, cue) => format!("{words} is said of {} ({})", whom(subject), quote(cue)),
                About::Carried(subject) => {
                    format!("{words} is said of {}, as the sentence before it is", whom(subject))
                }
                About::First => format!("{words} is said of the person, whom a text is about before it names others"),
                About::Unnamed(cue) => format!("{words} is said of nobody by name ({})", quote(cue)),
            })
        });
        negation.into_iter().chain(report).chain(subject).collect()
    }
}

impl Operator for Narrowed {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        self.each_part(text, here, |part, here| self.part_holds(part, here)).into_iter().max().unwrap_or(Truth::No)
    }

    fn phrases(&self) -> Option<Vec<Vec<&Phrase>>> {
        // The start and end of a sentence are not those of the text.
        let stays = |group: &Vec<&Phrase>| {
            !self.narrowing.sentence || !group.iter().any(|phrase| matches!(phrase.mode(), Mode::Prefix | Mode::Suffix))
        };
        let groups: Vec<_> =
            self.inner.iter().filter_map(|operator| operator.phrases()).flatten().filter(stays).collect();
        (!groups.is_empty()).then_some(groups)
    }

    fn lists(&self) -> Vec<&str> {
        self.inner.iter().flat_map(|operator| operator.lists()).collect()
    }

    fn patterns(&self) -> Vec<&Pattern> {
        self.inner.iter().flat_map(|operator| operator.patterns()).collect()
    }

    fn reads(&self) -> Vec<Field> {
        let fields: BTreeSet<Field> = self.inner.iter().flat_map(|operator| operator.reads()).collect();
        fields.into_iter().collect()
    }

    fn waits_for(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Field> {
        let Value::Text(text) = value else { return vec![] };
        let of_part = |part: &Part<'_>, here: &Here<'_>| -> Vec<Field> {
            self.inner.iter().flat_map(|operator| operator.waits_for(Value::Text(part.text), here)).collect()
        };
        let fields: BTreeSet<Field> = self.each_part(text, here, of_part).into_iter().flatten().collect();
        fields.into_iter().collect()
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        let found = self.each_part(text, here, |part, here| {
            if self.part_holds(part, here) != Truth::Yes {
                return vec![];
            }
            let offset = part.lens.offset;
            let shifted = |found: Found| Found { start: found.start + offset, end: found.end + offset, ..found };
            let inner = self.inner.iter().flat_map(|operator| operator.evidence(Value::Text(part.text), here));
            inner.map(shifted).collect()
        });
        found.into_iter().flatten().collect()
    }

    fn remarks(&self, value: Value<&str>, here: &Here<'_>) -> Vec<String> {
        let Value::Text(text) = value else { return vec![] };
        let spans: Vec<Range<usize>> =
            self.inner.iter().flat_map(|operator| operator.evidence(value, here)).map(|found| found.span()).collect();
        here.prose(text, |prose| {
            let passages = prose.passages(text, &self.grammar);
            spans.iter().flat_map(|span| self.remark(text, passages, span)).collect()
        })
    }

    fn describe(&self) -> String {
        let inner: Vec<String> = self.inner.iter().map(|operator| operator.describe()).collect();
        format!("{}{}", inner.join(" and "), self.narrowing.describe())
    }
}
