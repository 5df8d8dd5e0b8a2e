//! LOGIN_ANONYMOUS: opens a session without a user.
//!
//! Source: vendor header dinamo.h, DOpenSession SS_ANONYMOUS; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Auth, Operation, Spec};

/// Opens a session without a user.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LoginAnonymous;

/// Reply to [`LoginAnonymous`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LoginAnonymousResponse {
    /// Operating mode, see `OperatingMode::number`.
    pub mode: u32,
}

impl Operation for LoginAnonymous {
    type Response = LoginAnonymousResponse;
    const SPEC: Spec = Spec::ours(
        0x02,
        "LOGIN_ANONYMOUS",
        "vendor header dinamo.h, DOpenSession SS_ANONYMOUS; wire form ours",
    )
    .auth(Auth::Login);
}
