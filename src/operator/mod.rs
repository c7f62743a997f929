//! The operators of the rule language, one file each. An operator has one meaning and two readings: [`Operator::holds`]
//! reads one cell, in plain Rust, and says why; [`Operator::mask`] reads a whole column. A property test keeps them equal.
//! What an operator accepts is checked when it is built; after that it cannot fail.

mod compare;
mod contains;
mod draft;
mod equals;
mod fuzzy;
mod known;
mod lacks;
mod list;
mod lookup;
mod narrowed;
mod near;
mod others;
mod part;
mod pattern;
mod re;
mod same;
mod show;
mod similar;
mod table;
mod truth;
mod when;
mod words;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::ops::Range;
use std::sync::Arc;

pub use compare::Bounds;
pub(crate) use compare::{bounds, leaves_nothing, never_true};
pub use draft::{Draft, OPTIONS, This, build, operator_keys};
pub(crate) use draft::{a, fitting_operators, takes_option, unknown_field};
pub(crate) use lookup::TESTS as TABLE_TESTS;
use narrowed::Lens;
pub(crate) use narrowed::Narrowing;
pub use others::Others;
pub use pattern::{Pattern, PatternSource};
pub(crate) use show::{Phrases, phrase_of};
pub use show::{as_entered, show};
pub use truth::{Mask, Truth};

use crate::record::{CellRef, Field, Row, State, Value};
use crate::table::{Column, Columns};
use crate::text::{Folded, Phrase, Prose};

/// How the names of context tables begin.
const TABLES: &str = "context/";

/// A test of one cell.
pub trait Operator: Debug + Send + Sync {
    /// The slow reading: does it hold for this value?
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth;

    /// What it says of a cell without a value. Unknown, but for operators that ask about the state itself.
    fn holds_missing(&self, _state: State) -> Truth {
        Truth::Unknown
    }

    /// Whether it asks about the state of a cell and not about its value. Only such an operator answers where there is none.
    fn asks_about_state(&self) -> bool {
        false
    }

    /// The fast reading: sets the truth of every cell of a column that has a value and returns true; or returns false
    /// where it has no reading of its own that is faster than cell by cell.
    fn mask(&self, _column: &Column<'_>, _into: &mut Mask) -> bool {
        false
    }

    /// For operators over text: groups of phrases. In every text for which the operator holds or is unknown, at least one
    /// phrase of each group occurs, folded. `None` where there is no such promise.
    fn phrases(&self) -> Option<Vec<Vec<&Phrase>>> {
        None
    }

    /// Whether a phrase of each of the [`Operator::phrases`] occurring is all it takes to hold.
    fn is_settled_by_phrase(&self) -> bool {
        false
    }

    /// Other fields it reads. Where it is unknown for a cell with a value, one of these is why, or the value is imprecise.
    fn reads(&self) -> Vec<Field> {
        vec![]
    }

    /// Those of the other fields that its answer for this value can turn on, where it is unknown.
    fn waits_for(&self, _value: Value<&str>, _here: &Here<'_>) -> Vec<Field> {
        self.reads()
    }

    /// The lists and tables it asks, by name.
    fn lists(&self) -> Vec<&str> {
        vec![]
    }

    /// What is missing outside the record where it is unknown for a value: a table that says nothing of it. No value of the
    /// record could change that.
    fn silent(&self, _value: Value<&str>, _here: &Here<'_>) -> Option<String> {
        None
    }

    /// The values at which its answer can turn: between two neighbours of them it says the same of every value. `None` where
    /// it looks at more than the value's place among them, such as at the wording of a text or at another field.
    fn turns(&self) -> Option<Vec<Value>> {
        None
    }

    /// Whether it holds of what is not so: a value that differs.
    fn denies(&self) -> bool {
        false
    }

    /// What it looks for in a text, for operators over text: in the order of the rule.
    fn patterns(&self) -> Vec<&Pattern> {
        vec![]
    }

    /// What in a text made it hold, for operators over text; what a table says, for those that ask one.
    fn evidence(&self, _value: Value<&str>, _here: &Here<'_>) -> Vec<Found> {
        vec![]
    }

    /// Why matches in a text count or do not, in plain words, for operators that read sentences.
    fn remarks(&self, _value: Value<&str>, _here: &Here<'_>) -> Vec<String> {
        vec![]
    }

    /// What it asks, in plain words that follow the field's name: `is before 2022-01-28`.
    fn describe(&self) -> String;
}

/// A place in a text that made an operator hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// Where it begins, in bytes of the original text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The entry that matched, as written in the rule or list.
    pub entry: String,
    /// The list the entry is from.
    pub list: Option<Arc<str>>,
    /// The language of the entry.
    pub language: Option<Arc<str>>,
}

impl Found {
    /// Whether it is a row of a table and not a place in a text.
    #[must_use]
    pub fn is_row(&self) -> bool {
        self.list.as_deref().is_some_and(|list| list.starts_with(TABLES))
    }

    /// The bytes of the original text.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// One row being read, with its texts folded at most once.
pub struct Reading<'a> {
    row: &'a dyn Row,
    texts: BTreeMap<(Field, usize), OnceCell<Prose>>,
    /// The one text that is being read, where it is folded already.
    given: Option<&'a Prose>,
    /// What of that text counts; all of it where there is none.
    lens: Option<Lens<'a>>,
    /// The records beside it; none where they are not looked at.
    others: Option<Arc<dyn Others>>,
}

impl Debug for Reading<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reading").finish_non_exhaustive()
    }
}

impl<'a> Reading<'a> {
    /// Reads a row. The texts of `texts` are folded once, however many operators look at them.
    pub fn new(row: &'a dyn Row, texts: &[Field]) -> Self {
        let mut cells = BTreeMap::new();
        for field in texts {
            for position in 0..row.len(*field) {
                cells.insert((*field, position), OnceCell::new());
            }
        }
        Self { row, texts: cells, given: None, lens: None, others: None }
    }

    /// Reads one text of a row, which is folded already.
    fn of_text(row: &'a dyn Row, given: &'a Prose) -> Self {
        Self { row, texts: BTreeMap::new(), given: Some(given), lens: None, others: None }
    }

    /// The row itself.
    #[must_use]
    pub fn row(&self) -> &'a dyn Row {
        self.row
    }

    /// The same row among others.
    #[must_use]
    pub fn among(self, others: Option<Arc<dyn Others>>) -> Self {
        Self { others, ..self }
    }

    /// The records beside it; none where they are not looked at.
    #[must_use]
    pub fn others(&self) -> Option<&dyn Others> {
        self.others.as_deref()
    }
}

/// One cell of a row being read.
#[derive(Debug, Clone, Copy)]
pub struct Here<'a> {
    /// The row.
    pub reading: &'a Reading<'a>,
    /// The field of the cell.
    pub field: Field,
    /// The position of the cell in the field.
    pub position: usize,
}

impl<'a> Here<'a> {
    /// The text of this cell, folded.
    pub fn folded<T>(&self, text: &str, use_it: impl FnOnce(&Folded) -> T) -> T {
        self.prose(text, |prose| use_it(prose.folded()))
    }

    /// The text of this cell, made ready to be read.
    fn prose<T>(&self, text: &str, use_it: impl FnOnce(&Prose) -> T) -> T {
        match (self.reading.given, self.reading.texts.get(&(self.field, self.position))) {
            (Some(prose), _) => use_it(prose),
            (None, Some(cell)) => use_it(cell.get_or_init(|| Prose::new(text))),
            (None, None) => use_it(&Prose::new(text)),
        }
    }

    /// Whether a match at these bytes of the text counts.
    fn counts(&self, span: &Range<usize>) -> Truth {
        self.reading.lens.map_or(Truth::Yes, |lens| lens.counts(span))
    }

    /// The cells of another field that this cell is compared with: the same object's cell where both are of one list of
    /// objects, else all cells of the field.
    #[must_use]
    pub fn others(&self, field: Field) -> Vec<CellRef<'a>> {
        let row = self.reading.row;
        if field.is_many() && field.list().is_some() && field.list() == self.field.list() {
            return vec![row.cell(field, self.position)];
        }
        match row.len(field) {
            0 => vec![Err(row.state(field))],
            len => (0..len).map(|position| row.cell(field, position)).collect(),
        }
    }

    /// Holds for at least one cell of the other field.
    pub fn any_other(&self, field: Field, mut holds: impl FnMut(Value<&'a str>) -> Truth) -> Truth {
        self.others(field)
            .into_iter()
            .map(|cell| cell.map_or(Truth::Unknown, &mut holds))
            .max()
            .unwrap_or(Truth::Unknown)
    }
}

/// The slow reading of an operator on one cell, with or without a value.
#[must_use]
pub fn holds(operator: &dyn Operator, here: &Here<'_>) -> Truth {
    match here.reading.row.cell(here.field, here.position) {
        Ok(value) => operator.holds(value, here),
        Err(state) => operator.holds_missing(state),
    }
}

/// Why an operator is unknown on a cell: the fields without a usable value, with their states. A field in the state
/// `value` is there but too imprecise to tell. Empty where it is not the record that is silent, but a table.
#[must_use]
pub fn why_unknown(operator: &dyn Operator, here: &Here<'_>) -> Vec<(Field, State)> {
    let cell = here.reading.row.cell(here.field, here.position);
    let value = match cell {
        Err(state) => return vec![(here.field, state)],
        Ok(value) if operator.silent(value, here).is_some() => return vec![],
        Ok(value) => value,
    };
    let waits_for = operator.waits_for(value, here);
    let states = |field: &Field| here.others(*field).into_iter().filter_map(Result::err);
    let missing: Vec<(Field, State)> =
        waits_for.iter().flat_map(|field| states(field).map(|state| (*field, state))).collect();
    if !missing.is_empty() {
        return missing;
    }
    let imprecise = |cell: &CellRef<'_>| matches!(cell, Ok(Value::Date(date)) if !date.is_day());
    let own = imprecise(&cell).then_some(here.field);
    let others = waits_for.into_iter().filter(|field| here.others(*field).iter().any(imprecise));
    let why: Vec<(Field, State)> = own.into_iter().chain(others).map(|field| (field, State::Value)).collect();
    if why.is_empty() { vec![(here.field, State::Value)] } else { why }
}

/// Whether one of the reasons is a value the source could have given.
#[must_use]
pub fn is_open(reasons: &[(Field, State)]) -> bool {
    reasons.iter().any(|(_, state)| *state != State::NotCarried)
}

/// The fast reading of an operator on every cell of a column, in a chunk of rows. `texts` are the distinct texts of a text
/// column with, for each, whether one of the operator's phrases occurs; `None` for other columns.
#[must_use]
pub fn mask(operator: &dyn Operator, field: Field, columns: &Columns<'_>, texts: Option<&Distinct<'_>>) -> Mask {
    let Some(column) = columns.get(field) else { return Mask::all(0, Truth::Unknown) };
    let mut into = Mask::all(column.cell_count(), Truth::Unknown);
    let whole = operator.mask(column, &mut into);
    let by_text = texts.filter(|_| !whole).map(|texts| texts.truths(operator, field));
    for row in 0..columns.rows() {
        for (position, at) in column.cells(row).enumerate() {
            match column.cell(at) {
                Err(state) => into.set(at, operator.holds_missing(state), state != State::NotCarried),
                Ok(value) => {
                    let known = match (&by_text, texts) {
                        (Some(truths), Some(texts)) => truths[texts.of_cell[at] as usize],
                        _ => whole.then(|| into.get(at)),
                    };
                    if known.is_some_and(|truth| truth != Truth::Unknown) {
                        into.set(at, known.unwrap_or(Truth::Unknown), false);
                        continue;
                    }
                    let view = columns.row(row);
                    let reading = match texts {
                        Some(texts) => texts.reading(&view, texts.of_cell[at] as usize),
                        None => Reading::new(&view, &[]),
                    };
                    let here = Here { reading: &reading, field, position };
                    let truth = known.unwrap_or_else(|| operator.holds(value, &here));
                    let open = truth == Truth::Unknown && is_open(&why_unknown(operator, &here));
                    into.set(at, truth, open);
                }
            }
        }
    }
    into
}

/// The distinct texts of a text column, and where the phrases of one operator may be found.
#[derive(Debug)]
pub struct Distinct<'a> {
    /// For each cell, the position of its text in `texts`.
    pub of_cell: &'a [u32],
    /// Each text once.
    pub texts: &'a [&'a str],
    /// Each text folded, where some rule looks for phrases in this column.
    pub prose: &'a [Prose],
    /// For each text, whether one of the operator's phrases occurs; `None` where the operator has no phrases.
    pub hit: Option<&'a [bool]>,
}

impl Distinct<'_> {
    /// A row with one of the texts.
    fn reading<'r>(&'r self, row: &'r dyn Row, text: usize) -> Reading<'r> {
        self.prose.get(text).map_or_else(|| Reading::new(row, &[]), |prose| Reading::of_text(row, prose))
    }

    /// The truth for each distinct text, `None` where it takes the row to tell.
    fn truths(&self, operator: &dyn Operator, field: Field) -> Vec<Option<Truth>> {
        struct NoRow;
        impl Row for NoRow {
            fn state(&self, _: Field) -> State {
                State::NotCarried
            }
            fn len(&self, _: Field) -> usize {
                0
            }
            fn cell(&self, _: Field, _: usize) -> CellRef<'_> {
                Err(State::NotCarried)
            }
            fn raw(&self, _: Field, _: usize) -> Option<&str> {
                None
            }
        }
        let alone = operator.reads().is_empty();
        let decide = |(at, text): (usize, &&str)| match self.hit.map(|hit| hit[at]) {
            Some(false) => Some(Truth::No),
            Some(true) if operator.is_settled_by_phrase() => Some(Truth::Yes),
            _ if alone => {
                let reading = self.reading(&NoRow, at);
                Some(operator.holds(Value::Text(text), &Here { reading: &reading, field, position: 0 }))
            }
            _ => None,
        };
        self.texts.iter().enumerate().map(decide).collect()
    }
}
