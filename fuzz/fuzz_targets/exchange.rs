//! Feeds `bancada_fuzz::client::exchange`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::client::exchange(data));
