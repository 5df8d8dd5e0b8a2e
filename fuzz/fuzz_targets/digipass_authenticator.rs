//! Feeds `bancada_fuzz::digipass::device::authenticator`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::digipass::device::authenticator(data));
