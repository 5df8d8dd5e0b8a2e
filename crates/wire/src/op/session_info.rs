//! SESSION_INFO: tells about this session.
//!
//! Source: vendor header dinamo.h, DGetSessionParam; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Auth, Operation, Spec};
use crate::text::{FixedText, UserName};

/// Tells about this session.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SessionInfo;

/// Reply to [`SessionInfo`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SessionInfoResponse {
    /// Identifier of the session on the server.
    pub session_id: u64,
    /// How it was opened: 0 anonymous, 1 password, 2 password and one-time password, 3 access token.
    pub kind: u8,
    /// Operating mode, see `OperatingMode::number`.
    pub mode: u32,
    /// Name of the user, empty for an anonymous session.
    pub user: UserName,
    /// Negotiated cipher suite, empty in a clear session.
    pub cipher: FixedText<128>,
}

impl Operation for SessionInfo {
    type Response = SessionInfoResponse;
    const SPEC: Spec =
        Spec::ours(0x05, "SESSION_INFO", "vendor header dinamo.h, DGetSessionParam; wire form ours")
            .auth(Auth::Anonymous);
}
