//! LIST_GRANTS: lists who trusts a user or whom it trusts.
//!
//! Source: vendor header dinamo.h, DListUserTrusts; wire form ours.

use crate::codec::{Decode, Encode, Items};
use crate::op::{Operation, Spec};
use crate::text::UserName;

/// One permission between partitions.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GrantEntry {
    /// The other user.
    pub user: UserName,
    /// What is permitted (`ACL_OBJ_*`).
    pub acl: u32,
}

/// Lists who trusts a user or whom it trusts.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ListGrants {
    /// User asked about; empty for the session's own.
    pub user: UserName,
    /// 1 those who trust it (`OP_LST_USR_TRUSTERS`), 2 those it trusts (`OP_LST_USR_TRUSTEES`).
    pub direction: u8,
}

impl Operation for ListGrants {
    type Response = Items<GrantEntry, 1024>;
    const SPEC: Spec =
        Spec::ours(0x39, "LIST_GRANTS", "vendor header dinamo.h, DListUserTrusts; wire form ours");
}
