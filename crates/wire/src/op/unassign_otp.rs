//! UNASSIGN_OTP: takes the one-time password generator from a user.
//!
//! Source: vendor header dinamo.h, DUnassignToken; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::UserName;

/// Takes the one-time password generator from a user.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct UnassignOtp {
    /// Name of the user.
    pub user: UserName,
}

impl Operation for UnassignOtp {
    type Response = ();
    const SPEC: Spec =
        Spec::ours(0x36, "UNASSIGN_OTP", "vendor header dinamo.h, DUnassignToken; wire form ours")
            .permission(acl::SYS_OPERATOR)
            .writes();
}
