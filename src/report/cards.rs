//! Cases for a person at a terminal: a compact card each, the most urgent first.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::paint::{Line, Paint, Tone};
use super::words::{NOTE, count, grounds_in_words, lapse_in_words, outcome_in_words, plain};
use super::{Bits, CaseWriter, linked, timeline};
use crate::engine::Outcome;
use crate::explain::{Case, Evidence, Finding, Review, state_in_words};
use crate::record::{Field, State};

/// How many missing values and questions a card shows.
const SHOWN: usize = 2;

/// How many findings a card shows. The full explanation shows all.
const MOST_FINDINGS: usize = 6;

/// How the view looks.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// The colours.
    pub paint: Paint,
    /// Columns of the terminal.
    pub width: usize,
    /// How many cases there are that the view is not given.
    pub more: u64,
}

/// Writes a card a case.
#[derive(Debug)]
pub struct Cards<W> {
    out: W,
    view: View,
    any: bool,
    /// The rule set of the card before.
    ruleset: Option<String>,
}

impl<W: Write> Cards<W> {
    /// A writer to `out`.
    pub fn new(out: W, view: View) -> Self {
        Self { out, view, any: false, ruleset: None }
    }

    fn line(&mut self, mark: &str, line: &Line) -> io::Result<()> {
        self.out.write_all(line.wrap(self.view.paint, mark, self.view.width).as_bytes())
    }
}

impl<W: Write> CaseWriter for Cards<W> {
    fn begin(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn case(&mut self, case: &Case) -> io::Result<()> {
        if self.any {
            self.out.write_all(b"\n")?;
        }
        self.any = true;
        if self.ruleset != case.ruleset {
            self.ruleset.clone_from(&case.ruleset);
            let name = case.ruleset.as_deref().unwrap_or_default();
            self.line("", &Line::of(Tone::Strong, format!("By the rule set {name}")))?;
            self.out.write_all(b"\n")?;
        }
        card(case).iter().try_for_each(|(part, line)| self.line(&part.mark(case), line))?;
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if !self.any {
            let empty = if self.view.more == 0 { "There is no case to show." } else { "No card is shown." };
            self.line("", &Line::of(Tone::Plain, empty))?;
        }
        if self.view.more > 0 {
            let more = format!("… and {} (`--cards N` shows more)", count(self.view.more, "more case"));
            self.out.write_all(b"\n")?;
            self.line("", &Line::of(Tone::Plain, more))?;
        }
        self.out.write_all(b"\n")?;
        self.line("", &Line::of(Tone::Dim, NOTE))?;
        self.out.flush()
    }
}

/// What a line of a card says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Outcome, grounds and score.
    Outcome,
    /// Which record it is.
    Identity,
    /// What speaks for a ground.
    For,
    /// What speaks against one.
    Against,
    /// What was suppressed after a review.
    Suppressed,
    /// More about the line above: the words it rests on, a review.
    Detail,
    /// Another record that the case rests on.
    Linked,
    /// What the timeline is of.
    Timeline,
    /// A moment of the timeline, by its position.
    Moment(usize),
    /// What is missing.
    Missing,
    /// What to ask the requesting bureau.
    Ask,
}

impl Part {
    /// What stands before the line on a terminal.
    pub(super) fn mark(self, case: &Case) -> String {
        match self {
            Self::Outcome => format!("{:>3} ", case.rank),
            Self::Identity => "    ".to_owned(),
            Self::For => "    + ".to_owned(),
            Self::Against => "    - ".to_owned(),
            Self::Suppressed => "    ~ ".to_owned(),
            Self::Detail => "        ".to_owned(),
            Self::Linked => "    & ".to_owned(),
            Self::Timeline => "    | ".to_owned(),
            Self::Moment(at) => {
                let moment = case.timeline.moments.get(at);
                format!("    | {}", moment.map_or_else(String::new, |moment| timeline::columns(case, moment)))
            }
            Self::Missing => "    ? ".to_owned(),
            Self::Ask => "    > ".to_owned(),
        }
    }

    /// How many steps in the line stands on a page, and the words before it, where a line has no mark.
    pub(super) fn on_page(self, case: &Case) -> (usize, String) {
        let (depth, word) = match self {
            Self::Outcome => (0, ""),
            Self::Identity | Self::Missing | Self::Timeline => (1, ""),
            Self::For => (1, "for: "),
            Self::Against => (1, "against: "),
            Self::Suppressed => (1, "suppressed: "),
            Self::Linked => (1, "see also: "),
            Self::Moment(at) => {
                let moment = case.timeline.moments.get(at);
                return (2, moment.map_or_else(String::new, |moment| timeline::columns_in_words(moment) + ": "));
            }
            Self::Ask => (1, "ask: "),
            Self::Detail => (2, ""),
        };
        (depth, word.to_owned())
    }
}

/// The lines of a card.
#[must_use]
pub fn card(case: &Case) -> Vec<(Part, Line)> {
    let mut lines = vec![(Part::Outcome, headline(case)), (Part::Identity, identity(case))];
    let strongest = case.mitigating.iter().min_by_key(|finding| finding.millibits);
    let counting: Vec<&Finding> = case.findings.iter().filter(|finding| counts(finding)).collect();
    let more = counting.len().saturating_sub(MOST_FINDINGS);
    counting.iter().take(MOST_FINDINGS).for_each(|found| finding(Part::For, found, &mut lines));
    if more > 0 {
        let said = format!("and {} (`article3 explain` shows all)", count(more as u64, "more finding"));
        lines.push((Part::Detail, Line::of(Tone::Dim, said)));
    }
    let against = strongest.into_iter().map(|finding| (Part::Against, finding));
    let suppressed = case.suppressed.iter().map(|finding| (Part::Suppressed, finding));
    against.chain(suppressed).for_each(|(part, found)| finding(part, found, &mut lines));
    lines.extend(linked::of_case(case).into_iter().map(|line| (Part::Linked, line)));
    history(case, &mut lines);
    lines.extend(missing(case).map(|line| (Part::Missing, line)));
    let asked = case.ask.iter().take(SHOWN);
    lines.extend(asked.map(|question| (Part::Ask, Line::of(Tone::Plain, &question.text))));
    lines
}

fn finding(part: Part, finding: &Finding, lines: &mut Vec<(Part, Line)>) {
    let said = Line::of(Tone::Plain, &finding.message).and(Tone::Dim, format!("[{}]", finding.rule));
    lines.push((part, said));
    let matched = |evidence: &&Evidence| evidence.matched.is_some();
    let shown = |evidence: &&Evidence| evidence.matched.as_ref().is_some_and(|text| finding.message.contains(text));
    let texts = || finding.evidence.iter().filter(matched);
    lines.extend(texts().find(shown).or_else(|| texts().next()).map(|evidence| (Part::Detail, quoted(evidence))));
    lines.extend(reviews(finding).into_iter().map(|line| (Part::Detail, line)));
}

/// The latest moments of a person with several records.
fn history(case: &Case, lines: &mut Vec<(Part, Line)>) {
    if case.timeline.records < 2 {
        return;
    }
    lines.push((Part::Timeline, Line::of(Tone::Dim, timeline::heading(case))));
    let earlier = case.timeline.moments.len().saturating_sub(timeline::ON_A_CARD);
    let shown = case.timeline.moments.iter().enumerate().skip(earlier);
    lines.extend(shown.map(|(at, moment)| (Part::Moment(at), timeline::line(case, moment))));
    let said = (earlier > 0)
        .then(|| format!("and {} (`article3 explain` shows all)", count(earlier as u64, "earlier moment")))
        .map(|said| Line::of(Tone::Dim, said));
    lines.extend(said.into_iter().chain(timeline::untold(case)).map(|line| (Part::Detail, line)));
}

/// The missing values: first those that the source left out, then those that it never carries.
fn missing(case: &Case) -> Option<Line> {
    let gaps = case.gaps.iter().flat_map(|gap| &gap.missing).map(|field| (*field, State::Blank));
    let open = case.unknown.iter().flat_map(|rule| &rule.pivotal).map(|reason| (reason.field, reason.state));
    let mut seen = BTreeSet::new();
    let mut all: Vec<(Field, State)> = gaps.chain(open).filter(|(field, _)| seen.insert(*field)).collect();
    all.sort_by_key(|(_, state)| *state == State::NotCarried);
    let named = |(field, state): &(Field, State)| format!("{} ({})", field.path(), state_in_words(*state));
    let shown: Vec<String> = all.iter().take(SHOWN).map(named).collect();
    let line = Line::of(Tone::Open, "missing:").and(Tone::Plain, shown.join(", "));
    match all.len() {
        0 => None,
        1..=SHOWN => Some(line),
        more => Some(line.and(Tone::Dim, format!("and {} more", more - SHOWN))),
    }
}

/// What reviewers made of a finding: who suppresses it, until when and why; which suppressions no longer reach it.
pub(super) fn reviews(finding: &Finding) -> Vec<Line> {
    let suppressed = finding.suppressed.iter().map(|review| {
        let Review { by, reason, reviewer, reviewed, expires } = review;
        let said = format!("suppressed from {reviewed} to {expires} by {reviewer}: {reason}");
        Line::of(Tone::Notable, said).and(Tone::Dim, format!("[{by}]"))
    });
    let lapsed = finding.lapsed.iter().map(|(by, why)| {
        let said = format!("a suppression does not hold: {}", lapse_in_words(why));
        Line::of(Tone::Notable, said).and(Tone::Dim, format!("[{by}]"))
    });
    suppressed.chain(lapsed).collect()
}

/// A finding whose bits do not count is in the full explanation only.
fn counts(finding: &Finding) -> bool {
    !finding.kind.has_bits() || finding.millibits != 0
}

/// The tone of an outcome.
pub(super) fn tone(outcome: Outcome) -> Tone {
    match outcome {
        Outcome::LikelyNonCompliant => Tone::Serious,
        Outcome::Partial => Tone::Notable,
        Outcome::NeedsInformation => Tone::Open,
        Outcome::NoIndicator => Tone::Calm,
    }
}

/// Outcome, grounds, band and score.
pub(super) fn headline(case: &Case) -> Line {
    let assessment = &case.assessment;
    let mut line = Line::of(tone(assessment.outcome), outcome_in_words(assessment.outcome));
    let grounds = grounds_in_words(case);
    if !grounds.is_empty() {
        line = line.and(Tone::Plain, format!("under {grounds}"));
    }
    line.and(Tone::Plain, score(case))
}

fn score(case: &Case) -> String {
    let (total, low, high) = (case.assessment.total, case.assessment.low, case.assessment.high);
    let range = if low == high { String::new() } else { format!(", could be {} to {}", Bits(low), Bits(high)) };
    format!("· targeting score {} bits ({}{range})", Bits(total), case.assessment.band.word())
}

/// Id, kind, name and requester.
pub(super) fn identity(case: &Case) -> Line {
    let kind = case.kind.as_deref().map_or_else(|| "record".to_owned(), plain);
    let mut line = Line::of(Tone::Strong, &case.record_id).and(Tone::Plain, format!("· {kind}"));
    if let Some(name) = &case.name {
        line = line.and(Tone::Plain, format!("· {name}"));
    }
    match &case.requesting_country {
        Some(country) => line.and(Tone::Plain, format!("· requested by {country}")),
        None => line.and(Tone::Plain, "· requester not stated"),
    }
}

/// A quoted place: the text around a match, or the value.
pub(super) fn quoted(evidence: &Evidence) -> Line {
    let value = &evidence.value;
    let value = if evidence.matched.is_some() { format!("“{value}”") } else { value.clone() };
    Line::of(Tone::Dim, format!("{}:", evidence.field)).and(Tone::Plain, value)
}
