//! HASH_CONT: feeds a running hash.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/hash.

use crate::codec::{Decode, Encode, ShortTail};
use crate::op::{Operation, Spec};

/// Largest piece of a stream in bytes (`MAX_SYM_OP_SEG`).
pub const MAX_SEGMENT: usize = 2048;

/// Feeds a running hash.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct HashCont {
    /// Ticket of the running hash.
    pub ticket: u16,
    /// Length of `data` in bytes.
    pub length: u16,
    /// At most 2048 bytes.
    pub data: ShortTail<MAX_SEGMENT>,
}

impl Operation for HashCont {
    type Response = ();
    const SPEC: Spec =
        Spec::vendor(11, "HASH_CONT", "npm hsm-dinamo 4.9.1, hsm/modules/hash").of_the_session();
}
