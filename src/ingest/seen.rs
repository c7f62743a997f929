//! Which records were read already. A source may list one notice many times: the real dumps have 6,520 rows for 160 people.
//!
//! A record with the id and the whole content of an earlier one is a duplicate and is not taken again. One with the id of an
//! earlier one and other content is taken, and said to be in conflict with it. A record without an id of its own is never a
//! duplicate: two people may have the same charge and nothing else told of them. Kept are about 100 bytes for each id.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{Hash, Hasher};

use sha2::{Digest, Sha256};

use crate::record::{Field, Record};

/// A hash of an id or of a whole record, too long to be met by chance or on purpose.
type Print = [u8; 16];

/// What is known of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Prints {
    id: Print,
    content: Print,
}

/// What an earlier record makes of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sight {
    /// Nothing: no earlier record has its id.
    First,
    /// It is the same.
    Duplicate,
    /// It has the same id and says something else. The earlier one starts at this line of this input.
    Conflict { input: u32, line: u64 },
}

/// The records read so far.
#[derive(Debug, Default)]
pub(super) struct Seen {
    first: HashMap<Print, (Print, u32, u64)>,
    /// Contents other than the first under one id.
    others: HashMap<Print, Vec<Print>>,
}

impl Prints {
    /// The prints of a record with an id of its own.
    pub(super) fn of(record: &Record) -> Option<Self> {
        let mut id = Sink(Sha256::new());
        record.text(Field::RECORD_ID)?.hash(&mut id);
        let mut content = Sink(Sha256::new());
        record.hash(&mut content);
        Some(Self { id: id.print(), content: content.print() })
    }
}

impl Seen {
    /// Takes note of a record and says what earlier ones make of it.
    pub(super) fn see(&mut self, Prints { id, content }: Prints, input: u32, line: u64) -> Sight {
        match self.first.entry(id) {
            Entry::Vacant(place) => {
                place.insert((content, input, line));
                Sight::First
            }
            Entry::Occupied(first) if first.get().0 == content => Sight::Duplicate,
            Entry::Occupied(first) => {
                let others = self.others.entry(id).or_default();
                if others.contains(&content) {
                    return Sight::Duplicate;
                }
                others.push(content);
                let (_, input, line) = *first.get();
                Sight::Conflict { input, line }
            }
        }
    }
}

/// SHA-256 as the sink of what is hashed.
struct Sink(Sha256);

impl Sink {
    fn print(self) -> Print {
        let digest: [u8; 32] = self.0.finalize().into();
        let mut print = [0; 16];
        print.copy_from_slice(&digest[..16]);
        print
    }
}

impl Hasher for Sink {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Not asked for: the print is longer.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Leaf, Value};

    fn record(id: &str, name: &str) -> Prints {
        let mut record = Record::default();
        record.set(Field::RECORD_ID, Leaf::One(Ok(Value::Text(id.into()))));
        let field = Field::named("family_name").expect("the catalogue has the field");
        record.set(field, Leaf::One(Ok(Value::Text(name.into()))));
        Prints::of(&record).expect("the record has an id")
    }

    #[test]
    fn the_same_record_is_a_duplicate_and_another_with_its_id_a_conflict() {
        let mut seen = Seen::default();
        assert_eq!(seen.see(record("1", "A"), 0, 2), Sight::First);
        assert_eq!(seen.see(record("1", "A"), 0, 3), Sight::Duplicate);
        assert_eq!(seen.see(record("1", "B"), 1, 9), Sight::Conflict { input: 0, line: 2 });
        assert_eq!(seen.see(record("1", "B"), 1, 10), Sight::Duplicate);
        assert_eq!(seen.see(record("2", "A"), 1, 11), Sight::First);
    }

    #[test]
    fn a_record_without_an_id_has_no_prints() {
        assert_eq!(Prints::of(&Record::default()), None);
    }
}
