//! OBJ_EXP: exports an object in clear.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key.

use crate::codec::{Decode, Encode, SecretTail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Flag that asks for the object's bytes without an envelope (`MOD_CORE_ATTR_RAW`).
pub const OBJ_EXP_RAW: u32 = 1 << 31;

/// Exports an object in clear.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ObjExp {
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
    /// 0, or [`OBJ_EXP_RAW`].
    pub flags: u32,
}

impl Operation for ObjExp {
    type Response = SecretTail;
    const SPEC: Spec = Spec::vendor(20, "OBJ_EXP", "npm hsm-dinamo 4.9.1, hsm/modules/key");
}
