//! Distinguished names as text, and certificates, revocation lists and messages as DER.

use bancada_crypto::csr::{PrivateKeyRef, certification_request, distinguished_name as encode};
use bancada_crypto::der_type::{DerType, der_type as judge};
use bancada_crypto::ec::{Curve, EcPrivateKey};
use bancada_crypto::edwards::Ed25519PrivateKey;
use bancada_crypto::hash::HashAlg;
use x509_cert::der::{Decode, Encode};
use x509_cert::name::Name;
use x509_cert::request::CertReq;

use crate::input::Input;

/// One byte for key and hash, then a distinguished name. An independent parser reads what comes of it.
pub fn distinguished_name(data: &[u8]) {
    let mut input = Input::new(data);
    let kind = input.u8();
    let Ok(text) = std::str::from_utf8(input.rest()) else { return };
    let Ok(der) = encode(text) else { return };
    let name = match Name::from_der(&der) {
        Ok(name) => name,
        // The independent parser knows object identifiers up to a length, and none such as 2.999.
        Err(_) if has_numbers(text) => return,
        Err(error) => panic!("a name other programs cannot read: {error}"),
    };
    assert_eq!(name.to_der().expect("and write"), der);
    let components = name.iter_rdn().count();
    assert!((1..=text.matches('/').count()).contains(&components), "{components} components in {text:?}");

    let hash = HashAlg::ALL[usize::from(kind >> 1) % HashAlg::ALL.len()];
    let request = if kind & 1 == 0 {
        let key = Ed25519PrivateKey::from_seed(&[1; 32]).expect("any 32 bytes are a key");
        certification_request(text, &PrivateKeyRef::Ed25519(&key), hash)
    } else {
        let key = EcPrivateKey::from_scalar(Curve::P256, &[1; 32]).expect("below the order");
        certification_request(text, &PrivateKeyRef::Ec(&key), hash)
    };
    match request {
        Ok(der) => {
            let request = CertReq::from_der(&der).expect("a request other programs can read");
            assert_eq!(request.info.subject, name);
        }
        Err(error) => assert!(kind & 1 == 1 && hash == HashAlg::Md5, "{error}"),
    }
}

/// Whether a component may have an object identifier for a type.
fn has_numbers(name: &str) -> bool {
    name.split('/').any(|component| component.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

/// Bytes that may be a certificate, a revocation list or a message.
pub fn der_type(data: &[u8]) {
    let Some(found) = judge(data) else { return };
    assert_eq!(data.first(), Some(&0x30), "{found:?}");
    if found != DerType::Pkcs7 {
        let longer = [data, &[0]].concat();
        assert_eq!(judge(&longer), None, "a {found:?} with a byte behind it");
    }
}
