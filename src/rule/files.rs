//! Where rule files come from: the pack inside the program, or a folder and the folders that its rule sets extend.
//!
//! In goes a path, out come names and texts. A name is relative to the folder, with `/`; that of a file outside begins with
//! `../`, that of a file of the pack with [`PACK`]. This is the only place that reads rule files; it reads every file once
//! and understands no more of it than which other rule sets it extends.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

use super::lock::LOCK_FILE;
use super::ruleset::bases;
use super::shipped::SHIPPED;
use crate::diag::{Diagnostics, Sources, Table, parse_toml};

/// How the names of files of the pack inside the program begin.
pub(super) const PACK: &str = "shipped:";

/// What stands in a text for bytes that are not UTF-8; the check reports it.
pub(super) const UNDECODED: char = char::REPLACEMENT_CHARACTER;

/// The file of the rule set that is used unless another one is asked for.
pub(super) const DEFAULT: &str = "ruleset.toml";

/// The files of a folder with rules, and of the folders that its rule sets extend.
#[derive(Debug, Clone, Default)]
pub struct RuleFiles {
    folder: Option<PathBuf>,
    files: BTreeMap<String, String>,
    /// Files of other folders.
    outside: BTreeMap<String, String>,
    /// The file of the rule set that was named instead of its folder.
    named: Option<String>,
}

impl RuleFiles {
    /// The pack inside the program.
    #[must_use]
    pub fn shipped() -> Self {
        let files = SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Self { files, ..Self::default() }
    }

    /// All `.toml` and `.csv` files of a folder and the folders in it and its lock, with those of the folders that its rule
    /// sets extend; or one rule file. The file of a rule set stands for its folder, with that rule set chosen.
    ///
    /// # Errors
    /// Where the folder or a file cannot be read; the error names it. Bytes that are not UTF-8 are no error here: the
    /// check reports the place.
    pub fn read(path: &Path) -> io::Result<Self> {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut all = Self::default();
        if path.is_dir() {
            all.folder = Some(path.to_owned());
        } else {
            all.folder = path.parent().map(Path::to_owned);
            if !is_set(&name) {
                all.files.insert(name, read_text(path)?);
                return Ok(all);
            }
            std::fs::metadata(path).map_err(|error| naming(path, &error))?;
            all.named = Some(name);
        }
        let folder = all.folder.clone().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| ".".into());
        collect(&folder, "", &mut vec![], &mut all.files)?;
        all.follow(&folder)?;
        Ok(all)
    }

    /// Reads the folders outside that rule sets extend. What does not exist is left for the check to report.
    fn follow(&mut self, folder: &Path) -> io::Result<()> {
        let mut open: Vec<String> = self.files.keys().filter(|name| is_set(name)).cloned().collect();
        let mut seen: BTreeSet<String> = open.iter().cloned().collect();
        while let Some(set) = open.pop() {
            let text = self.get(&set).unwrap_or_default();
            for target in bases(text).iter().filter_map(|base| resolve(folder_of(&set), base)) {
                let file = if is_set(&target) { target } else { within(&target, DEFAULT) };
                let below = folder_of(&file).to_owned();
                if self.get(&file).is_none() && folder.join(&file).is_file() {
                    collect(&folder.join(&below), &below, &mut vec![], &mut self.outside)?;
                }
                if seen.insert(file.clone()) && self.get(&file).is_some() {
                    open.push(file);
                }
            }
        }
        Ok(())
    }

    /// Adds a file, or replaces the one of that name.
    pub fn insert(&mut self, name: impl Into<String>, text: impl Into<String>) {
        self.files.insert(name.into(), text.into());
    }

    /// Names and texts of the files of the folder itself, in order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of a file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        if let Some(name) = name.strip_prefix(PACK) {
            return SHIPPED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text);
        }
        self.files.get(name).or_else(|| self.outside.get(name)).map(String::as_str)
    }

    /// The names of the rule sets of the folder, or of the one that was named in its place: `default` for `ruleset.toml`,
    /// which comes first, and `strict` for `strict.ruleset.toml`.
    #[must_use]
    pub fn sets(&self) -> Vec<&str> {
        let mut files: Vec<&str> = self.set_files().collect();
        files.sort_by_key(|file| *file != DEFAULT);
        files.into_iter().map(set_name).collect()
    }

    /// Whether a rule set is used without being asked for by name.
    #[must_use]
    pub fn has_default(&self) -> bool {
        self.set_file(None).is_some()
    }

    /// The file of a rule set of the folder; without a name, of the one that is used unless another is asked for.
    pub(super) fn set_file(&self, name: Option<&str>) -> Option<&str> {
        match name {
            Some(name) => self.set_files().find(|file| set_name(file) == name),
            None => self.set_files().find(|file| *file == self.named.as_deref().unwrap_or(DEFAULT)),
        }
    }

    fn set_files(&self) -> impl Iterator<Item = &str> {
        let files = self.files.keys().map(String::as_str).filter(|file| is_set(file) && folder_of(file).is_empty());
        files.filter(|file| self.named.as_deref().is_none_or(|named| named == *file))
    }

    /// The files that a rule set in a folder can read: names below the folder, in order, with their texts. A folder in it
    /// with a rule set of its own is left out.
    pub(super) fn below(&self, folder: &str) -> Vec<(&str, &str)> {
        let packed = SHIPPED.iter().copied().filter_map(|(name, text)| folder.strip_prefix(PACK).map(|_| (name, text)));
        let read =
            [&self.files, &self.outside].into_iter().flatten().map(|(name, text)| (name.as_str(), text.as_str()));
        let read = read.filter_map(|(name, text)| Some((name.strip_prefix(folder)?, text)));
        let all: Vec<(&str, &str)> = packed.chain(read).filter(|(name, _)| !name.starts_with("../")).collect();
        let others: BTreeSet<&str> = all
            .iter()
            .filter(|(name, _)| is_set(name))
            .map(|(name, _)| folder_of(name))
            .filter(|name| !name.is_empty())
            .collect();
        all.into_iter().filter(|(name, _)| !others.iter().any(|other| name.starts_with(other))).collect()
    }

    /// A TOML file as a table; `None` where there is none that can be read.
    pub(super) fn table(&self, name: &str) -> Option<Table> {
        let (text, mut found) = (self.get(name)?, Diagnostics::new());
        let table = parse_toml(Sources::new().add(name, ""), text, &mut found);
        (!found.has_errors()).then_some(table)
    }

    /// The name of a file as its user knows it.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        match (name.strip_prefix(PACK), &self.folder) {
            (Some(name), _) => format!("{name} (shipped)"),
            (None, Some(folder)) => folder.join(name).display().to_string(),
            (None, None) => format!("rules/{name}"),
        }
    }
}

/// Whether a file holds the head of a rule set and no rules.
pub(super) fn is_set(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    file == DEFAULT || file.ends_with(".ruleset.toml")
}

/// The name of a rule set, by that of its file.
pub(super) fn set_name(file: &str) -> &str {
    if file == DEFAULT { "default" } else { file.strip_suffix(".ruleset.toml").unwrap_or(file) }
}

/// The folder of a file, with the `/` at its end; empty for the folder itself.
pub(super) fn folder_of(name: &str) -> &str {
    let end = name.rfind('/').map_or(0, |at| at + 1);
    name.get(..end).unwrap_or_default()
}

/// A file in a folder that is named without `/` at its end.
pub(super) fn within(folder: &str, file: &str) -> String {
    if folder.is_empty() { file.to_owned() } else { format!("{folder}/{file}") }
}

/// A path as written in a file of `folder`, as a name; none for one that begins at the root.
pub(super) fn resolve(folder: &str, path: &str) -> Option<String> {
    if Path::new(path).is_absolute() || path.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = vec![];
    for part in folder.split('/').chain(path.split('/')) {
        match (part, parts.last()) {
            ("" | ".", _) => {}
            ("..", Some(last)) if *last != ".." => drop(parts.pop()),
            _ => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn naming(path: &Path, error: &io::Error) -> io::Error {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read it".to_owned(),
        _ => error.to_string(),
    };
    io::Error::new(error.kind(), format!("cannot read the rules in `{}`: {why}", path.display()))
}

/// Whether a file of a folder belongs to its rule set.
fn is_read(path: &Path) -> bool {
    path.extension().is_some_and(|ext| ext == "toml" || ext == "csv")
        || path.file_name().is_some_and(|name| name == LOCK_FILE)
}

fn read_text(path: &Path) -> io::Result<String> {
    let bytes = std::fs::read(path).map_err(|error| naming(path, &error))?;
    // In UTF-16 every other byte of most text is zero. Of such a file nothing is kept: all of it would be reported.
    let is_wide = bytes.iter().filter(|byte| **byte == 0).count() * 4 > bytes.len();
    Ok(if is_wide { UNDECODED.into() } else { String::from_utf8_lossy(&bytes).into_owned() })
}

/// Reads the files of a folder; `prefix` is what their names begin with. A link back to a folder of `above` is not followed.
fn collect(
    folder: &Path,
    prefix: &str,
    above: &mut Vec<PathBuf>,
    files: &mut BTreeMap<String, String>,
) -> io::Result<()> {
    let own = folder.canonicalize().map_err(|error| naming(folder, &error))?;
    if above.contains(&own) {
        return Ok(());
    }
    above.push(own);
    for entry in std::fs::read_dir(folder).map_err(|error| naming(folder, &error))? {
        let path = entry?.path();
        let Some(name) = path.file_name().map(|name| format!("{prefix}{}", name.to_string_lossy())) else { continue };
        if path.is_dir() {
            collect(&path, &format!("{name}/"), above, files)?;
        } else if is_read(&path) {
            files.insert(name, read_text(&path)?);
        }
    }
    above.pop();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_read_from_the_folder_it_is_written_in() {
        let resolved = |folder, path| resolve(folder, path).unwrap_or_else(|| "-".to_owned());
        assert_eq!(resolved("", "../common"), "../common");
        assert_eq!(resolved("../common/", "../../law/./x.ruleset.toml"), "../../law/x.ruleset.toml");
        assert_eq!(resolved("a/b/", "../c/"), "a/c");
        assert_eq!(resolved("a/", ".."), "");
        assert_eq!(resolved("", "/etc"), "-");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_back_to_a_folder_is_not_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.toml"), "").expect("a file");
        for link in ["one", "two"] {
            std::os::unix::fs::symlink(folder.path(), folder.path().join(link)).expect("a link");
        }
        let files = RuleFiles::read(folder.path()).expect("a folder with rules");
        assert_eq!(files.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["a.toml"]);
    }

    #[test]
    fn a_folder_with_a_rule_set_of_its_own_belongs_to_nobody_else() {
        let mut files = RuleFiles::default();
        for name in ["ruleset.toml", "a.toml", "more/b.toml", "own/x.ruleset.toml", "own/deep/c.toml", "lexicon/d.csv"]
        {
            files.insert(name, "");
        }
        let below = |folder| files.below(folder).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(below(""), ["a.toml", "lexicon/d.csv", "more/b.toml", "ruleset.toml"]);
        assert_eq!(below("own/"), ["deep/c.toml", "x.ruleset.toml"]);
        assert_eq!(files.sets(), ["default"]);
        assert_eq!(below(PACK).len(), SHIPPED.len());
    }
}
