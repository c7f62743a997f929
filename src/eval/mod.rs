//! What rules make of records whose label is known: how often they are right, where they are wrong, and what each rule adds.
//!
//! In go [`Labels`] and, for each rule set, one scan that kept every record; out comes an [`Evaluation`] with a
//! [`Scorecard`] for each of them, which [`page`], [`write_json`] and [`write_csv`] write. Nothing is judged again: verdicts,
//! scores and the order of the queue are those of the scan, and the reasons of the worst errors are those of
//! [`crate::explain`]. All figures are whole numbers or ratios of them, rounded once, and random numbers have one meaning,
//! so the same records, labels, rules and options give the same bytes on every machine; the order of records and labels in
//! their files plays no part.
//!
//! The scorecards of several rule sets stand side by side, with their points in the same order. Whether one set is better
//! than another is not answered here: that two intervals overlap says little about it.
//!
//! A set of labelled records is not the world. Cases known to the public were chosen because they are hard or notorious, so
//! the share of `not_compliant` in them says nothing about a queue; hence the expected precision at stated shares.

mod bootstrap;
mod confusion;
mod csv;
mod json;
mod label;
mod labels;
mod metric;
mod page;
mod pair;
mod part;
mod random;
mod ratio;
mod rules;
mod worst;

pub use bootstrap::{Interval, Resampling, intervals};
pub use confusion::{Confusion, Point, points};
pub use csv::write_csv;
pub use json::{SCHEMA_VERSION, write_json};
pub use label::{Label, Labelled, is_positive};
pub use labels::{COLUMNS, Fault, Labels};
pub use metric::{Lack, Metric, average_precision};
pub use page::{Section, page};
pub use pair::Account;
pub use part::{Chapter, Letter};
pub use ratio::{Decimal, Ratio};
pub use rules::RuleFigures;
pub use worst::{Error, Worst};

use crate::engine::{Judged, Outcome, Scan, Standing};
use crate::ingest::Ledger;
use crate::rule::{Factor, RuleSet};
use crate::table::{Columns, TableRow};

use pair::Pair;

/// What one rule set made of the records.
#[derive(Debug, Clone, Copy)]
pub struct Judgements<'a> {
    /// A scan that kept every record.
    pub scan: &'a Scan,
    /// The rules.
    pub rules: &'a RuleSet,
}

/// How to evaluate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// How intervals are made.
    pub resampling: Resampling,
    /// How many of the worst errors of each kind are explained.
    pub errors: usize,
}

/// Rule sets held against labels.
#[derive(Debug)]
pub struct Evaluation<'a> {
    /// The inputs.
    pub inputs: &'a [Ledger],
    /// The labels.
    pub labels: &'a Labels,
    /// What was read of both.
    pub account: Account,
    /// How it was evaluated.
    pub options: Options,
    /// One for each rule set, in the order given.
    pub scorecards: Vec<Scorecard>,
}

/// How one rule set did.
#[derive(Debug)]
pub struct Scorecard {
    /// The rule set, where it was chosen by name.
    pub ruleset: Option<String>,
    /// The name that the rule set gives itself.
    pub name: String,
    /// Its version.
    pub version: String,
    /// A hash of all its files, in hexadecimal.
    pub hash: String,
    /// The labelled records in the order of their ids.
    pub records: Vec<RecordLine>,
    /// The same as points.
    pub points: Vec<Point>,
    /// Their counts.
    pub confusion: Confusion,
    /// Every figure of [`Metric::all`].
    pub figures: Vec<Figure>,
    /// What each rule that counts adds: kind by kind, the highest lift first.
    pub rules: Vec<RuleFigures>,
    /// The chapters of the set, where labels name any.
    pub chapters: Vec<Chapter>,
    /// Each factor of RPD art. 34(3): how often labels name it, and how often it shows.
    pub letters: Vec<Letter>,
    /// Records labelled `compliant` that come out positive.
    pub false_positives: Worst,
    /// Records labelled `not_compliant` that do not.
    pub false_negatives: Worst,
}

/// A figure, and how far it could be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figure {
    /// Which one.
    pub metric: Metric,
    /// Its value, or why it has none.
    pub value: Result<Ratio, Lack>,
    /// Its interval, where there is one.
    pub interval: Option<Interval>,
}

/// A labelled record and how it came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordLine {
    /// Its id.
    pub record_id: String,
    /// Its label.
    pub label: Label,
    /// Its outcome.
    pub outcome: Outcome,
    /// Its score, in thousandths of a bit.
    pub millibits: i64,
    /// Factors that the label names and no rule shows.
    pub not_shown: Vec<Factor>,
}

/// Holds what rule sets made of the same records against labels. What was read is told of the first; as every scan kept every
/// record, it is the same for all.
#[must_use]
pub fn evaluate<'a>(
    sets: &[Judgements<'_>],
    inputs: &'a [Ledger],
    labels: &'a Labels,
    options: Options,
) -> Evaluation<'a> {
    let paired: Vec<(Vec<Pair>, Account)> = sets.iter().map(|set| pair::pair(set.scan, inputs, labels)).collect();
    let of = |(set, (pairs, _)): (&Judgements<'_>, &(Vec<Pair>, Account))| {
        View::new(*set, inputs, labels, pairs).scorecard(options)
    };
    let scorecards = sets.iter().zip(&paired).map(of).collect();
    let account = paired.into_iter().next().map(|(_, account)| account).unwrap_or_default();
    Evaluation { inputs, labels, account, options, scorecards }
}

/// The labelled records of a set, to be looked at from several sides.
struct View<'a> {
    set: Judgements<'a>,
    inputs: &'a [Ledger],
    labels: &'a Labels,
    pairs: &'a [Pair],
    /// For each chunk.
    columns: Vec<Columns<'a>>,
}

impl<'a> View<'a> {
    fn new(set: Judgements<'a>, inputs: &'a [Ledger], labels: &'a Labels, pairs: &'a [Pair]) -> Self {
        let columns = set.scan.chunks.iter().map(|kept| kept.table.columns()).collect();
        Self { set, inputs, labels, pairs, columns }
    }

    fn label(&self, pair: &Pair) -> &'a Labelled {
        &self.labels.all[pair.label]
    }

    fn judged(&self, pair: &Pair) -> &'a Judged {
        &self.set.scan.chunks[pair.chunk].judged[pair.row]
    }

    fn row(&self, pair: &Pair) -> TableRow<'_> {
        self.columns[pair.chunk].row(pair.row)
    }

    fn scorecard(&self, options: Options) -> Scorecard {
        let rules = self.set.rules;
        let place = |pair: &Pair| {
            let assessment = &self.judged(pair).assessment;
            (self.label(pair).label, assessment.outcome, Standing::of(rules, &self.row(pair), assessment))
        };
        let points = points(&self.pairs.iter().map(place).collect::<Vec<_>>());
        let confusion = Confusion::of(&points);
        let metrics = Metric::all();
        let intervals = intervals(&points, &metrics, options.resampling);
        let figure = |(metric, interval): (&Metric, Option<Interval>)| Figure {
            metric: *metric,
            value: metric.of(&confusion),
            interval,
        };
        Scorecard {
            ruleset: rules.label.clone(),
            name: rules.profile.name.clone(),
            version: rules.profile.version.clone(),
            hash: rules.hash.clone(),
            records: self.pairs.iter().map(|pair| self.record(pair)).collect(),
            figures: metrics.iter().zip(intervals).map(figure).collect(),
            rules: self.rules(&confusion),
            chapters: self.chapters(&points),
            letters: self.letters(),
            false_positives: self.worst(Error::FalsePositive, options.errors),
            false_negatives: self.worst(Error::FalseNegative, options.errors),
            points,
            confusion,
        }
    }

    fn record(&self, pair: &Pair) -> RecordLine {
        let (labelled, judged) = (self.label(pair), self.judged(pair));
        let shown = self.shown(pair);
        RecordLine {
            record_id: labelled.record_id.clone(),
            label: labelled.label,
            outcome: judged.assessment.outcome,
            millibits: judged.assessment.total,
            not_shown: labelled.letters.iter().copied().filter(|letter| !shown.contains(letter)).collect(),
        }
    }
}

impl Scorecard {
    /// The figures of the binary view.
    pub fn binary(&self) -> impl Iterator<Item = &Figure> {
        self.figures.iter().filter(|figure| figure.metric.outcome().is_none())
    }

    /// The figures by outcome.
    pub fn by_outcome(&self) -> impl Iterator<Item = (Outcome, &Figure)> {
        self.figures.iter().filter_map(|figure| Some((figure.metric.outcome()?, figure)))
    }
}
