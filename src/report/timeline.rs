//! A timeline as lines for a person: one column of dates, one of the countries that acted, then what happened and which
//! record tells of it.

use unicode_width::UnicodeWidthStr;

use super::paint::{Line, Tone};
use super::words::count;
use crate::explain::{Case, Moment};

/// How many moments a card shows: the latest.
pub(super) const ON_A_CARD: usize = 8;

/// How many ids stand behind a moment.
const MOST_IDS: usize = 3;

/// What stands in the column of dates where there is none.
const NO_DATE: &str = "no date";

/// What it is a timeline of.
pub(super) fn heading(case: &Case) -> String {
    match case.timeline.records {
        1 => "Timeline of the record".to_owned(),
        records => format!("Timeline of {records} records that are read as one person"),
    }
}

/// The columns before a moment, as wide for every moment of the case.
pub(super) fn columns(case: &Case, moment: &Moment) -> String {
    let widest = |of: fn(&Moment) -> String| case.timeline.moments.iter().map(|moment| of(moment).width()).max();
    let column = |of: fn(&Moment) -> String| {
        let (text, wide) = (of(moment), widest(of).unwrap_or(0));
        let blanks = if wide == 0 { 0 } else { wide + 2 - text.width() };
        text + &" ".repeat(blanks)
    };
    column(date) + &column(country)
}

/// The columns as words.
pub(super) fn columns_in_words(moment: &Moment) -> String {
    format!("{} {}", date(moment), country(moment)).trim_end().to_owned()
}

fn date(moment: &Moment) -> String {
    moment.at.map_or_else(|| NO_DATE.to_owned(), |at| at.to_string())
}

fn country(moment: &Moment) -> String {
    moment.by.clone().unwrap_or_default()
}

/// What happened, and the records that tell of it where there are several.
pub(super) fn line(case: &Case, moment: &Moment) -> Line {
    let line = Line::of(Tone::Plain, &moment.text);
    if case.timeline.records == 1 {
        return line;
    }
    let own = |id: &String| if *id == case.record_id { "this record".to_owned() } else { id.clone() };
    let mut ids: Vec<String> = moment.records.iter().take(MOST_IDS).map(own).collect();
    let more = moment.records.len() - ids.len();
    ids.extend((more > 0).then(|| format!("and {more} more")));
    line.and(Tone::Dim, format!("({})", ids.join(", ")))
}

/// How many records of the person it does not tell of.
pub(super) fn untold(case: &Case) -> Option<Line> {
    let more = case.timeline.more as u64;
    (more > 0).then(|| Line::of(Tone::Dim, format!("and {} read as this person", count(more, "more record"))))
}
