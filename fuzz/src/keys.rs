//! Keys and signatures in the forms other programs write them.

use bancada_crypto::ec::{Curve, EcPrivateKey, EcPublicKey, signature_from_fixed, signature_to_fixed};
use bancada_crypto::edwards::{Ed25519PrivateKey, Ed25519PublicKey, X25519PrivateKey, X25519PublicKey};
use bancada_crypto::envelope::{decrypt_pkcs8, der_prefix};
use bancada_crypto::hash::HashAlg;
use bancada_crypto::rsa::{RsaPrivateKey, RsaPublicKey};

use crate::input::Input;

/// Password of the envelopes among the seeds.
const PASSWORD: &[u8] = b"12345678";
/// RSA keys above this size, in bits, are parsed and written but not tried: a signature takes too long.
const TRIED_BITS: u32 = 2048;

/// A private key: PKCS#8, PKCS#1, SEC 1 or bare, in whichever form the bytes are one.
pub fn private_key(data: &[u8]) {
    for key in [RsaPrivateKey::from_pkcs8(data), RsaPrivateKey::from_pkcs1(data)].into_iter().flatten() {
        rsa(&key);
    }
    for key in [EcPrivateKey::from_pkcs8(data), EcPrivateKey::from_sec1(data)].into_iter().flatten() {
        ec(&key);
    }
    for curve in Curve::ALL {
        if let Ok(key) = EcPrivateKey::from_scalar(curve, data) {
            assert_eq!(key.curve(), curve);
            ec(&key);
        }
    }
    if let Ok(key) = Ed25519PrivateKey::from_pkcs8(data) {
        let written = key.to_pkcs8();
        let again = Ed25519PrivateKey::from_pkcs8(&written).expect("what we write we read");
        assert_eq!(again.expose_seed(), key.expose_seed());
        let public = key.public().expect("a private key has a public one");
        public.verify(data, &key.sign(data)).expect("its own signature");
    }
    if let Ok(key) = X25519PrivateKey::from_pkcs8(data) {
        let again = X25519PrivateKey::from_pkcs8(&key.to_pkcs8()).expect("what we write we read");
        assert_eq!(again.expose_bytes(), key.expose_bytes());
        let public = key.public().expect("a private key has a public one");
        drop(key.agree(&public));
    }
}

fn rsa(key: &RsaPrivateKey) {
    let written = key.to_pkcs1().expect("a parsed key can be written");
    let again = RsaPrivateKey::from_pkcs1(&written).expect("what we write we read");
    assert_eq!(*again.to_pkcs1().expect("once more"), *written);
    let again = RsaPrivateKey::from_pkcs8(&key.to_pkcs8().expect("a parsed key can be written"));
    assert_eq!(again.expect("what we write we read").bits(), key.bits());
    let public = key.public_key().expect("a private key has a public one");
    assert_eq!((public.bits(), public.modulus_len()), (key.bits(), key.modulus_len()));
    if key.bits() <= TRIED_BITS {
        // Numbers that fit together need not be a key that works: its primes may not be prime.
        if let Ok(signature) = key.sign_pkcs1(Some(HashAlg::Sha1), &[7; 20]) {
            public.verify_pkcs1(Some(HashAlg::Sha1), &[7; 20], &signature).expect("its own signature");
        }
    }
}

fn ec(key: &EcPrivateKey) {
    let written = key.to_sec1().expect("a parsed key can be written");
    let again = EcPrivateKey::from_sec1(&written).expect("what we write we read");
    assert_eq!(*again.to_sec1().expect("once more"), *written);
    let again = EcPrivateKey::from_pkcs8(&key.to_pkcs8().expect("a parsed key can be written"));
    assert_eq!(again.expect("what we write we read").curve(), key.curve());
    let scalar = key.to_scalar().expect("a parsed key has a number");
    assert_eq!(scalar.len(), key.curve().scalar_len());
    let public = key.public_key().expect("a private key has a public one");
    let signature = key.sign_prehash(&[9; 32]).expect("any key signs");
    public.verify_prehash(&[9; 32], &signature).expect("its own signature");
    key.ecdh(&public).expect("a key agrees with itself");
}

/// A public key: SubjectPublicKeyInfo, PKCS#1, a point, bare bytes, and the curve's parameters.
pub fn public_key(data: &[u8]) {
    for key in [RsaPublicKey::from_spki(data), RsaPublicKey::from_pkcs1(data)].into_iter().flatten() {
        assert_eq!(
            RsaPublicKey::from_spki(&key.to_spki()).expect("what we write we read").to_spki(),
            key.to_spki()
        );
        assert_eq!(
            RsaPublicKey::from_pkcs1(&key.to_pkcs1()).expect("what we write we read").bits(),
            key.bits()
        );
        if key.bits() <= TRIED_BITS {
            drop(key.encrypt_pkcs1(b"a message"));
            let _ = key.verify_pkcs1(None, b"a message", data);
        }
    }
    let points = Curve::ALL.map(|curve| EcPublicKey::from_point(curve, data));
    for key in points.into_iter().chain([EcPublicKey::from_spki(data)]).flatten() {
        let curve = key.curve();
        assert!(EcPublicKey::from_spki(&key.to_spki()).expect("what we write we read") == key);
        assert!(EcPublicKey::from_point(curve, &key.to_point()).expect("what we write we read") == key);
        assert!(
            EcPublicKey::from_point(curve, &key.to_compressed_point()).expect("what we write we read") == key
        );
        let _ = key.verify_prehash(&[9; 32], data);
    }
    if let Ok(curve) = Curve::from_parameters(data) {
        assert_eq!(curve.parameters(), data);
    }
    for key in [Ed25519PublicKey::from_spki(data), Ed25519PublicKey::from_bytes(data)].into_iter().flatten() {
        let again = Ed25519PublicKey::from_spki(&key.to_spki()).expect("what we write we read");
        assert_eq!(again.as_bytes(), key.as_bytes());
        let _ = key.verify(b"a message", data);
    }
    for key in [X25519PublicKey::from_spki(data), X25519PublicKey::from_bytes(data)].into_iter().flatten() {
        let again = X25519PublicKey::from_spki(&key.to_spki()).expect("what we write we read");
        assert_eq!(again.as_bytes(), key.as_bytes());
    }
}

/// A private key under a password.
pub fn envelope(data: &[u8]) {
    if let Ok(prefix) = der_prefix(data) {
        assert!(data.starts_with(prefix));
        assert_eq!(der_prefix(prefix).ok(), Some(prefix));
    }
    if is_laborious(data) {
        return;
    }
    if let Ok(key) = decrypt_pkcs8(data, PASSWORD) {
        assert_eq!(der_prefix(&key).ok(), Some(&key[..]), "more or less than one element");
        private_key(&key);
    }
}

/// Whether there is an INTEGER of three or more bytes in this, as a PBKDF2 iteration count of 65 536 or more is. Up to ten
/// million are allowed, which takes seconds: the device may, the fuzzer has no time for it.
pub(crate) fn is_laborious(data: &[u8]) -> bool {
    data.windows(2).any(|window| window[0] == 2 && (3..=5).contains(&window[1]))
}

/// An ECDSA signature in both of its forms, and both checks of it.
pub fn signature(data: &[u8]) {
    let mut input = Input::new(data);
    let curve = input.pick(&Curve::ALL);
    let bytes = input.rest();
    if let Ok(fixed) = signature_to_fixed(curve, bytes) {
        assert_eq!(fixed.len(), 2 * curve.scalar_len());
        assert_eq!(
            signature_from_fixed(curve, &fixed).ok().as_deref(),
            Some(bytes),
            "two forms of one signature"
        );
    }
    if let Ok(der) = signature_from_fixed(curve, bytes) {
        assert_eq!(signature_to_fixed(curve, &der).ok().as_deref(), Some(bytes));
    }
}
