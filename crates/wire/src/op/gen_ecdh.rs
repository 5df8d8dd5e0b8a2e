//! GEN_ECDH: agrees on a secret with another party's public key.
//!
//! Source: vendor header dinamo.h, DGenEcdhKey; wire form ours.

use crate::codec::{Decode, Encode, SecretTail, Tail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Agrees on a secret with another party's public key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GenEcdh {
    /// Name of the ECC or X25519 private key.
    pub name: ObjectName,
    /// 1 the raw secret (`DN_GEN_KEY_KDF_RAW_SECRET`), 2 ANSI X9.63 with SHA-256 (`DN_GEN_KEY_X9_63_SHA256`).
    pub derivation: u8,
    /// X9.63: bytes of key wanted; 0 otherwise.
    pub length: u16,
    /// X9.63: bytes of shared information at the head of `data`.
    pub info_length: u16,
    /// Shared information, then the other public key as SubjectPublicKeyInfo DER.
    pub data: Tail,
}

impl Operation for GenEcdh {
    type Response = SecretTail;
    const SPEC: Spec = Spec::ours(0x43, "GEN_ECDH", "vendor header dinamo.h, DGenEcdhKey; wire form ours");
}
