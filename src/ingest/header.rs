//! The header line of a table: which column is which field. Names are paths of the catalogue, `charges.text` or
//! `charges[1].text` below lists of objects; their case, and whether words are joined by blanks, does not count.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json};

use super::csv::Dialect;
use crate::record::{Field, Leaf, Missing, Record, Type};

/// More objects in one row are no list but a mistake.
const MOST_OBJECTS: usize = 1000;
/// What separates the items of a list in one cell.
const ITEM_SEPARATORS: [char; 2] = [';', '|'];

/// The columns of a table, checked.
#[derive(Debug)]
pub(super) struct Header {
    columns: Vec<Column>,
    /// The lists of objects that have a column, with the fields below them that have none.
    lists: Vec<(Field, Vec<Field>)>,
    pub(super) dialect: Dialect,
}

#[derive(Debug, PartialEq, Eq)]
enum Column {
    /// A field of the record.
    Plain(Field),
    /// A field of the objects of a list, and which object.
    Item(Field, usize),
    /// A key that a profile reads by its name.
    Named(String),
    /// No field.
    Unknown(String),
}

impl Header {
    /// Whether a cell of a header line names a field.
    pub(super) fn is_field(name: &str) -> bool {
        matches!(column(name), Ok(Column::Plain(_) | Column::Item(_, _)))
    }

    /// Columns whose names are paths of fields.
    ///
    /// # Errors
    /// Says what is wrong and what to do about it.
    pub(super) fn of_fields(names: &[String], dialect: Dialect) -> Result<Self, String> {
        let columns = names.iter().map(|name| column(name)).collect::<Result<Vec<_>, _>>()?;
        let mut seen = BTreeSet::new();
        for (column, name) in columns.iter().zip(names) {
            let known = match column {
                Column::Plain(field) => Some((*field, 0)),
                Column::Item(field, position) => Some((*field, *position)),
                Column::Named(_) | Column::Unknown(_) => None,
            };
            if known.is_some_and(|known| !seen.insert(known)) {
                return Err(format!("column `{name}` stands twice; leave one out"));
            }
        }
        if seen.is_empty() {
            let shown: String = names.join(", ").chars().take(200).collect();
            return Err(format!(
                "no column is named like a field (`{shown}`); rename the columns to `record_id`, `kind`, `charges.text` and so on"
            ));
        }
        let carried: BTreeSet<Field> = columns.iter().filter_map(Column::item).collect();
        let lists: BTreeSet<Field> = carried.iter().filter_map(|field| field.list()).collect();
        let absent = |list: Field| list.children().filter(|field| !carried.contains(field)).collect();
        let lists = lists.into_iter().map(|list| (list, absent(list))).collect();
        Ok(Self { columns, lists, dialect })
    }

    /// Columns whose names are the keys of a source.
    pub(super) fn of_keys(names: Vec<String>, dialect: Dialect) -> Self {
        let columns = names.into_iter().map(|name| Column::Named(name.trim().to_owned())).collect();
        Self { columns, lists: vec![], dialect }
    }

    pub(super) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The object that a row of cells stands for, and the columns that are no field.
    pub(super) fn object(&self, cells: &[&str]) -> (Map<String, Json>, Vec<String>) {
        let mut object = Map::new();
        let mut unknown = vec![];
        let mut lists: BTreeMap<&str, BTreeMap<usize, Map<String, Json>>> = BTreeMap::new();
        for (column, cell) in self.columns.iter().zip(cells.iter().copied()) {
            match column {
                Column::Plain(field) => insert(&mut object, field.path(), value(*field, cell)),
                Column::Item(field, position) => {
                    let items = lists.entry(field.spec().list.unwrap_or_default()).or_default();
                    items.entry(*position).or_default().insert(field.key().to_owned(), value(*field, cell));
                }
                Column::Named(name) => drop(object.insert(name.clone(), text(cell))),
                Column::Unknown(name) => unknown.push(name.clone()),
            }
        }
        for (list, items) in lists {
            // An object without any content is not there: rows differ in how many they have.
            let items =
                items.into_values().filter(|item| item.values().any(|value| !value.is_null())).map(Json::Object);
            object.insert(list.to_owned(), items.collect());
        }
        (object, unknown)
    }

    /// In a row without objects the columns that the table has are blank, but those it has not stay not carried.
    pub(super) fn forget_columns_not_there(&self, record: &mut Record) {
        for (list, absent) in &self.lists {
            if record.leaf(*list) == &Leaf::Many(Err(Missing::Blank)) {
                absent.iter().for_each(|field| record.set(*field, Leaf::Many(Err(Missing::NotCarried))));
                record.derive();
            }
        }
    }
}

impl Column {
    fn item(&self) -> Option<Field> {
        match self {
            Self::Item(field, _) => Some(*field),
            _ => None,
        }
    }
}

fn column(name: &str) -> Result<Column, String> {
    let plain = name.trim().to_lowercase().replace([' ', '-'], "_");
    let (path, position) = match plain.split_once('[').and_then(|(list, rest)| Some((list, rest.split_once("].")?))) {
        Some((list, (position, key))) => (format!("{list}.{key}"), position.parse::<usize>().ok()),
        None => (plain, Some(0)),
    };
    let Some((field, position)) = Field::named(&path).filter(|field| !field.spec().derived).zip(position) else {
        return Ok(Column::Unknown(name.trim().to_owned()));
    };
    if field.ty() == Type::Object {
        return Err(format!(
            "column `{path}` is a list of objects and fits no cell; name its parts, as in `{path}.{key}` and `{path}[1].{key}`",
            key = field.children().next().map_or("text", Field::key)
        ));
    }
    if position >= MOST_OBJECTS {
        return Err(format!(
            "column `{name}` counts to {position}; a row holds at most {MOST_OBJECTS} objects of a list"
        ));
    }
    Ok(if field.spec().list.is_some() { Column::Item(field, position) } else { Column::Plain(field) })
}

/// `organisation.name` is the key `name` of the object `organisation`.
fn insert(object: &mut Map<String, Json>, path: &str, value: Json) {
    match path.split_once('.') {
        None => drop(object.insert(path.to_owned(), value)),
        Some((group, key)) => {
            if let Json::Object(group) = object.entry(group).or_insert_with(|| Json::Object(Map::new())) {
                group.insert(key.to_owned(), value);
            }
        }
    }
}

fn value(field: Field, cell: &str) -> Json {
    if !field.is_many() || field.spec().list.is_some() {
        return text(cell);
    }
    let items = cell.split(ITEM_SEPARATORS).map(str::trim).filter(|item| !item.is_empty());
    items.map(Json::from).collect()
}

fn text(cell: &str) -> Json {
    if cell.trim().is_empty() { Json::Null } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn header(names: &[&str]) -> Result<Header, String> {
        Header::of_fields(&names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>(), Dialect::default())
    }

    #[test]
    fn cells_become_the_canonical_object() {
        let header =
            header(&["Record ID", "nationalities", "charges[1].text", "charges.text", "harm.deaths", "colour", "sex"]);
        let header = header.expect("a sound header");
        let (object, unknown) = header.object(&["a", "XA; XB|XC", "", "Fraud; theft", "2", "red", " "]);
        assert_eq!(unknown, ["colour"]);
        let want = json!({
            "record_id": "a", "nationalities": ["XA", "XB", "XC"], "harm": {"deaths": "2"}, "sex": null,
            "charges": [{"text": "Fraud; theft"}],
        });
        assert_eq!(Json::Object(object), want);
    }

    #[test]
    fn an_empty_list_is_blank_only_in_the_columns_that_are_there() {
        let header = header(&["charges.text", "kind"]).expect("a sound header");
        let (object, _) = header.object(&["", "sltd"]);
        let (mut record, _) = super::super::canonical::record(&object);
        header.forget_columns_not_there(&mut record);
        assert_eq!(record.leaf(Field::CHARGES_TEXT), &Leaf::Many(Err(Missing::Blank)));
        assert_eq!(record.leaf(Field::CHARGES_WORDING), &Leaf::Many(Err(Missing::Blank)));
        assert_eq!(record.leaf(Field::CHARGES_TRANSLATION), &Leaf::Many(Err(Missing::NotCarried)));
    }

    #[test]
    fn a_header_that_cannot_be_used_says_why() {
        let error = |names: &[&str]| header(names).err().unwrap_or_default();
        assert_eq!(error(&["sex", "Sex"]), "column `Sex` stands twice; leave one out");
        assert!(error(&["a", "b"]).starts_with("no column is named like a field (`a, b`)"));
        assert!(error(&["charges"]).ends_with("as in `charges.text` and `charges[1].text`"));
        assert!(error(&["charges[1000000].text"]).contains("counts to 1000000"));
    }
}
