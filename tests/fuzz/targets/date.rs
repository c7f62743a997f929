//! A written date.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article3_fuzz::date(&String::from_utf8_lossy(bytes)));
