//! GET_PWD_POLICY: reads the password policy.
//!
//! Source: vendor header dinamo.h, DAdmOperation AO_GET_PWD_SEC_POLICY; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};

/// Reads the password policy.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GetPwdPolicy;

/// Rules for passwords (`PWD_SEC_POLICY`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct PwdPolicy {
    /// Wrong logins that block a user; 0 for the default, 7.
    pub max_invalid_logins: u8,
    /// Days until a password expires; 0 for never.
    pub expiration_days: u8,
    /// Earlier passwords that may not be used again; 0 for none.
    pub history: u8,
    /// Least length; 0 for the default, 8.
    pub min_length: u8,
    /// Least number of characters that are neither letter nor digit.
    pub min_special: u8,
    /// Least number of upper-case letters.
    pub min_upper: u8,
    /// Least number of lower-case letters.
    pub min_lower: u8,
}

impl Operation for GetPwdPolicy {
    type Response = PwdPolicy;
    const SPEC: Spec = Spec::ours(
        0x3A,
        "GET_PWD_POLICY",
        "vendor header dinamo.h, DAdmOperation AO_GET_PWD_SEC_POLICY; wire form ours",
    );
}
