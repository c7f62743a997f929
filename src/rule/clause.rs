//! Clauses: the smallest questions a rule asks of a record. One clause is one key of a selection.

use std::fmt::Debug;
use std::sync::Arc;

use super::{Across, Link};
use crate::operator::{Bounds, Found, Here, Operator, Reading, Truth, holds, why_unknown};
use crate::record::{Field, State, Value};

/// How many cells of a list must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// At least one.
    Any,
    /// Every one.
    All,
    /// Not one.
    None,
}

/// A question about the cells of a field, or about its length.
#[derive(Debug, Clone)]
pub enum Clause {
    /// Cells for which all tests hold. A test is of the field itself or, for a list of objects, of a field of its objects.
    Cells {
        /// The field whose cells are counted through.
        over: Field,
        /// How many must hold.
        quantifier: Quantifier,
        /// What must hold of one cell.
        tests: Vec<(Field, Arc<dyn Operator>)>,
    },
    /// The length of a list.
    Count {
        /// The list.
        over: Field,
        /// What its length must be.
        bounds: Bounds,
    },
    /// Other records.
    Across(Arc<Across>),
}

/// A field that kept a clause from being decided, and the state it is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reason {
    /// The field.
    pub field: Field,
    /// Its state; `value` where it is there but not precise enough.
    pub state: State,
}

/// A place in a record that made a clause hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The field.
    pub field: Field,
    /// The position of the cell.
    pub position: usize,
    /// The place in its text, for operators over text.
    pub found: Option<Found>,
}

impl Clause {
    /// The slow reading.
    #[must_use]
    pub fn holds(&self, reading: &Reading<'_>) -> Truth {
        let row = reading.row();
        match self {
            Self::Across(across) => across.holds(reading),
            Self::Count { over, bounds } => match (row.state(*over), row.len(*over)) {
                (State::Value, len) => {
                    let len = i64::try_from(len).unwrap_or(i64::MAX);
                    bounds.hold(len, len)
                }
                _ => Truth::Unknown,
            },
            Self::Cells { over, quantifier, tests } => {
                let cells = (0..row.len(*over)).map(|position| cell(tests, reading, position));
                let missing = || tests.iter().map(|(_, test)| test.holds_missing(row.state(*over))).min();
                match quantifier {
                    Quantifier::All => cells.min().or_else(missing).unwrap_or(Truth::Unknown),
                    Quantifier::Any => cells.max().or_else(missing).unwrap_or(Truth::Unknown),
                    Quantifier::None => !cells.max().or_else(missing).unwrap_or(Truth::Unknown),
                }
            }
        }
    }

    /// Why the clause is unknown. Empty where it is not.
    #[must_use]
    pub fn reasons(&self, reading: &Reading<'_>) -> Vec<Reason> {
        let row = reading.row();
        let mut reasons = vec![];
        match self {
            Self::Across(across) if self.holds(reading) == Truth::Unknown => reasons = across.reasons(reading),
            Self::Across(_) => {}
            Self::Count { over, .. } => {
                if row.state(*over) != State::Value {
                    reasons.push(Reason { field: *over, state: row.state(*over) });
                }
            }
            Self::Cells { over, tests, .. } if self.holds(reading) == Truth::Unknown => {
                let over = *over;
                // Of a list that is missing as a whole, the list is what is missing, not each field of its objects.
                if row.len(over) == 0 {
                    reasons.push(Reason { field: over, state: row.state(over) });
                }
                for position in 0..row.len(over) {
                    if cell(tests, reading, position) != Truth::Unknown {
                        continue;
                    }
                    for (field, test) in tests {
                        let here = Here { reading, field: *field, position };
                        if holds(test.as_ref(), &here) == Truth::Unknown {
                            let why = why_unknown(test.as_ref(), &here);
                            reasons.extend(why.into_iter().map(|(field, state)| Reason { field, state }));
                        }
                    }
                }
            }
            Self::Cells { .. } => {}
        }
        reasons.sort_unstable();
        reasons.dedup();
        reasons
    }

    /// What is missing outside the record where the clause is unknown: tables that say nothing of its values, in plain words.
    #[must_use]
    pub fn silent(&self, reading: &Reading<'_>) -> Vec<String> {
        let mut silent = vec![];
        if let Self::Across(across) = self
            && self.holds(reading) == Truth::Unknown
            && self.reasons(reading).is_empty()
        {
            silent = across.silent(reading);
        }
        if let Self::Cells { over, tests, .. } = self
            && self.holds(reading) == Truth::Unknown
        {
            for position in (0..reading.row().len(*over)).filter(|at| cell(tests, reading, *at) == Truth::Unknown) {
                for (field, test) in tests {
                    let here = Here { reading, field: *field, position };
                    let value = reading.row().cell(*field, position);
                    silent.extend(value.ok().and_then(|value| test.silent(value, &here)));
                }
            }
        }
        silent.dedup();
        silent
    }

    /// The lists and tables it asks, by name.
    #[must_use]
    pub fn lists(&self) -> Vec<&str> {
        match self {
            Self::Cells { tests, .. } => tests.iter().flat_map(|(_, test)| test.lists()).collect(),
            Self::Across(across) => across.lists(),
            Self::Count { .. } => vec![],
        }
    }

    /// The other records it rests on.
    #[must_use]
    pub fn links(&self, reading: &Reading<'_>) -> Vec<Link> {
        match self {
            Self::Across(across) => across.links(reading),
            _ => vec![],
        }
    }

    /// Where in the record it holds. For texts, every place; for other fields the cells that hold.
    #[must_use]
    pub fn places(&self, reading: &Reading<'_>) -> Vec<Place> {
        let row = reading.row();
        let mut places = vec![];
        if let Self::Cells { over, tests, .. } = self {
            for position in 0..row.len(*over) {
                if cell(tests, reading, position) != Truth::Yes {
                    continue;
                }
                for (field, test) in tests {
                    let here = Here { reading, field: *field, position };
                    let Ok(value) = row.cell(*field, position) else { continue };
                    let found = test.evidence(value, &here);
                    if found.is_empty() && value != Value::Object {
                        places.push(Place { field: *field, position, found: None });
                    }
                    places.extend(found.into_iter().map(|found| Place { field: *field, position, found: Some(found) }));
                }
            }
        }
        places
    }

    /// Why matches in its texts count or do not, where it reads sentences; each once.
    #[must_use]
    pub fn remarks(&self, reading: &Reading<'_>) -> Vec<String> {
        let mut remarks = vec![];
        if let Self::Cells { over, tests, .. } = self {
            for position in 0..reading.row().len(*over) {
                for (field, test) in tests {
                    let Ok(value) = reading.row().cell(*field, position) else { continue };
                    let more = test.remarks(value, &Here { reading, field: *field, position });
                    remarks.extend(more.into_iter().filter(|remark| !remarks.contains(remark)).collect::<Vec<_>>());
                }
            }
        }
        remarks
    }

    /// The field whose cells it counts through; none where it is about other records.
    #[must_use]
    pub fn over(&self) -> Option<Field> {
        match self {
            Self::Cells { over, .. } | Self::Count { over, .. } => Some(*over),
            Self::Across(_) => None,
        }
    }

    /// Every field it reads.
    #[must_use]
    pub fn fields(&self) -> Vec<Field> {
        let mut fields: Vec<Field> = self.over().into_iter().collect();
        if let Self::Across(across) = self {
            fields.extend(across.own_fields());
        }
        if let Self::Cells { tests, .. } = self {
            fields.extend(tests.iter().flat_map(|(field, test)| std::iter::once(*field).chain(test.reads())));
        }
        fields.sort_unstable();
        fields.dedup();
        fields
    }

    /// Whether a missing value can leave it open: it asks about a value, and not only whether there is one.
    #[must_use]
    pub fn can_be_unknown(&self) -> bool {
        match self {
            Self::Count { .. } | Self::Across(_) => true,
            Self::Cells { tests, .. } => tests.iter().any(|(_, test)| !test.asks_about_state()),
        }
    }

    /// The question in plain words.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Across(across) => across.describe(),
            Self::Count { over, bounds } => format!("`{}` has a length {}", over.path(), bounds.describe()),
            Self::Cells { over, quantifier, tests } => {
                let one: Vec<String> =
                    tests.iter().map(|(field, test)| format!("`{}` {}", field.path(), test.describe())).collect();
                let what = one.join(" and ");
                match (over.is_many(), quantifier) {
                    (false, _) => what,
                    (true, Quantifier::Any) if tests.len() == 1 => format!("some {what}"),
                    (true, Quantifier::Any) => format!("one of `{}` where {what}", over.path()),
                    (true, Quantifier::All) => format!("every {what}"),
                    (true, Quantifier::None) => format!("no {what}"),
                }
            }
        }
    }
}

fn cell(tests: &[(Field, Arc<dyn Operator>)], reading: &Reading<'_>, position: usize) -> Truth {
    let one =
        |(field, test): &(Field, Arc<dyn Operator>)| holds(test.as_ref(), &Here { reading, field: *field, position });
    tests.iter().map(one).min().unwrap_or(Truth::Unknown)
}
