//! RESYNC_OTP: finds a user's one-time password generator again from two consecutive passwords.
//!
//! Source: vendor header dinamo.h, DOATHResync; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::{FixedSecret, UserName};

/// Finds a user's one-time password generator again from two consecutive passwords.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct ResyncOtp {
    /// Name of the user.
    pub user: UserName,
    /// First one-time password, NUL-padded.
    pub first: FixedSecret<16>,
    /// The one after it, NUL-padded.
    pub second: FixedSecret<16>,
}

impl Operation for ResyncOtp {
    type Response = ();
    const SPEC: Spec = Spec::ours(0x37, "RESYNC_OTP", "vendor header dinamo.h, DOATHResync; wire form ours")
        .permission(acl::SYS_OPERATOR)
        .writes();
}
