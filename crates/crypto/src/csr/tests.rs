//! Requests against those OpenSSL makes of the same keys (see `tests/data/make.sh`), and the form of names.

use super::*;
use crate::der::Reader;
use crate::ec::{Curve, EcPublicKey};

macro_rules! data {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/data/", $name))
    };
}

const DN: &str = r"/C=BR/ST=Sao Paulo/O=Banco X\/Y/OU=ISPB-00000000/CN=á.example/serialNumber=1234/emailAddress=a@b.example/DC=com/UID=u1/GN=G/SN=S/title=T";

#[test]
fn rsa_requests_equal_openssl_s() {
    let key = RsaPrivateKey::from_pkcs8(data!("rsa1024.pkcs8.der")).unwrap();
    for (hash, expected) in [
        (HashAlg::Sha1, &data!("req-rsa-sha1.der")[..]),
        (HashAlg::Sha256, data!("req-rsa-sha256.der")),
        (HashAlg::Sha512, data!("req-rsa-sha512.der")),
        (HashAlg::Sha3_256, data!("req-rsa-sha3-256.der")),
    ] {
        let request = certification_request(DN, &PrivateKeyRef::Rsa(&key), hash).unwrap();
        assert_eq!(hex::encode(request), hex::encode(expected), "{hash:?}");
    }
}

#[test]
fn ed25519_requests_equal_openssl_s() {
    let key = Ed25519PrivateKey::from_pkcs8(data!("ed25519.pkcs8.der")).unwrap();
    let request = certification_request(DN, &PrivateKeyRef::Ed25519(&key), HashAlg::Sha256).unwrap();
    assert_eq!(hex::encode(request), hex::encode(data!("req-ed25519.der")));
}

#[test]
fn ecdsa_requests_carry_their_key_and_verify_with_it() {
    for curve in Curve::ALL {
        let key = EcPrivateKey::generate(curve).unwrap();
        let request = certification_request("/CN=x/OU=y", &PrivateKeyRef::Ec(&key), HashAlg::Sha384).unwrap();
        let mut reader = Reader::new(&request).sequence().unwrap();
        let (_, contents, info) = reader.any().unwrap();
        assert_eq!(Algorithm::read(&mut reader).unwrap().oid, [0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3]);
        let signature = reader.whole_bits().unwrap();
        let mut fields = Reader::new(contents);
        assert_eq!(fields.small_integer(), Ok(0));
        assert_eq!(fields.any().unwrap().2, distinguished_name("/CN=x/OU=y").unwrap());
        let public = EcPublicKey::from_spki(fields.any().unwrap().2).unwrap();
        public.verify_prehash(&digest(HashAlg::Sha384, info), signature).unwrap();
    }
}

#[test]
fn hashes_without_an_identifier_are_refused() {
    let key = EcPrivateKey::generate(Curve::P256).unwrap();
    let result = certification_request("/CN=x", &PrivateKeyRef::Ec(&key), HashAlg::Md5);
    assert!(matches!(result, Err(CryptoError::Unsupported(_))));
}

#[test]
fn escapes_and_dotted_types() {
    let name = distinguished_name(r"/1.2.840.113549.1.9.2=a\/b\\c\d").unwrap();
    let value = br"a/b\c\d";
    let expected = [
        &[0x30, 0x18, 0x31, 0x16, 0x30, 0x14, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 2, 0x0c, 7][..],
        value,
    ]
    .concat();
    assert_eq!(hex::encode(name), hex::encode(expected));
    assert_eq!(dotted("2.999").unwrap(), [0x88, 0x37]);
    assert_eq!(dotted("2.5.4.3").unwrap(), [0x55, 4, 3]);
    assert_eq!(dotted("1.3.0.4294967295").unwrap(), [0x2b, 0, 0x8f, 0xff, 0xff, 0xff, 0x7f]);
}

#[test]
fn names_that_do_not_follow_the_form_are_refused() {
    for dn in [
        "", "CN=x", "/", "/CN", "/CN=", "/CN=x/", "/CN=x/y", "/C=BRA", "/C=é", "/DC=é", "/FOO=x", "/3.1=x",
        "/1.40=x", "/+2.5=x", "/2.+5=x", "/-2.5=x", "/2..5=x",
    ] {
        assert!(distinguished_name(dn).is_err(), "{dn:?}");
    }
}

proptest::proptest! {
    #[test]
    fn any_text_is_a_name_or_an_error(dn in ".{0,40}", tail in "(/(CN|C|1\\.2)=[a-z/\\\\]{0,6}){0,3}") {
        let _ = distinguished_name(&dn);
        if let Ok(name) = distinguished_name(&tail) {
            let mut reader = Reader::new(&name);
            reader.sequence().unwrap();
            reader.finish().unwrap();
        }
    }
}
