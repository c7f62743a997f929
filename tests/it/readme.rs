//! Every console block of the README is run: a line that begins with `$ ` is a command, the lines below it are what it prints
//! on standard output. A command that ends in `# exits with N` must end with that status. A block after
//! `<!-- file: NAME -->` is written to that file first. `ARTICLE3_BLESS=1 cargo test` writes what was printed into the README.

use std::path::Path;
use std::process::Command;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What the command printed, and its exit status. `cargo test` is not run from within itself.
fn run(command: &str, folder: &Path) -> Option<(String, i32)> {
    let words: Vec<&str> = command.split_whitespace().collect();
    if words == ["cargo", "test"] {
        return None;
    }
    let arguments = words.strip_prefix(&["cargo", "run", "--release", "--"]).or(words.strip_prefix(&["article3"]));
    let arguments = arguments.expect("the README runs only article3 and cargo");
    let output = Command::new(env!("CARGO_BIN_EXE_article3"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .env_remove("COLUMNS")
        .output()
        .expect("the program runs");
    let printed = String::from_utf8(output.stdout).expect("the program prints UTF-8");
    Some((printed, output.status.code().unwrap_or(-1)))
}

#[test]
fn every_console_block_of_the_readme_prints_what_it_shows() {
    let path = Path::new(ROOT).join("README.md");
    let readme = std::fs::read_to_string(&path).expect("there is a README");
    let folder = tempfile::tempdir().expect("a folder");
    let datasets = folder.path().join("datasets");
    std::fs::create_dir(&datasets).expect("a folder");
    for entry in std::fs::read_dir(Path::new(ROOT).join("datasets")).expect("the sample data") {
        let entry = entry.expect("a file");
        if entry.path().is_file() {
            std::fs::copy(entry.path(), datasets.join(entry.file_name())).expect("a copy");
        }
    }
    let (mut blessed, mut commands) = (String::new(), 0);
    let (mut file, mut block) = (None::<String>, None::<String>);
    let mut text = String::new();
    let mut wrong = vec![];
    for line in readme.lines() {
        if let Some(kind) = &block {
            if line != "```" {
                text += line;
                text.push('\n');
                continue;
            }
            match (kind.as_str(), file.take()) {
                (_, Some(name)) => {
                    let target = folder.path().join(name);
                    std::fs::create_dir_all(target.parent().expect("a folder")).expect("a folder");
                    std::fs::write(target, &text).expect("a file");
                }
                ("console", None) => {
                    let shown = std::mem::take(&mut text);
                    for part in shown.split_inclusive('\n').fold(Vec::<String>::new(), |mut parts, line| {
                        if line.starts_with("$ ") || parts.is_empty() {
                            parts.push(String::new());
                        }
                        if let Some(last) = parts.last_mut() {
                            *last += line;
                        }
                        parts
                    }) {
                        let (command, expected) = part.split_once('\n').unwrap_or((&part, ""));
                        let command = command.trim_start_matches("$ ");
                        let (command_text, status) = match command.split_once("# exits with ") {
                            Some((command, status)) => (command.trim(), status.trim().parse().expect("a status")),
                            None => (command, 0),
                        };
                        commands += 1;
                        let shown = expected.trim_end();
                        let (printed, code) = run(command_text, folder.path()).unwrap_or((shown.to_owned(), status));
                        // A block that shows only the command says nothing of what it prints.
                        let printed = if shown.is_empty() { "" } else { printed.trim_end() };
                        if printed != shown || code != status {
                            wrong.push(format!("$ {command}\n{printed}\nexit status {code}"));
                        }
                        text += &format!("$ {command}\n{printed}{}", if printed.is_empty() { "" } else { "\n" });
                    }
                }
                _ => {}
            }
            blessed += &std::mem::take(&mut text);
            block = None;
        } else if let Some(kind) = line.strip_prefix("```") {
            block = Some(kind.to_owned());
        } else if let Some(name) = line.strip_prefix("<!-- file: ").and_then(|rest| rest.strip_suffix(" -->")) {
            file = Some(name.to_owned());
        }
        blessed += line;
        blessed.push('\n');
    }
    assert!(commands >= 6, "the README shows how to use the program");
    if std::env::var_os("ARTICLE3_BLESS").is_some() {
        std::fs::write(&path, blessed).expect("the README can be written");
    } else {
        assert!(wrong.is_empty(), "the README shows something else than is printed:\n{}", wrong.join("\n\n"));
    }
}
