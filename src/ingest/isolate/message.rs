//! What the two processes say to each other: one JSON value a line, from child to parent only.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use crate::ingest::held::Heading;
use crate::ingest::rows::{Body, RawRow};

/// One line from child to parent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Message {
    /// What stands above the rows of a table. Comes first.
    Heading(Heading),
    /// A row.
    Row(Row),
    /// All rows were sent, how many, and what there is to know of the file.
    End(u64, Vec<String>),
    /// The file cannot be read, in words that name it.
    Error(String),
}

/// A [`RawRow`] in a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Row {
    line: u64,
    column: u64,
    /// The bytes, where the body does not show itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    shown: Option<String>,
    body: Body,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    warning: Option<String>,
}

impl From<RawRow> for Row {
    fn from(RawRow { line, column, bytes, body, warning }: RawRow) -> Self {
        let shown = (!bytes.is_empty()).then(|| String::from_utf8_lossy(&bytes).into_owned());
        Self { line, column, shown, body, warning }
    }
}

impl From<Row> for RawRow {
    fn from(Row { line, column, shown, body, warning }: Row) -> Self {
        Self { line, column, bytes: shown.map(String::into_bytes).unwrap_or_default(), body, warning }
    }
}

/// Writes a message.
pub(super) fn send(message: &Message, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer(&mut *out, message)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn through_a_line(row: RawRow) -> RawRow {
        let mut line = vec![];
        send(&Message::Row(row.into()), &mut line).expect("memory can be written");
        assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
        match serde_json::from_slice(&line).expect("a message") {
            Message::Row(row) => RawRow::from(row).showing_itself(),
            other => RawRow::of(0, vec![], Body::Broken(None, format!("{other:?}"))),
        }
    }

    #[test]
    fn a_row_goes_through_a_line_as_it_is() {
        let object = json!({"z": "a\nb\u{0}\u{2028}", "a": [1, -2.5, null, {"x": u64::MAX}]});
        let bodies = [
            (b"".to_vec(), Body::Object(object.as_object().expect("an object").clone())),
            (b"1;x".to_vec(), Body::Values(vec![json!(1), json!("x"), json!(null)])),
            (b"1;\n".to_vec(), Body::Broken(Some(3), "no".into())),
            (b"1".to_vec(), Body::Broken(None, String::new())),
            (b"{}".to_vec(), Body::Json),
            (b"a,b".to_vec(), Body::Cells),
        ];
        for (line, (bytes, body)) in (7_u64..).zip(bodies) {
            let row =
                || RawRow { column: 2, warning: Some("look".into()), ..RawRow::of(line, bytes.clone(), body.clone()) };
            assert_eq!(through_a_line(row()), row().showing_itself());
        }
    }
}
