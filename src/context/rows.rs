//! The rows of a table, checked one by one. Sound rows are kept; every mistake is reported with its line.

use std::collections::BTreeMap;
use std::sync::Arc;

use csv::StringRecord;

use super::{
    ColumnType, ContextTable, Decimal, Figure, KeyType, SOURCE_COLUMN, TABLE_COLUMNS, TableColumn, TableHeader,
    TableKey, TableRow,
};
use crate::diag::{Code, Diagnostic, Diagnostics, SourceId, Span};
use crate::record::{Country, PartialDate, Value};
use crate::text::fold;

/// Reads a table with its header.
pub fn parse_table(
    name: &str,
    header: TableHeader,
    (source, text): (SourceId, &str),
    found: &mut Diagnostics,
) -> ContextTable {
    let before = found.errors();
    let mut reader = Rows { header: &header, source, text, found, rows: BTreeMap::new() };
    reader.read();
    let rows = reader.without_overlaps();
    if rows.is_empty() && found.errors() == before {
        let problem = Diagnostic::new(Code::ContextEmpty, format!("`{name}` holds no row")).at(Span::new(source, 0..0));
        found.push(problem.help("add rows below the line that names the columns"));
    }
    let dated = rows.values().flatten().any(|row| row.valid_from.is_some() || row.valid_to.is_some());
    ContextTable { name: Arc::from(name), header, rows, dated }
}

struct Rows<'a> {
    header: &'a TableHeader,
    source: SourceId,
    text: &'a str,
    found: &'a mut Diagnostics,
    rows: BTreeMap<TableKey, Vec<(TableRow, Span)>>,
}

impl Rows<'_> {
    fn report(&mut self, (code, message): (Code, String), span: Span, help: impl Into<String>) {
        self.found.push(Diagnostic::new(code, message).at(span).help(help));
    }

    fn columns(&self) -> Vec<&str> {
        let values = self.header.columns.iter().map(|column| &*column.name);
        TABLE_COLUMNS.into_iter().chain(values).chain([SOURCE_COLUMN]).collect()
    }

    fn read(&mut self) {
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(self.text.as_bytes());
        let mut first = true;
        let mut sources: BTreeMap<String, Arc<str>> = BTreeMap::new();
        for row in reader.records() {
            let row = match row {
                Ok(row) => row,
                Err(error) => {
                    let nowhere = Span::new(self.source, 0..0);
                    self.report((Code::ContextSyntax, error.to_string()), nowhere, "write the table as CSV, in UTF-8");
                    continue;
                }
            };
            let start = row.position().and_then(|position| usize::try_from(position.byte()).ok()).unwrap_or(0);
            let end =
                self.text.get(start..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |len| start + len);
            let span = Span::new(self.source, start..end);
            if std::mem::take(&mut first) {
                if !self.names(&row, span) {
                    return;
                }
            } else if let Some((key, row)) = self.row(&row, span, &mut sources) {
                self.rows.entry(key).or_default().push((row, span));
            }
        }
    }

    /// Whether the first line names the columns as the header does.
    fn names(&mut self, row: &StringRecord, span: Span) -> bool {
        let wanted = self.columns();
        let named = row.iter().map(|cell| cell.trim().trim_start_matches('\u{feff}')).eq(wanted.iter().copied());
        if !named {
            let help = format!("by the header of the table it is `{}`", wanted.join(","));
            let message = "the first line does not name the columns".to_owned();
            self.report((Code::ContextSyntax, message), span, help);
        }
        named
    }

    fn row(
        &mut self,
        row: &StringRecord,
        span: Span,
        sources: &mut BTreeMap<String, Arc<str>>,
    ) -> Option<(TableKey, TableRow)> {
        let wanted = self.columns().len();
        if row.len() != wanted {
            let message = format!("{} cells where {wanted} are expected", row.len());
            self.report((Code::ContextSyntax, message), span, "quote cells that hold a comma");
            return None;
        }
        let cell = |at: usize| row.get(at).map_or("", str::trim);
        let key = self.key(cell(0), span);
        let dates = [self.date(cell(1), span), self.date(cell(2), span)];
        let header = self.header;
        let cells: Vec<Option<Option<(Figure, String)>>> =
            header.columns.iter().enumerate().map(|(at, column)| self.figure(cell(3 + at), column, span)).collect();
        let source = cell(wanted - 1);
        if source.is_empty() && header.list.source.is_none() {
            let help = "name where the row is from, here or for all rows with `source` in the header";
            self.report((Code::ContextValue, "`source` is empty".to_owned()), span, help);
            return None;
        }
        let [valid_from, valid_to] = dates;
        let (valid_from, valid_to) = (valid_from?, valid_to?);
        if let (Some(from), Some(to)) = (valid_from, valid_to)
            && from.first > to.last
        {
            let message = format!("`valid_from` {from} lies after `valid_to` {to}");
            self.report((Code::ContextValue, message), span, "the row would never count");
            return None;
        }
        let cells: Option<Vec<Option<(Figure, String)>>> = cells.into_iter().collect();
        let source = (!source.is_empty())
            .then(|| Arc::clone(sources.entry(source.to_owned()).or_insert_with(|| Arc::from(source))));
        Some((key?, TableRow { valid_from, valid_to, cells: cells?, source }))
    }

    fn key(&mut self, text: &str, span: Span) -> Option<TableKey> {
        let (value, help) = match self.header.key {
            KeyType::Country => {
                let country = Country::parse(text);
                let help = match country {
                    Some(country) => format!("write `{}`", country.code()),
                    None => "write an ISO 3166-1 alpha-2 code, such as `XA`".to_owned(),
                };
                (country.filter(|country| country.code() == text).map(Value::Country), help)
            }
            KeyType::Text => {
                let text = Some(text).filter(|text| !fold(text).trim().is_empty());
                (text.map(Value::Text), "write the text that is looked up".to_owned())
            }
            KeyType::Term(vocabulary) => {
                let at = vocabulary.terms.iter().position(|term| *term == text).and_then(|at| u8::try_from(at).ok());
                (at.map(Value::Term), format!("it can be: {}", vocabulary.terms.join(", ")))
            }
        };
        let key = value.and_then(TableKey::of);
        if key.is_none() {
            let message = format!("`{text}` is no key: the keys are {}", self.header.key.words());
            self.report((Code::ContextValue, message), span, help);
        }
        key
    }

    fn date(&mut self, text: &str, span: Span) -> Option<Option<PartialDate>> {
        if text.is_empty() {
            return Some(None);
        }
        let date = PartialDate::parse(text);
        if date.is_none() {
            let help = "write `YYYY-MM-DD`, `YYYY-MM` or `YYYY`, or leave the cell empty";
            self.report((Code::ContextValue, format!("`{text}` is not a date")), span, help);
        }
        date.map(Some)
    }

    /// A cell; `Some(None)` where it is empty.
    fn figure(&mut self, text: &str, column: &TableColumn, span: Span) -> Option<Option<(Figure, String)>> {
        if text.is_empty() {
            return Some(None);
        }
        let figure = match column.ty {
            ColumnType::Integer => Decimal::parse(text).filter(|number| number.is_whole()).map(Figure::Number),
            ColumnType::Decimal => Decimal::parse(text).map(Figure::Number),
            ColumnType::Text => Some(Figure::Text(fold(text).into_owned())),
            ColumnType::Flag => text.parse().ok().map(Figure::Flag),
        };
        if figure.is_none() {
            let (wanted, help) = match column.ty {
                ColumnType::Decimal => ("a number with at most six decimals", "write the decimals after a point"),
                ty => (ty.a(), "correct the cell"),
            };
            let message = format!("`{text}` is not {wanted}, as `{}` is by the header", column.name);
            let help = format!("{help}, or leave it empty");
            self.report((Code::ContextValue, message), span, help);
        }
        figure.map(|figure| Some((figure, text.to_owned())))
    }

    /// The rows in order of time, those left out that share a day with an earlier one.
    fn without_overlaps(self) -> BTreeMap<TableKey, Vec<TableRow>> {
        let mut rows = BTreeMap::new();
        for (key, mut all) in self.rows {
            all.sort_by_key(|(row, span)| (row.first(), span.start));
            let mut kept: Vec<(TableRow, Span)> = vec![];
            for (row, span) in all {
                if let Some((earlier, other)) = kept.last().filter(|(earlier, _)| earlier.last() >= row.first()) {
                    let message = format!("the row shares days with another of its key ({})", earlier.period());
                    let problem = Diagnostic::new(Code::ContextOverlap, message).at(span).also(*other, "the other");
                    self.found.push(problem.help("a day has one row: correct the dates, or take one row out"));
                } else {
                    kept.push((row, span));
                }
            }
            rows.insert(key, kept.into_iter().map(|(row, _)| row).collect());
        }
        rows
    }
}
