//! What `list` and `lookup` share: the table they ask, and the date as of which they ask it.

use std::sync::Arc;

use super::draft::{Draft, a, unknown_field};
use super::{Found, Here};
use crate::context::{ANY_DAY, ContextTable, TableRow};
use crate::diag::{Code, Diagnostic, did_you_mean};
use crate::record::{Field, PartialDate, Type, Value};

/// The field whose date says when.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    field: Field,
}

impl Moment {
    /// The days that are meant. A date that is not known may be any day.
    pub(super) fn date(self, here: &Here<'_>) -> PartialDate {
        // A field with many cells is one of the same list, whose element this is.
        let position = if self.field.is_many() { here.position } else { 0 };
        match here.reading.row().cell(self.field, position) {
            Ok(Value::Date(date)) => date,
            _ => ANY_DAY,
        }
    }

    /// The field, where the table asks for it.
    pub(super) fn reads(self, table: &ContextTable) -> Vec<Field> {
        if table.is_dated() { vec![self.field] } else { vec![] }
    }

    /// The moment in words, where the table asks for it.
    pub(super) fn words(self, table: &ContextTable) -> String {
        if table.is_dated() { format!(" as of `{}`", self.field.path()) } else { String::new() }
    }

    /// A row as evidence: the value that was asked for, what else it says, when it counts and where it is from.
    pub(super) fn found(
        self,
        key: Value<&str>,
        (table, row): (&ContextTable, &TableRow),
        asked: Option<usize>,
    ) -> Found {
        let end = if let Value::Text(text) = key { text.len() } else { 0 };
        let source = row.source.as_deref().or(table.header.list.source.as_deref()).unwrap_or_default();
        Found {
            start: 0,
            end,
            entry: format!("{}valid {}; {source}", says(table, row, asked), row.period()),
            list: Some(Arc::clone(&table.name)),
            language: None,
        }
    }
}

/// What a row says: `61.5 (year 2014, decisions 4200), ` where the first is asked for.
fn says(table: &ContextTable, row: &TableRow, asked: Option<usize>) -> String {
    let written = |at: usize| Some(&row.cells.get(at)?.as_ref()?.1);
    let others = table.header.columns.iter().enumerate().filter(|(at, _)| Some(*at) != asked);
    let others: Vec<String> =
        others.filter_map(|(at, column)| Some(format!("{} {}", column.name, written(at)?))).collect();
    let others = others.join(", ");
    match (asked.and_then(written), others.is_empty()) {
        (Some(value), true) => format!("{value}, "),
        (Some(value), false) => format!("{value} ({others}), "),
        (None, true) => String::new(),
        (None, false) => format!("{others}, "),
    }
}

impl Draft<'_> {
    /// The table of that name, if the field can be looked up in it.
    pub(super) fn context_table(&mut self, name: &str) -> Option<Arc<ContextTable>> {
        let tables = self.tables;
        if tables.is_unread(name) {
            return None;
        }
        let Some(table) = tables.get(name) else {
            let problem = Diagnostic::new(Code::UnknownContext, format!("there is no table `{name}`"));
            let help = match did_you_mean(name, tables.names()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "a table is a file `context/name.csv` beside the rules; for tables to be read give the folder, not a file of it".to_owned(),
            };
            self.report(problem.at(self.value.span).help(help));
            return None;
        };
        if !table.header.key.fits(self.field.ty()) {
            let (path, keys) = (self.field.path(), table.header.key.words());
            let message = format!("the keys of `{name}` are {keys}, but `{path}` is {}", a(self.field.ty()));
            let problem = Diagnostic::new(Code::ContextKey, message).at(self.value.span);
            self.report(problem.help("ask with a field of the type of the keys"));
            return None;
        }
        Some(Arc::clone(table))
    }

    /// The field of `as_of`; the record's own date where it is left out.
    pub(super) fn moment(&mut self) -> Option<Moment> {
        let Some(node) = self.option("as_of").cloned() else { return Some(Moment { field: Field::REQUESTED_AT }) };
        let Some(path) = node.text() else {
            self.wrong_type(node.span, "`as_of` takes the name of a date field", "write it in quotes");
            return None;
        };
        let Some(field) = Field::named(path) else {
            self.found.push(unknown_field(path, node.span).rule(self.rule));
            return None;
        };
        let same_element = field.list().is_some() && field.list() == self.field.list();
        if field.ty() != Type::Date || field.is_many() && !same_element {
            let message = match field.ty() {
                Type::Date => format!("`{path}` may hold several dates"),
                ty => format!("`{path}` is {}", a(ty)),
            };
            let problem = Diagnostic::new(Code::BadAsOf, message).at(node.span);
            self.report(problem.help("name a field with one date, such as `requested_at` or `warrant_issued_at`"));
            return None;
        }
        Some(Moment { field })
    }
}
