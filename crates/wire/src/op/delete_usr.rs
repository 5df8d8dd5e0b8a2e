//! DELETE_USR: removes a user with its objects.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/user.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::UserNameZ;

/// Value of `commit` that really removes (`OP_DELETE_COMMIT`).
pub const DELETE_COMMIT: u8 = 1;

/// Removes a user with its objects.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct DeleteUsr {
    /// Must be [`DELETE_COMMIT`].
    pub commit: u8,
    /// Name of the user.
    pub user: UserNameZ,
}

impl Operation for DeleteUsr {
    type Response = ();
    const SPEC: Spec = Spec::vendor(22, "DELETE_USR", "npm hsm-dinamo 4.9.1, hsm/modules/user")
        .permission(acl::USR_DELETE)
        .writes();
}
