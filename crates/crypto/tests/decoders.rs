//! Every decoder, on any bytes and on damaged good ones: a value or an error, never a panic.
#![allow(clippy::unwrap_used, reason = "all of this is test code")]

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ec::{self, Curve, EcPrivateKey, EcPublicKey};
use bancada_crypto::edwards::{Ed25519PrivateKey, Ed25519PublicKey, X25519PrivateKey, X25519PublicKey};
use bancada_crypto::envelope;
use bancada_crypto::hash::{HashAlg, digest};
use bancada_crypto::rsa::{RsaPrivateKey, RsaPublicKey};
use proptest::prelude::*;

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("data/", $name)) as &[u8]
    };
}

const GOOD: [&[u8]; 12] = [
    data!("rsa1024.pkcs8.der"),
    data!("rsa1024.pkcs1.der"),
    data!("rsa1024.spki.der"),
    data!("prime256v1.sec1.der"),
    data!("prime256v1.pkcs8.der"),
    data!("prime256v1.spki.der"),
    data!("secp521r1.pkcs8.der"),
    data!("ed25519.pkcs8.der"),
    data!("x25519.pkcs8.der"),
    data!("envelope-des3.der"),
    data!("envelope-aes-256-cbc.der"),
    data!("req-ed25519.der"),
];

/// Gives the bytes to every decoder; what is accepted is used and written again.
fn decode_all(bytes: &[u8]) {
    for key in [RsaPrivateKey::from_pkcs8(bytes), RsaPrivateKey::from_pkcs1(bytes)].into_iter().flatten() {
        key.to_pkcs8().unwrap();
        let _ = key.sign_pkcs1(Some(HashAlg::Sha256), &digest(HashAlg::Sha256, bytes));
    }
    for key in [RsaPublicKey::from_spki(bytes), RsaPublicKey::from_pkcs1(bytes)].into_iter().flatten() {
        assert_eq!(RsaPublicKey::from_spki(&key.to_spki()).unwrap(), key);
        let _ = key.verify_pkcs1(None, b"x", &vec![1; key.modulus_len()]);
        let _ = key.encrypt_oaep(HashAlg::Sha1, b"", b"x");
    }
    for key in [EcPrivateKey::from_sec1(bytes), EcPrivateKey::from_pkcs8(bytes)].into_iter().flatten() {
        key.sign_prehash(b"digest").unwrap();
    }
    let points = Curve::ALL.map(|curve| EcPublicKey::from_point(curve, bytes));
    for key in points.into_iter().chain([EcPublicKey::from_spki(bytes)]).flatten() {
        assert_eq!(EcPublicKey::from_spki(&key.to_spki()).unwrap(), key);
    }
    for curve in Curve::ALL {
        let _ = EcPrivateKey::from_scalar(curve, bytes);
        let _ = ec::signature_to_fixed(curve, bytes);
        let _ = ec::signature_from_fixed(curve, bytes);
    }
    let _ = Curve::from_parameters(bytes);
    let _ = Ed25519PrivateKey::from_pkcs8(bytes).map(|key| key.sign(b"x"));
    let _ = Ed25519PublicKey::from_bytes(bytes).map(|key| key.verify(b"x", bytes));
    let _ = Ed25519PublicKey::from_spki(bytes).map(|key| key.verify(b"x", bytes));
    let _ = X25519PrivateKey::from_pkcs8(bytes).map(|key| key.public());
    let _ = X25519PublicKey::from_spki(bytes);
    let _ = envelope::der_prefix(bytes);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        decode_all(&bytes);
        let _ = envelope::decrypt_pkcs8(&bytes, b"password1");
    }

    #[test]
    fn damaged_good_bytes(
        which in 0..GOOD.len(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..3),
        cut in proptest::option::of(any::<prop::sample::Index>()),
        tail in proptest::collection::vec(any::<u8>(), 0..3),
    ) {
        let mut bytes = GOOD[which].to_vec();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        bytes.extend_from_slice(&tail);
        decode_all(&bytes);
    }

    /// A damaged envelope, with the iteration count (at byte 44 of this one) left alone, so that the test stays short.
    #[test]
    fn damaged_envelopes(at in any::<prop::sample::Index>(), value: u8) {
        let mut bytes = (data!("envelope-des3.der")).to_vec();
        let at = at.index(bytes.len());
        if !(42..46).contains(&at) {
            bytes[at] = value;
        }
        let _ = envelope::decrypt_pkcs8(&bytes, b"password1");
    }

    #[test]
    fn ciphers_take_any_lengths(
        alg in proptest::sample::select(SymAlg::ALL.to_vec()),
        mode in 0..5usize,
        padding in proptest::sample::select(vec![Padding::None, Padding::Pkcs5, Padding::Zero]),
        iv in proptest::collection::vec(any::<u8>(), 0..20),
        data in proptest::collection::vec(any::<u8>(), 0..70),
        tag_len in 0..20usize,
    ) {
        let key = SymKey::new(alg, &[7; 32][..alg.key_len()]).unwrap();
        let mode = [Mode::Ecb, Mode::Cbc, Mode::Ctr, Mode::Gcm { tag_len, aad: &data }, Mode::Kw][mode];
        let mut sealed = Vec::new();
        if key.encrypt(mode, padding, &iv, &data, &mut sealed).is_ok() {
            let mut opened = Vec::new();
            key.decrypt(mode, padding, &iv, &sealed, &mut opened).unwrap();
            prop_assert!(opened.starts_with(&data));
        }
        let mut opened = vec![1];
        if key.decrypt(mode, padding, &iv, &data, &mut opened).is_err() {
            prop_assert_eq!(opened, [1]);
        }
    }
}
