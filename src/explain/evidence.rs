//! Places in a record that a finding rests on, in the words of the source.

use crate::operator::as_entered;
use crate::record::{Field, Row, Value, WORDING_SEPARATOR};
use crate::rule::Place;

/// How many characters of a text are quoted on each side of a match.
const CONTEXT: usize = 60;

/// A place in a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The path of the cell: `charges[0].text`.
    pub field: String,
    /// The value of the cell; of a text, the passage around the match.
    pub value: String,
    /// For a text: where the match begins, in characters of the original text.
    pub start: Option<usize>,
    /// For a text: where it ends.
    pub end: Option<usize>,
    /// For a text: the matched characters, as they stand in the record.
    pub matched: Option<String>,
    /// The entry that matched, as written in the rule or list; of a table what its row says, when it counts and where it is
    /// from.
    pub entry: Option<String>,
    /// The list the entry is from.
    pub list: Option<String>,
    /// The language of the entry.
    pub language: Option<String>,
}

/// The evidence for a place. `None` where the record has nothing there.
pub(super) fn evidence(place: &Place, row: &dyn Row) -> Option<Evidence> {
    let value = row.cell(place.field, place.position).ok()?;
    let (Some(found), Value::Text(text)) = (&place.found, value) else {
        let found = place.found.as_ref();
        return Some(Evidence {
            field: place.field.cell_path(place.position),
            value: as_entered(place.field, &value),
            start: None,
            end: None,
            matched: None,
            entry: found.map(|found| found.entry.clone()),
            list: found.and_then(|found| found.list.as_deref().map(str::to_owned)),
            language: None,
        });
    };
    let (field, text, span) = original(place.field, place.position, text, found.span(), row);
    let matched = text.get(span.clone())?;
    let start = text.get(..span.start)?.chars().count();
    Some(Evidence {
        field: field.cell_path(place.position),
        value: around(text, &span),
        start: Some(start),
        end: Some(start + matched.chars().count()),
        matched: Some(matched.to_owned()),
        entry: Some(found.entry.clone()),
        list: found.list.as_deref().map(str::to_owned),
        language: found.language.as_deref().map(str::to_owned),
    })
}

/// The field, text and span as the source has them: a place in a charge's wording is one in its text or its translation.
fn original<'a>(
    field: Field,
    position: usize,
    text: &'a str,
    span: std::ops::Range<usize>,
    row: &'a dyn Row,
) -> (Field, &'a str, std::ops::Range<usize>) {
    if field != Field::CHARGES_WORDING {
        return (field, text, span);
    }
    let of = |field| match row.cell(field, position) {
        Ok(Value::Text(text)) => Some(text),
        _ => None,
    };
    match (of(Field::CHARGES_TEXT), of(Field::CHARGES_TRANSLATION)) {
        (Some(own), _) if span.end <= own.len() => (Field::CHARGES_TEXT, own, span),
        (Some(own), Some(translation)) => {
            let shift = own.len() + WORDING_SEPARATOR.len();
            match span.start.checked_sub(shift) {
                Some(start) => (Field::CHARGES_TRANSLATION, translation, start..span.end - shift),
                None => (field, text, span),
            }
        }
        (None, Some(translation)) => (Field::CHARGES_TRANSLATION, translation, span),
        _ => (field, text, span),
    }
}

fn around(text: &str, span: &std::ops::Range<usize>) -> String {
    let before: Vec<(usize, char)> = text[..span.start].char_indices().rev().take(CONTEXT + 1).collect();
    let after: Vec<(usize, char)> = text[span.end..].char_indices().take(CONTEXT + 1).collect();
    let cut_before = before.len() > CONTEXT;
    let cut_after = after.len() > CONTEXT;
    let start = if cut_before { before[CONTEXT - 1].0 } else { 0 };
    let end = if cut_after { span.end + after[CONTEXT].0 } else { text.len() };
    let mark = |cut: bool| if cut { "…" } else { "" };
    format!("{}{}{}", mark(cut_before), &text[start..end], mark(cut_after))
}
