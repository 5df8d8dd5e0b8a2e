//! docs/device.md §§5–6: keys under other keys, out and in.

use crate::common::*;
use crate::keys::{algorithm_of, alice, export, import};
use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ec::{Curve, EcPrivateKey};
use bancada_crypto::rsa::RsaPrivateKey;
use bancada_wire::algorithm::{attribute, key, mode, padding};
use bancada_wire::codec::Tail;
use bancada_wire::op::*;
use bancada_wire::status::Status;

const BAD_KEY: Status = Status::ERR_INVALID_KEY;
const MALFORMED: Status = Status::ERR_INVALID_PAYLOAD;
const EXPORTABLE: u32 = attribute::EXPORTABLE_KEY;
/// A triple DES key with three different parts.
const DES3: [u8; 24] = *b"three parts, each unlike";

/// Algorithm and bytes of a key.
type Key = (u32, Vec<u8>);

pub(crate) fn wrap(operation: u8, name: &str, padding: u8) -> KekWrapObj {
    KekWrapObj {
        operation,
        mode: mode::CBC,
        padding,
        iv: [3; 32],
        kek: object("kek"),
        name: object(name),
        algorithm: 0,
        attributes: 0,
        data: Tail::default(),
    }
}

/// Out under a KEK and in again: every kind of key, mode and padding that fits.
#[test]
fn keys_travel_under_a_key() {
    let mut alice = alice();
    let keys = [
        ("rsa", rsa()),
        ("ec", p256()),
        ("ed", ed25519()),
        ("aes", (key::AES_256, vec![7; 32])),
        ("des3", (key::DES3_168, DES3.to_vec())),
        ("hmac", (key::HMAC_SHA1, vec![7; 20])),
    ];
    for (name, (algorithm, material)) in &keys {
        alice.call(&import(*algorithm, name, material)).unwrap();
    }
    for (kek, kek_material, weaker) in
        [(key::AES_256, vec![1; 32], &[][..]), (key::DES3_168, DES3.to_vec(), &["ec", "ed", "aes", "hmac"])]
    {
        alice.call(&import(kek, "kek", &kek_material)).unwrap();
        for (name, (algorithm, material)) in &keys {
            if weaker.contains(name) {
                continue;
            }
            for padding in [padding::PKCS5, padding::ZERO, padding::NONE] {
                for mode in [mode::ECB, mode::CBC] {
                    let out = KekWrapObj { mode, ..wrap(KEK_EXPORT, name, padding) };
                    let block = if kek == key::AES_256 { 16 } else { 8 };
                    let wrapped = match alice.call(&out) {
                        Ok(wrapped) => wrapped,
                        Err(status) => {
                            let does_not_fit = material.len() % block != 0 && padding == padding::NONE;
                            assert_eq!((status, does_not_fit), (MALFORMED, true), "{name}");
                            continue;
                        }
                    };
                    let back = KekWrapObj {
                        mode,
                        algorithm: *algorithm,
                        attributes: EXPORTABLE,
                        data: wrapped,
                        ..wrap(KEK_IMPORT, "back", padding)
                    };
                    assert_eq!(alice.call(&back).map(drop), Ok(()), "{name} {padding} {mode}");
                    assert_eq!(algorithm_of(&mut alice, "back"), *algorithm);
                    let bytes = export(&mut alice, "back").unwrap();
                    // An HMAC key that came back with zeros behind it is the same key.
                    let length = if *name == "hmac" { material.len() } else { bytes.len() };
                    assert_eq!(bytes[..length], export(&mut alice, name).unwrap(), "{name} {padding} {mode}");
                    alice.call(&RemoveObject { name: object("back") }).unwrap();
                }
            }
        }
        alice.call(&RemoveObject { name: object("kek") }).unwrap();
    }
}

/// What is wrong with a wrap.
#[test]
fn wraps_that_do_not_fit() {
    let device = Device::new();
    device.user("alice", 0).key("alice", "kek", (key::AES_128, &AES), attribute::AUP_KEK);
    device.key("alice", "aes", (key::AES_128, &AES), EXPORTABLE | attribute::AUP_DATA_CRYPTO);
    device.key(
        "alice",
        "pub",
        (key::RSA_2048 | key::PUBLIC, &RSA.public_key().unwrap().to_spki()),
        EXPORTABLE,
    );
    let mut alice = device.login("alice");
    alice.call(&CreateBlob { name: object("blob"), length: 1, data: vec![1].into() }).unwrap();
    let missing = Err(Status::ERR_CANNOT_OPEN_OBJ);
    let good = wrap(KEK_EXPORT, "aes", padding::PKCS5);
    assert_eq!(alice.call(&wrap(3, "none", 9)).map(drop), Err(MALFORMED), "the operation comes first");
    assert_eq!(alice.call(&wrap(KEK_EXPORT, "none", 9)).map(drop), missing);
    for public in ["pub", "blob"] {
        assert_eq!(
            alice.call(&wrap(KEK_EXPORT, public, 9)).map(drop),
            Err(BAD_KEY),
            "{public} needs no wrap"
        );
    }
    let no_kek = |kek| KekWrapObj { kek: object(kek), padding: 9, ..good.clone() };
    assert_eq!(alice.call(&no_kek("none")).map(drop), missing);
    assert_eq!(alice.call(&no_kek("aes")).map(drop), Err(BAD_KEY), "its profile says data");
    assert_eq!(alice.call(&no_kek("pub")).map(drop), Err(BAD_KEY));
    assert_eq!(alice.call(&wrap(KEK_EXPORT, "aes", 9)).map(drop), Err(MALFORMED));
    assert_eq!(alice.call(&KekWrapObj { mode: mode::GCM, ..good.clone() }).map(drop), Err(MALFORMED));
    assert!(alice.call(&good).is_ok(), "the profile of what is wrapped does not matter");
    let mut import = |padding, data: Vec<u8>| {
        let request =
            KekWrapObj { algorithm: key::AES_128, data: data.into(), ..wrap(KEK_IMPORT, "in", padding) };
        alice.call(&request).map(drop)
    };
    assert_eq!(import(padding::PKCS5, vec![1; 32]), Err(Status::ERR_PADDING_CHECK_FAILED));
    assert_eq!(import(padding::NONE, vec![1; 15]), Err(MALFORMED));
    assert_eq!(import(padding::NONE, vec![1; 32]), Err(BAD_KEY), "32 bytes are no AES-128 key");
    assert_eq!(import(padding::ZERO, vec![1; 32]), Err(BAD_KEY), "nor with other bytes than zeros behind it");
    assert_eq!(import(padding::NONE, vec![1; 16]), Ok(()));
    assert_eq!(import(padding::NONE, vec![1; 16]), Err(Status::ERR_OBJ_ALREADY_EXISTS));
}

/// The cipher keys by strength, and what else is as strong (NIST SP 800-57 part 1, table 2): out and in, a key is carried by
/// those that are not weaker.
#[test]
fn a_key_does_not_travel_under_a_weaker_one() {
    let rsa =
        |bits| (key::IMPORT_RSA, RsaPrivateKey::generate(bits, 65_537).unwrap().to_pkcs1().unwrap().to_vec());
    let ec = |curve| (key::IMPORT_ECC, EcPrivateKey::generate(curve).unwrap().to_sec1().unwrap().to_vec());
    let hmac = |bytes| (key::HMAC_SHA2_512, vec![5; bytes]);
    let ladder: [(SymAlg, u32, Vec<Key>); 6] = [
        (SymAlg::Des, key::DES, vec![]),
        (SymAlg::Des3_112, key::DES3_112, vec![rsa(1024), rsa(1536)]),
        (SymAlg::Des3_168, key::DES3_168, vec![rsa(2048), ec(Curve::P224)]),
        (
            SymAlg::Aes128,
            key::AES_128,
            vec![rsa(3072), ec(Curve::P256), ec(Curve::Secp256k1), ed25519(), x25519(), hmac(16)],
        ),
        (SymAlg::Aes192, key::AES_192, vec![ec(Curve::P384), hmac(20)]),
        (SymAlg::Aes256, key::AES_256, vec![ec(Curve::P521), hmac(32), hmac(64)]),
    ];
    let mut alice = alice();
    for (rung, (kek_kind, kek_number, _)) in ladder.iter().enumerate() {
        let kek_bytes: Vec<u8> = (1..=kek_kind.key_len()).map(|byte| byte as u8).collect();
        alice.call(&import(*kek_number, "kek", &kek_bytes)).unwrap();
        let kek = SymKey::new(*kek_kind, &kek_bytes).unwrap();
        for (height, (kind, number, equals)) in ladder.iter().enumerate() {
            let itself = (*number, (1..=kind.key_len()).map(|byte| byte as u8).rev().collect());
            for (number, material) in equals.iter().cloned().chain([itself]) {
                let outcome = if rung < height { Err(BAD_KEY) } else { Ok(()) };
                alice.call(&import(number, "carried", &material)).unwrap();
                let out = wrap(KEK_EXPORT, "carried", padding::PKCS5);
                assert_eq!(alice.call(&out).map(drop), outcome, "{number} out under {kek_number}");
                let mut data = Vec::new();
                let iv = &out.iv[..kek_kind.block_len()];
                kek.encrypt(Mode::Cbc, Padding::Pkcs5, iv, &material, &mut data).unwrap();
                let back = KekWrapObj {
                    algorithm: number,
                    data: data.into(),
                    ..wrap(KEK_IMPORT, "back", padding::PKCS5)
                };
                assert_eq!(
                    alice.call(&back),
                    outcome.map(|()| Tail::default()),
                    "{number} in under {kek_number}"
                );
                alice.call(&RemoveObject { name: object("carried") }).unwrap();
                let _ = alice.call(&RemoveObject { name: object("back") });
            }
        }
        alice.call(&RemoveObject { name: object("kek") }).unwrap();
    }
}
