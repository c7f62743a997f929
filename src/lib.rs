//! article3 reads INTERPOL records (notices, diffusions, messages, travel-document entries), judges them with rules written
//! in TOML, and returns the cases that look like political targeting or break INTERPOL's own rules, each with reasons that
//! a lawyer can check.
//!
//! ```text
//! CSV XLSX NDJSON JSON Parquet, packed or not, in any encoding
//!              │ ingest: cut into rows, understood by a profile
//!              └─ ingest::read ──▶ NoticeTable (polars) + Ledger (accepted, rejected with reasons, duplicates)
//!                                                 │
//! rules/*.toml, lexicon/*.csv, context/*.csv ── RuleSet::check ─▶ RuleSet ── Plan::compile ─▶ Plan
//!                                  └── Diagnostics    │                          │
//!                                                     ▼                          ▼
//!                                          engine::Scanner ─▶ Scan { verdicts, scores, outcomes, tallies }
//!                                                     │
//!                                          explain::case ─▶ Case ─▶ report writers
//!                                                     │
//!                          Labels ── eval::evaluate ──┴─▶ Evaluation: how often the rules are right, and where not
//! ```
//!
//! Rules may compare records: then the inputs are read once before, for a few fields, [`persons`] links the records of one
//! person, and [`engine::Company`] says what every such rule makes of every record.
//!
//! Read the modules in this order; each uses only those before it: [`diag`], [`record`], [`text`], [`context`], [`table`],
//! [`ingest`], [`operator`], [`persons`], [`rule`], [`engine`], [`explain`], [`report`], [`eval`], [`cli`]. The library prints
//! nothing, reads no clock and no environment (but for [`cli`], which hands them on), and never panics on input.

pub mod cli;
pub mod context;
pub mod diag;
pub mod engine;
pub mod eval;
pub mod explain;
pub mod ingest;
pub mod operator;
pub mod persons;
pub mod record;
pub mod report;
pub mod rule;
pub mod table;
pub mod text;
