//! Two records seen as one row: one that is looked at, and the one that is judged, whose fields are `this.x`.

use super::{CellRef, Field, Row, State};

/// A record beside the one that is judged.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    /// The record that is looked at.
    pub other: &'a dyn Row,
    /// The record that is judged.
    pub this: &'a dyn Row,
}

impl std::fmt::Debug for Pair<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pair").finish_non_exhaustive()
    }
}

impl Pair<'_> {
    /// The record that a field is of, and which of its fields it is.
    fn side(&self, field: Field) -> (&dyn Row, Field) {
        field.on_this_side().map_or((self.other, field), |own| (self.this, own))
    }
}

impl Row for Pair<'_> {
    fn state(&self, field: Field) -> State {
        let (row, field) = self.side(field);
        row.state(field)
    }

    fn len(&self, field: Field) -> usize {
        let (row, field) = self.side(field);
        row.len(field)
    }

    fn cell(&self, field: Field, position: usize) -> CellRef<'_> {
        let (row, field) = self.side(field);
        row.cell(field, position)
    }

    fn raw(&self, field: Field, position: usize) -> Option<&str> {
        let (row, field) = self.side(field);
        row.raw(field, position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Leaf, Record, Value};

    #[test]
    fn each_side_answers_for_its_own_fields() {
        let of = |id: &str| {
            let mut record = Record::default();
            record.set(Field::RECORD_ID, Leaf::One(Ok(Value::Text(id.to_owned()))));
            record
        };
        let (other, this) = (of("a"), of("b"));
        let pair = Pair { other: &other, this: &this };
        assert_eq!(pair.cell(Field::RECORD_ID, 0), Ok(Value::Text("a")));
        assert_eq!(pair.cell(Field::RECORD_ID.of_this(), 0), Ok(Value::Text("b")));
        assert_eq!(pair.state(Field::REQUESTED_AT.of_this()), State::NotCarried);
        assert_eq!(Field::REQUESTED_AT.of_this().path(), "this.requested_at");
        let text = Field::CHARGES_TEXT.of_this();
        assert_eq!((text.cell_path(1), text.key()), ("this.charges[1].text".to_owned(), "text"));
    }
}
