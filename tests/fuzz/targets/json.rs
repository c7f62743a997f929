//! A list of objects, or pages of the API.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article3_fuzz::read("a.json", bytes));
