//! How often the rules are right: label against outcome, and the figures.

use super::Writer;
use crate::engine::Outcome;
use crate::eval::{Confusion, Evaluation, Figure, Interval, Label, Metric, Ratio, Scorecard};
use crate::report::count;

impl Writer<'_> {
    pub(super) fn confusion(&mut self) {
        let card = self.scorecard;
        let confusion = &card.confusion;
        self.heading("Label against outcome");
        let rules = format!("{} {}", card.name, card.version);
        self.say(&format!(
            "Rules: {rules} ({}). {} of {} come out as labelled.",
            card.hash.get(..12).unwrap_or(&card.hash),
            confusion.as_labelled(),
            count(confusion.records(), "record")
        ));
        let row = |name: &str, at: &dyn Fn(Outcome) -> u64, all: u64| {
            let cells = Outcome::ALL.iter().map(|outcome| at(*outcome).to_string());
            [name.to_owned()].into_iter().chain(cells).chain([all.to_string()]).collect::<Vec<_>>()
        };
        let of = |label: Label| row(label.word(), &|outcome| confusion.at(label, outcome), confusion.labelled(label));
        let mut rows: Vec<Vec<String>> = Label::ALL.into_iter().map(of).collect();
        rows.push(row("all", &|outcome| confusion.came_out(outcome), confusion.records()));
        let [likely, partial, needs, none] = Outcome::ALL.map(Outcome::word);
        self.table(&["label", likely, partial, needs, none, "all"], &rows);
    }

    pub(super) fn binary(&mut self, evaluation: &Evaluation<'_>) {
        let resampling = evaluation.options.resampling;
        let between = match resampling.resamples {
            0 => "no interval was asked for".to_owned(),
            resamples => format!(
                "the interval holds 95 of 100 of {resamples} resamples of the labelled records (seed {})",
                resampling.seed
            ),
        };
        self.heading("Not compliant against compliant");
        self.say(&format!(
            "A record comes out positive if its outcome is `likely_non_compliant` or `partial`. It should if it is labelled \
             `not_compliant`, and should not if it is labelled `compliant`; records with another label stand aside. Records \
             of equal rank are one step of the queue; {between}."
        ));
        self.figures(
            &["figure", "value", "95 % interval", "records"],
            |figure| vec![figure.metric.words()],
            |card| card.binary().collect(),
        );
        self.say(&format!(
            "The labelled records were chosen, so their share of `not_compliant` is not that of a queue. The expected \
             precision is what the same recall and false positive rate give where fewer records are not compliant.{}",
            unseen(&self.scorecard.confusion).unwrap_or_default()
        ));
    }

    pub(super) fn by_outcome(&mut self) {
        self.heading("Each outcome and the label that says the same");
        let first = |figure: &Figure| {
            let outcome = figure.metric.outcome();
            let label = outcome.map(Label::of).map(Label::word);
            vec![outcome.map_or("", Outcome::word).to_owned(), label.unwrap_or("").to_owned(), figure.metric.words()]
        };
        let heading = ["outcome", "label", "figure", "value", "95 % interval", "records"];
        self.figures(&heading, first, |card| card.by_outcome().map(|(_, figure)| figure).collect());
    }

    /// A table of figures: some first cells, then value, interval and counts.
    fn figures(
        &mut self,
        heading: &[&'static str],
        first: impl Fn(&Figure) -> Vec<String>,
        which: impl Fn(&Scorecard) -> Vec<&Figure>,
    ) {
        let row = |figure: &Figure| {
            let mut cells = first(figure);
            cells.extend(match figure.value {
                Ok(value) => [value.decimal().short(), between(figure.interval), counted(figure.metric, value)],
                Err(lack) => ["-".to_owned(), String::new(), lack.words().to_owned()],
            });
            cells
        };
        let rows: Vec<Vec<String>> = which(self.scorecard).into_iter().map(row).collect();
        self.table(heading, &rows);
    }
}

/// What no false positive among few records leaves open. After so many records without one, 95 of 100 times the rate is below
/// three in as many (Hanley and Lippman-Hand, JAMA 249 (1983) 1743); resampling cannot see that.
fn unseen(confusion: &Confusion) -> Option<String> {
    let negatives = confusion.labelled(Label::Compliant);
    if confusion.positive(Label::Compliant) > 0 || negatives <= 3 {
        return None;
    }
    let rate = Ratio::of(3, negatives.into())?.decimal();
    let (hits, positives) = (confusion.positive(Label::NotCompliant), confusion.labelled(Label::NotCompliant));
    let right = u128::from(hits) * u128::from(negatives);
    let least = Ratio::of(right, right + 3 * 99 * u128::from(positives))?.decimal();
    Some(format!(
        " None of {} labelled `compliant` comes out positive; with so few, the rate may still be up to {}, and the expected \
         precision at 1 % as low as {}.",
        count(negatives, "record"),
        rate.short(),
        least.short()
    ))
}

fn between(interval: Option<Interval>) -> String {
    interval.map_or_else(String::new, |interval| format!("{} to {}", interval.low.short(), interval.high.short()))
}

/// The counts behind a share.
fn counted(metric: Metric, value: Ratio) -> String {
    if metric.is_count() { format!("{} of {}", value.part, value.whole) } else { String::new() }
}
