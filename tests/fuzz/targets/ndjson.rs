//! One JSON object a line.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article3_fuzz::read("a.ndjson", bytes));
