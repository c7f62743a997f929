//! What a table looks like to a profile, column by column, and a profile written for it. Nothing of what the cells say is
//! shown or written: a file with a profile must be free to be passed on.

use serde_json::Value as Json;

use super::Profile;
use super::bind::{Column, Use};
use super::names::{self, Meaning};
use crate::ingest::cell::missing;
use crate::record::{Country, DateReading, Field};

/// The share of filled cells, in percent, that must look like something for the column to look like it.
const ENOUGH: usize = 80;
/// Fewer filled cells than this look like nothing.
const FEWEST: usize = 2;

/// A table and what a profile makes of its columns.
#[derive(Debug)]
pub struct Survey {
    profile: String,
    columns: Vec<(Column, Evidence)>,
    rows: usize,
}

/// What the cells of a column look like.
#[derive(Debug, Default, Clone, Copy)]
struct Evidence {
    filled: usize,
    looks: [usize; LOOKS.len()],
}

/// What it is called, the field to think of, and whether a cell looks like it.
type Look = (&'static str, &'static str, fn(&str) -> bool);

/// What cells can look like.
const LOOKS: [Look; 4] = [
    ("dates", "date_of_birth", is_date),
    ("words for sex", "sex", |text| is_term("sex", text)),
    ("kinds of notice", "kind", |text| is_term("kind", text)),
    ("countries", "nationalities", |text| Country::parse(text).is_some()),
];

/// A year alone is a number like any other; day and month in either order are a date all the same.
fn is_date(text: &str) -> bool {
    !text.bytes().all(|byte| byte.is_ascii_digit()) && DateReading::of(text).is_some()
}

fn is_term(field: &str, text: &str) -> bool {
    let Some(field) = Field::named(field) else { return false };
    let known = field.vocabulary().and_then(|words| words.position(text));
    known.is_some() || names::word(field, text, "").is_some()
}

impl Survey {
    pub(in crate::ingest) fn of(profile: &Profile, names: &[String]) -> Self {
        let columns = profile.columns(names).into_iter().map(|column| (column, Evidence::default()));
        Self { profile: profile.name().to_owned(), columns: columns.collect(), rows: 0 }
    }

    /// Looks at a row.
    pub(in crate::ingest) fn see(&mut self, cells: &[Json]) {
        self.rows += 1;
        for ((_, evidence), cell) in self.columns.iter_mut().zip(cells) {
            if missing(cell).is_some() {
                continue;
            }
            evidence.filled += 1;
            let text = cell.as_str().map_or_else(|| cell.to_string(), |text| text.trim().to_owned());
            for (count, (.., looks)) in evidence.looks.iter_mut().zip(LOOKS) {
                *count += usize::from(looks(&text));
            }
        }
    }

    /// Whether the row that was taken for the header looks like data: no name in it is known, and some look like values.
    #[must_use]
    pub fn header_looks_like_data(&self) -> bool {
        let unknown = |(column, _): &(Column, Evidence)| column.use_of == Use::Name(Meaning::Unknown);
        let is_value = |(column, _): &(Column, Evidence)| LOOKS.iter().any(|(.., looks)| looks(&column.name));
        self.columns.iter().all(unknown) && self.columns.iter().any(is_value)
    }

    /// Whether every column has the name of the field it fills, so that there is nothing to be said of them.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        self.columns.iter().all(|(column, _)| column.use_of == Use::Name(Meaning::Name))
    }

    /// The name of the profile.
    #[must_use]
    pub fn profile_name(&self) -> &str {
        &self.profile
    }

    /// Every column: its name, the field it fills, how that is known, and how many of a hundred cells are filled.
    #[must_use]
    pub fn lines(&self) -> Vec<[String; 4]> {
        let line = |(column, evidence): &(Column, Evidence)| {
            let field = column.field().filter(|_| column.is_read()).unwrap_or_else(|| "-".to_owned());
            [column.name.clone(), field, self.how(column, *evidence), format!("{}%", self.filled(*evidence))]
        };
        self.columns.iter().map(line).collect()
    }

    fn filled(&self, evidence: Evidence) -> usize {
        evidence.filled * 100 / self.rows.max(1)
    }

    fn how(&self, column: &Column, evidence: Evidence) -> String {
        let how = match &column.use_of {
            Use::Profile => return format!("profile `{}`", self.profile),
            Use::Nothing => return "known, of no use".to_owned(),
            Use::Name(Meaning::Name) => return "name of the field".to_owned(),
            Use::Name(Meaning::Synonym(language)) => return format!("another name ({language})"),
            Use::Taken => return "another column is this field".to_owned(),
            Use::Name(Meaning::Ambiguous) => "could mean several fields",
            Use::Name(Meaning::Unknown) => "not known",
        };
        match evidence.looks_like() {
            Some((looks, _)) => format!("{how}; looks like {looks}"),
            None => how.to_owned(),
        }
    }

    /// A profile for tables with these columns, ready to be edited. It holds names of columns and nothing that cells say.
    #[must_use]
    pub fn profile(&self, name: &str) -> String {
        let base = self.profile.as_str();
        let base = if Profile::built_in(base).is_some() { base } else { super::TABLE };
        let mut text = format!(
            "# Says which column of a table fills which field. Read a table with it: `article3 scan FILE --profile THIS-FILE`.\n\
             # `article3 rules fields` lists the fields. A column that nothing is made of is counted as ignored.\n\
             name = {}\nextends = {}\n\
             # blank = [\"none\"]             # whole cells that mean nothing is there\n\
             # withheld = [\"xxx\"]           # whole cells that mean redaction\n\
             # date_order = \"day-first\"     # or \"month-first\", for dates such as 01/02/1985\n\
             \n# [set]                       # what is so of every record\n# kind = \"red_notice\"\n",
            quoted(name),
            quoted(base)
        );
        for (column, evidence) in &self.columns {
            let share = self.filled(*evidence);
            let by_profile = column.use_of == Use::Profile;
            let field = column.field().filter(|_| column.is_read() && !by_profile);
            let mark = if field.is_some() { "" } else { "# " };
            let how = self.how(column, *evidence);
            let guess = evidence.looks_like().map_or("", |(_, field)| field);
            let to = field.or_else(|| column.field()).unwrap_or_else(|| guess.to_owned());
            let name = quoted(&column.name);
            text += &format!(
                "\n# {share}% filled; {}\n{mark}[[map]]\n{mark}column = {name}\n{mark}to = {}\n",
                plain(&how),
                quoted(&to)
            );
        }
        text
    }
}

impl Evidence {
    fn looks_like(self) -> Option<(&'static str, &'static str)> {
        let enough = |count: usize| self.filled >= FEWEST && count * 100 >= self.filled * ENOUGH;
        let looks = LOOKS.iter().zip(self.looks).find(|(_, count)| enough(*count));
        looks.map(|((looks, field, _), _)| (*looks, *field))
    }
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::String(plain(text)).to_string()
}

/// Without line ends and other control characters, which could leave a comment.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
