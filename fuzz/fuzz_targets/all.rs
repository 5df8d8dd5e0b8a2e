//! Feeds every decoder, see `bancada_fuzz::DECODERS`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::all(data));
