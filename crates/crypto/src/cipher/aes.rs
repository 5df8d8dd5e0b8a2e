//! AES over AWS-LC: every mode's key schedule is computed at its first use and kept.

use std::sync::OnceLock;

use aes_kw::KeyInit;
use aws_lc_rs::aead::{AES_128_GCM, AES_192_GCM, AES_256_GCM, LessSafeKey, UnboundKey};
use aws_lc_rs::cipher::{
    AES_128, AES_192, AES_256, DecryptingKey, DecryptionContext, EncryptingKey, EncryptionContext,
    UnboundCipherKey,
};
use aws_lc_rs::iv::FixedLength;

use crate::{CryptoError, Result};

/// Lazily computed schedules of one key, boxed so that an unused one costs a word. The key itself is given with each call: its owner keeps it.
#[derive(Default)]
pub(super) struct Aes {
    ecb_encrypt: OnceLock<Box<EncryptingKey>>,
    ecb_decrypt: OnceLock<Box<DecryptingKey>>,
    cbc_encrypt: OnceLock<Box<EncryptingKey>>,
    cbc_decrypt: OnceLock<Box<DecryptingKey>>,
    ctr: OnceLock<Box<EncryptingKey>>,
    gcm: OnceLock<Box<LessSafeKey>>,
}

const REFUSED: CryptoError = CryptoError::BadKey("AES refused it");

impl Aes {
    pub(super) fn ecb_encrypt(&self, key: &[u8], buffer: &mut [u8]) -> Result<()> {
        let cipher = once(&self.ecb_encrypt, || EncryptingKey::ecb(unbound(key)?).map_err(|_| REFUSED))?;
        cipher.less_safe_encrypt(buffer, EncryptionContext::None).map(drop).map_err(|_| REFUSED)
    }

    pub(super) fn ecb_decrypt(&self, key: &[u8], buffer: &mut [u8]) -> Result<()> {
        let cipher = once(&self.ecb_decrypt, || DecryptingKey::ecb(unbound(key)?).map_err(|_| REFUSED))?;
        cipher.decrypt(buffer, DecryptionContext::None).map(drop).map_err(|_| REFUSED)
    }

    pub(super) fn cbc_encrypt(&self, key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Result<()> {
        let cipher = once(&self.cbc_encrypt, || EncryptingKey::cbc(unbound(key)?).map_err(|_| REFUSED))?;
        cipher.less_safe_encrypt(buffer, EncryptionContext::Iv128(vector(iv)?)).map(drop).map_err(|_| REFUSED)
    }

    pub(super) fn cbc_decrypt(&self, key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Result<()> {
        let cipher = once(&self.cbc_decrypt, || DecryptingKey::cbc(unbound(key)?).map_err(|_| REFUSED))?;
        cipher.decrypt(buffer, DecryptionContext::Iv128(vector(iv)?)).map(drop).map_err(|_| REFUSED)
    }

    /// Encrypts or decrypts: they are the same.
    pub(super) fn ctr(&self, key: &[u8], iv: &[u8], buffer: &mut [u8]) -> Result<()> {
        let cipher = once(&self.ctr, || EncryptingKey::ctr(unbound(key)?).map_err(|_| REFUSED))?;
        cipher.less_safe_encrypt(buffer, EncryptionContext::Iv128(vector(iv)?)).map(drop).map_err(|_| REFUSED)
    }

    /// The key for GCM with the usual 12-byte nonce and 16-byte tag.
    pub(super) fn gcm(&self, key: &[u8]) -> Result<&LessSafeKey> {
        once(&self.gcm, || {
            let algorithm = match key.len() {
                16 => &AES_128_GCM,
                24 => &AES_192_GCM,
                _ => &AES_256_GCM,
            };
            Ok(LessSafeKey::new(UnboundKey::new(algorithm, key).map_err(|_| REFUSED)?))
        })
    }
}

/// RFC 3394 wrap of `data`, appended to `out`.
pub(super) fn wrap(key: &[u8], data: &[u8], out: &mut Vec<u8>) -> Result<()> {
    check_wrap(data.len(), 16)?;
    let start = out.len();
    out.resize(start + data.len() + 8, 0);
    let buffer = &mut out[start..];
    match key.len() {
        16 => kw::<aes_kw::KwAes128>(key)?.wrap_key(data, buffer).map(drop),
        24 => kw::<aes_kw::KwAes192>(key)?.wrap_key(data, buffer).map(drop),
        _ => kw::<aes_kw::KwAes256>(key)?.wrap_key(data, buffer).map(drop),
    }
    .map_err(|_| CryptoError::Unsupported("wrapping data of this length"))
}

/// RFC 3394 unwrap of `data`, appended to `out`.
pub(super) fn unwrap(key: &[u8], data: &[u8], out: &mut Vec<u8>) -> Result<()> {
    check_wrap(data.len(), 24)?;
    let start = out.len();
    out.resize(start + data.len() - 8, 0);
    let buffer = &mut out[start..];
    match key.len() {
        16 => kw::<aes_kw::KwAes128>(key)?.unwrap_key(data, buffer).map(drop),
        24 => kw::<aes_kw::KwAes192>(key)?.unwrap_key(data, buffer).map(drop),
        _ => kw::<aes_kw::KwAes256>(key)?.unwrap_key(data, buffer).map(drop),
    }
    .map_err(|_| CryptoError::BadSignature)
}

fn check_wrap(got: usize, least: usize) -> Result<()> {
    if got >= least && got.is_multiple_of(8) {
        Ok(())
    } else {
        Err(CryptoError::BadLength {
            what: "data for key wrap (at least this, a multiple of 8)",
            expected: least,
            got,
        })
    }
}

fn kw<K: KeyInit>(key: &[u8]) -> Result<K> {
    K::new_from_slice(key).map_err(|_| REFUSED)
}

fn once<T>(cell: &OnceLock<Box<T>>, make: impl FnOnce() -> Result<T>) -> Result<&T> {
    match cell.get() {
        Some(value) => Ok(value),
        None => {
            let value = Box::new(make()?);
            Ok(cell.get_or_init(|| value))
        }
    }
}

fn unbound(key: &[u8]) -> Result<UnboundCipherKey> {
    let algorithm = match key.len() {
        16 => &AES_128,
        24 => &AES_192,
        _ => &AES_256,
    };
    UnboundCipherKey::new(algorithm, key).map_err(|_| REFUSED)
}

fn vector(iv: &[u8]) -> Result<FixedLength<16>> {
    let got = iv.len();
    FixedLength::try_from(iv).map_err(|_| CryptoError::BadLength {
        what: "initialization vector",
        expected: 16,
        got,
    })
}
