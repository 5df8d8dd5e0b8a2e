//! Feeds `bancada_fuzz::keys::public_key`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::keys::public_key(data));
