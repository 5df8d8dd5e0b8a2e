//! Telling certificates, revocation lists and PKCS#7 messages from other bytes (RFC 5280, RFC 5652).

use x509_cert::Certificate;
use x509_cert::certificate::Rfc5280;
use x509_cert::crl::CertificateList;
use x509_cert::der::{Decode, Reader, SliceReader, Tag, asn1::ObjectIdentifier};

/// What some DER is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DerType {
    /// An X.509 certificate.
    Certificate,
    /// A certificate revocation list.
    RevocationList,
    /// A PKCS#7 or CMS message.
    Pkcs7,
}

/// Says what `bytes` are, if they are one of the three from the first byte to the last.
#[must_use]
pub fn der_type(bytes: &[u8]) -> Option<DerType> {
    if Certificate::from_der(bytes).is_ok() {
        Some(DerType::Certificate)
    } else if CertificateList::<Rfc5280>::from_der(bytes).is_ok() {
        Some(DerType::RevocationList)
    } else if is_pkcs7(bytes) {
        Some(DerType::Pkcs7)
    } else {
        None
    }
}

/// A SEQUENCE that starts with an object identifier under pkcs-7 (1.2.840.113549.1.7).
fn is_pkcs7(bytes: &[u8]) -> bool {
    let parse = || -> x509_cert::der::Result<bool> {
        let mut outer = SliceReader::new(bytes)?;
        let header = x509_cert::der::Header::decode(&mut outer)?;
        if header.tag() != Tag::Sequence || header.length() != outer.remaining_len() {
            return Ok(false);
        }
        let identifier: ObjectIdentifier = ObjectIdentifier::decode(&mut outer)?;
        let pkcs7: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7");
        Ok(identifier.starts_with(pkcs7))
    };
    parse().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pkcs7_is_known_by_its_identifier() {
        let data = [0x30, 0x0B, 0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x07, 0x01];
        assert_eq!(der_type(&data), Some(DerType::Pkcs7));
        assert_eq!(der_type(&data[..12]), None);
        assert_eq!(der_type(&[0x30, 0x00]), None);
        assert_eq!(der_type(b"just bytes"), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_something_or_nothing(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = der_type(&bytes);
        }
    }
}
