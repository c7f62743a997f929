//! A workbook before it is opened: whether it is one, and whether it can be read within the limits.
//!
//! An XLSX file is a zip archive of XML parts. Every part is unpacked once here and thrown away, so that what a part declares
//! about itself need not be believed. What is refused: packages that are no workbook, encrypted ones, parts that overlap or
//! would stand outside of the archive, and whatever is over a limit. Nothing is written to disk.

use std::io::{Cursor, Read};

use zip::ZipArchive;
use zip::read::ZipFile;

use super::markup::Markup;
use crate::ingest::limits::{Limit, Limits};

/// A zip archive has no more parts without the extension for large archives. The directory of more would fill the memory.
const MOST_PARTS: usize = 65_535;
/// A part may grow to this size at any ratio.
const SMALL: u64 = 10 * 1024 * 1024;
const BUFFER: usize = 64 * 1024;
/// What to do about another format.
const CONVERT: &str = "open it in a spreadsheet program and save it as XLSX or CSV";

/// What was found on the way.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Merged regions in all sheets.
    pub(super) merged: u64,
}

type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Checks a file. The error says what is wrong and what to do about it.
pub(super) fn check(file: &[u8], limits: &Limits) -> Result<Found, String> {
    if let Some(other) = other_format(file) {
        return Err(other);
    }
    if file.windows(4).filter(|bytes| *bytes == b"PK\x01\x02").count() > MOST_PARTS {
        return Err(format!("it has more than {MOST_PARTS} parts; {CONVERT}"));
    }
    let mut archive = ZipArchive::new(Cursor::new(file)).map_err(damaged)?;
    names(&archive)?;
    if archive.has_overlapping_files().map_err(damaged)? {
        return Err("parts of it overlap, as in a file made to fill the memory".to_owned());
    }
    parts(&mut archive, limits)
}

/// Files that go by the name of a workbook and are something else.
fn other_format(file: &[u8]) -> Option<String> {
    if file.starts_with(b"\xd0\xcf\x11\xe0") {
        let encrypted: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        return Some(if file.windows(encrypted.len()).any(|bytes| bytes == encrypted) {
            "it is protected by a password; open it in a spreadsheet program and save it without one".to_owned()
        } else {
            format!("it is a workbook of the old kind (XLS); {CONVERT}")
        });
    }
    (!file.starts_with(b"PK")).then(|| format!("it is no workbook, whatever its name says; {CONVERT}"))
}

/// The names of the parts: they tell other kinds of workbook, and none may lead out of the archive.
fn names(archive: &Archive<'_>) -> Result<(), String> {
    let mut is_workbook = false;
    for name in archive.file_names() {
        let name = name.map_err(damaged)?.replace('\\', "/");
        if name.starts_with('/') || name.contains(':') || name.split('/').any(|step| step == "..") {
            return Err(format!("its part `{name}` would stand outside of the file; get it from another source"));
        }
        match name.to_ascii_lowercase().as_str() {
            "xl/workbook.bin" => return Err(format!("it is a binary workbook (XLSB); {CONVERT}")),
            "content.xml" => return Err(format!("it is an OpenDocument file (ODS); {CONVERT}")),
            "[content_types].xml" | "_rels/.rels" => is_workbook = true,
            _ => {}
        }
    }
    if is_workbook { Ok(()) } else { Err("it is a zip archive and no workbook; unpack it first".to_owned()) }
}

fn parts(archive: &mut Archive<'_>, limits: &Limits) -> Result<Found, String> {
    let too_long = || limits.over(Limit::UnpackedBytes, "all its parts together are longer");
    if archive.decompressed_size().is_some_and(|size| size > u128::from(limits.get(Limit::UnpackedBytes))) {
        return Err(too_long());
    }
    let (mut found, mut unpacked, mut held) = (Found::default(), 0_u64, 0_u64);
    for at in 0..archive.len() {
        let mut part = archive.by_index(at).map_err(damaged)?;
        let name = part.name().map_err(damaged)?.into_owned();
        let seen = self::part(&mut part, &name, limits).map_err(|reason| format!("its part `{name}`: {reason}"))?;
        unpacked += seen.bytes;
        held += seen.held;
        found.merged += seen.merged;
        if unpacked > limits.get(Limit::UnpackedBytes) {
            return Err(too_long());
        }
        if held > limits.get(Limit::HeldBytes) {
            return Err(limits.over(Limit::HeldBytes, "all but its sheets must be held, and that is longer"));
        }
    }
    Ok(found)
}

/// What one part comes to.
struct Part {
    bytes: u64,
    /// What is held of it when it is opened.
    held: u64,
    merged: u64,
}

fn part(part: &mut ZipFile<'_, Cursor<&[u8]>>, name: &str, limits: &Limits) -> Result<Part, String> {
    let most = part.compressed_size().saturating_mul(limits.get(Limit::UnpackedRatio)).max(SMALL);
    let name = name.to_ascii_lowercase();
    let is_xml = [".xml", ".rels", ".vml"].iter().any(|end| name.ends_with(end));
    let (mut markup, mut buffer, mut bytes) = (Markup::new(limits), vec![0; BUFFER], 0_u64);
    loop {
        let count = part.read(&mut buffer).map_err(|error| damaged(error.into()))?;
        if count == 0 {
            break;
        }
        bytes += u64::try_from(count).unwrap_or(u64::MAX);
        if bytes > most {
            return Err(limits.over(Limit::UnpackedRatio, "it grows by a larger factor when unpacked"));
        }
        if is_xml {
            markup.feed(&buffer[..count])?;
        } else if bytes > limits.get(Limit::HeldBytes) {
            // Pictures and the like are not read, but nothing stops a workbook from naming one as its sheet.
            return Err(limits.over(Limit::HeldBytes, "it is longer"));
        }
    }
    let seen = markup.finish();
    if seen.is_two_parts() {
        return Err("it is a sheet and a list of styles at once; get the file from another source".to_owned());
    }
    // A sheet is read row by row.
    let held = if seen.is_sheet || !is_xml { 0 } else { bytes.saturating_add(seen.weight()) };
    Ok(Part { bytes, held, merged: seen.merged })
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in map_err")]
fn damaged(error: zip::result::ZipError) -> String {
    format!("it is damaged ({error}); get the file again, or {CONVERT}")
}
