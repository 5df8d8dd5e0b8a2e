//! Feeds `bancada_fuzz::cipher::cipher`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::cipher::cipher(data));
