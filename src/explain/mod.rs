//! Why a record came out as it did: findings with the places they rest on, what speaks against them, what is unknown, what
//! would change the outcome, and what to ask.
//!
//! Everything here comes from the slow reading of the rules, so *why* cannot disagree with *whether*. The words follow one
//! rule: a finding says which criterion is in doubt and which information is missing. It never says that a person is
//! innocent or a charge false, and never gives a country as a reason.

mod ask;
mod case;
mod change;
mod evidence;
mod finding;
mod linked;
mod phrases;
mod timeline;
mod trace;

pub use ask::Question;
pub use case::{Case, FactorCase, GateCase, Locator, UnknownRule, case};
pub use change::{Change, changes};
pub use evidence::Evidence;
pub use finding::{Finding, Review};
pub use linked::Linked;
pub use timeline::{Moment, Timeline};
pub use trace::{Step, state_in_words, trace};
