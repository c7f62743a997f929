//! Profiles: how the layout of one source becomes the canonical record, as data.
//!
//! In goes a TOML file, out comes a [`Profile`], checked with diagnostics as rules are; what is wrong is said with its place,
//! and a profile with an error is not used. For an input it is made into a plan, which turns each row into the canonical
//! form, in parallel, knowing no other row. The profiles that are built in are TOML files too, beside this module in
//! `profiles/`, whose README describes every key.
//!
//! A profile maps; it does not judge. What it cannot read it hands on as it stands, so that the cell is invalid and keeps its
//! text. It never fills a field from one that means something else.

mod bind;
mod condition;
mod filled;
mod map;
mod names;
mod path;
mod plan;
mod propose;
mod read;
mod spec;
mod target;
mod used;

use std::fmt;
use std::sync::{Arc, LazyLock};

use sha2::{Digest, Sha256};

pub(super) use bind::Bound;
use bind::Column;
pub(super) use plan::{Mapped, Plan, Read};
pub use propose::Survey;
pub(super) use spec::Join;
use spec::Spec;
pub use spec::TableLayout;

use crate::diag::{Diagnostics, SourceId, Sources};
use crate::record::DayOrder;
use crate::text::hex;

/// The profiles inside the program. Where several tell a layout equally well, the first one has it.
const BUILT_IN: [(&str, &str); 5] = [
    ("canonical.toml", include_str!("../profiles/canonical.toml")),
    ("table.toml", include_str!("../profiles/table.toml")),
    ("interpol-api.toml", include_str!("../profiles/interpol-api.toml")),
    ("opensanctions-csv.toml", include_str!("../profiles/opensanctions-csv.toml")),
    ("opensanctions-ftm.toml", include_str!("../profiles/opensanctions-ftm.toml")),
];

/// The profile of our own form.
const CANONICAL: &str = "canonical";
/// The profile of tables of which nothing else is known.
const TABLE: &str = "table";

static BUILT_INS: LazyLock<Vec<Profile>> = LazyLock::new(|| {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let read = |(name, text): &(&str, &str)| {
        let source = sources.add(*name, *text);
        Spec::parse(source, text, &[], &mut found).map(|spec| Profile { spec: Arc::new(spec), hash: None })
    };
    BUILT_IN.iter().filter_map(read).collect()
});

/// How the layout of a source becomes the canonical record.
#[derive(Clone)]
pub struct Profile {
    spec: Arc<Spec>,
    hash: Option<String>,
}

impl Profile {
    /// The profile of this name that is built in.
    #[must_use]
    pub fn built_in(name: &str) -> Option<Self> {
        BUILT_INS.iter().find(|profile| profile.name() == name).cloned()
    }

    /// The names of the profiles that are built in.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILT_INS.iter().map(Self::name)
    }

    /// Reads a profile that a user wrote. None if it has an error; all that is wrong with it is reported.
    #[must_use]
    pub fn parse(source: SourceId, text: &str, found: &mut Diagnostics) -> Option<Self> {
        let bases: Vec<&Spec> = BUILT_INS.iter().map(|profile| &*profile.spec).collect();
        let spec = Spec::parse(source, text, &bases, found)?;
        let hash = hex(&Sha256::digest(text.as_bytes()));
        Some(Self { spec: Arc::new(spec), hash: Some(hash) })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// SHA-256 of its text, in hexadecimal; none for a profile that is built in.
    #[must_use]
    pub fn hash(&self) -> Option<&str> {
        self.hash.as_deref()
    }

    /// How its dates are to be read, if it says so.
    #[must_use]
    pub fn date_order(&self) -> Option<DayOrder> {
        self.spec.date_order
    }

    /// How its tables are laid out, where it says so.
    #[must_use]
    pub fn table_layout(&self) -> &TableLayout {
        &self.spec.table
    }

    /// The profile whose layout these keys or columns tell; for others that of our own form, or of tables.
    pub(super) fn recognise(keys: &[String], is_table: bool) -> Self {
        let has = |key: &String| keys.iter().any(|known| known.trim() == key);
        let told = |profile: &&Self| {
            let sets = profile.spec.recognise.iter().filter(|set| !set.is_empty() && set.iter().all(has));
            sets.map(Vec::len).max().unwrap_or(0)
        };
        // Of equals `max_by_key` takes the last one.
        let best = BUILT_INS.iter().rev().max_by_key(told).filter(|best| told(best) > 0);
        let name = best.map_or(CANONICAL, Self::name);
        Self::named(if is_table && name == CANONICAL { TABLE } else { name })
    }

    fn named(name: &str) -> Self {
        Self::built_in(name).unwrap_or_else(|| Self { spec: Arc::new(Spec::default()), hash: None })
    }

    /// The same profile, for a table: our own form has a sister for tables.
    pub(super) fn for_table(self) -> Self {
        if self.hash.is_none() && self.name() == CANONICAL { Self::named(TABLE) } else { self }
    }

    /// Whether it can read only tables.
    pub(super) fn needs_a_table(&self) -> bool {
        self.hash.is_none() && self.name() == TABLE
    }

    /// How rows are parts of others, if they are.
    pub(super) fn join(&self) -> Option<&Join> {
        self.spec.join.as_ref()
    }

    /// The profile made ready for rows that are objects.
    pub(super) fn plan(&self) -> Plan {
        Plan::of(&self.spec, None)
    }

    /// The profile made ready for a table with these columns.
    ///
    /// # Errors
    /// Says why the columns cannot be used, and what to do about it.
    pub(super) fn bind(&self, names: &[String]) -> Result<Bound, String> {
        bind::bind(&self.spec, names, self.hash.is_some())
    }

    /// What it makes of the columns of a table, whether or not they can be used.
    fn columns(&self, names: &[String]) -> Vec<Column> {
        bind::columns(&self.spec, names)
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Profile").field("name", &self.name()).field("hash", &self.hash).finish_non_exhaustive()
    }
}

/// Whether a cell of a header line is the name of a field, another name of one, or a column that a built-in profile reads.
pub(super) fn is_known_name(name: &str) -> bool {
    let plain = name.trim();
    names::meaning(plain).1 != names::Meaning::Unknown
        || BUILT_INS.iter().flat_map(|profile| &profile.spec.recognise).flatten().any(|key| key == plain)
        || BUILT_INS
            .iter()
            .flat_map(|profile| &profile.spec.maps)
            .flat_map(|map| &map.from)
            .any(|path| path.name() == plain)
}

#[cfg(test)]
mod tests;
