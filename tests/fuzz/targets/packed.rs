//! Anything, packed with gzip or zstd or not at all: its first bytes tell.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| article3_fuzz::read("-", bytes));
