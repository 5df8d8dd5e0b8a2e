//! The rules of `docs/device.md` that need no state: names, masks, passwords, algorithms and operating modes.

use bancada_wire::status::Status;

use crate::check::effective;
use crate::scenario::number::*;
use crate::scenario::{Call, Policy};

/// What a key can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Des,
    Des2,
    Des3,
    Aes,
    Rsa,
    Ecc,
    Eddsa,
    Xdh,
    Hmac,
}

/// A published algorithm that is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Algorithm {
    pub(crate) kind: Kind,
    /// Size in bits; of a symmetric key eight times its bytes.
    pub(crate) bits: u32,
}

impl Algorithm {
    pub(crate) fn symmetric(self) -> bool {
        matches!(self.kind, Kind::Des | Kind::Des2 | Kind::Des3 | Kind::Aes | Kind::Hmac)
    }

    pub(crate) fn cipher(self) -> bool {
        self.symmetric() && self.kind != Kind::Hmac
    }

    /// Bits of security, which decide what may be wrapped under what (§5).
    pub(crate) fn strength(self) -> u32 {
        match (self.kind, self.bits) {
            (Kind::Des, _) => 56,
            (Kind::Des2, _) => 80,
            (Kind::Des3, _) => 112,
            (Kind::Aes, bits) => bits,
            (Kind::Hmac, bits) => bits.min(256),
            (Kind::Rsa, 7680..) => 192,
            (Kind::Rsa, 3072..) => 128,
            (Kind::Rsa, 2048..) => 112,
            (Kind::Rsa, _) => 80,
            (Kind::Ecc, 512..) => 256,
            (Kind::Ecc, 384..) => 192,
            (Kind::Ecc, 256..) | (Kind::Eddsa | Kind::Xdh, _) => 128,
            (Kind::Ecc, _) => 112,
        }
    }

    pub(crate) fn block(self) -> usize {
        if self.kind == Kind::Aes { 16 } else { 8 }
    }
}

/// The algorithm with a number: 5507 when nobody published it, 5123 when the mode does not approve it, 5019 when
/// it is not simulated (§5).
pub(crate) fn algorithm(number: u32, mode: u32) -> Result<Algorithm, Status> {
    let found = |kind, bits| Some(Algorithm { kind, bits });
    let known = match number {
        DES => found(Kind::Des, 64),
        DES3_112 => found(Kind::Des2, 128),
        DES3_168 => found(Kind::Des3, 192),
        AES_128 => found(Kind::Aes, 128),
        AES_192 => found(Kind::Aes, 192),
        AES_256 => found(Kind::Aes, 256),
        RSA_1024 => found(Kind::Rsa, 1024),
        RSA_2048 => found(Kind::Rsa, 2048),
        RSA_3072 => found(Kind::Rsa, 3072),
        RSA_4096 => found(Kind::Rsa, 4096),
        SECP256K1 | SECP256R1 => found(Kind::Ecc, 256),
        SECP384R1 => found(Kind::Ecc, 384),
        SECP521R1 => found(Kind::Ecc, 521),
        ED25519 => found(Kind::Eddsa, 256),
        X25519 => found(Kind::Xdh, 256),
        HMAC_MD5 => found(Kind::Hmac, 128),
        HMAC_SHA1 => found(Kind::Hmac, 160),
        HMAC_SHA256 => found(Kind::Hmac, 256),
        HMAC_SHA384 => found(Kind::Hmac, 384),
        HMAC_SHA512 => found(Kind::Hmac, 512),
        ED448 | BRAINPOOL_P256R1 => None,
        _ => return Err(Status::ERR_CANNOT_CREATE_UNKNOWN_OBJ),
    };
    let approved = match (known.map(|known| known.kind), mode) {
        (None, RM2) => number != ED448,
        (Some(kind), _) => known.is_some_and(|known| key_approved(kind, known.bits, number, mode)),
        (None, _) => true,
    };
    if !approved {
        return Err(Status::ERR_NON_APPROVED_OPERATION);
    }
    known.ok_or(Status::ERR_NOT_IMPLEMENTED)
}

/// The table of §7 for keys.
fn key_approved(kind: Kind, bits: u32, number: u32, mode: u32) -> bool {
    match (mode, kind) {
        (NRM, _) => true,
        (_, Kind::Hmac) => number != HMAC_MD5 && (number != HMAC_SHA1 || mode == RM1),
        (RM1, Kind::Rsa) => bits >= 2048,
        (_, Kind::Rsa) => matches!(bits, 2048 | 3072),
        (RM2, Kind::Des | Kind::Des2 | Kind::Eddsa) => false,
        _ => true,
    }
}

/// Whether a mode approves a hash (§7).
pub(crate) fn hash_approved(hash: u8, mode: u32) -> bool {
    match hash {
        MD5 => mode == NRM,
        SHA1 => mode != RM2,
        _ => true,
    }
}

/// Whether a mode approves a MAC algorithm (§7).
pub(crate) fn mac_approved(algorithm: u8, mode: u32) -> bool {
    match u32::from(algorithm) {
        HMAC_MD5 => mode == NRM,
        HMAC_SHA1 => mode != RM2,
        _ => true,
    }
}

/// Whether a mode approves a mode of encryption for a kind of key (§7).
pub(crate) fn cipher_approved(kind: Kind, cipher: u8, mode: u32) -> bool {
    mode == NRM
        || match kind {
            Kind::Aes => matches!(cipher, ECB | CBC | CTR),
            _ => matches!(cipher, ECB | CBC),
        }
}

/// The kind of key a MAC algorithm needs: `None` for a number that names no MAC.
pub(crate) fn mac_key_fits(algorithm: u8, key: u32) -> Option<bool> {
    match u32::from(algorithm) {
        number @ (HMAC_MD5 | HMAC_SHA1 | HMAC_SHA256 | HMAC_SHA384 | HMAC_SHA512) => Some(key == number),
        _ if algorithm == CMAC_AES => Some(matches!(key, AES_128 | AES_192 | AES_256)),
        _ if algorithm == CMAC_DES => Some(matches!(key, DES3_112 | DES3_168)),
        _ => None,
    }
}

/// What an operation does with a key, as far as usage profiles tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Use {
    Sign,
    Cipher,
    Mac,
    Wrap,
}

/// Whether a usage profile allows a use; no profile allows every one.
pub(crate) fn profile_allows(attributes: u32, wanted: Use) -> bool {
    match attributes & AUP_MASK {
        0 => true,
        AUP_DIG_SIG => wanted == Use::Sign,
        AUP_DATA_CRYPTO => wanted == Use::Cipher,
        AUP_KEK => wanted == Use::Wrap,
        AUP_MAC => wanted == Use::Mac,
        _ => false,
    }
}

/// 3 to 16 letters and digits (§4).
pub(crate) fn user_name(name: &str) -> bool {
    (3..=16).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// 1 to 32 letters, digits and `_` (§5).
pub(crate) fn object_name(name: &str) -> bool {
    (1..=32).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

/// Whether a password keeps the policy, apart from its history (§4).
pub(crate) fn password_fits(password: &str, policy: Policy) -> bool {
    let policy = effective(policy);
    let count = |wanted: fn(&u8) -> bool| password.bytes().filter(wanted).count();
    (usize::from(policy.min_length)..=16).contains(&password.len())
        && password.bytes().all(|byte| (0x20..0x7F).contains(&byte))
        && count(|byte| !byte.is_ascii_alphanumeric()) >= usize::from(policy.min_special)
        && count(u8::is_ascii_uppercase) >= usize::from(policy.min_upper)
        && count(u8::is_ascii_lowercase) >= usize::from(policy.min_lower)
}

/// Whether some password can keep a policy (§4).
pub(crate) fn policy_fits(policy: Policy) -> bool {
    let classes = u32::from(policy.min_special) + u32::from(policy.min_upper) + u32::from(policy.min_lower);
    policy.min_length <= 16 && classes <= 16
}

/// The permissions that are not about objects.
pub(crate) const SYSTEM: u32 = 0xFF0;

/// Whether a mask holds only permissions (§4).
pub(crate) fn mask_fits(acl: u32) -> bool {
    acl & !ACL_ALL == 0
}

/// The system permission an operation asks for; an operator holds all.
pub(crate) fn permission(call: &Call) -> u32 {
    match call {
        Call::CreateUser { .. } | Call::DeleteUser { .. } => ACL_USR_CREATE,
        Call::ListUsers { .. } => ACL_USR_LIST,
        Call::LogRead { .. } => ACL_USR_REMOTE_LOG,
        Call::BlockUser { .. }
        | Call::ResetPassword { .. }
        | Call::SetAcl { .. }
        | Call::AssignOtp { .. }
        | Call::UnassignOtp { .. }
        | Call::ResyncOtp { .. }
        | Call::SetPolicy { .. }
        | Call::SetMode { .. }
        | Call::LogTruncate => ACL_SYS_OPERATOR,
        _ => 0,
    }
}

/// Whether a user with this mask holds a permission.
pub(crate) fn holds(acl: u32, permission: u32) -> bool {
    acl & ACL_SYS_OPERATOR != 0 || acl & permission == permission
}

/// Whether a call's payload has a fixed width, so that a byte more or less is malformed.
pub(crate) fn fixed_width(call: &Call) -> bool {
    matches!(
        call,
        Call::Ping
            | Call::ServerInfo
            | Call::SessionInfo
            | Call::ChangePassword { .. }
            | Call::CreateUser { .. }
            | Call::DeleteUser { .. }
            | Call::ListUsers { .. }
            | Call::UserInfo { .. }
            | Call::BlockUser { .. }
            | Call::ResetPassword { .. }
            | Call::SetAcl { .. }
            | Call::UnassignOtp { .. }
            | Call::ResyncOtp { .. }
            | Call::Grant { .. }
            | Call::ListGrants { .. }
            | Call::GetPolicy
            | Call::SetPolicy { .. }
            | Call::CreateKey { .. }
            | Call::ExportObject { .. }
            | Call::ExportPublic { .. }
            | Call::RemoveObject { .. }
            | Call::ListObjects { .. }
            | Call::BlockObject { .. }
            | Call::ObjectInfo { .. }
            | Call::RsaSign { .. }
            | Call::HashStart { .. }
            | Call::P8Export { .. }
            | Call::IssueToken { .. }
            | Call::ListTokens
            | Call::Split { .. }
            | Call::Random { .. }
            | Call::SetMode { .. }
            | Call::LogRead { .. }
            | Call::LogTruncate
    )
}

/// Whether a call has no payload.
pub(crate) fn empty(call: &Call) -> bool {
    matches!(call, Call::Ping | Call::ServerInfo | Call::SessionInfo | Call::GetPolicy | Call::LogTruncate)
}

/// Whether a call sets bit 31 of its length word by its own choice, so that the other value means something else.
pub(crate) fn flag_is_choice(call: &Call) -> bool {
    matches!(call, Call::ExportPublic { .. })
}
