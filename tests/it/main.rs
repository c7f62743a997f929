//! The integration tests, as one binary: every test binary links polars.
mod cli;
mod properties;
mod readme;
mod shipped_rules;
mod wire;
