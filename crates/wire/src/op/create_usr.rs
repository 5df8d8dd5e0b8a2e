//! CREATE_USR: creates a user and with it a partition.
//!
//! Source: npm hsm-dinamo 4.9.1, hsm/modules/user.

use crate::acl;
use crate::codec::{Decode, Encode};
use crate::op::{Operation, Spec};
use crate::text::{FixedSecret, UserNameZ};

/// Creates a user and with it a partition.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct CreateUsr {
    /// Name: 3 to 16 letters and digits.
    pub user: UserNameZ,
    /// First password.
    pub password: FixedSecret<17>,
    /// Permissions (`ACL_*`).
    pub acl: u32,
}

impl Operation for CreateUsr {
    type Response = ();
    const SPEC: Spec = Spec::vendor(21, "CREATE_USR", "npm hsm-dinamo 4.9.1, hsm/modules/user")
        .permission(acl::USR_CREATE)
        .writes();
}
