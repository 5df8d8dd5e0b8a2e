//! ECC_SIGN: signs a hash with an ECC key.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (eccSign).

use crate::codec::{Decode, Encode, ShortTail, Tail};
use crate::op::{FlagUse, Operation, Spec};
use crate::text::ObjectName;

/// Signs a hash with an ECC key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EccSign {
    /// Name of the ECC private key.
    pub name: ObjectName,
    /// Algorithm of the hash (`ALG_*`).
    pub hash_algorithm: u8,
    /// The hash, as long as its algorithm says.
    pub hash: ShortTail<64>,
}

impl Operation for EccSign {
    type Response = Tail;
    const SPEC: Spec =
        Spec::vendor(31, "ECC_SIGN", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (eccSign)")
            .flag(FlagUse::Always);
}
