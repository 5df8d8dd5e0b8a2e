//! docs/device.md §§5–6: keys in and out, key agreement, certification requests, shared secrets and random bytes.

use crate::common::*;
use crate::wraps::wrap;
use bancada_crypto::ec::{Curve, EcPrivateKey};
use bancada_crypto::edwards::X25519PrivateKey;
use bancada_crypto::hash::{HashAlg, digest};
use bancada_crypto::random::SeededRandom;
use bancada_crypto::rsa::RsaPrivateKey;
use bancada_crypto::{envelope, threshold};
use bancada_wire::algorithm::{attribute, key, padding};
use bancada_wire::codec::{Items, SecretTail, ShortTail};
use bancada_wire::op::*;
use bancada_wire::status::Status;
use bancada_wire::text::{FixedSecret, FixedText};

const BAD_KEY: Status = Status::ERR_INVALID_KEY;
const BAD_DER: Status = Status::ERR_CANNOT_PARSE_DER_PRIV_KEY;
const MALFORMED: Status = Status::ERR_INVALID_PAYLOAD;
const BAD_SECRET: Status = Status::ERR_INVALID_SECRET;
const NOT_EXPORTABLE: Status = Status::ERR_OBJ_NOT_EXPORTABLE;
const EXPORTABLE: u32 = attribute::EXPORTABLE_KEY;

pub(crate) fn alice() -> Peer {
    let device = Device::new();
    device.user("alice", 0);
    device.login("alice")
}

pub(crate) fn import(algorithm: u32, name: &str, material: &[u8]) -> KeyImp {
    let material = SecretTail::from(material);
    KeyImp { algorithm, attributes: EXPORTABLE, name: object(name), material }
}

pub(crate) fn export(peer: &mut Peer, name: &str) -> Result<Vec<u8>, Status> {
    peer.call(&ObjExp { name: object(name), flags: 0 }).map(|bytes| bytes.expose().to_vec())
}

pub(crate) fn algorithm_of(peer: &mut Peer, name: &str) -> u32 {
    peer.call(&ObjectInfo { name: object(name) }).unwrap().algorithm
}

/// Every form a private key may come in, by number and by family; and the form it leaves in.
#[test]
fn private_keys_come_in_and_go_out() {
    let p521 = EcPrivateKey::generate(Curve::P521).unwrap();
    let forms: Vec<(u32, u32, Vec<u8>, Vec<u8>)> = vec![
        (key::RSA_2048, key::IMPORT_RSA, RSA.to_pkcs1().unwrap().to_vec(), RSA.to_pkcs1().unwrap().to_vec()),
        (key::RSA_2048, key::IMPORT_P8, rsa().1, RSA.to_pkcs1().unwrap().to_vec()),
        (
            key::ECC_SECP256R1,
            key::IMPORT_ECC,
            P256.to_sec1().unwrap().to_vec(),
            P256.to_sec1().unwrap().to_vec(),
        ),
        (key::ECC_SECP256R1, key::IMPORT_P8, p256().1, P256.to_sec1().unwrap().to_vec()),
        (
            key::ECC_SECP521R1,
            key::IMPORT_ECC,
            p521.to_pkcs8().unwrap().to_vec(),
            p521.to_sec1().unwrap().to_vec(),
        ),
        (key::ECX_ED25519, key::IMPORT_ECX, ed25519().1, ed25519().1),
        (key::ECX_X25519, key::IMPORT_ECX, x25519().1, x25519().1),
    ];
    let mut alice = alice();
    for (row, (number, family, material, expected)) in forms.into_iter().enumerate() {
        for (column, algorithm) in [number, family].into_iter().enumerate() {
            let name = format!("k{row}_{column}");
            assert_eq!(alice.call(&import(algorithm, &name, &material)), Ok(()), "{row} {algorithm:#x}");
            assert_eq!(algorithm_of(&mut alice, &name), number, "the number says what it is");
            assert_eq!(export(&mut alice, &name), Ok(expected.clone()), "{row}");
        }
    }
}

/// Symmetric and HMAC keys are their bytes.
#[test]
fn symmetric_keys_are_their_bytes() {
    let mut alice = alice();
    let sizes =
        [(key::DES, 8), (key::DES3_112, 16), (key::DES3_168, 24), (key::AES_128, 16), (key::AES_256, 32)];
    for (algorithm, size) in sizes {
        let (name, bytes) = (format!("k{algorithm}"), vec![0x5C; size]);
        assert_eq!(alice.call(&import(algorithm, &name, &bytes)), Ok(()));
        assert_eq!(export(&mut alice, &name), Ok(bytes));
        for wrong in [0, size - 1, size + 1] {
            assert_eq!(
                alice.call(&import(algorithm, "wrong", &vec![1; wrong])),
                Err(BAD_KEY),
                "{algorithm} {wrong}"
            );
        }
    }
    for size in 0..=65 {
        let good = [16, 20, 32, 48, 64].contains(&size);
        let imported = alice.call(&import(key::HMAC_SHA1, &format!("h{size}"), &vec![1; size]));
        assert_eq!(imported, if good { Ok(()) } else { Err(BAD_KEY) }, "{size}");
    }
}

/// Public keys by their number with the public bit: they verify, can always leave, and do nothing private.
#[test]
fn public_keys_come_in_and_always_leave() {
    let mut alice = alice();
    let keys = [
        (key::RSA_2048, RSA.public_key().unwrap().to_spki()),
        (key::ECC_SECP256R1, P256.public_key().unwrap().to_spki()),
        (key::ECX_ED25519, ED25519.public().unwrap().to_spki()),
        (key::ECX_X25519, X25519.public().unwrap().to_spki()),
    ];
    for (number, spki) in keys {
        let name = format!("k{number}");
        let request = KeyImp { attributes: 0, ..import(number | key::PUBLIC, &name, &spki) };
        assert_eq!(alice.call(&request), Ok(()), "{number}");
        assert_eq!(algorithm_of(&mut alice, &name), number | key::PUBLIC);
        assert_eq!(export(&mut alice, &name), Ok(spki.clone()), "not marked exportable, but public");
        assert_eq!(alice.call(&AsymExp { name: object(&name), x509: true }).unwrap()[..], spki);
        let private = P8Export { name: object(&name), password: password(PASSWORD) };
        assert_eq!(alice.call(&private).map(drop), Err(BAD_KEY));
    }
    let pkcs1 = RSA.public_key().unwrap().to_pkcs1();
    assert_eq!(alice.call(&import(key::RSA_2048 | key::PUBLIC, "pkcs1", &pkcs1)), Ok(()), "PKCS#1, too");
    let wrong = import(key::RSA_3072 | key::PUBLIC, "x", &pkcs1);
    assert_eq!(alice.call(&wrong), Err(BAD_KEY), "of another size");
    for number in [key::AES_128, key::HMAC_SHA1, 0, 200] {
        let request = import(number | key::PUBLIC, "x", &AES);
        assert_eq!(alice.call(&request), Err(Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ), "{number}");
    }
}

/// Material that is no key, or of another kind than the number says.
#[test]
fn material_that_is_no_such_key() {
    let mut alice = alice();
    let mut outcome = |algorithm, material: &[u8]| alice.call(&import(algorithm, "x", material)).unwrap_err();
    for garbage in [&b""[..], b"garbage", &[0x30, 0x82], &[0; 100], &rsa().1[..100]] {
        for algorithm in
            [key::RSA_2048, key::ECC_SECP256R1, key::ECX_ED25519, key::IMPORT_P8, key::IMPORT_RSA]
        {
            assert_eq!(outcome(algorithm, garbage), BAD_DER, "{algorithm:#x}");
        }
        assert_eq!(outcome(key::RSA_2048 | key::PUBLIC, garbage), BAD_KEY);
    }
    assert_eq!(outcome(key::RSA_4096, &rsa().1), BAD_KEY, "another size");
    assert_eq!(outcome(key::RSA_2048, &p256().1), BAD_KEY, "another kind");
    assert_eq!(outcome(key::ECC_SECP384R1, &p256().1), BAD_KEY, "another curve");
    assert_eq!(outcome(key::ECX_X25519, &ed25519().1), BAD_KEY);
    for (family, material) in
        [(key::IMPORT_RSA, p256().1), (key::IMPORT_ECC, rsa().1), (key::IMPORT_ECX, rsa().1)]
    {
        assert_eq!(outcome(family, &material), BAD_KEY, "{family:#x}: another family");
    }
    let odd = RsaPrivateKey::generate(3968, 65_537).unwrap().to_pkcs8().unwrap();
    assert_eq!(outcome(key::IMPORT_RSA, &odd), BAD_KEY, "a size nobody numbered");
}

/// What may not leave, and flags nobody published.
#[test]
fn keys_leave_only_when_they_may() {
    let device = Device::new();
    device.user("alice", 0).key("alice", "kek", (key::AES_128, &AES), 0);
    for (name, (algorithm, material)) in [("rsa", rsa()), ("aes", (key::AES_128, AES.to_vec()))] {
        device.key("alice", name, (algorithm, &material), 0);
    }
    let mut alice = device.login("alice");
    let p8 = P8Export { name: object("rsa"), password: password("short") };
    assert_eq!(export(&mut alice, "rsa"), Err(NOT_EXPORTABLE));
    assert_eq!(export(&mut alice, "aes"), Err(NOT_EXPORTABLE));
    assert_eq!(alice.call(&p8).map(drop), Err(NOT_EXPORTABLE), "before the password");
    assert_eq!(alice.call(&wrap(KEK_EXPORT, "rsa", padding::PKCS5)).map(drop), Err(NOT_EXPORTABLE));
    assert!(alice.call(&AsymExp { name: object("rsa"), x509: false }).is_ok(), "the public half may");
    assert_eq!(alice.call(&AsymExp { name: object("aes"), x509: false }).map(drop), Err(BAD_KEY));
    let flags = ObjExp { name: object("rsa"), flags: 1 };
    assert_eq!(alice.call(&flags).map(drop), Err(NOT_EXPORTABLE), "before the flags");
    alice.call(&import(key::AES_128, "free", &AES)).unwrap();
    assert_eq!(alice.call(&ObjExp { name: object("free"), flags: 1 }).map(drop), Err(MALFORMED));
    assert!(alice.call(&ObjExp { name: object("free"), flags: OBJ_EXP_RAW }).is_ok());
}

/// PKCS#8 envelopes, out and in; made by the library, too, with zeros behind as the npm client sends them.
#[test]
fn envelopes_open_with_their_password() {
    let mut alice = alice();
    for (name, (algorithm, material)) in [("rsa", rsa()), ("ec", p256()), ("ed", ed25519()), ("x", x25519())]
    {
        alice.call(&import(algorithm, name, &material)).unwrap();
        let sealed = alice.call(&P8Export { name: object(name), password: password(PASSWORD) }).unwrap();
        assert_eq!(envelope::decrypt_pkcs8(&sealed, PASSWORD.as_bytes()).unwrap()[..], material);
        let mut padded = sealed.0.clone();
        padded.resize(sealed.len() + 100, 0);
        for (number, family) in [(algorithm, "back"), (key::IMPORT_P8, "family")] {
            let back = p8_import(number, &format!("{name}_{family}"), PASSWORD, &padded);
            assert_eq!(alice.call(&back), Ok(()), "{name}");
            assert_eq!(algorithm_of(&mut alice, &format!("{name}_{family}")), algorithm);
        }
    }
}

fn p8_import(algorithm: u32, name: &str, password: &str, envelope: &[u8]) -> P8Import {
    let password = FixedSecret::new(password).unwrap();
    P8Import { algorithm, attributes: EXPORTABLE, name: object(name), password, envelope: envelope.into() }
}

#[test]
fn envelopes_that_do_not_open() {
    let mut alice = alice();
    alice.call(&import(key::RSA_2048, "rsa", &rsa().1)).unwrap();
    alice.call(&import(key::AES_128, "aes", &AES)).unwrap();
    let out = |name, text| P8Export { name: object(name), password: password(text) };
    for bad in ["", "1234567"] {
        assert_eq!(alice.call(&out("rsa", bad)).map(drop), Err(BAD_SECRET), "{bad}");
    }
    assert_eq!(alice.call(&out("aes", "")).map(drop), Err(BAD_KEY), "a symmetric key has no envelope");
    let sealed = envelope::encrypt_pkcs8(&rsa().1, b"12345678", &mut SeededRandom::from_u64(1)).unwrap();
    let mut open = |algorithm, password: &str, envelope: &[u8]| {
        alice.call(&p8_import(algorithm, "in", password, envelope)).unwrap_err()
    };
    assert_eq!(open(key::IMPORT_P8, "1234567", b""), BAD_SECRET, "the password comes first");
    assert_eq!(open(key::IMPORT_P8, "seventeen-letters", b""), BAD_SECRET);
    for garbage in [&b""[..], b"garbage", &sealed[..100], &rsa().1] {
        assert_eq!(open(key::IMPORT_P8, "12345678", garbage), BAD_DER);
    }
    assert_eq!(open(key::IMPORT_P8, "12345679", &sealed), BAD_SECRET);
    let mut followed = sealed.clone();
    followed.push(1);
    assert_eq!(open(key::IMPORT_P8, "12345678", &followed), MALFORMED, "anything but zeros behind it");
    assert_eq!(open(key::ECC_SECP256R1, "12345678", &sealed), BAD_KEY, "another kind");
    assert_eq!(open(key::AES_128, "12345678", &sealed), BAD_KEY);
    assert_eq!(open(key::RSA_4096, "12345678", &sealed), BAD_KEY);
}

/// Both sides of an agreement get the same, raw and derived.
#[test]
fn agreements_agree() {
    let device = Device::new();
    device.user("alice", 0);
    for (name, (algorithm, material)) in [("ec", p256()), ("x", x25519()), ("ed", ed25519())] {
        device.key("alice", name, (algorithm, &material), 0);
    }
    let mut alice = device.login("alice");
    let mut agree = |name: &str, derivation, length, info: &[u8], public: &[u8]| {
        let data = [info, public].concat().into();
        let info_length = info.len() as u16;
        let request = GenEcdh { name: object(name), derivation, length, info_length, data };
        alice.call(&request).map(|secret| secret.expose().to_vec())
    };
    let other = EcPrivateKey::generate(Curve::P256).unwrap();
    let shared = other.ecdh(&P256.public_key().unwrap()).unwrap();
    let spki = other.public_key().unwrap().to_spki();
    assert_eq!(agree("ec", 1, 0, b"", &spki), Ok(shared.to_vec()));
    // One block of X9.63: SHA-256 of secret, counter and information.
    let block = digest(HashAlg::Sha256, &[&shared[..], &[0, 0, 0, 1], b"info"].concat());
    assert_eq!(agree("ec", 2, 32, b"info", &spki), Ok(block.to_vec()));
    let long = agree("ec", 2, 1024, b"info", &spki).unwrap();
    assert_eq!((long.len(), &long[..32]), (1024, &block[..]));
    let other = X25519PrivateKey::from_bytes(&[0x77; 32]).unwrap();
    let shared = other.agree(&X25519.public().unwrap()).unwrap();
    let x_spki = other.public().unwrap().to_spki();
    assert_eq!(agree("x", 1, 0, b"", &x_spki), Ok(shared.to_vec()));

    assert_eq!(agree("ed", 9, 0, b"", &spki), Err(BAD_KEY), "the key's kind comes first");
    for (derivation, length, info) in
        [(0, 0, &b""[..]), (3, 0, b""), (1, 1, b""), (1, 0, b"i"), (2, 0, b""), (2, 1025, b"")]
    {
        assert_eq!(
            agree("ec", derivation, length, info, b"garbage"),
            Err(MALFORMED),
            "{derivation} {length}"
        );
    }
    assert_eq!(agree("ec", 2, 16, &[1; 1025], &spki), Err(MALFORMED));
    for wrong in [
        &b""[..],
        b"garbage",
        &x_spki,
        &EcPrivateKey::generate(Curve::P384).unwrap().public_key().unwrap().to_spki(),
    ] {
        assert_eq!(agree("ec", 1, 0, b"", wrong), Err(BAD_KEY));
    }
    assert_eq!(agree("x", 1, 0, b"", &spki), Err(BAD_KEY));
    let too_much =
        GenEcdh { name: object("ec"), derivation: 2, length: 1, info_length: 9, data: vec![1; 8].into() };
    assert_eq!(alice.call(&too_much).map(drop), Err(MALFORMED));
}

/// Certification requests: each kind of key and hash, and what does not fit.
#[test]
fn certification_requests_are_made() {
    let device = Device::new();
    device.user("alice", 0);
    for (name, (algorithm, material)) in [("rsa", rsa()), ("ec", p256()), ("ed", ed25519()), ("x", x25519())]
    {
        device.key("alice", name, (algorithm, &material), 0);
    }
    let mut alice = device.login("alice");
    let mut csr = |name: &str, version, subject: &str, hash: &[u8]| {
        let (subject, hash) = (FixedText::new(subject).unwrap(), ShortTail::new(hash).unwrap());
        alice.call(&P10Csr { name: object(name), version, subject, hash })
    };
    for (name, spki) in [
        ("rsa", RSA.public_key().unwrap().to_spki()),
        ("ec", P256.public_key().unwrap().to_spki()),
        ("ed", ED25519.public().unwrap().to_spki()),
    ] {
        for hash in [&[][..], &[1], &[2], &[3], &[4], &[5], &[6], &[7], &[8], &[9]] {
            let request = csr(name, 0, "/CN=bench/O=Bancada", hash).unwrap();
            assert_eq!(request[0], 0x30, "a sequence");
            let holds = |part: &[u8]| request.windows(part.len()).any(|window| window == part);
            assert!(holds(&spki) && holds(b"bench") && holds(b"Bancada"), "{name} {hash:?}");
        }
        assert_eq!(csr(name, 0, "/CN=a", &[0]).map(drop), Err(Status::ERR_INVALID_HASH), "{name}");
        assert_eq!(csr(name, 0, "/CN=a", &[10]).map(drop), Err(Status::ERR_INVALID_HASH), "{name}");
        assert_eq!(csr(name, 1, "/CN=a", &[3]).map(drop), Err(MALFORMED), "{name}");
        for bad in ["", "no slash", "/no-equals", "/UNHEARD=x"] {
            assert_eq!(csr(name, 0, bad, &[3]).map(drop), Err(MALFORMED), "{name} {bad}");
        }
    }
    assert_eq!(csr("x", 1, "", &[0]).map(drop), Err(BAD_KEY), "X25519 does not sign");
}

/// M of N: split here, recovered here and by the library; a secret drawn by the device; and what does not fit.
#[test]
fn secrets_are_split_and_recovered() {
    let mut alice = alice();
    let split = |secret: [u8; 24], m, n| MOfNSplit { secret: secret.into(), m, n };
    let made = alice.call(&split([9; 24], 3, 5)).unwrap();
    assert_eq!((made.secret.expose(), made.entropy.expose()), (&[9; 24], &[0; 32]));
    let parts: Vec<[u8; 27]> = made.parts.0.iter().map(|part| *part.expose()).collect();
    assert_eq!(parts.len(), 5);
    assert_eq!(*threshold::recover(&parts[1..4]).unwrap(), [9; 24]);
    let mut recover = |parts: &[[u8; 27]]| {
        let parts = Items(parts.iter().map(|part| FixedSecret::from(*part)).collect());
        alice.call(&MOfNRecover { parts }).map(|answer| *answer.secret.expose())
    };
    assert_eq!(recover(&[parts[4], parts[0], parts[2]]), Ok([9; 24]), "in any order");
    assert_eq!(recover(&parts), Ok([9; 24]), "more than needed");
    let mut damaged = parts.clone();
    damaged[0][10] ^= 1;
    for bad in [&[][..], &parts[..2], &[parts[0]; 3], &damaged[..3], &[[0; 27]; 3]] {
        assert_eq!(recover(bad), Err(BAD_SECRET));
    }
    for (m, n) in [(0, 0), (1, 5), (4, 3), (2, 251), (255, 255)] {
        assert_eq!(alice.call(&split([1; 24], m, n)).map(drop), Err(MALFORMED), "{m} of {n}");
    }
    let drawn = alice.call(&split([0; 24], 2, 250)).unwrap();
    assert_eq!(drawn.parts.0.len(), 250);
    assert_ne!(drawn.entropy.expose(), &[0; 32]);
    assert_eq!(drawn.secret.expose()[..], digest(HashAlg::Sha256, drawn.entropy.expose())[..24]);
}

/// Random bytes: 1 to 2048, and others each time.
#[test]
fn random_bytes_are_drawn() {
    let mut alice = alice();
    for length in [1, 32, 2048] {
        let drawn = alice.call(&GetRandom { length }).unwrap();
        assert_eq!(drawn.expose().len(), length as usize);
        assert!(length < 32 || drawn != alice.call(&GetRandom { length }).unwrap());
    }
    for length in [0, 2049, u32::MAX] {
        assert_eq!(alice.call(&GetRandom { length }).map(drop), Err(MALFORMED), "{length}");
    }
}
