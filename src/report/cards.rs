//! Cases for a person at a terminal: a compact card each, the most urgent first.

use std::collections::BTreeSet;
use std::io::{self, Write};

use super::paint::{Line, Paint, Tone};
use super::words::{NOTE, count, grounds_in_words, lapse_in_words, outcome_in_words, plain};
use super::{Bits, CaseWriter};
use crate::engine::Outcome;
use crate::explain::{Case, Evidence, Finding, Review, state_in_words};
use crate::record::{Field, State};

/// How many missing values and questions a card shows.
const SHOWN: usize = 2;

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

    fn finding(&mut self, mark: &str, finding: &Finding) -> io::Result<()> {
        let line = Line::of(Tone::Plain, &finding.message).and(Tone::Dim, format!("[{}]", finding.rule));
        self.line(mark, &line)?;
        let matched = |evidence: &&Evidence| evidence.matched.is_some();
        let shown = |evidence: &&Evidence| evidence.matched.as_ref().is_some_and(|text| finding.message.contains(text));
        let texts = || finding.evidence.iter().filter(matched);
        if let Some(evidence) = texts().find(shown).or_else(|| texts().next()) {
            self.line("        ", &quoted(evidence))?;
        }
        reviews(finding).iter().try_for_each(|line| self.line("        ", line))
    }

    /// The missing values: first those that the source left out, then those that it never carries.
    fn missing(&mut self, case: &Case) -> io::Result<()> {
        let gaps = case.gaps.iter().flat_map(|gap| &gap.missing).map(|field| (*field, State::Blank));
        let open = case.unknown.iter().flat_map(|rule| &rule.pivotal).map(|reason| (reason.field, reason.state));
        let mut seen = BTreeSet::new();
        let mut all: Vec<(Field, State)> = gaps.chain(open).filter(|(field, _)| seen.insert(*field)).collect();
        all.sort_by_key(|(_, state)| *state == State::NotCarried);
        if all.is_empty() {
            return Ok(());
        }
        let named = |(field, state): &(Field, State)| format!("{} ({})", field.path(), state_in_words(*state));
        let shown: Vec<String> = all.iter().take(SHOWN).map(named).collect();
        let mut line = Line::of(Tone::Open, "missing:").and(Tone::Plain, shown.join(", "));
        if all.len() > SHOWN {
            line = line.and(Tone::Dim, format!("and {} more", all.len() - SHOWN));
        }
        self.line("    ? ", &line)
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
        let head = headline(case);
        self.line(&format!("{:>3} ", case.rank), &head)?;
        self.line("    ", &identity(case))?;
        for finding in case.findings.iter().filter(|finding| counts(finding)) {
            self.finding("    + ", finding)?;
        }
        let strongest = case.mitigating.iter().min_by_key(|finding| finding.millibits);
        if let Some(finding) = strongest {
            self.finding("    - ", finding)?;
        }
        for finding in &case.suppressed {
            self.finding("    ~ ", finding)?;
        }
        self.missing(case)?;
        for question in case.ask.iter().take(SHOWN) {
            self.line("    > ", &Line::of(Tone::Plain, &question.text))?;
        }
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
