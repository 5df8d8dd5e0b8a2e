//! ASSIGN_OTP: binds a one-time password generator to a user.
//!
//! Source: vendor header dinamo.h, DAssignToken, OATH_SA_v1 and OATH_SA_v2; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode, SecretTail};
use crate::op::{Operation, Spec};
use crate::text::UserName;

/// Binds a one-time password generator to a user.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AssignOtp {
    /// Name of the user.
    pub user: UserName,
    /// 2 HOTP (`AT_OATH_TOKEN`), 3 TOTP (`AT_OATH_TOKEN_TOTP`).
    pub kind: u8,
    /// HMAC: 1, SHA-1 (`OATH_SA_v1_type_SHA1`).
    pub hmac: u8,
    /// Truncation offset; 16 is dynamic.
    pub truncation_offset: u8,
    /// Time step in seconds; 0 for HOTP.
    pub time_step: u16,
    /// First second of the time steps since 1970 UTC; 0 for HOTP.
    pub t0: u64,
    /// The seed: 20, 32 or 64 bytes.
    pub seed: SecretTail,
}

impl Operation for AssignOtp {
    type Response = ();
    const SPEC: Spec = Spec::ours(
        0x35,
        "ASSIGN_OTP",
        "vendor header dinamo.h, DAssignToken, OATH_SA_v1 and OATH_SA_v2; wire form ours",
    )
    .permission(acl::SYS_OPERATOR)
    .writes();
}
