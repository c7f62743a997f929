//! Which keys of a row are read or known to be of no use. All others are counted as ignored.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value as Json;

use super::path::Path;

/// The keys of rows that are made use of.
#[derive(Debug, Default)]
pub(super) struct Used {
    keys: BTreeMap<String, Use>,
    /// Paths as names of columns: flattened tables have them.
    flat: HashSet<String>,
}

#[derive(Debug)]
pub(super) enum Use {
    Whole,
    Below(Used),
}

impl Used {
    pub(super) fn add(&mut self, path: &Path) {
        self.flat.insert(path.name().to_owned());
        self.add_keys(&path.keys().collect::<Vec<_>>());
    }

    pub(super) fn add_below(&mut self, list: &Path, path: &Path) {
        self.add_keys(&list.keys().chain(path.keys()).collect::<Vec<_>>());
    }

    fn add_keys(&mut self, keys: &[&str]) {
        let Some((key, below)) = keys.split_first() else { return };
        if below.is_empty() {
            self.keys.insert((*key).to_owned(), Use::Whole);
        } else if let Use::Below(used) =
            self.keys.entry((*key).to_owned()).or_insert_with(|| Use::Below(Self::default()))
        {
            used.add_keys(below);
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&Use> {
        const WHOLE: &Use = &Use::Whole;
        self.keys.get(key).or_else(|| self.flat.contains(key).then_some(WHOLE))
    }

    /// Enters the keys below one that are not made use of.
    pub(super) fn unused(&self, name: &str, value: &Json, ignored: &mut BTreeSet<String>) {
        match value {
            Json::Array(items) => items.iter().for_each(|item| self.unused(name, item, ignored)),
            Json::Object(object) => {
                for (key, value) in object {
                    let full = format!("{name}.{key}");
                    match self.keys.get(key) {
                        Some(Use::Whole) => {}
                        Some(Use::Below(below)) => below.unused(&full, value, ignored),
                        None => drop(ignored.insert(full)),
                    }
                }
            }
            _ => {}
        }
    }
}
