//! ASYM_ENC: opens an RSA envelope: the PKCS#1 v1.5 message in a block of the modulus' size.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (dataUnenvelop).

use crate::codec::{Decode, Encode, Tail};
use crate::op::{FlagUse, Modes, Operation, Spec};
use crate::text::ObjectName;

/// Opens an RSA envelope: the PKCS#1 v1.5 message in a block of the modulus' size.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct AsymEnc {
    /// Name of the RSA private key.
    pub name: ObjectName,
    /// The block: 256 bytes, or the modulus' size where that is larger.
    pub block: Tail,
}

impl Operation for AsymEnc {
    type Response = Tail;
    const SPEC: Spec =
        Spec::vendor(7, "ASYM_ENC", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (dataUnenvelop)")
            .flag(FlagUse::Always)
            .modes(Modes::NRM);
}
