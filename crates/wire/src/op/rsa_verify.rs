//! RSA_VERIFY: verifies an RSA signature of a hash.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (rsaVerify).

use crate::codec::{Decode, Encode, ShortTail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Verifies an RSA signature of a hash.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RsaVerify {
    /// Name of the RSA key.
    pub name: ObjectName,
    /// Padding: 2 PKCS#1 v1.5, 3 PSS, 4 X9.31.
    pub padding: u8,
    /// Algorithm of the hash (`ALG_*`).
    pub hash_algorithm: u8,
    /// The hash, zero-padded.
    pub hash: [u8; 64],
    /// The signature.
    pub signature: ShortTail<1024>,
}

impl Operation for RsaVerify {
    type Response = ();
    const SPEC: Spec =
        Spec::vendor(69, "RSA_VERIFY", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (rsaVerify)");
}
