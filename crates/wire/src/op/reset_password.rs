//! RESET_PASSWORD: gives another user a new password.
//!
//! Source: vendor header dinamo.h, DSetUserParam UP_USR_PASSWORD; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::{Password, UserName};

/// Gives another user a new password.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ResetPassword {
    /// Name of the user.
    pub user: UserName,
    /// The new password.
    pub password: Password,
}

impl Operation for ResetPassword {
    type Response = ();
    const SPEC: Spec = Spec::ours(
        0x33,
        "RESET_PASSWORD",
        "vendor header dinamo.h, DSetUserParam UP_USR_PASSWORD; wire form ours",
    )
    .permission(acl::SYS_OPERATOR)
    .writes();
}
