//! LOG_TRUNCATE: empties the audit log but for one entry that says so.
//!
//! Source: vendor header dinamo.h, DTruncateLog; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};

/// Empties the audit log but for one entry that says so.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct LogTruncate;

impl Operation for LogTruncate {
    type Response = ();
    const SPEC: Spec =
        Spec::ours(0x13, "LOG_TRUNCATE", "vendor header dinamo.h, DTruncateLog; wire form ours")
            .permission(acl::SYS_OPERATOR)
            .writes();
}
