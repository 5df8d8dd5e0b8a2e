//! LOGIN_CHALLENGE: asks for the challenge of a login with one-time password.
//!
//! Source: vendor header dinamo.h, DOpenSession SS_USR_PWD_EX; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Auth, Operation, Spec};

/// Asks for the challenge of a login with one-time password.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LoginChallenge;

/// Reply to [`LoginChallenge`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LoginChallengeResponse {
    /// Operating mode, see `OperatingMode::number`.
    pub mode: u32,
    /// Random challenge.
    pub challenge: [u8; 16],
}

impl Operation for LoginChallenge {
    type Response = LoginChallengeResponse;
    const SPEC: Spec = Spec::ours(
        0x03,
        "LOGIN_CHALLENGE",
        "vendor header dinamo.h, DOpenSession SS_USR_PWD_EX; wire form ours",
    )
    .auth(Auth::Login);
}
