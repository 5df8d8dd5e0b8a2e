//! BLOCK_OBJECT: blocks an object or unblocks it.
//!
//! Source: vendor header dinamo.h, DSetKeyParam DKP_BLOCKED; wire form ours.

use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Blocks an object or unblocks it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct BlockObject {
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
    /// 1 to block, 0 to unblock.
    pub blocked: u8,
}

impl Operation for BlockObject {
    type Response = ();
    const SPEC: Spec =
        Spec::ours(0x24, "BLOCK_OBJECT", "vendor header dinamo.h, DSetKeyParam DKP_BLOCKED; wire form ours")
            .writes()
            .repeatable();
}
