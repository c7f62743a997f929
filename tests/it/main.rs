//! The integration tests, as one binary: every test binary links polars.
mod badinput;
mod canonical_parquet;
mod cli;
#[cfg(unix)]
mod isolated;
mod language;
mod outcomes;
mod profiles_ui;
mod properties;
mod reading;
mod readme;
mod rules_ui;
mod schema;
mod shipped_rules;
mod tidy;
mod toolbox;
mod wire;
