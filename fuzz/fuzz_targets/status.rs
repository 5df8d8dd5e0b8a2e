//! Feeds `bancada_fuzz::wire::status`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::wire::status(data));
