//! Measures a rule pack on charge strings; it passes or fails nothing. Labelled records are for `article3 eval`.
//!
//! `cargo run --example measure -- CASES [RULES]` reads, from the folder CASES, files named `charges_*.jsonl` (charge strings
//! with a class and the catalogue rules that should say yes on the text alone), and prints what the rules say of them.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use article3::diag::{Diagnostics, Sources, Style, render};
use article3::engine::{Outcome, Verdicts, assess};
use article3::ingest::canonical;
use article3::rule::{Kind, RuleFiles, RuleSet, Verdict, judge};
use serde_json::{Map, Value, json};

/// What the rules say of one record.
struct Said {
    outcome: Outcome,
    indicators: Vec<String>,
    tags: Vec<String>,
}

fn say(rules: &RuleSet, record: &Map<String, Value>) -> Said {
    let (record, _) = canonical::record(record);
    let judged = judge(rules, &record);
    let open = (0..rules.rules.len()).map(|at| judged.is_open(at)).collect();
    let assessed = assess(rules, &Verdicts { verdicts: judged.verdicts.clone(), open });
    let yes =
        || rules.rules.iter().zip(&judged.verdicts).filter(|(rule, verdict)| rule.active && **verdict == Verdict::Yes);
    Said {
        outcome: assessed.outcome,
        indicators: yes()
            .filter(|(rule, _)| rule.kind == Kind::Indicator)
            .map(|(rule, _)| rule.id.to_string())
            .collect(),
        tags: yes().flat_map(|(rule, _)| rule.tags.clone()).collect(),
    }
}

fn lines(path: &Path) -> Result<Vec<Value>, Box<dyn Error>> {
    let text = std::fs::read_to_string(path)?;
    Ok(text.lines().filter(|line| !line.trim().is_empty()).map(serde_json::from_str).collect::<Result<_, _>>()?)
}

fn texts(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Charge strings: which classes raise an indicator, and which catalogue rules are found.
fn charges(rules: &RuleSet, path: &Path, verbose: bool) -> Result<String, Box<dyn Error>> {
    let mut classes: BTreeMap<String, (u32, u32, u32)> = BTreeMap::new();
    let mut tags: BTreeMap<String, (u32, u32, u32)> = BTreeMap::new();
    let mut out = format!("{}\n", path.display());
    for case in lines(path)? {
        let text = case["text"].as_str().unwrap_or_default();
        let class = case["class"].as_str().unwrap_or("?").to_owned();
        let record = json!({ "kind": "red_notice", "charges": [{ "text": text }] });
        let said = say(rules, record.as_object().ok_or("an object")?);
        let entry = classes.entry(class.clone()).or_default();
        entry.0 += 1;
        entry.1 += u32::from(!said.indicators.is_empty());
        entry.2 += u32::from(said.outcome == Outcome::NoIndicator);
        let (wanted, allowed) = (texts(&case["rules"]), texts(&case["rules_maybe"]));
        for tag in &wanted {
            let entry = tags.entry(tag.clone()).or_default();
            entry.0 += 1;
            entry.1 += u32::from(said.tags.contains(tag));
        }
        for tag in said.tags.iter().filter(|tag| !wanted.contains(tag) && !allowed.contains(tag)) {
            tags.entry(tag.clone()).or_default().2 += 1;
        }
        let wrong = match class.as_str() {
            "ordinary" => !said.indicators.is_empty(),
            "pure_political" | "mixed" | "vague_membership" => said.indicators.is_empty(),
            _ => false,
        };
        if verbose && wrong {
            out += &format!("  {class}: {:?} -> {:?}\n", text.chars().take(160).collect::<String>(), said.indicators);
        }
    }
    out += "  class                 strings  with an indicator  outcome no_indicator\n";
    for (class, (all, indicator, none)) in classes {
        out += &format!("  {class:<20} {all:>8} {indicator:>18} {none:>21}\n");
    }
    out += "  catalogue rule        wanted    found   also said\n";
    for (tag, (wanted, found, more)) in tags {
        out += &format!("  {tag:<20} {wanted:>7} {found:>8} {more:>11}\n");
    }
    Ok(out)
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let verbose = arguments.iter().any(|argument| argument == "--verbose");
    arguments.retain(|argument| argument != "--verbose");
    let cases = PathBuf::from(arguments.first().ok_or("name the folder with the labelled cases")?);
    let files = match arguments.get(1) {
        Some(path) => RuleFiles::read(Path::new(path))?,
        None => RuleFiles::shipped(),
    };
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(&files, &mut sources, &mut found).ok_or("the rule set has no usable profile")?;
    let mut out = String::new();
    if found.has_errors() {
        out += &render(&found, &sources, Style::Plain);
    }
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(&cases)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    paths.sort();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with("charges_") && name.ends_with(".jsonl") {
            out += &charges(&rules, &path, verbose)?;
        }
    }
    use std::io::Write as _;
    std::io::stdout().write_all(out.as_bytes())?;
    Ok(())
}
