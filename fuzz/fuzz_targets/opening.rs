//! Feeds `bancada_fuzz::client::opening`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::client::opening(data));
