//! A profile and the columns of one table: which column fills which field, and what cannot be.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{self, Meaning};
use super::path::Path;
use super::plan::Plan;
use super::spec::{Map, Spec, Split};
use super::target::Target;
use crate::ingest::list::SEPARATORS;

/// How much of a header line is shown.
const SHOWN: usize = 200;

/// A profile made ready for a table.
#[derive(Debug)]
pub(in crate::ingest) struct Bound {
    pub(in crate::ingest) plan: Plan,
    /// The names of the columns, each once.
    pub(in crate::ingest) names: Vec<String>,
    pub(in crate::ingest) warnings: Vec<String>,
}

/// One column of a table and what becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Column {
    /// Its name in the file.
    pub(super) name: String,
    pub(super) target: Option<Target>,
    /// How it was understood.
    pub(super) use_of: Use,
}

/// How a column was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Use {
    /// The profile names it.
    Profile,
    /// The profile knows it and makes nothing of it.
    Nothing,
    /// What its name means.
    Name(Meaning),
    /// Its name means a field that another column is.
    Taken,
}

impl Column {
    /// The field it fills, as it is written in a profile.
    pub(super) fn field(&self) -> Option<String> {
        self.target.map(Target::written)
    }

    /// Whether anything is made of it.
    pub(super) fn is_read(&self) -> bool {
        self.target.is_some() && self.use_of != Use::Taken || self.use_of == Use::Profile
    }
}

pub(super) fn bind(spec: &Spec, names: &[String], is_own: bool) -> Result<Bound, String> {
    let names = renamed(spec, names)?;
    let columns = resolve(spec, &names)?;
    if !columns.iter().any(Column::is_read) {
        let shown: String = names.join(", ").chars().take(SHOWN).collect();
        return Err(if spec.rest {
            format!(
                "no column is named like a field (`{shown}`); rename the columns to `record_id`, `kind`, `charges.text` and so \
                 on, or write a profile: `article3 inspect FILE --write-profile my.toml`"
            )
        } else {
            format!(
                "no column is one that profile `{}` reads (`{shown}`); give another `--profile`, or leave it out",
                spec.name
            )
        });
    }
    let own: Vec<Map> =
        columns.iter().filter(|column| column.use_of != Use::Profile && column.is_read()).map(map).collect();
    let plan = Plan::of(&for_cells(spec), Some(own));
    let warnings = if is_own { not_there(spec, &names) } else { vec![] };
    Ok(Bound { plan, names, warnings })
}

/// What becomes of every column, as far as it can be said.
pub(super) fn columns(spec: &Spec, names: &[String]) -> Vec<Column> {
    let names = renamed(spec, names).unwrap_or_else(|_| names.to_vec());
    resolve(spec, &names).unwrap_or_else(|_| understood(spec, &names))
}

/// The names that the profile gives, or those of the header with something in place of nothing.
fn renamed(spec: &Spec, names: &[String]) -> Result<Vec<String>, String> {
    let given = &spec.table.columns;
    if !given.is_empty() && given.len() != names.len() {
        return Err(format!(
            "profile `{}` names {} columns, and the table has {}; correct `columns`",
            spec.name,
            given.len(),
            names.len()
        ));
    }
    let names = if given.is_empty() { names } else { given };
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut unique = vec![];
    for (at, name) in names.iter().enumerate() {
        let plain = name.trim();
        let mut own = if plain.is_empty() { format!("(column {})", at + 1) } else { plain.to_owned() };
        if !seen.insert(own.clone()) {
            if is_read(spec, plain) || spec.rest && names::meaning(plain).0.is_some() {
                return Err(format!("column `{plain}` stands twice; leave one out"));
            }
            own = format!("{plain} (column {})", at + 1);
            seen.insert(own.clone());
        }
        unique.push(own);
    }
    Ok(unique)
}

/// Whether a map of the profile reads a column.
fn is_read(spec: &Spec, name: &str) -> bool {
    spec.maps.iter().flat_map(|map| &map.from).any(|path| is_at(path, name))
}

fn is_at(path: &Path, name: &str) -> bool {
    path.name() == name || path.keys().next() == Some(name)
}

fn understood(spec: &Spec, names: &[String]) -> Vec<Column> {
    let column = |name: &String| {
        let (target, use_of) =
            if let Some(map) = spec.maps.iter().find(|map| map.from.iter().any(|path| is_at(path, name))) {
                (map.to, Use::Profile)
            } else if spec.ignore.iter().any(|path| is_at(path, name)) {
                (None, Use::Nothing)
            } else if spec.rest {
                let (target, meaning) = names::meaning(name);
                (target, Use::Name(meaning))
            } else {
                (None, Use::Name(Meaning::Unknown))
            };
        Column { name: name.clone(), target, use_of }
    };
    names.iter().map(column).collect()
}

/// Settles which of several columns for one field is read: the one with the name of the field, or none.
fn resolve(spec: &Spec, names: &[String]) -> Result<Vec<Column>, String> {
    let mut columns = understood(spec, names);
    let filled: BTreeSet<Target> = spec.maps.iter().filter_map(|map| map.to).filter(|to| !to.takes_several()).collect();
    let mut by_target: BTreeMap<Target, Vec<usize>> = BTreeMap::new();
    for (at, column) in columns.iter().enumerate() {
        if let (Some(target), Use::Name(_)) = (column.target, &column.use_of) {
            by_target.entry(target).or_default().push(at);
        }
    }
    for (target, all) in by_target {
        let exact: Vec<usize> =
            all.iter().copied().filter(|at| columns[*at].use_of == Use::Name(Meaning::Name)).collect();
        if let [_, second, ..] = exact[..] {
            return Err(format!("column `{}` stands twice; leave one out", columns[second].name));
        }
        if target.takes_several() || all.len() + usize::from(filled.contains(&target)) < 2 {
            continue;
        }
        if let ([], [first, second, ..], false) = (exact.as_slice(), all.as_slice(), filled.contains(&target)) {
            return Err(format!(
                "columns `{}` and `{}` both are `{}`; leave one out, or name the one that is meant `{}`",
                columns[*first].name,
                columns[*second].name,
                target.field.path(),
                target.field.path(),
            ));
        }
        let keep = exact.first().filter(|_| !filled.contains(&target));
        all.iter().filter(|at| Some(*at) != keep).for_each(|at| columns[*at].use_of = Use::Taken);
    }
    Ok(columns)
}

/// What fills the field that a column is by its name.
fn map(column: &Column) -> Map {
    let language = match column.use_of {
        Use::Name(Meaning::Synonym(language)) => language,
        _ => "",
    };
    let to = column.target;
    Map {
        from: vec![Path::column(&column.name)],
        split: to.and_then(split),
        to,
        words: Some(language),
        ..Map::default()
    }
}

fn split(to: Target) -> Option<Split> {
    (to.field.is_many() && to.field.list().is_none()).then(|| Split::At(SEPARATORS.to_vec()))
}

/// The profile with what is so of all tables: a list stands in one cell, and words are in the language of the column.
fn for_cells(spec: &Spec) -> Spec {
    let mut spec = spec.clone();
    for map in &mut spec.maps {
        if map.split.is_none() {
            map.split = map.to.filter(|_| !map.present).and_then(split);
        }
        if spec.rest {
            map.words = map.from.first().map(|path| match names::meaning(path.name()).1 {
                Meaning::Synonym(language) => language,
                _ => "",
            });
        }
    }
    spec
}

/// Columns that a user's profile reads and that the table has not: most often they are misspelt.
fn not_there(spec: &Spec, names: &[String]) -> Vec<String> {
    let absent = |map: &&Map| !map.from.iter().any(|path| names.iter().any(|name| is_at(path, name)));
    let absent = spec.maps.iter().filter(absent).filter_map(|map| map.from.first());
    absent
        .map(|path| {
            format!(
                "profile `{}` reads a column `{}`, which the table has not; its field is not carried",
                spec.name,
                path.name()
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::ingest::profile::Profile;

    fn of_table(names: &[&str]) -> Result<Vec<(String, Option<String>)>, String> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let profile = Profile::built_in("table").expect("built in");
        profile.bind(&names)?;
        Ok(profile
            .columns(&names)
            .into_iter()
            .map(|column| (column.name.clone(), column.field().filter(|_| column.is_read())))
            .collect())
    }

    #[test]
    fn a_header_that_cannot_be_used_says_why() {
        let error = |names: &[&str]| of_table(names).err().unwrap_or_default();
        assert_eq!(error(&["sex", "Sex"]), "column `Sex` stands twice; leave one out");
        assert_eq!(error(&["sex", "charges.text", "sex"]), "column `sex` stands twice; leave one out");
        assert!(error(&["a", "b"]).starts_with("no column is named like a field (`a, b`)"));
        assert!(
            error(&["Surname", "Nom"]).starts_with("columns `Surname` and `Nom` both are `family_name`; leave one out")
        );
        assert_eq!(
            error(&["Country", "Pays"]).split(';').next(),
            Some("no column is named like a field (`Country, Pays`)")
        );
    }

    #[test]
    fn the_name_of_the_field_wins_and_lists_take_all() {
        let read =
            of_table(&["Surname", "family_name", "Charge", "Delito", "note", "note", ""]).expect("a sound header");
        let fields: Vec<Option<&str>> = read.iter().map(|(_, field)| field.as_deref()).collect();
        let charge = Some("charges[].text");
        assert_eq!(fields, [None, Some("family_name"), charge, charge, None, None, None]);
        assert_eq!((read[5].0.as_str(), read[6].0.as_str()), ("note (column 6)", "(column 7)"));
    }
}
