//! The records beside the one that is read, for clauses that compare records. What a join is, is known further up; here
//! stands what it asks of whoever holds the records.

use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

use super::Truth;
use crate::record::Record;

/// The records of an input, seen from one of them.
pub trait Others: Debug + Send + Sync {
    /// The position of the record that is read.
    fn judged(&self) -> usize;
    /// The linked person that a record is about; none where it says too little to tell.
    fn person(&self, at: usize) -> Option<u32>;
    /// The records that are read as one person with a record, itself among them, in the order of their ids; itself alone
    /// where it says too little to tell.
    fn same_person(&self, at: usize) -> Cow<'_, [usize]>;
    /// A record, with the fields that rules across records and a timeline name at least.
    fn record(&self, at: usize) -> Arc<Record>;
    /// The records that a clause may have to look at, in the order of their ids: all that have its keys in common with the
    /// record that is read, itself among them or not, and any others besides. Where it is known what the clause says, those
    /// that lie too far off in time to be told of may be left out. The clause is named by its identity.
    fn candidates(&self, clause: &str) -> Box<dyn Iterator<Item = usize> + '_>;
    /// What is known already of a clause, named by its identity; none where it is still to be read. What is known is what
    /// reading it would say.
    fn known(&self, clause: &str) -> Option<Truth>;
    /// Why two records are read as about one person, part by part in plain words; empty where they are not.
    fn link(&self, a: usize, b: usize) -> Vec<String>;
}
