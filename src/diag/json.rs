//! Diagnostics as JSON, one object a line, for other programs.

use std::io::{self, Write};

use serde::Serialize;

use super::{Diagnostic, Sources};

/// A problem as other programs read it. Lines and columns count from 1, columns in characters.
#[derive(Serialize)]
struct Problem<'a> {
    code: &'static str,
    severity: String,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    /// Whether `--fix` corrects it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    fixable: bool,
}

/// Writes a diagnostic as one line of JSON.
///
/// # Errors
/// Where the bytes cannot be written.
pub fn write_json(diagnostic: &Diagnostic, sources: &Sources, to: &mut dyn Write) -> io::Result<()> {
    let place = diagnostic.span.map(|span| (sources.name(span.source), sources.line_column(&span)));
    let problem = Problem {
        code: diagnostic.code.code(),
        severity: diagnostic.severity().to_string(),
        message: &diagnostic.message,
        file: place.map(|(file, _)| file),
        line: place.map(|(_, (line, _))| line),
        column: place.map(|(_, (_, column))| column),
        rule: diagnostic.rule.as_deref(),
        help: diagnostic.help.as_deref(),
        fixable: diagnostic.fix.is_some(),
    };
    serde_json::to_writer(&mut *to, &problem)?;
    writeln!(to)
}
