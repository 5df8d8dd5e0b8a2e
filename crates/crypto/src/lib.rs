//! The one crate that names cryptographic libraries: small functions on our key types.
//!
//! AWS-LC serves (through `aws-lc-rs`, and through the one module `aws` that calls its C interface for what the
//! safe interface lacks: RSA with caller-given padding, and every elliptic curve from one place). RustCrypto
//! fills the remaining gaps: MD5, SHA3-224, DES, AES key wrap, and GHASH for GCM with unusual nonce or tag sizes.
//!
//! Private keys are parsed once, kept in the library's own form, erased on drop, and never printed.

mod aws;
pub mod cipher;
pub mod csr;
mod der;
pub mod der_type;
pub mod ec;
pub mod edwards;
pub mod envelope;
mod error;
pub mod hash;
pub mod kdf;
pub mod login;
pub mod mac;
pub mod otp;
pub mod random;
pub mod rsa;
pub mod seal;
pub mod threshold;

pub use error::CryptoError;
pub use zeroize::{Zeroize, Zeroizing};

/// A result whose error is [`CryptoError`].
pub type Result<T> = std::result::Result<T, CryptoError>;

/// Compares two byte strings in time that depends on their lengths only. Unequal lengths are unequal.
#[must_use]
pub fn ct_eq(a: &[u8], b: &[u8]) -> bool {
    subtle::ConstantTimeEq::ct_eq(a, b).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparison_looks_at_every_byte_and_the_length() {
        assert!(ct_eq(b"", b"") && ct_eq(b"abc", b"abc"));
        for (a, b) in [("abc", "abd"), ("abc", "bbc"), ("abc", "ab"), ("", "a")] {
            assert!(!ct_eq(a.as_bytes(), b.as_bytes()), "{a} {b}");
        }
    }

    #[test]
    fn keys_can_be_shared_between_threads() {
        fn shared<T: Send + Sync + 'static>() {}
        shared::<rsa::RsaPrivateKey>();
        shared::<rsa::RsaPublicKey>();
        shared::<ec::EcPrivateKey>();
        shared::<ec::EcPublicKey>();
        shared::<edwards::Ed25519PrivateKey>();
        shared::<edwards::Ed25519PublicKey>();
        shared::<edwards::X25519PrivateKey>();
        shared::<cipher::SymKey>();
        shared::<seal::SealKey>();
        shared::<CryptoError>();
    }
}
