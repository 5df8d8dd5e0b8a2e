//! Everything in Bancada that reads bytes from somewhere else, each as one function that takes any bytes.
//!
//! A decoder here calls the product and asserts what must hold whatever the bytes are: no panic, what decodes encodes
//! to the same bytes, memory in proportion to the input. `fuzz_targets/` holds one target for each, and `all`, which
//! picks one by the first byte. See `README.md`.

#![forbid(unsafe_code)]

pub mod cipher;
pub mod client;
pub mod device;
pub mod digipass;
mod input;
pub mod keys;
mod memory;
pub mod names;
pub mod records;
pub mod seed_file;
pub mod server;
pub mod tls;
pub mod wire;

/// A function that takes any bytes and panics only when the product is wrong.
pub type Decoder = fn(&[u8]);

/// Every decoder by the name of its target. Add new ones at the end: the row is the first byte of the inputs of `all`.
pub const DECODERS: &[(&str, Decoder)] = &[
    ("header", wire::header),
    ("hello", wire::hello),
    ("status", wire::status),
    ("request", wire::request),
    ("response", wire::response),
    ("reply", wire::reply),
    ("server", server::connection),
    ("opening", client::opening),
    ("exchange", client::exchange),
    ("settings", client::settings),
    ("private_key", keys::private_key),
    ("public_key", keys::public_key),
    ("envelope", keys::envelope),
    ("signature", keys::signature),
    ("distinguished_name", names::distinguished_name),
    ("der_type", names::der_type),
    ("threshold", cipher::threshold),
    ("otp", cipher::otp),
    ("cipher", cipher::cipher),
    ("execute", device::execute),
    ("records", records::records),
    ("cbc_record", tls::cbc_record),
    ("identity", tls::identity),
    ("seed_file", seed_file::seed_file),
    ("digipass_blob", digipass::blob::blob),
    ("digipass_dpx", digipass::files::dpx),
    ("digipass_pskc", digipass::files::pskc),
    ("digipass_message", digipass::channel::message),
    ("digipass_activation", digipass::channel::activation),
    ("digipass_derivation", digipass::device::derivation),
    ("digipass_authenticator", digipass::device::authenticator),
    ("digipass_capi", digipass::capi::entry_points),
];

/// Feeds one decoder, chosen by the first byte.
pub fn all(data: &[u8]) {
    let Some((row, data)) = data.split_first() else { return };
    let (_, decoder) = DECODERS[usize::from(*row) % DECODERS.len()];
    decoder(data);
}
