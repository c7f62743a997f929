//! A text made ready to be read: folded, and cut into sentences with what each is about, what it denies and what it only tells of.
//!
//! In goes one text, out come answers about places in it. Folding is done at once, the rest when a first operator asks,
//! and both once for each text, however many operators look at it. The lists of cues that a text is first read with are
//! those it keeps: a reading belongs to one rule set, and a rule set has one grammar.

use std::cell::OnceCell;
use std::ops::Range;

use super::fold::Folded;
use super::grammar::{CueKind, Grammar};
use super::reach::{Reach, negations, reports};
use super::sentence::sentences;
use super::subject::{About, subjects};

/// A text made ready.
#[derive(Debug)]
pub struct Prose {
    folded: Folded,
    passages: OnceCell<Passages>,
}

impl Prose {
    /// Makes `text` ready.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self { folded: Folded::new(text), passages: OnceCell::new() }
    }

    /// The text, folded.
    #[must_use]
    pub fn folded(&self) -> &Folded {
        &self.folded
    }

    /// The sentences, negations and reports of the text, which is the one this was made of.
    #[must_use]
    pub fn passages(&self, text: &str, grammar: &Grammar) -> &Passages {
        self.passages.get_or_init(|| Passages::read(text, &self.folded, grammar))
    }
}

/// The sentences, negations and reports of one text, in order. Ranges are bytes of the text as written.
#[derive(Debug)]
pub struct Passages {
    /// The sentences.
    pub sentences: Vec<Sentence>,
    /// The negations.
    pub negations: Vec<Reach>,
    /// What is only told of or called for.
    pub reports: Vec<Reach>,
}

/// One sentence.
#[derive(Debug)]
pub struct Sentence {
    /// Where it stands, without white space around it.
    pub span: Range<usize>,
    /// Whom it is about.
    pub about: About,
    prose: OnceCell<Prose>,
}

impl Sentence {
    /// The sentence as a text of its own; `text` is the whole text.
    #[must_use]
    pub fn prose(&self, text: &str) -> &Prose {
        self.prose.get_or_init(|| Prose::new(text.get(self.span.clone()).unwrap_or_default()))
    }
}

impl Passages {
    fn read(text: &str, folded: &Folded, grammar: &Grammar) -> Self {
        let places = grammar.places(text, folded);
        let whole = places.get(&CueKind::Abbreviation).map_or(&[][..], Vec::as_slice);
        let spans = sentences(text, whole);
        let negations = negations(text, grammar, &places, &spans);
        let reports = reports(text, grammar, &places, &spans);
        let about = subjects(text, &places, &spans);
        let sentence = |(span, about)| Sentence { span, about, prose: OnceCell::new() };
        Self { sentences: spans.into_iter().zip(about).map(sentence).collect(), negations, reports }
    }

    /// The sentences that share a byte with `span`.
    pub fn around<'p>(&'p self, span: &Range<usize>) -> impl Iterator<Item = &'p Sentence> + use<'p> {
        let from = self.sentences.partition_point(|sentence| sentence.span.end <= span.start);
        let end = span.end;
        self.sentences[from..].iter().take_while(move |sentence| sentence.span.start < end)
    }

    /// The first negation that reaches what stands at `span`.
    #[must_use]
    pub fn negation(&self, span: &Range<usize>) -> Option<&Reach> {
        self.negations.iter().find(|negation| negation.reaches(span))
    }

    /// The first report or call that reaches what stands at `span`.
    #[must_use]
    pub fn report(&self, span: &Range<usize>) -> Option<&Reach> {
        self.reports.iter().find(|report| report.reaches(span))
    }
}
