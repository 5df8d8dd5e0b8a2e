//! Feeds `bancada_fuzz::keys::private_key`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::keys::private_key(data));
