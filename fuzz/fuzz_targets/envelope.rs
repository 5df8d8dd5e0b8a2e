//! Feeds `bancada_fuzz::keys::envelope`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::keys::envelope(data));
