//! The small part of DER (ITU-T X.690) that key and request formats need: strict reading, sized writing.

use zeroize::Zeroizing;

use crate::{CryptoError, Result};

pub(crate) const INTEGER: u8 = 0x02;
pub(crate) const BIT_STRING: u8 = 0x03;
pub(crate) const OCTET_STRING: u8 = 0x04;
pub(crate) const NULL: u8 = 0x05;
pub(crate) const OID: u8 = 0x06;
pub(crate) const SEQUENCE: u8 = 0x30;

/// Encoded NULL.
pub(crate) const NULL_ELEMENT: &[u8] = &[NULL, 0];

const TRUNCATED: CryptoError = CryptoError::Malformed("DER ends before the element does");

/// Reads elements one after another. Nothing is allocated; every error names the rule that was broken.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    /// The tag of the next element.
    pub(crate) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    /// The next element: tag, contents, and the whole of its encoding.
    pub(crate) fn any(&mut self) -> Result<(u8, &'a [u8], &'a [u8])> {
        let &[tag, first, ref after @ ..] = self.rest else { return Err(TRUNCATED) };
        if tag & 0x1f == 0x1f {
            return Err(CryptoError::Malformed("DER tag above 30"));
        }
        let (len, after) = if first < 0x80 {
            (usize::from(first), after)
        } else {
            let count = usize::from(first & 0x7f);
            if count == 0 || count > 4 {
                return Err(CryptoError::Malformed("DER length is indefinite or above four bytes"));
            }
            let (octets, after) = after.split_at_checked(count).ok_or(TRUNCATED)?;
            let len = octets.iter().fold(0usize, |sum, byte| sum << 8 | usize::from(*byte));
            if len < 0x80 || octets[0] == 0 {
                return Err(CryptoError::Malformed("DER length is not in its shortest form"));
            }
            (len, after)
        };
        let (contents, rest) = after.split_at_checked(len).ok_or(TRUNCATED)?;
        let whole = &self.rest[..self.rest.len() - rest.len()];
        self.rest = rest;
        Ok((tag, contents, whole))
    }

    /// The contents of the next element, which must have this tag.
    pub(crate) fn expect(&mut self, tag: u8) -> Result<&'a [u8]> {
        match self.peek() {
            Some(found) if found == tag => Ok(self.any()?.1),
            Some(_) => Err(CryptoError::Malformed("DER element of another type than the format has there")),
            None => Err(TRUNCATED),
        }
    }

    /// The contents of the next element if it has this tag.
    pub(crate) fn optional(&mut self, tag: u8) -> Result<Option<&'a [u8]>> {
        if self.peek() == Some(tag) { self.expect(tag).map(Some) } else { Ok(None) }
    }

    pub(crate) fn sequence(&mut self) -> Result<Self> {
        self.expect(SEQUENCE).map(Self::new)
    }

    /// A non-negative INTEGER below 2^32.
    pub(crate) fn small_integer(&mut self) -> Result<u32> {
        let contents = self.expect(INTEGER)?;
        let digits = match contents {
            [] => return Err(CryptoError::Malformed("empty INTEGER")),
            [high, ..] if high & 0x80 != 0 => return Err(CryptoError::Malformed("negative INTEGER")),
            [0, next, ..] if next & 0x80 == 0 => {
                return Err(CryptoError::Malformed("INTEGER has leading zeros"));
            }
            [0, digits @ ..] => digits,
            digits => digits,
        };
        if digits.len() > 4 {
            return Err(CryptoError::Malformed("INTEGER is out of range"));
        }
        Ok(digits.iter().fold(0, |sum, byte| sum << 8 | u32::from(*byte)))
    }

    /// The bytes of a BIT STRING that holds whole bytes.
    pub(crate) fn whole_bits(&mut self) -> Result<&'a [u8]> {
        whole_bits(self.expect(BIT_STRING)?)
    }

    /// Requires that nothing follows.
    pub(crate) fn finish(&self) -> Result<()> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(CryptoError::Malformed("bytes after the end of the DER"))
        }
    }
}

/// The bytes of the contents of a BIT STRING without unused bits.
pub(crate) fn whole_bits(contents: &[u8]) -> Result<&[u8]> {
    match contents {
        [0, bytes @ ..] => Ok(bytes),
        _ => Err(CryptoError::Malformed("BIT STRING does not hold whole bytes")),
    }
}

/// One element whose contents are `parts`, one after another. Erased on drop, as it may hold a key.
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Zeroizing<Vec<u8>> {
    let len: usize = parts.iter().map(|part| part.len()).sum();
    let mut out = Zeroizing::new(Vec::with_capacity(len + 6));
    out.push(tag);
    if len < 0x80 {
        out.push(len as u8);
    } else {
        let octets = len.to_be_bytes();
        let skip = octets.iter().take_while(|byte| **byte == 0).count();
        out.push(0x80 | (octets.len() - skip) as u8);
        out.extend_from_slice(&octets[skip..]);
    }
    for part in parts {
        out.extend_from_slice(part);
    }
    out
}

/// An INTEGER from its big-endian magnitude.
pub(crate) fn integer(magnitude: &[u8]) -> Zeroizing<Vec<u8>> {
    let skip = magnitude.iter().take_while(|byte| **byte == 0).count();
    match &magnitude[skip..] {
        [] => element(INTEGER, &[&[0]]),
        digits @ [high, ..] if high & 0x80 != 0 => element(INTEGER, &[&[0], digits]),
        digits => element(INTEGER, &[digits]),
    }
}

/// Takes the bytes out of the erasing wrapper, for values that are public.
pub(crate) fn public(mut bytes: Zeroizing<Vec<u8>>) -> Vec<u8> {
    std::mem::take(&mut *bytes)
}

/// The algorithm identifier of a key: its object identifier and its parameters, if any, as one whole element.
#[derive(Clone, Copy)]
pub(crate) struct Algorithm<'a> {
    pub(crate) oid: &'a [u8],
    pub(crate) parameters: Option<&'a [u8]>,
}

impl<'a> Algorithm<'a> {
    pub(crate) fn read(reader: &mut Reader<'a>) -> Result<Self> {
        let mut inner = reader.sequence()?;
        let oid = inner.expect(OID)?;
        let parameters = if inner.is_empty() { None } else { Some(inner.any()?.2) };
        inner.finish()?;
        Ok(Self { oid, parameters })
    }

    pub(crate) fn encode(&self) -> Zeroizing<Vec<u8>> {
        let oid = element(OID, &[self.oid]);
        element(SEQUENCE, &[&oid, self.parameters.unwrap_or_default()])
    }
}

/// A PKCS#8 structure taken apart.
pub(crate) struct Pkcs8<'a> {
    pub(crate) algorithm: Algorithm<'a>,
    /// The contents of the private key.
    pub(crate) key: &'a [u8],
    /// The bytes of the public key, which version 2 may carry.
    pub(crate) public: Option<&'a [u8]>,
}

/// Reads PKCS#8 (RFC 5208) or its second version (RFC 5958).
pub(crate) fn read_pkcs8(der: &[u8]) -> Result<Pkcs8<'_>> {
    let mut outer = Reader::new(der);
    let mut inner = outer.sequence()?;
    outer.finish()?;
    let version = inner.small_integer()?;
    if version > 1 {
        return Err(CryptoError::Malformed("PKCS#8 version above 2"));
    }
    let algorithm = Algorithm::read(&mut inner)?;
    let key = inner.expect(OCTET_STRING)?;
    inner.optional(0xa0)?; // attributes
    let public = if version == 1 { inner.optional(0x81)?.map(whole_bits).transpose()? } else { None };
    inner.finish()?;
    Ok(Pkcs8 { algorithm, key, public })
}

/// Writes PKCS#8 version 1 (RFC 5208).
pub(crate) fn write_pkcs8(algorithm: Algorithm<'_>, key: &[u8]) -> Zeroizing<Vec<u8>> {
    let key = element(OCTET_STRING, &[key]);
    element(SEQUENCE, &[&integer(&[]), &algorithm.encode(), &key])
}

/// Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1): the algorithm and the bytes of the key.
pub(crate) fn read_spki(der: &[u8]) -> Result<(Algorithm<'_>, &[u8])> {
    let mut outer = Reader::new(der);
    let mut inner = outer.sequence()?;
    outer.finish()?;
    let algorithm = Algorithm::read(&mut inner)?;
    let key = inner.whole_bits()?;
    inner.finish()?;
    Ok((algorithm, key))
}

/// Writes a SubjectPublicKeyInfo.
pub(crate) fn write_spki(algorithm: Algorithm<'_>, key: &[u8]) -> Vec<u8> {
    let key = element(BIT_STRING, &[&[0], key]);
    public(element(SEQUENCE, &[&algorithm.encode(), &key]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_in_their_shortest_form_and_read_back() {
        for len in [0usize, 1, 0x7f, 0x80, 0xff, 0x100, 0xffff, 0x1_0000] {
            let contents = vec![7; len];
            let encoded = element(OCTET_STRING, &[&contents]);
            let mut reader = Reader::new(&encoded);
            assert_eq!(reader.expect(OCTET_STRING).unwrap(), contents);
            reader.finish().unwrap();
        }
        assert_eq!(&element(4, &[&[0; 0x80]])[..3], [4, 0x81, 0x80]);
    }

    #[test]
    fn what_is_not_der_is_refused() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 1],
            &[0x30, 0x80, 0, 0],
            &[0x04, 0x81, 1, 9],
            &[0x04, 0x82, 0, 0x80],
            &[0x04, 0x85, 0, 0, 0, 0, 1, 9],
            &[0x1f, 0x81, 1, 0],
            &[0x04, 0x84, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(Reader::new(bytes).any().is_err(), "{bytes:02x?}");
        }
    }

    #[test]
    fn integers() {
        assert_eq!(&integer(&[])[..], [2, 1, 0]);
        assert_eq!(&integer(&[0, 0x80])[..], [2, 2, 0, 0x80]);
        assert_eq!(Reader::new(&[2, 3, 1, 0, 1]).small_integer().unwrap(), 65537);
        for bytes in [&[2, 0][..], &[2, 1, 0x80], &[2, 2, 0, 1], &[2, 5, 1, 0, 0, 0, 0]] {
            assert!(Reader::new(bytes).small_integer().is_err(), "{bytes:02x?}");
        }
    }
}
