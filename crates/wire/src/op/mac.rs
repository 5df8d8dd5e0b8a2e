//! MAC: computes a MAC in one go.
//!
//! Source: vendor header dinamo.h, DCreateHash with a key; wire form ours.

use crate::codec::{Decode, Encode, Tail};
use crate::op::{Operation, Spec};
use crate::text::ObjectName;

/// Computes a MAC in one go.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct Mac {
    /// Name of the MAC key.
    pub name: ObjectName,
    /// MAC algorithm (`ALG_HMAC_*`, `ALG_CMAC_*`).
    pub algorithm: u8,
    /// The data.
    pub data: Tail,
}

impl Operation for Mac {
    type Response = Tail;
    const SPEC: Spec =
        Spec::ours(0x41, "MAC", "vendor header dinamo.h, DCreateHash with a key; wire form ours")
            .max_request((1 << 20) + 4096);
}
