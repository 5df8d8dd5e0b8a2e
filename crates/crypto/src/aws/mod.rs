//! The one module that calls AWS-LC's C interface: RSA with caller-given padding, elliptic-curve keys, and SHA-256 in place.
//!
//! Every handle owns its C object, frees it on drop and never hands the pointer out, so what leaves this module is safe.
#![allow(unsafe_code)]

mod ec;
mod rsa;
mod sha256;

use std::ptr::NonNull;

use aws_lc_sys as sys;

pub(crate) use ec::EcHandle;
pub(crate) use rsa::{Pad, Pss, RsaHandle};
pub(crate) use sha256::{SHA256_LEN, Sha256};

use crate::hash::HashAlg;

/// AWS-LC's description of a digest: a pointer to static data.
fn md(alg: HashAlg) -> *const sys::EVP_MD {
    // SAFETY: these functions take nothing and return a pointer to immutable static data.
    unsafe {
        match alg {
            HashAlg::Md5 => sys::EVP_md5(),
            HashAlg::Sha1 => sys::EVP_sha1(),
            HashAlg::Sha224 => sys::EVP_sha224(),
            HashAlg::Sha256 => sys::EVP_sha256(),
            HashAlg::Sha384 => sys::EVP_sha384(),
            HashAlg::Sha512 => sys::EVP_sha512(),
            HashAlg::Sha3_224 => sys::EVP_sha3_224(),
            HashAlg::Sha3_256 => sys::EVP_sha3_256(),
            HashAlg::Sha3_384 => sys::EVP_sha3_384(),
            HashAlg::Sha3_512 => sys::EVP_sha3_512(),
        }
    }
}

/// Turns a C success value into a `Result`, and forgets the reason AWS-LC queued for this thread.
fn check<E>(status: std::os::raw::c_int, error: E) -> Result<(), E> {
    if status == 1 {
        return Ok(());
    }
    forget_errors();
    Err(error)
}

fn forget_errors() {
    // SAFETY: takes nothing, touches this thread's error queue only.
    unsafe { sys::ERR_clear_error() }
}

/// An owned big number, erased when freed.
struct BigNum(NonNull<sys::BIGNUM>);

impl BigNum {
    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        // SAFETY: reads `len` bytes from a live slice; a null result pointer asks for a new object, which we own.
        let new = unsafe { sys::BN_bin2bn(bytes.as_ptr(), bytes.len(), std::ptr::null_mut()) };
        NonNull::new(new).map(Self)
    }

    fn as_ptr(&self) -> *const sys::BIGNUM {
        self.0.as_ptr()
    }
}

impl Drop for BigNum {
    fn drop(&mut self) {
        // SAFETY: we own the object and nothing uses it afterwards.
        unsafe { sys::BN_clear_free(self.0.as_ptr()) }
    }
}

/// The big-endian magnitude of a number that belongs to a live object.
///
/// # Safety
/// `number` is null or points to a live BIGNUM that nobody changes meanwhile.
unsafe fn magnitude(number: *const sys::BIGNUM) -> Vec<u8> {
    if number.is_null() {
        return Vec::new();
    }
    // SAFETY: the caller vouches for the pointer; the buffer has exactly the length BN_num_bytes announces.
    unsafe {
        let mut out = vec![0; sys::BN_num_bytes(number) as usize];
        let written = sys::BN_bn2bin(number, out.as_mut_ptr());
        out.truncate(written);
        out
    }
}

/// Copies and frees a buffer that AWS-LC allocated. The copy may be a key: the original is erased by AWS-LC when freed.
///
/// # Safety
/// `start` points to `len` initialized bytes from `OPENSSL_malloc`, and nothing uses them afterwards.
unsafe fn take(start: *mut u8, len: usize) -> zeroize::Zeroizing<Vec<u8>> {
    // SAFETY: as stated above. OPENSSL_free erases before it frees.
    unsafe {
        let copy = std::slice::from_raw_parts(start, len).to_vec();
        sys::OPENSSL_free(start.cast());
        zeroize::Zeroizing::new(copy)
    }
}
