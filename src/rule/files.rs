//! Where rule files come from: the pack inside the program, or a folder.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

/// The files of a rule set, by name relative to its folder, with `/`.
#[derive(Debug, Clone, Default)]
pub struct RuleFiles {
    folder: Option<PathBuf>,
    files: BTreeMap<String, String>,
}

macro_rules! shipped {
    ($($name:literal)*) => {
        /// The rule pack inside the program: name and content of each file of `rules/`.
        pub static SHIPPED: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../rules/", $name)))),*];
    };
}

shipped! {
    "ruleset.toml"
}

impl RuleFiles {
    /// The pack inside the program.
    #[must_use]
    pub fn shipped() -> Self {
        let files = SHIPPED.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Self { folder: None, files }
    }

    /// All `.toml` and `.csv` files of a folder and the folders in it, or one rule file.
    ///
    /// # Errors
    /// Where the folder or a file cannot be read, or a file is not UTF-8; the error names it.
    pub fn read(path: &Path) -> io::Result<Self> {
        let mut files = BTreeMap::new();
        if path.is_dir() {
            collect(path, path, &mut files)?;
            Ok(Self { folder: Some(path.to_owned()), files })
        } else {
            let text = read_text(path)?;
            let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
            files.insert(name, text);
            Ok(Self { folder: path.parent().map(Path::to_owned), files })
        }
    }

    /// Names and texts, in order of the names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// The text of a file.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.files.get(name).map(String::as_str)
    }

    /// The name of a file as its user knows it.
    #[must_use]
    pub fn shown(&self, name: &str) -> String {
        match &self.folder {
            Some(folder) => folder.join(name).display().to_string(),
            None => format!("rules/{name}"),
        }
    }
}

fn read_text(path: &Path) -> io::Result<String> {
    std::fs::read_to_string(path).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))
}

fn collect(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> io::Result<()> {
    let entries = std::fs::read_dir(folder)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", folder.display())))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if path.extension().is_some_and(|ext| ext == "toml" || ext == "csv") {
            let name = path.strip_prefix(root).unwrap_or(&path).components();
            let name: Vec<String> = name.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
            files.insert(name.join("/"), read_text(&path)?);
        }
    }
    Ok(())
}
