//! The integration tests, as one binary: every test binary links polars.
mod badinput;
mod cli;
mod language;
mod outcomes;
mod properties;
mod reading;
mod readme;
mod rules_ui;
mod shipped_rules;
mod tidy;
mod wire;
