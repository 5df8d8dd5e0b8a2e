//! Feeds `bancada_fuzz::digipass::device::derivation`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::digipass::device::derivation(data));
