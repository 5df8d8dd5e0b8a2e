//! Feeds `bancada_fuzz::client::settings`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::client::settings(data));
