//! Feeds `bancada_fuzz::seed_file::seed_file`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::seed_file::seed_file(data));
