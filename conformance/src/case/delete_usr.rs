//! Cases of DELETE_USR: removing users.

use bancada_wire::status::Status;

use super::say::{create_key, create_user, delete_user, grant, info};
use super::{Case, password_login};
use crate::scenario::Call;
use crate::scenario::number::*;

pub(super) fn cases() -> Vec<Case> {
    vec![
        Case::new(
            "a removed user is gone with its objects",
            "npm hsm-dinamo 4.9.1, User.remove; vendor docs, Users",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", 0))
        .open(1, "alice", "Passw0rd")
        .ok(1, create_key("key", AES_128, 0))
        .close(1)
        .open(2, "master", "12345678")
        .ok(2, delete_user("alice"))
        .refused(3, password_login("alice", "Passw0rd"), Status::ERR_ACCESS_DENIED)
        .ok(0, create_user("alice", "Passw0rd", 0))
        .open(4, "alice", "Passw0rd")
        .ok(4, create_key("key", AES_128, 0)),
        Case::new(
            "the factory operator, oneself and nobody are not removed",
            "vendor header dinamo.h, D_ERR_CANNOT_DELETE_MASTER",
        )
        .aide()
        .ok(0, create_user("alice", "Passw0rd", ACL_SYS_OPERATOR))
        .open(1, "alice", "Passw0rd")
        .fails(1, delete_user("master"), Status::ERR_CANNOT_DELETE_MASTER)
        .fails(1, delete_user("alice"), Status::ERR_CANNOT_DELETE_USR)
        .fails(1, delete_user("nobody"), Status::ERR_USR_NOT_FOUND),
        Case::new("a user without the permission removes none", "vendor docs, Users")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, create_user("bob2", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, delete_user("bob2"), Status::ERR_ACCESS_DENIED),
        Case::new("who is no operator removes no operator", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", ACL_USR_CREATE))
            .ok(0, create_user("bob2", "Passw0rd", ACL_SYS_OPERATOR))
            .open(1, "alice", "Passw0rd")
            .fails(1, delete_user("bob2"), Status::ERR_ACCESS_DENIED),
        Case::new("removing must be meant", "npm hsm-dinamo 4.9.1, OP_DELETE_COMMIT")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .fails(0, Call::DeleteUser { user: "alice".into(), commit: 0 }, Status::ERR_INVALID_PAYLOAD)
            .open(1, "alice", "Passw0rd"),
        Case::new("an open session of a removed user ends at its next request", "docs/device.md §2")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .ok(0, delete_user("alice"))
            .fails(1, create_key("key", AES_128, 0), Status::ERR_USR_NOT_FOUND)
            .gone(1, create_key("key", AES_128, 0)),
        Case::new("permissions given to a removed user do not pass to its namesake", "docs/device.md §4")
            .aide()
            .ok(0, create_user("alice", "Passw0rd", 0))
            .ok(0, create_key("key", AES_128, 0))
            .ok(0, grant("alice", ACL_OBJ_READ))
            .ok(0, delete_user("alice"))
            .ok(0, create_user("alice", "Passw0rd", 0))
            .open(1, "alice", "Passw0rd")
            .fails(1, info("master/key"), Status::ERR_CANNOT_OPEN_OBJ),
    ]
}
