//! KEY_IMP: imports a key in clear.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/key.

use crate::codec::{Decode, Encode, SecretTail};
use crate::op::{FlagUse, Operation, Spec};
use crate::text::ObjectName;

/// Imports a key in clear.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct KeyImp {
    /// Algorithm (`ALG_*`) or import pseudo-algorithm.
    pub algorithm: u32,
    /// Attributes and usage profile.
    pub attributes: u32,
    /// Name of the object, alone or as `partition/object`.
    pub name: ObjectName,
    /// Key material: raw bytes of a symmetric key, DER of an asymmetric one. At most 4096 bytes.
    pub material: SecretTail,
}

impl Operation for KeyImp {
    type Response = ();
    const SPEC: Spec =
        Spec::vendor(19, "KEY_IMP", "npm hsm-dinamo 4.9.1, hsm/modules/key").flag(FlagUse::Always).writes();
}
