//! Symmetric encryption: AES (FIPS 197) and DES/triple DES (FIPS 46-3) in ECB, CBC and CTR (NIST SP 800-38A),
//! AES-GCM (NIST SP 800-38D) and AES key wrap (RFC 3394).

mod aes;
mod des;
mod gcm;
mod padding;

use std::fmt;

use zeroize::{Zeroize, Zeroizing};

use crate::{CryptoError, Result};

/// A block cipher with its key length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SymAlg {
    /// DES, 8-byte key (parity bits ignored). Broken; kept for compatibility.
    Des,
    /// Triple DES with two keys, 16 bytes.
    Des3_112,
    /// Triple DES with three keys, 24 bytes. Equal parts are accepted.
    Des3_168,
    /// AES with a 16-byte key.
    Aes128,
    /// AES with a 24-byte key.
    Aes192,
    /// AES with a 32-byte key.
    Aes256,
}

impl SymAlg {
    /// Every algorithm, in order of declaration.
    pub const ALL: [Self; 6] =
        [Self::Des, Self::Des3_112, Self::Des3_168, Self::Aes128, Self::Aes192, Self::Aes256];

    /// Length of the key, in bytes.
    #[must_use]
    pub const fn key_len(self) -> usize {
        match self {
            Self::Des => 8,
            Self::Des3_112 | Self::Aes128 => 16,
            Self::Des3_168 | Self::Aes192 => 24,
            Self::Aes256 => 32,
        }
    }

    /// Length of the block (and of the CBC and CTR vectors), in bytes.
    #[must_use]
    pub const fn block_len(self) -> usize {
        if self.is_aes() { 16 } else { 8 }
    }

    /// Whether this is AES.
    #[must_use]
    pub const fn is_aes(self) -> bool {
        matches!(self, Self::Aes128 | Self::Aes192 | Self::Aes256)
    }

    pub(crate) fn check_key(self, key: &[u8]) -> Result<()> {
        check_len("symmetric key", self.key_len(), key.len())
    }
}

/// A mode of operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode<'a> {
    /// Electronic codebook; the vector must be empty.
    Ecb,
    /// Cipher block chaining; the vector is one block.
    Cbc,
    /// Counter mode, AES only; the vector is the first counter block, incremented as one 128-bit number.
    Ctr,
    /// Galois/counter mode, AES only; the vector is the nonce (12 bytes is the common case, any other length
    /// but zero is accepted). The tag follows the ciphertext.
    Gcm {
        /// Length of the tag in bytes: 4, 8 or 12 to 16.
        tag_len: usize,
        /// Additional data that is authenticated but not encrypted.
        aad: &'a [u8],
    },
    /// AES key wrap with the default initial value; the vector must be empty, the data at least 16 bytes
    /// and a multiple of 8.
    Kw,
}

/// What is done about data that does not fill the last block (ECB and CBC only).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Padding {
    /// Nothing: the data must be a multiple of the block.
    None,
    /// PKCS#5/PKCS#7 (RFC 5652 section 6.3): 1 to one block of bytes that each hold their number.
    Pkcs5,
    /// Zero bytes up to a multiple of the block, none if it is one already. They stay on decryption, since
    /// nothing tells them from data (our choice).
    Zero,
}

/// A symmetric key, its schedules computed once and kept.
pub struct SymKey {
    alg: SymAlg,
    bytes: Zeroizing<[u8; 32]>,
    engine: Engine,
}

enum Engine {
    Aes(Box<aes::Aes>),
    Des(Box<des::Des>),
}

impl SymKey {
    /// A key from its bytes.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`] when `key` does not have the length of `alg`.
    pub fn new(alg: SymAlg, key: &[u8]) -> Result<Self> {
        alg.check_key(key)?;
        let mut bytes = Zeroizing::new([0; 32]);
        bytes[..key.len()].copy_from_slice(key);
        let engine = if alg.is_aes() {
            Engine::Aes(Box::default())
        } else {
            Engine::Des(Box::new(des::Des::new(key)))
        };
        Ok(Self { alg, bytes, engine })
    }

    /// An AES-256 key; the type of the argument leaves nothing to go wrong.
    pub(crate) fn aes256(key: &[u8; 32]) -> Self {
        Self { alg: SymAlg::Aes256, bytes: Zeroizing::new(*key), engine: Engine::Aes(Box::default()) }
    }

    /// The algorithm.
    #[must_use]
    pub fn alg(&self) -> SymAlg {
        self.alg
    }

    /// The key itself, for wrapping or exporting it.
    #[must_use]
    pub fn expose_bytes(&self) -> &[u8] {
        &self.bytes[..self.alg.key_len()]
    }

    /// Encrypts `data` and appends the result to `out`. On an error `out` is as it was.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`] for a vector or data of the wrong length, [`CryptoError::Unsupported`] for a
    /// combination that does not exist (GCM with DES, padding in CTR, a tag length outside the standard).
    pub fn encrypt(
        &self,
        mode: Mode<'_>,
        padding: Padding,
        iv: &[u8],
        data: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<()> {
        self.check(mode, padding, iv)?;
        let block = self.alg.block_len();
        let start = out.len();
        out.reserve(data.len() + block.max(16));
        let result = match (&self.engine, mode) {
            (_, Mode::Ecb | Mode::Cbc) => {
                out.extend_from_slice(data);
                padding::pad(padding, block, start, out);
                check_blocks(block, out.len() - start).and_then(|()| {
                    let buffer = &mut out[start..];
                    match &self.engine {
                        Engine::Aes(aes) if mode == Mode::Ecb => aes.ecb_encrypt(self.expose_bytes(), buffer),
                        Engine::Aes(aes) => aes.cbc_encrypt(self.expose_bytes(), iv, buffer),
                        Engine::Des(des) => des.encrypt((mode == Mode::Cbc).then_some(iv), buffer),
                    }
                })
            }
            (Engine::Aes(aes), Mode::Ctr) => {
                out.extend_from_slice(data);
                aes.ctr(self.expose_bytes(), iv, &mut out[start..])
            }
            (Engine::Aes(aes), Mode::Gcm { tag_len, aad }) => {
                gcm::seal(aes, self.expose_bytes(), tag_len, iv, aad, data, out)
            }
            (Engine::Aes(_), Mode::Kw) => aes::wrap(self.expose_bytes(), data, out),
            (Engine::Des(_), _) => Err(CryptoError::Unsupported("this mode with DES")),
        };
        undo_on_error(result, start, out)
    }

    /// Decrypts `data` and appends the result to `out`. On an error `out` is as it was.
    ///
    /// # Errors
    /// As for [`encrypt`](Self::encrypt); [`CryptoError::BadPadding`] when the padding is wrong, whatever is
    /// wrong about it; [`CryptoError::BadSignature`] when a GCM tag or a key-wrap check value does not match.
    pub fn decrypt(
        &self,
        mode: Mode<'_>,
        padding: Padding,
        iv: &[u8],
        data: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<()> {
        self.check(mode, padding, iv)?;
        let block = self.alg.block_len();
        let start = out.len();
        out.reserve(data.len());
        let result = match (&self.engine, mode) {
            (_, Mode::Ecb | Mode::Cbc) => check_blocks(block, data.len()).and_then(|()| {
                out.extend_from_slice(data);
                let buffer = &mut out[start..];
                match &self.engine {
                    Engine::Aes(aes) if mode == Mode::Ecb => aes.ecb_decrypt(self.expose_bytes(), buffer),
                    Engine::Aes(aes) => aes.cbc_decrypt(self.expose_bytes(), iv, buffer),
                    Engine::Des(des) => des.decrypt((mode == Mode::Cbc).then_some(iv), buffer),
                }?;
                padding::unpad(padding, block, start, out)
            }),
            (Engine::Aes(aes), Mode::Ctr) => {
                out.extend_from_slice(data);
                aes.ctr(self.expose_bytes(), iv, &mut out[start..])
            }
            (Engine::Aes(aes), Mode::Gcm { tag_len, aad }) => {
                gcm::open(aes, self.expose_bytes(), tag_len, iv, aad, data, out)
            }
            (Engine::Aes(_), Mode::Kw) => aes::unwrap(self.expose_bytes(), data, out),
            (Engine::Des(_), _) => Err(CryptoError::Unsupported("this mode with DES")),
        };
        undo_on_error(result, start, out)
    }

    fn check(&self, mode: Mode<'_>, padding: Padding, iv: &[u8]) -> Result<()> {
        match mode {
            Mode::Ecb => check_len("initialization vector in ECB mode", 0, iv.len()),
            Mode::Cbc => check_len("initialization vector", self.alg.block_len(), iv.len()),
            _ if !self.alg.is_aes() => Err(CryptoError::Unsupported("this mode with DES")),
            _ if padding != Padding::None => {
                Err(CryptoError::Unsupported("padding in a mode that needs none (CTR, GCM, key wrap)"))
            }
            Mode::Ctr => check_len("counter block", 16, iv.len()),
            Mode::Gcm { tag_len, .. } => gcm::check(tag_len, iv),
            Mode::Kw => check_len("initialization vector in key-wrap mode", 0, iv.len()),
        }
    }
}

impl fmt::Debug for SymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SymKey").field("alg", &self.alg).finish_non_exhaustive()
    }
}

fn check_len(what: &'static str, expected: usize, got: usize) -> Result<()> {
    if expected == got { Ok(()) } else { Err(CryptoError::BadLength { what, expected, got }) }
}

fn check_blocks(block: usize, got: usize) -> Result<()> {
    if got.is_multiple_of(block) {
        Ok(())
    } else {
        Err(CryptoError::BadLength { what: "data without padding (a multiple of)", expected: block, got })
    }
}

/// Erases whatever a failed operation left behind `start`.
fn undo_on_error(result: Result<()>, start: usize, out: &mut Vec<u8>) -> Result<()> {
    if result.is_err() {
        out[start..].zeroize();
        out.truncate(start);
    }
    result
}

#[cfg(test)]
mod tests;
