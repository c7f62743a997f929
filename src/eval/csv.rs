//! An evaluation as one long table: a line a number. An interval stands beside its value; what cannot be computed has an
//! empty value. A rule set chosen by name stands in the last column.

use std::fmt;
use std::io::{self, Write};

use super::label::Label;
use super::metric::Metric;
use super::ratio::Ratio;
use super::{Evaluation, Scorecard, Worst};
use crate::engine::Outcome;
use crate::report::{Bits, safe};

/// The columns.
const COLUMNS: [&str; 7] = ["section", "name", "metric", "value", "low", "high", "ruleset"];

/// Writes an evaluation as comma-separated values.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_csv(out: impl Write, evaluation: &Evaluation<'_>) -> io::Result<()> {
    let mut table = Table { out: csv::Writer::from_writer(out), ruleset: String::new() };
    table.out.write_record(COLUMNS).map_err(io::Error::from)?;
    let account = &evaluation.account;
    for (metric, value) in [
        ("records", account.records),
        ("labelled", account.labelled),
        ("labels", account.labels),
        ("labels_used", account.used),
        ("same_id", account.same_id),
    ] {
        table.line(["read", "all", metric], value)?;
    }
    for (section, names) in
        [("record_without_label", &account.unlabelled), ("label_without_record", &account.without_record)]
    {
        names.iter().try_for_each(|name| table.line([section, name, "count"], 1))?;
    }
    for card in &evaluation.scorecards {
        table.ruleset = card.ruleset.clone().unwrap_or_default();
        table.scorecard(card)?;
    }
    table.out.flush()
}

struct Table<W: Write> {
    out: csv::Writer<W>,
    ruleset: String,
}

impl<W: Write> Table<W> {
    fn line(&mut self, name: [&str; 3], value: impl fmt::Display) -> io::Result<()> {
        self.between(name, &value, &<[String; 2]>::default())
    }

    fn between(&mut self, name: [&str; 3], value: &dyn fmt::Display, [low, high]: &[String; 2]) -> io::Result<()> {
        let [section, name, metric] = name;
        let cells = [section, &safe(name), metric, &value.to_string(), low, high, &safe(&self.ruleset)];
        self.out.write_record(cells).map_err(io::Error::from)
    }

    fn share(&mut self, name: [&str; 3], ratio: Option<Ratio>) -> io::Result<()> {
        self.line(name, ratio.map(|ratio| ratio.decimal().to_string()).unwrap_or_default())
    }

    fn scorecard(&mut self, card: &Scorecard) -> io::Result<()> {
        for label in Label::ALL {
            for outcome in Outcome::ALL {
                self.line(["confusion", label.word(), outcome.word()], card.confusion.at(label, outcome))?;
            }
        }
        self.figures(card)?;
        self.rules(card)?;
        self.parts(card)?;
        self.worst("false_positive", &card.false_positives)?;
        self.worst("false_negative", &card.false_negatives)
    }

    fn figures(&mut self, card: &Scorecard) -> io::Result<()> {
        for figure in &card.figures {
            let (section, name) = figure.metric.outcome().map_or(("binary", "all"), |of| ("outcome", of.word()));
            let value = figure.value.map(|ratio| ratio.decimal().to_string()).unwrap_or_default();
            let interval = figure.interval.filter(|_| figure.value.is_ok());
            let ends = interval.map(|interval| [interval.low.to_string(), interval.high.to_string()]);
            self.between([section, name, &figure.metric.name()], &value, &ends.unwrap_or_default())?;
        }
        Ok(())
    }

    fn rules(&mut self, card: &Scorecard) -> io::Result<()> {
        for rule in &card.rules {
            let verdicts = rule.verdicts;
            if let Some(millibits) = rule.millibits {
                self.line(["rule", &rule.rule, "bits"], Bits(millibits))?;
            }
            for (metric, count) in [
                ("yes", verdicts.yes),
                ("unknown", verdicts.unknown),
                ("not_applicable", verdicts.not_applicable),
                ("hits", rule.hits),
                ("false_hits", rule.false_hits),
            ] {
                self.line(["rule", &rule.rule, metric], count)?;
            }
            self.share(["rule", &rule.rule, "precision"], rule.precision)?;
            self.share(["rule", &rule.rule, "lift"], rule.lift)?;
        }
        Ok(())
    }

    fn parts(&mut self, card: &Scorecard) -> io::Result<()> {
        for chapter in &card.chapters {
            let confusion = &chapter.confusion;
            let of = confusion.labelled(Label::NotCompliant) + confusion.labelled(Label::Compliant);
            for (metric, count) in [
                ("records", confusion.records()),
                ("as_labelled", confusion.as_labelled()),
                ("right", confusion.right()),
                ("right_of", of),
            ] {
                self.line(["chapter", &chapter.name, metric], count)?;
            }
            let balanced = Metric::BalancedAccuracy.of(confusion).ok();
            self.share(["chapter", &chapter.name, "balanced_accuracy"], balanced)?;
        }
        for letter in &card.letters {
            let name = letter.factor.word();
            self.line(["factor", name, "labelled"], letter.labelled)?;
            self.line(["factor", name, "shown"], letter.shown)?;
            self.share(["factor", name, "share"], Ratio::of(letter.shown.into(), letter.labelled.into()))?;
            self.line(["factor", name, "in_favour"], letter.in_favour)?;
            self.line(["factor", name, "in_favour_shown"], letter.in_favour_shown)?;
        }
        Ok(())
    }

    fn worst(&mut self, section: &str, worst: &Worst) -> io::Result<()> {
        self.line([section, "all", "count"], worst.all)?;
        for (labelled, case) in &worst.shown {
            self.line([section, &labelled.record_id, "score_bits"], Bits(case.assessment.total))?;
        }
        Ok(())
    }
}
