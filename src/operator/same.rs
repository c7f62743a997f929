//! `field`: equality with another field. Where the other field is a list, equality with any of its cells.

use super::equals::same;
use super::{Here, Operator, Truth};
use crate::record::{Field, Value};

/// Equality with another field.
#[derive(Debug)]
pub(super) struct Same {
    pub(super) other: Field,
    pub(super) wanted: bool,
}

impl Operator for Same {
    fn holds(&self, value: Value<&str>, here: &Here<'_>) -> Truth {
        let truth = here.any_other(self.other, |other| same(value, other));
        if self.wanted { truth } else { !truth }
    }

    fn reads(&self) -> Vec<Field> {
        vec![self.other]
    }

    fn describe(&self) -> String {
        let verb = if self.wanted { "is the same as" } else { "is not the same as" };
        format!("{verb} `{}`", self.other.path())
    }
}
