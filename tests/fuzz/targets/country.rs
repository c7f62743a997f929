//! A code or a name.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article3_fuzz::country(&String::from_utf8_lossy(bytes)));
