//! A profile, and a table read with it.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article3_fuzz::profile(&String::from_utf8_lossy(bytes)));
