//! The integration tests, as one binary: every test binary links polars.
mod cli;
mod language;
mod outcomes;
mod profiles_ui;
mod properties;
mod readme;
mod rules_ui;
mod shipped_rules;
mod tidy;
mod wire;
