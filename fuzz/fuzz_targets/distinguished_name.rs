//! Feeds `bancada_fuzz::names::distinguished_name`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::names::distinguished_name(data));
