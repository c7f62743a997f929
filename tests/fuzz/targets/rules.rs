//! A rule file.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article3_fuzz::rules(&String::from_utf8_lossy(bytes)));
