//! USER_INFO: tells about a user; every user may ask about itself.
//!
//! Source: vendor header dinamo.h, DGetUserParam; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::UserName;

/// Tells about a user; every user may ask about itself.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct UserInfo {
    /// Name of the user; empty for the session's own.
    pub user: UserName,
}

impl Operation for UserInfo {
    type Response = crate::op::UserEntry;
    const SPEC: Spec = Spec::ours(0x31, "USER_INFO", "vendor header dinamo.h, DGetUserParam; wire form ours");
}
