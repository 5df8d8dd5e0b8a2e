//! Who keeps the key that seals a BLOB: this library, or a hardware security module behind [`KeyService`].
//!
//! The services are those the vendor docs name for the ICSF edition (page ICSF function requirements): CBC decryption and encryption
//! under a named key, and random numbers. Our choice: with AES, whose vector has 16 bytes, the 8-byte initial vector is used twice in a
//! row; a missing vector is all zeros; key names are at most 128 bytes.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bancada_crypto::cipher::{Mode, Padding, SymAlg, SymKey};
use bancada_crypto::random::Random;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{KernelParams, ReturnCode, encoding};

/// What every call of the kernel is given besides its own arguments.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The host's time in seconds since 1970-01-01 UTC.
    pub now: u64,
    /// The kernel parameters.
    pub params: &'a KernelParams,
    /// Who can open and seal the BLOBs of this call.
    pub sealing: Sealing<'a>,
}

/// Who seals a BLOB.
#[derive(Clone, Copy)]
pub enum Sealing<'a> {
    /// This library, under a key made of the serial number, the application name and the derive parameters. That key is no secret to
    /// whoever has this library and the parameters: it guards against accidents, not against thieves.
    Software,
    /// A key service, under a named key.
    Service {
        /// The service.
        service: &'a dyn KeyService,
        /// The name of the storage key.
        key: &'a str,
        /// The initial vector.
        iv: InitialVector,
    },
}

/// An HSM, or what stands in for one. Implementations lock inside, so that one service serves many calls.
pub trait KeyService {
    /// Decrypts `data` in place: CBC under the named key, no padding. `data` is a multiple of 16 bytes.
    ///
    /// # Errors
    /// A [`KeyError`] that says what is wrong with the service or the key.
    fn decrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<(), KeyError>;

    /// Decrypts each of several pieces in place, as [`decrypt`](Self::decrypt) does, in one request where the service can.
    ///
    /// # Errors
    /// As for [`decrypt`](Self::decrypt); the pieces are then of no use.
    fn decrypt_each(&self, key: &str, iv: &InitialVector, pieces: &mut [&mut [u8]]) -> Result<(), KeyError> {
        pieces.iter_mut().try_for_each(|piece| self.decrypt(key, iv, piece))
    }

    /// Encrypts `data` in place, the inverse of [`decrypt`](Self::decrypt), and tells with which algorithm.
    ///
    /// # Errors
    /// As for [`decrypt`](Self::decrypt).
    fn encrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<KeyAlgorithm, KeyError>;

    /// Overwrites `out` with random bytes.
    ///
    /// # Errors
    /// A [`KeyError`] when the service gives none.
    fn random(&self, out: &mut [u8]) -> Result<(), KeyError>;
}

/// What a named key encrypts with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyAlgorithm {
    /// AES of any length.
    Aes,
    /// Triple DES with two or three keys.
    TripleDes,
}

impl KeyAlgorithm {
    /// Bytes of a block.
    #[must_use]
    pub const fn block_len(self) -> usize {
        match self {
            Self::Aes => 16,
            Self::TripleDes => 8,
        }
    }
}

/// Why a key service could not serve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum KeyError {
    /// There is no session, or it broke.
    #[error("the session with the key service is closed or broken; open it again")]
    Session,
    /// There is no such key, or the user of the session may not see it.
    #[error("the key service has no key of this name for this user")]
    NotFound,
    /// The key is marked as not usable for this.
    #[error("the key's properties forbid encryption or decryption")]
    Property,
    /// The key is of a type that cannot do this.
    #[error("the key is not a triple-DES or AES key")]
    Type,
}

impl From<KeyError> for ReturnCode {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Session => Self::HSM_SESSION,
            KeyError::NotFound => Self::HSM_KEY_NOT_FOUND,
            KeyError::Property => Self::HSM_KEY_PROPERTY,
            KeyError::Type => Self::HSM_KEY_TYPE,
        }
    }
}

/// The initial vector of a sealed BLOB, 8 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct InitialVector(pub [u8; 8]);

impl InitialVector {
    /// From a caller's 16 hexadecimal characters; missing or empty is all zeros.
    ///
    /// # Errors
    /// [`ReturnCode::VECTOR_LENGTH`] for anything else.
    pub fn parse(text: Option<&[u8]>) -> Result<Self, ReturnCode> {
        let text = encoding::text(text.unwrap_or_default());
        if text.is_empty() {
            return Ok(Self::default());
        }
        let bytes = encoding::from_hex(text).and_then(|bytes| <[u8; 8]>::try_from(bytes).ok());
        bytes.map(Self).ok_or(ReturnCode::VECTOR_LENGTH)
    }

    /// The vector for triple DES.
    #[must_use]
    pub fn des(&self) -> [u8; 8] {
        self.0
    }

    /// The vector for AES: the eight bytes twice.
    #[must_use]
    pub fn aes(&self) -> [u8; 16] {
        std::array::from_fn(|place| self.0[place % 8])
    }
}

impl Context<'_> {
    /// Random bytes, from the key service if there is one, else from `random`.
    ///
    /// # Errors
    /// The code of a [`KeyError`].
    pub fn random(&self, random: &mut dyn Random, out: &mut [u8]) -> Result<(), ReturnCode> {
        match self.sealing {
            Sealing::Software => random.fill(out),
            Sealing::Service { service, .. } => service.random(out)?,
        }
        Ok(())
    }
}

impl fmt::Debug for Sealing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Software => f.write_str("Software"),
            Self::Service { key, iv, .. } => {
                f.debug_struct("Service").field("key", key).field("iv", iv).finish_non_exhaustive()
            }
        }
    }
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("now", &self.now)
            .field("sealing", &self.sealing)
            .finish_non_exhaustive()
    }
}

/// A key service in this process: named keys in memory, closed or opened like a session.
pub struct InProcessKeys {
    inner: Mutex<Inner>,
}

struct Inner {
    open: bool,
    keys: BTreeMap<String, (SymKey, bool)>,
    random: Box<dyn Random + Send>,
}

impl InProcessKeys {
    /// An open service without keys, with a source for its random numbers.
    #[must_use]
    pub fn new(random: Box<dyn Random + Send>) -> Self {
        Self { inner: Mutex::new(Inner { open: true, keys: BTreeMap::new(), random }) }
    }

    /// Adds or replaces a key. `usable` false stands for a key whose properties forbid encryption.
    ///
    /// # Errors
    /// [`ReturnCode::KEY_POINTER`] when the bytes do not fit the algorithm.
    pub fn add(&self, name: &str, alg: SymAlg, key: &[u8], usable: bool) -> Result<(), ReturnCode> {
        let key = SymKey::new(alg, key).map_err(|_| ReturnCode::KEY_POINTER)?;
        self.lock().keys.insert(name.to_owned(), (key, usable));
        Ok(())
    }

    /// Removes a key; whether there was one.
    pub fn remove(&self, name: &str) -> bool {
        self.lock().keys.remove(name).is_some()
    }

    /// Opens or closes the service.
    pub fn set_open(&self, open: bool) {
        self.lock().open = open;
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn crypt(
        &self,
        name: &str,
        iv: &InitialVector,
        data: &mut [u8],
        encrypt: bool,
    ) -> Result<KeyAlgorithm, KeyError> {
        let inner = self.lock();
        if !inner.open {
            return Err(KeyError::Session);
        }
        let (key, usable) = inner.keys.get(name).ok_or(KeyError::NotFound)?;
        if !usable {
            return Err(KeyError::Property);
        }
        let (aes, des) = (iv.aes(), iv.des());
        let (iv, algorithm): (&[u8], _) = match key.alg() {
            SymAlg::Des => return Err(KeyError::Type),
            alg if alg.is_aes() => (&aes, KeyAlgorithm::Aes),
            _ => (&des, KeyAlgorithm::TripleDes),
        };
        let mut out = Zeroizing::new(Vec::with_capacity(data.len()));
        let result = if encrypt {
            key.encrypt(Mode::Cbc, Padding::None, iv, data, &mut out)
        } else {
            key.decrypt(Mode::Cbc, Padding::None, iv, data, &mut out)
        };
        result.map_err(|_| KeyError::Type)?;
        data.copy_from_slice(&out);
        Ok(algorithm)
    }
}

impl KeyService for InProcessKeys {
    fn decrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<(), KeyError> {
        self.crypt(key, iv, data, false).map(drop)
    }

    fn encrypt(&self, key: &str, iv: &InitialVector, data: &mut [u8]) -> Result<KeyAlgorithm, KeyError> {
        self.crypt(key, iv, data, true)
    }

    fn random(&self, out: &mut [u8]) -> Result<(), KeyError> {
        let mut inner = self.lock();
        if !inner.open {
            return Err(KeyError::Session);
        }
        inner.random.fill(out);
        Ok(())
    }
}

impl fmt::Debug for InProcessKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InProcessKeys").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use bancada_crypto::random::SeededRandom;

    use super::*;

    #[test]
    fn initial_vectors_are_read_as_callers_write_them() {
        let parse = |text: &'static [u8]| InitialVector::parse(Some(text));
        assert_eq!(InitialVector::parse(None), Ok(InitialVector::default()));
        assert_eq!(parse(b"                 "), Ok(InitialVector::default()));
        assert_eq!(
            parse(b"0011223344556677\0"),
            Ok(InitialVector([0, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77]))
        );
        assert_eq!(parse(b"00112233445566"), Err(ReturnCode::VECTOR_LENGTH));
        assert_eq!(parse(b"001122334455667g"), Err(ReturnCode::VECTOR_LENGTH));
        assert_eq!(
            InitialVector([1, 2, 3, 4, 5, 6, 7, 8]).aes(),
            [1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8]
        );
    }

    #[test]
    fn the_service_in_process_fails_like_a_device() {
        let keys = InProcessKeys::new(Box::new(SeededRandom::from_u64(1)));
        keys.add("storage", SymAlg::Des3_168, &[7; 24], true).unwrap();
        keys.add("locked", SymAlg::Aes256, &[7; 32], false).unwrap();
        keys.add("single", SymAlg::Des, &[7; 8], true).unwrap();
        assert_eq!(keys.add("bad", SymAlg::Aes256, &[7; 31], true), Err(ReturnCode::KEY_POINTER));
        let iv = InitialVector([9; 8]);
        let mut data = [5; 32];
        assert_eq!(keys.encrypt("storage", &iv, &mut data), Ok(KeyAlgorithm::TripleDes));
        assert_ne!(data, [5; 32]);
        keys.decrypt("storage", &iv, &mut data).unwrap();
        assert_eq!(data, [5; 32]);
        assert_eq!(keys.encrypt("locked", &iv, &mut data), Err(KeyError::Property));
        assert_eq!(keys.encrypt("single", &iv, &mut data), Err(KeyError::Type));
        assert_eq!(keys.encrypt("other", &iv, &mut data), Err(KeyError::NotFound));
        assert!(keys.remove("storage"));
        assert_eq!(keys.decrypt("storage", &iv, &mut data), Err(KeyError::NotFound));
        keys.set_open(false);
        assert_eq!(keys.random(&mut data), Err(KeyError::Session));
        assert_eq!(keys.decrypt("locked", &iv, &mut data), Err(KeyError::Session));
        assert!(!format!("{keys:?}").contains('7'));
    }
}
