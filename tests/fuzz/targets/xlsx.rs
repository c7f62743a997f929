//! A workbook.
#![no_main]

libfuzzer_sys::fuzz_target!(init: article3_fuzz::panics_may_be_caught(), |bytes: &[u8]| article3_fuzz::read("a.xlsx", bytes));
