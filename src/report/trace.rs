//! Every rule and why it says what it says of one record, grouped by verdict, in plain words.

use std::io::{self, Write};

use super::cards::View;
use super::paint::{Line, Tone};
use super::words::{count, lapse_in_words};
use crate::explain::{Step, trace};
use crate::operator::Truth;
use crate::rule::{Judgement, Rule, Verdict};

/// The verdicts in the order in which they are shown.
const ORDER: [Verdict; 5] = [Verdict::Yes, Verdict::Suppressed, Verdict::Unknown, Verdict::No, Verdict::NotApplicable];

/// Writes the reading of every rule, or of the rule at one position.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_trace(out: &mut dyn Write, judgement: &Judgement<'_>, only: Option<usize>, view: View) -> io::Result<()> {
    for verdict in ORDER {
        let says = |at: &usize| judgement.verdicts[*at] == verdict && only.is_none_or(|rule| rule == *at);
        let rules: Vec<usize> = (0..judgement.verdicts.len()).filter(says).collect();
        if rules.is_empty() {
            continue;
        }
        let number = u64::try_from(rules.len()).unwrap_or(u64::MAX);
        let heading = format!("{} ({})", in_words(verdict), count(number, "rule"));
        let heading = Line::of(Tone::Strong, heading);
        write!(out, "\n{}", heading.wrap(view.paint, "", view.width))?;
        for at in rules {
            one(out, judgement, at, view)?;
        }
    }
    Ok(())
}

fn one(out: &mut dyn Write, judgement: &Judgement<'_>, at: usize, view: View) -> io::Result<()> {
    let rule = &judgement.rules().rules[at];
    let mut head = Line::of(Tone::Plain, rule.title.as_str()).and(Tone::Dim, format!("[{}]", rule.id));
    if !rule.active {
        head = head.and(Tone::Dim, format!("(off: {})", rule.status.word()));
    }
    write!(out, "{}", head.wrap(view.paint, "  ", view.width))?;
    if judgement.verdicts[at] == Verdict::NotApplicable {
        return scope(out, judgement, rule, at, view);
    }
    trace(judgement, at).iter().try_for_each(|step| write_step(out, step, view))?;
    review(out, judgement, at, view)
}

/// What a reviewer of a yes needs: its evidence hash, and why an earlier suppression no longer reaches it.
fn review(out: &mut dyn Write, judgement: &Judgement<'_>, at: usize, view: View) -> io::Result<()> {
    let rules = &judgement.rules().rules;
    if !matches!(judgement.verdicts[at], Verdict::Yes | Verdict::Suppressed) || rules[at].filter.is_some() {
        return Ok(());
    }
    for (filter, why) in judgement.lapses(at) {
        let line = Line::of(Tone::Notable, format!("a suppression does not hold: {}", lapse_in_words(&why)))
            .and(Tone::Dim, format!("[{}]", rules[filter].id));
        write!(out, "{}", line.wrap(view.paint, "      ", view.width))?;
    }
    let hash = format!("evidence hash {}", judgement.evidence_hash(at));
    write!(out, "{}", Line::of(Tone::Dim, hash).wrap(view.paint, "      ", view.width))
}

/// Of a rule that does not apply only the scope matters.
fn scope(out: &mut dyn Write, judgement: &Judgement<'_>, rule: &Rule, at: usize, view: View) -> io::Result<()> {
    let mut steps = 0;
    rule.scope.iter().for_each(|scope| scope.walk(&mut |_| steps += 1));
    trace(judgement, at).iter().take(steps).try_for_each(|step| write_step(out, step, view))
}

fn write_step(out: &mut dyn Write, step: &Step, view: View) -> io::Result<()> {
    let (tone, answer) = match step.truth {
        Truth::Yes => (Tone::Notable, "yes:"),
        Truth::No => (Tone::Dim, "no:"),
        Truth::Unknown => (Tone::Open, "open:"),
    };
    let mut line = Line::of(tone, answer).and(Tone::Plain, &step.asks);
    if !step.because.is_empty() {
        line = line.and(Tone::Plain, format!("({})", step.because.join(", ")));
    }
    let mark = " ".repeat(6 + 2 * step.depth.min(12));
    write!(out, "{}", line.wrap(view.paint, &mark, view.width))
}

/// A verdict in words.
#[must_use]
pub fn in_words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Yes => "These rules say yes",
        Verdict::Suppressed => "These rules say yes and are suppressed after a review",
        Verdict::Unknown => "These rules stay open, because a value is missing",
        Verdict::No => "These rules say no",
        Verdict::NotApplicable => "These rules are not about such a record",
    }
}
