//! What was read: records and labels, and those that are on one side only.

use super::text;
use crate::diag::did_you_mean;
use crate::eval::{COLUMNS, Evaluation, Label};
use crate::report::{Words, count};

/// How many names of a list are shown; programs get them all.
const NAMED: usize = 8;

/// What became of records and labels.
pub(super) fn read(evaluation: &Evaluation<'_>) -> Vec<(usize, Words)> {
    let (account, labels) = (&evaluation.account, evaluation.labels);
    let by_label = Label::ALL.iter().zip(account.by_label);
    let by_label: Vec<String> = by_label.map(|(label, records)| format!("{records} `{}`", label.word())).collect();
    let mut lines = vec![
        text(&format!(
            "{} = {} with a label + {} without",
            count(account.records, "record"),
            account.labelled,
            account.unlabelled.len()
        )),
        text(&format!(
            "{} of {} = {} with a record + {} without",
            count(account.labels, "label"),
            labels.file,
            account.used,
            account.without_record.len()
        )),
        Words::of(&format!("labelled records: {}", by_label.join(", "))),
    ];
    for (what, names) in
        [("records without a label", &account.unlabelled), ("labels without a record", &account.without_record)]
    {
        if !names.is_empty() {
            lines.push(text(&format!("{what}: {}", few(names))));
        }
    }
    if account.same_id > 0 {
        let so = "with the id of another labelled record and other content; each is held against the label";
        lines.push(text(&format!("{} {so}", count(account.same_id, "record"))));
    }
    if labels.repeated > 0 {
        lines.push(text(&format!("{} of the labels stood there already", count(labels.repeated, "line"))));
    }
    if !labels.ignored.is_empty() {
        let meant = |name: &String| match did_you_mean(name, COLUMNS) {
            Some(near) => format!("{name} (is {near} meant?)"),
            None => name.clone(),
        };
        let ignored: Vec<String> = labels.ignored.iter().map(meant).collect();
        lines.push(text(&format!("columns of the labels that are not read: {}", few(&ignored))));
    }
    lines.into_iter().map(|line| (0, line)).collect()
}

fn few(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    let more = names.len().saturating_sub(NAMED);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}
