//! Feeds `bancada_fuzz::wire::header`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::wire::header(data));
