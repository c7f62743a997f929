//! The names that tables give to fields, and the words they use for enums and flags, in several languages. Both are data:
//! `headers.csv` and `words.csv`. Case, accents, blanks and punctuation do not count.
//!
//! A name that could mean several fields (`Country`) is known and stands for none.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::target::Target;
use crate::record::{Field, Type};
use crate::text::fold;

const HEADERS: &str = include_str!("../profiles/headers.csv");
const WORDS: &str = include_str!("../profiles/words.csv");

/// What the name of a column tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// It is the name of a field.
    Name,
    /// It is another name of a field, in this language.
    Synonym(&'static str),
    /// It is known and could mean several fields.
    Ambiguous,
    /// It is not known.
    Unknown,
}

/// Every known name by its [`key`], with its language. No field is one that could mean several.
static NAMES: LazyLock<HashMap<String, (Option<Field>, &'static str)>> = LazyLock::new(|| {
    let rows = HEADERS.lines().skip(1).filter_map(|line| {
        let mut cells = line.splitn(3, ',');
        Some((cells.next()?, cells.next()?, cells.next()?))
    });
    rows.flat_map(|(field, language, names)| {
        names.split('|').map(move |name| (key(name), (Field::named(field), language)))
    })
    .collect()
});

/// A word of the record's vocabulary, and the language in which it is not what another word stands for, if there is one.
type Told = (&'static str, &'static str);

/// What words stand for, by field and folded word.
static MEANINGS: LazyLock<HashMap<(&'static str, String), Told>> = LazyLock::new(|| {
    let rows = WORDS.lines().skip(1).filter_map(|line| {
        let mut cells = line.splitn(4, ',');
        Some((cells.next()?, cells.next()?, cells.next()?, cells.next()?))
    });
    rows.flat_map(|(field, value, except, words)| {
        words.split('|').map(move |word| ((field, key(word)), (value, except)))
    })
    .collect()
});

/// What two spellings of one name share.
pub(super) fn key(name: &str) -> String {
    fold(name).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// What the name of a column means.
pub(super) fn meaning(name: &str) -> (Option<Target>, Meaning) {
    let plain = name.trim().to_lowercase().replace([' ', '-'], "_");
    if let Ok(target) = Target::parse(&plain) {
        return (Some(target), Meaning::Name);
    }
    let key = key(name);
    match NAMES.get(&key) {
        Some((Some(field), language)) => (Some(Target::of(*field)), Meaning::Synonym(language)),
        Some((None, _)) => (None, Meaning::Ambiguous),
        None => numbered(&key)
            .map_or((None, Meaning::Unknown), |(target, language)| (Some(target), Meaning::Synonym(language))),
    }
}

/// `Charge 2` is the second of several columns for one list.
fn numbered(key: &str) -> Option<(Target, &'static str)> {
    let name = key.trim_end_matches(|c: char| c.is_ascii_digit());
    let number: usize = key[name.len()..].parse().ok().filter(|number| (1..=99).contains(number))?;
    let (field, language) = NAMES.get(name)?;
    let field = field.filter(|field| field.is_many())?;
    let item = field.list().is_some().then(|| number - 1);
    Some((Target { field, item }, language))
}

/// The word of the vocabulary that a word stands for in a column whose name is in this language.
pub(super) fn word(field: Field, word: &str, language: &str) -> Option<&'static str> {
    let class = match field.ty() {
        Type::Flag => "flag",
        Type::Term(_) => field.path(),
        _ => return None,
    };
    let (value, except) = MEANINGS.get(&(class, key(word)))?;
    (except.is_empty() || *except != language).then_some(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    fn field(name: &str) -> Option<&'static str> {
        meaning(name).0.map(|target| target.field.path())
    }

    #[test]
    fn names_in_five_languages_are_known_however_they_are_spelt() {
        for (path, names) in [
            ("family_name", ["Last_name", "NOM DE FAMILLE", "apellidos", "اللقب", "Фамилия"]),
            ("date_of_birth", ["D.O.B.", "date de naissance", "Fecha de Nacimiento", "تاريخ الميلاد", "ДАТА РОЖДЕНИЯ"]),
            ("charges.text", ["Offence", "chef d’accusation", "DELITO", "التهمة", "обвинение"]),
            (
                "requesting_country",
                ["requesting-country", "Pays requerant", "Pais solicitante", "الدولة الطالبة", "Страна запроса"],
            ),
            ("nationalities", ["Nationality", "nationalité", "nacionalidad", "الجنسيّة", "Гражданство"]),
        ] {
            names.iter().for_each(|name| assert_eq!(field(name), Some(path), "{name}"));
        }
        assert_eq!(field("charges[1].text"), Some("charges.text"));
        assert_eq!(meaning("Offence 2").0.map(Target::written), Some("charges[1].text".into()));
        assert_eq!(meaning("DOB 2"), (None, Meaning::Unknown));
    }

    #[test]
    fn a_name_that_could_mean_several_fields_stands_for_none() {
        for name in ["Country", "PAYS", "país", "الدولة", "Страна", "Date"] {
            assert_eq!(meaning(name), (None, Meaning::Ambiguous), "{name}");
        }
        assert_eq!(meaning("colour of eyes"), (None, Meaning::Unknown));
    }

    #[test]
    fn no_name_means_two_fields_and_no_nationality_is_the_requesting_country() {
        let mut known: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
        let mut languages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for line in HEADERS.lines().skip(1) {
            let cells: Vec<&str> = line.splitn(3, ',').collect();
            let [path, language, names] = <[&str; 3]>::try_from(cells).expect("three cells");
            assert!(path.is_empty() || Target::parse(path).is_ok(), "{path}");
            languages.entry(path).or_default().insert(language);
            for name in names.split('|') {
                assert!(!key(name).is_empty(), "{line}");
                known.entry(key(name)).or_default().insert(path);
                let national = ["national", "citizen", "nacional", "citoyen", "ciudadan", "гражданств", "جنسي"];
                let is_national = national.iter().any(|part| key(name).contains(&key(part)));
                assert!(!is_national || path != "requesting_country", "{name}");
                let own = Target::parse(&name.to_lowercase().replace([' ', '-'], "_"));
                assert!(
                    own.is_err() || own.is_ok_and(|own| own.field.path() == path),
                    "{name} is another field's name"
                );
            }
        }
        let twice: Vec<_> = known.iter().filter(|(_, paths)| paths.len() > 1).collect();
        assert!(twice.is_empty(), "{twice:?}");
        assert!(languages.len() > 40 && languages.values().filter(|all| all.len() == 5).count() > 40);
    }

    #[test]
    fn words_are_those_of_the_vocabulary_and_a_letter_that_could_mean_two_is_left_alone() {
        for line in WORDS.lines().skip(1) {
            let cells: Vec<&str> = line.splitn(4, ',').collect();
            let [class, value, ..] = <[&str; 4]>::try_from(cells).expect("four cells");
            let known = match Field::named(class).map(Field::ty) {
                Some(Type::Term(words)) => words.terms.contains(&value),
                _ => class == "flag" && ["true", "false"].contains(&value),
            };
            assert!(known, "{line}");
        }
        let sex = Field::named("sex").expect("a field");
        assert_eq!(word(sex, "HOMBRE", "es"), Some("male"));
        assert_eq!(word(sex, "M", "fr"), Some("male"));
        assert_eq!(word(sex, "M", "es"), None, "M is also the first letter of mujer");
        assert_eq!(word(Field::KIND, "نشرة حمراء", "ar"), Some("red_notice"));
        assert_eq!(word(Field::named("is_public").expect("a field"), "Sí", "es"), Some("true"));
        assert_eq!(word(Field::CHARGES_TEXT, "oui", "fr"), None);
    }
}
