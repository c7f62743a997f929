//! Inputs that are read twice: once to compare records with each other, once to judge them. What can be read once only,
//! such as standard input, is kept in memory in between.

use std::collections::{BTreeSet, VecDeque};

use crate::engine::EngineError;
use crate::ingest::{Chunk, IngestError, Inputs, Ledger, ReadOptions, Source, read_all};
use crate::record::Field;
use crate::table::NoticeTable;

/// What an input gives next: the position of the input, and a chunk or why there is none.
type Next = Result<(usize, Chunk), IngestError>;

/// The chunks of some inputs.
#[derive(Debug)]
pub(super) struct Passes {
    sources: Vec<Source>,
    options: ReadOptions,
    now: Now,
}

/// Where the chunks come from.
#[derive(Debug)]
enum Now {
    /// From the inputs.
    Read(Box<Inputs>),
    /// From memory.
    Held(VecDeque<Next>, Vec<Ledger>),
}

impl Passes {
    /// All inputs from their beginning.
    pub(super) fn new(sources: &[Source], options: &ReadOptions) -> Self {
        let now = Now::Read(Box::new(read_all(sources.to_vec(), options)));
        Self { sources: sources.to_vec(), options: options.clone(), now }
    }

    /// Reads all inputs for some fields of their records. What comes back begins once more.
    ///
    /// # Errors
    /// Where polars cannot take the fields out of a table.
    pub(super) fn first(self, fields: &BTreeSet<Field>) -> Result<(Self, Vec<NoticeTable>), EngineError> {
        let Self { sources, options, now } = self;
        let again = sources.iter().all(|source| matches!(source, Source::Path(path) if path.is_file()));
        let (mut tables, mut held) = (vec![], VecDeque::new());
        let Now::Read(mut inputs) = now else { return Ok((Self { sources, options, now }, tables)) };
        for next in inputs.by_ref() {
            if let Ok((_, chunk)) = &next {
                tables.push(chunk.table.project(fields)?);
            }
            if !again {
                held.push_back(next);
            }
        }
        let now = match again {
            true => Now::Read(Box::new(read_all(sources.clone(), &options))),
            false => Now::Held(held, inputs.ledgers().to_vec()),
        };
        Ok((Self { sources, options, now }, tables))
    }

    /// The name of the input that is read at the moment, or is next.
    pub(super) fn name(&self) -> Option<String> {
        match &self.now {
            Now::Read(inputs) => inputs.name(),
            Now::Held(held, _) => held.front().and_then(|next| Some(self.name_of(next.as_ref().ok()?.0))),
        }
    }

    /// The name of an input by its position.
    pub(super) fn name_of(&self, input: usize) -> String {
        self.sources.get(input).map(Source::name).unwrap_or_default()
    }

    /// The accounts of the inputs that have ended, in order.
    pub(super) fn ledgers(&self) -> &[Ledger] {
        match &self.now {
            Now::Read(inputs) => inputs.ledgers(),
            Now::Held(_, ledgers) => ledgers,
        }
    }
}

impl Iterator for Passes {
    type Item = Next;

    fn next(&mut self) -> Option<Next> {
        match &mut self.now {
            Now::Read(inputs) => inputs.next(),
            Now::Held(held, _) => held.pop_front(),
        }
    }
}
