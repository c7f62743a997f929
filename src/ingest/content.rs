//! The name of a record that has no id of its own: a hash of what it says.

use serde_json::{Map, Value as Json};

use super::input::sha256;
use crate::record::Field;
use crate::text::hex;

/// How many bytes of the hash make the id: 64 bits, so that two of ten million records share one once in 370,000 files.
const ID_BYTES: usize = 8;

/// The id of a record that has none: `sha256:` and 16 digits, the same for any order of keys.
pub(super) fn content_id(object: &Map<String, Json>) -> String {
    let mut text = String::new();
    write_sorted(object.iter().filter(|(key, _)| *key != Field::RECORD_ID.path()), &mut text);
    format!("sha256:{}", hex(&sha256(text.as_bytes())[..ID_BYTES]))
}

/// Whether an id was made by [`content_id`], here or when the file was written.
pub(super) fn is_content_id(id: &str) -> bool {
    id.strip_prefix("sha256:")
        .is_some_and(|digits| digits.len() == 2 * ID_BYTES && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

fn write_sorted<'a>(members: impl Iterator<Item = (&'a String, &'a Json)>, out: &mut String) {
    let mut members: Vec<_> = members.collect();
    members.sort_by_key(|(key, _)| *key);
    out.push('{');
    for (position, (key, value)) in members.into_iter().enumerate() {
        if position > 0 {
            out.push(',');
        }
        out.push_str(&Json::from(key.as_str()).to_string());
        out.push(':');
        write_value(value, out);
    }
    out.push('}');
}

fn write_value(json: &Json, out: &mut String) {
    match json {
        Json::Object(object) => write_sorted(object.iter(), out),
        Json::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                write_value(item, out);
            }
            out.push(']');
        }
        scalar => out.push_str(&scalar.to_string()),
    }
}
