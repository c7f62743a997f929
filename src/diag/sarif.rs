//! Diagnostics as SARIF 2.1.0 (OASIS), which editors and code hosts show beside the lines they are about.
//!
//! Every code found is a `reportingDescriptor` with its explanation; places are regions in characters from 1. A file is
//! named by a relative URI, percent-encoded. The text depends on the diagnostics and sources alone.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{Code, Diagnostic, Diagnostics, Severity, Sources, Span};

/// All diagnostics as one SARIF log.
#[must_use]
pub fn to_sarif(found: &Diagnostics, sources: &Sources) -> String {
    let codes: Vec<Code> = found.iter().map(|problem| problem.code).collect::<BTreeSet<_>>().into_iter().collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": env!("CARGO_PKG_NAME"),
                "version": env!("CARGO_PKG_VERSION"),
                "rules": codes.iter().copied().map(descriptor).collect::<Vec<_>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": found.iter().map(|problem| result(problem, &codes, sources)).collect::<Vec<_>>(),
        }],
    });
    format!("{log:#}\n")
}

fn descriptor(code: Code) -> Value {
    json!({
        "id": code.code(),
        "shortDescription": { "text": code.title() },
        "fullDescription": { "text": code.explanation() },
        "defaultConfiguration": { "level": level(code.severity()) },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn result(problem: &Diagnostic, codes: &[Code], sources: &Sources) -> Value {
    let text = match &problem.help {
        Some(help) => format!("{}. {help}", problem.message),
        None => problem.message.clone(),
    };
    let mut result = json!({
        "ruleId": problem.code.code(),
        "ruleIndex": codes.binary_search(&problem.code).unwrap_or_default(),
        "level": level(problem.severity()),
        "message": { "text": text },
    });
    if let Some(span) = problem.span {
        let mut location = json!({ "physicalLocation": place(&span, sources) });
        if let Some(rule) = &problem.rule {
            location["logicalLocations"] = json!([{ "name": rule, "kind": "member" }]);
        }
        result["locations"] = json!([location]);
    }
    if !problem.secondary.is_empty() {
        let other = |(at, (span, label)): (usize, &(Span, String))| json!({ "id": at, "physicalLocation": place(span, sources), "message": { "text": label } });
        result["relatedLocations"] = problem.secondary.iter().enumerate().map(other).collect();
    }
    result
}

fn place(span: &Span, sources: &Sources) -> Value {
    let (line, column) = sources.line_column(span);
    let (end_line, end_column) = sources.line_column(&Span { start: span.end, ..*span });
    json!({
        "artifactLocation": { "uri": uri(sources.name(span.source)) },
        "region": { "startLine": line, "startColumn": column, "endLine": end_line, "endColumn": end_column },
    })
}

/// A path as a URI: what may not stand in one is percent-encoded.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    if path.starts_with('/') { format!("file://{uri}") } else { uri }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_lines_and_characters_and_a_path_a_uri() {
        let mut sources = Sources::new();
        let source = sources.add("my rules/é.toml", "x = 1\nñandú = 2\n");
        let span = Span::new(source, 6..13);
        let problem = Diagnostic::new(Code::UnknownField, "unknown field").at(span).also(span, "here").rule("a.b");
        let found: Diagnostics =
            [problem, Diagnostic::new(Code::NoActiveRule, "no rule is active")].into_iter().collect();
        let log: Value = serde_json::from_str(&to_sarif(&found, &sources)).expect("valid JSON");
        let results = &log["runs"][0]["results"];
        let place = &results[0]["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "my%20rules/%C3%A9.toml");
        assert_eq!(place["region"], json!({ "startLine": 2, "startColumn": 1, "endLine": 2, "endColumn": 6 }));
        assert_eq!((&results[0]["ruleIndex"], &results[1]["ruleIndex"]), (&json!(0), &json!(1)));
        assert_eq!(log["runs"][0]["tool"]["driver"]["rules"][1]["id"], "A702");
        assert!(results[1].get("locations").is_none());
    }
}
