//! Feeds `bancada_fuzz::device::execute`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::device::execute(data));
