//! What a record says that has a place in the history of a person: who asked for something, what became of it, what others
//! decided. One table says in which fields that stands, for whoever keeps these fields and for whoever tells them.

use super::Field;

/// What happened. Of what happened at one time, it is told in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum MomentKind {
    /// What the user attached: an election, a departure.
    Event,
    /// Protection of the person.
    Protection,
    /// The record itself: somebody asked for something.
    Request,
    /// Somebody decided about the person or the record.
    Decision,
    /// What became of the record.
    Status,
}

/// Where a record tells of one kind of moment.
#[derive(Debug)]
pub struct Moments {
    /// What happened.
    pub kind: MomentKind,
    /// When: the first of these fields that has a value.
    pub at: &'static [Field],
    /// Which country acted.
    pub by: Option<Field>,
    /// What happened: the words that come before a value, and the field it stands in.
    pub says: &'static [(&'static str, Field)],
    /// The field and its word where it is about somebody else.
    pub apart: Option<(Field, &'static str)>,
}

const fn field(path: &str) -> Field {
    Field::at_build(path)
}

/// The table.
pub const MOMENTS: [Moments; 5] = [
    Moments {
        kind: MomentKind::Event,
        at: &[field("events.at")],
        by: None,
        says: &[("", field("events.kind")), (" in ", field("events.country")), (", by ", field("events.by"))],
        apart: None,
    },
    Moments {
        kind: MomentKind::Protection,
        at: &[field("protections.at")],
        by: Some(field("protections.granting_country")),
        says: &[("", field("protections.kind")), (" ", field("protections.status"))],
        apart: None,
    },
    Moments {
        kind: MomentKind::Request,
        at: &[Field::REQUESTED_AT, Field::PUBLISHED_AT],
        by: Some(Field::REQUESTING_COUNTRY),
        says: &[("", Field::KIND), (" as ", field("document_status")), (" ", field("purpose"))],
        apart: None,
    },
    Moments {
        kind: MomentKind::Decision,
        at: &[field("decisions.at")],
        by: Some(field("decisions.country")),
        says: &[
            ("", field("decisions.body")),
            (" on ", field("decisions.subject")),
            (": ", field("decisions.outcome")),
            (", ", field("decisions.ground")),
        ],
        apart: Some((field("decisions.about"), "co_accused")),
    },
    Moments {
        kind: MomentKind::Status,
        at: &[field("status_at")],
        by: None,
        says: &[("", field("status")), (", ", field("status_ground"))],
        apart: None,
    },
];

impl MomentKind {
    /// The word in output that programs read.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Protection => "protection",
            Self::Request => "request",
            Self::Decision => "decision",
            Self::Status => "status",
        }
    }

    /// Whether it is told of every record of a person. Events are told of the record that is looked at.
    #[must_use]
    pub fn is_of_every_record(self) -> bool {
        self != Self::Event
    }
}

impl Moments {
    /// Every field that is read for it, the list among them.
    pub fn fields(&self) -> impl Iterator<Item = Field> + '_ {
        let said = self.says.iter().map(|(_, field)| *field);
        let apart = self.apart.iter().map(|(field, _)| *field);
        self.list().into_iter().chain(self.at.iter().copied()).chain(self.by).chain(said).chain(apart)
    }

    /// The list of objects that tells of such moments, one each; none where a record tells of one.
    #[must_use]
    pub fn list(&self) -> Option<Field> {
        self.at.first().and_then(|field| field.list())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_of_one_moment_stands_in_one_object() {
        for moments in &MOMENTS {
            let inside = |field: &Field| Some(*field) != moments.list();
            assert!(moments.fields().filter(inside).all(|field| field.list() == moments.list()), "{:?}", moments.kind);
        }
    }
}
