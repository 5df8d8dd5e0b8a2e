//! EdDSA_SIGN: signs data with an EdDSA key.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (eddsaSign).

use crate::codec::{Decode, Encode, Tail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Signs data with an EdDSA key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EddsaSign {
    /// Name of the EdDSA key.
    pub name: ObjectName,
    /// 0, pure EdDSA.
    pub mode: u8,
    /// The data, at most 4 MiB.
    pub data: Tail,
}

impl Operation for EddsaSign {
    type Response = Tail;
    const SPEC: Spec =
        Spec::vendor(71, "EdDSA_SIGN", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (eddsaSign)")
            .max_request((4 << 20) + 51);
}
