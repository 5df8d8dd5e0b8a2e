//! Feeds `bancada_fuzz::digipass::capi::entry_points`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::digipass::capi::entry_points(data));
