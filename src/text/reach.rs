//! What a text denies, and what it only tells of.
//!
//! In go the places of cues and the sentences of a text, out come the words each cue reaches. The method is that of
//! NegEx (Chapman and others 2001) and ConText (Harkema and others 2009): a cue reaches what follows it, or what
//! precedes it, up to the end of the sentence, a word that ends its reach, or a number of words. What only looks like a
//! negation (“no doubt”, “not only”) is a list of its own and wins over the cues that begin in it; so does a double negation
//! (“not without”). Cues are not counted against each other: in many languages two of them are one negation.
//!
//! A denial that someone utters (“he denied that …”) is a statement about a statement. It is no negation by itself. What
//! somebody writes about, remembers, protests against or calls for is told of: it did not happen by the telling.

use std::ops::Range;

use unicode_segmentation::UnicodeSegmentation;

use super::grammar::{CueKind, Grammar, Places, outside};

/// A cue and how far it reaches, in bytes of the text as written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The words that negate or tell.
    pub cue: Range<usize>,
    /// The words they negate or tell of.
    pub scope: Range<usize>,
}

impl Reach {
    /// Whether it reaches what stands at `span`: that begins within the scope, and the cue is no part of it.
    #[must_use]
    pub fn reaches(&self, span: &Range<usize>) -> bool {
        let apart = span.end <= self.cue.start || self.cue.end <= span.start;
        apart && self.scope.contains(&span.start)
    }
}

/// Which cues reach, and what ends their reach.
struct Cues {
    before: Vec<Range<usize>>,
    after: Vec<Range<usize>>,
    ends: Vec<Range<usize>>,
    words: usize,
}

/// Every negation of a text.
pub(super) fn negations(text: &str, grammar: &Grammar, places: &Places, sentences: &[Range<usize>]) -> Vec<Reach> {
    let real = |kind| outside(places, kind, CueKind::NoNegation);
    let cues = Cues {
        before: real(CueKind::NegationBefore),
        after: real(CueKind::NegationAfter),
        ends: real(CueKind::NegationEnd),
        words: grammar.negation_words(),
    };
    cues.reach(text, sentences)
}

/// Everything that a text only tells of.
pub(super) fn reports(text: &str, grammar: &Grammar, places: &Places, sentences: &[Range<usize>]) -> Vec<Reach> {
    let of = |kind| places.get(&kind).cloned().unwrap_or_default();
    let cues = Cues {
        before: [of(CueKind::ReportBefore), of(CueKind::CallBefore)].concat(),
        after: of(CueKind::ReportAfter),
        ends: of(CueKind::ReportEnd),
        words: grammar.reported_words(),
    };
    cues.reach(text, sentences)
}

impl Cues {
    fn reach(self, text: &str, sentences: &[Range<usize>]) -> Vec<Reach> {
        let Self { before, after, ends, words } = self;
        let sentence_of = |cue: &Range<usize>| sentences.iter().find(|sentence| sentence.contains(&cue.start));
        let forward = before.into_iter().filter_map(|cue| {
            let sentence = sentence_of(&cue)?;
            let end = ends.iter().map(|end| end.start).find(|end| *end >= cue.end).unwrap_or(sentence.end);
            let scope = forward_scope(text, cue.end, end.min(sentence.end), words);
            Some(Reach { cue, scope })
        });
        let backward = after.into_iter().filter_map(|cue| {
            let sentence = sentence_of(&cue)?;
            let start = ends.iter().map(|end| end.end).rfind(|end| *end <= cue.start).unwrap_or(sentence.start);
            let scope = backward_scope(text, start.max(sentence.start), cue.start, words);
            Some(Reach { cue, scope })
        });
        let mut found: Vec<Reach> = forward.chain(backward).collect();
        found.sort_by_key(|reach| (reach.cue.start, reach.cue.end));
        found
    }
}

fn forward_scope(text: &str, start: usize, end: usize, words: usize) -> Range<usize> {
    let Some(reach) = text.get(start..end) else { return start..start };
    let beyond = reach.unicode_word_indices().nth(words);
    start..beyond.map_or(end, |(at, _)| start + at)
}

fn backward_scope(text: &str, start: usize, end: usize, words: usize) -> Range<usize> {
    let Some(reach) = text.get(start..end) else { return end..end };
    let beyond = reach.unicode_word_indices().rev().nth(words);
    beyond.map_or(start, |(at, word)| start + at + word.len())..end
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::sync::Arc;

    use super::*;
    use crate::diag::{Diagnostics, Sources};
    use crate::text::{Lexicon, Passages, Prose, parse_lexicon};

    fn list(entries: &[&str]) -> Arc<Lexicon> {
        let rows: String = entries.iter().map(|entry| format!("{entry},en,Latn,literal,,,test,,\n")).collect();
        let text = format!("entry,lang,script,mode,country,note,source,valid_from,valid_to\n{rows}");
        let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
        let source = sources.add("list.csv", &text);
        let list = parse_lexicon("list", source, &text, &mut found);
        assert!(found.is_empty());
        Arc::new(list)
    }

    /// The words that negations reach in a text.
    fn reached(text: &str) -> Vec<String> {
        reach_of(text, |passages| &passages.negations)
    }

    /// The words that a text tells of.
    fn told(text: &str) -> Vec<String> {
        reach_of(text, |passages| &passages.reports)
    }

    fn reach_of(text: &str, of: fn(&Passages) -> &[Reach]) -> Vec<String> {
        let lists = BTreeMap::from([
            (CueKind::NegationBefore, list(&["no", "not", "without"])),
            (CueKind::NegationAfter, list(&["was ruled out"])),
            (CueKind::NoNegation, list(&["no doubt", "not only", "not without"])),
            (CueKind::NegationEnd, list(&["but", "he"])),
            (CueKind::ReportBefore, list(&["wrote about"])),
            (CueKind::CallBefore, list(&["call for"])),
            (CueKind::ReportAfter, list(&["was the subject of a film"])),
            (CueKind::ReportEnd, list(&["and threw"])),
        ]);
        let grammar = Grammar::new(lists, 3, 4);
        let prose = Prose::new(text);
        let passages = prose.passages(text, &grammar);
        of(passages).iter().map(|reach| text[reach.scope.clone()].trim().to_owned()).collect()
    }

    #[test]
    fn a_negation_reaches_over_some_words_and_not_past_a_sentence_or_a_word_that_ends_it() {
        assert_eq!(reached("he used no force"), ["force"]);
        assert_eq!(reached("no force of any kind at all"), ["force of any"]);
        assert_eq!(reached("He did not. Force was used."), ["."]);
        assert_eq!(reached("not talk but force"), ["talk"]);
        assert_eq!(reached("without licence he used force"), ["licence"]);
        assert_eq!(reached("A. Force of this kind was ruled out."), ["of this kind"]);
    }

    #[test]
    fn what_is_told_of_ends_where_the_person_acts_again() {
        assert_eq!(told("He wrote about the killing and threw a bomb."), ["the killing"]);
        assert_eq!(told("A call for the killing of many people."), ["the killing of many"]);
        assert_eq!(told("The killing was the subject of a film."), ["The killing"]);
        assert!(told("He threw a bomb.").is_empty());
    }

    #[test]
    fn what_looks_like_a_negation_and_two_that_undo_each_other_are_none() {
        assert!(reached("no doubt he used force").is_empty());
        assert!(reached("not only force but arms").is_empty());
        assert!(reached("not without force").is_empty());
    }

    #[test]
    fn two_cues_are_two_negations_and_never_none() {
        assert_eq!(reached("not with no force"), ["with no force", "force"]);
    }

    #[test]
    fn a_match_that_holds_the_cue_is_not_negated_by_it() {
        let negation = Reach { cue: 0..7, scope: 7..20 };
        assert!(negation.reaches(&(8..13)));
        assert!(!negation.reaches(&(0..13)), "the words of the cue are part of the match");
        assert!(!negation.reaches(&(20..25)), "beyond the scope");
    }
}
