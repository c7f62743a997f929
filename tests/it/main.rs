//! The integration tests, as one binary: every test binary links polars.
mod across;
mod badinput;
mod canonical_parquet;
mod cli;
mod context;
mod eval;
mod hostile_rules;
#[cfg(unix)]
mod isolated;
mod language;
mod lints;
mod outcomes;
mod profiles_ui;
mod properties;
mod reading;
mod readme;
mod reentry;
mod rop;
mod rule_tests;
mod rules_ui;
mod rulesets;
mod schema;
mod shipped_rules;
mod suppression;
mod tidy;
mod toolbox;
mod wire;
