//! A rule to begin with: every key that its kind needs, with comments that say what to fill in.
//!
//! What comes out passes `article3 rules check` as it stands and its tests hold, but it is `experimental`, so that no rule set
//! counts it by accident, and every text to be written begins with [`MARK`].

use super::Kind;

/// How a text begins that is to be written by the author.
pub const MARK: &str = "FILL IN:";

/// The text of a rule to begin with. The id is not checked here; `rules check` does.
#[must_use]
pub fn scaffold(id: &str, kind: Kind) -> String {
    let id = toml::Value::from(id).to_string();
    let head = format!(
        "[[rule]]\nid       = {id}\nrevision = 1 # raise it whenever the meaning changes\ntitle    = \"{MARK} what the rule is about, in one line\"\n\
         status   = \"experimental\" # `test` once it is tried; `stable` once a basis is verified and the tests are complete\nkind     = \"{}\"\n{}\
         basis    = [{{ cite = \"{MARK} the instrument and the article\", verified = false }}]\nfalsepositives = [\"{MARK} when the rule is known to be wrong\"]\n",
        kind.word(),
        weight(kind)
    );
    let looks = "# What the rule looks for: all fields of a selection must hold; `article3 rules fields` lists the fields.\n[rule.detection.sign]\n\
                 facts_summary = { contains = [\"a phrase to look for\"] }\n";
    format!("{head}{looks}{}{}", explain(kind), TESTS)
}

/// The keys of a kind for its weight and its ground.
fn weight(kind: Kind) -> &'static str {
    match kind {
        Kind::Indicator | Kind::Mitigator => {
            "factor   = \"a\" # the letter of RPD art. 34(3), `a` to `g`, or `art2`\nstrength = \"weak\" # a step of the ladder in `ruleset.toml`\n"
        }
        Kind::Context => {
            "factor   = \"g\" # the letter of RPD art. 34(3), `a` to `g`, or `art2`\nstrength = \"weak\" # a step of the ladder in `ruleset.toml`\n\
             requires = \"1 of factor:a or 1 of factor:d or 1 of factor:e\" # it counts only beside these\n"
        }
        Kind::Gate | Kind::Gap => "ground   = \"rpd\" # `refugee_policy`, `art2`, `art3`, `rpd` or `purpose`\n",
        Kind::Concept | Kind::Filter => "",
    }
}

/// What is said when the rule says yes: nothing by a concept, and a gap asks.
fn explain(kind: Kind) -> String {
    if kind == Kind::Concept {
        return String::new();
    }
    format!(
        "[rule.explain]\nmessage = \"{MARK} what the reader of a case is told, as in “{{facts_summary.match}}”\"\n\
         ask     = \"{MARK} what to ask the requesting bureau\"\n"
    )
}

/// One test for each verdict; made-up persons, countries `XA` to `XZ`.
const TESTS: &str = r#"# Made-up persons only, and countries `XA` to `XZ`.
[[rule.test]]
name     = "the phrase is there"
given    = { kind = "red_notice", facts_summary = "Here stands a phrase to look for." }
expect   = "yes"
evidence = ["a phrase to look for"]
[[rule.test]]
name   = "something else is there"
given  = { kind = "red_notice", facts_summary = "Here stands something else." }
expect = "no"
[[rule.test]]
name    = "the facts are missing: unknown, not no"
given   = { kind = "red_notice" }
expect  = "unknown"
missing = ["facts_summary"]
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Diagnostics, Sources, Style, render};
    use crate::rule::{RuleFiles, RuleSet, format, run_tests};

    #[test]
    fn a_new_rule_of_any_kind_is_sound_and_tried_and_does_not_count() {
        for kind in Kind::ALL.iter().filter(|kind| **kind != Kind::Filter) {
            let text = scaffold("charge.x", *kind);
            // What a context rule requires must be there.
            let mut files = RuleFiles::shipped();
            files.insert("new.toml", text.as_str());
            let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
            let rules = RuleSet::check(&files, &mut sources, &mut found);
            let problems: Diagnostics =
                found.into_iter().filter(|problem| problem.rule.as_deref() == Some("charge.x")).collect();
            let only_new = |problem: &crate::diag::Diagnostic| problem.code == crate::diag::Code::LockMembers;
            assert!(problems.iter().all(only_new), "{}", render(&problems, &sources, Style::Plain));
            let rules = rules.map(|rules| (run_tests(&rules, Some("charge.x")), rules));
            let Some(((run, failures), rules)) = rules else { unreachable!("the shipped profile is sound") };
            assert_eq!((run, failures.len()), (3, 0), "{failures:?}");
            assert!(rules.position("charge.x").is_some_and(|at| !rules.rules[at].active));
            assert_eq!(format("new.toml", &text).as_deref(), Ok(text.as_str()));
        }
    }
}
