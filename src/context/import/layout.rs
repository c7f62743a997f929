//! Where things stand in a publisher's file: the line that names the columns, and which column is which.

use std::collections::{BTreeMap, BTreeSet};

use super::Refused;
use super::publisher::{FigureSpec, Publisher};
use crate::record::Country;

/// How far down the line that names the columns is looked for.
const PREAMBLE: usize = 40;
/// What may stand between cells.
const DELIMITERS: [u8; 3] = *b",;\t";
/// Cells that say that there is no figure.
const NO_FIGURE: [&str; 6] = ["", "..", "NA", "N/A", "-", "nan"];

/// A file with its columns found.
#[derive(Debug)]
pub(super) struct Sheet {
    pub(super) layout: Layout,
    /// The rows below the line that names the columns; empty ones are left out.
    pub(super) rows: Vec<Vec<String>>,
}

/// Which column is which.
#[derive(Debug)]
pub(super) struct Layout {
    country: Vec<usize>,
    time: Time,
    /// The column that names the figure of a row.
    series: Option<usize>,
    /// The column with that figure.
    value: Option<usize>,
    /// The column of each figure.
    figures: Vec<Option<usize>>,
}

#[derive(Debug)]
enum Time {
    /// A column, and how many years after the year described it is.
    Column(usize, i32),
    /// A column for each year.
    Across(Vec<(usize, i32)>),
}

impl Sheet {
    /// The sheet, if its columns can be found, whatever stands between its cells and above its header.
    pub(super) fn find(text: &str, publisher: &Publisher, figures: &[FigureSpec]) -> Option<Self> {
        let text = text.trim_start_matches('\u{feff}');
        DELIMITERS.into_iter().find_map(|delimiter| {
            let mut reader = csv::ReaderBuilder::new();
            reader.has_headers(false).flexible(true).delimiter(delimiter);
            let cells = |row: &csv::StringRecord| row.iter().map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
            // A line that is no CSV ends what can be read of the file in this way.
            let mut rows =
                reader.from_reader(text.as_bytes()).into_records().map_while(Result::ok).map(|row| cells(&row));
            let layout = rows.by_ref().take(PREAMBLE).find_map(|row| Layout::find(&row, publisher, figures))?;
            let rows = rows.filter(|row| row.iter().any(|cell| !cell.is_empty())).collect();
            Some(Self { layout, rows })
        })
    }
}

impl Layout {
    fn find(names: &[String], publisher: &Publisher, figures: &[FigureSpec]) -> Option<Self> {
        let one = |wanted: &[String]| wanted.iter().find_map(|name| names.iter().position(|own| own == name));
        let country: Vec<usize> =
            publisher.country.iter().filter_map(|name| names.iter().position(|own| own == name)).collect();
        let across: Vec<(usize, i32)> =
            names.iter().enumerate().filter_map(|(at, name)| Some((at, year_of_name(name)?))).collect();
        let time = match (one(&publisher.year), one(&publisher.edition)) {
            (Some(at), _) => Time::Column(at, 0),
            (None, Some(at)) => Time::Column(at, 1),
            (None, None) => Time::Across(across),
        };
        let (series, value) = (one(&publisher.series), one(&publisher.value));
        let figures: Vec<Option<usize>> = figures.iter().map(|figure| one(&figure.from)).collect();
        let complete = match (&time, series) {
            (Time::Across(years), Some(_)) => !years.is_empty(),
            (Time::Column(..), Some(_)) if value.is_some() => true,
            (Time::Column(..), _) => figures.iter().any(Option::is_some),
            (Time::Across(_), None) => false,
        };
        (complete && !country.is_empty()).then_some(Self { country, time, series, value, figures })
    }

    /// Whether a figure has a column of its own.
    pub(super) fn has(&self, figure: usize) -> bool {
        self.figures.get(figure).is_some_and(Option::is_some)
    }

    /// The names of figures that stand in rows.
    pub(super) fn series_in<'r>(&self, rows: &'r [Vec<String>]) -> BTreeSet<&'r str> {
        let name = |row: &'r Vec<String>| self.series.and_then(|at| row.get(at)).map(String::as_str);
        rows.iter().filter_map(name).collect()
    }

    /// The country of a row, by the first of its columns that names one.
    pub(super) fn country(&self, row: &[String], codes: &BTreeMap<String, String>) -> Result<Country, Refused> {
        let cells = || self.country.iter().filter_map(|at| row.get(*at)).filter(|cell| !cell.is_empty());
        let refused = || Refused::NoCountry(cells().next_back().cloned().unwrap_or_default());
        for cell in cells() {
            let code = codes.get(cell).unwrap_or(cell);
            if code.is_empty() {
                return Err(refused());
            }
            if let Some(country) = Country::parse(code) {
                return Ok(country);
            }
        }
        Err(refused())
    }

    /// The figures of a row: the year described, which figure, and how it is written.
    pub(super) fn figures<'r>(
        &self,
        row: &'r [String],
        specs: &[FigureSpec],
    ) -> Result<Vec<(i32, usize, &'r str)>, Refused> {
        let cell = |at: usize| row.get(at).map_or("", String::as_str);
        let in_series = |at: usize| {
            specs.iter().position(|spec| spec.from.iter().any(|name| name == cell(at))).ok_or(Refused::OtherSeries)
        };
        let year = |at: usize, after: i32| {
            year(cell(at)).map(|year| year - after).ok_or_else(|| Refused::NoYear(cell(at).to_owned()))
        };
        let written: Vec<(i32, usize, &str)> = match (&self.time, self.series, self.value) {
            (Time::Across(years), Some(series), _) => {
                let figure = in_series(series)?;
                years.iter().map(|(at, year)| (*year, figure, cell(*at))).collect()
            }
            (Time::Across(_), None, _) => vec![],
            (Time::Column(at, after), Some(series), Some(value)) => {
                vec![(year(*at, *after)?, in_series(series)?, cell(value))]
            }
            (Time::Column(at, after), ..) => {
                let year = year(*at, *after)?;
                let column = |(figure, at): (usize, &Option<usize>)| Some((year, figure, cell((*at)?)));
                self.figures.iter().enumerate().filter_map(column).collect()
            }
        };
        let written: Vec<_> = written.into_iter().filter(|(.., text)| !NO_FIGURE.contains(text)).collect();
        if written.is_empty() { Err(Refused::NoFigure) } else { Ok(written) }
    }
}

/// What was looked for in a file, for a file that lacks it.
pub(super) fn expected(publisher: &Publisher, figures: &[FigureSpec]) -> String {
    let list = |names: &[String]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ");
    let from: Vec<String> = figures.iter().flat_map(|figure| figure.from.clone()).collect();
    let years = [publisher.year.clone(), publisher.edition.clone()].concat();
    let mut text = format!(
        "a line that names a column for the country ({}), one for the year ({}) and one for a figure ({})",
        list(&publisher.country),
        list(&years),
        list(&from)
    );
    if !publisher.series.is_empty() {
        text +=
            &format!("; or a column that names the figure ({}) beside a column for each year", list(&publisher.series));
    }
    text
}

/// A year as written in a cell: `1996`, or `1996.0` by a program that takes it for a number.
fn year(text: &str) -> Option<i32> {
    let text = text.strip_suffix(".0").unwrap_or(text);
    (text.len() == 4).then(|| text.parse().ok()).flatten()
}

/// The year that names a column: `1996` or `1996 [YR1996]`.
fn year_of_name(name: &str) -> Option<i32> {
    let (own, rest) = name.split_once(' ').unwrap_or((name, ""));
    let number = year(own).filter(|_| !own.contains('.'))?;
    (rest.is_empty() || rest == format!("[YR{own}]")).then_some(number)
}
