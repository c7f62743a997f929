//! Many records against a rule set: compiled once, read column by column, scored in whole numbers.
//!
//! In goes a [`Plan`] and chunks of records, out comes a [`Scan`]: for each record its verdicts, its score and its outcome,
//! in input order. The result does not depend on how rows are cut into chunks or on the number of threads. It keeps the
//! rows of the records that will be shown and forgets the rest; it explains nothing.

mod assess;
mod company;
mod correlate;
mod coverage;
mod evaluate;
mod generated;
mod groups;
mod join;
mod plan;
mod scan;
mod standing;
mod sweep;

pub(crate) use assess::counts;
pub use assess::{Assessment, FactorScore, Outcome, Verdicts, assess};
pub use company::{Company, fields_across};
pub use coverage::{Reached, Truths, by_records, by_tests};
pub use evaluate::{Beside, ChunkVerdicts, FoundLapse, evaluate, evaluate_beside};
pub use generated::{Generated, generated};
pub use plan::Plan;
pub use scan::{EngineError, Judged, Keep, Kept, Lapsed, Scan, ScanOptions, Scanner, Tally};
pub use standing::Standing;
