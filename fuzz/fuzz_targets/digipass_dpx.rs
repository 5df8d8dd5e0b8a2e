//! Feeds `bancada_fuzz::digipass::files::dpx`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::digipass::files::dpx(data));
