//! Cases of USER_INFO: what a user is.

use bancada_wire::status::Status;

use super::Case;
use super::say::{create_user, user_info};
use crate::scenario::number::ACL_USR_LIST;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("everyone may ask about oneself", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .ok(1, user_info(""))
            .ok(1, user_info("alice"))
            .fails(1, user_info("master"), Status::ERR_ACCESS_DENIED)
            .fails(1, user_info("nobody"), Status::ERR_ACCESS_DENIED),
        Case::new("about others it takes the permission", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_USR_LIST))
            .open(1, "alice", "Passw0rd")
            .ok(1, user_info("master"))
            .fails(1, user_info("nobody"), Status::ERR_USR_NOT_FOUND),
    ]
}
