//! Feeds `bancada_fuzz::tls::identity`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::tls::identity(data));
