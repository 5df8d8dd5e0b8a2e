//! AUTHENTICATE: asks for a login challenge; the length word is NOTIFY_CID, and the answer follows without a header.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/hsm.

use crate::codec::{Decode, Encode};
use crate::op::{Auth, Operation, Spec};
use crate::text::UserName;

/// Asks for a login challenge; the length word is NOTIFY_CID, and the answer follows without a header.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Authenticate;

/// Reply to [`Authenticate`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AuthenticateResponse {
    /// Random challenge.
    pub challenge: [u8; 16],
}

impl Operation for Authenticate {
    type Response = AuthenticateResponse;
    const SPEC: Spec = Spec::vendor(17, "AUTHENTICATE", "npm hsm-dinamo 4.9.1, hsm/hsm").auth(Auth::Login);
}

/// The 32 bytes that answer a challenge. They stand on the wire without a header.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LoginResponse {
    /// MD5(MD5(password, NUL-padded to 16) ‖ challenge), or AES-CMAC(token key, user ‖ token key ‖ challenge).
    pub proof: [u8; 16],
    /// Name of the user, NUL-padded.
    pub user: UserName,
}

/// Bytes of a [`LoginResponse`] on the wire.
pub const LOGIN_RESPONSE_LEN: usize = 32;
