//! An evaluation for programs: one JSON object on one line. Names and shape change only together with [`SCHEMA_VERSION`];
//! keys may be added.
//!
//! ```text
//! schema_version, engine {name, version}
//! inputs     [{file, sha256, records}]
//! labels     {file, sha256, labels, used, without_record [id], repeated, ignored [column]}
//! records    {records, labelled, unlabelled [id], same_id, by_label {label: n}}
//! method     {resamples, seed, interval, level, errors}
//! scorecards [{ruleset?, rule_set {name, version, hash},
//!   confusion   {label: {outcome: n}}, as_labelled, right
//!   binary      {figure: F}
//!   outcomes    {outcome: {label, precision: F, recall: F, f1: F}}
//!   rules       [{rule, kind, factor?, bits?, yes, no, unknown, not_applicable, suppressed,
//!                 hits, false_hits, precision, lift}]
//!   never_yes   [rule]
//!   chapters    [{chapter, records, as_labelled, right, right_of, balanced_accuracy}]
//!   factors     [{factor, labelled, shown, share, in_favour, in_favour_shown}]
//!   records     [{record_id, label, outcome, score_bits, not_shown [factor]}]
//!   false_positives, false_negatives {all, shown [{label {…}, case {…}}]}}]
//! ```
//!
//! A figure F is `{value, low?, high?, resamples?, part?, whole?}`, or `{value: null, why}`. Figures are texts with six digits
//! after the point, counts are numbers. A case has the shape of [`crate::report::wire`].

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use super::label::{Label, Labelled};
use super::metric::Metric;
use super::part::{Chapter, Letter};
use super::ratio::Ratio;
use super::rules::RuleFigures;
use super::worst::Worst;
use super::{Evaluation, Figure, RecordLine, Scorecard};
use crate::engine::Outcome;
use crate::explain::Case;
use crate::ingest::Ledger;
use crate::report::run::Engine;
use crate::report::{Bits, wire, write_line};
use crate::rule::Factor;

/// The version of the shape.
pub const SCHEMA_VERSION: u32 = 1;

/// Writes an evaluation as one line of JSON.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_json(out: impl Write, evaluation: &Evaluation<'_>) -> io::Result<()> {
    let (account, labels) = (&evaluation.account, evaluation.labels);
    let resampling = evaluation.options.resampling;
    let input = |ledger: &Ledger| json!({"file": ledger.file, "sha256": ledger.sha256, "records": ledger.accepted});
    let value = json!({
        "schema_version": SCHEMA_VERSION,
        "engine": Engine::this(),
        "inputs": evaluation.inputs.iter().map(input).collect::<Vec<_>>(),
        "labels": {
            "file": labels.file,
            "sha256": labels.sha256,
            "labels": account.labels,
            "used": account.used,
            "without_record": account.without_record,
            "repeated": labels.repeated,
            "ignored": labels.ignored,
        },
        "records": {
            "records": account.records,
            "labelled": account.labelled,
            "unlabelled": account.unlabelled,
            "same_id": account.same_id,
            "by_label": map(Label::ALL.iter().zip(account.by_label).map(|(label, count)| (label.word(), json!(count)))),
        },
        "method": {
            "resamples": resampling.resamples,
            "seed": resampling.seed,
            "interval": "percentile",
            "level": "0.95",
            "errors": evaluation.options.errors,
        },
        "scorecards": evaluation.scorecards.iter().map(scorecard).collect::<Vec<_>>(),
    });
    write_line(out, &value)
}

fn map<K: Into<String>>(entries: impl Iterator<Item = (K, Json)>) -> Json {
    Json::Object(entries.map(|(key, value)| (key.into(), value)).collect())
}

fn scorecard(card: &Scorecard) -> Json {
    let confusion = &card.confusion;
    let row =
        |label: Label| map(Outcome::ALL.iter().map(|outcome| (outcome.word(), json!(confusion.at(label, *outcome)))));
    let (fired, never): (Vec<&RuleFigures>, Vec<&RuleFigures>) = card.rules.iter().partition(|rule| rule.fired());
    let mut value = json!({
        "ruleset": card.ruleset,
        "rule_set": {"name": card.name, "version": card.version, "hash": card.hash},
        "confusion": map(Label::ALL.iter().map(|label| (label.word(), row(*label)))),
        "as_labelled": confusion.as_labelled(),
        "right": confusion.right(),
        "binary": map(card.binary().map(|of| (of.metric.name(), figure(of)))),
        "outcomes": map(Outcome::ALL.iter().map(|of| (of.word(), outcome(card, *of)))),
        "rules": fired.into_iter().map(rule).collect::<Vec<_>>(),
        "never_yes": never.iter().map(|rule| rule.rule.as_str()).collect::<Vec<_>>(),
        "chapters": card.chapters.iter().map(chapter).collect::<Vec<_>>(),
        "factors": card.letters.iter().map(letter).collect::<Vec<_>>(),
        "records": card.records.iter().map(record).collect::<Vec<_>>(),
        "false_positives": worst(&card.false_positives),
        "false_negatives": worst(&card.false_negatives),
    });
    if let (None, Some(object)) = (&card.ruleset, value.as_object_mut()) {
        object.shift_remove("ruleset");
    }
    value
}

fn figure(figure: &Figure) -> Json {
    let mut entries = Map::new();
    let mut set = |key: &str, value: Json| drop(entries.insert(key.to_owned(), value));
    match figure.value {
        Ok(ratio) => {
            set("value", json!(ratio.decimal()));
            if let Some(interval) = figure.interval {
                set("low", json!(interval.low));
                set("high", json!(interval.high));
                set("resamples", json!(interval.resamples));
            }
            if figure.metric.is_count() {
                set("part", json!(u64::try_from(ratio.part).unwrap_or(u64::MAX)));
                set("whole", json!(u64::try_from(ratio.whole).unwrap_or(u64::MAX)));
            }
        }
        Err(lack) => {
            set("value", Json::Null);
            set("why", json!(lack.words()));
        }
    }
    Json::Object(entries)
}

fn outcome(card: &Scorecard, outcome: Outcome) -> Json {
    let own = card.by_outcome().filter(|(of, _)| *of == outcome).map(|(_, of)| (of.metric.name(), figure(of)));
    map([("label".to_owned(), json!(Label::of(outcome).word()))].into_iter().chain(own))
}

fn share(ratio: Option<Ratio>) -> Json {
    json!(ratio.map(Ratio::decimal))
}

fn rule(rule: &RuleFigures) -> Json {
    let verdicts = rule.verdicts;
    let entries = [
        ("rule", json!(rule.rule)),
        ("kind", json!(rule.kind.word())),
        ("factor", json!(rule.factor.map(Factor::word))),
        ("bits", json!(rule.millibits.map(Bits))),
        ("yes", json!(verdicts.yes)),
        ("no", json!(verdicts.no)),
        ("unknown", json!(verdicts.unknown)),
        ("not_applicable", json!(verdicts.not_applicable)),
        ("suppressed", json!(verdicts.suppressed)),
        ("hits", json!(rule.hits)),
        ("false_hits", json!(rule.false_hits)),
        ("precision", share(rule.precision)),
        ("lift", share(rule.lift)),
    ];
    let left_out = |name: &str, value: &Json| value.is_null() && matches!(name, "factor" | "bits");
    map(entries.into_iter().filter(|(name, value)| !left_out(name, value)))
}

fn chapter(chapter: &Chapter) -> Json {
    let confusion = &chapter.confusion;
    json!({
        "chapter": chapter.name,
        "records": confusion.records(),
        "as_labelled": confusion.as_labelled(),
        "right": confusion.right(),
        "right_of": confusion.labelled(Label::NotCompliant) + confusion.labelled(Label::Compliant),
        "balanced_accuracy": share(Metric::BalancedAccuracy.of(confusion).ok()),
    })
}

fn letter(letter: &Letter) -> Json {
    json!({
        "factor": letter.factor.word(),
        "labelled": letter.labelled,
        "shown": letter.shown,
        "share": share(Ratio::of(letter.shown.into(), letter.labelled.into())),
        "in_favour": letter.in_favour,
        "in_favour_shown": letter.in_favour_shown,
    })
}

fn record(record: &RecordLine) -> Json {
    json!({
        "record_id": record.record_id,
        "label": record.label.word(),
        "outcome": record.outcome.word(),
        "score_bits": Bits(record.millibits),
        "not_shown": record.not_shown.iter().map(|letter| letter.word()).collect::<Vec<_>>(),
    })
}

fn worst(worst: &Worst) -> Json {
    let one = |(labelled, case): &(Labelled, Case)| json!({"label": label(labelled), "case": wire::Case::from(case)});
    json!({"all": worst.all, "shown": worst.shown.iter().map(one).collect::<Vec<_>>()})
}

fn label(labelled: &Labelled) -> Json {
    let words = |letters: &[Factor]| json!(letters.iter().map(|letter| letter.word()).collect::<Vec<_>>());
    let entries = [
        ("label", json!(labelled.label.word())),
        ("ground", json!(labelled.ground)),
        ("letters", words(&labelled.letters)),
        ("letters_against", words(&labelled.letters_against)),
        ("chapter", json!(labelled.chapter)),
        ("case", json!(labelled.case)),
        ("note", json!(labelled.note)),
    ];
    map(entries.into_iter().filter(|(_, value)| !value.is_null()))
}
