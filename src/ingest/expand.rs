//! From what the user names to files: `-`, a file, a folder, a pattern.
//!
//! Out comes each file once, in the order of the names; the files of a folder or pattern are sorted. A folder gives the
//! files whose names end in a known extension, and names the others. What gives no file is an error. Symbolic links and
//! hidden files in folders are not followed and not read.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use glob::{MatchOptions, Pattern};
use walkdir::{DirEntry, WalkDir};

use super::{Format, IngestError, Source};

/// What sets a pattern off from a name.
const WILD: [char; 3] = ['*', '?', '['];
const MATCH: MatchOptions =
    MatchOptions { case_sensitive: true, require_literal_separator: true, require_literal_leading_dot: true };

/// The inputs that some names stand for.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Expanded {
    /// The inputs, in order.
    pub sources: Vec<Source>,
    /// Files in the folders that no format is known for, in order.
    pub skipped: Vec<PathBuf>,
}

/// The inputs that `names` stand for.
///
/// # Errors
/// Fails where a folder cannot be listed, and where a folder or pattern gives nothing to read. Whether a file is there is
/// seen when it is opened.
pub fn expand(names: &[String]) -> Result<Expanded, IngestError> {
    let mut expanded = Expanded::default();
    for name in names {
        match Source::parse(name) {
            Source::Stdin => expanded.sources.push(Source::Stdin),
            Source::Path(path) if path.is_dir() => expanded.folder(&path)?,
            Source::Path(path) if name.contains(WILD) && !path.exists() => expanded.pattern(name)?,
            Source::Path(path) => expanded.sources.push(Source::Path(path)),
        }
    }
    expanded.each_once();
    Ok(expanded)
}

impl Expanded {
    fn folder(&mut self, folder: &Path) -> Result<(), IngestError> {
        let is_read = |path: &PathBuf| Format::of_name(path).is_some() && path.is_file() && !path.is_symlink();
        let (read, other): (Vec<_>, Vec<_>) = files(folder, usize::MAX)?.into_iter().partition(is_read);
        if read.is_empty() {
            return Err(IngestError::NothingInFolder { name: folder.display().to_string(), others: other.len() });
        }
        self.sources.extend(read.into_iter().map(Source::Path));
        self.skipped.extend(other);
        Ok(())
    }

    /// The `glob` crate finds no file whose name is not Unicode and can panic at one: only its patterns are used.
    fn pattern(&mut self, name: &str) -> Result<(), IngestError> {
        let no_match = |reason: String| IngestError::NoMatch { name: name.to_owned(), reason };
        let parts: Vec<&OsStr> = Path::new(name).iter().collect();
        let is_wild = |part: &&OsStr| part.to_string_lossy().contains(WILD);
        let base: PathBuf = parts.iter().take_while(|part| !is_wild(part)).collect();
        let depth =
            if name.contains("**") { usize::MAX } else { parts.iter().skip_while(|part| !is_wild(part)).count() };
        let pattern = Pattern::new(&parts.iter().collect::<PathBuf>().to_string_lossy())
            .map_err(|error| no_match(error.to_string()))?;
        let is_match = |path: &PathBuf| path.is_file() && pattern.matches_with(&path.to_string_lossy(), MATCH);
        let found: Vec<_> = files(&base, depth)?.into_iter().filter(is_match).collect();
        if found.is_empty() {
            return Err(no_match("there is none in the folder it begins with".to_owned()));
        }
        self.sources.extend(found.into_iter().map(Source::Path));
        Ok(())
    }

    fn each_once(&mut self) {
        let mut known = HashSet::new();
        let own = |path: &PathBuf| path.canonicalize().unwrap_or_else(|_| path.clone());
        self.sources.retain(|source| match source {
            Source::Stdin => known.insert(None),
            Source::Path(path) => known.insert(Some(own(path))),
        });
        let mut known = HashSet::new();
        self.skipped.retain(|path| known.insert(own(path)));
    }
}

/// What lies below a folder and is neither folder nor hidden, sorted. A folder without a name is the current one.
fn files(folder: &Path, depth: usize) -> Result<Vec<PathBuf>, IngestError> {
    let root = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let is_shown = |entry: &DirEntry| entry.depth() == 0 || !entry.file_name().as_encoded_bytes().starts_with(b".");
    let mut found = vec![];
    for entry in WalkDir::new(root).max_depth(depth).sort_by_file_name().into_iter().filter_entry(is_shown) {
        let entry = match entry {
            Ok(entry) => entry,
            // What cannot be looked into is named as left out; it keeps nothing else from being read.
            Err(error) if error.depth() > 0 => {
                found.extend(error.path().map(Path::to_owned));
                continue;
            }
            Err(error) => return Err(IngestError::io(&root.display().to_string(), error.into())),
        };
        if !entry.file_type().is_dir() {
            let path = entry.into_path();
            found.push(path.strip_prefix(root).map(|below| folder.join(below)).unwrap_or(path));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    /// A folder with these files, and what names in it stand for.
    struct Tree(tempfile::TempDir);

    impl Tree {
        fn of(files: &[&str]) -> Self {
            let tree = Self(tempfile::tempdir().expect("a folder"));
            for file in files {
                let path = tree.0.path().join(file);
                fs::create_dir_all(path.parent().expect("it lies in a folder")).expect("a folder");
                fs::write(path, "x").expect("a file");
            }
            tree
        }

        fn name(&self, below: &str) -> String {
            self.0.path().join(below).to_str().expect("Unicode").to_owned()
        }

        fn below(&self, path: &Path) -> String {
            path.strip_prefix(self.0.path()).expect("it lies in the tree").to_string_lossy().into_owned()
        }

        fn expand(&self, names: &[&str]) -> Result<(Vec<String>, Vec<String>), String> {
            let names: Vec<String> = names.iter().map(|name| self.name(name)).collect();
            let expanded = expand(&names).map_err(|error| error.to_string())?;
            let sources = expanded.sources.iter().map(|source| match source {
                Source::Stdin => "-".to_owned(),
                Source::Path(path) => self.below(path),
            });
            Ok((sources.collect(), expanded.skipped.iter().map(|path| self.below(path)).collect()))
        }
    }

    fn owned(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn a_folder_gives_the_files_of_known_extensions_sorted_and_names_the_others() {
        let tree = Tree::of(&["b.csv.gz", "a/z.NDJSON", "c.parquet", "notes.txt", "x.gz", ".hidden.csv", ".git/d.csv"]);
        let (sources, skipped) = tree.expand(&[""]).expect("a folder");
        assert_eq!(sources, owned(&["a/z.NDJSON", "b.csv.gz", "c.parquet"]));
        assert_eq!(skipped, owned(&["notes.txt", "x.gz"]));
    }

    #[test]
    fn a_folder_with_nothing_to_read_is_an_error() {
        let tree = Tree::of(&["a/notes.txt"]);
        fs::create_dir(tree.0.path().join("b")).expect("a folder");
        let error = tree.expand(&["b"]).expect_err("nothing there");
        assert!(error.contains("has no file that can be read") && error.contains(".ndjson"), "{error}");
        assert!(tree.expand(&["a"]).expect_err("nothing there").contains("other files there: 1"));
    }

    #[test]
    fn a_pattern_gives_its_files_sorted_and_a_file_of_that_name_wins() {
        let tree = Tree::of(&["2.csv", "1.csv", "a/3.csv", "a/b/4.csv", "[x].csv", "x.csv", "1.txt", ".5.csv"]);
        let found = |name| tree.expand(&[name]).expect("a match").0;
        assert_eq!(found("?.csv"), owned(&["1.csv", "2.csv", "x.csv"]));
        assert_eq!(found("*/*.csv"), owned(&["a/3.csv"]));
        assert_eq!(found("a/**/*.csv"), owned(&["a/3.csv", "a/b/4.csv"]));
        assert_eq!(found("1.*"), owned(&["1.csv", "1.txt"]));
        assert_eq!(found("[x].csv"), owned(&["[x].csv"]));
        assert_eq!(found("[xy].csv"), owned(&["x.csv"]));
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_an_error() {
        let tree = Tree::of(&["1.csv"]);
        assert!(tree.expand(&["*.json"]).expect_err("no match").starts_with("no file matches `"));
        assert!(tree.expand(&["[.json"]).expect_err("no pattern").contains("Pattern syntax error"));
        assert!(tree.expand(&["no/such/*.json"]).expect_err("no folder").starts_with("there is no file `"));
    }

    #[test]
    fn a_file_named_twice_is_read_once_and_the_order_is_that_of_the_names() {
        let tree = Tree::of(&["1.csv", "2.csv", "a/../3.csv"]);
        let (sources, _) = tree.expand(&["2.csv", "a/../2.csv", "*.csv", "1.csv"]).expect("files");
        assert_eq!(sources, owned(&["2.csv", "1.csv", "3.csv"]));
        let names = owned(&["-", "-"]);
        assert_eq!(expand(&names).expect("standard input").sources, [Source::Stdin]);
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_folder_are_not_followed_and_odd_names_are_no_panic() {
        use std::os::unix::ffi::OsStrExt;
        let tree = Tree::of(&["in/1.csv", "out/2.csv"]);
        let at = |name: &str| tree.0.path().join(name);
        std::os::unix::fs::symlink(at("out"), at("in/folder")).expect("a link");
        std::os::unix::fs::symlink(at("out/2.csv"), at("in/link.csv")).expect("a link");
        fs::write(at("in").join(OsStr::from_bytes(b"\xff.csv")), "x").expect("a file");
        let (sources, skipped) = tree.expand(&["in"]).expect("a folder");
        assert_eq!(sources, owned(&["in/1.csv", "in/\u{fffd}.csv"]));
        assert_eq!(skipped, owned(&["in/folder", "in/link.csv"]));
        assert_eq!(tree.expand(&["in/*.csv"]).expect("files").0.len(), 3);
    }
}
