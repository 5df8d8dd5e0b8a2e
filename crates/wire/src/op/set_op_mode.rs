//! SET_OP_MODE: changes the operating mode and wipes the database.
//!
//! Source: vendor docs, Operating modes; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};

/// Changes the operating mode and wipes the database.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SetOpMode {
    /// Operating mode, see `OperatingMode::number`.
    pub mode: u32,
}

impl Operation for SetOpMode {
    type Response = ();
    const SPEC: Spec = Spec::ours(0x11, "SET_OP_MODE", "vendor docs, Operating modes; wire form ours")
        .permission(acl::SYS_OPERATOR)
        .writes();
}
