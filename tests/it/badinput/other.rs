//! Parquet and Excel files that broke other readers, and small files that unpack to large ones.

use std::path::Path;

use super::case::Case;
use super::{files, name};

pub(super) fn cases(folder: &Path) -> Vec<Case> {
    let parquet = [("arrow parquet", "arrow-testing/data/parquet"), ("parquet-testing", "parquet-testing")]
        .into_iter()
        .flat_map(|(suite, of)| files(&folder.join(of)).into_iter().map(move |path| parquet(suite, &path)));
    let excel = files(&folder.join("calamine-xlsx/tests")).into_iter().map(|path| excel(&path));
    let bombs = files(&folder.join("bombs")).into_iter().filter(|path| !name(path).ends_with(".py"));
    let bombs = bombs.map(|path| Case::new("bombs", name(&path)).at(&path));
    parquet.chain(excel).chain(bombs).collect()
}

fn parquet(suite: &'static str, path: &Path) -> Case {
    Case::new(suite, name(path)).at(path).run("inspect FILE --input-format parquet")
}

/// Only the present Excel format is read; for the others the program says how to convert them.
fn excel(path: &Path) -> Case {
    let case = Case::new("calamine-xlsx", name(path)).at(path);
    let other =
        path.extension().is_some_and(|extension| ["xls", "xlsb", "ods"].iter().any(|other| extension == *other));
    // One file bears the name and is a text.
    let foreign =
        other && std::fs::read(path).is_ok_and(|bytes| bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf"));
    if foreign { case.exits(&[4]).says("save").says("csv") } else { case }
}
