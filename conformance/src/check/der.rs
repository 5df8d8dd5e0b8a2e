//! Structures the device makes, taken apart as far as a check needs it (RFC 2986, RFC 5958, RFC 8018).

use bancada_crypto::hash::{HashAlg, digest};

use super::{Scheme, spki, verify};
use crate::scenario::number;

const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;
const OCTET_STRING: u8 = 0x04;

/// OID of PBES2, 1.2.840.113549.1.5.13, as a whole element.
const PBES2: &[u8] = &[0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x05, 0x0D];

/// One element: its tag, its contents and all its bytes.
struct Element<'a> {
    tag: u8,
    contents: &'a [u8],
    whole: &'a [u8],
}

/// Takes the first element off `input`.
fn element<'a>(input: &mut &'a [u8]) -> Option<Element<'a>> {
    let whole = *input;
    let (&tag, rest) = whole.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7F => (usize::from(first), rest),
        0x81..=0x83 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7F))?;
            (bytes.iter().fold(0, |length, byte| (length << 8) | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (contents, rest) = rest.split_at_checked(length)?;
    *input = rest;
    Some(Element { tag, contents, whole: &whole[..whole.len() - rest.len()] })
}

fn expect<'a>(input: &mut &'a [u8], tag: u8, what: &str) -> Result<Element<'a>, String> {
    element(input).filter(|found| found.tag == tag).ok_or_else(|| format!("{what} is missing"))
}

/// A CertificationRequest: signed by the key it names, which is `public` where that is known.
pub(super) fn check_request(der: &[u8], public: Option<Vec<u8>>, common_name: &str) -> Result<(), String> {
    let mut input = der;
    let request = expect(&mut input, SEQUENCE, "the request")?;
    if !input.is_empty() {
        return Err("bytes follow the request".to_owned());
    }
    let mut fields = request.contents;
    let info = expect(&mut fields, SEQUENCE, "the request's information")?;
    let algorithm = expect(&mut fields, SEQUENCE, "the signature algorithm")?;
    let signature = expect(&mut fields, BIT_STRING, "the signature")?;
    let mut inside = info.contents;
    expect(&mut inside, 0x02, "the version")?;
    let subject = expect(&mut inside, SEQUENCE, "the subject")?;
    let key = expect(&mut inside, SEQUENCE, "the public key")?;
    if !subject.contents.windows(common_name.len().max(1)).any(|window| window == common_name.as_bytes()) {
        return Err(format!("the subject does not hold {common_name:?}"));
    }
    if let Some(public) = public
        && spki(&public) != spki(key.whole)
    {
        return Err("the request names another public key".to_owned());
    }
    let signature = signature.contents.get(1..).ok_or("the signature is empty")?;
    verify_request(key.whole, algorithm.whole, info.whole, signature)
}

/// OIDs of signature algorithms, without tag and length, with the hash and the number of the hash.
const ALGORITHMS: &[(&[u8], HashAlg, u8)] = &[
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x05], HashAlg::Sha1, number::SHA1),
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B], HashAlg::Sha256, number::SHA256),
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0C], HashAlg::Sha384, number::SHA384),
    (&[0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0D], HashAlg::Sha512, number::SHA512),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x01], HashAlg::Sha1, number::SHA1),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x02], HashAlg::Sha256, number::SHA256),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x03], HashAlg::Sha384, number::SHA384),
    (&[0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x04, 0x03, 0x04], HashAlg::Sha512, number::SHA512),
];

/// OID of Ed25519, without tag and length.
const ED25519: &[u8] = &[0x2B, 0x65, 0x70];

fn verify_request(public: &[u8], algorithm: &[u8], info: &[u8], signature: &[u8]) -> Result<(), String> {
    let mut input = algorithm;
    let mut fields = expect(&mut input, SEQUENCE, "the signature algorithm")?.contents;
    let oid = expect(&mut fields, 0x06, "the signature algorithm's identifier")?.contents;
    if oid == ED25519 {
        return verify(public, &Scheme::Eddsa, info, signature);
    }
    let (_, hash, number) = ALGORITHMS.iter().find(|(known, ..)| *known == oid).ok_or_else(|| {
        format!("the signature algorithm {} is not one that was asked for", hex::encode(oid))
    })?;
    let scheme = match super::rsa_public(public) {
        Some(_) => Scheme::Rsa { padding: number::RSA_PKCS1, hash: *number },
        None => Scheme::Ecdsa,
    };
    verify(public, &scheme, &digest(*hash, info), signature)
}

/// An EncryptedPrivateKeyInfo under PBES2.
pub(super) fn check_envelope(der: &[u8]) -> Result<(), String> {
    let mut input = der;
    let envelope = expect(&mut input, SEQUENCE, "the envelope")?;
    if !input.is_empty() {
        return Err("bytes follow the envelope".to_owned());
    }
    let mut fields = envelope.contents;
    let algorithm = expect(&mut fields, SEQUENCE, "the encryption algorithm")?;
    let data = expect(&mut fields, OCTET_STRING, "the encrypted key")?;
    if !algorithm.contents.starts_with(PBES2) {
        return Err("the envelope is not encrypted by PBES2".to_owned());
    }
    if data.contents.len() < 16 {
        return Err("the encrypted key is too short".to_owned());
    }
    Ok(())
}
