//! A running SHA-256 in place: neither allocated nor behind a table of functions, and small enough to copy, which is most of what a short
//! HMAC costs otherwise.

use std::fmt;
use std::mem::MaybeUninit;

use aws_lc_sys as sys;

/// A running SHA-256 (FIPS 180-4), erased on drop: it may have absorbed a key.
pub(crate) struct Sha256(sys::SHA256_CTX);

/// Bytes of a digest.
pub(crate) const SHA256_LEN: usize = 32;

impl Sha256 {
    /// An empty computation.
    pub(crate) fn new() -> Self {
        let mut context = MaybeUninit::<sys::SHA256_CTX>::zeroed();
        // SAFETY: the context is writable memory of its type, of which zeros are a value; initialising it does not fail.
        unsafe {
            sys::SHA256_Init(context.as_mut_ptr());
            Self(context.assume_init())
        }
    }

    /// Appends `data` to the message.
    pub(crate) fn update(&mut self, data: &[u8]) {
        // SAFETY: an initialised context that is ours alone, and as many readable bytes as the slice has. This function does not fail.
        unsafe { sys::SHA256_Update(&raw mut self.0, data.as_ptr().cast(), data.len()) };
    }

    /// The digest of everything given so far.
    pub(crate) fn finish(mut self) -> [u8; SHA256_LEN] {
        let mut out = [0; SHA256_LEN];
        // SAFETY: an initialised context that is ours alone, and room for the 32 bytes of the digest it was initialised for.
        unsafe { sys::SHA256_Final(out.as_mut_ptr(), &raw mut self.0) };
        out
    }
}

impl Clone for Sha256 {
    fn clone(&self) -> Self {
        // A plain value without pointers (FIPS 180-4 state, counters and the block that is not full).
        Self(self.0)
    }
}

impl Drop for Sha256 {
    fn drop(&mut self) {
        // SAFETY: the context is ours, writable, and of this size; zeros are a value of its type.
        unsafe { sys::OPENSSL_cleanse((&raw mut self.0).cast(), size_of::<sys::SHA256_CTX>()) }
    }
}

impl fmt::Debug for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sha256(..)")
    }
}
