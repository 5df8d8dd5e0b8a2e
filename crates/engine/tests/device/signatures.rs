//! docs/device.md §6: signing, verifying and RSA decryption, checked with the keys' other halves.

use crate::common::*;
use bancada_crypto::ec::{Curve, EcPublicKey};
use bancada_crypto::edwards::Ed25519PublicKey;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::rsa::RsaPublicKey;
use bancada_wire::algorithm::{attribute, hash, key, padding};
use bancada_wire::codec::ShortTail;
use bancada_wire::op::*;
use bancada_wire::status::Status;

const BAD_KEY: Status = Status::ERR_INVALID_KEY;
const BAD_HASH: Status = Status::ERR_INVALID_HASH;
const BAD_SIGNATURE: Status = Status::ERR_INVALID_SIGNATURE;
const MALFORMED: Status = Status::ERR_INVALID_PAYLOAD;

/// The hashes that sign, by number.
const HASHES: [(u8, HashAlg); 10] = [
    (hash::MD5, HashAlg::Md5),
    (hash::SHA1, HashAlg::Sha1),
    (hash::SHA2_224, HashAlg::Sha224),
    (hash::SHA2_256, HashAlg::Sha256),
    (hash::SHA2_384, HashAlg::Sha384),
    (hash::SHA2_512, HashAlg::Sha512),
    (hash::SHA3_224, HashAlg::Sha3_224),
    (hash::SHA3_256, HashAlg::Sha3_256),
    (hash::SHA3_384, HashAlg::Sha3_384),
    (hash::SHA3_512, HashAlg::Sha3_512),
];

/// Name, algorithm and material, attributes.
type Key<'a> = (&'a str, (u32, Vec<u8>), u32);

fn alice_with(keys: &[Key<'_>]) -> Peer {
    let device = Device::new();
    device.user("alice", 0);
    for (name, (algorithm, material), attributes) in keys {
        device.key("alice", name, (*algorithm, material), *attributes);
    }
    device.login("alice")
}

fn field(value: &[u8]) -> [u8; 64] {
    let mut field = [0; 64];
    field[..value.len()].copy_from_slice(value);
    field
}

fn rsa_sign(padding: u8, hash_algorithm: u8, value: &[u8]) -> RsaSign {
    RsaSign { name: object("rsa"), padding, hash_algorithm, hash: field(value) }
}

fn rsa_verify(sign: &RsaSign, signature: &[u8]) -> RsaVerify {
    let RsaSign { name, padding, hash_algorithm, hash } = sign.clone();
    RsaVerify { name, padding, hash_algorithm, hash, signature: ShortTail::new(signature).unwrap() }
}

/// Every hash and padding: the device's signature verifies with the public key outside, and inside.
#[test]
fn rsa_signatures_verify_outside_and_inside() {
    let mut alice = alice_with(&[("rsa", rsa(), 0)]);
    let exported = alice.call(&AsymExp { name: object("rsa"), x509: true }).unwrap();
    let public = RsaPublicKey::from_spki(&exported).unwrap();
    assert_eq!(public.to_spki(), RSA.public_key().unwrap().to_spki());
    for (number, alg) in HASHES {
        let value = bancada_crypto::hash::digest(alg, b"message");
        for padding in [RSA_PAD_PKCS1, RSA_PAD_PSS, RSA_PAD_X931] {
            let request = rsa_sign(padding, number, &value);
            let signature = match alice.call(&request) {
                Ok(signature) => signature,
                // X9.31 has no number for every hash.
                Err(Status::ERR_NOT_IMPLEMENTED) if padding == RSA_PAD_X931 => {
                    let verify = rsa_verify(&request, &[1; 256]);
                    assert_eq!(alice.call(&verify), Err(Status::ERR_NOT_IMPLEMENTED), "{alg:?}");
                    continue;
                }
                Err(status) => panic!("{padding} {alg:?}: {status:?}"),
            };
            let outside = match padding {
                RSA_PAD_PKCS1 => public.verify_pkcs1(Some(alg), &value, &signature),
                RSA_PAD_PSS => public.verify_pss(alg, Some(alg.output_len()), &value, &signature),
                _ => public.verify_x931(alg, &value, &signature),
            };
            assert_eq!(outside, Ok(()), "{padding} {alg:?}");
            assert_eq!(alice.call(&rsa_verify(&request, &signature)), Ok(()), "{padding} {alg:?}");
            let other = rsa_sign(padding, number, &bancada_crypto::hash::digest(alg, b"another message"));
            assert_eq!(alice.call(&rsa_verify(&other, &signature)), Err(BAD_SIGNATURE), "{padding} {alg:?}");
        }
    }
}

/// X9.31 serves the hashes the standard numbers.
#[test]
fn x931_signs_the_common_hashes() {
    let mut alice = alice_with(&[("rsa", rsa(), 0)]);
    for (number, alg) in [(hash::SHA1, HashAlg::Sha1), (hash::SHA2_256, HashAlg::Sha256)] {
        let value = bancada_crypto::hash::digest(alg, b"message");
        assert!(alice.call(&rsa_sign(RSA_PAD_X931, number, &value)).is_ok(), "{alg:?}");
    }
}

/// MD5 and SHA-1 one after the other, without digest information.
#[test]
fn the_ssl_hash_signs_without_digest_information() {
    let mut alice = alice_with(&[("rsa", rsa(), 0)]);
    let request = rsa_sign(RSA_PAD_PKCS1, hash::SSL_SHA1_MD5, &[7; 36]);
    let signature = alice.call(&request).unwrap();
    assert_eq!(RSA.public_key().unwrap().verify_pkcs1(None, &[7; 36], &signature), Ok(()));
    assert_eq!(alice.call(&rsa_verify(&request, &signature)), Ok(()));
    for padding in [RSA_PAD_PSS, RSA_PAD_X931] {
        assert_eq!(alice.call(&rsa_sign(padding, hash::SSL_SHA1_MD5, &[7; 36])).map(drop), Err(BAD_HASH));
    }
}

/// What is wrong with an RSA signature request, in its order: kind, hash, padding, size.
#[test]
fn rsa_requests_that_do_not_fit() {
    let small = (key::RSA_1024, RSA_1024.to_pkcs8().unwrap().to_vec());
    let public = (key::RSA_2048 | key::PUBLIC, RSA.public_key().unwrap().to_spki());
    let mut alice = alice_with(&[("rsa", small, 0), ("ec", p256(), 0), ("pub", public, 0)]);
    let mut sign = |name: &str, padding, hash_algorithm| {
        let request = RsaSign { name: object(name), ..rsa_sign(padding, hash_algorithm, &[1; 20]) };
        let signed = alice.call(&request).map(drop);
        let verified = alice.call(&rsa_verify(&request, &[0; 128]));
        (signed, verified)
    };
    assert_eq!(sign("ec", 0, 0), (Err(BAD_KEY), Err(BAD_KEY)));
    for unknown in [0, 12, hash::HMAC_SHA1, hash::CMAC_AES, hash::IDENTITY_FUNC] {
        assert_eq!(sign("rsa", 0, unknown), (Err(BAD_HASH), Err(BAD_HASH)), "{unknown}");
    }
    for unknown in [0, 1, 5, 255] {
        assert_eq!(sign("rsa", unknown, hash::SHA1), (Err(MALFORMED), Err(MALFORMED)), "{unknown}");
    }
    assert_eq!(sign("rsa", RSA_PAD_PSS, hash::SHA2_512).0, Err(MALFORMED), "no room for the salt");
    assert_eq!(sign("rsa", RSA_PAD_PKCS1, hash::SHA1), (Ok(()), Err(BAD_SIGNATURE)));
    assert_eq!(
        sign("pub", RSA_PAD_PKCS1, hash::SHA1),
        (Err(BAD_KEY), Err(BAD_SIGNATURE)),
        "a public key only verifies"
    );
    for length in [0, 127, 129, 1024] {
        let request = rsa_verify(&rsa_sign(RSA_PAD_PKCS1, hash::SHA1, &[1; 20]), &vec![1; length]);
        assert_eq!(alice.call(&request), Err(BAD_SIGNATURE), "{length} bytes");
    }
}

/// In fields of fixed width the bytes behind the hash mean nothing.
#[test]
fn bytes_behind_the_hash_are_not_looked_at() {
    let mut alice = alice_with(&[("rsa", rsa(), 0)]);
    let mut request = rsa_sign(RSA_PAD_PKCS1, hash::SHA2_256, &[3; 32]);
    request.hash[40] = 9;
    let signature = alice.call(&request).unwrap();
    assert_eq!(RSA.public_key().unwrap().verify_pkcs1(Some(HashAlg::Sha256), &[3; 32], &signature), Ok(()));
}

/// Every curve and hash.
#[test]
fn ecdsa_signatures_verify_outside_and_inside() {
    let curves = [
        (key::ECC_SECP224R1, Curve::P224),
        (key::ECC_SECP256R1, Curve::P256),
        (key::ECC_SECP384R1, Curve::P384),
        (key::ECC_SECP521R1, Curve::P521),
        (key::ECC_SECP256K1, Curve::Secp256k1),
    ];
    let mut alice = alice_with(&[]);
    for (algorithm, curve) in curves {
        let name = object(&format!("ec{algorithm}"));
        alice.call(&CreateKey { algorithm, attributes: 0, name }).unwrap();
        let spki = alice.call(&AsymExp { name, x509: false }).unwrap();
        assert_eq!(spki, alice.call(&AsymExp { name, x509: true }).unwrap(), "EC has no PKCS#1 form");
        let public = EcPublicKey::from_spki(&spki).unwrap();
        assert_eq!(public.curve(), curve);
        for (number, alg) in HASHES {
            let value = bancada_crypto::hash::digest(alg, b"message");
            let hash = ShortTail::new(&value).unwrap();
            let signature = alice.call(&EccSign { name, hash_algorithm: number, hash }).unwrap();
            assert_eq!(public.verify_prehash(&value, &signature), Ok(()), "{curve:?} {alg:?}");
            let verify = EccVerify2 {
                name,
                padding: 0,
                hash_algorithm: number,
                hash: field(&value),
                signature: ShortTail::new(&signature).unwrap(),
            };
            assert_eq!(alice.call(&verify), Ok(()), "{curve:?} {alg:?}");
            let other = EccVerify2 { hash: [0xFF; 64], ..verify };
            assert_eq!(alice.call(&other), Err(BAD_SIGNATURE), "{curve:?} {alg:?}");
        }
    }
}

/// What is wrong with an ECDSA request.
#[test]
fn ecdsa_requests_that_do_not_fit() {
    let public = (key::ECC_SECP256R1 | key::PUBLIC, P256.public_key().unwrap().to_spki());
    let mut alice = alice_with(&[("ec", p256(), 0), ("pub", public, 0), ("ed", ed25519(), 0)]);
    let mut sign = |name: &str, hash_algorithm, length| {
        let hash = ShortTail::new(&vec![1; length]).unwrap();
        alice.call(&EccSign { name: object(name), hash_algorithm, hash }).map(drop)
    };
    assert_eq!(sign("ed", 0, 0), Err(BAD_KEY));
    assert_eq!(sign("pub", hash::SHA2_256, 32), Err(BAD_KEY));
    assert_eq!(sign("ec", 0, 32), Err(BAD_HASH));
    assert_eq!(sign("ec", hash::IDENTITY_FUNC, 32), Err(BAD_HASH));
    for length in [0, 31, 33, 64] {
        assert_eq!(sign("ec", hash::SHA2_256, length), Err(BAD_HASH), "{length}");
    }
    assert_eq!(sign("ec", hash::SSL_SHA1_MD5, 36), Ok(()), "a hash of 36 bytes");
    let signature = P256.sign_prehash(&[1; 32]).unwrap();
    let mut verify = |name: &str, signature: &[u8]| {
        alice.call(&EccVerify2 {
            name: object(name),
            padding: 0,
            hash_algorithm: hash::SHA2_256,
            hash: field(&[1; 32]),
            signature: ShortTail::new(signature).unwrap(),
        })
    };
    assert_eq!(verify("pub", &signature), Ok(()), "a public key verifies");
    assert_eq!(verify("ed", &signature), Err(BAD_KEY));
    for bad in [&[][..], &[0; 320], &signature[..signature.len() - 1]] {
        assert_eq!(verify("ec", bad), Err(BAD_SIGNATURE));
    }
}

/// Pure Ed25519 (RFC 8032, test 2 of section 7.1), and what is wrong with a request.
#[test]
fn eddsa_is_pure_ed25519() {
    let seed = [
        0x4c, 0xcd, 0x08, 0x9b, 0x28, 0xff, 0x96, 0xda, 0x9d, 0xb6, 0xc3, 0x46, 0xec, 0x11, 0x4e, 0x0f, 0x5b,
        0x8a, 0x31, 0x9f, 0x35, 0xab, 0xa6, 0x24, 0xda, 0x8c, 0xf6, 0xed, 0x4f, 0xb8, 0xa6, 0xfb,
    ];
    let key = bancada_crypto::edwards::Ed25519PrivateKey::from_seed(&seed).unwrap();
    let imported = (key::ECX_ED25519, key.to_pkcs8().to_vec());
    let mut alice = alice_with(&[("ed", imported, 0), ("x", x25519(), 0), ("ec", p256(), 0)]);
    let sign = |name: &str, mode| EddsaSign { name: object(name), mode, data: vec![0x72].into() };
    let signature = alice.call(&sign("ed", 0)).unwrap();
    assert_eq!(signature[..8], [0x92, 0xa0, 0x09, 0xa9, 0xf0, 0xd4, 0xca, 0xb8]);
    let spki = alice.call(&AsymExp { name: object("ed"), x509: false }).unwrap();
    assert_eq!(Ed25519PublicKey::from_spki(&spki).unwrap().verify(&[0x72], &signature), Ok(()));
    for name in ["x", "ec"] {
        assert_eq!(alice.call(&sign(name, 9)).map(drop), Err(BAD_KEY), "{name}");
    }
    assert_eq!(alice.call(&sign("ed", 1)).map(drop), Err(MALFORMED));
    let mut padded = [0; 256];
    padded[..64].copy_from_slice(&signature);
    let mut verify = |signature: [u8; 256], data: &[u8]| {
        alice.call(&EddsaVerify { name: object("ed"), mode: 0, signature, data: data.into() })
    };
    assert_eq!(verify(padded, &[0x72]), Ok(()));
    assert_eq!(verify(padded, &[0x73]), Err(BAD_SIGNATURE));
    padded[64] = 1;
    assert_eq!(verify(padded, &[0x72]), Err(BAD_SIGNATURE), "the field behind it is zero");
    let large = EddsaSign { name: object("ed"), mode: 0, data: vec![5; 4 << 20].into() };
    assert!(alice.call(&large).is_ok(), "4 MiB");
    let too_large = EddsaSign { data: vec![5; (4 << 20) + 1].into(), ..large };
    assert_eq!(alice.verdict(&too_large), (MALFORMED, true));
}

/// A usage profile allows one use.
#[test]
fn a_profile_allows_one_use() {
    let profiles = [
        (attribute::AUP_DIG_SIG, true, false, false),
        (attribute::AUP_DATA_CRYPTO, false, true, false),
        (attribute::AUP_KDF, false, false, true),
        (attribute::AUP_KEK, false, false, false),
        (attribute::AUP_LAST, false, false, false),
        (0, true, true, true),
    ];
    for (profile, signs, decrypts, derives) in profiles {
        let mut alice = alice_with(&[("rsa", rsa(), profile), ("ec", p256(), profile)]);
        let outcome = |allowed: bool| if allowed { Ok(()) } else { Err(BAD_KEY) };
        let signed = alice.call(&rsa_sign(RSA_PAD_PKCS1, hash::SHA2_256, &[1; 32])).map(drop);
        assert_eq!(signed, outcome(signs), "{profile:#x}");
        let block = RSA.public_key().unwrap().encrypt_pkcs1(b"secret").unwrap().into();
        let decrypt =
            RsaDecrypt { name: object("rsa"), padding: padding::RSA_PKCS1, hash_algorithm: 0, block };
        assert_eq!(alice.call(&decrypt).map(drop), outcome(decrypts), "{profile:#x}");
        let data = P256.public_key().unwrap().to_spki().into();
        let agree = GenEcdh { name: object("ec"), derivation: 1, length: 0, info_length: 0, data };
        assert_eq!(alice.call(&agree).map(drop), outcome(derives), "{profile:#x}");
        assert!(alice.call(&AsymExp { name: object("rsa"), x509: true }).is_ok(), "public is public");
        assert!(alice.call(&ObjectInfo { name: object("rsa") }).is_ok());
    }
}

/// RSA decryption by each padding, and what does not decrypt.
#[test]
fn rsa_decrypts_by_each_padding() {
    let mut alice = alice_with(&[("rsa", rsa(), 0), ("ec", p256(), 0)]);
    let public = RSA.public_key().unwrap();
    let mut decrypt = |name: &str, padding, hash_algorithm, block: Vec<u8>| {
        let request = RsaDecrypt { name: object(name), padding, hash_algorithm, block: block.into() };
        alice.call(&request).map(|plain| plain.expose().to_vec())
    };
    let pkcs1 = public.encrypt_pkcs1(b"secret").unwrap();
    assert_eq!(decrypt("rsa", padding::RSA_PKCS1, 0, pkcs1.clone()), Ok(b"secret".to_vec()));
    for (number, alg) in HASHES {
        let block = public.encrypt_oaep(alg, &[], b"secret").unwrap();
        assert_eq!(decrypt("rsa", padding::RSA_OAEP, number, block), Ok(b"secret".to_vec()), "{alg:?}");
    }
    let sha1 = public.encrypt_oaep(HashAlg::Sha1, &[], b"secret").unwrap();
    assert_eq!(decrypt("rsa", padding::RSA_OAEP, 0, sha1.clone()), Ok(b"secret".to_vec()), "0 is SHA-1");
    let padding_wrong = Err(Status::ERR_PADDING_CHECK_FAILED);
    assert_eq!(decrypt("rsa", padding::RSA_OAEP, hash::SHA2_256, sha1.clone()), padding_wrong);
    assert_eq!(decrypt("rsa", padding::RSA_PKCS1, 0, sha1.clone()), padding_wrong);
    let mut plain = vec![0; 256];
    plain[200] = 7;
    let raw = public.encrypt_raw(&plain).unwrap();
    assert_eq!(decrypt("rsa", padding::NONE, 0, raw), Ok(plain));
    assert_eq!(decrypt("rsa", padding::NONE, 0, vec![0xFF; 256]), Err(MALFORMED), "not below the modulus");
    for length in [0, 255, 257] {
        assert_eq!(decrypt("rsa", padding::RSA_PKCS1, 0, vec![1; length]), Err(MALFORMED), "{length}");
    }
    assert_eq!(decrypt("rsa", 1, 0, sha1.clone()), Err(MALFORMED));
    assert_eq!(decrypt("rsa", padding::RSA_OAEP, hash::IDENTITY_FUNC, sha1.clone()), Err(BAD_HASH));
    assert_eq!(decrypt("rsa", padding::RSA_OAEP, hash::SSL_SHA1_MD5, sha1), Err(BAD_HASH));
    assert_eq!(decrypt("ec", 9, 0, vec![]), Err(BAD_KEY));
}

/// The vendor's envelope: a field of 256 bytes, or the modulus where that is larger.
#[test]
fn rsa_envelopes_are_opened() {
    let small = (key::RSA_1024, RSA_1024.to_pkcs8().unwrap().to_vec());
    let mut alice = alice_with(&[("rsa", rsa(), 0), ("small", small, 0), ("ec", p256(), 0)]);
    let mut open =
        |name: &str, block: Vec<u8>| alice.call(&AsymEnc { name: object(name), block: block.into() });
    let block = RSA.public_key().unwrap().encrypt_pkcs1(b"letter").unwrap();
    assert_eq!(open("rsa", block.clone()).unwrap()[..], *b"letter");
    let mut short = RSA_1024.public_key().unwrap().encrypt_pkcs1(b"letter").unwrap();
    assert_eq!(open("small", short.clone()), Err(MALFORMED), "the field has 256 bytes");
    short.resize(256, 0);
    assert_eq!(open("small", short.clone()).unwrap()[..], *b"letter");
    short[255] = 1;
    assert_eq!(open("small", short), Err(MALFORMED));
    let mut damaged = block;
    damaged[10] ^= 1;
    assert_eq!(open("rsa", damaged), Err(Status::ERR_PADDING_CHECK_FAILED));
    assert_eq!(open("ec", vec![]), Err(BAD_KEY));
}

/// Keys the device makes: each size and kind says what it is; the exponent is as asked.
#[test]
fn keys_are_made_as_asked() {
    let mut alice = alice_with(&[]);
    let made = [
        (key::RSA_1024, 1024),
        (key::RSA_2048, 2048),
        (key::RSA_1152, 1152),
        (key::ECC_SECP521R1, 521),
        (key::ECX_ED25519, 256),
        (key::ECX_X25519, 256),
        (key::DES, 64),
        (key::DES3_112, 128),
        (key::DES3_168, 192),
        (key::AES_192, 192),
        (key::HMAC_SHA1, 160),
        (key::HMAC_SHA3_512, 512),
    ];
    for (algorithm, bits) in made {
        let name = object(&format!("k{algorithm}"));
        alice.call(&CreateKey { algorithm, attributes: attribute::RSA_PUB_EXP3, name }).unwrap();
        let info = alice.call(&ObjectInfo { name }).unwrap();
        assert_eq!((info.algorithm, info.key_bits, info.length), (algorithm, bits, 0));
    }
    let public = alice.call(&AsymExp { name: object("k6"), x509: false }).unwrap();
    assert_eq!(RsaPublicKey::from_pkcs1(&public).unwrap().exponent(), [3], "and PKCS#1 without the flag");
    alice.call(&CreateKey { algorithm: key::RSA_1024, attributes: 0, name: object("usual") }).unwrap();
    let public = alice.call(&AsymExp { name: object("usual"), x509: false }).unwrap();
    assert_eq!(RsaPublicKey::from_pkcs1(&public).unwrap().exponent(), [1, 0, 1]);
    for algorithm in [key::RSA_1976, key::RSA_1984] {
        let request = CreateKey { algorithm, attributes: 0, name: object("k6") };
        assert_eq!(alice.call(&request), Err(Status::ERR_NOT_IMPLEMENTED), "before it is looked for");
    }
}
