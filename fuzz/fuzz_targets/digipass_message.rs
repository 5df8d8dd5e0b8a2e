//! Feeds `bancada_fuzz::digipass::channel::message`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::digipass::channel::message(data));
