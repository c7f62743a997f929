//! Rows of cells, in whatever dialect and encoding.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article3_fuzz::read("a.csv", bytes));
