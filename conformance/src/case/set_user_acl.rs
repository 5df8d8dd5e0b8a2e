//! Cases of SET_USER_ACL: changing permissions.

use bancada_wire::status::Status;

use super::say::{change_password, create_user, set_acl, user_info};
use super::{Case, password_login};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new("permissions that change count at once", "docs/device.md §2")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, create_user("bob2", "Passw0rd", 0), Status::ERR_ACCESS_DENIED)
            .ok(0, set_acl("alice", ACL_USR_CREATE))
            .ok(1, create_user("bob2", "Passw0rd", 0))
            .ok(0, set_acl("alice", 0))
            .fails(1, create_user("carol", "Passw0rd", 0), Status::ERR_ACCESS_DENIED)
            .ok(0, user_info("alice")),
        Case::new(
            "a password can be made to be changed at the next login",
            "vendor header dinamo.h, ACL_CHANGE_PWD_NEXT_TIME",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", ACL_USR_LIST))
        .ok(0, set_acl("alice", ACL_USR_LIST | ACL_CHANGE_PWD_NEXT_TIME))
        .refused(1, password_login("alice", "Passw0rd"), Status::ERR_PWD_EXPIRED)
        .ok(1, change_password("n3w-Password"))
        .ok(1, Call::UserInfo { user: String::new() })
        .close(1)
        .open(2, "alice", "n3w-Password"),
        Case::new("the factory operator and oneself keep theirs", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_SYS_OPERATOR))
            .open(1, "alice", "Passw0rd")
            .fails(1, set_acl("master", 0), Status::ERR_ACCESS_DENIED)
            .fails(1, set_acl("alice", ACL_SYS_OPERATOR), Status::ERR_ACCESS_DENIED)
            .fails(1, set_acl("nobody", 0), Status::ERR_USR_NOT_FOUND),
        Case::new("a mask of something else than permissions is refused", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .fails(0, set_acl("alice", NO_ACL), Status::ERR_INVALID_PAYLOAD),
    ]
}
