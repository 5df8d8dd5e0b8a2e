//! What the published algorithm numbers mean to the device, and which of them each operating mode approves.
//!
//! Numbers: vendor header dinamo.h. Modes: vendor docs, Operating modes; docs/device.md §§5 and 7.

use bancada_crypto::cipher::SymAlg;
use bancada_crypto::ec::Curve;
use bancada_crypto::hash::HashAlg;
use bancada_wire::algorithm::{hash, key, mode};
use bancada_wire::frame::OperatingMode;
use bancada_wire::status::Status;

/// What kind of key an algorithm number names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Rsa { bits: u32 },
    Ec(Curve),
    Ed25519,
    X25519,
    Symmetric(SymAlg),
    Hmac(HashAlg),
}

/// A published algorithm that the simulator does not have, with what the operating modes ask about it.
enum Absent {
    /// Approved in no mode but NRM.
    Unapproved,
    /// Approved wherever its family is.
    Approved(Family),
}

#[derive(Clone, Copy)]
enum Family {
    Ecdsa,
    EdDsa,
    Xecdh,
}

impl KeyKind {
    /// The kind of key `algorithm` names, if the operating mode approves it and the simulator has it.
    ///
    /// # Errors
    /// `D_ERR_CANNOT_CREATE_UNKNOWN_OBJ`, `D_ERR_NON_APPROVED_OPERATION` or `D_ERR_NOT_IMPLEMENTED`.
    pub(crate) fn approved(algorithm: u32, mode: OperatingMode) -> Result<Self, Status> {
        match Self::published(algorithm).ok_or(Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ)? {
            Ok(kind) if kind.is_approved(mode) => Ok(kind),
            Ok(_) => Err(Status::ERR_NON_APPROVED_OPERATION),
            Err(absent) => Err(absent.refusal(mode)),
        }
    }

    fn published(algorithm: u32) -> Option<Result<Self, Absent>> {
        Some(Ok(match algorithm {
            key::DES => Self::Symmetric(SymAlg::Des),
            key::DES3_112 => Self::Symmetric(SymAlg::Des3_112),
            key::DES3_168 => Self::Symmetric(SymAlg::Des3_168),
            key::AES_128 => Self::Symmetric(SymAlg::Aes128),
            key::AES_192 => Self::Symmetric(SymAlg::Aes192),
            key::AES_256 => Self::Symmetric(SymAlg::Aes256),
            key::ECC_SECP224R1 => Self::Ec(Curve::P224),
            key::ECC_SECP256R1 => Self::Ec(Curve::P256),
            key::ECC_SECP384R1 => Self::Ec(Curve::P384),
            key::ECC_SECP521R1 => Self::Ec(Curve::P521),
            key::ECC_SECP256K1 => Self::Ec(Curve::Secp256k1),
            key::ECX_ED25519 => Self::Ed25519,
            key::ECX_X25519 => Self::X25519,
            key::HMAC_MD5..=key::HMAC_SHA3_512 => Self::Hmac(hmac_hash(algorithm as u8)?),
            key::RSA_512 | key::ARC4 | key::ARC5 | key::DESX => return Some(Err(Absent::Unapproved)),
            key::ECX_ED448 => return Some(Err(Absent::Approved(Family::EdDsa))),
            key::ECX_X448 => return Some(Err(Absent::Approved(Family::Xecdh))),
            // The curves the simulator lacks: those below 224 bits come first in the header's numbering, and in
            // the Brainpool run.
            key::ECC_SECP112R1..=key::ECC_BRAINPOOL_P512T1 => {
                let small = matches!(algorithm, 18..=26 | 33 | 34 | 38..=41);
                return Some(Err(if small { Absent::Unapproved } else { Absent::Approved(Family::Ecdsa) }));
            }
            _ => Self::Rsa { bits: rsa_bits(algorithm)? },
        }))
    }

    /// Whether the operating mode approves keys of this kind.
    pub(crate) fn is_approved(self, mode: OperatingMode) -> bool {
        match (mode, self) {
            (OperatingMode::Nrm, _) => true,
            (OperatingMode::Rm1, Self::Rsa { bits }) => bits >= 2048,
            (OperatingMode::Rm2, Self::Rsa { bits }) => matches!(bits, 2048 | 3072),
            (OperatingMode::Rm2, Self::Symmetric(SymAlg::Des | SymAlg::Des3_112) | Self::Ed25519) => false,
            (_, Self::Hmac(hash)) => hash_is_approved(hash, mode),
            (_, Self::Ec(_) | Self::Ed25519 | Self::X25519 | Self::Symmetric(_)) => true,
        }
    }

    /// Bits of security a key of this kind has at most (NIST SP 800-57 part 1 revision 5, table 2; for Curve25519
    /// SP 800-186). Between two RSA sizes of the table the smaller counts. Our choice where the table has no row: single DES
    /// has the 56 bits of its key, and no HMAC key more than the strongest cipher.
    pub(crate) fn strength(self) -> u32 {
        match self {
            Self::Rsa { bits } => match bits {
                ..1024 => 0,
                1024..2048 => 80,
                2048..3072 => 112,
                3072..7680 => 128,
                7680..15360 => 192,
                _ => 256,
            },
            Self::Ec(Curve::P224) => 112,
            Self::Ec(Curve::P256 | Curve::Secp256k1) | Self::Ed25519 | Self::X25519 => 128,
            Self::Ec(Curve::P384) => 192,
            Self::Ec(Curve::P521) => 256,
            Self::Symmetric(SymAlg::Des) => 56,
            Self::Symmetric(SymAlg::Des3_112) => 80,
            Self::Symmetric(SymAlg::Des3_168) => 112,
            Self::Symmetric(SymAlg::Aes128) => 128,
            Self::Symmetric(SymAlg::Aes192) => 192,
            Self::Symmetric(SymAlg::Aes256) => 256,
            Self::Hmac(_) => 256,
        }
    }

    /// Whether the device makes such keys. RSA sizes that are no multiple of 128 bits can only be imported.
    pub(crate) fn is_made(self) -> bool {
        !matches!(self, Self::Rsa { bits } if !bits.is_multiple_of(128))
    }

    /// The algorithm number of a key of this kind; for an RSA size nobody numbered, `None`.
    pub(crate) fn algorithm(self) -> Option<u32> {
        match self {
            Self::Rsa { bits } => RSA_SIZES.iter().find(|(_, size)| *size == bits).map(|(number, _)| *number),
            Self::Ec(Curve::P224) => Some(key::ECC_SECP224R1),
            Self::Ec(Curve::P256) => Some(key::ECC_SECP256R1),
            Self::Ec(Curve::P384) => Some(key::ECC_SECP384R1),
            Self::Ec(Curve::P521) => Some(key::ECC_SECP521R1),
            Self::Ec(Curve::Secp256k1) => Some(key::ECC_SECP256K1),
            Self::Ed25519 => Some(key::ECX_ED25519),
            Self::X25519 => Some(key::ECX_X25519),
            Self::Symmetric(SymAlg::Des) => Some(key::DES),
            Self::Symmetric(SymAlg::Des3_112) => Some(key::DES3_112),
            Self::Symmetric(SymAlg::Des3_168) => Some(key::DES3_168),
            Self::Symmetric(SymAlg::Aes128) => Some(key::AES_128),
            Self::Symmetric(SymAlg::Aes192) => Some(key::AES_192),
            Self::Symmetric(SymAlg::Aes256) => Some(key::AES_256),
            Self::Hmac(hash) => {
                (key::HMAC_MD5..=key::HMAC_SHA3_512).find(|alg| hmac_hash(*alg as u8) == Some(hash))
            }
        }
    }
}

impl Absent {
    fn refusal(self, mode: OperatingMode) -> Status {
        let approved = match (mode, self) {
            (OperatingMode::Nrm, _) => true,
            (_, Self::Unapproved) => false,
            (OperatingMode::Rm2, Self::Approved(Family::EdDsa)) => false,
            (_, Self::Approved(Family::Ecdsa | Family::EdDsa | Family::Xecdh)) => true,
        };
        if approved { Status::ERR_NOT_IMPLEMENTED } else { Status::ERR_NON_APPROVED_OPERATION }
    }
}

const RSA_SIZES: [(u32, u32); 14] = [
    (key::RSA_512, 512),
    (key::RSA_1024, 1024),
    (key::RSA_2048, 2048),
    (key::RSA_4096, 4096),
    (key::RSA_1152, 1152),
    (key::RSA_1408, 1408),
    (key::RSA_1984, 1984),
    (key::RSA_8192, 8192),
    (key::RSA_2304, 2304),
    (key::RSA_2560, 2560),
    (key::RSA_2816, 2816),
    (key::RSA_3072, 3072),
    (key::RSA_1976, 1976),
    (key::RSA_1536, 1536),
];

fn rsa_bits(algorithm: u32) -> Option<u32> {
    RSA_SIZES.iter().find(|(number, _)| *number == algorithm).map(|(_, bits)| *bits)
}

/// The hash of an HMAC algorithm.
pub(crate) fn hmac_hash(algorithm: u8) -> Option<HashAlg> {
    Some(match algorithm {
        hash::HMAC_MD5 => HashAlg::Md5,
        hash::HMAC_SHA1 => HashAlg::Sha1,
        hash::HMAC_SHA2_224 => HashAlg::Sha224,
        hash::HMAC_SHA2_256 => HashAlg::Sha256,
        hash::HMAC_SHA2_384 => HashAlg::Sha384,
        hash::HMAC_SHA2_512 => HashAlg::Sha512,
        hash::HMAC_SHA3_224 => HashAlg::Sha3_224,
        hash::HMAC_SHA3_256 => HashAlg::Sha3_256,
        hash::HMAC_SHA3_384 => HashAlg::Sha3_384,
        hash::HMAC_SHA3_512 => HashAlg::Sha3_512,
        _ => return None,
    })
}

/// What a signature's hash algorithm names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SignedHash {
    /// A hash with a name.
    Hash(HashAlg),
    /// MD5 and SHA-1 one after the other: 36 bytes without digest information.
    Md5Sha1,
}

impl SignedHash {
    /// The hash `algorithm` names, if the operating mode approves it.
    ///
    /// # Errors
    /// `D_ERR_INVALID_HASH` or `D_ERR_NON_APPROVED_OPERATION`.
    pub(crate) fn approved(algorithm: u8, mode: OperatingMode) -> Result<Self, Status> {
        let hash = match algorithm {
            hash::SSL_SHA1_MD5 if mode == OperatingMode::Nrm => return Ok(Self::Md5Sha1),
            hash::SSL_SHA1_MD5 => return Err(Status::ERR_NON_APPROVED_OPERATION),
            hash::MD5 => HashAlg::Md5,
            hash::SHA1 => HashAlg::Sha1,
            hash::SHA2_224 => HashAlg::Sha224,
            hash::SHA2_256 => HashAlg::Sha256,
            hash::SHA2_384 => HashAlg::Sha384,
            hash::SHA2_512 => HashAlg::Sha512,
            hash::SHA3_224 => HashAlg::Sha3_224,
            hash::SHA3_256 => HashAlg::Sha3_256,
            hash::SHA3_384 => HashAlg::Sha3_384,
            hash::SHA3_512 => HashAlg::Sha3_512,
            _ => return Err(Status::ERR_INVALID_HASH),
        };
        hash_is_approved(hash, mode).then_some(Self::Hash(hash)).ok_or(Status::ERR_NON_APPROVED_OPERATION)
    }

    /// Bytes of a value.
    pub(crate) fn length(self) -> usize {
        match self {
            Self::Hash(hash) => hash.output_len(),
            Self::Md5Sha1 => 36,
        }
    }
}

/// Whether the operating mode approves a hash, and HMAC with it.
pub(crate) fn hash_is_approved(hash: HashAlg, mode: OperatingMode) -> bool {
    match (mode, hash) {
        (OperatingMode::Nrm, _) => true,
        (_, HashAlg::Md5) => false,
        (OperatingMode::Rm2, HashAlg::Sha1) => false,
        _ => true,
    }
}

/// Whether the operating mode approves a block cipher's mode of operation with this kind of key.
pub(crate) fn cipher_mode_is_approved(algorithm: SymAlg, cipher_mode: u8, mode: OperatingMode) -> bool {
    let aes = matches!(algorithm, SymAlg::Aes128 | SymAlg::Aes192 | SymAlg::Aes256);
    mode == OperatingMode::Nrm
        || matches!(cipher_mode, mode::ECB | mode::CBC)
        || (aes && cipher_mode == mode::CTR)
}

#[cfg(test)]
mod tests {
    use super::*;
    use OperatingMode::{Nrm, Rm1, Rm2};

    #[test]
    fn numbers_nobody_published_are_unknown_in_every_mode() {
        for mode in OperatingMode::ALL {
            for algorithm in [0, 12, 17, 52, 90, 125, 200, 205, 1 << 31, u32::MAX] {
                assert_eq!(
                    KeyKind::approved(algorithm, mode),
                    Err(Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ),
                    "{algorithm}"
                );
            }
        }
    }

    #[test]
    fn modes_approve_what_the_documents_say() {
        let refused = Err(Status::ERR_NON_APPROVED_OPERATION);
        assert_eq!(KeyKind::approved(key::RSA_1024, Nrm), Ok(KeyKind::Rsa { bits: 1024 }));
        assert_eq!(KeyKind::approved(key::RSA_1024, Rm1), refused);
        assert_eq!(KeyKind::approved(key::RSA_4096, Rm1), Ok(KeyKind::Rsa { bits: 4096 }));
        assert_eq!(KeyKind::approved(key::RSA_4096, Rm2), refused);
        assert_eq!(KeyKind::approved(key::ECX_ED25519, Rm1), Ok(KeyKind::Ed25519));
        assert_eq!(KeyKind::approved(key::ECX_ED25519, Rm2), refused);
        assert_eq!(KeyKind::approved(key::DES3_112, Rm2), refused);
        assert_eq!(KeyKind::approved(key::HMAC_SHA1, Rm2), refused);
        assert_eq!(KeyKind::approved(key::HMAC_MD5, Rm1), refused);
        assert_eq!(KeyKind::approved(key::ECC_SECP112R1, Rm1), refused);
        assert_eq!(KeyKind::approved(key::ECC_BRAINPOOL_P512T1, Rm1), Err(Status::ERR_NOT_IMPLEMENTED));
        assert_eq!(KeyKind::approved(key::ECX_ED448, Rm2), refused);
        assert_eq!(KeyKind::approved(key::ECX_X448, Rm2), Err(Status::ERR_NOT_IMPLEMENTED));
        assert_eq!(SignedHash::approved(hash::SHA1, Rm2), refused.map(|_: KeyKind| SignedHash::Md5Sha1));
        assert!(!cipher_mode_is_approved(SymAlg::Aes128, mode::GCM, Rm1));
        assert!(!cipher_mode_is_approved(SymAlg::Des, mode::CTR, Rm1));
    }

    #[test]
    fn a_kind_knows_its_number() {
        for (_, algorithm) in key::ALL {
            if let Some(Ok(kind)) = KeyKind::published(*algorithm) {
                assert_eq!(kind.algorithm(), Some(*algorithm));
            }
        }
    }
}
