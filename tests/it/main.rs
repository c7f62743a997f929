//! The integration tests, as one binary: every test binary links polars.
mod properties;
mod shipped_rules;
