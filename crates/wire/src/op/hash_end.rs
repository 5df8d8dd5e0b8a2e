//! HASH_END: ends a running hash and gives its value.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/hash.

use crate::codec::{Decode, Encode, Tail};
use crate::op::{Operation, Spec};

/// Ends a running hash and gives its value.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HashEnd {
    /// Ticket of the running hash.
    pub ticket: u16,
}

impl Operation for HashEnd {
    type Response = Tail;
    const SPEC: Spec =
        Spec::vendor(12, "HASH_END", "npm hsm-dinamo 4.9.1, hsm/modules/hash").of_the_session();
}
