//! RSA_SIGN: signs a hash with an RSA key.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/cryptography (rsaSign).

use crate::codec::{Decode, Encode, Tail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// `padding` PKCS#1 v1.5.
pub const RSA_PAD_PKCS1: u8 = 2;
/// `padding` PSS.
pub const RSA_PAD_PSS: u8 = 3;
/// `padding` ANSI X9.31.
pub const RSA_PAD_X931: u8 = 4;

/// Signs a hash with an RSA key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct RsaSign {
    /// Name of the RSA private key.
    pub name: ObjectName,
    /// Padding: 2 PKCS#1 v1.5, 3 PSS, 4 X9.31.
    pub padding: u8,
    /// Algorithm of the hash (`ALG_*`).
    pub hash_algorithm: u8,
    /// The hash, zero-padded.
    pub hash: [u8; 64],
}

impl Operation for RsaSign {
    type Response = Tail;
    const SPEC: Spec =
        Spec::vendor(68, "RSA_SIGN", "npm hsm-dinamo 4.9.1, hsm/modules/cryptography (rsaSign)");
}
