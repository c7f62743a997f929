//! The domain without tables: what a record is, which fields it can have, what a cell holds.
//!
//! One record is one instrument about one person: a notice, a diffusion, a message or a travel-document entry. Names follow
//! INTERPOL's Rules on the Processing of Data (RPD) wherever they have a word. A [`Record`] keeps, for each field, its cells
//! or the reason why there are none; it never turns a missing value into a default.

mod country;
mod date;
mod date_parts;
mod date_reading;
mod fields;
mod pair;
mod spelling;
mod terms;
mod value;

use std::collections::BTreeMap;

pub use country::Country;
pub use date::{DatePart, PartialDate};
pub use date_reading::{DateReading, DayOrder};
pub use fields::{FIELDS, Field, FieldSpec, Type};
pub use pair::Pair;
pub use terms::{VOCABULARIES, Vocabulary};
pub use value::{Cell, CellRef, Leaf, Missing, State, Value};

/// What stands between the text and the translation of a charge in `charges.wording`.
pub const WORDING_SEPARATOR: &str = " ¦¦¦ ";

/// One record. A field that is absent from the map was not carried by the source.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Record {
    leaves: BTreeMap<Field, Leaf>,
}

/// A record or a table row, seen cell by cell. Operators and explanations read rows through this.
pub trait Row {
    /// The state of a field as a whole.
    fn state(&self, field: Field) -> State;
    /// How many cells the field has here: 1 for a field with one cell, 0 for a missing list.
    fn len(&self, field: Field) -> usize;
    /// One cell. Past the end it is the state of the field.
    ///
    /// # Errors
    /// The state of a cell that has no value.
    fn cell(&self, field: Field, position: usize) -> CellRef<'_>;
    /// The unreadable text of an invalid cell.
    fn raw(&self, field: Field, position: usize) -> Option<&str>;
}

impl Record {
    /// What the record says in a field.
    #[must_use]
    pub fn leaf(&self, field: Field) -> &Leaf {
        const NOT_CARRIED_ONE: Leaf = Leaf::One(Err(Missing::NotCarried));
        const NOT_CARRIED_MANY: Leaf = Leaf::Many(Err(Missing::NotCarried));
        match self.leaves.get(&field) {
            Some(leaf) => leaf,
            None if field.is_many() => &NOT_CARRIED_MANY,
            None => &NOT_CARRIED_ONE,
        }
    }

    /// Sets what the record says in a field. An empty list is blank; what was not carried leaves no trace.
    pub fn set(&mut self, field: Field, leaf: Leaf) {
        let leaf = match leaf {
            Leaf::Many(Ok(cells)) if cells.is_empty() => Leaf::Many(Err(Missing::Blank)),
            leaf => leaf,
        };
        if matches!(leaf, Leaf::One(Err(Missing::NotCarried)) | Leaf::Many(Err(Missing::NotCarried))) {
            self.leaves.remove(&field);
        } else {
            self.leaves.insert(field, leaf);
        }
    }

    /// The fields that the source carries here, with what they say.
    pub fn leaves(&self) -> impl Iterator<Item = (Field, &Leaf)> {
        self.leaves.iter().map(|(field, leaf)| (*field, leaf))
    }

    /// The text of a field with one cell, if it has a value.
    #[must_use]
    pub fn text(&self, field: Field) -> Option<&str> {
        match self.leaf(field) {
            Leaf::One(Ok(Value::Text(text))) => Some(text),
            _ => None,
        }
    }

    /// Fills in the fields that are computed from others. Every reader calls this once, at the end.
    pub fn derive(&mut self) {
        let Leaf::Many(texts) = self.leaf(Field::CHARGES_TEXT) else { return };
        let Leaf::Many(translations) = self.leaf(Field::CHARGES_TRANSLATION) else { return };
        let wording = match (texts, translations) {
            (Err(missing), Err(_)) => Err(missing.clone()),
            (Ok(cells), Err(_)) | (Err(_), Ok(cells)) => Ok(cells.clone()),
            (Ok(texts), Ok(translations)) => {
                Ok(texts.iter().zip(translations).map(|pair| wording(pair.0, pair.1)).collect())
            }
        };
        self.set(Field::CHARGES_WORDING, Leaf::Many(wording));
    }
}

fn wording(text: &Cell, translation: &Cell) -> Cell {
    match (text, translation) {
        (Ok(Value::Text(text)), Ok(Value::Text(translation))) if text != translation => {
            Ok(Value::Text(format!("{text}{WORDING_SEPARATOR}{translation}")))
        }
        (Err(_), Ok(_)) => translation.clone(),
        _ => text.clone(),
    }
}

impl Row for Record {
    fn state(&self, field: Field) -> State {
        self.leaf(field).state()
    }

    fn len(&self, field: Field) -> usize {
        self.leaf(field).cells().len()
    }

    fn cell(&self, field: Field, position: usize) -> CellRef<'_> {
        match self.leaf(field).cells().get(position) {
            Some(Ok(value)) => Ok(value.borrowed()),
            Some(Err(missing)) => Err(missing.state()),
            None => Err(self.state(field)),
        }
    }

    fn raw(&self, field: Field, position: usize) -> Option<&str> {
        match (self.leaf(field), self.leaf(field).cells().get(position)) {
            (_, Some(Err(Missing::Invalid(raw)))) | (Leaf::Many(Err(Missing::Invalid(raw))), None) => Some(raw),
            _ => None,
        }
    }
}
