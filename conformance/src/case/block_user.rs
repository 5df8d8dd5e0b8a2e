//! Cases of BLOCK_USER: blocking users.

use bancada_wire::status::Status;

use super::say::{block_user, create_user, user_info};
use super::{Case, password_login};
use crate::scenario::Call;
use crate::scenario::number::ACL_SYS_OPERATOR;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("an open session of a blocked user ends at its next request", "docs/device.md §2")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .ok(0, block_user("alice", true))
            .fails(1, Call::Random { length: 8 }, Status::ERR_ACCESS_DENIED_USR_BLOCKED)
            .gone(1, Call::Ping),
        Case::new("the factory operator and oneself are not blocked", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_SYS_OPERATOR))
            .open(1, "alice", "Passw0rd")
            .fails(1, block_user("master", true), Status::ERR_ACCESS_DENIED)
            .fails(1, block_user("alice", true), Status::ERR_ACCESS_DENIED)
            .fails(1, block_user("nobody", true), Status::ERR_USR_NOT_FOUND),
        Case::new("only an operator blocks", "vendor docs, Users")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, create_user("bob2", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, block_user("bob2", true), Status::ERR_ACCESS_DENIED),
        Case::new("unblocking sets the count of wrong logins back", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .refused(1, password_login("alice", "wrong-word"), Status::ERR_ACCESS_DENIED)
            .ok(0, block_user("alice", true))
            .ok(0, block_user("alice", false))
            .ok(0, user_info("alice")),
    ]
}
