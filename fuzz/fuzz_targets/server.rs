//! Feeds `bancada_fuzz::server::connection`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::server::connection(data));
