//! SET_PWD_POLICY: sets the password policy.
//!
//! Source: vendor header dinamo.h, DAdmOperation AO_SET_PWD_SEC_POLICY; wire form ours.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};

/// Sets the password policy.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct SetPwdPolicy {
    /// The rules.
    pub policy: crate::op::PwdPolicy,
}

impl Operation for SetPwdPolicy {
    type Response = ();
    const SPEC: Spec = Spec::ours(
        0x3B,
        "SET_PWD_POLICY",
        "vendor header dinamo.h, DAdmOperation AO_SET_PWD_SEC_POLICY; wire form ours",
    )
    .permission(acl::SYS_OPERATOR)
    .writes()
    .repeatable();
}
