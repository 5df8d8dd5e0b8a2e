//! Elliptic-curve keys: ECDSA over digests (FIPS 186-5), ECDH (NIST SP 800-56A, section 5.7.1.2), and their encodings
//! (SEC 1, RFC 5915, RFC 5480, RFC 5208).

use std::fmt;

use zeroize::Zeroizing;

use crate::aws::EcHandle;
use crate::der::{self, Algorithm, BIT_STRING, OCTET_STRING, OID, Reader, SEQUENCE};
use crate::{CryptoError, Result, ct_eq};

/// A named curve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Curve {
    /// secp224r1, FIPS 186.
    P224,
    /// secp256r1, FIPS 186.
    P256,
    /// secp384r1, FIPS 186.
    P384,
    /// secp521r1, FIPS 186.
    P521,
    /// secp256k1, SEC 2.
    Secp256k1,
}

impl Curve {
    /// Every curve, in order of declaration.
    pub const ALL: [Self; 5] = [Self::P224, Self::P256, Self::P384, Self::P521, Self::Secp256k1];

    /// Length of a coordinate, in bytes.
    #[must_use]
    pub const fn field_len(self) -> usize {
        match self {
            Self::P224 => 28,
            Self::P256 | Self::Secp256k1 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }

    /// Length of a private number and of each half of a fixed-size signature, in bytes.
    #[must_use]
    pub const fn scalar_len(self) -> usize {
        self.field_len() // the order of each of these curves has as many bytes as the field
    }

    /// Size of the field, in bits.
    #[must_use]
    pub const fn bits(self) -> u32 {
        match self {
            Self::P224 => 224,
            Self::P256 | Self::Secp256k1 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
        }
    }

    /// The curve's object identifier as a whole DER element: what PKCS#11 calls `CKA_EC_PARAMS`.
    #[must_use]
    pub fn parameters(self) -> Vec<u8> {
        der::public(der::element(OID, &[self.oid()]))
    }

    /// The curve that such an element names.
    ///
    /// # Errors
    /// [`CryptoError::Unsupported`] for a curve that is not in the list or is given by explicit parameters.
    pub fn from_parameters(parameters: &[u8]) -> Result<Self> {
        let mut reader = Reader::new(parameters);
        let (tag, contents, _) = reader.any()?;
        reader.finish()?;
        Self::ALL
            .into_iter()
            .find(|curve| tag == OID && contents == curve.oid())
            .ok_or(CryptoError::Unsupported("this elliptic curve (or explicit curve parameters)"))
    }

    const fn oid(self) -> &'static [u8] {
        match self {
            Self::P224 => &[0x2b, 0x81, 0x04, 0x00, 0x21],
            Self::P256 => &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
            Self::P384 => &[0x2b, 0x81, 0x04, 0x00, 0x22],
            Self::P521 => &[0x2b, 0x81, 0x04, 0x00, 0x23],
            Self::Secp256k1 => &[0x2b, 0x81, 0x04, 0x00, 0x0a],
        }
    }
}

/// id-ecPublicKey, RFC 5480 section 2.1.1.
const EC_PUBLIC_KEY: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];

/// A private key on a curve, in the library's own form. Erased on drop.
pub struct EcPrivateKey {
    curve: Curve,
    handle: EcHandle,
}

impl EcPrivateKey {
    /// A new key from the system's randomness.
    ///
    /// # Errors
    /// [`CryptoError::Random`] when the library cannot make one.
    pub fn generate(curve: Curve) -> Result<Self> {
        Ok(Self { curve, handle: EcHandle::generate(curve)? })
    }

    /// From the big-endian private number; leading zeros may be missing.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`] above the length of the order, [`CryptoError::BadKey`] outside 1 to order − 1.
    pub fn from_scalar(curve: Curve, scalar: &[u8]) -> Result<Self> {
        if scalar.len() > curve.scalar_len() {
            let (expected, got) = (curve.scalar_len(), scalar.len());
            return Err(CryptoError::BadLength { what: "private number (at most)", expected, got });
        }
        Ok(Self { curve, handle: EcHandle::from_scalar(curve, scalar)? })
    }

    /// From an ECPrivateKey (RFC 5915), which must name its curve.
    ///
    /// # Errors
    /// [`CryptoError::Malformed`], [`CryptoError::Unsupported`] for another curve, [`CryptoError::BadKey`] when the
    /// public key inside does not belong to the private one.
    pub fn from_sec1(der: &[u8]) -> Result<Self> {
        Self::read_sec1(None, der)
    }

    /// From PKCS#8 (RFC 5208, RFC 5958) holding an ECPrivateKey.
    ///
    /// # Errors
    /// As for [`from_sec1`](Self::from_sec1).
    pub fn from_pkcs8(der: &[u8]) -> Result<Self> {
        let parts = der::read_pkcs8(der)?;
        Self::read_sec1(Some(curve_of(parts.algorithm)?), parts.key)
    }

    /// An ECPrivateKey (RFC 5915) with curve and public key.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library gives no private number.
    pub fn to_sec1(&self) -> Result<Zeroizing<Vec<u8>>> {
        let curve = der::element(OID, &[self.curve.oid()]);
        let parameters = der::element(0xa0, &[&curve]);
        self.write_sec1(&parameters)
    }

    /// PKCS#8 version 1 (RFC 5208).
    ///
    /// # Errors
    /// As for [`to_sec1`](Self::to_sec1).
    pub fn to_pkcs8(&self) -> Result<Zeroizing<Vec<u8>>> {
        let parameters = der::element(OID, &[self.curve.oid()]);
        let algorithm = Algorithm { oid: EC_PUBLIC_KEY, parameters: Some(&parameters) };
        Ok(der::write_pkcs8(algorithm, &self.write_sec1(&[])?))
    }

    /// The private number: big-endian, [`Curve::scalar_len`] bytes.
    ///
    /// # Errors
    /// As for [`to_sec1`](Self::to_sec1).
    pub fn to_scalar(&self) -> Result<Zeroizing<Vec<u8>>> {
        self.handle.scalar(self.curve)
    }

    /// The public half.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] if the library refuses its own point.
    pub fn public_key(&self) -> Result<EcPublicKey> {
        EcPublicKey::from_point(self.curve, &self.handle.point(self.curve, false))
    }

    /// The curve.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// An ECDSA signature, a DER sequence of r and s, over a digest of any length; of a digest longer than the
    /// order the leftmost bits count (FIPS 186-5 section 6.4.1).
    ///
    /// # Errors
    /// [`CryptoError::Random`] when no nonce can be made.
    pub fn sign_prehash(&self, digest: &[u8]) -> Result<Vec<u8>> {
        self.handle.sign(digest)
    }

    /// The shared secret with `peer`: the x coordinate, [`Curve::field_len`] bytes.
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] when the peer's key is on another curve.
    pub fn ecdh(&self, peer: &EcPublicKey) -> Result<Zeroizing<Vec<u8>>> {
        if self.curve != peer.curve {
            return Err(CryptoError::BadKey("the two keys are on different curves"));
        }
        self.handle.agree(self.curve, &peer.handle)
    }

    fn read_sec1(outer_curve: Option<Curve>, der: &[u8]) -> Result<Self> {
        let mut outer = Reader::new(der);
        let mut inner = outer.sequence()?;
        outer.finish()?;
        if inner.small_integer()? != 1 {
            return Err(CryptoError::Malformed("ECPrivateKey version is not 1"));
        }
        let scalar = inner.expect(OCTET_STRING)?;
        let named = inner.optional(0xa0)?.map(Curve::from_parameters).transpose()?;
        let point = inner.optional(0xa1)?;
        inner.finish()?;
        let curve = match (outer_curve, named) {
            (Some(a), Some(b)) if a != b => {
                return Err(CryptoError::Malformed("ECPrivateKey names two curves"));
            }
            (Some(curve), _) | (None, Some(curve)) => curve,
            (None, None) => return Err(CryptoError::Malformed("ECPrivateKey names no curve")),
        };
        let key = Self::from_scalar(curve, scalar)?;
        if let Some(bits) = point {
            let mut reader = Reader::new(bits);
            let stated = EcPublicKey::from_point(curve, reader.whole_bits()?)?;
            reader.finish()?;
            if !ct_eq(&stated.to_point(), &key.handle.point(curve, false)) {
                return Err(CryptoError::BadKey("its public point does not belong to the private number"));
            }
        }
        Ok(key)
    }

    fn write_sec1(&self, parameters: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let scalar = der::element(OCTET_STRING, &[&self.to_scalar()?]);
        let bits = der::element(BIT_STRING, &[&[0], &self.handle.point(self.curve, false)]);
        let point = der::element(0xa1, &[&bits]);
        Ok(der::element(SEQUENCE, &[&der::integer(&[1]), &scalar, parameters, &point]))
    }
}

impl fmt::Debug for EcPrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EcPrivateKey").field("curve", &self.curve).finish_non_exhaustive()
    }
}

/// A public key on a curve, in the library's own form.
pub struct EcPublicKey {
    curve: Curve,
    handle: EcHandle,
}

impl EcPublicKey {
    /// From a SubjectPublicKeyInfo (RFC 5480).
    ///
    /// # Errors
    /// [`CryptoError::Malformed`], [`CryptoError::Unsupported`] for another curve, [`CryptoError::BadKey`] when the
    /// point is not on the curve.
    pub fn from_spki(der: &[u8]) -> Result<Self> {
        let (algorithm, point) = der::read_spki(der)?;
        Self::from_point(curve_of(algorithm)?, point)
    }

    /// From a point in uncompressed or compressed form (SEC 1 section 2.3.4).
    ///
    /// # Errors
    /// [`CryptoError::BadKey`] when it is not a point on the curve, or the point at infinity.
    pub fn from_point(curve: Curve, point: &[u8]) -> Result<Self> {
        Ok(Self { curve, handle: EcHandle::from_point(curve, point)? })
    }

    /// A SubjectPublicKeyInfo with the point in uncompressed form.
    #[must_use]
    pub fn to_spki(&self) -> Vec<u8> {
        let parameters = der::element(OID, &[self.curve.oid()]);
        let algorithm = Algorithm { oid: EC_PUBLIC_KEY, parameters: Some(&parameters) };
        der::write_spki(algorithm, &self.to_point())
    }

    /// The point in uncompressed form: 04, x, y.
    #[must_use]
    pub fn to_point(&self) -> Vec<u8> {
        self.handle.point(self.curve, false)
    }

    /// The point in compressed form: 02 or 03, x.
    #[must_use]
    pub fn to_compressed_point(&self) -> Vec<u8> {
        self.handle.point(self.curve, true)
    }

    /// The curve.
    #[must_use]
    pub fn curve(&self) -> Curve {
        self.curve
    }

    /// Checks a DER signature over a digest.
    ///
    /// # Errors
    /// [`CryptoError::BadSignature`] when it does not match or is not strict DER.
    pub fn verify_prehash(&self, digest: &[u8], signature: &[u8]) -> Result<()> {
        self.handle.verify(digest, signature)
    }
}

impl PartialEq for EcPublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.curve == other.curve && self.to_point() == other.to_point()
    }
}

impl Eq for EcPublicKey {}

impl fmt::Debug for EcPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EcPublicKey").field("curve", &self.curve).finish_non_exhaustive()
    }
}

/// The fixed-size form of a DER signature: r then s, each [`Curve::scalar_len`] bytes (PKCS#11 section 2.3.1).
///
/// # Errors
/// [`CryptoError::Malformed`] when it is not a sequence of two positive numbers that fit.
pub fn signature_to_fixed(curve: Curve, signature: &[u8]) -> Result<Vec<u8>> {
    let mut outer = Reader::new(signature);
    let mut inner = outer.sequence()?;
    outer.finish()?;
    let len = curve.scalar_len();
    let mut out = vec![0; 2 * len];
    for half in out.chunks_exact_mut(len) {
        let digits = match inner.expect(der::INTEGER)? {
            [] => return Err(CryptoError::Malformed("empty number in a signature")),
            [high, ..] if high & 0x80 != 0 => {
                return Err(CryptoError::Malformed("negative number in a signature"));
            }
            [0, next, ..] if next & 0x80 == 0 => {
                return Err(CryptoError::Malformed("number in a signature has leading zeros"));
            }
            [0, digits @ ..] | digits => digits,
        };
        if digits.len() > len {
            return Err(CryptoError::Malformed("number in a signature is longer than the curve's order"));
        }
        half[len - digits.len()..].copy_from_slice(digits);
    }
    inner.finish()?;
    Ok(out)
}

/// The DER form of a fixed-size signature.
///
/// # Errors
/// [`CryptoError::BadLength`] when it is not twice [`Curve::scalar_len`] bytes.
pub fn signature_from_fixed(curve: Curve, signature: &[u8]) -> Result<Vec<u8>> {
    let len = curve.scalar_len();
    if signature.len() != 2 * len {
        let (expected, got) = (2 * len, signature.len());
        return Err(CryptoError::BadLength { what: "ECDSA signature (r and s)", expected, got });
    }
    let (r, s) = signature.split_at(len);
    Ok(der::public(der::element(SEQUENCE, &[&der::integer(r), &der::integer(s)])))
}

fn curve_of(algorithm: Algorithm<'_>) -> Result<Curve> {
    if algorithm.oid != EC_PUBLIC_KEY {
        return Err(CryptoError::BadKey("not an elliptic-curve key"));
    }
    Curve::from_parameters(algorithm.parameters.ok_or(CryptoError::Malformed("EC key names no curve"))?)
}

#[cfg(test)]
mod tests;
