//! `lookup`: what a context table says of a value on the date in question, compared with what the rule names. Where the
//! table has no row, it is not known: a table that is silent says neither yes nor no.

use std::sync::Arc;

use super::compare::Order;
use super::draft::{Built, Draft};
use super::table::Moment;
use super::{Found, Here, Operator, Truth};
use crate::context::{AsOf, ColumnType, ContextTable, Decimal, Figure, VALUE_COLUMN};
use crate::diag::{Code, Diagnostic, Node, Tree, did_you_mean};
use crate::record::{Field, Value};
use crate::text::fold;

/// What the value of a table is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Test {
    /// It is one of these.
    Is(Vec<(Figure, String)>),
    /// It is none of these.
    Neq(Vec<(Figure, String)>),
    /// It stands in an order to a number.
    Order(Order, Decimal),
}

impl Test {
    fn holds(&self, figure: &Figure) -> bool {
        match (self, figure) {
            (Self::Is(all), figure) => all.iter().any(|(one, _)| one == figure),
            (Self::Neq(all), figure) => all.iter().all(|(one, _)| one != figure),
            (Self::Order(order, edge), Figure::Number(number)) => order.between(*number, *edge),
            (Self::Order(..), _) => false,
        }
    }

    fn describe(&self) -> String {
        let any =
            |all: &[(Figure, String)]| all.iter().map(|(_, shown)| shown.clone()).collect::<Vec<_>>().join(" or ");
        match self {
            Self::Is(all) => format!("is {}", any(all)),
            Self::Neq(all) => format!("is known and is not {}", any(all)),
            Self::Order(order, edge) => format!("{} {edge}", order.words(false)),
        }
    }
}

/// The keys beside `lookup` that compare.
pub(crate) const TESTS: [&str; 6] = ["is", "neq", "lt", "lte", "gt", "gte"];

/// A value of a table, compared.
#[derive(Debug)]
struct Lookup {
    table: Arc<ContextTable>,
    column: usize,
    tests: Vec<Test>,
    moment: Moment,
}

impl Lookup {
    fn says(&self, value: Value<&str>, here: &Here<'_>) -> AsOf<'_> {
        self.table.as_of(value, self.moment.date(here))
    }

    fn cell<'r>(&self, row: &'r crate::context::TableRow) -> Option<&'r (Figure, String)> {
        row.cells.get(self.column).and_then(Option::as_ref)
    }
}

impl Operator for Lookup {
    /// Yes where every day that is meant has a row that says yes; no where every one has a row that says no.
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let AsOf { rows, whole } = self.says(value, here);
        let of_row = |row| {
            self.cell(row)
                .map_or(Truth::Unknown, |(figure, _)| Truth::of(self.tests.iter().all(|test| test.holds(figure))))
        };
        let (least, most) = (rows.iter().map(of_row).min(), rows.iter().map(of_row).max());
        if whole && least == most { least.unwrap_or(Truth::Unknown) } else { Truth::Unknown }
    }

    fn reads(&self) -> Vec<Field> {
        self.moment.reads(&self.table)
    }

    fn lists(&self) -> Vec<&str> {
        vec![&self.table.name]
    }

    fn silent(&self, value: Value<&str>, here: &Here<'_>) -> Option<String> {
        let rows = self.says(value, here).rows;
        if rows.iter().any(|row| self.cell(row).is_some()) {
            return None;
        }
        let when = match self.moment.date(here) {
            date if date == crate::context::ANY_DAY => String::new(),
            date => format!(" as of {date}"),
        };
        Some(format!("{} says nothing of {}{when}", self.table.name, super::show(here.field, &value)))
    }

    fn evidence(&self, value: Value<&str>, here: &Here<'_>) -> Vec<Found> {
        let rows = self.says(value, here).rows.iter().filter(|row| self.cell(row).is_some());
        rows.map(|row| self.moment.found(value, (&self.table, row), Some(self.column))).collect()
    }

    fn describe(&self) -> String {
        let column = &self.table.header.columns[self.column];
        let name = if &*column.name == VALUE_COLUMN { "value".to_owned() } else { format!("`{}`", column.name) };
        let tests: Vec<String> = self.tests.iter().map(Test::describe).collect();
        let when = self.moment.words(&self.table);
        format!("has in {}{when} a {name} that {}", self.table.name, tests.join(" and "))
    }
}

impl Draft<'_> {
    pub(super) fn lookup(&mut self) -> Built {
        let Some(name) = self.value.text().map(str::to_owned) else {
            self.wrong_type(self.value.span, "`lookup` takes the name of a table", "write it in quotes");
            return None;
        };
        let table = self.context_table(&name)?;
        let column = self.column(&table);
        let moment = self.moment();
        let column = column?;
        let tests = self.tests(&table, column)?;
        Some(Arc::new(Lookup { table, column, tests, moment: moment? }))
    }

    fn column(&mut self, table: &ContextTable) -> Option<usize> {
        let node = self.option("column").cloned();
        let (name, span) = match &node {
            None => (VALUE_COLUMN, self.value.span),
            Some(node) => match node.text() {
                Some(name) => (name, node.span),
                None => {
                    self.wrong_type(node.span, "`column` takes the name of a column", "write it in quotes");
                    return None;
                }
            },
        };
        let column = table.column(name);
        if column.is_none() {
            let known: Vec<&str> = table.header.columns.iter().map(|column| &*column.name).collect();
            let message = match node {
                None => format!("`{}` has no column `{VALUE_COLUMN}`, which is meant where none is named", table.name),
                Some(_) => format!("`{}` has no column `{name}`", table.name),
            };
            let help = match did_you_mean(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("name one with `column`; it has: {}", known.join(", ")),
            };
            self.report(Diagnostic::new(Code::ContextColumn, message).at(span).help(help));
        }
        column
    }

    /// The comparisons beside `lookup`. A flag alone asks whether it is true.
    fn tests(&mut self, table: &ContextTable, column: usize) -> Option<Vec<Test>> {
        let column = &table.header.columns[column];
        let written: Vec<(&str, Node)> =
            TESTS.iter().filter_map(|key| Some((*key, self.option(key)?.clone()))).collect();
        if written.is_empty() {
            if column.ty == ColumnType::Flag {
                return Some(vec![Test::Is(vec![(Figure::Flag(true), "true".to_owned())])]);
            }
            let message = format!("`lookup` finds {}, and nothing says what it is to be", column.ty.a());
            let problem = Diagnostic::new(Code::LookupTest, message).at(self.value.span);
            let keys = if column.ty == ColumnType::Text { "is or neq" } else { "is, neq, lt, lte, gt or gte" };
            self.report(problem.help(format!("add a comparison beside it: {keys}; to ask for a row use `list`")));
            return None;
        }
        let tests: Vec<Option<Test>> =
            written.iter().map(|(key, node)| self.test(key, node, (&column.name, column.ty))).collect();
        tests.into_iter().collect()
    }

    fn test(&mut self, key: &str, node: &Node, (column, ty): (&str, ColumnType)) -> Option<Test> {
        if let Some(order) = Order::parse(key) {
            let number = number(node).filter(|_| matches!(ty, ColumnType::Integer | ColumnType::Decimal));
            if number.is_none() {
                self.unfit(key, node, (column, ty));
            }
            return number.map(|number| Test::Order(order, number));
        }
        if node.each().is_empty() {
            self.empty_array(node.span);
            return None;
        }
        let mut figures = vec![];
        for node in node.each() {
            let figure = match (ty, &node.tree) {
                (ColumnType::Integer | ColumnType::Decimal, _) => {
                    number(node).map(|number| (Figure::Number(number), number.to_string()))
                }
                (ColumnType::Text, Tree::Text(text)) => {
                    Some((Figure::Text(fold(text.trim()).into_owned()), format!("“{text}”")))
                }
                (ColumnType::Flag, Tree::Flag(flag)) => Some((Figure::Flag(*flag), flag.to_string())),
                _ => None,
            };
            if figure.is_none() {
                self.unfit(key, node, (column, ty));
            }
            figures.push(figure);
        }
        let figures: Vec<(Figure, String)> = figures.into_iter().collect::<Option<_>>()?;
        Some(if key == "is" { Test::Is(figures) } else { Test::Neq(figures) })
    }

    fn unfit(&mut self, key: &str, node: &Node, (column, ty): (&str, ColumnType)) {
        let ordered = Order::parse(key).is_some() && matches!(ty, ColumnType::Text | ColumnType::Flag);
        let message = match ordered {
            true => format!("`{key}` is for numbers, but the column `{column}` holds {}", ty.a()),
            false => format!("the column `{column}` holds {}, but this is {}", ty.a(), node.kind()),
        };
        let help = match ty {
            ColumnType::Integer | ColumnType::Decimal => "write a number without quotes",
            ColumnType::Text if ordered => "use `is` or `neq`",
            ColumnType::Text => "write text in quotes",
            ColumnType::Flag => "write `is = true` or `is = false`",
        };
        self.report(Diagnostic::new(Code::LookupTest, message).at(node.span).help(help));
    }
}

/// A number as written in a rule.
fn number(node: &Node) -> Option<Decimal> {
    match &node.tree {
        Tree::Integer(number) => Decimal::whole(*number),
        Tree::Decimal(text) => Decimal::parse(text),
        _ => None,
    }
}
