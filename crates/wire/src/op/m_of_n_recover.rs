//! M_OF_N_RECOVER: recovers a secret from its parts.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (mOfNRecover).

use crate::codec::{Decode, Encode, Items};
use crate::op::{Operation, Spec};
use crate::text::FixedSecret;

/// Recovers a secret from its parts.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MOfNRecover {
    /// The parts, in any order.
    pub parts: Items<FixedSecret<27>, 250>,
}

/// Reply to [`MOfNRecover`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct MOfNRecoverResponse {
    /// The secret.
    pub secret: FixedSecret<24>,
}

impl Operation for MOfNRecover {
    type Response = MOfNRecoverResponse;
    const SPEC: Spec =
        Spec::vendor(79, "M_OF_N_RECOVER", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (mOfNRecover)");
}
