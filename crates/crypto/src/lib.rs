//! The one crate that names cryptographic libraries: small functions on our key types.
//!
//! AWS-LC serves (through `aws-lc-rs`, and through the one module `aws` that calls its C interface for what the
//! safe interface lacks: RSA with caller-given padding, and every elliptic curve from one place). RustCrypto
//! fills the remaining gaps: MD5, SHA3-224, DES, AES key wrap, and GCM with unusual nonce or tag sizes.
//!
//! Private keys are parsed once, kept in the library's own form, erased on drop, and never printed.

mod aws;
pub mod cipher;
mod der;
pub mod ec;
pub mod edwards;
mod error;
pub mod hash;
pub mod login;
pub mod mac;
pub mod random;
pub mod rsa;
pub mod seal;

pub use error::CryptoError;
pub use zeroize::{Zeroize, Zeroizing};

/// A result whose error is [`CryptoError`].
pub type Result<T> = std::result::Result<T, CryptoError>;

/// Compares two byte strings in time that depends on their lengths only. Unequal lengths are unequal.
#[must_use]
pub fn ct_eq(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}
