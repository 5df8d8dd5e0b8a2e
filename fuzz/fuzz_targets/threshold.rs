//! Feeds `bancada_fuzz::cipher::threshold`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::cipher::threshold(data));
