//! Closed lists in plain words, for people.

use crate::engine::Outcome;
use crate::explain::Case;
use crate::ingest::{FieldOrder, Ledger};
use crate::record::DayOrder;
use crate::rule::Lapse;

/// What stands at the end of everything a person reads.
pub const NOTE: &str = "A flag is a reason to look, not a finding about a person.";

/// A word of a closed list as it stands in a sentence.
#[must_use]
pub fn plain(word: &str) -> String {
    word.replace('_', " ")
}

/// An outcome in words.
#[must_use]
pub fn outcome_in_words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::LikelyNonCompliant => "likely non-compliant",
        Outcome::Partial => "partly non-compliant",
        Outcome::NeedsInformation => "needs information",
        Outcome::NoIndicator => "no indicator",
    }
}

/// The grounds of a case in words; empty where there is none.
#[must_use]
pub fn grounds_in_words(case: &Case) -> String {
    case.assessment.grounds.iter().map(|ground| ground.meaning()).collect::<Vec<_>>().join("; ")
}

/// Why a suppression does not reach a verdict, as the end of a sentence.
pub(super) fn lapse_in_words(why: &Lapse) -> String {
    match why {
        Lapse::NotBegun(reviewed) => format!("it does not begin before {reviewed}"),
        Lapse::Expired(expires) => format!("it expired on {expires}"),
        Lapse::EvidenceChanged(were) => format!("the evidence changed (it was {})", were.join(", ")),
    }
}

/// A number and what is counted: `1 row`, `2 rows`.
#[must_use]
pub fn count(number: u64, word: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {word}{ending}")
}

/// What became of the rows of an input.
pub(crate) fn balance(ledger: &Ledger) -> String {
    let Ledger { accepted, rejected, duplicates, .. } = ledger;
    format!(
        "{} = {accepted} accepted + {rejected} rejected + {}",
        count(ledger.read, "row"),
        count(*duplicates, "duplicate")
    )
}

/// Signs of trickery or damage in an input, and how many cells have each.
pub(crate) fn oddities(ledger: &Ledger) -> String {
    let said = ledger.oddities.iter().map(|(name, cells)| format!("{} ({})", plain(name), count(*cells, "cell")));
    said.collect::<Vec<_>>().join(", ")
}

/// How dates were read of which the text alone does not tell whether day or month stands first.
pub(crate) fn dates(ledger: &Ledger) -> Vec<String> {
    let said = |dates: &FieldOrder| {
        let (first, told) = match dates.order? {
            DayOrder::DayFirst => ("day", dates.day_first),
            DayOrder::MonthFirst => ("month", dates.month_first),
        };
        // Where no date tells, the profile does.
        let by = if told == 0 { "the profile".to_owned() } else { count(told, "date") };
        let mut said = format!("{}: {first} first, told by {by}, decides {}", dates.field.path(), dates.two_readings);
        if dates.against() > 0 {
            said += &format!("; in the other order: {}; set `date_order` in a profile", dates.against());
        }
        Some(said)
    };
    ledger.date_orders.iter().filter_map(said).collect()
}
