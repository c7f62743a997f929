//! Rules across records: joins (`related`) and groups (`correlation`), as checked, and their slow reading.
//!
//! In go a record among others, out comes a truth and, where it is yes, the other records with the reasons why they belong
//! to it. Keys are values or the linked person; dates are intervals, and so are counts. What is read here one by one, the
//! engine reads for all records at once; a property test keeps the two equal.

mod circle;
mod correlation;
mod key;
mod read;
mod related;
mod told;
mod window;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use circle::Circle;
pub use correlation::{Correlation, CorrelationKind};
pub use key::{Key, KeyValue, Side, groups, key_values};
pub(super) use read::{AcrossReader, GROUP};
pub use related::{Found, Related};
pub use told::Link;
pub use window::{Event, Span};

use super::{Clause, Expr, Reason};
use crate::operator::{Reading, Truth};
use crate::record::{Field, Row, Value};

/// A question about other records.
#[derive(Debug)]
pub struct Across {
    /// What the rule calls it: the name of the join, or `group`.
    pub name: Arc<str>,
    /// A text that is the same for two only if they ask the same.
    pub id: String,
    /// What it asks.
    pub question: Question,
}

/// What is asked about other records.
#[derive(Debug, Clone)]
pub enum Question {
    /// Whether there are others with the same keys of which something holds.
    Related(Related),
    /// Whether it belongs to a group of records.
    Correlation(Correlation),
}

/// A condition with clauses of its own: they are read on another record, never on the one that is judged.
#[derive(Debug, Clone, Default)]
pub struct Part {
    /// What must hold; nothing where every record will do.
    expr: Option<Expr>,
    /// The same where nothing is assumed: what is open because of the record that is judged stays open.
    open: Option<Expr>,
    clauses: Vec<Clause>,
}

impl Part {
    fn new(expr: Expr, clauses: Vec<Clause>) -> Self {
        Self { open: Some(without_assumptions(&expr)), expr: Some(expr), clauses }
    }

    /// Whether it holds of every record.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.expr.is_none()
    }

    /// The clauses, which [`Expr::Clause`] names by position.
    #[must_use]
    pub fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    /// The condition over them.
    #[must_use]
    pub fn expr(&self) -> Option<&Expr> {
        self.expr.as_ref()
    }

    /// The condition over them where nothing is assumed, to be asked when not all is known.
    #[must_use]
    pub fn open(&self) -> Option<&Expr> {
        self.open.as_ref()
    }

    /// The fields it reads; those of the record that is judged as `this.x`.
    #[must_use]
    pub fn fields(&self) -> BTreeSet<Field> {
        self.clauses.iter().flat_map(Clause::fields).collect()
    }

    /// Whether a clause reads the record that is judged.
    #[must_use]
    pub fn reads_this(clause: &Clause) -> bool {
        clause.fields().into_iter().any(|field| field.on_this_side().is_some())
    }

    /// The fields of which silence counts as no.
    fn assumed(&self) -> BTreeSet<Field> {
        let mut fields = BTreeSet::new();
        let mut clause = |part: &Expr| {
            if let Expr::Clause(at) = part {
                fields.extend(self.clauses.get(*at).map(Clause::fields).unwrap_or_default());
            }
        };
        if let Some(expr) = &self.expr {
            expr.walk(&mut |part| {
                if let Expr::AssumeNo(inner) = part {
                    inner.walk(&mut clause);
                }
            });
        }
        fields
    }

    /// What it is of a record where all is open that asks about the record that is judged.
    fn without_this(&self, other: &dyn Row) -> Truth {
        let reading = Reading::new(other, &[]);
        let clause = |clause: &Clause| if Self::reads_this(clause) { Truth::Unknown } else { clause.holds(&reading) };
        self.open
            .as_ref()
            .map_or(Truth::Yes, |expr| over(expr, &mut |at| self.clauses.get(at).map_or(Truth::Unknown, clause)))
    }

    fn describe(&self) -> String {
        let all: Vec<String> = self.clauses.iter().map(Clause::describe).collect();
        all.join(", ")
    }
}

/// An expression in which unknown counts as unknown everywhere.
fn without_assumptions(expr: &Expr) -> Expr {
    let all = |parts: &[Expr]| parts.iter().map(without_assumptions).collect();
    match expr {
        Expr::AssumeNo(inner) => without_assumptions(inner),
        Expr::Named(name, inner) => Expr::Named(Arc::clone(name), Box::new(without_assumptions(inner))),
        Expr::Not(inner) => Expr::Not(Box::new(without_assumptions(inner))),
        Expr::All(parts) => Expr::All(all(parts)),
        Expr::Any(parts) => Expr::Any(all(parts)),
        Expr::AtLeast(wanted, parts) => Expr::AtLeast(*wanted, all(parts)),
        Expr::Clause(_) | Expr::Rule(_) => expr.clone(),
    }
}

/// The truth of a condition on a row.
fn truth(part: &Part, reading: &Reading<'_>) -> Truth {
    let clause = |at: usize| part.clauses.get(at).map_or(Truth::Unknown, |clause| clause.holds(reading));
    part.expr.as_ref().map_or(Truth::Yes, |expr| over(expr, &mut { clause }))
}

/// The truth of an expression from that of its clauses.
pub(crate) fn over(expr: &Expr, clause: &mut dyn FnMut(usize) -> Truth) -> Truth {
    match expr {
        Expr::Clause(at) => clause(*at),
        // Conditions on other records name no rules.
        Expr::Rule(_) => Truth::Unknown,
        Expr::Named(_, inner) => over(inner, clause),
        Expr::Not(inner) => !over(inner, clause),
        Expr::AssumeNo(inner) => Truth::of(over(inner, clause) == Truth::Yes),
        Expr::All(parts) => Truth::all(parts.iter().map(|part| over(part, clause))),
        Expr::Any(parts) => Truth::any(parts.iter().map(|part| over(part, clause))),
        Expr::AtLeast(wanted, parts) => Truth::at_least(*wanted, parts.iter().map(|part| over(part, clause))),
    }
}

impl Across {
    pub(super) fn new(name: &str, question: Question) -> Arc<Self> {
        Arc::new(Self { name: Arc::from(name), id: format!("{question:?}"), question })
    }

    /// The slow reading. Where the records beside are not looked at, it is unknown.
    #[must_use]
    pub fn holds(&self, reading: &Reading<'_>) -> Truth {
        let Some(others) = reading.others() else { return Truth::Unknown };
        if let Some(known) = others.known(&self.id) {
            return known;
        }
        match &self.question {
            Question::Related(related) => {
                related.find(reading, others, &self.id).map_or(Truth::Unknown, |found| found.counts(&related.count))
            }
            Question::Correlation(group) => group.holds(reading, others, &self.id),
        }
    }

    /// The fields of the record that is judged that it reads itself, beside those by which persons are linked.
    #[must_use]
    pub fn own_fields(&self) -> BTreeSet<Field> {
        match &self.question {
            Question::Related(related) => related.own_fields().collect(),
            Question::Correlation(group) => group.fields().collect(),
        }
    }

    /// Every field that it reads of any record, beside those by which persons are linked.
    #[must_use]
    pub fn fields(&self) -> BTreeSet<Field> {
        match &self.question {
            Question::Related(related) => related.fields().collect(),
            Question::Correlation(group) => group.fields().collect(),
        }
    }

    /// The fields of the record that is judged of which silence counts as no.
    #[must_use]
    pub fn assumed(&self) -> BTreeSet<Field> {
        let fields = self.parts().into_iter().flat_map(Part::assumed);
        match &self.question {
            Question::Related(_) => fields.filter_map(Field::on_this_side).collect(),
            Question::Correlation(_) => fields.collect(),
        }
    }

    fn parts(&self) -> Vec<&Part> {
        match &self.question {
            Question::Related(related) => vec![&related.condition],
            Question::Correlation(group) => group.parts(),
        }
    }

    /// The lists that it asks.
    #[must_use]
    pub fn lists(&self) -> Vec<&str> {
        self.parts().into_iter().flat_map(|part| &part.clauses).flat_map(Clause::lists).collect()
    }

    /// Whether it asks whose record it is.
    #[must_use]
    pub fn asks_for_person(&self) -> bool {
        match &self.question {
            Question::Related(related) => related.on.iter().chain(&related.apart).any(|key| *key == Key::Person),
            Question::Correlation(group) => group.group_by.iter().chain(&group.value).any(|key| *key == Key::Person),
        }
    }

    /// What it asks, in plain words.
    #[must_use]
    pub fn describe(&self) -> String {
        match &self.question {
            Question::Related(related) => related.describe(),
            Question::Correlation(group) => group.describe(),
        }
    }

    /// Why it is unknown: what the record that is judged lacks. Empty where that is not why.
    #[must_use]
    pub fn reasons(&self, reading: &Reading<'_>) -> Vec<Reason> {
        let Some(others) = reading.others() else { return vec![] };
        match &self.question {
            Question::Related(related) => related.reasons(reading, others, &self.id),
            Question::Correlation(group) => group.lacking(reading.row(), others.person(others.judged())),
        }
    }

    /// What is open outside the record that is judged, in plain words.
    #[must_use]
    pub fn silent(&self, reading: &Reading<'_>) -> Vec<String> {
        let Some(others) = reading.others() else {
            return vec!["the records beside this one were not looked at".to_owned()];
        };
        if self.asks_for_person() && others.person(others.judged()).is_none() {
            return vec!["the record says too little to tell whose it is".to_owned()];
        }
        let Question::Related(related) = &self.question else { return vec![] };
        let open = related.find(reading, others, &self.id).unwrap_or_default();
        let id = |at: &usize| match others.record(*at).cell(Field::RECORD_ID, 0) {
            Ok(Value::Text(id)) => format!("record {id} does not say enough"),
            _ => "another record does not say enough".to_owned(),
        };
        let mut said: Vec<String> = open.open.iter().take(MOST_TOLD).map(id).collect();
        if open.more {
            said.push("more records with the same keys were not compared".to_owned());
        }
        said
    }
}

/// So many other records are found at most for one question, once it is known what it says. Where so many are, there may be
/// more.
pub const MOST_FOUND: usize = 200;

/// So many records are named where many are silent.
const MOST_TOLD: usize = 3;
