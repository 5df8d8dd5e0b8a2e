//! Elliptic-curve keys through AWS-LC: one path for every curve, with digests of any length (FIPS 186-5, SEC 1).

use std::ptr::{self, NonNull};

use aws_lc_sys as sys;
use zeroize::Zeroizing;

use super::{BigNum, check, forget_errors};
use crate::ec::Curve;
use crate::{CryptoError, Result};

/// A key on a curve, public or private.
pub(crate) struct EcHandle {
    key: NonNull<sys::EC_KEY>,
}

// SAFETY: AWS-LC documents that a key may be used from several threads as long as none changes it, and after
// construction nothing here does.
unsafe impl Send for EcHandle {}
// SAFETY: as above.
unsafe impl Sync for EcHandle {}

impl Drop for EcHandle {
    fn drop(&mut self) {
        // SAFETY: we own the object; AWS-LC erases the private number.
        unsafe { sys::EC_KEY_free(self.key.as_ptr()) }
    }
}

/// The curve's description: a pointer to static data.
fn group(curve: Curve) -> *const sys::EC_GROUP {
    // SAFETY: these functions take nothing and return a pointer to immutable static data.
    unsafe {
        match curve {
            Curve::P224 => sys::EC_group_p224(),
            Curve::P256 => sys::EC_group_p256(),
            Curve::P384 => sys::EC_group_p384(),
            Curve::P521 => sys::EC_group_p521(),
            Curve::Secp256k1 => sys::EC_group_secp256k1(),
        }
    }
}

/// An owned point.
struct Point(NonNull<sys::EC_POINT>);

impl Point {
    fn new(curve: Curve) -> Result<Self> {
        // SAFETY: the group is static; the result is null or ours.
        let new = unsafe { sys::EC_POINT_new(group(curve)) };
        NonNull::new(new).map(Self).ok_or(CryptoError::BadKey("the library has no memory for it"))
    }
}

impl Drop for Point {
    fn drop(&mut self) {
        // SAFETY: we own the object.
        unsafe { sys::EC_POINT_free(self.0.as_ptr()) }
    }
}

impl EcHandle {
    fn empty(curve: Curve) -> Result<Self> {
        // SAFETY: the result is null or ours; the group is static.
        unsafe {
            let key = NonNull::new(sys::EC_KEY_new()).ok_or(CryptoError::BadKey("no memory for it"))?;
            let handle = Self { key };
            check(
                sys::EC_KEY_set_group(key.as_ptr(), group(curve)),
                CryptoError::BadKey("the library does not take the curve"),
            )?;
            Ok(handle)
        }
    }

    pub(crate) fn generate(curve: Curve) -> Result<Self> {
        let handle = Self::empty(curve)?;
        // SAFETY: fills a live key that has a group.
        unsafe { check(sys::EC_KEY_generate_key(handle.key.as_ptr()), CryptoError::Random)? }
        Ok(handle)
    }

    /// From the big-endian private number, which the library wants in the range 1 to the order less one.
    pub(crate) fn from_scalar(curve: Curve, scalar: &[u8]) -> Result<Self> {
        let handle = Self::empty(curve)?;
        let number = BigNum::from_bytes(scalar).ok_or(CryptoError::BadKey("no memory for it"))?;
        let point = Point::new(curve)?;
        // SAFETY: all objects are live; the setters copy what they are given.
        unsafe {
            let out_of_range =
                CryptoError::BadKey("the private number is zero or not below the curve's order");
            check(sys::EC_KEY_set_private_key(handle.key.as_ptr(), number.as_ptr()), out_of_range)?;
            let (raw, none) = (point.0.as_ptr(), ptr::null());
            let status =
                sys::EC_POINT_mul(group(curve), raw, number.as_ptr(), none, ptr::null(), ptr::null_mut());
            check(status, out_of_range)?;
            check(sys::EC_KEY_set_public_key(handle.key.as_ptr(), raw), out_of_range)?;
        }
        Ok(handle)
    }

    /// From a point in compressed or uncompressed form. The library checks that it is on the curve.
    pub(crate) fn from_point(curve: Curve, encoded: &[u8]) -> Result<Self> {
        let handle = Self::empty(curve)?;
        let point = Point::new(curve)?;
        let not_a_point = CryptoError::BadKey("not the encoding of a point on the curve");
        // SAFETY: reads a live slice; all objects are live; the setter copies.
        unsafe {
            let raw = point.0.as_ptr();
            let status =
                sys::EC_POINT_oct2point(group(curve), raw, encoded.as_ptr(), encoded.len(), ptr::null_mut());
            check(status, not_a_point)?;
            check(sys::EC_KEY_set_public_key(handle.key.as_ptr(), raw), not_a_point)?;
            check(sys::EC_KEY_check_key(handle.key.as_ptr()), not_a_point)?;
        }
        Ok(handle)
    }

    /// The private number, big-endian, as long as the curve's order.
    pub(crate) fn scalar(&self, curve: Curve) -> Result<Zeroizing<Vec<u8>>> {
        let mut out = Zeroizing::new(vec![0; curve.scalar_len()]);
        // SAFETY: the number belongs to the live key; the buffer has the length that is given.
        unsafe {
            let number = sys::EC_KEY_get0_private_key(self.key.as_ptr());
            if number.is_null() {
                return Err(CryptoError::BadKey("it has no private part"));
            }
            let status = sys::BN_bn2bin_padded(out.as_mut_ptr(), out.len(), number);
            check(status, CryptoError::BadKey("the private number is longer than the order"))?;
        }
        Ok(out)
    }

    /// The public point, in uncompressed or compressed form (SEC 1 section 2.3.3).
    pub(crate) fn point(&self, curve: Curve, compressed: bool) -> Vec<u8> {
        let form = if compressed {
            sys::point_conversion_form_t::POINT_CONVERSION_COMPRESSED
        } else {
            sys::point_conversion_form_t::POINT_CONVERSION_UNCOMPRESSED
        };
        let mut out = vec![0; 1 + 2 * curve.field_len()];
        // SAFETY: the point belongs to the live key, which always has one; the buffer has the length that is given.
        let written = unsafe {
            let point = sys::EC_KEY_get0_public_key(self.key.as_ptr());
            sys::EC_POINT_point2oct(group(curve), point, form, out.as_mut_ptr(), out.len(), ptr::null_mut())
        };
        out.truncate(written);
        out
    }

    /// A DER signature over a digest; of one longer than the order, the leftmost bits count.
    pub(crate) fn sign(&self, digest: &[u8]) -> Result<Vec<u8>> {
        // SAFETY: reads the live key and slice; the buffer has the size the library asks for.
        unsafe {
            let mut out = vec![0; sys::ECDSA_size(self.key.as_ptr())];
            let mut written = 0;
            let (data, len) = (digest.as_ptr(), digest.len());
            let status = sys::ECDSA_sign(0, data, len, out.as_mut_ptr(), &mut written, self.key.as_ptr());
            check(status, CryptoError::Random)?;
            out.truncate(written as usize);
            Ok(out)
        }
    }

    pub(crate) fn verify(&self, digest: &[u8], signature: &[u8]) -> Result<()> {
        let (data, len) = (digest.as_ptr(), digest.len());
        // SAFETY: reads the live key and two live slices.
        let status = unsafe {
            sys::ECDSA_verify(0, data, len, signature.as_ptr(), signature.len(), self.key.as_ptr())
        };
        check(status, CryptoError::BadSignature)
    }

    /// The shared x coordinate, as long as the curve's field. Both keys are on `curve`.
    pub(crate) fn agree(&self, curve: Curve, peer: &Self) -> Result<Zeroizing<Vec<u8>>> {
        let mut out = Zeroizing::new(vec![0; curve.field_len()]);
        // SAFETY: the peer's point belongs to its live key; without a derivation function the library writes at
        // most the length that is given.
        let written = unsafe {
            let point = sys::EC_KEY_get0_public_key(peer.key.as_ptr());
            sys::ECDH_compute_key(out.as_mut_ptr().cast(), out.len(), point, self.key.as_ptr(), None)
        };
        if usize::try_from(written) == Ok(out.len()) {
            Ok(out)
        } else {
            forget_errors();
            Err(CryptoError::BadKey("the peer's point gives no shared secret"))
        }
    }
}
