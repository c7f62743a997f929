//! The tree itself: what stands where, who may use whom, and what must not be written anywhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use article3::record::Country;
use article3::rule::{LOCK_FILE, SHIPPED};

/// The modules from the bottom up: each uses only those before it.
const ORDER: [&str; 14] = [
    "diag", "record", "text", "context", "table", "ingest", "operator", "persons", "rule", "engine", "explain",
    "report", "eval", "cli",
];

/// Files larger than this are data and not read for stray words.
const LARGEST: u64 = 4 << 20;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file below a folder, dot-folders aside, in order; empty where there is no such folder.
fn files(folder: &str) -> Vec<PathBuf> {
    let mut found = vec![];
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            if name.starts_with('.') || path == root().join("target") {
                continue;
            }
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    let path = path.strip_prefix(root()).unwrap_or(path);
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|own| own == extension)
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).expect("a file")).into_owned()
}

/// Lines of Rust that are no comments, with their numbers.
fn code(source: &str) -> impl Iterator<Item = (usize, &str)> {
    source.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The words of a text, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase)
}

#[test]
fn the_top_level_holds_what_a_reader_expects_and_nothing_else() {
    let expected = ["Cargo.lock", "Cargo.toml", "LICENSE", "README.md", "benches", "datasets", "rules", "src", "tests"];
    let visible: BTreeSet<String> = fs::read_dir(root())
        .expect("the root")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| !name.starts_with('.') && name != "target")
        .collect();
    assert_eq!(visible, expected.map(str::to_owned).into());
}

#[test]
fn a_module_uses_only_those_before_it() {
    let mut wrong = vec![];
    for path in files("src").iter().filter(|path| has_extension(path, "rs")) {
        let name = shown(path);
        let Some((module, _)) = name.strip_prefix("src/").and_then(|name| name.split_once(['/', '.'])) else {
            continue;
        };
        if matches!(name.as_str(), "src/lib.rs" | "src/main.rs") {
            continue;
        }
        let Some(own) = ORDER.iter().position(|known| *known == module) else {
            wrong.push(format!("{name}: `{module}` is not in the order of modules"));
            continue;
        };
        let above = used(&text(path)).into_iter().filter(|used| ORDER[own + 1..].contains(&used.as_str()));
        wrong.extend(above.map(|used| format!("{name}: `{module}` uses `{used}`, which stands above it")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The names that stand behind `crate::` in a source, also in groups over several lines.
fn used(source: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = code(source).map(|(_, line)| line).collect();
    let mut used = BTreeSet::new();
    for behind in lines.join("\n").split("crate::").skip(1) {
        let (mut depth, own) = (0, usize::from(behind.starts_with('{')));
        for part in behind.split_inclusive(['{', '}', ',']) {
            let name: String = part.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            if depth == own && !name.is_empty() {
                used.insert(name);
            }
            depth += part.matches('{').count();
            depth = depth.saturating_sub(part.matches('}').count());
            if depth == 0 {
                break;
            }
        }
    }
    used
}

#[test]
fn names_behind_the_crate_are_found_in_groups_too() {
    let source = "use crate::record::{cli, Field};\nuse crate::{\n    diag::{Code, Span},\n    text,\n};\nlet x = crate::table::rows(cli);";
    assert_eq!(used(source), ["diag", "record", "table", "text"].map(str::to_owned).into());
}

/// Places outside `allowed` where the code says one of these words.
fn said_outside(allowed: &[&str], words: &[&str]) -> Vec<String> {
    let is_allowed = |path: &PathBuf| allowed.iter().any(|allowed| shown(path).starts_with(allowed));
    let mut found = vec![];
    for path in files("src").into_iter().filter(|path| has_extension(path, "rs") && !is_allowed(path)) {
        let source = text(&path);
        let lines = code(&source).filter(|(_, line)| words.iter().any(|word| line.contains(word)));
        found.extend(lines.map(|(at, line)| format!("{}:{at}: {line}", shown(&path))));
    }
    found
}

#[test]
fn only_the_commands_ask_for_the_time_and_the_environment() {
    let found = said_outside(&["src/cli/", "src/main.rs"], &["SystemTime", "Instant", "std::env", "env::var"]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn polars_is_known_where_columns_are() {
    let columns = ["src/table/", "src/operator/", "src/engine/", "src/ingest/parquet/"];
    let files = ["src/report/parquet.rs", "src/report/canonical.rs"];
    let found = said_outside(&[&columns[..], &files[..]].concat(), &["polars::", "polars_"]);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn every_rule_file_is_in_the_program_and_every_shipped_name_is_a_file() {
    let on_disk: BTreeSet<String> = files("rules")
        .iter()
        .map(|path| shown(path).trim_start_matches("rules/").to_owned())
        .filter(|name| name != "README.md")
        .collect();
    let shipped: BTreeSet<String> = SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(SHIPPED.len(), shipped.len(), "a name stands twice");
    assert_eq!(shipped, on_disk);
    for (name, content) in SHIPPED {
        assert_eq!(text(&root().join("rules").join(name)), *content, "{name}");
        let known = name.ends_with(".toml") || name.ends_with(".csv") || *name == LOCK_FILE;
        assert!(known, "{name} is neither a rule file nor a list");
    }
}

#[test]
fn no_test_is_switched_off_and_no_mark_is_left_behind() {
    let attributes = ["ignore", "should_panic"].map(|name| format!("#[{name}"));
    let marks = [["TO", "DO"], ["FIX", "ME"]].map(|parts| parts.concat());
    let mut wrong = vec![];
    for path in ["src", "rules", "tests", "benches"].into_iter().flat_map(files) {
        for (at, line) in text(&path).lines().enumerate() {
            let off = has_extension(&path, "rs") && attributes.iter().any(|attribute| line.contains(attribute));
            let marked = line.split(|c: char| !c.is_alphanumeric()).any(|word| marks.iter().any(|mark| mark == word));
            if off || marked {
                wrong.push(format!("{}:{}: {line}", shown(&path), at + 1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words that judge a person or a charge. What users read names a criterion in doubt and what information is missing.
const FORBIDDEN: [&str; 4] = ["innocent", "guilty", "fake", "abuser"];

/// What the rules of the pack say to readers: file, rule, key and text.
fn said() -> Vec<(String, String, &'static str, Option<String>)> {
    let mut said = vec![];
    for path in files("rules").iter().filter(|path| has_extension(path, "toml")) {
        let file: toml::Table = toml::from_str(&text(path)).expect("a rule file is TOML");
        for rule in file.get("rule").and_then(toml::Value::as_array).into_iter().flatten() {
            let of = |table: Option<&toml::Value>, key| {
                table.and_then(|table| table.get(key)).and_then(toml::Value::as_str).map(str::to_owned)
            };
            let id = of(Some(rule), "id").unwrap_or_default();
            let concept = of(Some(rule), "kind").as_deref() == Some("concept");
            said.push((shown(path), id.clone(), "title", of(Some(rule), "title")));
            for key in ["message", "ask"] {
                let text = of(rule.get("explain"), key);
                if text.is_some() || key == "message" && !concept {
                    said.push((shown(path), id.clone(), key, text));
                }
            }
        }
    }
    said
}

#[test]
fn what_users_read_judges_nobody() {
    let judges = |text: &str| words(text).any(|word| FORBIDDEN.contains(&word.as_str()));
    let mut wrong: Vec<String> = said()
        .into_iter()
        .filter(|(.., text)| text.as_deref().is_some_and(judges))
        .map(|(file, rule, key, _)| format!("{file}: {key} of {rule}"))
        .collect();
    for path in ["src/report", "src/explain", "src/eval"].into_iter().flat_map(files) {
        let source = text(&path);
        let lines = code(&source).filter(|(_, line)| judges(line));
        wrong.extend(lines.map(|(at, line)| format!("{}:{at}: {line}", shown(&path))));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_a_message_and_none_names_a_country() {
    let mut wrong = vec![];
    for (file, rule, key, text) in said() {
        let Some(text) = text else {
            wrong.push(format!("{file}: {rule} has no {key}"));
            continue;
        };
        let code = |word: &&str| {
            (2..=3).contains(&word.len())
                && word.bytes().all(|byte| byte.is_ascii_uppercase())
                && Country::parse(word).is_some()
        };
        let named = text.split(|c: char| !c.is_alphanumeric()).find(code);
        wrong.extend(named.map(|code| format!("{file}: {key} of {rule} names {code}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Places of the machine a file was written on say nothing to those who read it elsewhere.
#[test]
fn no_file_names_a_place_of_the_machine_it_was_written_on() {
    let folders = ["work", "tmp", "root", "home"].map(|name| format!("/{name}/"));
    let hosts =
        [["local", "host"], ["127.0", ".0.1"], ["arti", "factory"], [".inter", "nal/"]].map(|parts| parts.concat());
    let mut wrong = vec![];
    for path in files("").iter().filter(|path| path.metadata().is_ok_and(|metadata| metadata.len() <= LARGEST)) {
        for (at, line) in text(path).lines().enumerate() {
            // The same letters inside a longer path or an address are something else.
            let begins = |place: usize| !line[..place].ends_with(|c: char| c.is_alphanumeric() || "._-*}".contains(c));
            let folder = folders.iter().any(|folder| line.match_indices(folder).any(|(place, _)| begins(place)));
            if folder || hosts.iter().any(|host| line.contains(host.as_str())) {
                wrong.push(format!("{}:{}: {}", shown(path), at + 1, line.chars().take(120).collect::<String>()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_dependency_is_from_the_public_registry() {
    let lock = text(&root().join("Cargo.lock"));
    let sources = lock.lines().filter_map(|line| line.strip_prefix("source = "));
    let other: BTreeSet<&str> =
        sources.filter(|source| *source != "\"registry+https://github.com/rust-lang/crates.io-index\"").collect();
    assert!(other.is_empty(), "{other:?}");
}
