//! ECC_VERIFY2: verifies an ECDSA signature of a hash.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (eccVerify).

use crate::codec::{Decode, Encode, ShortTail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Verifies an ECDSA signature of a hash.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct EccVerify2 {
    /// Name of the ECC key.
    pub name: ObjectName,
    /// Not used by ECC, 0.
    pub padding: u8,
    /// Algorithm of the hash (`ALG_*`).
    pub hash_algorithm: u8,
    /// The hash, zero-padded.
    pub hash: [u8; 64],
    /// The signature, DER.
    pub signature: ShortTail<320>,
}

impl Operation for EccVerify2 {
    type Response = ();
    const SPEC: Spec =
        Spec::vendor(70, "ECC_VERIFY2", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (eccVerify)");
}
