//! A run in a few lines: what was read, what came out, by which rules.

use crate::engine::{Lapsed, Outcome, Scan};
use crate::ingest::{Ledger, Warning};
use crate::rule::{Ground, Lapse};
use crate::text::visible;

use super::run::Rules;
use super::words::{balance, count, dates, lapse_in_words, oddities, outcome_in_words};

/// How many warnings are shown for each file.
const WARNINGS: usize = 5;
/// How many lapsed suppressions are named.
const LAPSES: usize = 20;
/// How many ignored columns are named for each file.
const NAMED: usize = 8;

/// What was read, file by file.
#[must_use]
pub fn accounts(ledgers: &[Ledger]) -> String {
    let mut lines = Lines::default();
    ledgers.iter().for_each(|ledger| input(ledger, &mut lines));
    lines.text
}

/// What one rule set made of the input.
#[derive(Debug)]
pub struct Made<'a> {
    /// The rule set, where it was chosen by name.
    pub ruleset: Option<&'a str>,
    /// What was found.
    pub scan: &'a Scan,
    /// The rules.
    pub rules: Rules,
}

/// The lines: what was read, and what each rule set made of it. `seconds` is how long the run took.
#[must_use]
pub fn summary(ledgers: &[Ledger], sets: &[Made<'_>], seconds: f64) -> String {
    let mut lines = Lines::default();
    for ledger in ledgers {
        input(ledger, &mut lines);
    }
    sets.iter().for_each(|made| outcome(made, &mut lines));
    lines.add("time", &format!("{seconds:.1} s"));
    lines.text
}

fn outcome(Made { ruleset, scan, rules }: &Made<'_>, lines: &mut Lines) {
    lines.add("rule set", ruleset.unwrap_or_default());
    if scan.records == 0 {
        lines.add("warning", "nothing was judged: no row became a record");
    } else if scan.with_text == 0 {
        lines.add(
            "warning",
            "no record carries a text that the rules read, such as a charge; `article3 inspect FILE` shows what was \
             recognised, `article3 rules fields` how columns are to be named",
        );
    }
    let outcomes = Outcome::ALL.iter().zip(scan.outcomes);
    lines.add("cases", &listed(outcomes.map(|(outcome, count)| (outcome_in_words(*outcome), count))));
    let grounds = Ground::ALL.iter().zip(scan.grounds).filter(|(_, count)| *count > 0);
    lines.add("grounds", &listed(grounds.map(|(ground, count)| (ground.meaning(), count))));
    let suppressed: u64 = scan.tallies.iter().map(|tally| tally.suppressed).sum();
    if suppressed > 0 {
        lines.add("suppressed", &format!("{} after a review; none of them counts", count(suppressed, "verdict")));
    }
    scan.lapsed.iter().take(LAPSES).for_each(|lapsed| lines.add("lapsed", &lapse(lapsed)));
    if scan.lapsed.len() > LAPSES {
        lines.add("lapsed", &format!("and {} more; `--out` lists them in run.json", scan.lapsed.len() - LAPSES));
    }
    let bases: Vec<String> = rules.bases.iter().map(|base| format!("{} {}", base.name, base.version)).collect();
    let on = if bases.is_empty() { String::new() } else { format!(", on {}", bases.join(", ")) };
    lines.add(
        "rules",
        &format!(
            "{} active, {} off, {} with errors ({} {}{on})",
            rules.active, rules.off, rules.failed, rules.name, rules.version
        ),
    );
    if !rules.overrides.is_empty() {
        let rules = count(u64::try_from(rules.overrides.len()).unwrap_or(u64::MAX), "rule");
        lines.add("overrides", &format!("of {rules}; `article3 rules list` marks them"));
    }
}

/// A suppression that did not reach what it was written for, and what to do.
fn lapse(lapsed: &Lapsed) -> String {
    let Lapsed { filter, rule, record_id, evidence_hash, .. } = lapsed;
    let more = match lapsed.records {
        1 => String::new(),
        records => format!(" and {}", count(records - 1, "more record")),
    };
    let todo = match &lapsed.why {
        Lapse::NotBegun(_) => "until then the verdict counts".to_owned(),
        Lapse::Expired(_) => {
            "the verdict counts; look at it again, and renew the suppression or take it out".to_owned()
        }
        Lapse::EvidenceChanged(_) => format!(
            "the verdict counts; look at it again, and write `evidence = \"{evidence_hash}\"` or take the suppression out"
        ),
    };
    let why = lapse_in_words(&lapsed.why);
    format!("`{filter}` does not suppress `{rule}` in {}{more}: {why}; {todo}", visible(record_id))
}

fn input(ledger: &Ledger, lines: &mut Lines) {
    let (format, profile) = (ledger.format_name(), ledger.profile_name());
    lines.add("read", &format!("{} ({format}, {profile}): {}", visible(&ledger.file), balance(ledger)));
    lines.add("encoding", &ledger.encoding.and_then(|found| found.remark()).unwrap_or_default());
    let mut ignored: Vec<String> = ledger
        .ignored_fields
        .iter()
        .take(NAMED)
        .map(|(name, rows)| format!("{} ({})", visible(name), count(*rows, "row")))
        .collect();
    let more = ledger.ignored_fields.len().saturating_sub(NAMED);
    if more > 0 {
        ignored.push(format!("and {more} more"));
    }
    lines.add("layout", &visible(ledger.layout.as_deref().unwrap_or_default()));
    lines.add("ignored", &ignored.join(", "));
    if ledger.conflicts > 0 {
        let text = "with the id of an earlier row and other content; both are kept";
        lines.add("conflicts", &format!("{} {text}", count(ledger.conflicts, "row")));
    }
    let unreadable = ledger.invalid_cells.iter().map(|(field, cells)| format!("{field} ({})", count(*cells, "cell")));
    lines.add("unreadable", &unreadable.collect::<Vec<_>>().join(", "));
    lines.add("oddities", &oddities(ledger));
    dates(ledger).iter().for_each(|said| lines.add("dates", said));
    for Warning { line, text } in ledger.warnings.iter().take(WARNINGS) {
        let place = line.map(|line| format!("line {line}: ")).unwrap_or_default();
        lines.add("warning", &format!("{place}{}", visible(text)));
    }
    let more = ledger.warned.saturating_sub(u64::try_from(WARNINGS).unwrap_or(u64::MAX));
    if more > 0 {
        lines.add("warning", &format!("and {more} more of this file"));
    }
}

fn listed(counts: impl Iterator<Item = (&'static str, u64)>) -> String {
    counts.map(|(word, count)| format!("{count} {word}")).collect::<Vec<_>>().join("; ")
}

/// Lines under a common margin; what has nothing to say has no line.
#[derive(Default)]
struct Lines {
    text: String,
}

impl Lines {
    fn add(&mut self, label: &str, text: &str) {
        if !text.is_empty() {
            self.text.push_str(&format!("{label:<11}{text}\n"));
        }
    }
}
