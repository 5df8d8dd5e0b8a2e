//! LOGIN_OTP: answers a challenge with a password proof and a one-time password.
//!
//! Source: vendor header dinamo.h, AUTH_PWD_EX with SA_AUTH_OTP; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Auth, Operation, Spec};
use crate::text::{FixedSecret, UserName};

/// Answers a challenge with a password proof and a one-time password.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LoginOtp {
    /// MD5(MD5(password, NUL-padded to 16) ‖ challenge).
    pub proof: [u8; 16],
    /// Name of the user.
    pub user: UserName,
    /// One-time password: 6 to 16 digits, NUL-padded.
    pub otp: FixedSecret<16>,
}

impl Operation for LoginOtp {
    type Response = ();
    const SPEC: Spec =
        Spec::ours(0x04, "LOGIN_OTP", "vendor header dinamo.h, AUTH_PWD_EX with SA_AUTH_OTP; wire form ours")
            .auth(Auth::Login);
}
