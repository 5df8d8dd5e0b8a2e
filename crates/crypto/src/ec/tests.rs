//! Round trips, refusals and published forms. The comparison with other implementations is in `tests/`.

use super::*;

#[test]
fn digests_of_any_length_sign_and_verify_on_every_curve() {
    for curve in Curve::ALL {
        let key = EcPrivateKey::generate(curve).unwrap();
        let public = key.public_key().unwrap();
        for len in [1, 16, 20, 28, 32, 48, 64, 65, 66, 100] {
            let digest: Vec<u8> = (0..len).map(|i| i as u8 + 1).collect();
            let signature = key.sign_prehash(&digest).unwrap();
            assert_eq!(public.verify_prehash(&digest, &signature), Ok(()), "{curve:?} {len}");
            let mut other = digest.clone();
            other[0] ^= 0x80;
            assert_eq!(public.verify_prehash(&other, &signature), Err(CryptoError::BadSignature));
            let fixed = signature_to_fixed(curve, &signature).unwrap();
            assert_eq!(fixed.len(), 2 * curve.scalar_len());
            assert_eq!(signature_from_fixed(curve, &fixed).unwrap(), signature);
        }
    }
}

#[test]
fn keys_round_trip_through_every_encoding() {
    for curve in Curve::ALL {
        let key = EcPrivateKey::generate(curve).unwrap();
        let scalar = key.to_scalar().unwrap();
        assert_eq!(scalar.len(), curve.scalar_len());
        for again in [
            EcPrivateKey::from_scalar(curve, &scalar).unwrap(),
            EcPrivateKey::from_sec1(&key.to_sec1().unwrap()).unwrap(),
            EcPrivateKey::from_pkcs8(&key.to_pkcs8().unwrap()).unwrap(),
        ] {
            assert_eq!(again.to_scalar().unwrap(), scalar);
            assert_eq!(again.public_key().unwrap(), key.public_key().unwrap());
        }
        let public = key.public_key().unwrap();
        assert_eq!(EcPublicKey::from_spki(&public.to_spki()).unwrap(), public);
        assert_eq!(EcPublicKey::from_point(curve, &public.to_compressed_point()).unwrap(), public);
        assert_eq!(Curve::from_parameters(&curve.parameters()), Ok(curve));
        assert_eq!(format!("{key:?}"), format!("EcPrivateKey {{ curve: {curve:?}, .. }}"));
    }
}

#[test]
fn both_sides_agree_and_curves_do_not_mix() {
    for curve in Curve::ALL {
        let (a, b) = (EcPrivateKey::generate(curve).unwrap(), EcPrivateKey::generate(curve).unwrap());
        let secret = a.ecdh(&b.public_key().unwrap()).unwrap();
        assert_eq!(secret, b.ecdh(&a.public_key().unwrap()).unwrap());
        assert_eq!(secret.len(), curve.field_len());
    }
    let a = EcPrivateKey::generate(Curve::P256).unwrap();
    let b = EcPrivateKey::generate(Curve::Secp256k1).unwrap();
    assert!(matches!(a.ecdh(&b.public_key().unwrap()), Err(CryptoError::BadKey(_))));
}

#[test]
fn private_numbers_out_of_range_are_refused() {
    for curve in Curve::ALL {
        for scalar in [vec![], vec![0; curve.scalar_len()], vec![0xff; curve.scalar_len()]] {
            let result = EcPrivateKey::from_scalar(curve, &scalar);
            assert!(matches!(result, Err(CryptoError::BadKey(_))), "{curve:?} {scalar:02x?}");
        }
        let long = EcPrivateKey::from_scalar(curve, &vec![1; curve.scalar_len() + 1]);
        assert!(matches!(long, Err(CryptoError::BadLength { .. })));
    }
}

#[test]
fn points_off_the_curve_and_infinity_are_refused() {
    for curve in Curve::ALL {
        let mut point = EcPrivateKey::generate(curve).unwrap().public_key().unwrap().to_point();
        *point.last_mut().unwrap() ^= 1;
        for bad in [&point[..], &point[..point.len() - 1], &[0], &[]] {
            assert!(matches!(EcPublicKey::from_point(curve, bad), Err(CryptoError::BadKey(_))), "{curve:?}");
        }
    }
}

#[test]
fn a_private_key_with_the_public_key_of_another_is_refused() {
    let (a, b) = (EcPrivateKey::generate(Curve::P256).unwrap(), EcPrivateKey::generate(Curve::P256).unwrap());
    let mut mixed = a.to_sec1().unwrap().to_vec();
    let point = b.public_key().unwrap().to_point();
    let at = mixed.len() - point.len();
    mixed[at..].copy_from_slice(&point);
    assert_eq!(
        EcPrivateKey::from_sec1(&mixed).unwrap_err(),
        CryptoError::BadKey("its public point does not belong to the private number")
    );
}

#[test]
fn signatures_that_do_not_fit_are_refused() {
    let curve = Curve::P256;
    assert!(signature_to_fixed(curve, &[0x30, 3, 2, 1, 1]).is_err());
    assert!(signature_to_fixed(curve, &[0x30, 6, 2, 1, 0x80, 2, 1, 1]).is_err());
    assert!(signature_to_fixed(curve, &[0x30, 5, 2, 0, 2, 1, 1]).is_err(), "an empty number");
    assert!(signature_to_fixed(curve, &[0x30, 7, 2, 2, 0, 1, 2, 1, 1]).is_err(), "a leading zero");
    assert!(signature_to_fixed(curve, &[0x30, 7, 2, 2, 0, 0x80, 2, 1, 1]).is_ok());
    let long = der::element(SEQUENCE, &[&der::integer(&[1; 33]), &der::integer(&[1])]);
    assert!(signature_to_fixed(curve, &long).is_err());
    assert!(matches!(
        signature_from_fixed(curve, &[1; 63]),
        Err(CryptoError::BadLength { expected: 64, got: 63, .. })
    ));
}
