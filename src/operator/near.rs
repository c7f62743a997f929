//! `near`: two things within so many words of each other, in either order.

use std::ops::Range;
use std::sync::Arc;

use super::draft::{Built, Draft};
use super::pattern::{Pattern, Patterns, describe};
use super::{Found, Here, Operator, Truth};
use crate::diag::{Code, Diagnostic, Span, Tree};
use crate::record::{Field, Value, WORDING_SEPARATOR};
use crate::text::{Folded, Mode, Phrase, near};

/// Looks for a pair.
#[derive(Debug)]
pub(super) struct Near {
    pub(super) a: Patterns,
    pub(super) b: Patterns,
    pub(super) within: usize,
}

impl Near {
    /// The first pair among the patterns that count at least as surely as `least`. A charge and its translation are two
    /// texts: no pair has one side in each.
    fn pair(&self, text: &str, folded: &Folded, here: &Here<'_>, least: Truth) -> Option<[Found; 2]> {
        let a = self.a.found(text, folded, here, least);
        if a.is_empty() {
            return None;
        }
        let b = self.b.found(text, folded, here, least);
        let cuts: Vec<usize> = text.match_indices(WORDING_SEPARATOR).map(|(at, _)| at).collect();
        let part = |found: &Found| cuts.iter().filter(|cut| **cut <= found.start).count();
        let spans = |found: &[Found], wanted: usize| -> Vec<Range<usize>> {
            found.iter().filter(|found| part(found) == wanted).map(Found::span).collect()
        };
        let pair = |wanted| near(text, &spans(&a, wanted), &spans(&b, wanted), self.within);
        let (first, second) = (0..=cuts.len()).find_map(pair)?;
        let pick = |found: &[Found], span| found.iter().find(|found| found.span() == span).cloned();
        Some([pick(&a, first)?, pick(&b, second)?])
    }

    /// Whether a place can count without counting surely.
    fn may_be_open(&self, here: &Here<'_>) -> bool {
        !self.reads().is_empty() || here.reading.lens.is_some()
    }
}

impl Operator for Near {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        here.folded(text, |folded| {
            if self.pair(text, folded, here, Truth::Yes).is_some() {
                Truth::Yes
            } else if self.may_be_open(here) && self.pair(text, folded, here, Truth::Unknown).is_some() {
                Truth::Unknown
            } else {
                Truth::No
            }
        })
    }

    fn phrases(&self) -> Option<Vec<Vec<&Phrase>>> {
        Some(vec![self.a.phrases()?, self.b.phrases()?])
    }

    fn reads(&self) -> Vec<Field> {
        [self.a.reads(), self.b.reads()].concat()
    }

    fn lists(&self) -> Vec<&str> {
        [self.a.lists(), self.b.lists()].concat()
    }

    fn patterns(&self) -> Vec<&Pattern> {
        self.a.iter().chain(self.b.iter()).collect()
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let Value::Text(text) = value else { return vec![] };
        here.folded(text, |folded| {
            let passage = self.pair(text, folded, here, Truth::Yes).map(|[a, b]| {
                let (first, second) = if a.start <= b.start { (a, b) } else { (b, a) };
                Found {
                    start: first.start,
                    end: second.end.max(first.end),
                    entry: format!("{} … {}", first.entry, second.entry),
                    ..first
                }
            });
            passage.into_iter().collect()
        })
    }

    fn describe(&self) -> String {
        format!("has {} within {} words of {}", describe(&self.a), self.within, describe(&self.b))
    }
}

impl Draft<'_> {
    fn bad_near(&mut self, span: Span, message: &str) {
        let problem = Diagnostic::new(Code::BadNear, message).at(span);
        self.report(problem.help("write for example `near = { a = \"call\", b = \"arms\", within = 5 }`"));
    }

    pub(super) fn near(&mut self) -> Built {
        let Some(table) = self.value.table() else {
            self.bad_near(self.value.span, "`near` takes a table");
            return None;
        };
        for (key, _) in table.iter().filter(|(key, _)| !["a", "b", "within"].contains(&key.text.as_str())) {
            let problem =
                Diagnostic::new(Code::UnknownKey, format!("unknown key `{}` in `near`", key.text)).at(key.span);
            self.report(problem.help("`near` has `a`, `b` and `within`; `word` and `cased` stand beside it"));
        }
        let within = match table.get("within").map(|node| (&node.tree, node.span)) {
            Some((Tree::Integer(words), _)) if *words >= 0 => usize::try_from(*words).ok(),
            Some((_, span)) => {
                self.bad_near(span, "`within` in `near` is a number of words, 0 or more");
                None
            }
            None => {
                self.bad_near(self.value.span, "`near` needs `within`, a number of words");
                None
            }
        };
        let mut side = |name: &str| match table.get(name) {
            Some(node) => self.patterns(node, Mode::Substring),
            None => {
                self.bad_near(self.value.span, &format!("`near` needs `{name}`, what to look for"));
                None
            }
        };
        let (a, b) = (side("a"), side("b"));
        Some(Arc::new(Near { a: Patterns::new(a?), b: Patterns::new(b?), within: within? }))
    }
}
