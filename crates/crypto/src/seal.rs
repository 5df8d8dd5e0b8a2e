//! Sealing of stored secrets under the server master key: AES-256-GCM (NIST SP 800-38D).

use std::fmt;

use zeroize::Zeroizing;

use crate::cipher::{Mode, Padding, SymKey};
use crate::hash::HashAlg;
use crate::{Result, mac};

/// Length of the tag that follows the ciphertext, in bytes.
pub const TAG_LEN: usize = 16;

/// The key that seals what a store keeps. Erased on drop, never printed.
pub struct SealKey {
    key: SymKey,
}

impl SealKey {
    /// A key from its 32 bytes.
    #[must_use]
    pub fn new(key: [u8; 32]) -> Self {
        Self { key: SymKey::aes256(&Zeroizing::new(key)) }
    }

    /// Encrypts `plain` and binds it to `aad`: the ciphertext followed by a tag of [`TAG_LEN`] bytes.
    ///
    /// A nonce must never be used twice with one key.
    ///
    /// # Errors
    /// [`crate::CryptoError::TooLarge`] beyond 64 GiB of plaintext.
    pub fn seal(&self, nonce: [u8; 12], aad: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
        let mut out = Vec::with_capacity(plain.len() + TAG_LEN);
        self.key.encrypt(Mode::Gcm { tag_len: TAG_LEN, aad }, Padding::None, &nonce, plain, &mut out)?;
        Ok(out)
    }

    /// The plaintext of what [`seal`](Self::seal) made with the same nonce and the same `aad`.
    ///
    /// # Errors
    /// [`crate::CryptoError::BadSignature`] when the key, the nonce or `aad` differ or the data was altered;
    /// [`crate::CryptoError::BadLength`] when it is shorter than a tag.
    pub fn open(&self, nonce: [u8; 12], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let mut out = Zeroizing::new(Vec::with_capacity(sealed.len()));
        self.key.decrypt(Mode::Gcm { tag_len: TAG_LEN, aad }, Padding::None, &nonce, sealed, &mut out)?;
        Ok(out)
    }

    /// A value that tells two keys apart and reveals neither: the first 16 bytes of an HMAC-SHA-256 under the key
    /// (our choice).
    #[must_use]
    pub fn fingerprint(&self) -> [u8; 16] {
        let code = mac::hmac(HashAlg::Sha256, self.key.expose_bytes(), b"bancada seal key fingerprint 1");
        let mut out = [0; 16];
        out.copy_from_slice(&code[..16]);
        out
    }
}

impl fmt::Debug for SealKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealKey(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CryptoError;

    #[test]
    fn only_the_same_key_nonce_and_context_open() {
        let key = SealKey::new([7; 32]);
        let sealed = key.seal([1; 12], b"user/key", b"secret").unwrap();
        assert_eq!(sealed.len(), 6 + TAG_LEN);
        assert_eq!(&key.open([1; 12], b"user/key", &sealed).unwrap()[..], b"secret");
        let mut altered = sealed.clone();
        altered[0] ^= 1;
        let other = SealKey::new([8; 32]);
        for result in [
            key.open([2; 12], b"user/key", &sealed),
            key.open([1; 12], b"user/other", &sealed),
            key.open([1; 12], b"user/key", &altered),
            other.open([1; 12], b"user/key", &sealed),
        ] {
            assert_eq!(result.unwrap_err(), CryptoError::BadSignature);
        }
        assert!(matches!(key.open([1; 12], b"", &sealed[..3]), Err(CryptoError::BadLength { .. })));
    }

    #[test]
    fn fingerprints_differ_and_are_stable() {
        let key = SealKey::new([7; 32]);
        assert_eq!(key.fingerprint(), SealKey::new([7; 32]).fingerprint());
        assert_ne!(key.fingerprint(), SealKey::new([8; 32]).fingerprint());
        assert_ne!(key.fingerprint(), [7; 16]);
        assert_eq!(format!("{key:?}"), "SealKey(..)");
    }
}
