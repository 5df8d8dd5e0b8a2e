//! Round trips, refusals and published forms. The comparison with other implementations is in `tests/`.

use std::sync::LazyLock;

use super::*;
use crate::hash::digest;

static KEY: LazyLock<RsaPrivateKey> = LazyLock::new(|| RsaPrivateKey::generate(1024, 65537).unwrap());

#[test]
fn every_hash_signs_and_verifies_with_every_scheme_that_has_it() {
    let public = KEY.public_key().unwrap();
    for hash in HashAlg::ALL {
        let value = digest(hash, b"message");
        let other = digest(hash, b"another");
        let signature = KEY.sign_pkcs1(Some(hash), &value).unwrap();
        assert_eq!(public.verify_pkcs1(Some(hash), &value, &signature), Ok(()), "{hash:?}");
        assert_eq!(public.verify_pkcs1(Some(hash), &other, &signature), Err(CryptoError::BadSignature));

        for salt_len in [0, 20, max_pss_salt_len(1024, hash)] {
            if salt_len > max_pss_salt_len(1024, hash) {
                continue;
            }
            let signature = KEY.sign_pss(hash, salt_len, &value).unwrap();
            assert_eq!(
                public.verify_pss(hash, Some(salt_len), &value, &signature),
                Ok(()),
                "{hash:?} {salt_len}"
            );
            assert_eq!(public.verify_pss(hash, None, &value, &signature), Ok(()));
            assert_eq!(
                public.verify_pss(hash, Some(salt_len + 1), &value, &signature),
                Err(CryptoError::BadSignature)
            );
            assert_eq!(public.verify_pss(hash, None, &other, &signature), Err(CryptoError::BadSignature));
        }
        assert_eq!(
            KEY.sign_pss(hash, max_pss_salt_len(1024, hash) + 1, &value),
            Err(CryptoError::TooLarge),
            "{hash:?}"
        );

        match KEY.sign_x931(hash, &value) {
            Ok(signature) => {
                assert_eq!(public.verify_x931(hash, &value, &signature), Ok(()), "{hash:?}");
                assert_eq!(public.verify_x931(hash, &other, &signature), Err(CryptoError::BadSignature));
            }
            Err(error) => {
                assert!(matches!(error, CryptoError::Unsupported(_)), "{hash:?}");
                assert!(matches!(hash, HashAlg::Md5) || format!("{hash:?}").starts_with("Sha3"), "{hash:?}");
            }
        }

        if 2 * hash.output_len() + 2 + 5 <= 128 {
            let sealed = public.encrypt_oaep(hash, b"label", b"plain").unwrap();
            assert_eq!(&**KEY.decrypt_oaep(hash, b"label", &sealed).unwrap(), b"plain", "{hash:?}");
            assert_eq!(KEY.decrypt_oaep(hash, b"other", &sealed), Err(CryptoError::BadPadding));
            let sealed = public.encrypt_oaep_mgf(hash, HashAlg::Sha1, b"", b"plain").unwrap();
            assert_eq!(&**KEY.decrypt_oaep_mgf(hash, HashAlg::Sha1, b"", &sealed).unwrap(), b"plain");
        }
    }
}

#[test]
fn bytes_without_digest_info_are_signed_as_they_are() {
    let public = KEY.public_key().unwrap();
    for len in [0, 1, 36, 117] {
        let bytes = vec![0x5a; len];
        let signature = KEY.sign_pkcs1(None, &bytes).unwrap();
        assert_eq!(public.verify_pkcs1(None, &bytes, &signature), Ok(()));
        let block = public.encrypt_raw(&signature).unwrap();
        assert_eq!(&block[..2], [0, 1]);
        assert_eq!(&block[128 - len..], bytes);
    }
    assert_eq!(KEY.sign_pkcs1(None, &[0; 118]), Err(CryptoError::TooLarge));
}

#[test]
fn raw_operations_are_inverse_and_bounded_by_the_modulus() {
    let public = KEY.public_key().unwrap();
    let number = KEY.raw(&[2]).unwrap();
    let mut two = vec![0; 128];
    two[127] = 2;
    assert_eq!(public.encrypt_raw(&number).unwrap(), two);
    assert_eq!(
        &**KEY.decrypt_raw(&public.encrypt_raw(b"block").unwrap()).unwrap(),
        &left_pad(b"block", 128).unwrap()[..]
    );
    let modulus = public.modulus();
    assert_eq!(KEY.raw(&modulus), Err(CryptoError::TooLarge));
    assert_eq!(public.encrypt_raw(&modulus), Err(CryptoError::TooLarge));
    assert_eq!(KEY.raw(&[1; 129]), Err(CryptoError::TooLarge));
}

#[test]
fn pkcs1_encryption_round_trips_and_damage_is_bad_padding() {
    let public = KEY.public_key().unwrap();
    let sealed = public.encrypt_pkcs1(b"secret").unwrap();
    assert_eq!(&**KEY.decrypt_pkcs1(&sealed).unwrap(), b"secret");
    assert!(public.encrypt_pkcs1(&[0; 117]).is_ok());
    assert_eq!(public.encrypt_pkcs1(&[0; 118]), Err(CryptoError::TooLarge));
    assert_eq!(KEY.decrypt_pkcs1(&public.encrypt_raw(&[7; 100]).unwrap()), Err(CryptoError::BadPadding));
    assert!(matches!(
        KEY.decrypt_pkcs1(&sealed[1..]),
        Err(CryptoError::BadLength { expected: 128, got: 127, .. })
    ));
}

#[test]
fn keys_round_trip_through_every_encoding() {
    let public = KEY.public_key().unwrap();
    let again = RsaPrivateKey::from_pkcs8(&KEY.to_pkcs8().unwrap()).unwrap();
    assert_eq!(again.to_pkcs1().unwrap(), KEY.to_pkcs1().unwrap());
    assert_eq!(RsaPublicKey::from_spki(&public.to_spki()).unwrap(), public);
    assert_eq!(RsaPublicKey::from_pkcs1(&public.to_pkcs1()).unwrap(), public);
    assert_eq!(RsaPublicKey::from_components(&public.modulus(), &public.exponent()).unwrap(), public);
    assert_eq!(public.exponent(), [1, 0, 1]);
    assert_eq!((public.bits(), public.modulus_len()), (1024, 128));
    assert_eq!(format!("{:?}", *KEY), "RsaPrivateKey { bits: 1024, .. }");
}

#[test]
fn exponent_three_can_be_generated() {
    let key = RsaPrivateKey::generate(1024, 3).unwrap();
    assert_eq!(key.public_key().unwrap().exponent(), [3]);
}

#[test]
fn sizes_and_exponents_out_of_range_are_refused() {
    for (bits, exponent) in [(512, 65537), (1000, 65537), (8320, 65537), (1024, 1), (1024, 4)] {
        assert!(
            matches!(RsaPrivateKey::generate(bits, exponent), Err(CryptoError::Unsupported(_))),
            "{bits}"
        );
    }
    let small = RsaPublicKey::from_components(&[0xff; 64], &[1, 0, 1]);
    assert!(matches!(small, Err(CryptoError::Unsupported(_))), "{small:?}");
}

#[test]
fn inconsistent_keys_and_other_kinds_are_refused() {
    let mut der = KEY.to_pkcs1().unwrap().to_vec();
    let last = der.len() - 1;
    der[last] ^= 1;
    assert!(matches!(RsaPrivateKey::from_pkcs1(&der), Err(CryptoError::BadKey(_))));
    let ec = crate::ec::EcPrivateKey::generate(crate::ec::Curve::P256).unwrap();
    assert_eq!(
        RsaPrivateKey::from_pkcs8(&ec.to_pkcs8().unwrap()).unwrap_err(),
        CryptoError::BadKey("not an RSA key")
    );
    let spki = ec.public_key().unwrap().to_spki();
    assert_eq!(RsaPublicKey::from_spki(&spki).unwrap_err(), CryptoError::BadKey("not an RSA key"));
}

#[test]
fn digests_of_the_wrong_length_are_refused() {
    let refused = |result: Result<Vec<u8>>| matches!(result, Err(CryptoError::BadLength { got: 31, .. }));
    assert!(refused(KEY.sign_pkcs1(Some(HashAlg::Sha256), &[0; 31])));
    assert!(refused(KEY.sign_pss(HashAlg::Sha256, 32, &[0; 31])));
    assert!(refused(KEY.sign_x931(HashAlg::Sha256, &[0; 31])));
}

#[test]
fn one_key_signs_from_several_threads() {
    let value = digest(HashAlg::Sha256, b"message");
    let expected = KEY.sign_pkcs1(Some(HashAlg::Sha256), &value).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..50 {
                    assert_eq!(KEY.sign_pkcs1(Some(HashAlg::Sha256), &value).unwrap(), expected);
                }
            });
        }
    });
}
