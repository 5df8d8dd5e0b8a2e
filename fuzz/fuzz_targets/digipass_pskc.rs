//! Feeds `bancada_fuzz::digipass::files::pskc`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::digipass::files::pskc(data));
