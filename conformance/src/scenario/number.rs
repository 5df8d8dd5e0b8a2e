//! The vendor's numbers a scenario uses: algorithms, attributes, modes and paddings (header dinamo.h, 2021-03-31).

#![expect(missing_docs, reason = "the names are the vendor's; the fact files state each with its source")]

/// Symmetric keys.
pub const DES: u32 = 1;
pub const DES3_112: u32 = 2;
pub const DES3_168: u32 = 3;
pub const AES_128: u32 = 7;
pub const AES_192: u32 = 8;
pub const AES_256: u32 = 9;

/// RSA keys.
pub const RSA_1024: u32 = 5;
pub const RSA_2048: u32 = 6;
pub const RSA_4096: u32 = 11;
pub const RSA_3072: u32 = 129;

/// ECC keys.
pub const SECP256K1: u32 = 29;
pub const SECP256R1: u32 = 30;
pub const SECP384R1: u32 = 31;
pub const SECP521R1: u32 = 32;
pub const BRAINPOOL_P256R1: u32 = 44;

/// Edwards and Montgomery curves.
pub const ED25519: u32 = 201;
pub const ED448: u32 = 202;
pub const X25519: u32 = 203;

/// HMAC keys; the same numbers name the algorithms.
pub const HMAC_MD5: u32 = 92;
pub const HMAC_SHA1: u32 = 93;
pub const HMAC_SHA256: u32 = 94;
pub const HMAC_SHA384: u32 = 95;
pub const HMAC_SHA512: u32 = 96;

/// Other MACs.
pub const CMAC_AES: u8 = 250;
pub const CMAC_DES: u8 = 251;

/// An algorithm number nobody published.
pub const NO_ALGORITHM: u32 = 77;

/// Types of other objects.
pub const BLOB: u32 = 12;
pub const BLOB_X509: u32 = 13;

/// Import pseudo-algorithms.
pub const IMPORT_RSA: u32 = 0xFFFF_FFE1;
pub const IMPORT_ECC: u32 = 0xFFFF_FFE0;
pub const IMPORT_P8: u32 = 0xFFFF_FFDF;
pub const IMPORT_ECX: u32 = 0xFFFF_FFDE;

/// Attributes.
pub const EXPORTABLE: u32 = 0x1;
pub const TEMPORARY: u32 = 0x4;
pub const PERMANENT: u32 = 0x8;
/// A bit that is no published key flag.
pub const NO_ATTRIBUTE: u32 = 0x0010_0000;

/// Usage profiles.
pub const AUP_MASK: u32 = 0xFF00_0000;
pub const AUP_DIG_SIG: u32 = 0x0100_0000;
pub const AUP_DATA_CRYPTO: u32 = 0x0200_0000;
pub const AUP_KEK: u32 = 0x0300_0000;
pub const AUP_MAC: u32 = 0x0400_0000;

/// Hashes.
pub const MD5: u8 = 1;
pub const SHA1: u8 = 2;
pub const SHA256: u8 = 4;
pub const SHA384: u8 = 5;
pub const SHA512: u8 = 6;
pub const SHA224: u8 = 7;
pub const SHA3_224: u8 = 8;
pub const SHA3_256: u8 = 9;
pub const SHA3_384: u8 = 10;
pub const SHA3_512: u8 = 11;
/// A hash number nobody published.
pub const NO_HASH: u8 = 50;

/// Hashes in PKCS#10 requests.
pub const CSR_SHA1: u8 = 1;
pub const CSR_SHA256: u8 = 3;
pub const CSR_SHA512: u8 = 5;

/// Paddings of RSA signatures (npm hsm-dinamo 4.9.1).
pub const RSA_PKCS1: u8 = 2;
pub const RSA_PSS: u8 = 3;
pub const RSA_X931: u8 = 4;

/// Modes of symmetric encryption.
pub const ECB: u8 = 1;
pub const CBC: u8 = 2;
pub const CTR: u8 = 16;
pub const GCM: u8 = 32;
pub const KW: u8 = 64;

/// Paddings of encryption.
pub const NO_PADDING: u8 = 0;
pub const PKCS5: u8 = 1;
pub const ZERO_PADDING: u8 = 2;
pub const OAEP: u8 = 3;
pub const PKCS1: u8 = 4;

/// Derivations of an agreed secret.
pub const KDF_RAW: u8 = 1;
pub const KDF_X963_SHA256: u8 = 2;

/// Trust listings.
pub const TRUSTERS: u8 = 1;
pub const TRUSTEES: u8 = 2;

/// Operating modes, numbered as the simulated device numbers them.
pub const NRM: u32 = 0;
pub const RM1: u32 = 1;
pub const RM2: u32 = 2;

/// Permissions.
pub const ACL_OBJ_DEL: u32 = 0x1;
pub const ACL_OBJ_READ: u32 = 0x2;
pub const ACL_OBJ_CREATE: u32 = 0x4;
pub const ACL_OBJ_UPDATE: u32 = 0x8;
pub const ACL_USR_CREATE: u32 = 0x10;
pub const ACL_USR_REMOTE_LOG: u32 = 0x20;
pub const ACL_USR_LIST: u32 = 0x40;
pub const ACL_SYS_OPERATOR: u32 = 0x80;
pub const ACL_SYS_BACKUP: u32 = 0x100;
pub const ACL_SYS_UPDATE_HSM: u32 = 0x200;
pub const ACL_NS_AUTHORIZATION: u32 = 0x400;
pub const ACL_VIRTUAL_OTP: u32 = 0x2000_0000;
pub const ACL_CHANGE_PWD_NEXT_TIME: u32 = 0x4000_0000;
/// A bit that is no permission.
pub const NO_ACL: u32 = 0x0100_0000;

/// Every bit a mask may hold: the object and system permissions and the forced change.
pub const ACL_ALL: u32 = 0xFFF | ACL_CHANGE_PWD_NEXT_TIME;
