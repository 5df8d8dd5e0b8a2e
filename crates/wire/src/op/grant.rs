//! GRANT: lets another user into the own partition, or no longer.
//!
//! Source: vendor docs, Partition permissions; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::UserName;

/// Lets another user into the own partition, or no longer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Grant {
    /// User that is trusted.
    pub user: UserName,
    /// What it may do there (`ACL_OBJ_*`); 0 takes everything back.
    pub acl: u32,
}

impl Operation for Grant {
    type Response = ();
    const SPEC: Spec =
        Spec::ours(0x38, "GRANT", "vendor docs, Partition permissions; wire form ours").writes().repeatable();
}
