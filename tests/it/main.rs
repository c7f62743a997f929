//! The integration tests, as one binary: every test binary links polars.
mod language;
mod outcomes;
mod properties;
mod rules_ui;
mod shipped_rules;
mod tidy;
