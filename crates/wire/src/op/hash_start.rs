//! HASH_START: starts a hash or MAC over a stream.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/hash.

use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Starts a hash or MAC over a stream.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HashStart {
    /// Hash or MAC algorithm (`ALG_*`).
    pub algorithm: u8,
    /// Name of the MAC key; empty for a plain hash.
    pub key: ObjectName,
}

/// Reply to [`HashStart`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HashStartResponse {
    /// Ticket that names the running hash in this session.
    pub ticket: u16,
}

impl Operation for HashStart {
    type Response = HashStartResponse;
    const SPEC: Spec =
        Spec::vendor(10, "HASH_START", "npm hsm-dinamo 4.9.1, hsm/modules/hash").of_the_session();
}
