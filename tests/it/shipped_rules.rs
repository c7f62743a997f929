//! The rule pack inside the program.

use article3::diag::{Diagnostics, Sources, Style, render};
use article3::rule::{RuleFiles, RuleSet, run_tests};

#[test]
fn the_shipped_rules_are_sound_and_their_tests_pass() {
    let (mut sources, mut found) = (Sources::new(), Diagnostics::new());
    let rules = RuleSet::check(&RuleFiles::shipped(), &mut sources, &mut found).expect("the profile is sound");
    found.sort(&sources);
    assert!(found.is_empty(), "{}", render(&found, &sources, Style::Plain));
    let (run, failures) = run_tests(&rules, None);
    assert!(run > 0);
    let shown: Vec<String> =
        failures.iter().map(|failure| format!("{} “{}”: {}", failure.rule, failure.test, failure.message)).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}
