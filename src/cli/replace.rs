//! Files replaced as a whole: whoever reads them sees the old text or the new one, never half of it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use super::deliver::shown;
use super::exit::{Done, Failure};

/// Writes a file; one of that name is replaced, with its permissions kept. A link is followed.
pub(super) fn replace(path: &Path, text: &str) -> Done<()> {
    try_replace(path, text).map_err(|error| Failure::output(&shown(path), error))
}

fn try_replace(path: &Path, text: &str) -> io::Result<()> {
    let path = if path.exists() { path.canonicalize()? } else { path.to_owned() };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let part = path.with_file_name(format!(".{name}.{}.part", std::process::id()));
    let written = File::create(&part).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        if let Ok(old) = path.metadata() {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()
    });
    let replaced = written.and_then(|()| std::fs::rename(&part, &path));
    if replaced.is_err() {
        // What could not be finished is of no use; that it cannot be removed either changes nothing.
        let _ = std::fs::remove_file(&part);
    }
    replaced
}
