//! EdDSA_VERIFY: verifies an EdDSA signature.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (eddsaVerify).

use crate::codec::{Decode, Encode, Tail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Verifies an EdDSA signature.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EddsaVerify {
    /// Name of the EdDSA key.
    pub name: ObjectName,
    /// 0, pure EdDSA.
    pub mode: u8,
    /// The signature, zero-padded to the field.
    pub signature: [u8; 256],
    /// The data, at most 4 MiB.
    pub data: Tail,
}

impl Operation for EddsaVerify {
    type Response = ();
    const SPEC: Spec =
        Spec::vendor(72, "EdDSA_VERIFY", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (eddsaVerify)")
            .max_request((4 << 20) + 307);
}
