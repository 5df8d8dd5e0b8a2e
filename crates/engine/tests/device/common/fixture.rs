//! Keys made once for all tests, and short ways to write names.

use bancada_crypto::ec::{Curve, EcPrivateKey};
use bancada_crypto::edwards::{Ed25519PrivateKey, X25519PrivateKey};
use bancada_crypto::rsa::RsaPrivateKey;
use bancada_wire::algorithm::key;
use bancada_wire::text::{ObjectName, Password, UserName, UserNameZ};
use std::sync::LazyLock;

/// An RSA key of 2048 bits.
pub(crate) static RSA: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::generate(2048, 65_537).unwrap());
/// An RSA key of 1024 bits.
pub(crate) static RSA_1024: LazyLock<RsaPrivateKey> =
    LazyLock::new(|| RsaPrivateKey::generate(1024, 65_537).unwrap());
/// A P-256 key.
pub(crate) static P256: LazyLock<EcPrivateKey> =
    LazyLock::new(|| EcPrivateKey::generate(Curve::P256).unwrap());
/// An Ed25519 key.
pub(crate) static ED25519: LazyLock<Ed25519PrivateKey> =
    LazyLock::new(|| Ed25519PrivateKey::from_seed(&[0xED; 32]).unwrap());
/// An X25519 key.
pub(crate) static X25519: LazyLock<X25519PrivateKey> =
    LazyLock::new(|| X25519PrivateKey::from_bytes(&[0x25; 32]).unwrap());
/// The bytes of an AES-128 key.
pub(crate) const AES: [u8; 16] = *b"sixteen AES byte";
/// The bytes of an HMAC-SHA-256 key.
pub(crate) const HMAC: [u8; 32] = *b"thirty-two bytes of HMAC secret!";

/// [`RSA`] as imports take it.
pub(crate) fn rsa() -> (u32, Vec<u8>) {
    (key::RSA_2048, RSA.to_pkcs8().unwrap().to_vec())
}

/// [`P256`] as imports take it.
pub(crate) fn p256() -> (u32, Vec<u8>) {
    (key::ECC_SECP256R1, P256.to_pkcs8().unwrap().to_vec())
}

/// [`ED25519`] as imports take it.
pub(crate) fn ed25519() -> (u32, Vec<u8>) {
    (key::ECX_ED25519, ED25519.to_pkcs8().to_vec())
}

/// [`X25519`] as imports take it.
pub(crate) fn x25519() -> (u32, Vec<u8>) {
    (key::ECX_X25519, X25519.to_pkcs8().to_vec())
}

/// An object's name.
pub(crate) fn object(name: &str) -> ObjectName {
    ObjectName::new(name).unwrap()
}

/// A user's name in the login and in operations of ours.
pub(crate) fn user(name: &str) -> UserName {
    UserName::new(name).unwrap()
}

/// A user's name in CREATE_USR and DELETE_USR.
pub(crate) fn user_z(name: &str) -> UserNameZ {
    UserNameZ::new(name).unwrap()
}

/// A password.
pub(crate) fn password(text: &str) -> Password {
    Password::new(text).unwrap()
}
