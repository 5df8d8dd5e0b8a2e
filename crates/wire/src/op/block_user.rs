//! BLOCK_USER: blocks a user or unblocks it.
//!
//! Source: vendor header dinamo.h, DSetUserParam UP_BLOCK_USR and UP_UNBLOCK_USR; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::UserName;

/// Blocks a user or unblocks it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BlockUser {
    /// Name of the user.
    pub user: UserName,
    /// 1 to block, 0 to unblock.
    pub blocked: u8,
}

impl Operation for BlockUser {
    type Response = ();
    const SPEC: Spec = Spec::ours(
        0x32,
        "BLOCK_USER",
        "vendor header dinamo.h, DSetUserParam UP_BLOCK_USR and UP_UNBLOCK_USR; wire form ours",
    )
    .permission(acl::SYS_OPERATOR)
    .writes()
    .repeatable();
}
