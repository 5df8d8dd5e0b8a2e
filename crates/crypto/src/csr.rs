//! Certification requests: PKCS#10 (RFC 2986), with the distinguished name in the vendor's slash notation.

use crate::der::{self, Algorithm, BIT_STRING, NULL_ELEMENT, OID, SEQUENCE};
use crate::ec::EcPrivateKey;
use crate::edwards::Ed25519PrivateKey;
use crate::hash::{HashAlg, digest};
use crate::rsa::RsaPrivateKey;
use crate::{CryptoError, Result};

const PRINTABLE_STRING: u8 = 0x13;
const IA5_STRING: u8 = 0x16;
const UTF8_STRING: u8 = 0x0c;
const SET: u8 = 0x31;

/// The key a request is made for and signed with.
#[derive(Debug, Clone, Copy)]
pub enum PrivateKeyRef<'a> {
    /// Signed with RSASSA-PKCS1-v1_5.
    Rsa(&'a RsaPrivateKey),
    /// Signed with ECDSA.
    Ec(&'a EcPrivateKey),
    /// Signed with Ed25519; the hash is not used.
    Ed25519(&'a Ed25519PrivateKey),
}

/// A signed request in DER, without attributes.
///
/// `dn` is a list of `/TYPE=value`, in the order of the certificate; a slash inside a value is written `\/` and a
/// backslash `\\`. Types are matched without regard to case: CN, SN (surname), serialNumber, C, L, ST (or S), street,
/// O, OU, T (or title), description, businessCategory, postalCode, GN, initials, generationQualifier, dnQualifier,
/// pseudonym, UID, DC, E (or emailAddress), or an object identifier in dotted form.
///
/// # Errors
/// [`CryptoError::Malformed`] for a name that does not follow that form; [`CryptoError::Unsupported`] for a type or a
/// combination of key and hash that has no identifier; the errors of signing.
pub fn certification_request(dn: &str, key: &PrivateKeyRef<'_>, hash: HashAlg) -> Result<Vec<u8>> {
    let name = distinguished_name(dn)?;
    let spki = match key {
        PrivateKeyRef::Rsa(key) => key.public_key()?.to_spki(),
        PrivateKeyRef::Ec(key) => key.public_key()?.to_spki(),
        PrivateKeyRef::Ed25519(key) => key.public()?.to_spki(),
    };
    let no_attributes = der::element(0xa0, &[]);
    let info = der::element(SEQUENCE, &[&der::integer(&[]), &name, &spki, &no_attributes]);
    let (algorithm, signature) = match key {
        PrivateKeyRef::Rsa(key) => {
            let oid = rsa_signature_oid(hash);
            let signature = key.sign_pkcs1(Some(hash), &digest(hash, &info))?;
            (Algorithm { oid, parameters: Some(NULL_ELEMENT) }, signature)
        }
        PrivateKeyRef::Ec(key) => {
            let oid = ecdsa_signature_oid(hash)?;
            (Algorithm { oid, parameters: None }, key.sign_prehash(&digest(hash, &info))?)
        }
        PrivateKeyRef::Ed25519(key) => {
            (Algorithm { oid: &[0x2b, 0x65, 0x70], parameters: None }, key.sign(&info).to_vec())
        }
    };
    let signature = der::element(BIT_STRING, &[&[0], &signature]);
    Ok(der::public(der::element(SEQUENCE, &[&info, &algorithm.encode(), &signature])))
}

/// The DER form (RFC 5280 section 4.1.2.4) of a distinguished name in slash notation, as
/// [`certification_request`] takes it.
///
/// # Errors
/// As for [`certification_request`].
pub fn distinguished_name(dn: &str) -> Result<Vec<u8>> {
    let mut rest = dn
        .strip_prefix('/')
        .ok_or(CryptoError::Malformed("a distinguished name starts with a slash: /CN=..."))?;
    let mut components = Vec::new();
    loop {
        let (kind, value) = rest
            .split_once('=')
            .filter(|(kind, _)| !kind.contains('/'))
            .ok_or(CryptoError::Malformed("a component of the distinguished name is not TYPE=value"))?;
        let (value, after) = take_value(value);
        components.extend_from_slice(&component(kind.trim(), &value)?);
        match after {
            Some(after) => rest = after,
            None => break,
        }
    }
    Ok(der::public(der::element(SEQUENCE, &[&components])))
}

/// The value up to the next slash that is not escaped, and what follows that slash.
fn take_value(text: &str) -> (String, Option<&str>) {
    let mut value = String::new();
    let mut chars = text.char_indices().peekable();
    while let Some((at, char)) = chars.next() {
        match char {
            '/' => return (value, Some(&text[at + 1..])),
            '\\' => match chars.next_if(|(_, next)| matches!(next, '/' | '\\')) {
                Some((_, escaped)) => value.push(escaped),
                None => value.push('\\'),
            },
            _ => value.push(char),
        }
    }
    (value, None)
}

/// One RelativeDistinguishedName with one attribute.
fn component(kind: &str, value: &str) -> Result<Vec<u8>> {
    if value.is_empty() {
        return Err(CryptoError::Malformed("a component of the distinguished name is empty"));
    }
    let (oid, tag) = attribute(kind)?;
    let fits = match tag {
        PRINTABLE_STRING => value.bytes().all(|b| b.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&b)),
        IA5_STRING => value.is_ascii(),
        _ => true,
    };
    if !fits {
        return Err(CryptoError::Malformed(
            "a component of the distinguished name has characters its type forbids",
        ));
    }
    if oid == [0x55, 4, 6] && value.len() != 2 {
        return Err(CryptoError::Malformed("the country (C) has two letters"));
    }
    let oid = der::element(OID, &[&oid]);
    let value = der::element(tag, &[value.as_bytes()]);
    Ok(der::public(der::element(SET, &[&der::element(SEQUENCE, &[&oid, &value])])))
}

/// Object identifier and string type of an attribute (RFC 5280 appendix A, RFC 4519, RFC 2985).
fn attribute(kind: &str) -> Result<(Vec<u8>, u8)> {
    let x520 = |number: u8, tag| Ok((vec![0x55, 4, number], tag));
    match kind.to_ascii_lowercase().as_str() {
        "cn" | "commonname" => x520(3, UTF8_STRING),
        "sn" | "surname" => x520(4, UTF8_STRING),
        "serialnumber" => x520(5, PRINTABLE_STRING),
        "c" | "countryname" => x520(6, PRINTABLE_STRING),
        "l" | "localityname" => x520(7, UTF8_STRING),
        "st" | "s" | "stateorprovincename" => x520(8, UTF8_STRING),
        "street" | "streetaddress" => x520(9, UTF8_STRING),
        "o" | "organizationname" => x520(10, UTF8_STRING),
        "ou" | "organizationalunitname" => x520(11, UTF8_STRING),
        "t" | "title" => x520(12, UTF8_STRING),
        "description" => x520(13, UTF8_STRING),
        "businesscategory" => x520(15, UTF8_STRING),
        "postalcode" => x520(17, UTF8_STRING),
        "gn" | "givenname" => x520(42, UTF8_STRING),
        "initials" => x520(43, UTF8_STRING),
        "generationqualifier" => x520(44, UTF8_STRING),
        "dnqualifier" => x520(46, PRINTABLE_STRING),
        "pseudonym" => x520(65, UTF8_STRING),
        "uid" | "userid" => Ok((dotted("0.9.2342.19200300.100.1.1")?, UTF8_STRING)),
        "dc" | "domaincomponent" => Ok((dotted("0.9.2342.19200300.100.1.25")?, IA5_STRING)),
        "e" | "emailaddress" => Ok((dotted("1.2.840.113549.1.9.1")?, IA5_STRING)),
        _ => Ok((dotted(kind)?, UTF8_STRING)),
    }
}

/// The contents of an object identifier given in dotted form (ITU-T X.690 section 8.19).
fn dotted(text: &str) -> Result<Vec<u8>> {
    const UNKNOWN: CryptoError = CryptoError::Unsupported("this attribute type in a distinguished name");
    // Parsing alone would take a plus sign too.
    let digits = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit());
    let number = |number: &str| number.parse().ok().filter(|_| digits(number)).ok_or(UNKNOWN);
    let numbers: Vec<u32> = text.split('.').map(number).collect::<Result<_>>()?;
    let [first @ 0..=2, second, rest @ ..] = &numbers[..] else { return Err(UNKNOWN) };
    if *first < 2 && *second > 39 {
        return Err(UNKNOWN);
    }
    let joined = second.checked_add(first * 40).ok_or(UNKNOWN)?;
    let mut out = Vec::new();
    for number in std::iter::once(&joined).chain(rest) {
        let groups = (32 - number.leading_zeros()).div_ceil(7).max(1);
        for group in (0..groups).rev() {
            let more = if group == 0 { 0 } else { 0x80 };
            out.push((number >> (7 * group)) as u8 & 0x7f | more);
        }
    }
    Ok(out)
}

/// RFC 8017 appendix A.2.4 and, for SHA-3, the NIST registry of algorithms.
const fn rsa_signature_oid(hash: HashAlg) -> &'static [u8] {
    match hash {
        HashAlg::Md5 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4],
        HashAlg::Sha1 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 5],
        HashAlg::Sha256 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11],
        HashAlg::Sha384 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 12],
        HashAlg::Sha512 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 13],
        HashAlg::Sha224 => &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 14],
        HashAlg::Sha3_224 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 13],
        HashAlg::Sha3_256 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 14],
        HashAlg::Sha3_384 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 15],
        HashAlg::Sha3_512 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 16],
    }
}

/// RFC 3279, RFC 5758 and, for SHA-3, the NIST registry of algorithms.
const fn ecdsa_signature_oid(hash: HashAlg) -> Result<&'static [u8]> {
    Ok(match hash {
        HashAlg::Md5 => return Err(CryptoError::Unsupported("ECDSA with MD5 in a certification request")),
        HashAlg::Sha1 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1],
        HashAlg::Sha224 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 1],
        HashAlg::Sha256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2],
        HashAlg::Sha384 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 3],
        HashAlg::Sha512 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 4],
        HashAlg::Sha3_224 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 9],
        HashAlg::Sha3_256 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 10],
        HashAlg::Sha3_384 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 11],
        HashAlg::Sha3_512 => &[0x60, 0x86, 0x48, 1, 0x65, 3, 4, 3, 12],
    })
}

#[cfg(test)]
mod tests;
