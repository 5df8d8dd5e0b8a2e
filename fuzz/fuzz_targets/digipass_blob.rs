//! Feeds `bancada_fuzz::digipass::blob::blob`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::digipass::blob::blob(data));
