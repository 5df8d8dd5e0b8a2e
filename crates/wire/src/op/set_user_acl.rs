//! SET_USER_ACL: sets a user's permissions; `ACL_CHANGE_PWD_NEXT_TIME` forces a change at the next login.
//!
//! Source: vendor header dinamo.h, DSetUserParam UP_AUTH_MASK; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::UserName;

/// Sets a user's permissions; `ACL_CHANGE_PWD_NEXT_TIME` forces a change at the next login.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SetUserAcl {
    /// Name of the user.
    pub user: UserName,
    /// Permissions (`ACL_*`).
    pub acl: u32,
}

impl Operation for SetUserAcl {
    type Response = ();
    const SPEC: Spec = Spec::ours(
        0x34,
        "SET_USER_ACL",
        "vendor header dinamo.h, DSetUserParam UP_AUTH_MASK; wire form ours",
    )
    .permission(acl::SYS_OPERATOR)
    .writes()
    .repeatable();
}
