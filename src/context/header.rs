//! The header of a table: what is said of it as a whole, what its keys are, and what its columns hold.

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Diagnostics, Keys, Node, Span, did_you_mean};
use crate::record::{Type, VOCABULARIES, Vocabulary};
use crate::text::ListHeader;

use super::{SOURCE_COLUMN, TABLE_COLUMNS};

/// What is said of a table as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableHeader {
    /// Who keeps it, which version it is, under which licence.
    pub list: ListHeader,
    /// What its keys are.
    pub key: KeyType,
    /// Its columns with values, in the order of the file.
    pub columns: Vec<TableColumn>,
}

/// What the keys of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyType {
    /// Country codes.
    Country,
    /// Texts, equal where they are equal after folding.
    Text,
    /// Words of a closed list.
    Term(&'static Vocabulary),
}

impl KeyType {
    fn parse(word: &str) -> Option<Self> {
        match word {
            "country" => Some(Self::Country),
            "text" => Some(Self::Text),
            _ => VOCABULARIES.iter().find(|vocabulary| vocabulary.name == word).map(|found| Self::Term(found)),
        }
    }

    /// Whether a field can be looked up by.
    #[must_use]
    pub fn fits(self, ty: Type) -> bool {
        match (self, ty) {
            (Self::Country, Type::Country) | (Self::Text, Type::Text) => true,
            (Self::Term(own), Type::Term(other)) => own == other,
            _ => false,
        }
    }

    /// The keys in a sentence.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Country => "countries".to_owned(),
            Self::Text => "texts".to_owned(),
            Self::Term(vocabulary) => format!("words of the list “{}”", vocabulary.name),
        }
    }
}

/// A column with values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableColumn {
    /// Its name.
    pub name: Arc<str>,
    /// What its cells hold.
    pub ty: ColumnType,
    /// What a value is counted in, or how to read it.
    pub unit: Option<String>,
}

/// What the cells of a column hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnType {
    /// Whole numbers.
    Integer,
    /// Numbers with up to six decimals.
    Decimal,
    /// Texts.
    Text,
    /// `true` or `false`.
    Flag,
}

impl ColumnType {
    /// Every type.
    pub const ALL: [Self; 4] = [Self::Integer, Self::Decimal, Self::Text, Self::Flag];

    /// The word used in headers.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Text => "text",
            Self::Flag => "flag",
        }
    }

    /// A value of it in a sentence.
    #[must_use]
    pub fn a(self) -> &'static str {
        match self {
            Self::Integer => "a whole number",
            Self::Decimal => "a number",
            Self::Text => "text",
            Self::Flag => "true or false",
        }
    }
}

/// What the keys of a header's table say of its shape: the type of its keys, and the table of its columns.
pub(crate) struct WrittenShape<'a> {
    key: Option<KeyType>,
    columns: Option<(Vec<(&'a crate::diag::Key, &'a Node)>, Span)>,
}

/// Reads `key` and `columns`. What is in the columns is read by [`WrittenShape::complete`].
pub(crate) fn shape<'a>(keys: &mut Keys<'a, '_>) -> WrittenShape<'a> {
    let key = match keys.text("key") {
        None if keys.has("key") => None,
        None => {
            keys.missing(
                "key",
                "say what the keys are: `key = \"country\"`, `\"text\"`, or the name of a list of words",
            );
            None
        }
        Some((word, span)) => {
            let key = KeyType::parse(&word);
            if key.is_none() {
                let known = ["country", "text"].into_iter().chain(VOCABULARIES.iter().map(|known| known.name));
                let help = match did_you_mean(&word, known) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "it can be: country, text, or the name of a list of words, such as `role`".to_owned(),
                };
                keys.report(Diagnostic::new(Code::BadValue, format!("`key` cannot be `{word}`")).at(span).help(help));
            }
            key
        }
    };
    let columns = keys.table("columns").map(|(table, span)| (table.iter().collect(), span));
    if columns.is_none() && !keys.has("columns") {
        keys.missing("columns", "name the columns with values: `columns = { value = { type = \"decimal\" } }`");
    }
    WrittenShape { key, columns }
}

impl WrittenShape<'_> {
    /// The shape, once the table it stands in is read to its end.
    pub(crate) fn complete(self, found: &mut Diagnostics) -> Option<(KeyType, Vec<TableColumn>)> {
        let (written, span) = self.columns?;
        if written.is_empty() {
            let problem = Diagnostic::new(Code::BadListHeader, "a table has at least one column with values").at(span);
            found.push(problem.help("write `columns = { value = { type = \"decimal\" } }`"));
            return None;
        }
        let mut columns = vec![];
        for (key, node) in &written {
            columns.push(column(key, node, found));
        }
        let columns: Option<Vec<TableColumn>> = columns.into_iter().collect();
        Some((self.key?, columns?))
    }
}

fn column(key: &crate::diag::Key, node: &Node, found: &mut Diagnostics) -> Option<TableColumn> {
    let reserved = TABLE_COLUMNS.contains(&key.text.as_str()) || key.text == SOURCE_COLUMN;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if reserved || key.text.is_empty() || !key.text.chars().all(is_name) {
        let message = format!("`{}` cannot name a column with values", key.text);
        let problem = Diagnostic::new(Code::BadListHeader, message).at(key.span);
        found.push(problem.help("use lower case letters, digits and `_`, as in `rule_of_law`"));
        return None;
    }
    let Some(table) = node.table() else {
        let message = format!("`{}` is a table, but this is {}", key.text, node.kind());
        let problem = Diagnostic::new(Code::WrongType, message).at(node.span);
        found.push(problem.help(format!("write `{} = {{ type = \"decimal\" }}`", key.text)));
        return None;
    };
    let mut keys = Keys::new(table, node.span, "", found);
    let ty = keys.word("type", &ColumnType::ALL, ColumnType::word);
    if ty.is_none() && !keys.has("type") {
        keys.missing("type", "say what the cells hold: integer, decimal, text or flag");
    }
    let unit = keys.text("unit").map(|(unit, _)| unit);
    keys.finish();
    Some(TableColumn { name: Arc::from(key.text.as_str()), ty: ty?, unit })
}
