//! What one cell of a record holds: a value, or the reason why there is none.

use super::country::Country;
use super::date::PartialDate;

/// One usable value. `S` is the text type: owned in a [`super::Record`], borrowed in table views and operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Value<S = String> {
    /// Free text.
    Text(S),
    /// A word of the field's vocabulary, by its position there.
    Term(u8),
    /// A country or international tribunal.
    Country(Country),
    /// A day, or the interval of days a partial date stands for.
    Date(PartialDate),
    /// Yes or no.
    Flag(bool),
    /// A whole number.
    Number(i64),
    /// One object of a list of objects; its content is in the fields below the list.
    Object,
}

impl Value<String> {
    /// The same value with borrowed text.
    #[must_use]
    pub fn borrowed(&self) -> Value<&str> {
        match self {
            Self::Text(text) => Value::Text(text),
            Self::Term(term) => Value::Term(*term),
            Self::Country(country) => Value::Country(*country),
            Self::Date(date) => Value::Date(*date),
            Self::Flag(flag) => Value::Flag(*flag),
            Self::Number(number) => Value::Number(*number),
            Self::Object => Value::Object,
        }
    }
}

impl Value<&str> {
    /// The same value with text of its own.
    #[must_use]
    pub fn owned(&self) -> Value {
        match *self {
            Self::Text(text) => Value::Text(text.to_owned()),
            Self::Term(term) => Value::Term(term),
            Self::Country(country) => Value::Country(country),
            Self::Date(date) => Value::Date(date),
            Self::Flag(flag) => Value::Flag(flag),
            Self::Number(number) => Value::Number(number),
            Self::Object => Value::Object,
        }
    }
}

/// The five states a cell can be in. Only [`State::Value`] takes part in ordinary predicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum State {
    /// A usable value.
    Value = 0,
    /// The source carries the field and it is empty here.
    Blank = 1,
    /// Redacted by the source.
    Withheld = 2,
    /// Present but unreadable; the raw text is kept.
    Invalid = 3,
    /// The source has no such field.
    NotCarried = 4,
}

impl State {
    /// Every state, in the order of its number.
    pub const ALL: [Self; 5] = [Self::Value, Self::Blank, Self::Withheld, Self::Invalid, Self::NotCarried];

    /// The state with this number; what is out of range was never carried.
    #[must_use]
    pub fn from_number(number: u8) -> Self {
        Self::ALL.get(usize::from(number)).copied().unwrap_or(Self::NotCarried)
    }

    /// The name used in rules, output and documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Value => "value",
            Self::Blank => "blank",
            Self::Withheld => "withheld",
            Self::Invalid => "invalid",
            Self::NotCarried => "not_carried",
        }
    }
}

/// Why a cell has no value.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Missing {
    /// The source carries the field and it is empty here.
    Blank,
    /// Redacted by the source.
    Withheld,
    /// Present but unreadable: the raw text.
    Invalid(String),
    /// The source has no such field.
    NotCarried,
}

impl Missing {
    /// The state this is.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::Blank => State::Blank,
            Self::Withheld => State::Withheld,
            Self::Invalid(_) => State::Invalid,
            Self::NotCarried => State::NotCarried,
        }
    }
}

/// One cell as stored in a record: a value, or why there is none.
pub type Cell = Result<Value, Missing>;

/// One cell as seen by operators: a borrowed value, or the state it is in instead.
pub type CellRef<'a> = Result<Value<&'a str>, State>;

/// All that a record says in one field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Leaf {
    /// A field with one cell.
    One(Cell),
    /// A list with at least one cell, or why there is no list. An empty list is blank.
    Many(Result<Vec<Cell>, Missing>),
}

impl Leaf {
    /// The state of the field as a whole: a list with any content is a value.
    #[must_use]
    pub fn state(&self) -> State {
        match self {
            Self::One(Ok(_)) | Self::Many(Ok(_)) => State::Value,
            Self::One(Err(missing)) | Self::Many(Err(missing)) => missing.state(),
        }
    }

    /// The cells, in order; none where the whole list is missing.
    #[must_use = "this only looks"]
    pub fn cells(&self) -> &[Cell] {
        match self {
            Self::One(cell) => std::slice::from_ref(cell),
            Self::Many(Ok(cells)) => cells,
            Self::Many(Err(_)) => &[],
        }
    }
}
