//! The table that is written: its rows as CSV, each with the days on which it counts, and its header as TOML.

use std::collections::BTreeMap;

use super::publisher::{ColumnSpec, Publisher};
use super::{Imported, Order, Place, Validity};
use crate::context::{ColumnType, Decimal, SOURCE_COLUMN, TABLE_COLUMNS};
use crate::record::PartialDate;

/// The column with the year that a figure describes.
const YEAR_COLUMN: &str = "year";

/// The first day of a month, counted in months from January of a year.
fn month(year: i32, months: u32) -> Option<PartialDate> {
    let years = i32::try_from(months / 12).ok()?;
    PartialDate::day(year.checked_add(years)?, months % 12 + 1, 1)
}

/// When the figure of a year counts, given the year of the next one.
fn period(order: &Order<'_>, year: i32, next: Option<i32>) -> Option<[String; 2]> {
    let (from, until) = match order.validity {
        Validity::Year => (month(year, 0)?, month(year, 12)?),
        Validity::Publication => {
            let known = 12 + order.publisher.known_after_months;
            let lasts = month(year, known + order.publisher.lasts_months)?;
            let replaced = next.and_then(|next| month(next, known));
            (month(year, known)?, replaced.map_or(lasts, |next| next.min(lasts)))
        }
    };
    Some([from.to_string(), until.plus_days(-1).to_string()])
}

/// The table as CSV.
pub(super) fn csv(rows: &BTreeMap<Place, Vec<Option<Decimal>>>, columns: &[ColumnSpec], order: &Order<'_>) -> String {
    let names = columns.iter().map(|column| column.name.as_str());
    let header: Vec<&str> =
        TABLE_COLUMNS.into_iter().chain([YEAR_COLUMN]).chain(names).chain([SOURCE_COLUMN]).collect();
    let mut csv = format!("{}\n", header.join(","));
    let mut next = rows.keys().skip(1);
    for ((country, year), cells) in rows {
        let next = next.next().filter(|(other, _)| other == country).map(|(_, year)| *year);
        let Some([from, to]) = period(order, *year, next) else { continue };
        let cells: Vec<String> = cells.iter().map(|cell| cell.map_or(String::new(), |cell| cell.to_string())).collect();
        csv += &format!("{country},{from},{to},{year},{},\n", cells.join(","));
    }
    csv
}

impl Imported {
    /// The header of the table, as TOML. `as_of` is the day of the download.
    #[must_use]
    pub fn header(&self, name: &str, publisher: &Publisher, (version, as_of): (u32, PartialDate)) -> String {
        let text = |text: &str| toml::Value::from(text).to_string();
        let counts = match self.validity {
            Validity::Year => {
                "A figure counts in the year that it describes, which may be before it was published.".to_owned()
            }
            Validity::Publication => format!(
                "A figure counts from {} months after the end of the year that it describes, when it was out, until the \
                 next one, for at most {} months.",
                publisher.known_after_months, publisher.lasts_months
            ),
        };
        let mut header = format!("[{name}]\nversion = {version}\nas_of = {}\n", text(&as_of.to_string()));
        let note = format!("{counts} {}", publisher.note);
        for (key, value) in [
            ("title", &self.title),
            ("maintainer", &publisher.maintainer),
            ("licence", &publisher.licence),
            ("source", &publisher.source),
            ("url", &publisher.url),
            ("note", &note),
        ] {
            header += &format!("{key} = {}\n", text(value));
        }
        header += &format!("key = \"country\"\n\n[{name}.columns]\n");
        header += &format!("{YEAR_COLUMN} = {{ type = \"integer\", unit = \"the year described\" }}\n");
        for column in &self.columns {
            let ty = if column.decimals == 0 { ColumnType::Integer } else { ColumnType::Decimal }.word();
            header += &format!("{} = {{ type = \"{ty}\", unit = {} }}\n", column.name, text(&column.unit));
        }
        header
    }
}
