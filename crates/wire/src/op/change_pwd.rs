//! CHANGE_PWD: changes the password of the session's own user.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/user.

use crate::codec::{Decode, Encode};
use crate::op::{Auth, Operation, Spec};
use crate::text::Password;

/// Changes the password of the session's own user.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ChangePwd {
    /// The new password.
    pub password: Password,
}

impl Operation for ChangePwd {
    type Response = ();
    const SPEC: Spec = Spec::vendor(18, "CHANGE_PWD", "npm hsm-dinamo 4.9.1, hsm/modules/user")
        .auth(Auth::ExpiredPassword)
        .writes();
}
