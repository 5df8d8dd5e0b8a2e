//! LIST_USERS: lists the users in order of name.
//!
//! Source: vendor header dinamo.h, DListUsers; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode, Items};
use crate::op::{Operation, Spec};
use crate::text::UserName;

/// One user of a list.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct UserEntry {
    /// Name.
    pub user: UserName,
    /// Permissions (`ACL_*`), `CHANGE_PWD_NEXT_TIME` and the virtual bits included.
    pub acl: u32,
    /// 1 when blocked.
    pub blocked: u8,
    /// Wrong logins since the last good one.
    pub attempts: u32,
    /// When the password expires, milliseconds since 1970 UTC; 0 for never.
    pub expires_ms: u64,
}

/// Lists the users in order of name.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ListUsers {
    /// Name after which to start; empty for the beginning.
    pub after: UserName,
    /// Most entries to return, 1 to 1024.
    pub max: u32,
}

impl Operation for ListUsers {
    type Response = Items<UserEntry, 1024>;
    const SPEC: Spec = Spec::ours(0x30, "LIST_USERS", "vendor header dinamo.h, DListUsers; wire form ours")
        .permission(acl::USR_LIST);
}
