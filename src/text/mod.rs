//! Text as the rules see it: folded, cut into words, searched for thousands of phrases at once.
//!
//! In goes the text of one value, out come byte ranges: into the folded text, and through [`Folded::original`] back
//! into what the requester wrote. The invariant of the module is that folding is idempotent and that every range it
//! hands out lies on character boundaries, whatever the bytes say. It knows no rule and no word of any
//! language, only the lists it is handed; it never guesses the language of a text.
//!
//! ```text
//! value ── fold ──▶ folded text ── Matcher::hits ──▶ (phrase, range) ── Folded::original ──▶ range to quote
//! ```

pub mod display;
mod duplicates;
pub mod fold;
mod folding;
mod grammar;
mod header;
mod homoglyph;
mod invisible;
mod lanes;
mod letters;
mod lexicon;
pub mod matcher;
mod name_profile;
mod names;
pub mod near;
pub mod phrase;
mod prose;
mod reach;
mod sentence;
mod similar;
mod subject;
pub mod words;

pub use display::{MOST_MARKS, visible};
pub use duplicates::NearDuplicates;
pub use fold::{Folded, fold};
pub use grammar::{CueKind, Grammar};
pub use header::ListHeader;
pub(crate) use header::WrittenHeader;
pub use homoglyph::{Script, script};
pub use invisible::{is_invisible, trimmed};
pub use lexicon::{LEXICON_COLUMNS, Lexicon, LexiconEntry, Lexicons, parse_lexicon};
pub use matcher::Matcher;
pub use name_profile::NameProfiles;
pub use names::{NameParts, NameProfile};
pub use near::near;
pub use phrase::{Mode, Phrase};
pub use prose::{Passages, Prose, Sentence};
pub use reach::Reach;
pub use similar::Shingles;
pub use subject::{About, Subject};
pub use words::{count, is_dense};

/// Bytes in hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
