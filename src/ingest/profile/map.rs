//! What one map makes of the values at its paths: placeholders go, cells with several values are cut, words get their meaning.

use serde_json::Value as Json;

use super::names;
use super::path::{Found, Object, Position, Seen};
use super::spec::{Keep, Map, Split};
use crate::ingest::Blanks;
use crate::ingest::blanks::key;
use crate::ingest::cell::{is_placeholder, missing};
use crate::ingest::list;
use crate::record::{Field, Missing};

/// What stands for nothing and for redaction in a source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marks<'a> {
    /// What usually stands for nothing. It counts where the profile says nothing of a text.
    pub(super) usual: &'a Blanks,
    /// The source's own marks, by their [`key`].
    pub(super) blank: &'a [String],
    pub(super) withheld: &'a [String],
}

/// What a map found at one of its paths.
#[derive(Debug)]
pub(super) enum Piece {
    /// A value; null where there is nothing.
    Value(Position, Json),
    /// An item that has not the key.
    Absent(Position),
    /// An item that is no object, as it stands.
    Whole(Position, Json),
}

impl Marks<'_> {
    /// The value, or what its mark stands for.
    pub(super) fn clean(self, json: &Json, more: &[String]) -> Json {
        let is_mark = |text: &str| {
            // Folding is not for long texts, which are no marks: it makes a text at most a few times shorter.
            let longest = self.blank.iter().chain(self.withheld).chain(more).map(String::len).max()?;
            if text.len() > SHORTENED * longest {
                return None;
            }
            let key = key(text);
            if self.withheld.contains(&key) {
                Some(serde_json::json!({"withheld": true}))
            } else {
                (self.blank.contains(&key) || more.contains(&key)).then_some(Json::Null)
            }
        };
        let marked = match json {
            Json::String(text) => is_mark(text),
            Json::Number(number) => is_mark(&number.to_string()),
            _ => None,
        };
        marked.unwrap_or_else(|| if missing(json) == Some(Missing::Blank) { Json::Null } else { json.clone() })
    }

    /// The value for a field, after all that the profile says of it.
    fn settle(self, field: Option<Field>, json: Json) -> Json {
        if field.is_some_and(|field| is_placeholder(field, &json, self.usual)) { Json::Null } else { json }
    }

    /// The same for all that a value holds.
    pub(super) fn clean_all(self, json: Json) -> Json {
        match json {
            Json::Array(items) => items.into_iter().map(|item| self.clean_all(item)).collect(),
            Json::Object(object) => {
                Json::Object(object.into_iter().map(|(key, value)| (key, self.clean_all(value))).collect())
            }
            scalar => self.clean(&scalar, &[]),
        }
    }
}

/// How many times shorter a text can be once it is folded.
const SHORTENED: usize = 8;

impl Map {
    /// The pieces that a row has for this map at one of its paths. None if the row does not carry it.
    pub(super) fn pieces(&self, found: Found<'_>, marks: Marks<'_>) -> Option<Vec<Piece>> {
        let mut pieces = vec![];
        for (at, seen) in found.seen {
            match seen {
                Seen::Absent => pieces.push(Piece::Absent(at)),
                Seen::Whole(item) => pieces.push(Piece::Whole(at, marks.settle(self.field(), marks.clean(item, &[])))),
                Seen::Value(value) => self.values_of(value, at, marks, &mut pieces),
            }
        }
        (found.there || !pieces.is_empty()).then_some(pieces)
    }

    /// The values of one cell.
    fn values_of(&self, value: &Json, at: Position, marks: Marks<'_>, pieces: &mut Vec<Piece>) {
        let value = marks.clean(value, &self.blank);
        let parts = match (&self.split, value.as_str()) {
            (Some(split), Some(text)) => list::quoted(text).unwrap_or_else(|| split.parts(text)),
            _ => {
                let meaning = self.meaning(value, marks).map(|value| marks.settle(self.field(), value));
                pieces.extend(meaning.map(|value| Piece::Value(at, value)));
                return;
            }
        };
        for (position, part) in parts.into_iter().enumerate() {
            let mut at = at.clone();
            at.push(position);
            let value = marks.clean(&part.into(), &self.blank);
            let meaning = self.meaning(value, marks).map(|value| marks.settle(self.field(), value));
            pieces.extend(meaning.filter(|value| !value.is_null()).map(|value| Piece::Value(at, value)));
        }
    }

    fn field(&self) -> Option<Field> {
        self.to.map(|to| to.field)
    }

    /// What a value means; none if it tells nothing of the kind that is looked for.
    fn meaning(&self, value: Json, marks: Marks<'_>) -> Option<Json> {
        if !self.contains.is_empty() {
            let text = value.as_str()?;
            let told = self.contains.iter().find(|(part, _)| text.contains(part.as_str()));
            return told.map(|(_, meaning)| said(meaning));
        }
        let Json::String(text) = &value else { return Some(self.number_meaning(value)) };
        let stripped = self.strip.iter().find_map(|prefix| text.trim_start().strip_prefix(prefix.as_str()));
        let text = stripped.unwrap_or(text);
        if let Some(known) = self.known(text) {
            return Some(known);
        }
        match stripped {
            Some(rest) => Some(marks.clean(&rest.into(), &self.blank)),
            None => Some(value),
        }
    }

    /// A number may be a code that stands for a word.
    fn number_meaning(&self, value: Json) -> Json {
        let known =
            value.as_number().filter(|_| !self.values.is_empty()).and_then(|number| self.known(&number.to_string()));
        known.unwrap_or(value)
    }

    fn known(&self, text: &str) -> Option<Json> {
        if !self.values.is_empty() && text.len() <= LONGEST_WORD {
            let key = key(text);
            if let Some((_, meaning)) = self.values.iter().find(|(known, _)| *known == key) {
                return Some(said(meaning));
            }
        }
        let language = self.words.filter(|_| text.len() <= LONGEST_WORD)?;
        names::word(self.field()?, text, language).map(Json::from)
    }
}

/// A longer text is no word for an enum or a flag.
const LONGEST_WORD: usize = 200;

fn said(meaning: &str) -> Json {
    if meaning.is_empty() { Json::Null } else { meaning.into() }
}

impl Split {
    fn parts(&self, text: &str) -> Vec<String> {
        let parts: Vec<String> = match self {
            Self::At(delimiters) => text.split(delimiters.as_slice()).map(|part| part.trim().to_owned()).collect(),
            Self::Csv(delimiter) => cells(text, *delimiter),
        };
        parts.into_iter().filter(|part| !part.trim().is_empty()).collect()
    }
}

/// The cells of a line of CSV. A text that is no sound CSV is one cell: what it says is kept, and nothing is cut wrongly.
fn cells(text: &str, delimiter: u8) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new();
    reader.delimiter(delimiter).has_headers(false).flexible(true);
    let records: Result<Vec<csv::StringRecord>, _> = reader.from_reader(text.as_bytes()).into_records().collect();
    match records {
        Ok(records) if balanced(text) => records.iter().flatten().map(str::to_owned).collect(),
        _ => vec![text.to_owned()],
    }
}

/// Whether every quote is closed: the `csv` crate reads on to the end in silence.
fn balanced(text: &str) -> bool {
    text.bytes().filter(|byte| *byte == b'"').count().is_multiple_of(2)
}

/// Whether there is anything: text, a number, an object or list with content, or yes.
pub(super) fn says(json: &Json) -> bool {
    missing(json).is_none() && !matches!(json, Json::Bool(false)) && !json.as_object().is_some_and(Object::is_empty)
}

impl Keep {
    /// Leaves out the items of the list that say they are another source's, if any says that it is this one's. Returns how many.
    pub(super) fn apply(&self, row: &mut Object) -> usize {
        let mut keys = self.list.keys();
        let Some(mut list) = keys.next().and_then(|key| row.get_mut(key)) else { return 0 };
        for key in keys {
            match list.get_mut(key) {
                Some(value) => list = value,
                None => return 0,
            }
        }
        let Json::Array(items) = list else { return 0 };
        let own = |item: &Json| item.as_object().is_none_or(|item| self.is_own(item));
        let before = items.len();
        if items.iter().any(own) {
            items.retain(own);
        }
        before - items.len()
    }

    fn is_own(&self, item: &Object) -> bool {
        let told: Vec<String> = self
            .from
            .find(item)
            .seen
            .into_iter()
            .filter_map(|(_, seen)| if let Seen::Value(value) = seen { value.as_str().map(key) } else { None })
            .collect();
        told.is_empty() || told.iter().any(|value| self.is.contains(value))
    }
}
