//! Algorithm numbers, key attributes, modes and paddings (vendor header dinamo.h, 2021-03-31).

macro_rules! numbers {
    ($(#[$doc:meta])* $table:ident: $type:ty { $($(#[$row:meta])* $name:ident = $value:expr,)* }) => {
        $($(#[$row])* pub const $name: $type = $value;)*

        $(#[$doc])*
        pub const $table: &[(&str, $type)] = &[$((stringify!($name), $value)),*];
    };
}

/// Key and object algorithms (`ALG_*`): the number space of CREATE_KEY and KEY_IMP.
pub mod key {
    numbers! {
        /// Every algorithm by name, without the vendor's `ALG_` prefix.
        ALL: u32 {
            /// Single DES.
            DES = 1,
            /// 3DES with two keys.
            DES3_112 = 2,
            /// 3DES with three keys.
            DES3_168 = 3,
            /// RSA, 512 bits.
            RSA_512 = 4,
            /// RSA, 1024 bits.
            RSA_1024 = 5,
            /// RSA, 2048 bits.
            RSA_2048 = 6,
            /// AES, 128 bits.
            AES_128 = 7,
            /// AES, 192 bits.
            AES_192 = 8,
            /// AES, 256 bits.
            AES_256 = 9,
            /// RC4.
            ARC4 = 10,
            /// RSA, 4096 bits.
            RSA_4096 = 11,
            /// Opaque bytes (`ALG_OBJ_BLOB`).
            OBJ_BLOB = 12,
            /// An X.509 certificate (`ALG_OBJ_BLOB_X509`).
            OBJ_BLOB_X509 = 13,
            /// A PKCS#7 message (`ALG_OBJ_BLOB_PKCS7`).
            OBJ_BLOB_PKCS7 = 14,
            /// A certificate revocation list (`ALG_OBJ_BLOB_CRL`).
            OBJ_BLOB_CRL = 15,
            /// ECC over secp112r1; the first of a run of 34 published curves up to 51.
            ECC_SECP112R1 = 18,
            /// ECC over secp224r1.
            ECC_SECP224R1 = 28,
            /// ECC over secp256k1.
            ECC_SECP256K1 = 29,
            /// ECC over secp256r1, P-256.
            ECC_SECP256R1 = 30,
            /// ECC over secp384r1, P-384.
            ECC_SECP384R1 = 31,
            /// ECC over secp521r1, P-521.
            ECC_SECP521R1 = 32,
            /// ECC over brainpoolP512t1; the last of the published curves.
            ECC_BRAINPOOL_P512T1 = 51,
            /// RC5.
            ARC5 = 89,
            /// DES-X.
            DESX = 91,
            /// HMAC with MD5.
            HMAC_MD5 = 92,
            /// HMAC with SHA-1.
            HMAC_SHA1 = 93,
            /// HMAC with SHA-256.
            HMAC_SHA2_256 = 94,
            /// HMAC with SHA-384.
            HMAC_SHA2_384 = 95,
            /// HMAC with SHA-512.
            HMAC_SHA2_512 = 96,
            /// HMAC with SHA-224.
            HMAC_SHA2_224 = 97,
            /// HMAC with SHA3-224.
            HMAC_SHA3_224 = 98,
            /// HMAC with SHA3-256.
            HMAC_SHA3_256 = 99,
            /// HMAC with SHA3-384.
            HMAC_SHA3_384 = 100,
            /// HMAC with SHA3-512.
            HMAC_SHA3_512 = 101,
            /// RSA, 1152 bits.
            RSA_1152 = 121,
            /// RSA, 1408 bits.
            RSA_1408 = 122,
            /// RSA, 1984 bits.
            RSA_1984 = 123,
            /// RSA, 8192 bits.
            RSA_8192 = 124,
            /// RSA, 2304 bits.
            RSA_2304 = 126,
            /// RSA, 2560 bits.
            RSA_2560 = 127,
            /// RSA, 2816 bits.
            RSA_2816 = 128,
            /// RSA, 3072 bits.
            RSA_3072 = 129,
            /// RSA, 1976 bits.
            RSA_1976 = 130,
            /// RSA, 1536 bits.
            RSA_1536 = 131,
            /// Ed25519.
            ECX_ED25519 = 201,
            /// Ed448.
            ECX_ED448 = 202,
            /// X25519.
            ECX_X25519 = 203,
            /// X448.
            ECX_X448 = 204,
        }
    }

    /// The public half of a key pair: its algorithm with this bit (`*_PUB`).
    pub const PUBLIC: u32 = 1 << 31;
    /// Import pseudo-algorithm: an RSA private key, its size read from the key (`D_IMPORT_ALG_PRIV_KEY_RSA`).
    pub const IMPORT_RSA: u32 = 0xFFFF_FFE1;
    /// Import pseudo-algorithm: an ECC private key (`D_IMPORT_ALG_PRIV_KEY_ECC`).
    pub const IMPORT_ECC: u32 = 0xFFFF_FFE0;
    /// Import pseudo-algorithm: a PKCS#8 private key of any kind (`D_IMPORT_ALG_PRIV_KEY_P8`).
    pub const IMPORT_P8: u32 = 0xFFFF_FFDF;
    /// Import pseudo-algorithm: an Ed25519 or X25519 private key (`D_IMPORT_ALG_PRIV_KEY_ECX`).
    pub const IMPORT_ECX: u32 = 0xFFFF_FFDE;
}

/// Hash and MAC algorithms (`ALG_*`): the number space of hashes and signatures.
pub mod hash {
    numbers! {
        /// Every algorithm by name, without the vendor's `ALG_` prefix.
        ALL: u8 {
            /// MD5.
            MD5 = 1,
            /// SHA-1.
            SHA1 = 2,
            /// MD5 and SHA-1 one after the other, as SSL 3 signed them; no digest information.
            SSL_SHA1_MD5 = 3,
            /// SHA-256.
            SHA2_256 = 4,
            /// SHA-384.
            SHA2_384 = 5,
            /// SHA-512.
            SHA2_512 = 6,
            /// SHA-224.
            SHA2_224 = 7,
            /// SHA3-224.
            SHA3_224 = 8,
            /// SHA3-256.
            SHA3_256 = 9,
            /// SHA3-384.
            SHA3_384 = 10,
            /// SHA3-512.
            SHA3_512 = 11,
            /// HMAC with MD5.
            HMAC_MD5 = 92,
            /// HMAC with SHA-1.
            HMAC_SHA1 = 93,
            /// HMAC with SHA-256.
            HMAC_SHA2_256 = 94,
            /// HMAC with SHA-384.
            HMAC_SHA2_384 = 95,
            /// HMAC with SHA-512.
            HMAC_SHA2_512 = 96,
            /// HMAC with SHA-224.
            HMAC_SHA2_224 = 97,
            /// HMAC with SHA3-224.
            HMAC_SHA3_224 = 98,
            /// HMAC with SHA3-256.
            HMAC_SHA3_256 = 99,
            /// HMAC with SHA3-384.
            HMAC_SHA3_384 = 100,
            /// HMAC with SHA3-512.
            HMAC_SHA3_512 = 101,
            /// CMAC with AES.
            CMAC_AES = 250,
            /// CMAC with 3DES.
            CMAC_DES = 251,
            /// The data itself, unhashed.
            IDENTITY_FUNC = 255,
        }
    }
}

/// Attributes of an object, with the usage profile in the top byte.
pub mod attribute {
    /// May leave the device in clear or wrapped.
    pub const EXPORTABLE_KEY: u32 = 0x1;
    /// Deprecated: everything is stored encrypted.
    pub const NO_CRYPTO: u32 = 0x2;
    /// Dies with the session.
    pub const TEMPORARY_KEY: u32 = 0x4;
    /// Outlives the session: the default of CREATE_KEY.
    pub const PERMANENT_KEY: u32 = 0x8;
    /// RSA with public exponent 3.
    pub const RSA_PUB_EXP3: u32 = 0x800;
    /// A key of the Brazilian payment system.
    pub const SPB_RELATED: u32 = 0x1000;
    /// A key of a time-stamping service.
    pub const TSP_KEY: u32 = 0x2000;
    /// A blockchain key.
    pub const BCHAIN_KEY: u32 = 0x4000;
    /// Every published attribute.
    pub const KNOWN: u32 = EXPORTABLE_KEY
        | NO_CRYPTO
        | TEMPORARY_KEY
        | PERMANENT_KEY
        | RSA_PUB_EXP3
        | SPB_RELATED
        | TSP_KEY
        | BCHAIN_KEY;

    /// The byte that holds the usage profile.
    pub const PROFILE_MASK: u32 = 0xFF00_0000;
    /// Digital signature.
    pub const AUP_DIG_SIG: u32 = 0x0100_0000;
    /// Encryption of data.
    pub const AUP_DATA_CRYPTO: u32 = 0x0200_0000;
    /// Encryption of keys.
    pub const AUP_KEK: u32 = 0x0300_0000;
    /// Message authentication.
    pub const AUP_MAC: u32 = 0x0400_0000;
    /// Derivation of keys.
    pub const AUP_KDF: u32 = 0x0500_0000;
    /// The last published profile (`AUP_SPB_PK`).
    pub const AUP_LAST: u32 = 0x1900_0000;
}

/// Modes of operation of block ciphers (`MODE_*`) and the direction (`D_ENCRYPT`, `D_DECRYPT`).
pub mod mode {
    /// Electronic code book.
    pub const ECB: u8 = 1;
    /// Cipher block chaining.
    pub const CBC: u8 = 2;
    /// Counter.
    pub const CTR: u8 = 16;
    /// Galois counter mode.
    pub const GCM: u8 = 32;
    /// AES key wrap, RFC 3394.
    pub const KW: u8 = 64;
    /// Encrypt.
    pub const ENCRYPT: u8 = 0;
    /// Decrypt.
    pub const DECRYPT: u8 = 0x80;
}

/// Paddings (`D_*_PADDING`). RSA signatures on the wire number theirs otherwise, see
/// [`RSA_PAD_PKCS1`](crate::op::RSA_PAD_PKCS1).
pub mod padding {
    /// None, for block ciphers and RSA.
    pub const NONE: u8 = 0;
    /// PKCS#5, for block ciphers.
    pub const PKCS5: u8 = 1;
    /// Zero bytes, for block ciphers.
    pub const ZERO: u8 = 2;
    /// OAEP, for RSA.
    pub const RSA_OAEP: u8 = 3;
    /// PKCS#1 v1.5, for RSA.
    pub const RSA_PKCS1: u8 = 4;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_unique() {
        for (row, (name, number)) in key::ALL.iter().enumerate() {
            for (other_name, other) in &key::ALL[..row] {
                assert!(name != other_name && number != other, "{name}");
            }
        }
        assert!(key::ALL.contains(&("RSA_2048", 6)));
        assert!(hash::ALL.contains(&("SHA2_256", 4)));
    }
}
