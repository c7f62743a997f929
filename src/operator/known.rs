//! `known` and `blank`: questions about the state of a cell. `known` has two answers; `blank` stays unknown where the
//! source never carried the field, for then its being empty says nothing.

use super::{Here, Mask, Operator, Truth};
use crate::record::{State, Value};
use crate::table::Column;

/// Whether there is a usable value.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) wanted: bool,
}

impl Operator for Known {
    fn holds(&self, _value: Value<&str>, _here: &Here<'_>) -> Truth {
        Truth::of(self.wanted)
    }

    fn holds_missing(&self, _state: State) -> Truth {
        Truth::of(!self.wanted)
    }

    fn mask(&self, _column: &Column<'_>, into: &mut Mask) -> bool {
        *into = Mask::all(into.len(), Truth::of(self.wanted));
        true
    }

    fn describe(&self) -> String {
        if self.wanted { "has a value".to_owned() } else { "has no value".to_owned() }
    }
}

/// Whether the source carries the field and it is empty.
#[derive(Debug)]
pub(super) struct Blank {
    pub(super) wanted: bool,
}

impl Operator for Blank {
    fn holds(&self, _value: Value<&str>, _here: &Here<'_>) -> Truth {
        Truth::of(!self.wanted)
    }

    fn holds_missing(&self, state: State) -> Truth {
        match state {
            State::NotCarried => Truth::Unknown,
            State::Blank => Truth::of(self.wanted),
            State::Value | State::Withheld | State::Invalid => Truth::of(!self.wanted),
        }
    }

    fn mask(&self, _column: &Column<'_>, into: &mut Mask) -> bool {
        *into = Mask::all(into.len(), Truth::of(!self.wanted));
        true
    }

    fn describe(&self) -> String {
        if self.wanted { "is left empty".to_owned() } else { "is not left empty".to_owned() }
    }
}
