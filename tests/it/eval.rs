//! Outcomes held against labels: the figures against plain definitions, what is written compared exactly, and what a user
//! reads when labels are wrong. `ARTICLE3_BLESS=1 cargo test` writes the goldens in `eval/` anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use article3::cli::Exit;
use article3::engine::Outcome;
use article3::eval::{Confusion, Decimal, Label, Labels, Metric, Point, Ratio, Resampling, intervals};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, prop_assert_eq, proptest};
use serde_json::Value as Json;
use unicode_width::UnicodeWidthStr;

use crate::cli::Desk;

const HOW: Resampling = Resampling { resamples: 200, seed: 7 };

fn point(label: usize, outcome: usize, step: usize) -> Point {
    Point { label: Label::ALL[label], outcome: Outcome::ALL[outcome], step }
}

fn labelled() -> impl Strategy<Value = Vec<Point>> {
    vec((0..4_usize, 0..4_usize, 0..9_usize).prop_map(|(label, outcome, step)| point(label, outcome, step)), 0..60)
}

fn value(metric: Metric, points: &[Point]) -> Option<f64> {
    metric.of(&Confusion::of(points)).ok().map(|ratio| ratio.part as f64 / ratio.whole as f64)
}

fn near(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() < 1e-9,
        (one, other) => one == other,
    }
}

/// The share of not compliant records among those as far up as each one, summed over what each threshold adds to recall.
fn plain_average_precision(points: &[Point]) -> Option<f64> {
    let wanted = |point: &&Point| point.label == Label::NotCompliant;
    let known: Vec<&Point> = points.iter().filter(|point| point.label.wants().is_some()).collect();
    let positives = known.iter().filter(|point| wanted(point)).count() as f64;
    let at = |step: usize| {
        let above: Vec<_> = known.iter().filter(|point| point.step <= step).collect();
        let hits = above.iter().filter(|point| wanted(point)).count() as f64;
        (hits / positives, hits / (above.len() as f64).max(1.0))
    };
    let (mut sum, mut before) = (0.0, 0.0);
    for (recall, precision) in (0..9).map(at) {
        sum += (recall - before) * precision;
        before = recall;
    }
    (positives > 0.0).then_some(sum)
}

proptest! {
    #[test]
    fn every_figure_and_its_interval_lie_between_nought_and_one(points in labelled(), seed in any::<u64>()) {
        let confusion = Confusion::of(&points);
        let metrics = Metric::all();
        let drawn = intervals(&points, &metrics, Resampling { resamples: 20, seed });
        for (metric, interval) in metrics.iter().zip(drawn) {
            if let Ok(ratio) = metric.of(&confusion) {
                prop_assert!(ratio.whole > 0 && ratio.decimal() <= Decimal::ONE, "{metric:?} {ratio:?}");
            }
            if let Some(interval) = interval {
                prop_assert!(interval.low <= interval.high && interval.high <= Decimal::ONE, "{metric:?} {interval:?}");
            }
        }
    }

    #[test]
    fn average_precision_is_that_of_the_plain_definition(points in labelled()) {
        let (fast, plain) = (value(Metric::AveragePrecision, &points), plain_average_precision(&points));
        prop_assert!(near(fast, plain), "{fast:?} {plain:?}");
    }

    #[test]
    fn f1_is_the_harmonic_mean_and_balanced_accuracy_the_mean_of_two_shares(points in labelled()) {
        let of = |metric| value(metric, &points);
        let both = of(Metric::Precision).zip(of(Metric::Recall)).filter(|(precision, recall)| precision + recall > 0.0);
        if let Some((precision, recall)) = both {
            prop_assert!(near(of(Metric::F1), Some(2.0 * precision * recall / (precision + recall))));
        }
        if let Some((recall, false_rate)) = of(Metric::Recall).zip(of(Metric::FalsePositiveRate)) {
            prop_assert!(near(of(Metric::BalancedAccuracy), Some(f64::midpoint(recall, 1.0 - false_rate))));
        }
    }

    #[test]
    fn expected_precision_is_that_of_the_theorem_of_bayes(points in labelled()) {
        let of = |metric| value(metric, &points);
        let both = of(Metric::Recall).zip(of(Metric::FalsePositiveRate));
        if let Some((recall, false_rate)) = both.filter(|(recall, false_rate)| recall + false_rate > 0.0) {
            for (metric, share) in [(Metric::ExpectedPrecision(5), 0.05), (Metric::ExpectedPrecision(10), 0.1)] {
                let bayes = share * recall / (share * recall + (1.0 - share) * false_rate);
                prop_assert!(near(of(metric), Some(bayes)), "{:?} {}", of(metric), bayes);
            }
        }
    }

    #[test]
    fn the_order_of_records_changes_no_figure(points in labelled(), seed in any::<u64>()) {
        let mut shuffled = points.clone();
        let mut state = seed | 1;
        for at in (1..shuffled.len()).rev() {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            shuffled.swap(at, usize::try_from(state % (at as u64 + 1)).expect("a place"));
        }
        for metric in Metric::all() {
            prop_assert_eq!(metric.of(&Confusion::of(&points)), metric.of(&Confusion::of(&shuffled)));
        }
    }

    #[test]
    fn both_sides_weigh_the_same_in_balanced_accuracy(points in labelled()) {
        let other = |point: &Point| Point {
            label: match point.label {
                Label::NotCompliant => Label::Compliant,
                Label::Compliant => Label::NotCompliant,
                label => label,
            },
            outcome: match point.outcome {
                Outcome::LikelyNonCompliant | Outcome::Partial => Outcome::NoIndicator,
                _ => Outcome::LikelyNonCompliant,
            },
            step: point.step,
        };
        let swapped: Vec<Point> = points.iter().map(other).collect();
        prop_assert!(near(value(Metric::BalancedAccuracy, &points), value(Metric::BalancedAccuracy, &swapped)));
    }
}

/// So many records of each pair of a label and an outcome, `not_compliant` and `compliant` against likely and no indicator.
fn crossed([hits, missed, false_hits, silent]: [usize; 4]) -> Vec<Point> {
    let of = |count, label, outcome| std::iter::repeat_n(point(label, outcome, outcome), count);
    of(hits, 0, 0).chain(of(missed, 0, 3)).chain(of(false_hits, 3, 0)).chain(of(silent, 3, 3)).collect()
}

#[test]
fn a_perfect_set_has_only_ones_and_a_reversed_one_only_noughts() {
    let all = [Metric::Precision, Metric::Recall, Metric::F1, Metric::BalancedAccuracy, Metric::ExpectedPrecision(1)];
    let (perfect, reversed) = (crossed([9, 0, 0, 5]), crossed([0, 9, 5, 0]));
    for metric in all {
        assert_eq!(value(metric, &perfect), Some(1.0), "{metric:?}");
        assert_eq!(value(metric, &reversed), Some(0.0), "{metric:?}");
    }
    assert_eq!(value(Metric::AveragePrecision, &perfect), Some(1.0));
}

#[test]
fn an_interval_holds_the_figure_and_shrinks_with_more_records() {
    let metrics = Metric::all();
    let width = |points: &[Point]| {
        let drawn = intervals(points, &metrics, Resampling { resamples: 1000, seed: 1 });
        let mut widths = vec![];
        for (metric, interval) in metrics.iter().zip(drawn).filter(|(metric, _)| metric.outcome().is_none()) {
            let (value, interval) =
                (metric.of(&Confusion::of(points)).map(Ratio::decimal), interval.expect("an interval"));
            let value = value.expect("a figure");
            assert!(interval.low <= value && value <= interval.high, "{metric:?} {value} {interval:?}");
            assert_eq!(interval.resamples, 1000, "{metric:?}");
            widths.push(interval.high.0 - interval.low.0);
        }
        widths
    };
    let (few, many) = (width(&crossed([15, 5, 5, 15])), width(&crossed([240, 80, 80, 240])));
    assert!(few.iter().zip(&many).all(|(few, many)| few > many), "{few:?} {many:?}");
    // Of a share of 3/4 in 40 records, the interval is about 1.96 standard errors to each side.
    let of = metrics.iter().position(|metric| *metric == Metric::Recall).expect("recall");
    let about = 2.0 * 1.96 * (0.75 * 0.25 / 20.0_f64).sqrt();
    assert!((few[of] as f64 / 1e6 - about).abs() < 0.06, "{} {about}", few[of]);
}

#[test]
fn intervals_follow_from_the_seed_alone() {
    let (points, metrics) = (crossed([8, 3, 2, 9]), Metric::all());
    let drawn = |seed| intervals(&points, &metrics, Resampling { seed, ..HOW });
    assert_eq!(drawn(1), drawn(1));
    assert_ne!(drawn(1), drawn(2));
    let none = intervals(&points, &metrics, Resampling { resamples: 0, seed: 1 });
    assert!(none.iter().all(Option::is_none), "without resamples there is no interval");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/eval")
}

const EVAL: [&str; 10] =
    ["eval", "records.ndjson", "--labels", "labels.csv", "--rules", "rules", "--today", "2025-01-01", "--errors", "2"];

/// What the command prints in the folder of the goldens.
#[track_caller]
fn printed(more: &[&str]) -> String {
    let mut program = Command::new(assert_cmd::cargo::cargo_bin!("article3"));
    let output = program.args(EVAL).args(more).current_dir(folder()).env("NO_COLOR", "1").output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn every_format_reads_as_its_golden_says() {
    let mut different = vec![];
    for (format, golden) in [("text", "eval.txt"), ("markdown", "eval.md"), ("csv", "eval.csv"), ("json", "eval.json")]
    {
        let mut said = printed(&["--format", format]);
        if format == "json" {
            // One line is for programs; a change is easier to see in many.
            let value: Json = serde_json::from_str(&said).expect("JSON");
            said = format!("{}\n", serde_json::to_string_pretty(&value).expect("JSON"));
            said = said.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        }
        let path = folder().join(golden);
        if std::env::var_os("ARTICLE3_BLESS").is_some() {
            fs::write(&path, &said).expect("the golden can be written");
        }
        if fs::read_to_string(&path).unwrap_or_default() != said {
            different.push(format!("--- {golden}: said\n{said}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n"));
}

#[test]
fn text_fits_a_terminal_of_a_hundred_columns() {
    let text = printed(&[]);
    let wide: Vec<&str> = text.lines().filter(|line| line.width() > 100).collect();
    assert!(wide.is_empty(), "{wide:#?}");
}

#[test]
fn records_and_labels_in_another_order_give_the_same_bytes() {
    let read = |name: &str| fs::read_to_string(folder().join(name)).expect("a file");
    let reversed = |text: &str| text.lines().rev().map(|line| format!("{line}\n")).collect::<String>();
    let desk = tempfile::tempdir().expect("a folder");
    let labels = read("labels.csv");
    let (head, rows) = labels.split_once('\n').expect("a header");
    let (records, labels) = (desk.path().join("records.ndjson"), desk.path().join("labels.csv"));
    fs::write(&records, reversed(&read("records.ndjson"))).expect("a file");
    fs::write(&labels, format!("{head}\n{}", reversed(rows))).expect("a file");
    let (records, labels) = (records.display().to_string(), labels.display().to_string());
    for more in [&["--threads", "1"][..], &["--threads", "3", "--chunk-rows", "2"]] {
        let mut program = Command::new(assert_cmd::cargo::cargo_bin!("article3"));
        let args = ["eval", &records, "--labels", &labels, "--rules", "rules", "--errors", "2", "--format", "csv"];
        let output = program.args(args).args(more).current_dir(folder()).output().expect("it runs");
        assert_eq!(String::from_utf8(output.stdout).expect("UTF-8"), read("eval.csv"), "{more:?}");
    }
}

#[test]
fn rule_sets_stand_side_by_side_and_each_is_as_alone() {
    let both = printed(&["--ruleset", "default", "--ruleset", "strict", "--format", "json"]);
    let both: Json = serde_json::from_str(&both).expect("JSON");
    let cards = both["scorecards"].as_array().expect("scorecards");
    for (card, name) in cards.iter().zip(["default", "strict"]) {
        let alone: Json = serde_json::from_str(&printed(&["--ruleset", name, "--format", "json"])).expect("JSON");
        assert_eq!((card, &card["ruleset"]), (&alone["scorecards"][0], &Json::from(name)));
    }
    assert_eq!(cards.len(), 2);
    assert_ne!(cards[0]["confusion"], cards[1]["confusion"]);
    let csv = printed(&["--ruleset", "default", "--ruleset", "strict", "--format", "csv"]);
    assert!(csv.contains("\nbinary,all,recall,") && csv.lines().any(|line| line.ends_with(",strict")), "{csv}");
    let text = printed(&["--ruleset", "default", "--ruleset", "strict", "--sections", "confusion"]);
    assert!(text.contains("Label against outcome, by the rule set strict"), "{text}");
    assert!(!text.contains("Rules, by"), "{text}");
}

#[test]
fn every_file_of_labels_in_the_datasets_has_the_one_format() {
    let mut read = 0;
    for folder in ["datasets", "datasets/rop"] {
        for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).expect("the datasets") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.ends_with("labels.csv") {
                let labels = Labels::parse(&name, &fs::read(&path).expect("a file")).expect("no fault");
                assert!(labels.ignored.is_empty() && labels.repeated == 0, "{name}: {labels:?}");
                read += 1;
            }
        }
    }
    assert!(read >= 3, "{read} files");
}

const LABELS: &str = "record_id,label\nn-001,compliant\nn-003,not_compliant\n";

fn desk() -> Desk {
    let desk = Desk::new();
    desk.write("labels.csv", LABELS);
    desk
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["eval", "notices.ndjson", "--labels", "labels.csv", "--rules", "rules"], more].concat()
}

#[test]
fn an_evaluation_with_bad_figures_is_done() {
    let desk = desk();
    desk.write("labels.csv", "record_id,label,letter\nn-001,not_compliant,a\n");
    let (out, err) = desk.expect(Exit::Done, &with(&[]));
    assert!(out.contains("no record is labelled compliant") && !out.contains("NaN"), "{out}");
    assert!(out.contains("40 records = 1 with a label + 39 without"), "{out}");
    assert!(out.contains("columns of the labels that are not read: letter (is letters meant?)"), "{out}");
    assert!(out.contains("No label names a chapter.") && out.contains("No label names a factor."), "{out}");
    assert!(out.contains("records without a label: n-000, n-002") && out.contains(" and 31 more"), "{out}");
    assert!(err.contains("40 rows = 40 accepted + 0 rejected"), "{err}");
    let (_, err) = desk.expect(Exit::Done, &with(&["--quiet"]));
    assert_eq!(err, "");
}

#[test]
fn wrong_labels_are_all_named_and_nothing_is_evaluated() {
    let desk = desk();
    desk.write("labels.csv", "record_id,label\nn-001,complaint\nn-002,partial\nn-002,compliant\n");
    let (out, err) = desk.expect(Exit::Usage, &with(&[]));
    assert_eq!(out, "");
    assert!(err.contains("labels.csv: line 2: `complaint` is no label; did you mean `compliant`?"), "{err}");
    assert!(err.contains("labels.csv: line 4: `n-002` is labelled in line 3 already"), "{err}");
    assert!(err.contains("error: the labels have 2 faults; nothing was evaluated"), "{err}");
    desk.write("labels.csv", "record_id,label\nother-1,partial\n");
    let (_, err) = desk.expect(Exit::Usage, &with(&[]));
    assert!(err.contains("the records are named like `n-000`, `n-001`, `n-002`, the labels like `other-1`"), "{err}");
    fs::remove_file(desk.path("labels.csv")).expect("it was there");
    let (_, err) = desk.expect(Exit::Input, &with(&[]));
    assert!(err.contains("cannot read the labels `labels.csv`"), "{err}");
}

#[test]
fn the_output_replaces_neither_records_nor_labels() {
    let desk = desk();
    for file in ["labels.csv", "notices.ndjson"] {
        let before = desk.read(file);
        let (_, err) = desk.expect(Exit::Usage, &with(&["--out", file]));
        assert!(err.contains(&format!("the output would replace the input `{file}`")), "{err}");
        assert_eq!(desk.read(file), before);
    }
    desk.expect(Exit::Done, &with(&["--output", "eval.md", "--format", "markdown"]));
    assert!(desk.read("eval.md").starts_with("# Evaluation of 2 labelled records\n"));
}

#[test]
fn rows_that_cannot_be_read_end_an_evaluation_as_they_end_a_scan() {
    let desk = desk();
    desk.write("notices.ndjson", &format!("{}{{broken\n", desk.read("notices.ndjson")));
    let (out, _) = desk.expect(Exit::Rejected, &with(&[]));
    assert!(out.contains("Evaluation of 2 labelled records"), "{out}");
    desk.expect(Exit::Done, &with(&["--max-rejects", "1"]));
    desk.write("notices.ndjson", "{broken\n");
    let (out, err) = desk.expect(Exit::Rejected, &with(&[]));
    assert!(out.is_empty() && err.contains("1 row could not be read"), "{err}");
    desk.write("notices.ndjson", "");
    let (_, err) = desk.expect(Exit::Usage, &with(&[]));
    assert!(err.contains("no record was read"), "{err}");
}

#[test]
fn records_that_share_an_id_are_each_held_against_its_label() {
    let desk = desk();
    let record = |charge: &str| {
        format!("{{\"record_id\":\"n-001\",\"kind\":\"red_notice\",\"charges\":[{{\"text\":\"{charge}\"}}]}}\n")
    };
    desk.write("notices.ndjson", &format!("{}{}", record("Robbery"), record("Fraud")));
    let (out, _) = desk.expect(Exit::Done, &with(&[]));
    assert!(out.contains("2 records = 2 with a label + 0 without"), "{out}");
    assert!(out.contains("2 labels of labels.csv = 1 with a record + 1 without"), "{out}");
    assert!(out.contains("1 record with the id of another labelled record"), "{out}");
}

#[test]
fn text_from_labels_acts_nowhere() {
    let desk = desk();
    desk.write(
        "labels.csv",
        "record_id,label,chapter,note\nn-001,not_compliant,=1+1,\u{1b}[2J `x` | y\nn-003,compliant,b,\n",
    );
    for format in ["text", "markdown", "csv", "json"] {
        let (out, _) = desk.expect(Exit::Done, &with(&["--format", format]));
        assert!(!out.contains('\u{1b}'), "{format}: {out}");
        assert!(format != "csv" || out.contains("chapter,'=1+1,records,1"), "{out}");
    }
}
