//! `known` and `blank`: questions about the state of a cell. `known` has two answers; `blank` stays unknown where the
//! source never carried the field, for then its being empty says nothing.

use std::sync::Arc;

use super::draft::{Built, Draft};
use super::{Here, Mask, Operator, Truth};
use crate::diag::Tree;
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

    fn asks_about_state(&self) -> bool {
        true
    }

    fn mask(&self, _column: &Column<'_>, into: &mut Mask) -> bool {
        *into = Mask::all(into.len(), Truth::of(self.wanted));
        true
    }

    fn turns(&self) -> Option<Vec<Value>> {
        Some(vec![])
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

    fn asks_about_state(&self) -> bool {
        true
    }

    fn mask(&self, _column: &Column<'_>, into: &mut Mask) -> bool {
        *into = Mask::all(into.len(), Truth::of(!self.wanted));
        true
    }

    fn turns(&self) -> Option<Vec<Value>> {
        Some(vec![])
    }

    fn describe(&self) -> String {
        if self.wanted { "is left empty".to_owned() } else { "is not left empty".to_owned() }
    }
}

impl Draft<'_> {
    pub(super) fn known(&mut self) -> Built {
        let wanted = self.own_flag()?;
        Some(Arc::new(Known { wanted }))
    }

    pub(super) fn blank(&mut self) -> Built {
        let wanted = self.own_flag()?;
        Some(Arc::new(Blank { wanted }))
    }

    fn own_flag(&mut self) -> Option<bool> {
        if let Tree::Flag(flag) = self.value.tree {
            return Some(flag);
        }
        let message = format!("`{}` takes true or false", self.key.text);
        self.wrong_type(self.value.span, message, "write `true` or `false`, without quotes");
        None
    }
}
