//! What an object holds: a key parsed once and kept, or bytes.

use crate::algorithm::KeyKind;
use bancada_crypto::cipher::SymKey;
use bancada_crypto::ec::{EcPrivateKey, EcPublicKey};
use bancada_crypto::edwards::{Ed25519PrivateKey, Ed25519PublicKey, X25519PrivateKey, X25519PublicKey};
use bancada_crypto::hash::HashAlg;
use bancada_crypto::rsa::{RsaPrivateKey, RsaPublicKey};
use bancada_crypto::{CryptoError, Zeroizing};
use bancada_wire::algorithm::{attribute, key};

/// Sizes an HMAC key may have, in bytes (vendor header dinamo.h, HMAC keys).
pub(crate) const HMAC_SIZES: [usize; 5] = [16, 20, 32, 48, 64];

/// What an object holds.
pub(crate) enum Material {
    Rsa { private: RsaPrivateKey, public: RsaPublicKey },
    RsaPublic(RsaPublicKey),
    Ec { private: EcPrivateKey, public: EcPublicKey },
    EcPublic(EcPublicKey),
    Ed25519 { private: Ed25519PrivateKey, public: Ed25519PublicKey },
    Ed25519Public(Ed25519PublicKey),
    X25519 { private: X25519PrivateKey, public: X25519PublicKey },
    X25519Public(X25519PublicKey),
    Symmetric(SymKey),
    Hmac { hash: HashAlg, secret: Zeroizing<Vec<u8>> },
    Bytes(Vec<u8>),
}

impl Material {
    /// Makes a new key.
    ///
    /// # Errors
    /// [`CryptoError`] when the library has no such key.
    pub(crate) fn generate(
        kind: KeyKind,
        attributes: u32,
        random: &mut dyn FnMut(&mut [u8]),
    ) -> Result<Self, CryptoError> {
        let exponent = if attributes & attribute::RSA_PUB_EXP3 != 0 { 3 } else { 65_537 };
        match kind {
            KeyKind::Rsa { bits } => Self::rsa(RsaPrivateKey::generate(bits, exponent)?),
            KeyKind::Ec(curve) => Self::ec(EcPrivateKey::generate(curve)?),
            KeyKind::Ed25519 => Self::ed25519(Ed25519PrivateKey::generate()?),
            KeyKind::X25519 => Self::x25519(X25519PrivateKey::generate()?),
            KeyKind::Symmetric(alg) => {
                let mut bytes = Zeroizing::new(vec![0; alg.key_len()]);
                random(&mut bytes);
                Ok(Self::Symmetric(SymKey::new(alg, &bytes)?))
            }
            KeyKind::Hmac(hash) => {
                let mut secret = Zeroizing::new(vec![0; hash.output_len()]);
                random(&mut secret);
                Ok(Self::Hmac { hash, secret })
            }
        }
    }

    /// Reads a key of a known kind from what import operations carry: raw bytes of a symmetric key; PKCS#8, PKCS#1,
    /// RFC 5915 or RFC 8410 DER of a private one.
    ///
    /// # Errors
    /// [`CryptoError`] when the bytes are no such key.
    pub(crate) fn import(kind: KeyKind, bytes: &[u8]) -> Result<Self, CryptoError> {
        match kind {
            KeyKind::Rsa { bits } => {
                let private =
                    RsaPrivateKey::from_pkcs8(bytes).or_else(|_| RsaPrivateKey::from_pkcs1(bytes))?;
                if private.bits() != bits {
                    return Err(CryptoError::BadKey("its modulus has another size than the algorithm says"));
                }
                Self::rsa(private)
            }
            KeyKind::Ec(curve) => {
                let private = EcPrivateKey::from_pkcs8(bytes).or_else(|_| EcPrivateKey::from_sec1(bytes))?;
                if private.curve() != curve {
                    return Err(CryptoError::BadKey("it lies on another curve than the algorithm says"));
                }
                Self::ec(private)
            }
            KeyKind::Ed25519 => Self::ed25519(match bytes.first_chunk::<32>() {
                Some(seed) if bytes.len() == seed.len() => Ed25519PrivateKey::from_seed(seed)?,
                _ => Ed25519PrivateKey::from_pkcs8(bytes)?,
            }),
            KeyKind::X25519 => Self::x25519(match bytes.first_chunk::<32>() {
                Some(scalar) if bytes.len() == scalar.len() => X25519PrivateKey::from_bytes(scalar)?,
                _ => X25519PrivateKey::from_pkcs8(bytes)?,
            }),
            KeyKind::Symmetric(alg) => SymKey::new(alg, bytes).map(Self::Symmetric),
            KeyKind::Hmac(hash) if HMAC_SIZES.contains(&bytes.len()) => {
                Ok(Self::Hmac { hash, secret: Zeroizing::new(bytes.to_vec()) })
            }
            KeyKind::Hmac(_) => Err(CryptoError::BadKey("an HMAC key has 16, 20, 32, 48 or 64 bytes")),
        }
    }

    /// Reads a private key whose kind the bytes themselves say.
    ///
    /// # Errors
    /// [`CryptoError`] when the bytes are no private key the simulator has.
    pub(crate) fn import_private(bytes: &[u8]) -> Result<Self, CryptoError> {
        if let Ok(private) = RsaPrivateKey::from_pkcs8(bytes).or_else(|_| RsaPrivateKey::from_pkcs1(bytes)) {
            return Self::rsa(private);
        }
        if let Ok(private) = EcPrivateKey::from_pkcs8(bytes).or_else(|_| EcPrivateKey::from_sec1(bytes)) {
            return Self::ec(private);
        }
        match Ed25519PrivateKey::from_pkcs8(bytes) {
            Ok(private) => Self::ed25519(private),
            Err(_) => Self::x25519(X25519PrivateKey::from_pkcs8(bytes)?),
        }
    }

    /// Reads a public key of a known kind from SubjectPublicKeyInfo, or PKCS#1 for RSA.
    ///
    /// # Errors
    /// [`CryptoError`] when the bytes are no such key.
    pub(crate) fn import_public(kind: KeyKind, bytes: &[u8]) -> Result<Self, CryptoError> {
        let other = CryptoError::BadKey("it is of another kind or size than the algorithm says");
        let material = match kind {
            KeyKind::Rsa { .. } => {
                Self::RsaPublic(RsaPublicKey::from_spki(bytes).or_else(|_| RsaPublicKey::from_pkcs1(bytes))?)
            }
            KeyKind::Ec(_) => Self::EcPublic(EcPublicKey::from_spki(bytes)?),
            KeyKind::Ed25519 => Self::Ed25519Public(Ed25519PublicKey::from_spki(bytes)?),
            KeyKind::X25519 => Self::X25519Public(X25519PublicKey::from_spki(bytes)?),
            KeyKind::Symmetric(_) | KeyKind::Hmac(_) => return Err(other),
        };
        if material.kind() == Some(kind) { Ok(material) } else { Err(other) }
    }

    fn rsa(private: RsaPrivateKey) -> Result<Self, CryptoError> {
        Ok(Self::Rsa { public: private.public_key()?, private })
    }

    fn ec(private: EcPrivateKey) -> Result<Self, CryptoError> {
        Ok(Self::Ec { public: private.public_key()?, private })
    }

    fn ed25519(private: Ed25519PrivateKey) -> Result<Self, CryptoError> {
        Ok(Self::Ed25519 { public: private.public()?, private })
    }

    fn x25519(private: X25519PrivateKey) -> Result<Self, CryptoError> {
        Ok(Self::X25519 { public: private.public()?, private })
    }

    /// The kind of key, `None` for bytes. A public key is of its pair's kind.
    pub(crate) fn kind(&self) -> Option<KeyKind> {
        Some(match self {
            Self::Rsa { public, .. } | Self::RsaPublic(public) => KeyKind::Rsa { bits: public.bits() },
            Self::Ec { public, .. } | Self::EcPublic(public) => KeyKind::Ec(public.curve()),
            Self::Ed25519 { .. } | Self::Ed25519Public(_) => KeyKind::Ed25519,
            Self::X25519 { .. } | Self::X25519Public(_) => KeyKind::X25519,
            Self::Symmetric(key) => KeyKind::Symmetric(key.alg()),
            Self::Hmac { hash, .. } => KeyKind::Hmac(*hash),
            Self::Bytes(_) => return None,
        })
    }

    /// Whether it is a public key.
    pub(crate) fn is_public(&self) -> bool {
        matches!(
            self,
            Self::RsaPublic(_) | Self::EcPublic(_) | Self::Ed25519Public(_) | Self::X25519Public(_)
        )
    }

    /// The algorithm number of the key: with the public bit for a public one; `None` for bytes and for sizes
    /// nobody numbered.
    pub(crate) fn algorithm(&self) -> Option<u32> {
        let algorithm = self.kind()?.algorithm()?;
        Some(if self.is_public() { algorithm | key::PUBLIC } else { algorithm })
    }

    /// Size of the key in bits, 0 for bytes.
    pub(crate) fn key_bits(&self) -> u32 {
        match self {
            Self::Rsa { public, .. } | Self::RsaPublic(public) => public.bits(),
            Self::Ec { public, .. } | Self::EcPublic(public) => public.curve().bits(),
            Self::Ed25519 { .. } | Self::Ed25519Public(_) | Self::X25519 { .. } | Self::X25519Public(_) => {
                256
            }
            Self::Symmetric(key) => key.alg().key_len() as u32 * 8,
            Self::Hmac { secret, .. } => secret.len() as u32 * 8,
            Self::Bytes(_) => 0,
        }
    }

    /// Bits of security of the key, 0 for bytes. Only HMAC keys have lengths that their kind does not tell.
    pub(crate) fn strength(&self) -> u32 {
        self.kind().map_or(0, |kind| kind.strength().min(self.key_bits()))
    }

    /// The public key as SubjectPublicKeyInfo; `None` for what has none.
    pub(crate) fn spki(&self) -> Option<Vec<u8>> {
        Some(match self {
            Self::Rsa { public, .. } | Self::RsaPublic(public) => public.to_spki(),
            Self::Ec { public, .. } | Self::EcPublic(public) => public.to_spki(),
            Self::Ed25519 { public, .. } | Self::Ed25519Public(public) => public.to_spki(),
            Self::X25519 { public, .. } | Self::X25519Public(public) => public.to_spki(),
            Self::Symmetric(_) | Self::Hmac { .. } | Self::Bytes(_) => return None,
        })
    }

    /// The key or bytes in the form they are stored and wrapped in: PKCS#8 of a private key, SubjectPublicKeyInfo of a
    /// public one, the bytes of anything else.
    ///
    /// # Errors
    /// [`CryptoError`] when the library cannot write the key down.
    pub(crate) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, CryptoError> {
        Ok(match self {
            Self::Rsa { private, .. } => private.to_pkcs8()?,
            Self::Ec { private, .. } => private.to_pkcs8()?,
            Self::Ed25519 { private, .. } => private.to_pkcs8(),
            Self::X25519 { private, .. } => private.to_pkcs8(),
            Self::Symmetric(key) => Zeroizing::new(key.expose_bytes().to_vec()),
            Self::Hmac { secret, .. } => secret.clone(),
            Self::Bytes(bytes) => Zeroizing::new(bytes.clone()),
            public => Zeroizing::new(public.spki().unwrap_or_default()),
        })
    }
}
