//! Keys and deterministic signatures against what OpenSSL makes (see `tests/data/make.sh`), byte for byte.

use bancada_crypto::ec::{Curve, EcPrivateKey, EcPublicKey};
use bancada_crypto::edwards::{Ed25519PrivateKey, X25519PrivateKey};
use bancada_crypto::hash::{HashAlg, digest};
use bancada_crypto::rsa::{RsaPrivateKey, RsaPublicKey};

macro_rules! data {
    ($name:literal) => {
        &include_bytes!(concat!("data/", $name))[..]
    };
}

#[test]
fn rsa_keys() {
    let key = RsaPrivateKey::from_pkcs8(data!("rsa1024.pkcs8.der")).unwrap();
    assert_eq!(&key.to_pkcs8().unwrap()[..], data!("rsa1024.pkcs8.der"));
    assert_eq!(&key.to_pkcs1().unwrap()[..], data!("rsa1024.pkcs1.der"));
    let again = RsaPrivateKey::from_pkcs1(data!("rsa1024.pkcs1.der")).unwrap();
    assert_eq!(again.to_pkcs8().unwrap(), key.to_pkcs8().unwrap());
    let public = key.public_key().unwrap();
    assert_eq!(public.to_spki(), data!("rsa1024.spki.der"));
    assert_eq!(RsaPublicKey::from_spki(data!("rsa1024.spki.der")).unwrap(), public);
}

#[test]
fn elliptic_curve_keys() {
    for (curve, sec1, pkcs8, spki) in [
        (Curve::P224, data!("secp224r1.sec1.der"), data!("secp224r1.pkcs8.der"), data!("secp224r1.spki.der")),
        (
            Curve::P256,
            data!("prime256v1.sec1.der"),
            data!("prime256v1.pkcs8.der"),
            data!("prime256v1.spki.der"),
        ),
        (Curve::P384, data!("secp384r1.sec1.der"), data!("secp384r1.pkcs8.der"), data!("secp384r1.spki.der")),
        (Curve::P521, data!("secp521r1.sec1.der"), data!("secp521r1.pkcs8.der"), data!("secp521r1.spki.der")),
        (
            Curve::Secp256k1,
            data!("secp256k1.sec1.der"),
            data!("secp256k1.pkcs8.der"),
            data!("secp256k1.spki.der"),
        ),
    ] {
        for key in [EcPrivateKey::from_sec1(sec1).unwrap(), EcPrivateKey::from_pkcs8(pkcs8).unwrap()] {
            assert_eq!(key.curve(), curve);
            assert_eq!(&key.to_sec1().unwrap()[..], sec1, "{curve:?}");
            assert_eq!(&key.to_pkcs8().unwrap()[..], pkcs8, "{curve:?}");
            assert_eq!(key.public_key().unwrap().to_spki(), spki, "{curve:?}");
            assert_eq!(EcPublicKey::from_spki(spki).unwrap(), key.public_key().unwrap());
        }
    }
}

#[test]
fn rfc_8410_keys() {
    let ed = Ed25519PrivateKey::from_pkcs8(data!("ed25519.pkcs8.der")).unwrap();
    assert_eq!(&ed.to_pkcs8()[..], data!("ed25519.pkcs8.der"));
    let x = X25519PrivateKey::from_pkcs8(data!("x25519.pkcs8.der")).unwrap();
    assert_eq!(&x.to_pkcs8()[..], data!("x25519.pkcs8.der"));
    assert!(X25519PrivateKey::from_pkcs8(data!("ed25519.pkcs8.der")).is_err());
}

#[test]
fn pkcs1_signatures() {
    let key = RsaPrivateKey::from_pkcs8(data!("rsa1024.pkcs8.der")).unwrap();
    for (hash, expected) in [
        (HashAlg::Md5, data!("pkcs1-md5.sig")),
        (HashAlg::Sha1, data!("pkcs1-sha1.sig")),
        (HashAlg::Sha224, data!("pkcs1-sha224.sig")),
        (HashAlg::Sha256, data!("pkcs1-sha256.sig")),
        (HashAlg::Sha384, data!("pkcs1-sha384.sig")),
        (HashAlg::Sha512, data!("pkcs1-sha512.sig")),
        (HashAlg::Sha3_224, data!("pkcs1-sha3-224.sig")),
        (HashAlg::Sha3_256, data!("pkcs1-sha3-256.sig")),
        (HashAlg::Sha3_384, data!("pkcs1-sha3-384.sig")),
        (HashAlg::Sha3_512, data!("pkcs1-sha3-512.sig")),
    ] {
        assert_eq!(key.sign_pkcs1(Some(hash), &digest(hash, b"message")).unwrap(), expected, "{hash:?}");
    }
}

#[test]
fn x931_signatures() {
    let key = RsaPrivateKey::from_pkcs8(data!("rsa1024.pkcs8.der")).unwrap();
    for (hash, expected) in [
        (HashAlg::Sha1, data!("x931-sha1.sig")),
        (HashAlg::Sha256, data!("x931-sha256.sig")),
        (HashAlg::Sha384, data!("x931-sha384.sig")),
        (HashAlg::Sha512, data!("x931-sha512.sig")),
    ] {
        let value = digest(hash, b"message");
        assert_eq!(key.sign_x931(hash, &value).unwrap(), expected, "{hash:?}");
        key.public_key().unwrap().verify_x931(hash, &value, expected).unwrap();
    }
}
