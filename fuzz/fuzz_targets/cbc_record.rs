//! Feeds `bancada_fuzz::tls::cbc_record`.

#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| bancada_fuzz::tls::cbc_record(data));
