//! Cases and runs to bytes: one file per format.
//!
//! In goes a [`Case`], out come lines for a program ([`JsonLines`], [`Csv`], [`Parquet`]) or for a person ([`Cards`],
//! [`full`], [`Xlsx`]).
//! What a program reads is fixed by [`wire`] and [`flat`] and apart from the types of the engine, so these can change. What a
//! person reads shows every hidden character of foreign text as its code. A writer knows neither files nor terminals: it
//! writes where it is told, in the order it is given the cases, and equal cases give equal bytes.
//!
//! Records themselves are written by [`CanonicalParquet`], to be read again as they are.
//!
//! No output says that a person is innocent, a charge false or a state an abuser. A flag is a reason to look.

mod bits;
mod canonical;
mod cards;
mod columns;
pub mod contents;
mod csv;
pub mod flat;
mod formula;
pub mod full;
mod jsonl;
mod page;
mod page_text;
mod paint;
mod parquet;
pub mod persons;
mod rule_card;
mod rule_diff;
pub mod run;
pub mod summary;
pub mod table;
pub mod trace;
pub mod wire;
mod words;
mod xlsx;

use std::io;

pub use bits::Bits;
pub use canonical::CanonicalParquet;
pub use cards::{Cards, Part, View, card};
pub use columns::write_columns;
pub use csv::{Csv, safe};
pub use jsonl::{JsonLines, write_line};
pub use page::{Block, Markup, Page, Piece, Words};
pub use paint::{Line, Paint, Tone};
pub use parquet::Parquet;
pub use rule_card::{Corpus, RuleCards, asked, signed_bits, standing};
pub use rule_diff::rule_diff;
pub use words::{NOTE, count, grounds_in_words, outcome_in_words, plain};
pub use xlsx::Xlsx;

use crate::explain::Case;

/// Writes cases, one after the other, in one format.
pub trait CaseWriter {
    /// Writes what stands before the first case.
    ///
    /// # Errors
    /// Where the bytes cannot be written.
    fn begin(&mut self) -> io::Result<()>;

    /// Writes a case.
    ///
    /// # Errors
    /// Where the bytes cannot be written.
    fn case(&mut self, case: &Case) -> io::Result<()>;

    /// Writes what stands after the last case, and all that was held back.
    ///
    /// # Errors
    /// Where the bytes cannot be written.
    fn finish(&mut self) -> io::Result<()>;
}
