//! Message authentication codes: HMAC (RFC 2104, FIPS 198-1) and CMAC (NIST SP 800-38B, RFC 4493).

use std::fmt;

use aws_lc_rs::{cmac as aws_cmac, hmac as aws_hmac};
use zeroize::{Zeroize, Zeroizing};

use crate::aws::{SHA256_LEN, Sha256};
use crate::cipher::SymAlg;
use crate::hash::{self, Digest, HashAlg, Hasher};
use crate::{CryptoError, Result};

/// HMAC of `data`. A key of any length is accepted.
#[must_use]
pub fn hmac(alg: HashAlg, key: &[u8], data: &[u8]) -> Digest {
    let mut mac = Hmac::new(alg, key);
    mac.update(data);
    mac.finish()
}

/// AES-CMAC (16 bytes) of `data`, with a key of 16, 24 or 32 bytes.
///
/// # Errors
/// [`CryptoError::BadLength`] when the key has another length.
pub fn cmac_aes(key: &[u8], data: &[u8]) -> Result<[u8; 16]> {
    let alg = match key.len() {
        16 => SymAlg::Aes128,
        24 => SymAlg::Aes192,
        32 => SymAlg::Aes256,
        got => return Err(CryptoError::BadLength { what: "AES-CMAC key (or 24, or 32)", expected: 16, got }),
    };
    cmac(alg, key, data)
}

/// Triple-DES CMAC (8 bytes) of `data`, with a key of 16 or 24 bytes. Equal parts in the key are accepted.
///
/// # Errors
/// [`CryptoError::BadLength`] when the key has another length.
pub fn cmac_3des(key: &[u8], data: &[u8]) -> Result<[u8; 8]> {
    let alg = match key.len() {
        16 => SymAlg::Des3_112,
        24 => SymAlg::Des3_168,
        got => {
            return Err(CryptoError::BadLength { what: "triple-DES CMAC key (or 24)", expected: 16, got });
        }
    };
    cmac(alg, key, data)
}

/// HMAC computed piece by piece. Cloning a fresh value saves preparing the key again.
#[derive(Clone)]
pub struct Hmac {
    alg: HashAlg,
    state: State,
}

#[derive(Clone)]
#[expect(clippy::large_enum_variant, reason = "short-lived; a box would cost an allocation per message")]
enum State {
    Aws(aws_hmac::Context),
    /// For SHA-256, the one that short messages are authenticated with by the million: RFC 2104 over states that are copied in no time.
    Sha256 {
        inner: Sha256,
        outer: Sha256,
    },
    /// For the digests AWS-LC has no HMAC for: RFC 2104 written out over [`Hasher`].
    Plain {
        inner: Hasher,
        outer: Hasher,
    },
}

impl Hmac {
    /// An empty computation under `key`.
    #[must_use]
    pub fn new(alg: HashAlg, key: &[u8]) -> Self {
        let aws = match alg {
            HashAlg::Sha1 => aws_hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY,
            HashAlg::Sha224 => aws_hmac::HMAC_SHA224,
            HashAlg::Sha256 => return Self { alg, state: sha256(key) },
            HashAlg::Sha384 => aws_hmac::HMAC_SHA384,
            HashAlg::Sha512 => aws_hmac::HMAC_SHA512,
            HashAlg::Md5 | HashAlg::Sha3_224 | HashAlg::Sha3_256 | HashAlg::Sha3_384 | HashAlg::Sha3_512 => {
                return Self { alg, state: plain(alg, key) };
            }
        };
        Self { alg, state: State::Aws(aws_hmac::Context::with_key(&aws_hmac::Key::new(aws, key))) }
    }

    /// Appends `data` to the message.
    pub fn update(&mut self, data: &[u8]) {
        match &mut self.state {
            State::Aws(context) => context.update(data),
            State::Sha256 { inner, .. } => inner.update(data),
            State::Plain { inner, .. } => inner.update(data),
        }
    }

    /// The code of everything given so far.
    #[must_use]
    pub fn finish(self) -> Digest {
        match self.state {
            State::Aws(context) => Digest::copy_of(context.sign().as_ref()),
            State::Sha256 { inner, mut outer } => {
                outer.update(&inner.finish());
                Digest::copy_of(&outer.finish())
            }
            State::Plain { inner, mut outer } => {
                outer.update(&inner.finish());
                outer.finish()
            }
        }
    }
}

impl fmt::Debug for Hmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hmac").field("alg", &self.alg).finish_non_exhaustive()
    }
}

/// CMAC computed piece by piece. Cloning a fresh value saves preparing the key again.
#[derive(Clone)]
pub struct Cmac {
    alg: SymAlg,
    context: aws_cmac::Context,
}

impl Cmac {
    /// An empty computation under `key`, for AES or triple DES.
    ///
    /// # Errors
    /// [`CryptoError::BadLength`] for a key that does not fit `alg`; [`CryptoError::Unsupported`] for single DES.
    pub fn new(alg: SymAlg, key: &[u8]) -> Result<Self> {
        alg.check_key(key)?;
        let mut three_keys = Zeroizing::new([0; 24]);
        let (algorithm, key) = match alg {
            SymAlg::Aes128 => (aws_cmac::AES_128, key),
            SymAlg::Aes192 => (aws_cmac::AES_192, key),
            SymAlg::Aes256 => (aws_cmac::AES_256, key),
            SymAlg::Des3_168 => (aws_cmac::DES_EDE3_FOR_LEGACY_USE_ONLY, key),
            SymAlg::Des3_112 => {
                three_keys[..16].copy_from_slice(key);
                three_keys[16..].copy_from_slice(&key[..8]);
                (aws_cmac::DES_EDE3_FOR_LEGACY_USE_ONLY, &three_keys[..])
            }
            SymAlg::Des => return Err(CryptoError::Unsupported("CMAC with single DES")),
        };
        let key = aws_cmac::Key::new(algorithm, key).map_err(|_| CryptoError::BadKey("CMAC refused it"))?;
        Ok(Self { alg, context: aws_cmac::Context::with_key(&key) })
    }

    /// Appends `data` to the message.
    ///
    /// # Errors
    /// [`CryptoError::TooLarge`] if the library refuses more data.
    pub fn update(&mut self, data: &[u8]) -> Result<()> {
        self.context.update(data).map_err(|_| CryptoError::TooLarge)
    }

    /// The code of everything given so far: one block of the cipher.
    ///
    /// # Errors
    /// [`CryptoError::TooLarge`] if the library cannot finish the computation.
    pub fn finish(self) -> Result<Digest> {
        let tag = self.context.sign().map_err(|_| CryptoError::TooLarge)?;
        Ok(Digest::copy_of(tag.as_ref()))
    }
}

impl fmt::Debug for Cmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cmac").field("alg", &self.alg).finish_non_exhaustive()
    }
}

fn cmac<const N: usize>(alg: SymAlg, key: &[u8], data: &[u8]) -> Result<[u8; N]> {
    let mut mac = Cmac::new(alg, key)?;
    mac.update(data)?;
    let tag = mac.finish()?;
    let got = tag.len();
    <[u8; N]>::try_from(&*tag).map_err(|_| CryptoError::BadLength { what: "CMAC value", expected: N, got })
}

fn sha256(key: &[u8]) -> State {
    const BLOCK: usize = HashAlg::Sha256.block_len();
    let mut block = Zeroizing::new([0; BLOCK]);
    if key.len() > BLOCK {
        let mut short = Sha256::new();
        short.update(key);
        block[..SHA256_LEN].copy_from_slice(&*Zeroizing::new(short.finish()));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let (mut inner, mut outer) = (Sha256::new(), Sha256::new());
    block.iter_mut().for_each(|b| *b ^= 0x36);
    inner.update(&*block);
    block.iter_mut().for_each(|b| *b ^= 0x36 ^ 0x5c);
    outer.update(&*block);
    State::Sha256 { inner, outer }
}

fn plain(alg: HashAlg, key: &[u8]) -> State {
    let mut block = Zeroizing::new([0u8; 144]);
    let block = &mut block[..alg.block_len()];
    if key.len() > block.len() {
        let mut short = hash::digest(alg, key);
        block[..short.len()].copy_from_slice(&short);
        short.zeroize();
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    let mut inner = Hasher::new(alg);
    block.iter_mut().for_each(|b| *b ^= 0x36);
    inner.update(block);
    let mut outer = Hasher::new(alg);
    block.iter_mut().for_each(|b| *b ^= 0x36 ^ 0x5c);
    outer.update(block);
    State::Plain { inner, outer }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 2202 section 2, test case 2, and RFC 4231 section 4.3.
    #[test]
    fn published_hmac_values() {
        let (key, data) = (b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex::encode(&*hmac(HashAlg::Md5, key, data)), "750c783e6ab0b503eaa86e310a5db738");
        assert_eq!(hex::encode(&*hmac(HashAlg::Sha1, key, data)), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(
            hex::encode(&*hmac(HashAlg::Sha256, key, data)),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    /// Where AWS-LC has HMAC too, the written-out forms must agree with it, for short, full and long keys and messages.
    #[test]
    fn the_hmac_paths_agree() {
        let bytes: Vec<u8> = (0..400u32).map(|i| (i * 7) as u8).collect();
        for alg in [HashAlg::Sha1, HashAlg::Sha224, HashAlg::Sha256, HashAlg::Sha384, HashAlg::Sha512] {
            for key_len in [0, 1, 63, 64, 65, 127, 128, 129, 300] {
                let key = &bytes[..key_len];
                let mut written_out = Hmac { alg, state: plain(alg, key) };
                written_out.update(&bytes[..100]);
                written_out.update(&bytes[100..]);
                assert_eq!(written_out.finish(), hmac(alg, key, &bytes), "{alg:?} {key_len}");
            }
        }
        for (key_len, len) in [0, 1, 32, 55, 56, 63, 64, 65, 128, 300].map(|len| (len, 400 - len)) {
            let (key, data) = (&bytes[..key_len], &bytes[..len]);
            let theirs = aws_hmac::sign(&aws_hmac::Key::new(aws_hmac::HMAC_SHA256, key), data);
            assert_eq!(*hmac(HashAlg::Sha256, key, data), *theirs.as_ref(), "{key_len} {len}");
            let mut started = Hmac::new(HashAlg::Sha256, key);
            started.update(&data[..len / 3]);
            let mut fork = started.clone();
            fork.update(&data[len / 3..]);
            assert_eq!(*fork.finish(), *theirs.as_ref());
            let part = aws_hmac::sign(&aws_hmac::Key::new(aws_hmac::HMAC_SHA256, key), &data[..len / 3]);
            assert_eq!(*started.finish(), *part.as_ref());
        }
    }

    /// RFC 4493 section 4 (AES-128) and NIST SP 800-38B appendix D examples (three-key triple DES, example 13).
    #[test]
    fn published_cmac_values() {
        let key = hex::decode("2b7e151628aed2a6abf7158809cf4f3c").unwrap();
        assert_eq!(hex::encode(cmac_aes(&key, b"").unwrap()), "bb1d6929e95937287fa37d129b756746");
        let message = hex::decode("6bc1bee22e409f96e93d7e117393172a").unwrap();
        assert_eq!(hex::encode(cmac_aes(&key, &message).unwrap()), "070a16b46b4d4144f79bdd9dd04a287c");
        let key = hex::decode("8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5").unwrap();
        assert_eq!(hex::encode(cmac_3des(&key, b"").unwrap()), "b7a688e122ffaf95");
    }

    #[test]
    fn two_key_triple_des_is_three_key_with_the_first_part_repeated() {
        let short: Vec<u8> = (1..=16).collect();
        let long = [&short[..], &short[..8]].concat();
        assert_eq!(cmac_3des(&short, b"message"), cmac_3des(&long, b"message"));
        assert!(cmac_3des(&[1; 24], b"equal parts").is_ok());
    }

    #[test]
    fn keys_of_other_lengths_are_refused() {
        assert!(matches!(cmac_aes(&[0; 17], b""), Err(CryptoError::BadLength { got: 17, .. })));
        assert!(matches!(cmac_3des(&[0; 8], b""), Err(CryptoError::BadLength { got: 8, .. })));
        assert!(matches!(Cmac::new(SymAlg::Des, &[0; 8]), Err(CryptoError::Unsupported(_))));
    }
}
