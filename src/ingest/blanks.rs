//! Texts that stand for nothing: `N/A`, `-`, `unknown`. The usual ones are in `placeholders.csv`; whether they are looked for,
//! and which a source has beside them, is for its profile to say.
//!
//! A text counts only as a whole cell, whatever its case and accents. Words of a field's own vocabulary are not asked for here.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::record::Type;
use crate::text::{fold, trimmed};

/// Texts that mean blank.
#[derive(Debug, Clone, Default)]
pub struct Blanks {
    /// Folded texts, and in cells of which types; of all types if none is named.
    texts: HashMap<String, Vec<&'static str>>,
}

static USUAL: LazyLock<Blanks> = LazyLock::new(|| {
    let lines = include_str!("placeholders.csv").lines().skip(1);
    let texts = lines.filter_map(|line| line.split_once(','));
    let types = |types: &'static str| types.split(' ').filter(|name| !name.is_empty()).collect();
    Blanks { texts: texts.map(|(text, names)| (key(text), types(names))).collect() }
});

/// No placeholder is longer, in bytes.
const LONGEST: usize = 80;

impl Blanks {
    /// The texts that people and programs usually write for nothing.
    #[must_use]
    pub fn usual() -> Self {
        USUAL.clone()
    }

    /// Whether no text means blank.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// Whether the text means blank in a cell of this type.
    #[must_use]
    pub fn hold(&self, ty: Type, text: &str) -> bool {
        if self.is_empty() || text.len() > LONGEST {
            return false;
        }
        self.texts.get(&key(text)).is_some_and(|types| types.is_empty() || types.contains(&ty.name()))
    }
}

/// What two spellings of one whole cell share.
pub(super) fn key(text: &str) -> String {
    fold(trimmed(text)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::{Country, FIELDS};

    #[test]
    fn a_placeholder_is_a_whole_cell_in_any_case() {
        let usual = Blanks::usual();
        for text in ["N/A", "n/a ", "Ｎ／Ａ", "–", "UNKNOWN", "Non renseigné", "нет данных", "(null)", "\\N"]
        {
            assert!(usual.hold(Type::Text, text), "{text}");
        }
        for text in ["N/A or so", "0", "na", "nan", "xx", "no"] {
            assert!(!usual.hold(Type::Text, text), "{text}");
        }
        assert!(usual.hold(Type::Date, "NaN") && usual.hold(Type::Country, "zz"));
    }

    #[test]
    fn none_are_given_by_default() {
        assert!(Blanks::default().is_empty());
        assert!(["", "N/A"].iter().all(|text| !Blanks::default().hold(Type::Text, text)));
    }

    #[test]
    fn no_usual_placeholder_is_a_country_and_every_type_is_one() {
        let types: Vec<&str> = FIELDS.iter().map(|field| field.ty.name()).collect();
        for line in include_str!("placeholders.csv").lines().skip(1) {
            let (text, names) = line.split_once(',').expect("two cells");
            assert!(
                text.len() <= LONGEST && names.split(' ').all(|name| name.is_empty() || types.contains(&name)),
                "{line}"
            );
            let synthetic = Country::parse(text).is_some_and(|country| country.code().starts_with('X'));
            assert!(
                synthetic || Country::parse(text).is_none() || !Blanks::usual().hold(Type::Country, text),
                "{text}"
            );
        }
    }
}
