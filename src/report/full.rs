//! One case in full, for a person: what was found and where it stands, what speaks against it, what is missing, what would
//! change the outcome, what to ask.

use std::io::{self, Write};

use super::cards::{View, headline, identity, quoted, reviews};
use super::paint::{Line, Tone};
use super::words::{outcome_in_words, plain};
use super::{Bits, linked, timeline};
use crate::explain::{Case, Finding, GateCase, state_in_words};
use crate::record::State;
use crate::rule::{Ground, Reason, Verdict};

/// Writes a case in full.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_full(out: &mut dyn Write, case: &Case, view: View) -> io::Result<()> {
    let mut page = Page { out, view };
    page.line("", &identity(case))?;
    page.line("", &headline(case))?;
    let place = format!("{}, line {}", case.locator.file, case.locator.line);
    page.line("", &Line::of(Tone::Dim, place))?;
    page.factors(case)?;
    page.findings("What was found", "  + ", &case.findings)?;
    page.findings("What speaks against it", "  - ", &case.mitigating)?;
    page.findings("What was suppressed after a review", "  ~ ", &case.suppressed)?;
    page.timeline(case)?;
    page.gates(case)?;
    page.gaps(case)?;
    page.unknown(case)?;
    page.changes(case)?;
    page.questions(case)
}

struct Page<'a> {
    out: &'a mut dyn Write,
    view: View,
}

impl Page<'_> {
    fn line(&mut self, mark: &str, line: &Line) -> io::Result<()> {
        self.out.write_all(line.wrap(self.view.paint, mark, self.view.width).as_bytes())
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(b"\n")?;
        self.line("", &Line::of(Tone::Strong, text))
    }

    fn factors(&mut self, case: &Case) -> io::Result<()> {
        if case.factors.is_empty() {
            return Ok(());
        }
        self.heading("Score by factor of RPD art. 34(3), in bits")?;
        for factor in &case.factors {
            let name = format!("{} ({})", factor.factor.meaning(), factor.factor.word());
            let mut line =
                Line::of(Tone::Plain, format!("{name}:")).and(Tone::Strong, Bits(factor.millibits).to_string());
            if factor.capped {
                line = line.and(Tone::Plain, "(the most this factor can add)");
            }
            for (word, rules) in [("for", &factor.plus), ("against", &factor.minus), ("open", &factor.unknown)] {
                if !rules.is_empty() {
                    line = line.and(Tone::Plain, format!("· {word}:")).and(Tone::Dim, rules.join(", "));
                }
            }
            self.line("  ", &line)?;
        }
        Ok(())
    }

    fn findings(&mut self, heading: &str, mark: &str, findings: &[Finding]) -> io::Result<()> {
        if findings.is_empty() {
            return Ok(());
        }
        self.heading(heading)?;
        for finding in findings {
            let message = Line::of(Tone::Plain, &finding.message).and(Tone::Dim, format!("[{}]", finding.rule));
            self.line(mark, &message)?;
            self.line("      ", &Line::of(Tone::Dim, weight(finding)))?;
            self.review(finding)?;
            linked::of_finding(finding).iter().try_for_each(|line| self.line("      ", line))?;
            for evidence in &finding.evidence {
                let mut line = quoted(evidence);
                if let (Some(start), Some(end)) = (evidence.start, evidence.end) {
                    line = line.and(Tone::Dim, format!("(characters {start} to {end}{})", source(evidence)));
                } else if let (Some(entry), Some(list)) = (&evidence.entry, &evidence.list) {
                    line = line.and(Tone::Dim, format!("({list}: {entry})"));
                }
                self.line("      ", &line)?;
            }
        }
        Ok(())
    }

    /// What a reviewer made of a finding, and the hash that the next one needs.
    fn review(&mut self, finding: &Finding) -> io::Result<()> {
        reviews(finding).iter().try_for_each(|line| self.line("      ", line))?;
        self.line("      ", &Line::of(Tone::Dim, format!("evidence hash {}", finding.evidence_hash)))
    }

    fn timeline(&mut self, case: &Case) -> io::Result<()> {
        if case.timeline.moments.is_empty() {
            return Ok(());
        }
        self.heading(&timeline::heading(case))?;
        for moment in &case.timeline.moments {
            let mark = format!("  | {}", timeline::columns(case, moment));
            self.line(&mark, &timeline::line(case, moment))?;
        }
        timeline::untold(case).iter().try_for_each(|line| self.line("    ", line))
    }

    fn gates(&mut self, case: &Case) -> io::Result<()> {
        if case.gates.is_empty() {
            return Ok(());
        }
        self.heading("Conditions of INTERPOL's rules")?;
        let said = [
            (Tone::Serious, "not met", &[Verdict::Yes][..]),
            (Tone::Open, "open", &[Verdict::Unknown]),
            (Tone::Notable, "suppressed", &[Verdict::Suppressed]),
            (Tone::Calm, "nothing found", &[Verdict::No, Verdict::NotApplicable]),
        ];
        for ((tone, says, verdicts), ground) in
            said.iter().flat_map(|said| Ground::ALL.iter().map(move |of| (said, of)))
        {
            let of_both = |gate: &&GateCase| gate.ground == *ground && verdicts.contains(&gate.verdict);
            let rules: Vec<&str> = case.gates.iter().filter(of_both).map(|gate| gate.rule.as_str()).collect();
            if !rules.is_empty() {
                let line = Line::of(*tone, format!("{says}:"))
                    .and(Tone::Plain, ground.meaning())
                    .and(Tone::Dim, format!("[{}]", rules.join(", ")));
                self.line("  ", &line)?;
            }
        }
        Ok(())
    }

    fn gaps(&mut self, case: &Case) -> io::Result<()> {
        if case.gaps.is_empty() {
            return Ok(());
        }
        self.heading("What INTERPOL's rules ask for and the record lacks")?;
        for gap in &case.gaps {
            let fields: Vec<&str> = gap.missing.iter().map(|field| field.path()).collect();
            let line = Line::of(Tone::Plain, &gap.message)
                .and(Tone::Plain, format!("({})", gap.basis.join("; ")))
                .and(Tone::Dim, format!("[{}] {}", gap.rule, fields.join(", ")));
            self.line("  ? ", &line)?;
            self.review(gap)?;
            linked::of_finding(gap).iter().try_for_each(|line| self.line("      ", line))?;
        }
        Ok(())
    }

    fn unknown(&mut self, case: &Case) -> io::Result<()> {
        if case.unknown.is_empty() {
            return Ok(());
        }
        self.heading("What stays open, and what is missing for it")?;
        for rule in &case.unknown {
            let missing = [missing(&rule.pivotal)].into_iter().chain(rule.silent.iter().cloned());
            let missing = missing.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ");
            let mut line = Line::of(Tone::Plain, format!("{}:", rule.title)).and(Tone::Open, missing);
            if rule.kind.has_bits() {
                line = line.and(Tone::Dim, format!("· {} bits if so", Bits(rule.millibits)));
            }
            self.line("  ? ", &line.and(Tone::Dim, format!("[{}]", rule.rule)))?;
        }
        Ok(())
    }

    fn changes(&mut self, case: &Case) -> io::Result<()> {
        if case.would_change.is_empty() {
            return Ok(());
        }
        self.heading("What would change the outcome")?;
        for (to, flips) in &case.would_change {
            let flips: Vec<String> =
                flips.iter().map(|(rule, verdict)| format!("{rule} said {}", plain(verdict.word()))).collect();
            let line = Line::of(Tone::Strong, format!("{},", outcome_in_words(*to)))
                .and(Tone::Plain, format!("if {}", flips.join(" and ")));
            self.line("  * ", &line)?;
        }
        Ok(())
    }

    fn questions(&mut self, case: &Case) -> io::Result<()> {
        if case.ask.is_empty() {
            return Ok(());
        }
        self.heading("What to ask the requesting bureau")?;
        for question in &case.ask {
            let mut line = Line::of(Tone::Plain, &question.text);
            if let Some(article) = &question.article {
                line = line.and(Tone::Dim, format!("({article})"));
            }
            self.line("  > ", &line)?;
        }
        Ok(())
    }
}

/// The missing fields, those of one state together.
fn missing(reasons: &[Reason]) -> String {
    let of = |state: State| {
        let fields: Vec<&str> =
            reasons.iter().filter(|reason| reason.state == state).map(|reason| reason.field.path()).collect();
        let verb = if fields.len() == 1 { "is" } else { "are" };
        (!fields.is_empty()).then(|| format!("{} {verb} {}", fields.join(", "), state_in_words(state)))
    };
    State::ALL.into_iter().filter_map(of).collect::<Vec<_>>().join("; ")
}

fn weight(finding: &Finding) -> String {
    let mut parts = vec![finding.title.clone()];
    if finding.suppressed.is_some() {
        parts.push("does not count".to_owned());
    } else if finding.kind.has_bits() && finding.millibits == 0 {
        parts.push("does not count, because a rule it depends on does not hold".to_owned());
    } else if finding.kind.has_bits() {
        parts.push(format!("{} bits", Bits(finding.millibits)));
    }
    parts.extend(finding.basis.iter().cloned());
    parts.join(" · ")
}

/// The longest entry that is quoted. A longer one is a pattern; it stands in the list and in the JSON output.
const LONGEST_ENTRY: usize = 60;

fn source(evidence: &crate::explain::Evidence) -> String {
    match (&evidence.entry, &evidence.list) {
        (Some(entry), Some(list)) if entry.chars().count() > LONGEST_ENTRY => format!("; a pattern of {list}"),
        (Some(entry), Some(list)) => format!("; entry “{entry}” of {list}"),
        _ => String::new(),
    }
}
