//! What a map fills: a field with one cell, a list, or a field of the objects of a list.

use crate::record::{Field, Type};

/// More objects in one row are no list but a mistake.
const MOST_OBJECTS: usize = 1000;

/// A field and the place in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::ingest) struct Target {
    pub(in crate::ingest) field: Field,
    /// Which object of the list, for a field of the objects of a list; none where the source decides.
    pub(in crate::ingest) item: Option<usize>,
}

/// Why there is no such target.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// No field has this path.
    Unknown,
    /// The field is computed from others.
    Derived,
    /// A list of objects fits no cell.
    Objects(Field),
    /// The position of the object is too high.
    Position,
}

impl Target {
    /// The target of `sex`, `nationalities`, `charges[].text`, `charges.text` or `charges[1].text`.
    pub(super) fn parse(text: &str) -> Result<Self, Unfit> {
        let (path, item) = match text.split_once('[').and_then(|(list, rest)| Some((list, rest.split_once("].")?))) {
            None => (text.to_owned(), None),
            Some((list, ("", key))) => (format!("{list}.{key}"), None),
            Some((list, (position, key))) => {
                (format!("{list}.{key}"), Some(position.parse::<usize>().ok().ok_or(Unfit::Unknown)?))
            }
        };
        let field = Field::named(&path).ok_or(Unfit::Unknown)?;
        match field.ty() {
            _ if field.spec().derived => Err(Unfit::Derived),
            Type::Object => Err(Unfit::Objects(field)),
            _ if item.is_some() && field.spec().list.is_none() => Err(Unfit::Unknown),
            _ if item.is_some_and(|item| item >= MOST_OBJECTS) => Err(Unfit::Position),
            _ => Ok(Self { field, item }),
        }
    }

    /// The same field, whichever object.
    pub(super) fn of(field: Field) -> Self {
        Self { field, item: None }
    }

    /// Whether two values for it go together.
    pub(super) fn takes_several(self) -> bool {
        self.field.is_many()
    }

    /// As it is written in a profile.
    pub(super) fn written(self) -> String {
        match (self.field.spec().list, self.item) {
            (Some(list), Some(item)) => format!("{list}[{item}].{}", self.field.key()),
            (Some(list), None) => format!("{list}[].{}", self.field.key()),
            (None, _) => self.field.path().to_owned(),
        }
    }
}

impl Unfit {
    /// What is wrong, and the remedy.
    pub(super) fn explained(&self, text: &str) -> (String, String) {
        match self {
            Self::Unknown => {
                let near = crate::diag::did_you_mean(text, Field::all().map(Field::path));
                let help = near.map_or_else(
                    || "`article3 rules fields` lists the fields".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                (format!("records have no field `{text}`"), help)
            }
            Self::Derived => (
                format!("`{text}` is computed from other fields"),
                "fill the fields that it is computed from".to_owned(),
            ),
            Self::Objects(list) => {
                let key = list.children().next().map_or("text", Field::key);
                (
                    format!("`{text}` is a list of objects and fits no cell"),
                    format!("name its parts, as in `{text}.{key}` and `{text}[1].{key}`"),
                )
            }
            Self::Position => {
                (format!("`{text}` counts too far"), format!("a row holds at most {MOST_OBJECTS} objects of a list"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_a_field_and_perhaps_an_object_of_its_list() {
        let parsed = |text| Target::parse(text).map(|target| (target.written(), target.item));
        assert_eq!(parsed("charges.text"), Ok(("charges[].text".into(), None)));
        assert_eq!(parsed("charges[].text"), Ok(("charges[].text".into(), None)));
        assert_eq!(parsed("charges[2].law"), Ok(("charges[2].law".into(), Some(2))));
        assert_eq!(parsed("organisation.name"), Ok(("organisation.name".into(), None)));
    }

    #[test]
    fn what_cannot_be_filled_is_said_with_a_remedy() {
        for (text, says) in [
            ("sexe", "did you mean `sex`?"),
            ("charges", "as in `charges.text` and `charges[1].text`"),
            ("charges[1000000].text", "at most 1000 objects"),
            ("charges.wording", "computed from"),
            ("nationalities[1].text", "lists the fields"),
        ] {
            let (what, help) = Target::parse(text).expect_err("no target").explained(text);
            assert!(what.contains(text) && help.contains(says), "{what}; {help}");
        }
    }
}
