//! `lacks`: there is a text, and none of the phrases or patterns occurs in it. It is to `contains` what `neq` is to `is`:
//! inside `match` it says of one element what a `not` in a condition can only say of all of them.

use std::sync::Arc;

use super::draft::{Built, Draft};
use super::pattern::{Pattern, Patterns, describe};
use super::{Here, Operator, Truth};
use crate::record::{Field, Value};
use crate::text::Mode;

/// Looks for what must not be there.
#[derive(Debug)]
pub(super) struct Lacks {
    patterns: Patterns,
}

impl Operator for Lacks {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let Value::Text(text) = value else { return Truth::No };
        let places = here.folded(text, |folded| self.patterns.places(text, folded, here));
        !places.iter().map(|place| place.counts).max().unwrap_or(Truth::No)
    }

    fn reads(&self) -> Vec<Field> {
        self.patterns.reads()
    }

    fn lists(&self) -> Vec<&str> {
        self.patterns.lists()
    }

    fn patterns(&self) -> Vec<&Pattern> {
        self.patterns.iter().collect()
    }

    fn denies(&self) -> bool {
        true
    }

    fn describe(&self) -> String {
        format!("does not contain {}", describe(&self.patterns))
    }
}

impl Draft<'_> {
    pub(super) fn lacks(&mut self) -> Built {
        Some(Arc::new(Lacks { patterns: Patterns::new(self.patterns(self.value, Mode::Substring)?) }))
    }
}
