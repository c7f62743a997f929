//! Publishers of figures about countries, as data: how their downloads look, and how they are to be cited.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;

/// A publisher.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publisher {
    /// The name on the command line.
    pub name: String,
    /// What it publishes.
    pub title: String,
    /// Who it is.
    pub maintainer: String,
    /// Under which terms its figures may be passed on.
    pub licence: String,
    /// How to cite it.
    pub source: String,
    /// Where it is.
    pub url: String,
    /// What a reader of the figures should know.
    pub note: String,
    /// Months from the end of the year that a figure describes until it is out, at the latest.
    pub known_after_months: u32,
    /// Months for which a figure is used when no later one comes.
    pub lasts_months: u32,
    /// Columns with the country.
    pub(super) country: Vec<String>,
    /// Codes and names that are its own, or mean something else than elsewhere; where empty, no country.
    #[serde(default)]
    pub(super) codes: BTreeMap<String, String>,
    /// Columns with the year.
    pub(super) year: Vec<String>,
    /// Columns with the year after it.
    #[serde(default)]
    pub(super) edition: Vec<String>,
    /// Columns with the name of a figure.
    #[serde(default)]
    pub(super) series: Vec<String>,
    /// Columns with its value.
    #[serde(default)]
    pub(super) value: Vec<String>,
    /// What is read.
    pub(super) figure: Vec<FigureSpec>,
    /// What is written, where it is not the figures themselves.
    #[serde(default)]
    pub(super) column: Vec<ColumnSpec>,
}

/// A figure that is read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FigureSpec {
    pub(super) name: String,
    /// The names of its column or series.
    pub(super) from: Vec<String>,
    /// To how many decimals it is rounded.
    #[serde(default)]
    pub(super) decimals: usize,
    #[serde(default)]
    pub(super) unit: String,
    /// Whether rows of one country and year are added up.
    #[serde(default)]
    pub(super) add: bool,
}

/// A column that is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ColumnSpec {
    pub(super) name: String,
    /// The figures whose sum it is.
    pub(super) sum: Vec<String>,
    /// The figures it is a share of, if it is one.
    #[serde(default)]
    pub(super) percent_of: Vec<String>,
    #[serde(default)]
    pub(super) decimals: usize,
    #[serde(default)]
    pub(super) unit: String,
}

#[derive(Deserialize)]
struct File {
    publisher: Vec<Publisher>,
}

static PUBLISHERS: LazyLock<Vec<Publisher>> = LazyLock::new(|| {
    let file: File =
        toml::from_str(include_str!("publishers.toml")).expect("the file is part of the program and tested");
    file.publisher
});

/// The publishers whose tables can be read.
#[must_use]
pub fn publishers() -> &'static [Publisher] {
    &PUBLISHERS
}

impl Publisher {
    /// What is written: its columns, or else each figure as it is.
    pub(super) fn columns(&self) -> Vec<ColumnSpec> {
        let of_figure = |figure: &FigureSpec| ColumnSpec {
            name: figure.name.clone(),
            sum: vec![figure.name.clone()],
            percent_of: vec![],
            decimals: figure.decimals,
            unit: figure.unit.clone(),
        };
        if self.column.is_empty() { self.figure.iter().map(of_figure).collect() } else { self.column.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_publisher_is_cited_and_its_columns_are_made_of_its_figures() {
        let names: BTreeSet<&str> = publishers().iter().map(|publisher| publisher.name.as_str()).collect();
        assert_eq!(names.len(), publishers().len());
        for publisher in publishers() {
            let texts =
                [&publisher.title, &publisher.maintainer, &publisher.licence, &publisher.source, &publisher.url];
            assert!(texts.iter().all(|text| !text.is_empty()), "{}", publisher.name);
            assert!(publisher.lasts_months >= 12 && publisher.known_after_months <= 12, "{}", publisher.name);
            let figures: BTreeSet<&str> = publisher.figure.iter().map(|figure| figure.name.as_str()).collect();
            for column in publisher.columns() {
                let used = column.sum.iter().chain(&column.percent_of);
                assert!(
                    !column.unit.is_empty() && used.clone().all(|name| figures.contains(name.as_str())),
                    "{column:?}"
                );
            }
        }
    }
}
