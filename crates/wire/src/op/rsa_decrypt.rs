//! RSA_DECRYPT: decrypts a block with an RSA private key.
//!
//! Source: vendor header dinamo.h, DDecrypt with an RSA key; wire form ours.

use crate::codec::{Decode, Encode, SecretTail, Tail};
use crate::op::{Modes, Operation, Spec};
use crate::text::ObjectName;

/// Decrypts a block with an RSA private key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RsaDecrypt {
    /// Name of the RSA private key.
    pub name: ObjectName,
    /// Padding (`D_PKCS1_PADDING`, `D_OAEP_PADDING`, `D_NO_PADDING` for the bare block).
    pub padding: u8,
    /// OAEP: hash (`ALG_*`); 0 for SHA-1.
    pub hash_algorithm: u8,
    /// The block, as long as the modulus.
    pub block: Tail,
}

impl Operation for RsaDecrypt {
    type Response = SecretTail;
    const SPEC: Spec =
        Spec::ours(0x42, "RSA_DECRYPT", "vendor header dinamo.h, DDecrypt with an RSA key; wire form ours")
            .modes(Modes::NRM);
}
