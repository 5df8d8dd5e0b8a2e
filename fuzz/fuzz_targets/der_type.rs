//! Feeds `bancada_fuzz::names::der_type`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::names::der_type(data));
