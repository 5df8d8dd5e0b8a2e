//! Feeds `bancada_fuzz::wire::response`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::wire::response(data));
