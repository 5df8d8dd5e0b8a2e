//! LOG_READ: reads the audit log.
//!
//! Source: vendor header dinamo.h, DGetStatLog; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode, Tail};
use crate::op::{Operation, Spec};

/// Reads the audit log.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LogRead {
    /// Event counter of the first line wanted.
    pub start: u32,
    /// Most lines to return; the reply holds at most 64 KiB.
    pub max_lines: u32,
}

/// Reply to [`LogRead`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LogReadResponse {
    /// Event counter to go on from.
    pub next: u32,
    /// Lines, each ended by a line feed.
    pub text: Tail,
}

impl Operation for LogRead {
    type Response = LogReadResponse;
    const SPEC: Spec = Spec::ours(0x12, "LOG_READ", "vendor header dinamo.h, DGetStatLog; wire form ours")
        .permission(acl::USR_REMOTE_LOG);
}
