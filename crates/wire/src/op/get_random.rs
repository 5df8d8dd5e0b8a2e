//! GET_RANDOM: draws random bytes.
//!
//! Source: vendor header dinamo.h, DGetRandom; wire form ours.

use crate::codec::{Decode, Encode, SecretTail};
use crate::op::{Operation, Spec};

/// Draws random bytes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct GetRandom {
    /// Bytes wanted, 1 to 2048.
    pub length: u32,
}

impl Operation for GetRandom {
    type Response = SecretTail;
    const SPEC: Spec = Spec::ours(0x20, "GET_RANDOM", "vendor header dinamo.h, DGetRandom; wire form ours");
}
