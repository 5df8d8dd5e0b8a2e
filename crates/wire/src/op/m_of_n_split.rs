//! M_OF_N_SPLIT: splits a secret into N parts of which M recover it.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (mOfnSplit).

use crate::codec::{Decode, Encode, Items};
use crate::op::{Operation, Spec};
use crate::text::FixedSecret;

/// Splits a secret into N parts of which M recover it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MOfNSplit {
    /// The secret, all zero to have the device draw one.
    pub secret: FixedSecret<24>,
    /// Parts needed, at least 2.
    pub m: u8,
    /// Parts made, at most 250.
    pub n: u8,
}

/// Reply to [`MOfNSplit`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MOfNSplitResponse {
    /// The secret.
    pub secret: FixedSecret<24>,
    /// The random bytes the device drew for it, zero when the caller gave the secret.
    pub entropy: FixedSecret<32>,
    /// The parts.
    pub parts: Items<FixedSecret<27>, 250>,
}

impl Operation for MOfNSplit {
    type Response = MOfNSplitResponse;
    const SPEC: Spec =
        Spec::vendor(78, "M_OF_N_SPLIT", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (mOfnSplit)");
}
