//! A publisher's own download, turned into a context table.
//!
//! In go the texts of CSV files and an [`Order`], out come the rows of a table, its header, and an [`Account`] of every row
//! of every file: used, or refused with a reason. Columns are found by name; numbers are rounded as they are written.
//!
//! A figure describes a year and is published later. By [`Validity::Publication`] it counts from the day by which it was
//! out, so that no record is read with what nobody could know; by [`Validity::Year`] it counts in the year it describes.
//! Nothing is fetched, nothing is estimated, and a country without a figure gets no row.

mod layout;
mod publisher;
mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use thiserror::Error;

use super::{Decimal, VALUE_COLUMN};
use crate::record::Country;
use layout::{Layout, Sheet};
use publisher::{ColumnSpec, FigureSpec};
pub use publisher::{Publisher, publishers};

/// What to import.
#[derive(Debug, Clone)]
pub struct Order<'a> {
    /// Whose tables these are.
    pub publisher: &'a Publisher,
    /// The columns to write, each perhaps with the name of the column to read; all that are found where none is named.
    pub columns: Vec<(String, Option<String>)>,
    /// When a figure counts.
    pub validity: Validity,
    /// The years to keep; all where it is left out.
    pub years: Option<RangeInclusive<i32>>,
}

/// When a figure counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Validity {
    /// From the day by which it was published, until the next one.
    Publication,
    /// In the year that it describes.
    Year,
}

/// Why nothing could be imported.
#[derive(Debug, Error)]
pub enum ImportError {
    /// The file has none of the known layouts.
    #[error("`{file}` is not laid out as a table of {publisher}: {expected}")]
    Layout {
        /// The file.
        file: String,
        /// The publisher.
        publisher: String,
        /// What was looked for.
        expected: String,
    },
    /// A column was asked for that is not known.
    #[error("there is no column `{name}`; {publisher} has: {known}")]
    Column {
        /// What was asked for.
        name: String,
        /// The publisher.
        publisher: String,
        /// What there is.
        known: String,
    },
    /// No file has the figures of a column.
    #[error("no file has what `{name}` is made of: {wanted}")]
    Missing {
        /// The column.
        name: String,
        /// Names that were looked for.
        wanted: String,
    },
    /// No row could be used.
    #[error("no row could be used: {0}")]
    Nothing(String),
}

/// Why a row is not used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refused {
    /// What it names is no country with a code.
    NoCountry(String),
    /// It has no year.
    NoYear(String),
    /// Its year is outside those that were asked for.
    OutsideYears,
    /// It is about another figure.
    OtherSeries,
    /// It has no figure.
    NoFigure,
    /// A figure is no number.
    NoNumber(String),
    /// Another row gives another figure for the same country and year.
    Twice(String),
}

impl Refused {
    /// The reason in words.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::NoCountry(_) => "no country with a code",
            Self::NoYear(_) => "no year",
            Self::OutsideYears => "outside the years asked for",
            Self::OtherSeries => "another figure",
            Self::NoFigure => "no figure",
            Self::NoNumber(_) => "not a number",
            Self::Twice(_) => "another figure for the same country and year",
        }
    }

    /// What the row says.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        match self {
            Self::NoCountry(text) | Self::NoYear(text) | Self::NoNumber(text) | Self::Twice(text) => Some(text),
            Self::OutsideYears | Self::OtherSeries | Self::NoFigure => None,
        }
    }
}

/// What became of the rows of a file. `read` is the sum of `used` and all refused.
#[derive(Debug, Clone, Default)]
pub struct Account {
    /// The file.
    pub file: String,
    /// Rows below the line that names the columns, empty ones aside.
    pub read: usize,
    /// Rows with at least one figure that was taken.
    pub used: usize,
    /// The others, counted by reason.
    pub refused: BTreeMap<Refused, usize>,
}

/// A table that was made.
#[derive(Debug, Clone)]
pub struct Imported {
    /// The table, as CSV.
    pub csv: String,
    /// Its rows.
    pub rows: usize,
    /// Its countries.
    pub countries: usize,
    /// What became of each file.
    pub accounts: Vec<Account>,
    title: String,
    columns: Vec<ColumnSpec>,
    validity: Validity,
}

/// Turns tables of a publisher, each a name and a text, into a context table.
///
/// # Errors
/// Where a file is laid out in another way, where a column is not known or not there, and where nothing is left.
pub fn import(order: &Order<'_>, files: &[(String, String)]) -> Result<Imported, ImportError> {
    let (figures, mut columns) = wanted(order)?;
    let mut reading = Reading { order, figures: &figures, values: BTreeMap::new(), found: BTreeSet::new() };
    let accounts: Vec<Account> = files.iter().map(|(name, text)| reading.file(name, text)).collect::<Result<_, _>>()?;
    let (values, found) = (reading.values, reading.found);
    let of = |column: &ColumnSpec| column.sum.iter().chain(&column.percent_of).cloned().collect::<Vec<String>>();
    for column in columns.iter().filter(|_| !order.columns.is_empty()) {
        if let Some(name) = of(column).iter().find(|name| !found.contains(*name)) {
            let from = figures.iter().find(|figure| figure.name == *name).map(|figure| figure.from.join(", "));
            return Err(ImportError::Missing { name: column.name.clone(), wanted: from.unwrap_or_default() });
        }
    }
    columns.retain(|column| of(column).iter().all(|name| found.contains(name)));
    let title = match columns.as_slice() {
        [column] => format!("{}: {}", order.publisher.title, column.name.replace('_', " ")),
        _ => order.publisher.title.clone(),
    };
    let rows = rows(&values, &figures, &columns);
    if let [column] = columns.as_mut_slice() {
        VALUE_COLUMN.clone_into(&mut column.name);
    }
    if rows.is_empty() {
        let refused = accounts.iter().flat_map(|account| &account.refused).max_by_key(|(_, rows)| **rows);
        let why = refused.map_or("the files are empty", |(refused, _)| refused.reason());
        return Err(ImportError::Nothing(why.to_owned()));
    }
    let countries = rows.keys().map(|(country, _)| country).collect::<BTreeSet<&String>>().len();
    let (csv, rows) = (write::csv(&rows, &columns, order), rows.len());
    Ok(Imported { csv, rows, countries, accounts, title, columns, validity: order.validity })
}

/// The figures to read and the columns to write.
fn wanted(order: &Order<'_>) -> Result<(Vec<FigureSpec>, Vec<ColumnSpec>), ImportError> {
    let mut figures = order.publisher.figure.clone();
    let mut columns = order.publisher.columns();
    if order.columns.is_empty() {
        return Ok((figures, columns));
    }
    for (name, from) in order.columns.iter().filter_map(|(name, from)| Some((name, from.as_ref()?))) {
        match figures.iter_mut().find(|figure| figure.name == *name) {
            Some(figure) => figure.from = vec![from.clone()],
            None if columns.iter().any(|column| column.name == *name) => {}
            None => {
                let figure =
                    FigureSpec { name: name.clone(), from: vec![from.clone()], decimals: 3, ..Default::default() };
                let (unit, decimals) = (format!("as in the column {from}"), figure.decimals);
                columns.push(ColumnSpec {
                    name: name.clone(),
                    sum: vec![name.clone()],
                    percent_of: vec![],
                    decimals,
                    unit,
                });
                figures.push(figure);
            }
        }
    }
    let known: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    if let Some((name, _)) = order.columns.iter().find(|(name, _)| !known.contains(name)) {
        let (publisher, known) = (order.publisher.name.clone(), known.join(", "));
        return Err(ImportError::Column { name: name.clone(), publisher, known });
    }
    columns.retain(|column| order.columns.iter().any(|(name, _)| *name == column.name));
    Ok((figures, columns))
}

/// A country's code and a year.
type Place = (String, i32);

/// Figures by country and year, as files are read.
struct Reading<'a> {
    order: &'a Order<'a>,
    figures: &'a [FigureSpec],
    values: BTreeMap<Place, BTreeMap<usize, Decimal>>,
    /// The figures that some file has.
    found: BTreeSet<String>,
}

impl Reading<'_> {
    fn file(&mut self, name: &str, text: &str) -> Result<Account, ImportError> {
        let publisher = self.order.publisher;
        let sheet = Sheet::find(text, publisher, self.figures).ok_or_else(|| ImportError::Layout {
            file: name.to_owned(),
            publisher: publisher.name.clone(),
            expected: layout::expected(publisher, self.figures),
        })?;
        let mut account = Account { file: name.to_owned(), ..Account::default() };
        for row in &sheet.rows {
            account.read += 1;
            match self.row(&sheet.layout, row) {
                Ok(()) => account.used += 1,
                Err(refused) => *account.refused.entry(refused).or_default() += 1,
            }
        }
        let in_series = sheet.layout.series_in(&sheet.rows);
        let here = |(at, figure): (usize, &FigureSpec)| {
            let named = sheet.layout.has(at) || figure.from.iter().any(|name| in_series.contains(name.as_str()));
            named.then(|| figure.name.clone())
        };
        self.found.extend(self.figures.iter().enumerate().filter_map(here));
        Ok(account)
    }

    fn row(&mut self, layout: &Layout, row: &[String]) -> Result<(), Refused> {
        let country = layout.country(row, &self.order.publisher.codes)?;
        let written = layout.figures(row, self.figures)?;
        let years = self.order.years.as_ref();
        let kept: Vec<_> =
            written.into_iter().filter(|(year, ..)| years.is_none_or(|years| years.contains(year))).collect();
        if kept.is_empty() {
            return Err(Refused::OutsideYears);
        }
        let mut numbers = vec![];
        for (year, figure, text) in kept {
            let spec = &self.figures[figure];
            let decimals = if spec.add { 6 } else { spec.decimals };
            let number = Decimal::rounded(text, decimals).ok_or_else(|| Refused::NoNumber(text.to_owned()))?;
            numbers.push((year, figure, number));
        }
        self.take(country, numbers)
    }

    fn take(&mut self, country: Country, numbers: Vec<(i32, usize, Decimal)>) -> Result<(), Refused> {
        let place = |year: i32| (country.code().to_owned(), year);
        for (year, figure, number) in &numbers {
            let known = self.values.get(&place(*year)).and_then(|values| values.get(figure));
            let other = known.is_some_and(|known| !self.figures[*figure].add && known != number);
            if other {
                return Err(Refused::Twice(format!("{country} {year}")));
            }
        }
        for (year, figure, number) in numbers {
            let values = self.values.entry(place(year)).or_default();
            let sum = match values.get(&figure) {
                Some(known) if self.figures[figure].add => known.plus(number),
                _ => Some(number),
            };
            values.extend(sum.map(|sum| (figure, sum)));
        }
        Ok(())
    }
}

/// The cells of each row that is written, by country and year; rows without any are left out.
fn rows(
    values: &BTreeMap<Place, BTreeMap<usize, Decimal>>,
    figures: &[FigureSpec],
    columns: &[ColumnSpec],
) -> BTreeMap<Place, Vec<Option<Decimal>>> {
    let mut rows = BTreeMap::new();
    for (place, values) in values {
        let sum = |names: &[String]| {
            let of = |name: &String| values.get(&figures.iter().position(|figure| figure.name == *name)?).copied();
            names.iter().map(of).try_fold(Decimal::default(), |sum, number| sum.plus(number?))
        };
        let cell = |column: &ColumnSpec| match column.percent_of.as_slice() {
            [] => sum(&column.sum),
            whole => Decimal::percent(sum(&column.sum)?, sum(whole)?, column.decimals),
        };
        let cells: Vec<Option<Decimal>> = columns.iter().map(cell).collect();
        if cells.iter().any(Option::is_some) {
            rows.insert(place.clone(), cells);
        }
    }
    rows
}

#[cfg(test)]
mod tests;
