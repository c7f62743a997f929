//! Examples of what can be wrong: for each code a few lines that are reported, and the same put right. They stand in one
//! file beside this one, are shown where a code is explained, and run as tests.

use std::sync::LazyLock;

use super::RuleFiles;
use crate::diag::{Code, Diagnostics, Node, Sources, Table, parse_toml};

/// A few files that show a mistake, or its correction.
#[derive(Debug)]
pub struct Sample {
    /// What matters of the rule file.
    pub rules: String,
    /// The list that the rules name, `lexicon/words`.
    pub list: Option<String>,
    /// The header of the list, where it matters: `lexicon/lists.toml`.
    pub header: Option<String>,
}

/// A mistake and its correction.
#[derive(Debug)]
pub struct Example {
    /// Which mistake.
    pub code: Code,
    /// What is reported.
    pub bad: Sample,
    /// The same, put right.
    pub good: Sample,
}

/// Every example, by code.
static EXAMPLES: LazyLock<Vec<Example>> = LazyLock::new(|| {
    let (mut sources, text) = (Sources::new(), include_str!("examples.toml"));
    let source = sources.add("examples.toml", text);
    let document = parse_toml(source, text, &mut Diagnostics::new());
    document.iter().filter_map(|(key, node)| example(Code::parse(&key.text)?, node.table()?)).collect()
});

fn example(code: Code, table: &Table) -> Option<Example> {
    let text = |key: &str| table.get(key).and_then(Node::text).map(str::to_owned);
    let bad = Sample { rules: text("bad")?, list: text("bad-list"), header: text("bad-header") };
    let good = Sample { rules: text("good")?, list: text("good-list"), header: text("good-header") };
    Some(Example { code, bad, good })
}

/// The keys of a rule that is sound.
const HEAD: [&str; 9] = [
    r#"id = "form.example""#,
    "revision = 1",
    r#"title = "An example""#,
    r#"status = "test""#,
    r#"kind = "gate""#,
    r#"ground = "rpd""#,
    r#"basis = [{ cite = "RPD art. 83", verified = true }]"#,
    r#"falsepositives = ["none is known"]"#,
    r#"explain = { message = "This is an example." }"#,
];

/// The header of a list that has one.
const HEADER: &str = "words = { version = 1, licence = \"none\", maintainer = \"nobody\", as_of = \"2024\" }";

/// The body of a rule that is sound.
const BODY: &str = "[rule.detection.court]\nwarrant_authority = \"court\"\n";

impl Example {
    /// The example of a code, where there is one.
    #[must_use]
    pub fn of(code: Code) -> Option<&'static Self> {
        EXAMPLES.iter().find(|example| example.code == code)
    }
}

impl Sample {
    /// The files as a rule set.
    #[must_use]
    pub fn files(&self) -> RuleFiles {
        let mut files = RuleFiles::default();
        files.insert("rules.toml", completed(&self.rules));
        if let Some(list) = &self.list {
            files.insert("lexicon/words.csv", list.as_str());
            files.insert("lexicon/lists.toml", self.header.as_deref().unwrap_or(HEADER));
        }
        files
    }
}

/// A rule of which only what matters is given: its other keys and its body are those of one that is sound.
fn completed(text: &str) -> String {
    if text.contains("[[rule]]") {
        return text.to_owned();
    }
    let tables = ["[rule.", "[[rule."].into_iter().filter_map(|table| text.find(table)).min().unwrap_or(text.len());
    let (keys, tables) = text.split_at(tables);
    let key = |line: &str| line.split('=').next().unwrap_or_default().trim().to_owned();
    let given: Vec<String> = keys.lines().map(key).collect();
    let is_given = |name: &str| given.iter().any(|key| key == name) || tables.contains(&format!("[rule.{name}]"));
    // What kind of rule it is decides whether it has a ground.
    let left_out = |line: &str| is_given(&key(line)) || key(line) == "ground" && is_given("kind");
    let head: Vec<&str> = HEAD.into_iter().filter(|line| !left_out(line)).collect();
    let has_body = ["rule.detection", "rule.composite"].iter().any(|body| tables.contains(body));
    format!("[[rule]]\n{}\n{keys}{}{tables}", head.join("\n"), if has_body { "" } else { BODY })
}
