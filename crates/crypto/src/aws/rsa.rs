//! RSA through AWS-LC: the key is parsed once; padding is chosen per call (RFC 8017).

use std::os::raw::c_int;
use std::ptr::{self, NonNull};

use aws_lc_sys as sys;
use zeroize::Zeroizing;

use super::{BigNum, check, forget_errors, magnitude, md, take};
use crate::hash::HashAlg;
use crate::{CryptoError, Result};

/// How a block is padded before, or checked after, the RSA operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pad {
    /// Not at all: the input is exactly as long as the modulus.
    None,
    /// PKCS#1 v1.5: type 1 with the private key, type 2 with the public key.
    Pkcs1,
}

impl Pad {
    fn value(self) -> c_int {
        match self {
            Self::None => sys::RSA_NO_PADDING,
            Self::Pkcs1 => sys::RSA_PKCS1_PADDING,
        }
    }
}

/// The parameters of RSASSA-PSS.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pss {
    pub(crate) hash: HashAlg,
    pub(crate) mgf: HashAlg,
    /// In bytes; `None`, when verifying, takes what the signature has.
    pub(crate) salt_len: Option<usize>,
}

/// An RSA key, public or private.
pub(crate) struct RsaHandle {
    /// Owns the key.
    pkey: NonNull<sys::EVP_PKEY>,
    /// Borrowed from `pkey`.
    rsa: NonNull<sys::RSA>,
}

// SAFETY: AWS-LC documents that a key may be used from several threads as long as none changes it. After
// construction nothing here does; what its private operation caches is behind the library's own lock.
unsafe impl Send for RsaHandle {}
// SAFETY: as above.
unsafe impl Sync for RsaHandle {}

impl Drop for RsaHandle {
    fn drop(&mut self) {
        // SAFETY: we own the object, and `rsa`, which it owns, is not used afterwards.
        unsafe { sys::EVP_PKEY_free(self.pkey.as_ptr()) }
    }
}

impl RsaHandle {
    /// `bits` is a multiple of 128; the caller has bounded it.
    pub(crate) fn generate(bits: u32, public_exponent: u32) -> Result<Self> {
        let exponent = BigNum::from_bytes(&public_exponent.to_be_bytes()).ok_or(CryptoError::Random)?;
        // SAFETY: RSA_new gives an object we own; RSA_generate_key_ex fills it and reads a live exponent.
        let key = unsafe {
            let rsa = NonNull::new(sys::RSA_new()).ok_or(CryptoError::Random)?;
            let key = Self::own(rsa)?;
            let status =
                sys::RSA_generate_key_ex(key.rsa.as_ptr(), bits as c_int, exponent.as_ptr(), ptr::null_mut());
            check(status, CryptoError::Random)?;
            key
        };
        Ok(key)
    }

    /// From the contents of an RSAPrivateKey (RFC 8017 appendix A.1.2). The library checks that the numbers fit together.
    pub(crate) fn private_from_pkcs1(der: &[u8]) -> Result<Self> {
        // SAFETY: reads a live slice; the result is null or ours.
        let rsa = unsafe { sys::RSA_private_key_from_bytes(der.as_ptr(), der.len()) };
        Self::parsed(rsa)
    }

    /// From an RSAPublicKey (RFC 8017 appendix A.1.1).
    pub(crate) fn public_from_pkcs1(der: &[u8]) -> Result<Self> {
        // SAFETY: reads a live slice; the result is null or ours.
        let rsa = unsafe { sys::RSA_public_key_from_bytes(der.as_ptr(), der.len()) };
        Self::parsed(rsa)
    }

    fn parsed(rsa: *mut sys::RSA) -> Result<Self> {
        let Some(rsa) = NonNull::new(rsa) else {
            forget_errors();
            return Err(CryptoError::BadKey("not a consistent RSA key in PKCS#1 form"));
        };
        // SAFETY: a live object that we own.
        unsafe { Self::own(rsa) }
    }

    /// # Safety
    /// `rsa` is live and owned by the caller, who gives it up.
    unsafe fn own(rsa: NonNull<sys::RSA>) -> Result<Self> {
        const NO_MEMORY: CryptoError = CryptoError::BadKey("the library has no memory for it");
        // SAFETY: on success EVP_PKEY_assign_RSA takes `rsa` over; on each failure we free what we own, once.
        unsafe {
            let Some(pkey) = NonNull::new(sys::EVP_PKEY_new()) else {
                sys::RSA_free(rsa.as_ptr());
                return Err(NO_MEMORY);
            };
            if sys::EVP_PKEY_assign_RSA(pkey.as_ptr(), rsa.as_ptr()) != 1 {
                sys::RSA_free(rsa.as_ptr());
                sys::EVP_PKEY_free(pkey.as_ptr());
                return Err(NO_MEMORY);
            }
            Ok(Self { pkey, rsa })
        }
    }

    pub(crate) fn private_to_pkcs1(&self) -> Result<Zeroizing<Vec<u8>>> {
        let (mut start, mut len) = (ptr::null_mut(), 0);
        // SAFETY: on success the two out-parameters describe a buffer that is ours.
        unsafe {
            let status = sys::RSA_private_key_to_bytes(&mut start, &mut len, self.rsa.as_ptr());
            check(status, CryptoError::BadKey("the RSA key has no private part to encode"))?;
            Ok(take(start, len))
        }
    }

    pub(crate) fn public_to_pkcs1(&self) -> Result<Vec<u8>> {
        let (mut start, mut len) = (ptr::null_mut(), 0);
        // SAFETY: on success the two out-parameters describe a buffer that is ours.
        unsafe {
            let status = sys::RSA_public_key_to_bytes(&mut start, &mut len, self.rsa.as_ptr());
            check(status, CryptoError::BadKey("the RSA key has no modulus to encode"))?;
            Ok(take(start, len).to_vec())
        }
    }

    pub(crate) fn bits(&self) -> u32 {
        // SAFETY: reads a live object.
        unsafe { sys::RSA_bits(self.rsa.as_ptr()) }
    }

    /// Length of the modulus in bytes.
    pub(crate) fn len(&self) -> usize {
        // SAFETY: reads a live object.
        unsafe { sys::RSA_size(self.rsa.as_ptr()) as usize }
    }

    pub(crate) fn modulus(&self) -> Vec<u8> {
        // SAFETY: the number belongs to the live key, which nobody changes.
        unsafe { magnitude(sys::RSA_get0_n(self.rsa.as_ptr())) }
    }

    pub(crate) fn exponent(&self) -> Vec<u8> {
        // SAFETY: the number belongs to the live key, which nobody changes.
        unsafe { magnitude(sys::RSA_get0_e(self.rsa.as_ptr())) }
    }

    /// The private operation over `input`, padded as asked.
    pub(crate) fn private_encrypt(&self, pad: Pad, input: &[u8]) -> Result<Vec<u8>> {
        self.with_buffer(CryptoError::TooLarge, |out, max, len| {
            // SAFETY: `out` has room for `max` bytes, the input is a live slice.
            unsafe {
                let key = self.rsa.as_ptr();
                sys::RSA_sign_raw(key, len, out, max, input.as_ptr(), input.len(), pad.value())
            }
        })
    }

    /// The private operation over a ciphertext, the padding removed.
    pub(crate) fn private_decrypt(&self, pad: Pad, input: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.with_buffer(CryptoError::BadPadding, |out, max, len| {
            // SAFETY: as above.
            unsafe {
                let key = self.rsa.as_ptr();
                sys::RSA_decrypt(key, len, out, max, input.as_ptr(), input.len(), pad.value())
            }
        })
        .map(Zeroizing::new)
    }

    /// The public operation over `input`, padded as asked (type 2).
    pub(crate) fn public_encrypt(&self, pad: Pad, input: &[u8]) -> Result<Vec<u8>> {
        self.with_buffer(CryptoError::TooLarge, |out, max, len| {
            // SAFETY: as above.
            unsafe {
                let key = self.rsa.as_ptr();
                sys::RSA_encrypt(key, len, out, max, input.as_ptr(), input.len(), pad.value())
            }
        })
    }

    /// The public operation over a signature, the padding (type 1) removed.
    pub(crate) fn public_decrypt(&self, pad: Pad, input: &[u8]) -> Result<Vec<u8>> {
        self.with_buffer(CryptoError::BadSignature, |out, max, len| {
            // SAFETY: as above.
            unsafe {
                let key = self.rsa.as_ptr();
                sys::RSA_verify_raw(key, len, out, max, input.as_ptr(), input.len(), pad.value())
            }
        })
    }

    pub(crate) fn sign_pss(&self, pss: Pss, digest: &[u8]) -> Result<Vec<u8>> {
        let salt_len = salt_len(pss)?;
        self.with_buffer(CryptoError::TooLarge, |out, max, len| {
            // SAFETY: as above; the digest descriptions are static.
            unsafe {
                let (key, hash, mgf) = (self.rsa.as_ptr(), md(pss.hash), md(pss.mgf));
                let (data, data_len) = (digest.as_ptr(), digest.len());
                sys::RSA_sign_pss_mgf1(key, len, out, max, data, data_len, hash, mgf, salt_len)
            }
        })
    }

    pub(crate) fn verify_pss(&self, pss: Pss, digest: &[u8], signature: &[u8]) -> Result<()> {
        let salt_len = salt_len(pss)?;
        // SAFETY: reads two live slices and the live key; the digest descriptions are static.
        let status = unsafe {
            let (key, hash, mgf) = (self.rsa.as_ptr(), md(pss.hash), md(pss.mgf));
            let (data, data_len) = (digest.as_ptr(), digest.len());
            sys::RSA_verify_pss_mgf1(
                key,
                data,
                data_len,
                hash,
                mgf,
                salt_len,
                signature.as_ptr(),
                signature.len(),
            )
        };
        check(status, CryptoError::BadSignature)
    }

    pub(crate) fn encrypt_oaep(
        &self,
        hash: HashAlg,
        mgf: HashAlg,
        label: &[u8],
        input: &[u8],
    ) -> Result<Vec<u8>> {
        let context = Context::new(self, Direction::Encrypt, hash, mgf, label)?;
        self.with_buffer(CryptoError::TooLarge, |out, max, len| {
            // SAFETY: `len` tells the room in `out`; input and context are live.
            unsafe {
                *len = max;
                sys::EVP_PKEY_encrypt(context.0.as_ptr(), out, len, input.as_ptr(), input.len())
            }
        })
    }

    pub(crate) fn decrypt_oaep(
        &self,
        hash: HashAlg,
        mgf: HashAlg,
        label: &[u8],
        input: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>> {
        let context = Context::new(self, Direction::Decrypt, hash, mgf, label)?;
        self.with_buffer(CryptoError::BadPadding, |out, max, len| {
            // SAFETY: `len` tells the room in `out`; input and context are live.
            unsafe {
                *len = max;
                sys::EVP_PKEY_decrypt(context.0.as_ptr(), out, len, input.as_ptr(), input.len())
            }
        })
        .map(Zeroizing::new)
    }

    /// Runs `operation` on a buffer of the modulus' length and keeps what it says it wrote.
    fn with_buffer(
        &self,
        error: CryptoError,
        operation: impl FnOnce(*mut u8, usize, &mut usize) -> c_int,
    ) -> Result<Vec<u8>> {
        let mut out = Zeroizing::new(vec![0; self.len()]);
        let mut written = 0;
        let status = operation(out.as_mut_ptr(), out.len(), &mut written);
        check(status, error)?;
        out.truncate(written);
        Ok(std::mem::take(&mut *out))
    }
}

/// −2 asks AWS-LC to take the salt's length from the signature.
fn salt_len(pss: Pss) -> Result<c_int> {
    match pss.salt_len {
        None => Ok(-2),
        Some(len) => c_int::try_from(len).map_err(|_| CryptoError::TooLarge),
    }
}

#[derive(Clone, Copy)]
enum Direction {
    Encrypt,
    Decrypt,
}

/// An operation context set up for OAEP.
struct Context(NonNull<sys::EVP_PKEY_CTX>);

impl Context {
    fn new(key: &RsaHandle, direction: Direction, hash: HashAlg, mgf: HashAlg, label: &[u8]) -> Result<Self> {
        const REFUSED: CryptoError = CryptoError::Unsupported("OAEP with these digests and this key");
        // SAFETY: the context takes its own reference to the key. A label is copied into memory of AWS-LC, which
        // the context takes over on success and which we free otherwise.
        unsafe {
            let raw = sys::EVP_PKEY_CTX_new(key.pkey.as_ptr(), ptr::null_mut());
            let context = Self(NonNull::new(raw).ok_or(REFUSED)?);
            let raw = context.0.as_ptr();
            let status = match direction {
                Direction::Encrypt => sys::EVP_PKEY_encrypt_init(raw),
                Direction::Decrypt => sys::EVP_PKEY_decrypt_init(raw),
            };
            check(status, REFUSED)?;
            check(sys::EVP_PKEY_CTX_set_rsa_padding(raw, sys::RSA_PKCS1_OAEP_PADDING), REFUSED)?;
            check(sys::EVP_PKEY_CTX_set_rsa_oaep_md(raw, md(hash)), REFUSED)?;
            check(sys::EVP_PKEY_CTX_set_rsa_mgf1_md(raw, md(mgf)), REFUSED)?;
            if !label.is_empty() {
                let copy = sys::OPENSSL_memdup(label.as_ptr().cast(), label.len());
                if copy.is_null() {
                    return Err(CryptoError::TooLarge);
                }
                let status = sys::EVP_PKEY_CTX_set0_rsa_oaep_label(raw, copy.cast(), label.len());
                if status != 1 {
                    sys::OPENSSL_free(copy);
                }
                check(status, REFUSED)?;
            }
            Ok(context)
        }
    }
}

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: we own the context.
        unsafe { sys::EVP_PKEY_CTX_free(self.0.as_ptr()) }
    }
}
